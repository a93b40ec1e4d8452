#include "geo/scene_band_names.h"

#include "geo/product_files.h"
#include "geo/scene_names.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace lcclass {

namespace {

[[noreturn]] void refuse(const BandCandidate& candidate, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input, {.where = shown(candidate.path),
                                  .field = std::move(field),
                                  .problem = std::move(problem),
                                  .fix = std::move(fix)});
}

const RasterBandInfo& band_with_number(const BandCandidate& candidate, const std::vector<RasterBandInfo>& infos,
                                       int number) {
    const auto chosen =
        std::find_if(infos.begin(), infos.end(), [&](const RasterBandInfo& info) { return info.number == number; });
    if (chosen == infos.end() && infos.front().alpha_band == number) {
        refuse(candidate, "band=" + std::to_string(number), "is the alpha band, which says where the others have data",
               "name another band");
    }
    if (chosen == infos.end()) {
        refuse(candidate, "band=" + std::to_string(number), "the file has " + std::to_string(infos.size()) + " bands",
               "count bands from 1");
    }
    return *chosen;
}

/// The bands whose descriptions are dates are `NAME@date`, and `NAME@date.2` when the date comes again; others keep
/// their description.
void name_by_date(std::vector<FoundBand>& bands) {
    std::map<Date, int> seen;
    for (FoundBand& band : bands) {
        const std::optional<Date> date = parse_date(band.info.name);
        band.keeps_date = date.has_value();
        if (date) {
            band.when = Acquisition{.date = *date, .number = ++seen[*date]};
        } else {
            band.base = band.info.name;
            band.candidate.name.clear();
        }
    }
    if (seen.empty()) {
        const FoundBand& first = bands.front();
        refuse(first.candidate, "band " + std::to_string(first.info.number) + "=" + first.info.name,
               "no band's description is a date, as NAME@=PATH asks for",
               "describe the bands as in 2018-05-06, or write NAME@2018-05-06=PATH:BAND");
    }
}

/// `b3` of `LE70350322008118EDC00_b3.tif`.
std::optional<std::string> suffix_of_landsat_file(const std::filesystem::path& file) {
    const std::string stem = file.stem().string();
    const std::size_t line = stem.rfind('_');
    const bool has_suffix =
        line != std::string::npos && line + 1 < stem.size() && is_landsat_name(stem.substr(0, line));
    return has_suffix ? std::optional(stem.substr(line + 1)) : std::nullopt;
}

/// Descriptions are names, and say more about the date than the name of the file, if they say anything.
void name_by_description(std::vector<FoundBand>& bands) {
    const bool speaks_of_dates = std::any_of(bands.begin(), bands.end(), [](const FoundBand& band) {
        return band.info.name.find('@') != std::string::npos;
    });
    if (bands.size() == 1 && bands.front().info.name == "band_1") {
        bands.front().base = suffix_of_landsat_file(bands.front().candidate.path).value_or("band_1");
        return;
    }
    for (FoundBand& band : bands) {
        band.base = band.info.name;
        if (band.candidate.date_was_stated || !speaks_of_dates) {
            continue;
        }
        const DatedName described = split_dated_name(band.info.name);
        band.when = parse_acquisition(described.when);
        band.keeps_date = band.when.has_value();
        if (band.when) {
            band.base = described.name;
        }
    }
}

} // namespace

std::vector<FoundBand> bands_of_candidate(const BandCandidate& candidate, const GridSpec& grid,
                                          std::vector<RasterBandInfo> infos) {
    if (candidate.band_index) {
        infos = {band_with_number(candidate, infos, *candidate.band_index)};
    }
    std::vector<FoundBand> bands;
    for (RasterBandInfo& info : infos) {
        bands.push_back({.candidate = candidate,
                         .grid = grid,
                         .info = std::move(info),
                         .base = candidate.name,
                         .own_base = {},
                         .when = candidate.when,
                         .keeps_date = candidate.date_was_stated,
                         .name = {}});
    }
    if (candidate.descriptions_are_dates) {
        name_by_date(bands);
    } else if (candidate.name.empty()) {
        name_by_description(bands);
    } else if (bands.size() != 1) {
        refuse(candidate, "band",
               "the file has " + std::to_string(bands.size()) + " bands, so that it is not clear which is " +
                   candidate.name,
               "say which: " + candidate.name + "=PATH:BAND, or " + candidate.name + "@=PATH if they are its dates");
    }
    return bands;
}

bool FoundBand::is_sentinel2() const {
    const auto is_name = [](const std::string& text) {
        const auto esa = parse_esa_name(text + ".tif");
        return esa && esa->band == text;
    };
    return candidate.esa || is_name(base) || is_name(own_base);
}

void name_bands(const std::vector<std::string>& rename, std::vector<FoundBand>& bands) {
    std::vector<std::string> there;
    std::set<Acquisition> dates;
    for (FoundBand& band : bands) {
        band.own_base = band.base;
        there.push_back(band.base);
        if (band.when) {
            dates.insert(*band.when);
        }
    }
    std::vector<std::pair<FoundBand*, std::string>> renamed;
    for (const std::string& text : rename) {
        const std::vector<std::string> names = split(text, '=');
        if (names.size() != 2 || names[0].empty() || names[1].empty() || names[0].find('@') != std::string::npos) {
            throw Error(ExitCode::command_line, {.where = {},
                                                 .field = "rename=" + text,
                                                 .problem = "does not say what is renamed to what",
                                                 .fix = "write NEW=OLD without dates, as in --rename B08=SR_B5"});
        }
        if (std::find(there.begin(), there.end(), names[1]) == there.end()) {
            throw Error(ExitCode::configuration,
                        {.where = {},
                         .field = "rename=" + text,
                         .problem = "there is no band " + names[1] + did_you_mean(names[1], there),
                         .fix = "write NEW=OLD; bands are " + join(there, " ")});
        }
        for (FoundBand& band : bands) {
            if (band.base == names[1]) {
                renamed.emplace_back(&band, names[0]);
            }
        }
    }
    for (const auto& [band, name] : renamed) { // at the end, so that names can be swapped
        band->base = name;
        band->candidate.name = name;
    }
    for (FoundBand& band : bands) {
        const bool dated = band.when && (band.keeps_date || dates.size() > 1);
        band.name = dated ? band.base + "@" + to_string(*band.when) : band.base;
    }
}

} // namespace lcclass
