#include "geo/scene_bands.h"

#include "geo/raster_dataset.h"
#include "geo/scene_inputs.h"
#include "geo/scene_radiometry.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lcclass {

namespace {

std::string place_of(const OpenedBand& band) {
    return band.band.path + ":band " + std::to_string(band.band.band_index);
}

/// A band of a file that was opened, before its numbers have a meaning.
struct FoundBand {
    BandCandidate candidate;
    GridSpec grid;
    RasterBandInfo info;
};

/// Those of the file's bands that `candidate` means.
std::vector<RasterBandInfo> chosen_bands(const BandCandidate& candidate, std::vector<RasterBandInfo> infos) {
    const auto refuse = [&](const std::string& field, const std::string& problem, const std::string& fix) {
        throw Error(ExitCode::input,
                    {.where = candidate.path.string(), .field = field, .problem = problem, .fix = fix});
    };
    if (candidate.band_index) {
        const int number = *candidate.band_index;
        const auto chosen =
            std::find_if(infos.begin(), infos.end(), [&](const RasterBandInfo& info) { return info.number == number; });
        if (chosen == infos.end() && infos.front().alpha_band == number) {
            refuse("band=" + std::to_string(number), "is the alpha band, which says where the others have data",
                   "name another band");
        }
        if (chosen == infos.end()) {
            refuse("band=" + std::to_string(number), "the file has " + std::to_string(infos.size()) + " bands",
                   "count bands from 1");
        }
        return {*chosen};
    }
    if (!candidate.name.empty() && infos.size() != 1) {
        refuse("band",
               "the file has " + std::to_string(infos.size()) + " bands, so that it is not clear which is " +
                   candidate.name,
               "say which: " + candidate.name + "=PATH:BAND");
    }
    return infos;
}

void find_bands(const BandCandidate& candidate, std::vector<FoundBand>& found) {
    const std::string path = candidate.path.string();
    const DatasetHandle dataset = open_raster_dataset(candidate.path);
    const GridSpec grid = grid_of_dataset(dataset.get(), path);
    for (RasterBandInfo& info : chosen_bands(candidate, bands_of_dataset(dataset.get(), path))) {
        found.push_back({.candidate = candidate, .grid = grid, .info = std::move(info)});
    }
}

OpenedBand with_meaning(const FoundBand& found, RadiometryRule& rule) {
    const std::string path = found.candidate.path.string();
    RadiometryRule::Meaning meaning = rule.meaning_of(found.candidate, found.info);
    return {.band = {.name = found.candidate.name.empty() ? found.info.name : found.candidate.name,
                     .path = path,
                     .band_index = found.info.number,
                     .grid = found.grid,
                     .radiometry = meaning.radiometry},
            .file = {.path = path, .number = found.info.number, .info = found.info},
            .unit = meaning.unit,
            .masked_numbers = std::move(meaning.masked_numbers)};
}

[[noreturn]] void refuse_missing(const std::string& name, const std::vector<OpenedBand>& bands,
                                 const std::vector<std::string>& inputs) {
    std::vector<std::string> there;
    for (const OpenedBand& band : bands) {
        there.push_back(band.band.name + " (" + format_number(band.band.grid.pixel_width) + ")");
    }
    std::sort(there.begin(), there.end());
    throw Error(ExitCode::input, {.where = join(inputs, " "),
                                  .field = "band=" + name,
                                  .problem = "is not there; bands (pixel size): " + join(there, ", "),
                                  .fix = "download the band again or leave out the features that need it"});
}

} // namespace

std::vector<OpenedBand> open_bands(const SceneOptions& options) {
    if (options.inputs.empty()) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "input",
                                             .problem = "no bands were named",
                                             .fix = "name a product folder, band files or NAME=PATH"});
    }
    RadiometryRule rule(options.radiometry);
    std::vector<FoundBand> found;
    for (const BandCandidate& candidate : find_candidates(options.inputs)) {
        find_bands(candidate, found);
    }
    if (std::any_of(found.begin(), found.end(), [](const FoundBand& band) {
            return RadiometryRule::has_sentinel2_name(band.candidate, band.info);
        })) {
        rule.keep_to_sentinel2_names();
    }
    std::vector<OpenedBand> bands;
    for (const FoundBand& band : found) {
        bands.push_back(with_meaning(band, rule));
    }
    std::map<std::string, const OpenedBand*> by_name;
    for (const OpenedBand& band : bands) {
        const auto [first, is_new] = by_name.emplace(band.band.name, &band);
        if (!is_new) {
            refuse_two_candidates(band.band.name, place_of(*first->second), place_of(band));
        }
    }
    return bands;
}

std::vector<OpenedBand> select_bands(std::vector<OpenedBand> bands, const std::vector<std::string>& names,
                                     const std::vector<std::string>& inputs) {
    std::vector<OpenedBand> selected;
    for (const std::string& name : names) {
        const auto found =
            std::find_if(bands.begin(), bands.end(), [&](const OpenedBand& band) { return band.band.name == name; });
        if (found == bands.end()) {
            refuse_missing(name, bands, inputs);
        }
        selected.push_back(*found);
    }
    return selected;
}

std::vector<SceneBand> list_bands(const SceneOptions& options) {
    std::vector<SceneBand> bands;
    for (OpenedBand& band : open_bands(options)) {
        bands.push_back(std::move(band.band));
    }
    return bands;
}

} // namespace lcclass
