#include "geo/scene_inputs.h"

#include "geo/sentinel2_product.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <map>
#include <set>
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

BandCandidate esa_candidate(const fs::path& file, const EsaName& name) {
    return {.name = name.band,
            .path = file,
            .band_index = std::nullopt,
            .esa = name,
            .product_file = product_file_of(file)};
}

/// A band file in a product's folders other than these is a mask, a preview or an auxiliary grid.
bool holds_no_bands(const fs::path& folder) {
    static const std::set<std::string> names = {"QI_DATA", "AUX_DATA", "HTML", "rep_info", "DATASTRIP"};
    const std::string name = folder.filename().string();
    return names.contains(name) || name.starts_with(".");
}

std::vector<fs::path> esa_files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code status;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, status);
    for (; !status && entry != fs::recursive_directory_iterator(); entry.increment(status)) {
        std::error_code ignored;
        if (entry->is_directory(ignored)) {
            if (holds_no_bands(entry->path())) {
                entry.disable_recursion_pending();
            }
        } else if (parse_esa_name(entry->path())) {
            files.push_back(entry->path());
        }
    }
    if (status) {
        refuse(folder.string(), "cannot be listed: " + status.message(), "check its permissions");
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// The granule folder that a band file belongs to: above R10m, R20m, R60m.
std::string granule_of(const fs::path& file) {
    const fs::path folder = file.parent_path();
    const std::string name = folder.filename().string();
    const bool by_resolution = name == "R10m" || name == "R20m" || name == "R60m";
    return (by_resolution ? folder.parent_path() : folder).string();
}

/// Resolution in metres that the file's name or folder states, 0 when neither does.
int stated_resolution(const BandCandidate& candidate) {
    if (candidate.esa->resolution != 0) {
        return candidate.esa->resolution;
    }
    const std::string folder = candidate.path.parent_path().filename().string();
    return folder == "R10m" ? 10 : folder == "R20m" ? 20 : folder == "R60m" ? 60 : 0;
}

/// Keeps the better of two files for one band: the finer one of the same granule and name. Anything else is ambiguous.
void keep_finest(BandCandidate& kept, BandCandidate other) {
    const bool same_scene = granule_of(kept.path) == granule_of(other.path) && kept.esa->stem == other.esa->stem;
    const int a = stated_resolution(kept);
    const int b = stated_resolution(other);
    if (!same_scene || a == b || a == 0 || b == 0) {
        refuse_two_candidates(kept.name, kept.path.string(), other.path.string());
    }
    if (b < a) {
        kept = std::move(other);
    }
}

/// `product_file` is the metadata that the user named, or else what lies in the folder or above it.
void add_folder(const fs::path& folder, std::optional<fs::path> product_file, std::vector<BandCandidate>& candidates) {
    std::map<std::string, BandCandidate> by_band;
    for (const fs::path& file : esa_files_below(folder)) {
        BandCandidate candidate = esa_candidate(file, *parse_esa_name(file));
        if (product_file || !candidate.product_file) {
            candidate.product_file = product_file ? product_file : find_product_file(folder);
        }
        const auto [kept, is_new] = by_band.try_emplace(candidate.name, candidate);
        if (!is_new) {
            keep_finest(kept->second, std::move(candidate));
        }
    }
    if (by_band.empty()) {
        refuse(folder.string(), "holds no band files with ESA names, such as T33UUU_20170216T102101_B04.jp2",
               "name another folder, or the bands as NAME=PATH");
    }
    for (auto& [band, candidate] : by_band) {
        candidates.push_back(std::move(candidate));
    }
}

void require_band_name(const std::string& name, const std::string& input) {
    static const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (name.empty() || name.find_first_not_of(allowed) != std::string::npos) {
        refuse(input, "'" + name + "' cannot be the name of a band", "use letters, digits, '.', '_' and '-'");
    }
}

/// `NAME=PATH[:BAND]`; a path that exists as it stands keeps its colon.
void add_named(const std::string& input, std::size_t equals, std::vector<BandCandidate>& candidates) {
    BandCandidate candidate;
    candidate.name = input.substr(0, equals);
    require_band_name(candidate.name, input);
    std::string path = input.substr(equals + 1);
    const std::size_t colon = path.rfind(':');
    if (!is_there(path) && colon != std::string::npos) {
        const auto number = parse_int(path.substr(colon + 1));
        if (!number || *number < 1 || *number > 65535) {
            refuse(input, "'" + path.substr(colon + 1) + "' is not the number of a band", "count bands from 1");
        }
        candidate.band_index = static_cast<int>(*number);
        path.resize(colon);
    }
    candidate.path = path;
    candidate.esa = parse_esa_name(path);
    candidate.product_file = candidate.esa ? product_file_of(path) : std::nullopt;
    candidates.push_back(std::move(candidate));
}

void add_input(const std::string& input, std::vector<BandCandidate>& candidates) {
    const fs::path path = input;
    const std::size_t equals = input.find('=');
    if (!is_there(path) && equals != std::string::npos) {
        add_named(input, equals, candidates);
    } else if (is_folder(path)) {
        add_folder(path, std::nullopt, candidates);
    } else if (path.extension() == ".xml") {
        require_product_name(path);
        add_folder(path.has_parent_path() ? path.parent_path() : fs::path("."), path, candidates);
    } else if (const auto esa = parse_esa_name(path)) {
        candidates.push_back(esa_candidate(path, *esa));
    } else {
        candidates.push_back(
            {.name = {}, .path = path, .band_index = std::nullopt, .esa = std::nullopt, .product_file = std::nullopt});
    }
}

} // namespace

void refuse_two_candidates(const std::string& band, const std::string& first, const std::string& second) {
    refuse(first, "band " + band + " is found a second time in " + second,
           "name one scene, or the file that is meant as " + band + "=PATH");
}

std::vector<BandCandidate> find_candidates(const std::vector<std::string>& inputs) {
    std::vector<BandCandidate> candidates;
    for (const std::string& input : inputs) {
        add_input(input, candidates);
    }
    return candidates;
}

} // namespace lcclass
