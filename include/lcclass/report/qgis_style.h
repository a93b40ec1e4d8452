/// How QGIS (3.22 and later) shows our files: colours, classes and limits, as the text of a style file (QML).
/// Values and pure functions; safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lcclass::report {

/// One colour and label per value of a band; other values are transparent.
struct PaletteStyle {
    struct Entry {
        std::int32_t value = 0;
        std::string label;
        Rgb color;
        std::uint8_t alpha = 255; ///< 0 is transparent
    };
    int band = 1; ///< from 1 on
    std::vector<Entry> entries;
};

/// Colours between stops; values beyond the first and the last stop have their colours.
struct RampStyle {
    struct Stop {
        double value = 0;
        Rgb color;
    };
    int band = 1;
    std::vector<Stop> stops; ///< two or more, rising
    std::string unit = {};   ///< in the legend, after the numbers
    int digits = 2;          ///< of those numbers
};

/// Three bands as red, green and blue, each stretched between two of its values.
struct TrueColorStyle {
    std::array<int, 3> bands = {1, 2, 3};
    std::array<std::pair<double, double>, 3> limits = {};
};

/// One band from black to white.
struct GrayStyle {
    int band = 1;
    std::pair<double, double> limits = {0, 1};
};

/// Points or outlines of areas, coloured by what an expression gives.
struct CategoryStyle {
    struct Category {
        std::string value; ///< as text, numbers as their digits; empty: all other values
        std::string label;
        Rgb color;
    };
    enum class Mark { point, outline };
    std::string expression; ///< QGIS' language; a field as `"name"`
    std::vector<Category> categories;
    Mark mark = Mark::point;
    double size_mm = 2; ///< of points; outlines are a fifth as wide, inside their area
};

using QgisStyle = std::variant<PaletteStyle, RampStyle, TrueColorStyle, GrayStyle, CategoryStyle>;

/// A class map, labels or the feature that decides: `band` holds codes of the legend.
PaletteStyle class_style(const ClassLegend& legend, int band = 1);
/// Band `band` of probabilities, from 0 to 1.
RampStyle probability_style(int band = 1);
/// Band `entropy` of uncertainty, from 0 to the log2(n_classes) bits of a pixel that could be anything.
/// Requires: n_classes > 0.
RampStyle uncertainty_style(int n_classes);
/// Band `inside` of applicability: what is inside stays transparent, so that the layer lies over a map.
PaletteStyle applicability_style();
/// Band `band` of SHAP values: orange below 0, white, blue above; full colours from `limit` on. Requires: limit > 0.
RampStyle shap_style(double limit, int band = 1);

/// Bands B04, B03 and B02 of one date, composite or period.
std::optional<std::array<int, 3>> true_color_bands(const std::vector<std::string>& band_names);

/// Blocks (outlines) or what folds leave out (points), by fold.
CategoryStyle fold_style(int n_folds, CategoryStyle::Mark mark);
/// Samples by whether the forest that had not seen them was right; `scheme` as `spatial-block`.
CategoryStyle right_or_wrong_style(const std::string& scheme);
/// Samples by the fold of a scheme.
CategoryStyle fold_of_samples_style(const std::string& scheme, int n_folds);
/// Samples by class.
CategoryStyle sample_style(const ClassLegend& legend);
/// Points of SHAP values by the feature that moved the probability most; `features` in the order of the model.
CategoryStyle strongest_feature_style(const std::vector<std::string>& features);
/// Outlines of one colour.
CategoryStyle outline_style(const std::string& label, Rgb color);
/// Points to be labelled, by whether they have a class yet. Their stratum does not show: who labels must not know it.
CategoryStyle plan_style();

/// The content of a `.qml` file, or of a row of `layer_styles`. The same style gives the same bytes.
std::string to_qml(const QgisStyle& style);

} // namespace lcclass::report
