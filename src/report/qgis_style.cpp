#include "lcclass/report/qgis_style.h"

#include <algorithm>
#include <cmath>

namespace lcclass::report {

namespace {

// Okabe and Ito 2008: colours that eyes of all kinds tell apart.
constexpr Rgb right_color = {0, 114, 178};
constexpr Rgb wrong_color = {213, 94, 0};

/// `colors` spread evenly over `low`..`high`.
RampStyle ramp(int band, double low, double high, const std::vector<Rgb>& colors) {
    RampStyle style{.band = band, .stops = {}};
    for (std::size_t i = 0; i < colors.size(); ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(colors.size() - 1);
        style.stops.push_back({.value = low + share * (high - low), .color = colors[i]});
    }
    return style;
}

/// `spatial-block` as columns have it.
std::string column_word(std::string scheme) {
    std::ranges::replace(scheme, '-', '_');
    return scheme;
}

std::vector<CategoryStyle::Category> fold_categories(int n_folds) {
    std::vector<CategoryStyle::Category> categories;
    constexpr int most_named = 30; // a legend of hundreds of single groups tells nobody anything
    for (int fold = 1; fold <= std::min(n_folds, most_named); ++fold) {
        const std::string number = std::to_string(fold);
        categories.push_back({.value = number, .label = "fold " + number, .color = default_color(fold - 1)});
    }
    if (n_folds > most_named) {
        categories.push_back({.value = {}, .label = "other folds", .color = {128, 128, 128}});
    }
    return categories;
}

} // namespace

PaletteStyle class_style(const ClassLegend& legend, int band) {
    PaletteStyle style{.band = band, .entries = {}};
    for (const LandCoverClass& entry : legend.classes()) {
        style.entries.push_back({.value = entry.code, .label = entry.name, .color = entry.color});
    }
    return style;
}

RampStyle probability_style(int band) {
    return ramp(band, 0, 1, {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}});
}

RampStyle uncertainty_style(int n_classes) {
    RampStyle style = ramp(3, 0, std::log2(std::max(n_classes, 2)),
                           {{255, 255, 229}, {254, 227, 145}, {254, 153, 41}, {204, 76, 2}, {102, 37, 6}});
    style.unit = " bit";
    return style;
}

PaletteStyle applicability_style() {
    return {.band = 2,
            .entries = {{.value = 0, .label = "outside: unlike the samples", .color = {204, 51, 139}, .alpha = 190},
                        {.value = 1, .label = "inside", .color = {255, 255, 255}, .alpha = 0}}};
}

RampStyle shap_style(double limit, int band) {
    RampStyle style =
        ramp(band, -limit, limit, {{166, 70, 0}, {241, 163, 64}, {247, 247, 247}, {103, 169, 207}, {5, 90, 150}});
    style.digits = 3;
    return style;
}

std::optional<std::array<int, 3>> true_color_bands(const std::vector<std::string>& band_names) {
    const auto band_of = [&](const std::string& name) {
        const auto found = std::ranges::find(band_names, name);
        return found == band_names.end() ? 0 : static_cast<int>(found - band_names.begin()) + 1;
    };
    for (const std::string& name : band_names) {
        if (name == "B04" || name.starts_with("B04@")) {
            const std::string when = name.substr(3);
            const std::array bands = {band_of(name), band_of("B03" + when), band_of("B02" + when)};
            if (bands[1] > 0 && bands[2] > 0) {
                return bands;
            }
        }
    }
    return std::nullopt;
}

CategoryStyle fold_style(int n_folds, CategoryStyle::Mark mark) {
    return {.expression = "\"fold\"",
            .categories = fold_categories(n_folds),
            .mark = mark,
            .size_mm = mark == CategoryStyle::Mark::outline ? 5.0 : 2.0};
}

CategoryStyle right_or_wrong_style(const std::string& scheme) {
    return {.expression = "\"" + column_word(scheme) + "_right\"",
            .categories = {{.value = "1", .label = "right (" + scheme + ")", .color = right_color},
                           {.value = "0", .label = "wrong (" + scheme + ")", .color = wrong_color}}};
}

CategoryStyle fold_of_samples_style(const std::string& scheme, int n_folds) {
    CategoryStyle style{.expression = "\"fold_" + column_word(scheme) + "\"", .categories = fold_categories(n_folds)};
    for (CategoryStyle::Category& category : style.categories) {
        category.label += " (" + scheme + ")";
    }
    return style;
}

CategoryStyle sample_style(const ClassLegend& legend) {
    CategoryStyle style{.expression = "\"class_code\"", .categories = {}};
    for (const LandCoverClass& entry : legend.classes()) {
        style.categories.push_back({.value = std::to_string(entry.code), .label = entry.name, .color = entry.color});
    }
    return style;
}

CategoryStyle strongest_feature_style(const std::vector<std::string>& features) {
    CategoryStyle style{.expression = "\"strongest\"", .categories = {}};
    for (std::size_t f = 0; f < features.size(); ++f) {
        style.categories.push_back(
            {.value = features[f], .label = features[f], .color = default_color(static_cast<int>(f))});
    }
    return style;
}

CategoryStyle outline_style(const std::string& label, Rgb color) {
    return {.expression = "1",
            .categories = {{.value = {}, .label = label, .color = color}},
            .mark = CategoryStyle::Mark::outline,
            .size_mm = 2};
}

CategoryStyle plan_style() {
    return {.expression = R"(if(coalesce("class", '') = '', 'to do', 'done'))",
            .categories = {{.value = "to do", .label = "to be labelled", .color = wrong_color},
                           {.value = "done", .label = "labelled", .color = right_color}},
            .size_mm = 3};
}

} // namespace lcclass::report
