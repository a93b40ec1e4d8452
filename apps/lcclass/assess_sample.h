/// The two ways of `assess` with a reference sample: draw one, and judge a map by one.
/// Free functions; each belongs to one thread and uses all.
#pragma once

#include "command.h"
#include "lcclass/assess/sample_accuracy.h"
#include "lcclass/assess/sample_plan.h"
#include "lcclass/geo/raster_file.h"
#include "lcclass/geo/reference_file.h"

#include <filesystem>
#include <map>
#include <optional>
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

/// True when the options, or the kind of file, say that the reference is a sample and not a census.
bool is_sample(const AssessArguments& arguments);

/// Estimates from the reference sample; the caller writes them. Throws: Error of every kind.
SampleAccuracy assess_by_sample(const AssessArguments& arguments, const RasterFile& map, Context& context);

/// Writes the points to be labelled and prints how many there are of each class, and why.
void plan_sample_of(const AssessArguments& arguments, const RasterFile& map, Context& context);

/// The legend of a class map. Throws Error(input) naming `path` when it has none.
const ClassLegend& require_legend(const RasterFile& map, const std::filesystem::path& path);

} // namespace lcclass
