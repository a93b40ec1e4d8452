#include "assess_promises.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text_table.h"

#include <nlohmann/json.hpp>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::filesystem::path& path) {
    throw Error(ExitCode::input, {.where = path.string(),
                                  .field = "schemes",
                                  .problem = "does not hold the pooled test figures of cross-validation",
                                  .fix = "name a cv.json that lcclass cv made"});
}

std::optional<double> figure_in(const Json& pooled, const char* key) {
    const Json& value = pooled.at(key);
    return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

std::string percent(const std::optional<double>& share) {
    return share ? fixed_digits(100 * *share, 1) + " %" : "NA";
}

std::string row_of(const std::string& name, const std::string& overall, const std::string& f1,
                   const std::string& difference) {
    return to_left(name, 26) + to_right(overall, 16) + to_right(f1, 14) + to_right(difference, 22) + "\n";
}

} // namespace

std::vector<CvPromise> read_promises(const std::filesystem::path& path) {
    std::vector<CvPromise> promises;
    try {
        const Json cv = Json::parse(read_file(path));
        for (const auto& [scheme, result] : cv.at("schemes").items()) {
            const Json& pooled = result.at("pooled");
            promises.push_back({.scheme = scheme,
                                .overall_accuracy = figure_in(pooled, "overall_accuracy"),
                                .f1_weighted = figure_in(pooled, "f1_weighted")});
        }
    } catch (const nlohmann::json::exception&) {
        refuse(path);
    }
    if (promises.empty()) {
        refuse(path);
    }
    return promises;
}

std::string promises_table(const std::vector<CvPromise>& promises, double overall_accuracy,
                           const std::optional<double>& f1_weighted) {
    std::string table = row_of("", "overall accuracy", "weighted F1", "promise - reference");
    for (const CvPromise& promise : promises) {
        table +=
            row_of(shorten(escape_control(promise.scheme), 19) + " folds", percent(promise.overall_accuracy),
                   percent(promise.f1_weighted),
                   promise.overall_accuracy ? signed_digits(100 * (*promise.overall_accuracy - overall_accuracy), 1)
                                            : std::string("NA"));
    }
    table += f1_weighted ? row_of("true, over the whole map", percent(overall_accuracy), percent(f1_weighted), "")
                         : row_of("estimated from the sample", percent(overall_accuracy), "", "");
    table = without_trailing_spaces(table);
    table.pop_back();
    return table;
}

} // namespace lcclass
