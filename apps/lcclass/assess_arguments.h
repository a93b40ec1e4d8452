/// The options of `assess`, and which of them belong together.
/// Free functions; safe from any thread.
#pragma once

#include "lcclass/assess/sample_plan.h"
#include "lcclass/geo/reference_file.h"

#include <filesystem>
#include <map>
#include <string>

namespace lcclass {

struct AssessArguments {
    std::filesystem::path map; ///< and the others as they stand after `prepare`
    std::filesystem::path reference;
    std::filesystem::path cv;
    std::filesystem::path output;
    std::filesystem::path strata;
    std::filesystem::path samples;
    std::string design;
    ReferenceFileOptions file;
    std::string stratum_sizes; ///< `A=40000;B=30000`
    bool plan = false;
    PlanOptions plan_options;
    double expected_ua = 0.8;
    std::string expected_ua_of; ///< `1=0.9;water=0.95`, for the classes that differ
};

/// `A=1;B=2` as a map. Throws Error(configuration) naming `option` for anything else, or a number that is not positive.
std::map<std::string, double> parse_numbers(const std::string& text, const std::string& option);

/// True when an option says what strata the units were drawn from.
bool has_strata(const AssessArguments& arguments);

/// True when the options, or the kind of file, say that the reference is a sample and not a census.
bool is_sample(const AssessArguments& arguments);

/// Throws: Error(command_line) naming an option that would do nothing: of a reference with --plan, of a plan without,
/// of vector files with a raster, --samples with a census; Error(output) for a plan that is no GeoPackage.
void check_arguments(const AssessArguments& arguments);

/// Throws Error(command_line).
[[noreturn]] void refuse_options(std::string field, std::string problem, std::string fix);

} // namespace lcclass
