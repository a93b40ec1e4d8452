#include "assess_sample.h"

#include "lcclass/assess/map_pixels.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "stage_files.h"
#include "training_pixels.h"

#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t most_sampled_pixels = 5000000;

/// Stated, or what the other options can only mean. Nothing is guessed: a stratified sample taken for a simple one
/// gives wrong areas.
SampleDesign design_of(const AssessArguments& arguments, const ReferenceSample& sample) {
    if (!arguments.design.empty()) {
        return parse_sample_design(arguments.design);
    }
    if (!arguments.file.weight_field.empty()) {
        return SampleDesign::weighted;
    }
    if (has_strata(arguments) || !sample.planned_strata.empty()) {
        return SampleDesign::stratified;
    }
    refuse_options("--design", "is needed: how the reference was drawn decides what it says of the map",
                   "add --design simple, stratified (by the map's classes unless --stratum-field says else) or "
                   "weighted");
}

void check_options(const AssessArguments& arguments, const ReferenceSample& sample, SampleDesign design) {
    if (design == SampleDesign::simple && has_strata(arguments)) {
        refuse_options("--design=simple", "knows no strata", "say --design stratified, or leave the strata out");
    }
    if (design != SampleDesign::stratified && !sample.planned_strata.empty()) {
        refuse_options("--design=" + to_string(design), "is not how assess --plan drew these units",
                       "leave --design out: the file knows its strata");
    }
    if (design != SampleDesign::weighted && !arguments.file.weight_field.empty()) {
        refuse_options("--weight-field", "has no meaning with --design " + to_string(design),
                       "say --design weighted, or leave the weights out");
    }
    if (!arguments.strata.empty() && (!arguments.stratum_sizes.empty() || !arguments.file.stratum_field.empty())) {
        refuse_options("--strata", "says strata and sizes itself",
                       "give either --strata, or --stratum-field with --stratum-sizes");
    }
    if (!arguments.stratum_sizes.empty() && arguments.file.stratum_field.empty()) {
        refuse_options("--stratum-sizes", "needs to know the stratum of every unit", "add --stratum-field");
    }
}

/// Every pixel of the raster that has a class is a unit.
ReferenceSample read_raster_sample(const AssessArguments& arguments, const RasterFile& map, const ClassLegend& legend,
                                   Context& context) {
    const RasterFile file = open_raster(arguments.reference);
    const std::string where = arguments.reference.string();
    require_same_grid(file.source->grid(), where, map.source->grid(), arguments.map.string());
    if (is_burned(file)) {
        refuse_training_labels(arguments.reference);
    }
    ReferenceSample sample;
    sample.legend = file.legend ? merged_legend(legend, *file.legend, where) : legend;
    const std::int64_t width = map.source->grid().width;
    for (const CodedPixel& pixel : coded_pixels(*file.source, most_sampled_pixels, context.progress)) {
        ReferenceUnit unit;
        unit.place = "column " + std::to_string(pixel.pixel % width) + " row " + std::to_string(pixel.pixel / width);
        unit.class_code = pixel.code;
        if (!sample.legend.index_of(pixel.code)) {
            throw Error(ExitCode::input, {.where = where,
                                          .field = "class_code=" + std::to_string(pixel.code),
                                          .problem = "is not in the legend of the map or the reference",
                                          .fix = "compare a map and a reference of the same classes"});
        }
        sample.pixels.push_back({.pixel = pixel.pixel, .unit = static_cast<std::int32_t>(sample.units.size())});
        sample.units.push_back(std::move(unit));
    }
    return sample;
}

std::int64_t total_of(const std::map<std::int32_t, std::int64_t>& counts) {
    std::int64_t total = 0;
    for (const auto& [code, count] : counts) {
        total += count;
    }
    return total;
}

std::vector<std::int64_t> positions_of(const ReferenceSample& sample) {
    std::vector<std::int64_t> pixels;
    for (const ReferencePixel& pixel : sample.pixels) {
        pixels.push_back(pixel.pixel);
    }
    return pixels;
}

/// The strata that the sample was drawn from, wherever they are described.
class StrataFinder {
public:
    StrataFinder(const AssessArguments& arguments, const ReferenceSample& sample, const RasterFile& map,
                 const SampleAssessment& assessment, Context& context)
        : m_arguments(arguments), m_sample(sample), m_map(map), m_assessment(assessment), m_context(context),
          m_mapped(total_of(assessment.mapped_pixels)) {}

    [[nodiscard]] SampleStrata find() const {
        if (m_assessment.design == SampleDesign::simple) {
            return whole_map(m_sample, m_mapped);
        }
        if (!m_arguments.strata.empty()) {
            return of_raster();
        }
        if (!m_arguments.stratum_sizes.empty()) {
            return strata_of_units(m_sample, parse_numbers(m_arguments.stratum_sizes, "--stratum-sizes"), false,
                                   m_mapped, "sizes as stated");
        }
        if (m_assessment.design == SampleDesign::weighted) {
            return strata_of_weights(m_sample, m_mapped);
        }
        if (!m_sample.planned_strata.empty()) {
            std::map<std::string, double> sizes;
            for (const auto& [code, pixels] : m_sample.planned_strata) {
                sizes[code] = static_cast<double>(pixels);
            }
            return strata_of_units(m_sample, sizes, true, m_mapped, "classes of the map it was planned on");
        }
        if (!m_arguments.file.stratum_field.empty()) {
            require_strata_are_classes(m_sample, m_assessment.map_codes, m_sample.legend);
        }
        return strata_of_codes(m_assessment.mapped_pixels, m_assessment.map_codes, m_sample.legend,
                               "classes of the map");
    }

private:
    [[nodiscard]] SampleStrata of_raster() const {
        const RasterFile strata = open_raster(m_arguments.strata);
        require_same_grid(strata.source->grid(), m_arguments.strata.string(), m_map.source->grid(),
                          m_arguments.map.string());
        return strata_of_codes(count_codes(*m_map.source, *strata.source, m_context.progress),
                               codes_at(*strata.source, positions_of(m_sample), m_context.progress),
                               strata.legend.value_or(ClassLegend()), m_arguments.strata.filename().string());
    }

    const AssessArguments& m_arguments;
    const ReferenceSample& m_sample;
    const RasterFile& m_map;
    const SampleAssessment& m_assessment;
    Context& m_context;
    std::int64_t m_mapped;
};

/// Nothing where pixels have no true area: degrees, and web Mercator, which stretches areas by half at 35 degrees.
std::optional<double> hectares_per_pixel(const GridSpec& grid) {
    const auto metres = metres_per_unit(grid.crs_wkt);
    if (!metres || crs_label(grid.crs_wkt) == "EPSG:3857") {
        return std::nullopt;
    }
    return grid.pixel_width * grid.pixel_height * *metres * *metres / 10000;
}

} // namespace

SampleAccuracy assess_by_sample(const AssessArguments& arguments, const RasterFile& map, Context& context) {
    const ClassLegend& legend = require_legend(map, arguments.map);
    const GridSpec& grid = map.source->grid();
    const ReferenceSample sample = is_vector_file(arguments.reference)
                                       ? read_reference(arguments.reference, arguments.file, grid, legend)
                                       : read_raster_sample(arguments, map, legend, context);
    const SampleDesign design = design_of(arguments, sample);
    check_options(arguments, sample, design);
    const TrainingPixels training = find_training_pixels(arguments.samples, map, arguments.map, context);
    require_independent(sample, training.pixels, training.name, arguments.reference.string());
    const std::vector<std::int32_t> codes = codes_at(*map.source, positions_of(sample), context.progress);
    const SampleAssessment assessment{.design = design,
                                      .map_codes = codes,
                                      .mapped_pixels = count_codes(*map.source, *map.source, context.progress),
                                      .pixel_hectares = hectares_per_pixel(grid),
                                      .checked_against = training.name};
    const SampleStrata strata = StrataFinder(arguments, sample, map, assessment, context).find();
    if (sample.unlabelled > 0) {
        context.warn(with_thousands(sample.unlabelled) + " units have no class: if those are the difficult ones, the "
                                                         "figures flatter the map");
    }
    return assess_sample(sample, strata, assessment);
}

} // namespace lcclass
