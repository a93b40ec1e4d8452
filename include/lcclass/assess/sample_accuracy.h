/// A map judged by a reference sample: strata found, units counted, estimates made, and all of it as JSON and text.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/assess/confusion_matrix.h"
#include "lcclass/assess/design_estimates.h"
#include "lcclass/core/class_legend.h"
#include "lcclass/core/reference_sample.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// How the units were drawn: every pixel (or polygon) alike; so many from every stratum; with probabilities that the
/// weights say, in one stage or two.
enum class SampleDesign { simple, stratified, weighted };

std::string to_string(SampleDesign design);
/// Throws Error(command_line) listing the known words.
SampleDesign parse_sample_design(const std::string& word);

/// The strata that a sample was drawn from, and the stratum of each of its pixels.
struct SampleStrata {
    std::string source; ///< `classes of the map`, for the report
    std::vector<DesignStratum> strata;
    std::vector<int> of_pixel; ///< per pixel of the sample; -1: in none, so outside what was sampled
    double frame_pixels = 0;   ///< mapped pixels that the figures speak of
};

/// All of the map as one stratum of known size.
SampleStrata whole_map(const ReferenceSample& sample, std::int64_t mapped_pixels);
/// Strata are codes of a raster: `counts` over all of the map, `codes` at the pixels of the sample.
SampleStrata strata_of_codes(const std::map<std::int32_t, std::int64_t>& counts, std::span<const std::int32_t> codes,
                             const ClassLegend& names, const std::string& source);
/// Strata are what the units say, with sizes in pixels (`counted`) or any other unit.
/// Throws: Error(input) naming a unit without stratum, or of a stratum that has no size (with those that have).
SampleStrata strata_of_units(const ReferenceSample& sample, const std::map<std::string, double>& sizes, bool counted,
                             std::int64_t mapped_pixels, const std::string& source);
/// Strata are what the units say, if anything, and only the weights tell how much a unit stands for.
SampleStrata strata_of_weights(const ReferenceSample& sample, std::int64_t mapped_pixels);
/// Throws: Error(input) for the first unit whose stratum is not the class (code or name) that the map has there: then
/// the strata were not the classes of this map.
void require_strata_are_classes(const ReferenceSample& sample, std::span<const std::int32_t> map_codes,
                                const ClassLegend& legend);

struct SampleAccuracy {
    SampleDesign design = SampleDesign::simple;
    ClassLegend legend;
    std::string strata_source;
    std::vector<DesignStratum> strata;
    DesignEstimates estimates;
    ConfusionMatrix matrix{0};             ///< pixels compared
    std::vector<std::int64_t> class_units; ///< reference units per class
    std::vector<std::int64_t> mapped;      ///< pixels of the map per class
    std::int64_t units = 0;
    std::int64_t clusters = 0;
    std::int64_t outside = 0; ///< units where the map, or the sampled area, has nothing
    std::int64_t unlabelled = 0;
    std::int64_t dropped = 0;
    double frame_pixels = 0;
    std::optional<double> pixel_hectares; ///< nothing: the map's pixels have no area in metres
    std::string checked_against;          ///< name of the training samples that no unit meets; empty: not checked
};

struct SampleAssessment {
    SampleDesign design = SampleDesign::simple;
    std::span<const std::int32_t> map_codes;            ///< at the pixels of the sample, 0 for none
    std::map<std::int32_t, std::int64_t> mapped_pixels; ///< of the whole map, by code
    std::optional<double> pixel_hectares;
    std::string checked_against;
};

/// Throws: Error(input) for a pixel that two units claim, a cluster in two strata, a stratum without units, or when no
/// unit lies on the map.
SampleAccuracy assess_sample(const ReferenceSample& sample, const SampleStrata& strata,
                             const SampleAssessment& assessment);

/// Throws Error(input) with the number of units that lie on pixels of `training` (sorted), and why that will not do.
void require_independent(const ReferenceSample& sample, std::span<const std::int64_t> training,
                         const std::string& training_name, const std::string& where);

/// The content of accuracy.json (docs/files.md).
std::string to_json(const SampleAccuracy& accuracy);

/// Figures with 95 % intervals and numbers of units, as text for a terminal: at most 100 columns.
std::string to_table(const SampleAccuracy& accuracy);

} // namespace lcclass
