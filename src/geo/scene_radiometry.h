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
#include <vector>

namespace lcclass {

class RadiometryRule {
public:
    /// `auto`, `none` or `scale=S,offset=O`. Throws Error(command_line) for anything else, and for an offset that
    /// looks like digital numbers.
    /// `min_valid_dn`: as in SceneOptions.
    explicit RadiometryRule(const std::string& text, std::int64_t min_valid_dn);

    /// A stated scale and offset hold for the Sentinel-2 bands among `bands`; else for Landsat's reflectances; else for
    /// all. The others take what `auto` gives them.
    void apply_to(const std::vector<FoundBand>& bands);

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
    /// Those that a statement is about.
    enum class Stated { all, sentinel2, landsat };

    [[nodiscard]] bool is_stated_for(const FoundBand& band) const;
    Meaning meaning_of_landsat(const FoundBand& band);
    Radiometry landsat_radiometry(const BandCandidate& candidate);
    std::shared_ptr<const Sentinel2Product> product_of(const BandCandidate& candidate);

    bool m_automatic = false;
    Stated m_stated_for = Stated::all;
    float m_min_valid_dn = 1;
    Radiometry m_stated;
    std::map<std::string, std::shared_ptr<const Sentinel2Product>> m_products;
    std::map<std::string, LandsatProduct> m_landsat_products;
};

} // namespace lcclass
