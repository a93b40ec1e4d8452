/// Why one pixel is mapped as it is: what `explain --at` finds, and how it is told as text, JSON and a page of charts.
/// Plain data and pure functions; const access is safe from any thread.
#pragma once

#include "lcclass/forest/model.h"
#include "lcclass/mapping/predict_rows.h"
#include "place_pixel.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace lcclass {

struct ExplainedPlace {
    const Model& model;
    std::string model_name;
    std::string source_name;
    std::string crs;      ///< of the raster, for readers
    int place_digits = 1; ///< after the point of coordinates, for readers
    PlacePixel pixel;
    std::vector<std::string> units; ///< per feature
    RowPredictions prediction;      ///< of one row
    std::vector<double> base;       ///< per class
    std::string base_label;         ///< what it is the mean of: `mean of the training`
    std::string kind;               ///< of the values, as `shap_kind` says
    std::vector<double> values;     ///< [k * n_features + feature]
    std::size_t explained = 0;      ///< the class whose contributions are told

    [[nodiscard]] const LandCoverClass& predicted_class() const { return model.legend.at(prediction.class_index[0]); }
    [[nodiscard]] const LandCoverClass& explained_class() const { return model.legend.at(static_cast<int>(explained)); }
};

/// Lines of at most 100 characters: the place, the probabilities of all classes, the waterfall.
std::vector<std::string> place_lines(const ExplainedPlace& place);

/// As docs/files.md has it: all features and all classes.
nlohmann::ordered_json place_json(const ExplainedPlace& place);

/// The same as a page with the waterfall and the probabilities.
std::string place_page(const ExplainedPlace& place);

} // namespace lcclass
