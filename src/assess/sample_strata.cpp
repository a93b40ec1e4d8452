#include "lcclass/assess/sample_accuracy.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lcclass {

namespace {

constexpr WordTable<SampleDesign, 3> design_words = {{
    {SampleDesign::simple, "simple"},
    {SampleDesign::stratified, "stratified"},
    {SampleDesign::weighted, "weighted"},
}};

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

std::string place_of(const ReferenceUnit& unit) {
    return "reference:" + unit.place;
}

/// Position of `name` in `strata`, added when it is new.
int position_of(std::vector<DesignStratum>& strata, std::map<std::string, int>& positions, const std::string& name) {
    const auto [entry, added] = positions.emplace(name, static_cast<int>(strata.size()));
    if (added) {
        strata.push_back({.name = name, .size = std::nullopt, .finite = false});
    }
    return entry->second;
}

} // namespace

std::string to_string(SampleDesign design) {
    return word_of(design_words, design);
}

SampleDesign parse_sample_design(const std::string& word) {
    return parse_word(design_words, "--design", word, "a sampling design");
}

SampleStrata whole_map(const ReferenceSample& sample, std::int64_t mapped_pixels) {
    const auto size = static_cast<double>(mapped_pixels);
    return {.source = "none",
            .strata = {{.name = "whole map", .size = size, .finite = true}},
            .of_pixel = std::vector<int>(sample.pixels.size(), 0),
            .frame_pixels = size};
}

SampleStrata strata_of_codes(const std::map<std::int32_t, std::int64_t>& counts, std::span<const std::int32_t> codes,
                             const ClassLegend& names, const std::string& source) {
    SampleStrata result{.source = source, .strata = {}, .of_pixel = {}, .frame_pixels = 0};
    std::map<std::int32_t, int> positions;
    for (const auto& [code, count] : counts) {
        const auto index = names.index_of(code);
        positions.emplace(code, static_cast<int>(result.strata.size()));
        result.strata.push_back({.name = index ? names.at(*index).name : std::to_string(code),
                                 .size = static_cast<double>(count),
                                 .finite = true});
        result.frame_pixels += static_cast<double>(count);
    }
    for (const std::int32_t code : codes) {
        const auto found = positions.find(code);
        result.of_pixel.push_back(found == positions.end() ? -1 : found->second);
    }
    return result;
}

SampleStrata strata_of_units(const ReferenceSample& sample, const std::map<std::string, double>& sizes, bool counted,
                             std::int64_t mapped_pixels, const std::string& source) {
    SampleStrata result{
        .source = source, .strata = {}, .of_pixel = {}, .frame_pixels = static_cast<double>(mapped_pixels)};
    std::map<std::string, int> positions;
    std::vector<std::string> known;
    for (const auto& [name, size] : sizes) {
        const int position = position_of(result.strata, positions, name);
        result.strata[static_cast<std::size_t>(position)].size = size;
        result.strata[static_cast<std::size_t>(position)].finite = counted;
        known.push_back(name);
    }
    for (const ReferencePixel& pixel : sample.pixels) {
        const ReferenceUnit& unit = sample.units[static_cast<std::size_t>(pixel.unit)];
        const auto found = positions.find(unit.stratum);
        if (found == positions.end()) {
            refuse(place_of(unit), "stratum=" + unit.stratum,
                   unit.stratum.empty() ? "has no value" : "has no size" + did_you_mean(unit.stratum, known),
                   "name its size in --stratum-sizes; there are " + join(known, ", "));
        }
        result.of_pixel.push_back(found->second);
    }
    return result;
}

SampleStrata strata_of_weights(const ReferenceSample& sample, std::int64_t mapped_pixels) {
    SampleStrata result{
        .source = "weights", .strata = {}, .of_pixel = {}, .frame_pixels = static_cast<double>(mapped_pixels)};
    std::map<std::string, int> positions;
    for (const ReferencePixel& pixel : sample.pixels) {
        const std::string& name = sample.units[static_cast<std::size_t>(pixel.unit)].stratum;
        result.of_pixel.push_back(position_of(result.strata, positions, name.empty() ? "whole map" : name));
    }
    return result;
}

void require_strata_are_classes(const ReferenceSample& sample, std::span<const std::int32_t> map_codes,
                                const ClassLegend& legend) {
    for (std::size_t i = 0; i < sample.pixels.size(); ++i) {
        const ReferenceUnit& unit = sample.units[static_cast<std::size_t>(sample.pixels[i].unit)];
        const auto index = legend.index_of(map_codes[i]);
        if (!index) {
            continue;
        }
        const std::string& name = legend.at(*index).name;
        if (unit.stratum != name && unit.stratum != std::to_string(map_codes[i])) {
            refuse(place_of(unit), "stratum=" + unit.stratum,
                   "is not the class the map has there, " + std::to_string(map_codes[i]) + " (" + name +
                       "): the strata were not the classes of this map",
                   "give what they were, with --strata RASTER or --stratum-sizes 'A=40000;B=30000'");
        }
    }
}

} // namespace lcclass
