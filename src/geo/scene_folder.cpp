#include "geo/scene_folder.h"

#include "geo/landsat_folder.h"
#include "geo/product_files.h"
#include "geo/scene_names.h"
#include "geo/sentinel2_product.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& where, std::string field, std::string problem, std::string fix) {
    throw Error(
        ExitCode::input,
        {.where = shown(where), .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

bool is_resolution_folder(const std::string& name) {
    return name == "R10m" || name == "R20m" || name == "R60m";
}

/// A band file in a product's folders other than these is a mask, a preview or an auxiliary grid.
bool holds_no_bands(const std::string& folder) {
    static const std::set<std::string> names = {"QI_DATA", "AUX_DATA", "HTML", "rep_info", "DATASTRIP"};
    return names.contains(folder) || folder.starts_with(".");
}

bool lies_among_bands(const fs::path& file, const fs::path& root) {
    const fs::path folders = file.lexically_relative(root).parent_path();
    return std::none_of(folders.begin(), folders.end(),
                        [](const fs::path& folder) { return holds_no_bands(folder.string()); });
}

/// The folder below GRANULE that a band file of a product lies in; empty for files outside of products.
fs::path granule_folder_of(const fs::path& file) {
    fs::path folder = file.parent_path();
    while (folder.has_filename() && folder != folder.parent_path()) {
        if (folder.parent_path().filename() == "GRANULE") {
            return folder;
        }
        folder = folder.parent_path();
    }
    return {};
}

/// What the files of one scene share: their granule, or their folder and the beginning of their names.
std::string scene_of(const fs::path& file, const EsaName& name) {
    const fs::path granule = granule_folder_of(file);
    if (!granule.empty()) {
        return granule.string();
    }
    const fs::path folder = file.parent_path();
    return ((is_resolution_folder(folder.filename().string()) ? folder.parent_path() : folder) / name.stem).string();
}

int stated_resolution(const fs::path& file, const EsaName& name) {
    const std::string folder = file.parent_path().filename().string();
    return name.resolution != 0 || !is_resolution_folder(folder) ? name.resolution : std::stoi(folder.substr(1));
}

/// Old long names hold the time when the file was made: `S2A_OPER_MSI_L1C_TL_EPA__20161008T200750_A000734_T33UUU`.
bool tells_the_sensing_time(const std::string& name) {
    return name.find("_MSI_L") == std::string::npos;
}

/// The names of the file's own folder, of its granule and of its product, however its path is written. Folders above
/// these are the user's, and tell nothing of one scene.
std::vector<std::string> folders_of_scene(const fs::path& file) {
    const fs::path whole = fs::absolute(file).lexically_normal();
    std::vector<std::string> names = {folder_name_of(whole)};
    if (is_resolution_folder(names.front())) {
        names.front() = folder_name_of(whole.parent_path());
    }
    const fs::path granule = granule_folder_of(whole);
    if (!granule.empty()) {
        names.push_back(granule.filename().string());
        names.push_back(granule.parent_path().parent_path().filename().string());
        return names;
    }
    for (const auto& part : whole.parent_path()) {
        if (part.extension() == ".SAFE") {
            names.push_back(part.string());
        }
    }
    return names;
}

std::optional<Date> sensing_date_of(const fs::path& file, const EsaName& name,
                                    const std::optional<fs::path>& product_file) {
    if (const auto date = product_file ? sensing_date(*product_file) : std::nullopt) {
        return date;
    }
    if (const auto date = tells_the_sensing_time(name.stem) ? date_in_name(name.stem) : std::nullopt) {
        return date;
    }
    for (const std::string& text : folders_of_scene(file)) {
        if (const auto date = tells_the_sensing_time(text) ? date_in_name(text) : std::nullopt) {
            return date;
        }
    }
    return std::nullopt;
}

void set_date(BandCandidate& candidate, std::optional<Date> date) {
    if (date) {
        candidate.when = Acquisition{.date = *date};
    }
}

std::string level_of(const fs::path& file, const std::optional<fs::path>& product_file) {
    return product_file ? level_of_product_file(*product_file) : level_in_path(fs::absolute(file));
}

/// Everything about the candidate but its product's metadata, which is not looked for file by file.
BandCandidate candidate_of(const fs::path& file, const EsaName& name, bool auxiliary) {
    BandCandidate candidate;
    candidate.name = name.band;
    candidate.path = file;
    candidate.scene = scene_of(file, name);
    candidate.resolution = stated_resolution(file, name);
    candidate.auxiliary = auxiliary;
    if (!auxiliary) {
        candidate.esa = name;
    }
    return candidate;
}

/// Is `scene` the one that `--granule` means: by its name, or by the tile in it?
bool is_granule(const std::string& scene, const std::string& granule) {
    const std::string name = fs::path(scene).filename().string();
    if (name == granule) {
        return true;
    }
    const std::string tile = granule.size() == 5 ? "T" + granule : granule;
    const std::vector<std::string> parts = split(name, '_');
    return tile.size() == 6 && std::find(parts.begin(), parts.end(), tile) != parts.end();
}

void keep_granule(const fs::path& folder, const std::string& granule, std::vector<BandCandidate>& esa,
                  std::vector<BandCandidate>& others) {
    std::set<std::string> there;
    for (std::vector<BandCandidate>* candidates : {&esa, &others}) {
        for (const BandCandidate& candidate : *candidates) {
            there.insert(fs::path(candidate.scene).filename().string());
        }
        std::erase_if(*candidates,
                      [&](const BandCandidate& candidate) { return !is_granule(candidate.scene, granule); });
    }
    if (esa.empty() && others.empty()) {
        refuse(folder, "granule=" + granule,
               "is not there; there are: " + join(std::vector<std::string>(there.begin(), there.end()), ", "),
               "name one of them, or its tile");
    }
}

/// Granules are neighbours: without a choice one would hide the others.
void require_one_granule(const std::vector<BandCandidate>& candidates) {
    std::map<std::string, std::set<std::string>> granules;
    for (const BandCandidate& candidate : candidates) {
        const fs::path granule = granule_folder_of(candidate.path);
        if (!granule.empty()) {
            granules[granule.parent_path().parent_path().string()].insert(granule.filename().string());
        }
    }
    for (const auto& [product, names] : granules) {
        if (names.size() > 1) {
            const std::vector<std::string> listed(names.begin(), names.end());
            refuse(product, {},
                   "has " + std::to_string(names.size()) + " granules: " +
                       join(std::vector<std::string>(listed.begin(),
                                                     listed.begin() + std::min<std::ptrdiff_t>(std::ssize(listed), 3)),
                            ", ") +
                       (listed.size() > 3 ? ", ..." : ""),
                   "choose one by its tile or name: --granule T33UUU");
        }
    }
}

/// Keeps the better of two files for one band: the finer one of the same scene. Anything else is ambiguous.
void keep_finest(BandCandidate& kept, BandCandidate other) {
    const int a = kept.resolution;
    const int b = other.resolution;
    if (kept.scene != other.scene || a == b || a == 0 || b == 0) {
        refuse_two_candidates(kept.name, shown(kept.path), shown(other.path));
    }
    if (b < a) {
        kept = std::move(other);
    }
}

/// The metadata of the product that each candidate belongs to, looked for once per scene: what lies above its GRANULE
/// folder, or else what the user named or the folder holds.
void find_metadata(const fs::path& folder, const std::optional<fs::path>& named,
                   std::vector<BandCandidate>& candidates) {
    std::map<std::string, std::optional<fs::path>> by_scene;
    std::set<std::string> without_own;
    const std::optional<fs::path> common = named ? named : find_product_file(folder);
    for (BandCandidate& candidate : candidates) {
        const auto [entry, is_new] = by_scene.try_emplace(candidate.scene);
        if (is_new) {
            const std::optional<fs::path> own = product_file_of(candidate.path);
            entry->second = own && !named ? own : common;
            if (!own) {
                without_own.insert(candidate.scene);
            }
        }
        candidate.product_file = entry->second;
        candidate.level = level_of(candidate.path, candidate.product_file);
    }
    if (common && without_own.size() > 1) {
        refuse(folder, {},
               "holds bands of " + std::to_string(without_own.size()) +
                   " scenes, but the metadata of one product: " + shown(*common),
               "keep each product in a folder of its own");
    }
}

/// Products of one scene are of one time: it is looked for once.
void set_dates(std::vector<BandCandidate>& candidates) {
    std::map<std::string, std::optional<Date>> by_scene;
    for (BandCandidate& candidate : candidates) {
        const auto [date, is_new] = by_scene.try_emplace(candidate.scene);
        if (is_new) {
            const EsaName name = candidate.esa.value_or(EsaName{.band = {}, .stem = {}, .resolution = 0});
            date->second = sensing_date_of(candidate.path, name, candidate.product_file);
        }
        set_date(candidate, date->second);
    }
}

std::vector<BandCandidate> esa_candidates(const std::vector<fs::path>& files, const fs::path& folder) {
    std::vector<BandCandidate> found;
    for (const fs::path& file : files) {
        const auto mask = parse_esa_mask_name(file);
        if (mask && (mask->stem.empty() || lies_among_bands(file, folder))) {
            found.push_back(candidate_of(file, *mask, true));
        } else if (const auto name = parse_esa_name(file); name && lies_among_bands(file, folder)) {
            found.push_back(candidate_of(file, *name, false));
        }
    }
    return found;
}

bool has_bands(const std::vector<BandCandidate>& candidates) {
    return std::any_of(candidates.begin(), candidates.end(),
                       [](const BandCandidate& candidate) { return !candidate.auxiliary; });
}

/// Zips are inputs of their own. One among folders would be passed over in silence.
void require_no_zipped_product(const fs::path& folder, const std::vector<fs::path>& files) {
    for (const fs::path& file : files) {
        const fs::path name = file.stem();
        std::error_code ignored;
        const bool unpacked = fs::is_directory(file.parent_path() / name, ignored) ||
                              fs::is_directory(file.parent_path() / (name.string() + ".SAFE"), ignored);
        const bool is_product =
            !level_in_path(name).empty() || is_landsat_name(name.string()) || name.extension() == ".SAFE";
        if (is_product && !unpacked && is_zip(file)) {
            refuse(file, {}, "is not read as a part of the folder " + shown(folder), "give it as an input of its own");
        }
    }
}

[[noreturn]] void refuse_without_bands(const fs::path& folder, const std::vector<fs::path>& files) {
    if (std::any_of(files.begin(), files.end(), is_landsat_level1)) {
        refuse_landsat_level1(folder);
    }
    refuse(
        folder, {},
        "holds no band files with names of ESA (T33UUU_20170216T102101_B04.jp2) or Landsat (..._SR_B4.TIF), nor with "
        "one stem",
        "name another folder, or the bands as NAME=PATH");
}

/// Of a band that a product offers at several resolutions, the finest.
std::vector<BandCandidate> without_coarser_versions(std::vector<BandCandidate> candidates) {
    std::map<std::pair<std::string, std::optional<Acquisition>>, BandCandidate> kept;
    for (BandCandidate& candidate : candidates) {
        const auto [entry, is_new] = kept.try_emplace({candidate.name, candidate.when}, candidate);
        if (!is_new) {
            keep_finest(entry->second, std::move(candidate));
        }
    }
    std::vector<BandCandidate> result;
    for (auto& [key, candidate] : kept) {
        result.push_back(std::move(candidate));
    }
    return result;
}

} // namespace

BandCandidate candidate_of_esa_file(const fs::path& file, const EsaName& name) {
    BandCandidate candidate = candidate_of(file, name, false);
    candidate.product_file = product_file_of(file);
    candidate.level = level_of(file, candidate.product_file);
    set_date(candidate, sensing_date_of(file, name, candidate.product_file));
    return candidate;
}

std::vector<BandCandidate> candidates_of_folder(const fs::path& folder, const std::optional<fs::path>& product_file,
                                                const std::string& granule) {
    const std::vector<fs::path> files = files_below(folder);
    require_no_zipped_product(folder, files);
    std::vector<BandCandidate> esa = esa_candidates(files, folder);
    std::vector<BandCandidate> others = landsat_candidates(files);
    if (!has_bands(esa) && !has_bands(others)) {
        others = suffix_candidates(files);
    }
    if (!has_bands(esa) && !has_bands(others)) {
        refuse_without_bands(folder, files);
    }
    if (!granule.empty()) {
        keep_granule(folder, granule, esa, others);
    }
    require_one_granule(esa);
    find_metadata(folder, product_file, esa);
    set_dates(esa);
    esa.insert(esa.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
    return without_coarser_versions(std::move(esa));
}

} // namespace lcclass
