/// The metadata file of a Sentinel-2 product: how its numbers become reflectance.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/date.h"
#include "lcclass/core/raster_source.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace lcclass {

struct Sentinel2Product {
    std::filesystem::path file;
    std::string level;                        ///< `L1C` or `L2A`
    std::string baseline;                     ///< `05.11`
    double quantification = 0;                ///< > 0
    std::map<std::string, double> add_offset; ///< per band, DN; empty when the baseline knows none (< 04.00)
    std::string offset_xpath;                 ///< where the offsets stand, for messages
    double nodata_dn = 0;
    double saturated_dn = 65535;

    /// reflectance = DN / quantification + add_offset / quantification. Throws Error(input) when the product lists
    /// offsets but none for `band`.
    [[nodiscard]] Radiometry radiometry_of(const std::string& band) const;
};

/// Reads `MTD_MSIL1C.xml`, `MTD_MSIL2A.xml` or what old products call it. Throws Error(input) with the XPath of what is
/// missing or no number, and for a baseline of 04.00 or later without offsets.
Sentinel2Product read_product(const std::filesystem::path& file);

/// When the product was sensed; nothing for metadata that cannot be read, which `read_product` explains.
std::optional<Date> sensing_date(const std::filesystem::path& file);

/// `L1C` or `L2A` for the name of a product's metadata: `MTD_MSIL2A.xml`, `S2A_OPER_MTD_SAFL1C_....xml`; else empty.
std::string level_of_product_file(const std::filesystem::path& file);

/// Throws Error(input) unless `file` has the name of a product's metadata.
void require_product_name(const std::filesystem::path& file);

/// The metadata file in `folder`, if there is one. Throws Error(input) when there are two.
std::optional<std::filesystem::path> find_product_file(const std::filesystem::path& folder);

/// The metadata file of the product in whose GRANULE folder `band_file` lies, if any.
std::optional<std::filesystem::path> product_file_of(const std::filesystem::path& band_file);

} // namespace lcclass
