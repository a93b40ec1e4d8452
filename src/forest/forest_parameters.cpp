#include "lcclass/forest/forest_parameters.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <limits>

namespace lcclass {

namespace {

[[noreturn]] void refuse_value(const std::string& name, const std::string& value, const std::string& expected) {
    throw Error(ExitCode::configuration,
                {.where = {}, .field = name + "=" + value, .problem = "is not " + expected, .fix = "give " + expected});
}

template <class Integer>
Integer to_count(const std::string& name, const std::string& value) {
    const auto number = parse_int(value);
    if (!number || *number < 0 || *number > std::numeric_limits<Integer>::max()) {
        refuse_value(name, value, "a whole number");
    }
    return static_cast<Integer>(*number);
}

bool to_bool(const std::string& name, const std::string& value) {
    if (value != "true" && value != "false") {
        refuse_value(name, value, "true or false");
    }
    return value == "true";
}

double to_number(const std::string& name, const std::string& value) {
    const auto number = parse_double(value);
    if (!number) {
        refuse_value(name, value, "a number");
    }
    return *number;
}

struct Parameter {
    const char* name;
    void (*set)(RandomForestOptions&, const std::string& name, const std::string& value);
    std::string (*get)(const RandomForestOptions&);
};

using Options = RandomForestOptions;
using Text = const std::string&;

const std::array<Parameter, 10> parameters = {{
    {"bootstrap", [](Options& o, Text name, Text value) { o.bootstrap = to_bool(name, value); },
     [](const Options& o) { return std::string(o.bootstrap ? "true" : "false"); }},
    {"class_weight", [](Options& o, Text, Text value) { o.class_weight = parse_class_weight(value); },
     [](const Options& o) { return to_string(o.class_weight); }},
    {"criterion", [](Options& o, Text, Text value) { o.criterion = parse_split_criterion(value); },
     [](const Options& o) { return to_string(o.criterion); }},
    {"max_bins", [](Options& o, Text name, Text value) { o.max_bins = to_count<int>(name, value); },
     [](const Options& o) { return std::to_string(o.max_bins); }},
    {"max_depth",
     [](Options& o, Text name, Text value) { o.max_depth = value == "none" ? 0 : to_count<int>(name, value); },
     [](const Options& o) { return o.max_depth == 0 ? std::string("none") : std::to_string(o.max_depth); }},
    {"max_features", [](Options& o, Text, Text value) { o.max_features.text = value; },
     [](const Options& o) { return o.max_features.text; }},
    {"max_samples",
     [](Options& o, Text name, Text value) { o.max_samples = value == "none" ? 0 : to_number(name, value); },
     [](const Options& o) { return o.max_samples == 0 ? std::string("none") : format_number(o.max_samples); }},
    {"min_samples_leaf",
     [](Options& o, Text name, Text value) { o.min_samples_leaf = to_count<std::int64_t>(name, value); },
     [](const Options& o) { return std::to_string(o.min_samples_leaf); }},
    {"min_samples_split",
     [](Options& o, Text name, Text value) { o.min_samples_split = to_count<std::int64_t>(name, value); },
     [](const Options& o) { return std::to_string(o.min_samples_split); }},
    {"n_estimators", [](Options& o, Text name, Text value) { o.n_estimators = to_count<int>(name, value); },
     [](const Options& o) { return std::to_string(o.n_estimators); }},
}};

const Parameter& find_parameter(const std::string& name) {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return name == p.name; });
    if (found == parameters.end()) {
        const std::vector<std::string> known = forest_parameter_names();
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = name,
                                             .problem = "is no parameter of the forest" + did_you_mean(name, known),
                                             .fix = "use any of " + join(known, ", ")});
    }
    return *found;
}

} // namespace

std::vector<std::string> forest_parameter_names() {
    std::vector<std::string> names;
    for (const Parameter& parameter : parameters) {
        names.emplace_back(parameter.name);
    }
    return names;
}

void set_forest_parameter(RandomForestOptions& options, const std::string& name, const std::string& value) {
    find_parameter(name).set(options, name, value);
}

std::string forest_parameter(const RandomForestOptions& options, const std::string& name) {
    return find_parameter(name).get(options);
}

} // namespace lcclass
