#include "lcclass/assess/sample_accuracy.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace lcclass {

namespace {

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

/// A pixel seen twice would count as two observations.
void require_apart(const ReferenceSample& sample) {
    std::vector<ReferencePixel> pixels = sample.pixels;
    std::sort(pixels.begin(), pixels.end(), [](const ReferencePixel& a, const ReferencePixel& b) {
        return std::pair(a.pixel, a.unit) < std::pair(b.pixel, b.unit);
    });
    for (std::size_t i = 1; i < pixels.size(); ++i) {
        if (pixels[i].pixel == pixels[i - 1].pixel) {
            refuse("reference", sample.units[static_cast<std::size_t>(pixels[i].unit)].place,
                   "lies on a pixel of " + sample.units[static_cast<std::size_t>(pixels[i - 1].unit)].place,
                   "keep one unit per pixel: two would count as independent");
        }
    }
}

/// Numbers the clusters of the units; a unit without one is its own.
class Clusters {
public:
    explicit Clusters(const ReferenceSample& sample) : m_sample(sample), m_of_unit(sample.units.size()) {
        std::unordered_map<std::string, std::int32_t> numbers;
        for (std::size_t u = 0; u < sample.units.size(); ++u) {
            const std::string& name = sample.units[u].cluster;
            const auto next = static_cast<std::int32_t>(m_stratum.size());
            const auto number = name.empty() ? next : numbers.emplace(name, next).first->second;
            if (number == next) {
                m_stratum.push_back(-1);
            }
            m_of_unit[u] = number;
        }
    }

    /// The cluster of a unit with a pixel in `stratum`. Throws Error(input) when it has one in another stratum too.
    std::int32_t in_stratum(std::int32_t unit, int stratum, const std::vector<DesignStratum>& strata) {
        const std::int32_t cluster = m_of_unit[static_cast<std::size_t>(unit)];
        int& known = m_stratum[static_cast<std::size_t>(cluster)];
        if (known >= 0 && known != stratum) {
            refuse("reference", m_sample.units[static_cast<std::size_t>(unit)].place,
                   "its cluster lies in two strata, " + strata[static_cast<std::size_t>(known)].name + " and " +
                       strata[static_cast<std::size_t>(stratum)].name,
                   "give each unit the stratum it was drawn from: --stratum-field");
        }
        known = stratum;
        return cluster;
    }

private:
    const ReferenceSample& m_sample;
    std::vector<int> m_stratum; ///< per cluster, -1: none yet
    std::vector<std::int32_t> m_of_unit;
};

/// Sizes count single pixels: units that hold several are not drawn from so many.
bool units_are_pixels(const ReferenceSample& sample) {
    return !sample.polygons && std::all_of(sample.units.begin(), sample.units.end(),
                                           [](const ReferenceUnit& unit) { return unit.cluster.empty(); });
}

} // namespace

SampleAccuracy assess_sample(const ReferenceSample& sample, const SampleStrata& strata,
                             const SampleAssessment& assessment) {
    require_apart(sample);
    SampleAccuracy result{.design = assessment.design,
                          .legend = sample.legend,
                          .strata_source = strata.source,
                          .strata = strata.strata,
                          .estimates = {},
                          .matrix = ConfusionMatrix(sample.legend.size()),
                          .class_units = std::vector<std::int64_t>(static_cast<std::size_t>(sample.legend.size())),
                          .mapped = {},
                          .unlabelled = sample.unlabelled,
                          .dropped = sample.dropped,
                          .frame_pixels = strata.frame_pixels,
                          .pixel_hectares = assessment.pixel_hectares,
                          .checked_against = assessment.checked_against};
    for (DesignStratum& stratum : result.strata) {
        stratum.finite = stratum.finite && units_are_pixels(sample);
    }
    DesignSample design{.n_classes = sample.legend.size(), .strata = result.strata, .elements = {}};
    Clusters clusters(sample);
    std::set<std::int32_t> units_used;
    for (std::size_t i = 0; i < sample.pixels.size(); ++i) {
        const std::int32_t unit_index = sample.pixels[i].unit;
        const ReferenceUnit& unit = sample.units[static_cast<std::size_t>(unit_index)];
        const auto map_class = sample.legend.index_of(assessment.map_codes[i]);
        if (!map_class || strata.of_pixel[i] < 0) {
            continue;
        }
        const int reference_class = *sample.legend.index_of(unit.class_code);
        const int stratum = strata.of_pixel[i];
        design.elements.push_back({.map_class = *map_class,
                                   .reference_class = reference_class,
                                   .stratum = stratum,
                                   .cluster = clusters.in_stratum(unit_index, stratum, result.strata),
                                   .weight = unit.weight});
        result.matrix.add(reference_class, *map_class);
        if (units_used.insert(unit_index).second) {
            ++result.class_units[static_cast<std::size_t>(reference_class)];
        }
    }
    result.units = static_cast<std::int64_t>(units_used.size());
    result.outside = sample.outside + static_cast<std::int64_t>(sample.units.size()) - result.units;
    if (design.elements.empty()) {
        refuse("reference", "units=0", "no labelled unit lies on a pixel of the map",
               "check that the two cover the same place, and that the class field is filled in");
    }
    result.estimates = estimate_design(design);
    for (const std::int64_t drawn : result.estimates.clusters) {
        result.clusters += drawn;
    }
    for (const LandCoverClass& entry : sample.legend.classes()) {
        const auto found = assessment.mapped_pixels.find(entry.code);
        result.mapped.push_back(found == assessment.mapped_pixels.end() ? 0 : found->second);
    }
    return result;
}

void require_independent(const ReferenceSample& sample, std::span<const std::int64_t> training,
                         const std::string& training_name, const std::string& where) {
    std::set<std::int32_t> meeting;
    for (const ReferencePixel& pixel : sample.pixels) {
        if (std::binary_search(training.begin(), training.end(), pixel.pixel)) {
            meeting.insert(pixel.unit);
        }
    }
    if (!meeting.empty()) {
        const std::string first = sample.units[static_cast<std::size_t>(*meeting.begin())].place;
        refuse(where, "units=" + std::to_string(meeting.size()) + " of " + std::to_string(sample.units.size()),
               "lie on pixels of " + training_name + " (first: " + first +
                   "): the map has seen their answers, so it would be judged too well",
               "label a probability sample apart from training: assess --plan");
    }
}

} // namespace lcclass
