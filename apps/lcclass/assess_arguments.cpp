#include "assess_arguments.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>

namespace lcclass {

namespace {

struct OptionUse {
    const char* name;
    bool given; ///< and not as it is by default
};

/// The first of `options` that is given, or nullptr.
const char* first_given(std::initializer_list<OptionUse> options) {
    for (const OptionUse& option : options) {
        if (option.given) {
            return option.name;
        }
    }
    return nullptr;
}

const char* option_of_vector_files(const ReferenceFileOptions& file) {
    return first_given({{"--layer", !file.layer.empty()},
                        {"--where", !file.where.empty()},
                        {"--class-field", file.class_field != ReferenceFileOptions().class_field},
                        {"--class-map", !file.class_map.empty()},
                        {"--weight-field", !file.weight_field.empty()},
                        {"--cluster-field", !file.cluster_field.empty()},
                        {"--stratum-field", !file.stratum_field.empty()}});
}

void check_plan_arguments(const AssessArguments& arguments) {
    const char* option = first_given({{"--reference", !arguments.reference.empty()},
                                      {"--design", !arguments.design.empty()},
                                      {"--strata", !arguments.strata.empty()},
                                      {"--stratum-sizes", !arguments.stratum_sizes.empty()},
                                      {"--cv", !arguments.cv.empty()}});
    option = option == nullptr ? option_of_vector_files(arguments.file) : option;
    if (option != nullptr) {
        refuse_options(option, "is about a reference that there is, and --plan draws one",
                       std::string("leave --plan or ") + option + " out");
    }
    check_plan_path(arguments.output);
}

void check_reference_arguments(const AssessArguments& arguments) {
    const PlanOptions defaults;
    if (const char* option =
            first_given({{"--target-se", arguments.plan_options.target_se != defaults.target_se},
                         {"--expected-ua", arguments.expected_ua != AssessArguments().expected_ua},
                         {"--expected-ua-of", !arguments.expected_ua_of.empty()},
                         {"--min-per-stratum", arguments.plan_options.min_per_stratum != defaults.min_per_stratum}})) {
        refuse_options(option, "is about points to be drawn", std::string("add --plan, or leave ") + option + " out");
    }
    if (is_vector_file(arguments.reference)) {
        return;
    }
    if (const char* option = option_of_vector_files(arguments.file)) {
        refuse_options(option, "is about points and polygons, and the reference is no vector file",
                       "leave it out; a raster has its strata in another one (--strata) and its classes as the map");
    }
    if (!arguments.stratum_sizes.empty()) {
        refuse_options("--stratum-sizes", "needs units that say their stratum, and the reference is no vector file",
                       "give the strata as a raster (--strata)");
    }
    if (!is_sample(arguments) && !arguments.samples.empty()) {
        refuse_options("--samples",
                       "has nothing to check: a raster without --design is a census, in which all pixels "
                       "count, trained on or not",
                       "say how a sample was drawn (--design), or leave --samples out");
    }
}

} // namespace

void refuse_options(std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::command_line,
                {.where = {}, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

bool has_strata(const AssessArguments& arguments) {
    return !arguments.file.stratum_field.empty() || !arguments.strata.empty() || !arguments.stratum_sizes.empty();
}

bool is_sample(const AssessArguments& arguments) {
    return !arguments.design.empty() || is_vector_file(arguments.reference) || has_strata(arguments);
}

void check_arguments(const AssessArguments& arguments) {
    arguments.plan ? check_plan_arguments(arguments) : check_reference_arguments(arguments);
}

std::map<std::string, double> parse_numbers(const std::string& text, const std::string& option) {
    std::map<std::string, double> numbers;
    for (const std::string& part : split(text, ';')) {
        const std::size_t equals = part.rfind('=');
        const std::string name(trim(std::string_view(part).substr(0, equals)));
        const auto number =
            equals == std::string::npos ? std::nullopt : parse_double(trim(std::string_view(part).substr(equals + 1)));
        if (name.empty() || !number || !std::isfinite(*number) || *number <= 0 ||
            !numbers.emplace(name, *number).second) {
            throw Error(ExitCode::configuration,
                        {.where = {},
                         .field = option + "=" + text,
                         .problem = "'" + part + "' is not one more name with a number above 0",
                         .fix = "write it as 'A=40000;B=30000'"});
        }
    }
    return numbers;
}

} // namespace lcclass
