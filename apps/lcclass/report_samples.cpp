#include "report_samples.h"

#include "lcclass/assess/class_separability.h"
#include "lcclass/features/feature_units.h"

#include <algorithm>
#include <set>

namespace lcclass {

namespace {

report::SampleSummary::OfClass count_class(const SampleTable& samples, const LandCoverClass& entry) {
    report::SampleSummary::OfClass result{.entry = entry, .n_samples = 0, .n_polygons = std::nullopt};
    std::set<std::int32_t> polygons;
    for (std::size_t row = 0; row < samples.class_code.size(); ++row) {
        if (samples.class_code[row] == entry.code) {
            ++result.n_samples;
            polygons.insert(samples.polygon_id[row]);
        }
    }
    if (!polygons.contains(0)) {
        result.n_polygons = static_cast<std::int64_t>(polygons.size());
    }
    return result;
}

} // namespace

report::SampleSummary summarize_samples(const SampleTable& samples) {
    report::SampleSummary summary;
    std::vector<std::int32_t> codes;
    for (const LandCoverClass& entry : samples.legend.classes()) {
        report::SampleSummary::OfClass of_class = count_class(samples, entry);
        if (of_class.n_samples > 0) {
            codes.push_back(entry.code);
            summary.classes.push_back(std::move(of_class));
        }
    }
    summary.features = samples.feature_names;
    summary.units = feature_units(samples.recipe_json, samples.feature_names, "samples");
    for (const auto& of_class : class_signatures(samples, codes)) {
        auto& signatures = summary.signatures.emplace_back();
        for (const ClassSignature& signature : of_class) {
            signatures.push_back({signature.mean, signature.low, signature.high});
        }
    }
    summary.jeffries_matusita = jeffries_matusita(samples, codes);
    return summary;
}

} // namespace lcclass
