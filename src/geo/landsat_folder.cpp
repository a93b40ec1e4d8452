#include "geo/landsat_folder.h"

#include "geo/product_files.h"
#include "geo/scene_names.h"
#include "lcclass/core/error.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

bool is_raster_name(const fs::path& file) {
    static const std::set<std::string> endings = {".tif", ".tiff", ".TIF", ".TIFF", ".jp2", ".JP2"};
    return endings.contains(file.extension().string());
}

struct SuffixedName {
    std::string stem;
    std::string suffix;
};

std::optional<SuffixedName> parse_suffixed(const fs::path& file) {
    static const std::regex pattern("([A-Za-z0-9_.-]*[A-Za-z0-9])_([A-Za-z0-9-]+)");
    const std::string name = file.stem().string();
    std::smatch match;
    if (!is_raster_name(file) || name.size() > 255 || !std::regex_match(name, match, pattern)) {
        return std::nullopt;
    }
    return SuffixedName{.stem = match[1].str(), .suffix = match[2].str()};
}

std::optional<Acquisition> first_of_day(std::optional<Date> date) {
    return date ? std::optional(Acquisition{.date = *date}) : std::nullopt;
}

/// `metadata` is read once per product by the caller.
BandCandidate landsat_candidate(const fs::path& file, const LandsatName& name, const std::optional<fs::path>& metadata,
                                std::optional<Date> date) {
    BandCandidate candidate;
    candidate.name = name.band;
    candidate.path = file;
    candidate.landsat = name;
    candidate.product_file = metadata;
    candidate.scene = (file.parent_path() / name.product).string();
    candidate.level = level_in_path(name.product + "_");
    candidate.when = first_of_day(date);
    candidate.auxiliary = name.is_flags();
    return candidate;
}

std::optional<Date> date_of_product(const std::string& product, const std::optional<fs::path>& metadata) {
    const std::optional<Date> date = metadata ? landsat_date(*metadata) : std::nullopt;
    return date ? date : date_in_name(product);
}

} // namespace

void refuse_landsat_level1(const fs::path& where) {
    throw Error(ExitCode::input, {.where = shown(where),
                                  .field = {},
                                  .problem = "is a Landsat product of Level-1: its numbers are no surface reflectance",
                                  .fix = "use the Collection 2 Level-2 product of the scene (..._L2SP_..._SR_B4.TIF)"});
}

BandCandidate candidate_of_landsat_file(const fs::path& file, const LandsatName& name) {
    const std::optional<fs::path> metadata = landsat_metadata_beside(file, name.product);
    return landsat_candidate(file, name, metadata, date_of_product(name.product, metadata));
}

std::vector<BandCandidate> landsat_candidates(const std::vector<fs::path>& files) {
    std::vector<BandCandidate> candidates;
    std::map<std::string, BandCandidate> first_of_scene;
    for (const fs::path& file : files) {
        if (const auto name = parse_landsat_name(file)) {
            const std::string scene = (file.parent_path() / name->product).string();
            auto first = first_of_scene.find(scene);
            if (first == first_of_scene.end()) {
                first = first_of_scene.emplace(scene, candidate_of_landsat_file(file, *name)).first;
            }
            const auto& when = first->second.when;
            candidates.push_back(landsat_candidate(file, *name, first->second.product_file,
                                                   when ? std::optional(when->date) : std::nullopt));
        }
    }
    return candidates;
}

std::vector<BandCandidate> candidates_of_landsat_metadata(const fs::path& metadata) {
    const std::string product = product_of_landsat_metadata(metadata);
    const std::optional<Date> date = date_of_product(product, metadata);
    std::vector<BandCandidate> candidates;
    for (const fs::path& file : files_in(metadata.has_parent_path() ? metadata.parent_path() : fs::path("."))) {
        const auto name = parse_landsat_name(file);
        if (name && name->product == product) {
            candidates.push_back(landsat_candidate(file, *name, metadata, date));
        }
    }
    if (candidates.empty()) {
        throw Error(ExitCode::input, {.where = metadata.string(),
                                      .field = {},
                                      .problem = "there are no Level-2 bands of " + product + " beside it",
                                      .fix = "keep the bands (..._SR_B4.TIF, ...) in the folder of their metadata"});
    }
    return candidates;
}

std::vector<BandCandidate> suffix_candidates(const std::vector<fs::path>& files) {
    std::vector<BandCandidate> candidates;
    std::set<std::string> other_stems;
    for (const fs::path& file : files) {
        const auto name = is_landsat_level1(file) ? std::nullopt : parse_suffixed(file);
        if (!name) {
            if (is_raster_name(file)) {
                return {};
            }
            continue;
        }
        if (!is_landsat_name(name->stem)) {
            other_stems.insert(name->stem);
        }
        BandCandidate candidate;
        candidate.name = name->suffix;
        candidate.path = file;
        candidate.scene = (file.parent_path() / name->stem).string();
        candidate.level = level_in_path(name->stem);
        const std::optional<Date> date = date_in_name(name->stem);
        candidate.when = first_of_day(date ? date : date_in_name(folder_name_of(file)));
        candidates.push_back(std::move(candidate));
    }
    const bool share_a_stem = other_stems.empty() || (other_stems.size() == 1 && candidates.size() > 1);
    return share_a_stem ? candidates : std::vector<BandCandidate>{};
}

} // namespace lcclass
