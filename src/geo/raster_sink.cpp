#include "geo/gdal_errors.h"
#include "geo/raster_legend.h"
#include "geo/raster_pixels.h"
#include "geo/raster_tiff.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_layout(const fs::path& path, std::string field, std::string problem) {
    throw Error(ExitCode::internal, {.where = path.string(),
                                     .field = std::move(field),
                                     .problem = std::move(problem),
                                     .fix = "report this as a bug"});
}

double nodata_of(const RasterLayout& layout) {
    const double usual = layout.type == PixelType::float32 ? std::numeric_limits<double>::quiet_NaN() : 0.0;
    return layout.nodata.value_or(usual);
}

void check_layout(const fs::path& path, const RasterLayout& layout) {
    const GridSpec& grid = layout.grid;
    constexpr std::int64_t largest = std::numeric_limits<int>::max();
    if (grid.width < 1 || grid.height < 1 || grid.width > largest || grid.height > largest) {
        refuse_layout(path, "size=" + std::to_string(grid.width) + "x" + std::to_string(grid.height),
                      "rasters have 1 to 2147483647 columns and rows");
    }
    std::set<std::string> names;
    for (const BandSpec& band : layout.bands) {
        if (band.name.empty() || !names.insert(band.name).second) {
            refuse_layout(path, "band=" + band.name, "band names must be there and be unique");
        }
    }
    if (layout.bands.empty() || layout.bands.size() > 65535) {
        refuse_layout(path, "bands=" + std::to_string(layout.bands.size()), "a GeoTIFF has 1 to 65535 bands");
    }
    const double nodata = nodata_of(layout);
    if (!fits(nodata, layout.type)) {
        refuse_layout(path, "nodata=" + format_number(nodata), "the pixel type cannot hold it");
    }
    for (const LandCoverClass& entry : layout.legend ? layout.legend->classes() : std::vector<LandCoverClass>()) {
        if (!fits(entry.code, layout.type) || entry.code == nodata) {
            refuse_layout(path, "class_code=" + std::to_string(entry.code),
                          entry.code == nodata ? "the class code is the nodata value"
                                               : "the pixel type cannot hold the class code");
        }
    }
}

/// Blocks of any size become whole tiles, which go to the file the moment they are complete.
class TiffSink final : public RasterSink {
public:
    TiffSink(const fs::path& path, RasterLayout layout)
        : m_layout(std::move(layout)), m_nodata(nodata_of(m_layout)),
          m_output(path, m_layout.overwrite), m_tiles{m_layout.grid.width, m_layout.grid.height},
          m_digests(static_cast<std::size_t>(m_tiles.n_tiles())) {
        if (m_layout.cloud_optimized) {
            m_staging = std::make_unique<AtomicOutput>(path, true);
        }
        m_dataset = create_tiff(pixel_file(), path, m_layout, m_nodata, m_layout.cloud_optimized);
        m_statistics.resize(m_layout.statistics ? m_digests.size() * m_layout.bands.size() : 0);
    }

    void write(const PixelBlock& block) override;
    void commit() override;

private:
    struct OpenTile {
        std::vector<std::byte> pixels; ///< band by band
        std::int64_t n_missing = 0;
    };

    [[nodiscard]] const fs::path& pixel_file() const { return (m_staging ? *m_staging : m_output).temporary(); }
    [[nodiscard]] std::size_t tile_bytes() const {
        return static_cast<std::size_t>(tile_size * tile_size) * bytes_per_pixel(m_layout.type);
    }
    OpenTile& open_tile(std::int64_t index);
    void copy_to_tile(const PixelBlock& block, std::int64_t index, OpenTile& tile);
    void write_tile(std::int64_t index, const OpenTile& tile);
    void count_codes(const Window& area, const std::byte* pixels);
    void store_statistics();
    void publish();

    RasterLayout m_layout;
    double m_nodata;
    AtomicOutput m_output;
    std::unique_ptr<AtomicOutput> m_staging; ///< never committed: pixels wait here to become a COG
    TileLayout m_tiles;
    std::vector<std::string> m_digests;        ///< per tile, empty until written
    CodeCounts m_code_counts;                  ///< of rasters with a palette
    std::vector<PixelStatistics> m_statistics; ///< per tile and band, for sums in an order that blocks do not change
    std::map<std::int64_t, OpenTile> m_open_tiles;
    std::vector<OpenTile> m_spare_tiles; ///< buffers to use again
    DatasetHandle m_dataset;             ///< closed before its file is removed
};

void TiffSink::write(const PixelBlock& block) {
    const Window& window = block.window;
    const bool inside = window.x >= 0 && window.y >= 0 && window.x + window.width <= m_tiles.width &&
                        window.y + window.height <= m_tiles.height;
    if (!inside || block.n_bands != static_cast<int>(m_layout.bands.size())) {
        refuse_layout(m_output.path(), "block", "does not fit the raster");
    }
    for (std::int64_t row = window.y / tile_size; row * tile_size < window.y + window.height; ++row) {
        for (std::int64_t column = window.x / tile_size; column * tile_size < window.x + window.width; ++column) {
            const std::int64_t index = row * m_tiles.n_columns() + column;
            OpenTile& tile = open_tile(index);
            copy_to_tile(block, index, tile);
            if (tile.n_missing == 0) {
                write_tile(index, tile);
                m_spare_tiles.push_back(std::move(tile));
                m_open_tiles.erase(index);
            }
        }
    }
}

TiffSink::OpenTile& TiffSink::open_tile(std::int64_t index) {
    if (!m_digests[static_cast<std::size_t>(index)].empty()) {
        refuse_layout(m_output.path(), "block", "pixels were written twice");
    }
    const auto found = m_open_tiles.find(index);
    if (found != m_open_tiles.end()) {
        return found->second;
    }
    OpenTile tile;
    if (!m_spare_tiles.empty()) {
        tile = std::move(m_spare_tiles.back());
        m_spare_tiles.pop_back();
    }
    tile.pixels.resize(tile_bytes() * m_layout.bands.size());
    tile.n_missing = m_tiles.window_of(index).n_pixels();
    fill_pixels(m_nodata, m_layout.type, static_cast<std::int64_t>(m_layout.bands.size()) * tile_size * tile_size,
                tile.pixels.data());
    return m_open_tiles.emplace(index, std::move(tile)).first->second;
}

void TiffSink::copy_to_tile(const PixelBlock& block, std::int64_t index, OpenTile& tile) {
    const Window area = m_tiles.window_of(index);
    const Window& window = block.window;
    const std::int64_t left = std::max(area.x, window.x);
    const std::int64_t right = std::min(area.x + area.width, window.x + window.width);
    const std::int64_t top = std::max(area.y, window.y);
    const std::int64_t bottom = std::min(area.y + area.height, window.y + window.height);
    const std::size_t pixel_bytes = bytes_per_pixel(m_layout.type);
    for (int band = 0; band < block.n_bands; ++band) {
        const std::string where = m_output.path().string() + ":" + m_layout.bands[static_cast<std::size_t>(band)].name;
        for (std::int64_t y = top; y < bottom; ++y) {
            const std::span<const float> values =
                block.band(band).subspan(static_cast<std::size_t>((y - window.y) * window.width + left - window.x),
                                         static_cast<std::size_t>(right - left));
            const auto at = static_cast<std::size_t>((y - area.y) * tile_size + left - area.x);
            encode_pixels(values, m_layout.type, m_nodata,
                          tile.pixels.data() + static_cast<std::size_t>(band) * tile_bytes() + at * pixel_bytes, where);
        }
    }
    tile.n_missing -= (right - left) * (bottom - top);
}

void TiffSink::write_tile(std::int64_t index, const OpenTile& tile) {
    const auto pixels_of = [&](int band) { return tile.pixels.data() + static_cast<std::size_t>(band) * tile_bytes(); };
    const Window area = m_tiles.window_of(index);
    const int n_bands = static_cast<int>(m_layout.bands.size());
    m_digests[static_cast<std::size_t>(index)] = tile_digest(area, n_bands, bytes_per_pixel(m_layout.type), pixels_of);
    if (m_layout.statistics) {
        for (int band = 0; band < n_bands; ++band) {
            m_statistics[static_cast<std::size_t>(index * n_bands + band)] =
                statistics_of(pixels_of(band), m_layout.type, m_nodata, area, tile_size);
        }
    }
    if (has_palette(m_layout)) {
        count_codes(area, pixels_of(0));
    }
    for (int band = 0; band < n_bands; ++band) {
        const GdalErrorScope gdal;
        // Straight to the file: through the block cache, other threads' reads would decide the order of tiles.
        const CPLErr status =
            GDALWriteBlock(GDALGetRasterBand(m_dataset.get(), band + 1), static_cast<int>(index % m_tiles.n_columns()),
                           static_cast<int>(index / m_tiles.n_columns()), const_cast<std::byte*>(pixels_of(band)));
        if (status != CE_None || gdal.n_own_failures() > 0) {
            throw Error(ExitCode::output, {.where = m_output.path().string(),
                                           .field = {},
                                           .problem = gdal.explain("writing failed"),
                                           .fix = "check free space, quota and the disk, then run again"});
        }
    }
}

void TiffSink::count_codes(const Window& area, const std::byte* pixels) {
    std::vector<std::int64_t> counts(static_cast<std::size_t>(largest_class_code) + 1);
    const std::size_t pixel_bytes = bytes_per_pixel(m_layout.type);
    for (std::int64_t row = 0; row < area.height; ++row) {
        const std::byte* line = pixels + static_cast<std::size_t>(row * tile_size) * pixel_bytes;
        for (std::size_t column = 0; column < static_cast<std::size_t>(area.width); ++column) {
            std::uint16_t code = 0;
            if (pixel_bytes == 1) {
                code = std::to_integer<std::uint16_t>(line[column]);
            } else {
                std::memcpy(&code, line + column * sizeof(code), sizeof(code));
            }
            ++counts[code];
        }
    }
    for (const LandCoverClass& entry : m_layout.legend->classes()) {
        m_code_counts[entry.code] += counts[static_cast<std::size_t>(entry.code)];
    }
}

void TiffSink::store_statistics() {
    const auto n_bands = m_layout.bands.size();
    for (std::size_t band = 0; m_layout.statistics && band < n_bands; ++band) {
        PixelStatistics total;
        for (std::size_t tile = 0; tile < m_digests.size(); ++tile) {
            total += m_statistics[tile * n_bands + band];
        }
        if (total.n == 0) {
            continue;
        }
        const auto n = static_cast<double>(total.n);
        const auto set = [&](const char* key, double value) {
            GDALSetMetadataItem(GDALGetRasterBand(m_dataset.get(), static_cast<int>(band) + 1), key,
                                format_number(value).c_str(), nullptr);
        };
        set("STATISTICS_MINIMUM", total.minimum);
        set("STATISTICS_MAXIMUM", total.maximum);
        set("STATISTICS_MEAN", total.mean);
        set("STATISTICS_STDDEV", std::sqrt(total.squared_deviations / n));
        set("STATISTICS_VALID_PERCENT", std::round(1e4 * n / static_cast<double>(m_layout.grid.n_pixels())) / 100);
    }
}

void TiffSink::commit() {
    if (std::any_of(m_digests.begin(), m_digests.end(), [](const std::string& digest) { return digest.empty(); })) {
        refuse_layout(m_output.path(), "blocks", "not every pixel was written");
    }
    store_statistics();
    close_tiff(std::move(m_dataset), m_output.path());
    if (m_staging) {
        copy_to_cog(m_staging->temporary(), m_output.temporary(), m_output.path(), m_layout);
        m_staging.reset();
    }
    verify_tiles(m_output.temporary(), m_output.path(), m_layout, m_digests);
    publish();
}

void TiffSink::publish() {
    const fs::path sidecar = m_output.path().string() + ".aux.xml";
    m_output.commit();
    // A side file of the raster that stood here before must not explain the new one.
    std::error_code ignored;
    fs::remove(sidecar, ignored);
    if (has_palette(m_layout)) {
        const GridSpec& grid = m_layout.grid;
        std::optional<double> hectares;
        if (const auto metres = metres_per_unit(grid.crs_wkt)) {
            hectares = grid.pixel_width * *metres * grid.pixel_height * *metres / 1e4;
        }
        write_file_atomically(sidecar, categories_xml(*m_layout.legend, m_code_counts, hectares), true);
    }
}

} // namespace

std::unique_ptr<RasterSink> create_raster(const fs::path& path, const RasterLayout& layout) {
    check_layout(path, layout);
    return std::make_unique<TiffSink>(path, layout);
}

} // namespace lcclass
