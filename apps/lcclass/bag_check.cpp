#include "bag_check.h"

#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"
#include "training.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace lcclass {

namespace {

using Json = nlohmann::json;

constexpr double record_digits = 1e-9; ///< what `train` keeps of the accuracy

/// Why the samples cannot be those of the record, or nothing.
std::string difference(const Json& record, const ExplainedSamples& explained, const RandomForestOptions& options) {
    const std::string file = explained.samples_path.filename().string();
    const bool has_count = record.contains("samples") && record["samples"].is_number_integer();
    const bool has_score = record.contains("out_of_bag") && record["out_of_bag"].contains("accuracy") &&
                           record["out_of_bag"].contains("rows");
    if (!options.bootstrap) {
        return "its trees were grown without bootstrap";
    }
    if (!has_count || !has_score) {
        return "its training record has no out-of-bag accuracy to check the samples by";
    }
    if (const auto n = record["samples"].get<std::int64_t>(); n != explained.samples.size()) {
        return "it was trained with " + with_thousands(n) + " samples, and " + file + " has " +
               with_thousands(explained.samples.size());
    }
    if (record.contains("samples_file") &&
        (!std::filesystem::is_regular_file(explained.samples_path) ||
         record["samples_file"].value("sha256", std::string()) != sha256_of_file(explained.samples_path))) {
        return file + " is not the file it was trained with (another SHA-256)";
    }
    return {};
}

bool is_score_of(const Json& record, const std::optional<OutOfBagScore>& score) {
    const Json& known = record["out_of_bag"];
    return score && score->n_rows == known["rows"].get<std::int64_t>() &&
           std::abs(score->accuracy - known["accuracy"].get<double>()) <= record_digits;
}

} // namespace

CheckedBags out_of_bag_of(const ExplainedSamples& explained, Progress& progress) {
    const RandomForestOptions options = forest_options_of(explained.model, explained.model_path.string());
    const Json record = Json::parse(explained.model.training_json, nullptr, false);
    if (const std::string reason = difference(record, explained, options); !reason.empty()) {
        return {.importance = {}, .left_out = reason};
    }
    const std::vector<std::int32_t> classes = class_positions(explained.samples.class_code, explained.model.legend);
    OutOfBagImportance result = out_of_bag_importance(
        explained.model.forest,
        {.features = explained.features, .class_index = classes, .n_classes = explained.model.forest.n_classes()},
        options, explained.seed, progress);
    if (!is_score_of(record, result.score)) {
        return {.importance = {},
                .left_out = "the out-of-bag accuracy in its training record is not that of these samples"};
    }
    return {.importance = std::move(result.features), .left_out = {}};
}

} // namespace lcclass
