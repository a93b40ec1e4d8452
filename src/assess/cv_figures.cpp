#include "assess/cv_figures.h"

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

std::optional<double> optimism_of(const std::vector<CrossValidation>& schemes, const OverallFigure& figure) {
    const CrossValidation* random = find_scheme(schemes, FoldScheme::random);
    const CrossValidation* spatial = find_scheme(schemes, FoldScheme::spatial_block);
    if (random == nullptr || spatial == nullptr) {
        return std::nullopt;
    }
    const auto of_random = spread_of_overall(*random, &FoldResult::test, figure).mean;
    const auto of_spatial = spread_of_overall(*spatial, &FoldResult::test, figure).mean;
    return of_random && of_spatial ? std::optional(*of_random - *of_spatial) : std::nullopt;
}

std::string class_name(const ClassLegend& legend, std::int32_t class_code) {
    const auto index = legend.index_of(class_code);
    return index ? legend.at(*index).name : std::to_string(class_code);
}

} // namespace lcclass::assess
