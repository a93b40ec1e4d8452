#include "geo/scene_inputs.h"

#include "geo/landsat_folder.h"
#include "geo/product_files.h"
#include "geo/scene_folder.h"
#include "geo/scene_names.h"
#include "geo/sentinel2_product.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& where, std::string problem, std::string fix) {
    throw Error(ExitCode::input, {.where = where, .field = {}, .problem = std::move(problem), .fix = std::move(fix)});
}

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool is_folder(const fs::path& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

/// What the user wrote: `NAME@DATE=PATH`, of which only the path is needed.
struct WrittenInput {
    std::string text; ///< all of it, for messages
    std::string name;
    bool has_at = false;
    std::optional<Acquisition> when;
    std::string path;
};

void require_band_name(const std::string& name, const std::string& input) {
    static const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (name.empty() || name.find_first_not_of(allowed) != std::string::npos) {
        refuse(input, "'" + name + "' cannot be the name of a band", "use letters, digits, '.', '_' and '-'");
    }
}

WrittenInput parse_input(const std::string& text) {
    WrittenInput input;
    input.text = text;
    const std::size_t equals = text.find('=');
    if (is_there(text) || equals == std::string::npos) {
        input.path = text;
        return input;
    }
    const DatedName dated = split_dated_name(text.substr(0, equals));
    input.path = text.substr(equals + 1);
    input.name = dated.name;
    input.has_at = text.find('@') < equals;
    input.when = parse_acquisition(dated.when);
    if (!dated.when.empty() && !input.when) {
        refuse(text, "'" + dated.when + "' is not a date", "write it as in " + dated.name + "@2018-05-06=PATH");
    }
    if (!input.has_at || !input.name.empty()) {
        require_band_name(input.name, text);
    } else if (!input.when) {
        refuse(text, "says neither a band nor a date", "write NAME=PATH, NAME@2018-05-06=PATH or @2018-05-06=PATH");
    }
    return input;
}

/// GDAL would read archives of the network and of formats that nobody meant.
void require_local_path(const std::string& path) {
    if (path.starts_with("/vsi")) {
        refuse(path, "GDAL's virtual file systems are not read", "name the product's own .zip, or a file on a disk");
    }
}

void require_no_level1(const fs::path& file) {
    if (is_landsat_level1(file)) {
        refuse_landsat_level1(file);
    }
}

std::optional<Acquisition> first_of_day(std::optional<Date> date) {
    return date ? std::optional(Acquisition{.date = *date}) : std::nullopt;
}

/// `PATH[:BAND]`; a path that exists as it stands keeps its colon.
BandCandidate named_candidate(const WrittenInput& input) {
    BandCandidate candidate;
    std::optional<int> band_index;
    std::string path = input.path;
    const std::size_t colon = path.rfind(':');
    if (!is_there(path) && colon != std::string::npos) {
        const auto number = parse_int(path.substr(colon + 1));
        if (!number || *number < 1 || *number > 65535) {
            refuse(input.text, "'" + path.substr(colon + 1) + "' is not the number of a band", "count bands from 1");
        }
        band_index = static_cast<int>(*number);
        path.resize(colon);
    }
    require_no_level1(path);
    if (const auto esa = parse_esa_name(path)) {
        candidate = candidate_of_esa_file(path, *esa);
        if (!candidate.product_file && esa->stem.empty()) {
            candidate.when.reset(); // a folder's name is no evidence for a file that the user names
        }
    } else if (const auto landsat = parse_landsat_name(path)) {
        candidate = candidate_of_landsat_file(path, *landsat);
    } else if (const std::string name = fs::path(path).filename().string(); is_landsat_name(name)) {
        candidate.when = first_of_day(date_in_name(name));
        candidate.level = level_in_path(path);
    }
    candidate.name = input.name;
    candidate.path = path;
    candidate.band_index = band_index;
    candidate.descriptions_are_dates = input.has_at && !input.when;
    return candidate;
}

std::vector<BandCandidate> candidates_of_whole(const std::string& text, const std::string& granule) {
    const fs::path path = text;
    if (is_folder(path)) {
        return candidates_of_folder(path, std::nullopt, granule);
    }
    if (is_zip(path)) {
        return candidates_of_folder(inside_zip(path), std::nullopt, granule);
    }
    if (!product_of_landsat_metadata(path).empty()) {
        return candidates_of_landsat_metadata(path);
    }
    if (path.extension() == ".xml") {
        require_product_name(path);
        return candidates_of_folder(path.has_parent_path() ? path.parent_path() : fs::path("."), path, granule);
    }
    if (const auto esa = parse_esa_name(path)) {
        return {candidate_of_esa_file(path, *esa)};
    }
    if (const auto landsat = parse_landsat_name(path)) {
        return {candidate_of_landsat_file(path, *landsat)};
    }
    require_no_level1(path);
    BandCandidate candidate;
    candidate.path = path;
    candidate.when = first_of_day(date_in_name(path.filename().string()));
    candidate.level = level_in_path(path.filename());
    return {candidate};
}

} // namespace

void refuse_two_candidates(const std::string& band, const std::string& first, const std::string& second) {
    refuse(first, "band " + band + " is found a second time in " + second,
           "name one scene (or --granule), or the file that is meant as " + band + "=PATH");
}

std::vector<BandCandidate> find_candidates(const SceneOptions& options) {
    std::vector<BandCandidate> candidates;
    for (const std::string& text : options.inputs) {
        const WrittenInput input = parse_input(text);
        require_local_path(input.path);
        std::vector<BandCandidate> found = input.name.empty() ? candidates_of_whole(input.path, options.granule)
                                                              : std::vector<BandCandidate>{named_candidate(input)};
        for (BandCandidate& candidate : found) {
            if (input.when) {
                candidate.when = input.when;
                candidate.date_was_stated = true;
            }
            candidates.push_back(std::move(candidate));
        }
    }
    return candidates;
}

} // namespace lcclass
