/// Landsat Collection 2 Level-2 products: the names of their files, and the metadata that says what their numbers mean.
/// Values; functions are safe from any thread.
#pragma once

#include "lcclass/core/date.h"
#include "lcclass/core/raster_source.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace lcclass {

struct LandsatName {
    std::string product; ///< `LC08_L2SP_193023_20180506_20200901_02_T1`
    std::string band;    ///< `SR_B4`, `ST_B10`, `QA_PIXEL`, `QA_RADSAT`

    /// Surface reflectance, in difference to temperature and flags.
    [[nodiscard]] bool is_reflectance() const { return band.starts_with("SR_"); }
    [[nodiscard]] bool is_flags() const { return band.starts_with("QA_"); }
};

/// Understands `LC08_L2SP_193023_20180506_20200901_02_T1_SR_B4.TIF`; nothing for other names and for Level-1.
std::optional<LandsatName> parse_landsat_name(const std::filesystem::path& file);

/// True for the band files of Level-1 products, whose numbers are no surface reflectance.
bool is_landsat_level1(const std::filesystem::path& file);

/// The product whose metadata `file` is by its name, `..._MTL.xml` or `..._MTL.txt`; empty for other names.
std::string product_of_landsat_metadata(const std::filesystem::path& file);

/// `..._MTL.xml`, or else `..._MTL.txt`, beside a band file of `product`.
std::optional<std::filesystem::path> landsat_metadata_beside(const std::filesystem::path& band_file,
                                                             const std::string& product);

struct LandsatProduct {
    std::filesystem::path file;
    std::string level; ///< `L2SP`, `L2SR`
    std::optional<Date> date;
    std::map<std::string, std::string> numbers; ///< `<group>/<key>` to text, as the metadata has them

    /// value = DN x multiplier + summand of the band's own group. Throws Error(input) naming the key that is missing or
    /// no number.
    [[nodiscard]] Radiometry radiometry_of(const LandsatName& name) const;
};

/// Reads `..._MTL.xml` or `..._MTL.txt`. Throws Error(input) for what is neither, is cut short, or is not of Level-2.
LandsatProduct read_landsat_product(const std::filesystem::path& file);

/// DATE_ACQUIRED; nothing for metadata that cannot be read, which `read_landsat_product` explains.
std::optional<Date> landsat_date(const std::filesystem::path& file);

} // namespace lcclass
