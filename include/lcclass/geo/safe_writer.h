/// A Sentinel-2 L2A product folder made from reflectance: MTD_MSIL2A.xml, JP2 bands at 10 and 20 m, SCL.
/// A SafeWriter belongs to one thread; `finish` uses all.
#pragma once

#include "lcclass/core/pixel_block.h"
#include "lcclass/core/progress.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace lcclass {

/// Processing baselines that differ in their numbers: 05.11 adds 1000 to every number, 03.01 does not.
enum class SafeBaseline { n0301, n0511 };

/// `03.01`, `05.11`.
std::string to_string(SafeBaseline baseline);
/// Throws Error(command_line) listing the known ones.
SafeBaseline parse_safe_baseline(const std::string& word);

/// What the product says about itself. Its name ends on `_SIMULATED.SAFE`.
struct SafeProduct {
    GridSpec grid;                      ///< of the 10 m bands, with CRS; even width and height
    std::string tile;                   ///< `33UVQ`
    std::string sensing_time;           ///< `20180512T100031`
    std::vector<std::string> bands_10m; ///< `B02`, ...
    std::vector<std::string> bands_20m;
    std::string remark; ///< kept in the metadata and in every band
    SafeBaseline baseline = SafeBaseline::n0511;

    /// `S2A_MSIL2A_20180512T100031_N0511_R122_T33UVQ_SIMULATED.SAFE`
    [[nodiscard]] std::string folder_name() const;
};

/// DN = reflectance x 10000, and + 1000 from processing baseline 04.00 on, rounded, 1..65534; NaN is 0.
/// Baseline 03.01 therefore holds no reflectance below 0.0001.
std::uint16_t reflectance_to_dn(float reflectance, SafeBaseline baseline);

class SafeWriter {
public:
    /// Makes the folders below `parent` and the uncompressed files that the bands are collected in.
    /// Throws: Error(output).
    SafeWriter(const std::filesystem::path& parent, SafeProduct product);
    /// Removes what `finish` has not turned into a product.
    ~SafeWriter();

    /// Writes one window of all bands: reflectances at 10 m and 20 m, scene classification codes at 20 m.
    /// Requires: windows of the 20 m grid for the latter two. Throws: Error(output).
    void write(const PixelBlock& bands_10m, const PixelBlock& bands_20m, const PixelBlock& scl);
    /// Encodes the bands as lossless JPEG 2000, writes the XML files and checks what was written.
    /// Throws: Error(output); Error(interrupted).
    void finish(Progress& progress);

    /// The product folder.
    [[nodiscard]] const std::filesystem::path& path() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace lcclass
