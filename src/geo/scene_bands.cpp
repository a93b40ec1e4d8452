#include "geo/scene_bands.h"

#include "geo/product_files.h"
#include "geo/scene_band_names.h"
#include "geo/scene_names.h"
#include "geo/scene_radiometry.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <utility>

namespace lcclass {

namespace {

std::string place_of(const OpenedBand& band) {
    return band.band.path + ":band " + std::to_string(band.band.band_index);
}

bool equal_but_for_case(const std::string& text, const std::string& lower_case) {
    return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

/// Codes by the name that the makers of products give them, renamed or not, or because the caller says so.
bool is_categorical(const FoundBand& band, const std::vector<std::string>& masks) {
    static const std::array<std::string, 5> codes = {"scl", "qa_pixel", "qa_radsat", "fmask", "cfmask"};
    const auto mask = parse_esa_mask_name(band.candidate.path);
    return (band.candidate.landsat && band.candidate.landsat->is_flags()) || (mask && mask->band == "SCL") ||
           std::any_of(codes.begin(), codes.end(),
                       [&](const std::string& name) {
                           return equal_but_for_case(band.base, name) || equal_but_for_case(band.own_base, name);
                       }) ||
           std::any_of(masks.begin(), masks.end(), [&](const std::string& name) { return band.is_called(name); });
}

/// The way of resampling that the options ask for.
Resampling resampling_of(const FoundBand& band, bool categorical, const SceneOptions& options) {
    Resampling resampling = categorical ? Resampling::nearest : options.resampling;
    for (const std::string& name : {band.base, band.name}) {
        const auto own = options.band_resampling.find(name);
        if (own != options.band_resampling.end()) {
            resampling = own->second;
        }
    }
    if (categorical && resampling != Resampling::nearest) {
        throw Error(ExitCode::configuration, {.where = shown(band.candidate.path),
                                              .field = "resampling=" + band.base + "=" + to_string(resampling),
                                              .problem = "holds codes, and there is nothing between two codes",
                                              .fix = "leave it out: codes are resampled by nearest"});
    }
    return resampling;
}

void require_known_names(const SceneOptions& options, const std::vector<FoundBand>& bands) {
    std::vector<std::string> there;
    for (const FoundBand& band : bands) {
        there.push_back(band.name);
    }
    for (const auto& asked : options.band_resampling) {
        const std::string& name = asked.first;
        if (std::none_of(bands.begin(), bands.end(), [&](const FoundBand& band) { return band.is_called(name); })) {
            throw Error(ExitCode::configuration, {.where = {},
                                                  .field = "resampling=" + name + "=" + to_string(asked.second),
                                                  .problem = "there is no band " + name + did_you_mean(name, there),
                                                  .fix = "bands are " + join(there, " ")});
        }
    }
}

/// The level of a spectral band, which must be the one that was asked for. What does not say its level has that one.
std::string level_of(const FoundBand& band, const std::string& asked) {
    const BandCandidate& candidate = band.candidate;
    if (asked.empty() || candidate.auxiliary || (!candidate.esa && !candidate.landsat && candidate.level.empty())) {
        return candidate.level;
    }
    if (!candidate.level.empty() && candidate.level != asked) {
        throw Error(ExitCode::input,
                    {.where = shown(candidate.path),
                     .field = "level=" + candidate.level,
                     .problem = "is not of level " + asked + ", which was asked for",
                     .fix = "name a product of level " + asked + ", or state --level " + candidate.level});
    }
    return asked;
}

OpenedBand with_meaning(const FoundBand& found, RadiometryRule& rule, const SceneOptions& options) {
    const bool categorical = is_categorical(found, options.masks);
    RadiometryRule::Meaning meaning;
    if (!categorical) {
        meaning = rule.meaning_of(found);
    }
    OpenedBand opened{.band = {.name = found.name,
                               .path = shown(found.candidate.path),
                               .band_index = found.info.number,
                               .grid = found.grid,
                               .radiometry = meaning.radiometry,
                               .date = found.when ? std::optional(found.when->date) : std::nullopt,
                               .level = level_of(found, options.level),
                               .categorical = categorical,
                               .auxiliary = categorical || found.candidate.auxiliary},
                      .file = {.path = found.candidate.path.string(), .number = found.info.number, .info = found.info},
                      .unit = meaning.unit,
                      .masked = meaning.masked,
                      .resampling = resampling_of(found, categorical, options)};
    if (categorical) {
        opened.file.info.nodata.reset(); // every number is a code, and means what the mask's table says
    }
    return opened;
}

std::vector<FoundBand> find_bands(const SceneOptions& options) {
    std::vector<FoundBand> found;
    for (const BandCandidate& candidate : find_candidates(options)) {
        const std::string where = shown(candidate.path);
        const DatasetHandle dataset = open_scene_file(candidate.path, options.allow_vrt);
        const bool names_matter = candidate.name.empty();
        for (FoundBand& band : bands_of_candidate(candidate, grid_of_dataset(dataset.get(), where),
                                                  bands_of_dataset(dataset.get(), where, names_matter))) {
            found.push_back(std::move(band));
        }
    }
    name_bands(options.rename, found);
    require_known_names(options, found);
    return found;
}

/// The product folder or zip that a file lies in, or else the file.
std::string product_of(const std::string& path) {
    std::filesystem::path product;
    for (const auto& part : std::filesystem::path(path)) {
        product /= part;
        if (part.extension() == ".SAFE" || part.extension() == ".zip") {
            return product.string();
        }
    }
    return path;
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
    RadiometryRule rule(options.radiometry, options.min_valid_dn);
    const std::vector<FoundBand> found = find_bands(options);
    rule.apply_to(found);
    std::vector<OpenedBand> bands;
    bands.reserve(found.size());
    std::map<std::string, std::size_t> by_name;
    for (const FoundBand& band : found) {
        bands.push_back(with_meaning(band, rule, options));
        const auto [first, is_new] = by_name.emplace(band.name, bands.size() - 1);
        if (!is_new) {
            refuse_two_candidates(band.name, place_of(bands[first->second]), place_of(bands.back()));
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

void require_one_level(const std::vector<OpenedBand>& bands) {
    const OpenedBand* top = nullptr;
    const OpenedBand* surface = nullptr;
    for (const OpenedBand& band : bands) {
        if (!band.band.auxiliary && !band.band.categorical && !band.band.level.empty()) {
            (band.band.level == "L1C" ? top : surface) = &band;
        }
    }
    if (top != nullptr && surface != nullptr) {
        throw Error(ExitCode::input,
                    {.where = product_of(top->band.path),
                     .field = "level=L1C",
                     .problem = "is reflectance at the top of the atmosphere; that of " +
                                product_of(surface->band.path) + " (" + surface->band.level + ") is of the surface",
                     .fix = "use products of one level"});
    }
}

void require_one_sensor(const std::vector<OpenedBand>& bands) {
    struct FirstOf {
        std::string path;
        LandsatSensor sensor;
    };
    std::map<std::pair<std::string, std::string>, FirstOf> by_name_and_number;
    for (const OpenedBand& band : bands) {
        const std::filesystem::path file = band.band.path;
        const auto sensor = landsat_sensor(file.filename().string());
        const std::string number = file.stem().string().substr(file.stem().string().rfind('_') + 1);
        if (!sensor || band.band.auxiliary || number == "B7" || number == "b7") { // 7 is the same for all
            continue;
        }
        const std::string base = split_dated_name(band.band.name).name;
        const auto [entry, is_new] = by_name_and_number.try_emplace({base, number}, FirstOf{band.band.path, *sensor});
        if (!is_new && entry->second.sensor != *sensor) {
            throw Error(ExitCode::input,
                        {.where = entry->second.path,
                         .field = "band=" + base,
                         .problem = "is of other wavelengths than in " + file.filename().string(),
                         .fix = "use one sensor, or name each file as B08@DATE=PATH; --rename is not enough"});
        }
    }
}

std::vector<SceneBand> list_bands(const SceneOptions& options) {
    std::vector<SceneBand> bands;
    for (OpenedBand& band : open_bands(options)) {
        bands.push_back(std::move(band.band));
    }
    return bands;
}

} // namespace lcclass
