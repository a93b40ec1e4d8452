#include "geo/scene_radiometry.h"

#include "geo/product_files.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

namespace {

[[noreturn]] void refuse_text(const std::string& text, const std::string& problem) {
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = "radiometry=" + text,
                                         .problem = problem,
                                         .fix = "write auto, none, or for example scale=0.0001,offset=-0.1"});
}

Radiometry parse_stated(const std::string& text) {
    std::map<std::string, double> numbers;
    for (const std::string& part : split(text, ',')) {
        const std::vector<std::string> pair = split(part, '=');
        const std::string key(trim(pair[0]));
        const auto number = pair.size() == 2 ? parse_double(trim(pair[1])) : std::nullopt;
        if ((key != "scale" && key != "offset") || !number || !std::isfinite(*number)) {
            refuse_text(text, "'" + part + "' is not scale=NUMBER or offset=NUMBER");
        }
        if (!numbers.emplace(key, *number).second) {
            refuse_text(text, key + " is stated twice");
        }
    }
    if (!numbers.contains("scale") || !numbers.contains("offset")) {
        refuse_text(text, "both scale and offset must be stated");
    }
    return {.scale = numbers["scale"], .offset = numbers["offset"], .origin = "stated"};
}

bool is_integer(GDALDataType type) {
    return GDALDataTypeIsInteger(type) != 0;
}

bool is_landsat_reflectance(const FoundBand& band) {
    return band.candidate.landsat && band.candidate.landsat->is_reflectance();
}

/// Digital numbers may be stored as floating point: the scale, which is the reflectance of one of them, tells.
bool holds_digital_numbers(const FoundBand& band, const Radiometry& radiometry) {
    return is_integer(band.info.type) || std::abs(radiometry.scale) < 0.01;
}

} // namespace

RadiometryRule::RadiometryRule(const std::string& text, std::int64_t min_valid_dn)
    : m_automatic(text == "auto"), m_min_valid_dn(static_cast<float>(min_valid_dn)) {
    if (text == "auto" || text == "none") {
        return;
    }
    m_stated = parse_stated(text);
    if (m_stated.scale == 0) {
        refuse_text(text, "scale must not be 0");
    }
    if (std::abs(m_stated.offset) >= 2 && std::abs(m_stated.scale) < 0.01) {
        refuse_text(text, "the offset is in reflectance, not in digital numbers: value = DN x scale + offset, so that "
                          "an offset of -1000 DN at scale 0.0001 is offset=-0.1");
    }
}

void RadiometryRule::apply_to(const std::vector<FoundBand>& bands) {
    if (m_stated.origin != "stated") {
        return;
    }
    if (std::any_of(bands.begin(), bands.end(),
                    [](const FoundBand& band) { return !band.candidate.landsat && band.is_sentinel2(); })) {
        m_stated_for = Stated::sentinel2;
    } else if (std::any_of(bands.begin(), bands.end(), is_landsat_reflectance)) {
        m_stated_for = Stated::landsat;
    }
}

bool RadiometryRule::is_stated_for(const FoundBand& band) const {
    const bool landsat = band.candidate.landsat.has_value();
    return !m_automatic &&
           (m_stated_for == Stated::all || (m_stated_for == Stated::sentinel2 && !landsat && band.is_sentinel2()) ||
            (m_stated_for == Stated::landsat && is_landsat_reflectance(band)));
}

RadiometryRule::Meaning RadiometryRule::meaning_of(const FoundBand& band) {
    if (band.candidate.landsat) {
        return meaning_of_landsat(band);
    }
    Meaning meaning{
        .radiometry = is_stated_for(band) ? m_stated : automatic(band), .unit = band.info.unit, .masked = {}};
    if (!band.is_sentinel2()) {
        return meaning;
    }
    if (meaning.radiometry.origin != "none") {
        meaning.unit = "reflectance";
    }
    if (holds_digital_numbers(band, meaning.radiometry)) {
        const auto product = m_automatic ? product_of(band.candidate) : nullptr;
        meaning.masked = {.nodata = product ? static_cast<float>(product->nodata_dn) : 0.0F,
                          .saturated = product ? static_cast<float>(product->saturated_dn) : 65535.0F,
                          .lowest_valid = m_min_valid_dn};
    }
    return meaning;
}

/// Temperatures have numbers of their own, for which nothing can be stated.
RadiometryRule::Meaning RadiometryRule::meaning_of_landsat(const FoundBand& band) {
    const bool reflectance = band.candidate.landsat->is_reflectance();
    Meaning meaning{
        .radiometry = is_stated_for(band) ? m_stated : landsat_radiometry(band.candidate), .unit = {}, .masked = {}};
    if (meaning.radiometry.origin != "none") {
        meaning.unit = reflectance ? "reflectance" : "K";
    }
    if (holds_digital_numbers(band, meaning.radiometry)) {
        meaning.masked = {.nodata = 0.0F, .saturated = std::nullopt, .lowest_valid = m_min_valid_dn};
    }
    return meaning;
}

Radiometry RadiometryRule::landsat_radiometry(const BandCandidate& candidate) {
    if (!candidate.product_file) {
        const bool beside_sentinel2 = m_stated_for == Stated::sentinel2;
        throw Error(
            ExitCode::input,
            {.where = shown(candidate.path),
             .field = "radiometry=auto",
             .problem = std::string("without its ..._MTL.xml a Landsat band does not say what its numbers mean") +
                        (beside_sentinel2 ? "; what is stated is of the Sentinel-2 bands" : ""),
             .fix = std::string("put that file beside it") +
                    (beside_sentinel2 ? "" : ", or state --radiometry scale=0.0000275,offset=-0.2 (Collection 2)")});
    }
    const std::string file = candidate.product_file->string();
    auto product = m_landsat_products.find(file);
    if (product == m_landsat_products.end()) {
        product = m_landsat_products.emplace(file, read_landsat_product(file)).first;
    }
    return product->second.radiometry_of(*candidate.landsat);
}

Radiometry RadiometryRule::automatic(const FoundBand& band) {
    const BandCandidate& candidate = band.candidate;
    if (const auto product = product_of(candidate)) {
        return product->radiometry_of(candidate.esa->band);
    }
    if (band.info.scale || band.info.offset) {
        return {.scale = band.info.scale.value_or(1), .offset = band.info.offset.value_or(0), .origin = "file"};
    }
    if (candidate.esa || (band.is_sentinel2() && is_integer(band.info.type))) {
        throw Error(ExitCode::input,
                    {.where = shown(candidate.path),
                     .field = "radiometry=auto",
                     .problem =
                         "a Sentinel-2 band without its product's metadata does not say whether its numbers have "
                         "an offset",
                     .fix = "state --radiometry scale=0.0001,offset=-0.1 (baseline 04.00 and later), offset=0 (before) "
                            "or none"});
    }
    return {};
}

std::shared_ptr<const Sentinel2Product> RadiometryRule::product_of(const BandCandidate& candidate) {
    if (!candidate.esa || !candidate.product_file) {
        return nullptr;
    }
    auto& product = m_products[candidate.product_file->string()];
    if (!product) {
        product = std::make_shared<Sentinel2Product>(read_product(*candidate.product_file));
    }
    return product;
}

} // namespace lcclass
