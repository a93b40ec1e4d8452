/// Who says how stored numbers become reflectance: the user, the product, the file, or nobody.
/// A value; const access is safe from any thread.
#pragma once

#include "geo/masked_numbers.h"
#include "geo/scene_band_names.h"
#include "geo/sentinel2_product.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace lcclass {

class RadiometryRule {
public:
    /// `auto`, `none` or `scale=S,offset=O`. Throws Error(command_line) for anything else, and for an offset that
    /// looks like digital numbers.
    /// `min_valid_dn`: as in SceneOptions.
    explicit RadiometryRule(const std::string& text, std::int64_t min_valid_dn);

    /// Is the band called B01..B12 or B8A, by its file, its description or the user, or surface reflectance of Landsat?
    static bool is_reflectance(const FoundBand& band);
    /// A stated scale and offset hold for such bands only; the others take what `auto` gives them.
    void keep_to_reflectance();

    struct Meaning {
        Radiometry radiometry;
        std::string unit;
        MaskedNumbers masked;
    };
    /// Throws Error(input) when nobody states the radiometry of a Sentinel-2 or Landsat band, or the product's metadata
    /// is broken.
    Meaning meaning_of(const FoundBand& band);

private:
    Radiometry automatic(const FoundBand& band);
    Meaning meaning_of_landsat(const FoundBand& band);
    Radiometry landsat_radiometry(const BandCandidate& candidate);
    std::shared_ptr<const Sentinel2Product> product_of(const BandCandidate& candidate);

    bool m_automatic = false;
    bool m_reflectance_only = false;
    float m_min_valid_dn = 1;
    Radiometry m_stated;
    std::map<std::string, std::shared_ptr<const Sentinel2Product>> m_products;
    std::map<std::string, LandsatProduct> m_landsat_products;
};

} // namespace lcclass
