/// The names that ESA gives to the band files of Sentinel-2 products.
/// Functions are safe from any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace lcclass {

struct EsaName {
    std::string band;   ///< `B01`..`B12`, `B8A`
    std::string stem;   ///< what stands before the band: tile and sensing time, `T33UUU_20170216T102101`; may be empty
    int resolution = 0; ///< metres, from `_10m`; 0 when the name does not say
};

/// Understands `T33UUU_20170216T102101_B04.jp2`, `..._B04_10m.jp2`, `B04.tif`. Nothing for other names, for the masks
/// of a product (`MSK_...`) and for Landsat, whose `_B10` and `_B11` mean something else.
std::optional<EsaName> parse_esa_name(const std::filesystem::path& file);

/// What describes the pixels of an L2A product: `T33UUU_20170216T102101_SCL_20m.jp2` is `SCL`, `MSK_CLDPRB_20m.jp2` and
/// `MSK_SNWPRB_20m.jp2` in its QI_DATA are `CLDPRB` and `SNWPRB`. Nothing for other names.
std::optional<EsaName> parse_esa_mask_name(const std::filesystem::path& file);

/// `B1` as products write it in their metadata to `B01`; other texts as they are.
std::string padded_band_name(const std::string& physical_band);

} // namespace lcclass
