/// The XML files of a Sentinel-2 L2A product.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/geo/safe_writer.h"

#include <string>

namespace lcclass {

/// Radiometry of the products that are written.
inline constexpr double boa_quantification = 10000;
constexpr double boa_add_offset(SafeBaseline baseline) {
    return baseline == SafeBaseline::n0511 ? -1000 : 0;
}

/// `GRANULE/<granule>/IMG_DATA/R10m/T33UVQ_20180512T100031_B02_10m`, without the ending, below the product folder.
std::string image_name(const SafeProduct& product, const std::string& band, int resolution_m);
/// The folder of the granule, below the product folder.
std::string granule_folder(const SafeProduct& product);

/// Content of MTD_MSIL2A.xml.
std::string product_xml(const SafeProduct& product);
/// Content of MTD_TL.xml, the granule's own; `epsg` is `EPSG:32633`.
std::string granule_xml(const SafeProduct& product, const std::string& epsg);

} // namespace lcclass
