/// Who says how stored numbers become reflectance: the user, the product, the file, or nobody.
/// A value; const access is safe from any thread.
#pragma once

#include "geo/raster_dataset.h"
#include "geo/scene_inputs.h"
#include "geo/sentinel2_product.h"

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
    explicit RadiometryRule(const std::string& text);

    /// Is the band called B01..B12 or B8A, by its file, its description or the user?
    static bool has_sentinel2_name(const BandCandidate& candidate, const RasterBandInfo& info);
    /// A stated scale and offset hold for bands with such names only; the others take what `auto` gives them.
    void keep_to_sentinel2_names();

    struct Meaning {
        Radiometry radiometry;
        std::string unit;
        std::vector<float> masked_numbers;
    };
    /// Throws Error(input) when nobody states the radiometry of a Sentinel-2 band, or the product's metadata is broken.
    Meaning meaning_of(const BandCandidate& candidate, const RasterBandInfo& info);

private:
    Radiometry automatic(const BandCandidate& candidate, const RasterBandInfo& info);
    std::shared_ptr<const Sentinel2Product> product_of(const BandCandidate& candidate);

    bool m_automatic = false;
    bool m_sentinel2_only = false;
    Radiometry m_stated;
    std::map<std::string, std::shared_ptr<const Sentinel2Product>> m_products;
};

} // namespace lcclass
