#include "compare_options.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/forest_parameters.h"

#include <algorithm>
#include <set>

namespace lcclass {

namespace {

constexpr const char* features_key = "features";

[[noreturn]] void refuse(ExitCode code, const std::string& field, const std::string& problem, const std::string& fix) {
    throw Error(code, {.where = "--compare", .field = field, .problem = problem, .fix = fix});
}

void set_parameter(RandomForestOptions& forest, const std::string& name, const std::string& value) {
    std::vector<std::string> known = forest_parameter_names();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        known.insert(known.begin(), features_key);
        refuse(ExitCode::command_line, name + "=" + value, "unknown name" + did_you_mean(name, known),
               "use some of " + join(known, ", "));
    }
    set_forest_parameter(forest, name, value);
}

std::vector<std::string> parse_features(const std::string& value) {
    std::vector<std::string> features;
    for (const std::string& part : split(value, ',')) {
        const std::string name(trim(part));
        if (name.empty() || std::find(features.begin(), features.end(), name) != features.end()) {
            refuse(ExitCode::command_line, std::string(features_key) + "=" + value,
                   name.empty() ? "has an empty name" : "names '" + name + "' twice",
                   "name every feature once, with commas between");
        }
        features.push_back(name);
    }
    return features;
}

/// Every forest that the variant may come to, so that none is found impossible after hours.
void check_forests(const ModelVariant& variant, int n_features_of_base, const TuningGrid* grid) {
    const int n_features = variant.features.empty() ? n_features_of_base : static_cast<int>(variant.features.size());
    try {
        check_options(variant.forest, n_features);
        if (grid != nullptr && !variant.names_parameters) {
            for (const RandomForestOptions& candidate : grid->candidates) {
                check_options(candidate, n_features);
            }
        }
    } catch (const Error& error) {
        Fault fault = error.fault();
        fault.where = "--compare '" + variant.name + "'";
        throw Error(error.code(), fault);
    }
}

} // namespace

ModelVariant parse_variant(const std::string& text, const RandomForestOptions& base) {
    ModelVariant variant{.name = text, .forest = base, .features = {}};
    std::set<std::string> given;
    for (const std::string& pair : split(text, ';')) {
        const std::size_t equals = pair.find('=');
        const std::string name(trim(pair.substr(0, equals)));
        if (equals == std::string::npos || name.empty()) {
            refuse(ExitCode::command_line, "'" + text + "'", "'" + pair + "' is not name=value",
                   "write name=value;name=value, such as 'n_estimators=500;max_features=all'");
        }
        if (!given.insert(name).second) {
            refuse(ExitCode::command_line, "'" + text + "'", name + " is given twice", "give it once");
        }
        const std::string value(trim(pair.substr(equals + 1)));
        if (name == features_key) {
            variant.features = parse_features(value);
        } else {
            set_parameter(variant.forest, name, value);
            variant.names_parameters = true;
        }
    }
    check_options(variant.forest, 0);
    return variant;
}

std::vector<ModelVariant> parse_variants(const std::vector<std::string>& texts, const RandomForestOptions& base) {
    std::vector<ModelVariant> variants;
    for (const std::string& text : texts) {
        if (std::count(texts.begin(), texts.end(), text) > 1) {
            refuse(ExitCode::configuration, "'" + text + "'", "is there twice", "give every variant once");
        }
        variants.push_back(parse_variant(text, base));
    }
    return variants;
}

void check_variants(const std::vector<ModelVariant>& variants, const SampleTable& samples, const TuningGrid* grid) {
    for (const ModelVariant& variant : variants) {
        for (const std::string& name : variant.features) {
            const auto& known = samples.feature_names;
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                refuse(ExitCode::configuration, std::string(features_key) + "=" + join(variant.features, ","),
                       "the samples have no feature '" + name + "'" + did_you_mean(name, known),
                       "use some of " + join(known, ", "));
            }
        }
        check_forests(variant, samples.n_features(), grid);
    }
}

SampleTable select_features(const SampleTable& samples, const std::vector<std::string>& features) {
    SampleTable result = samples;
    result.feature_names = features;
    result.features.clear();
    for (const std::string& name : features) {
        const auto at = std::find(samples.feature_names.begin(), samples.feature_names.end(), name);
        result.features.push_back(samples.features.at(static_cast<std::size_t>(at - samples.feature_names.begin())));
    }
    return result;
}

} // namespace lcclass
