#include "assess/cv_figures.h"

#include "lcclass/core/text.h"

#include <algorithm>

namespace lcclass::assess {

FoldSpread spread_of_overall(const CrossValidation& cv, Side side, const OverallFigure& figure) {
    std::vector<std::optional<double>> values;
    for (const FoldResult& fold : cv.folds) {
        values.push_back((fold.*side).*figure.value);
    }
    return spread_of(values);
}

FoldSpread spread_of_class(const CrossValidation& cv, Side side, std::size_t class_index, const ClassFigure& figure) {
    std::vector<std::optional<double>> values;
    for (const FoldResult& fold : cv.folds) {
        values.push_back((fold.*side).per_class.at(class_index).*figure.value);
    }
    return spread_of(values);
}

const CrossValidation* find_scheme(const std::vector<CrossValidation>& schemes, FoldScheme scheme) {
    const auto found =
        std::find_if(schemes.begin(), schemes.end(), [&](const CrossValidation& cv) { return cv.scheme == scheme; });
    return found == schemes.end() ? nullptr : &*found;
}

bool has_fold_means(const CrossValidation& cv) {
    return !tests_single_groups(cv.scheme);
}

std::string group_word(const CrossValidation& cv) {
    return cv.groups_known ? "polygons" : "samples";
}

std::string n_polygons_text(const CrossValidation& cv, std::int64_t n) {
    return cv.groups_known ? with_thousands(n) : "-";
}

std::string class_name(const ClassLegend& legend, std::int32_t class_code) {
    const auto index = legend.index_of(class_code);
    return index ? legend.at(*index).name : std::to_string(class_code);
}

} // namespace lcclass::assess
