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

    /// Is the band called B01..B12 or B8A, by its file, its description or the user?
    static bool has_sentinel2_name(const FoundBand& band);
    /// A stated scale and offset hold for bands with such names only; the others take what `auto` gives them.
    void keep_to_sentinel2_names();

    struct Meaning {
        Radiometry radiometry;
        std::string unit;
        MaskedNumbers masked;
    };
    /// Throws Error(input) when nobody states the radiometry of a Sentinel-2 band, or the product's metadata is broken.
    Meaning meaning_of(const FoundBand& band);

private:
    Radiometry automatic(const FoundBand& band);
    std::shared_ptr<const Sentinel2Product> product_of(const BandCandidate& candidate);

    bool m_automatic = false;
    bool m_sentinel2_only = false;
    float m_min_valid_dn = 1;
    Radiometry m_stated;
    std::map<std::string, std::shared_ptr<const Sentinel2Product>> m_products;
};

} // namespace lcclass
