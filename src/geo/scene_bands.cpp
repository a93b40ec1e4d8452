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

/// The numbers (from 1) of the bands of the file that `candidate` means.
std::vector<int> band_numbers(const BandCandidate& candidate, int n_bands) {
    const auto refuse = [&](const std::string& field, const std::string& problem, const std::string& fix) {
        throw Error(ExitCode::input,
                    {.where = candidate.path.string(), .field = field, .problem = problem, .fix = fix});
    };
    if (candidate.band_index) {
        if (*candidate.band_index > n_bands) {
            refuse("band=" + std::to_string(*candidate.band_index),
                   "the file has " + std::to_string(n_bands) + " bands", "count bands from 1");
        }
        return {*candidate.band_index};
    }
    if (!candidate.name.empty()) {
        if (n_bands != 1) {
            refuse("band",
                   "the file has " + std::to_string(n_bands) + " bands, so that it is not clear which is " +
                       candidate.name,
                   "say which: " + candidate.name + "=PATH:BAND");
        }
        return {1};
    }
    std::vector<int> all(static_cast<std::size_t>(n_bands));
    for (int i = 0; i < n_bands; ++i) {
        all[static_cast<std::size_t>(i)] = i + 1;
    }
    return all;
}

void open_candidate(const BandCandidate& candidate, RadiometryRule& rule, std::vector<OpenedBand>& bands) {
    const std::string path = candidate.path.string();
    const DatasetHandle dataset = open_raster_dataset(candidate.path);
    const GridSpec grid = grid_of_dataset(dataset.get(), path);
    const std::vector<RasterBandInfo> infos = bands_of_dataset(dataset.get(), path);
    for (const int number : band_numbers(candidate, static_cast<int>(infos.size()))) {
        const RasterBandInfo& info = infos[static_cast<std::size_t>(number) - 1];
        RadiometryRule::Meaning meaning = rule.meaning_of(candidate, info);
        bands.push_back({.band = {.name = candidate.name.empty() ? info.name : candidate.name,
                                  .path = path,
                                  .band_index = number,
                                  .grid = grid,
                                  .radiometry = meaning.radiometry},
                         .file = {.path = path, .number = number, .info = info},
                         .unit = meaning.unit,
                         .masked_numbers = std::move(meaning.masked_numbers)});
    }
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
    std::vector<OpenedBand> bands;
    for (const BandCandidate& candidate : find_candidates(options.inputs)) {
        open_candidate(candidate, rule, bands);
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
