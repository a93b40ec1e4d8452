#include "tuned_options.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/forest_parameters.h"

#include <nlohmann/json.hpp>

#include <map>
#include <vector>

namespace lcclass {

namespace {

using Json = nlohmann::ordered_json;

/// What is suggested, by scheme.
std::map<std::string, Json> read_suggestions(const std::filesystem::path& path) {
    try {
        std::map<std::string, Json> suggestions;
        const Json schemes = Json::parse(read_file(path)).at("schemes");
        for (const auto& [scheme, figures] : schemes.items()) {
            if (figures.contains("tuning")) {
                suggestions[scheme] = figures.at("tuning").at("suggested");
            }
        }
        return suggestions;
    } catch (const Json::exception&) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = {},
                                      .problem = "is not a cv.json of lcclass cv",
                                      .fix = "give the --output of `lcclass cv --tune`"});
    }
}

/// A JSON value as `set_forest_parameter` takes it.
std::string text_of(const Json& value) {
    return value.is_null() ? "none" : value.is_string() ? value.get<std::string>() : value.dump();
}

} // namespace

RandomForestOptions tuned_options(const std::filesystem::path& path, const std::string& scheme,
                                  const RandomForestOptions& options) {
    const std::map<std::string, Json> suggestions = read_suggestions(path);
    if (suggestions.empty()) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = {},
                                      .problem = "nothing was tuned in this run",
                                      .fix = "run `lcclass cv` with --tune"});
    }
    const auto found = scheme.empty() && suggestions.size() == 1 ? suggestions.begin() : suggestions.find(scheme);
    if (found == suggestions.end()) {
        std::vector<std::string> known;
        for (const auto& entry : suggestions) {
            known.push_back(entry.first);
        }
        throw Error(ExitCode::configuration,
                    {.where = path.string(),
                     .field = "--tuned-scheme=" + scheme,
                     .problem = scheme.empty() ? "several schemes were tuned" : "was not tuned in this run",
                     .fix = "name one of " + join(known, ", ")});
    }
    RandomForestOptions tuned = options;
    try {
        for (const auto& [name, value] : found->second.items()) {
            set_forest_parameter(tuned, name, text_of(value));
        }
        check_options(tuned, 0);
    } catch (const Error& error) {
        Fault fault = error.fault();
        fault.where = path.string() + ": suggested";
        throw Error(ExitCode::input, fault);
    }
    return tuned;
}

} // namespace lcclass
