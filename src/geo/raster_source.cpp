#include "geo/raster_band_reader.h"
#include "geo/raster_dataset.h"
#include "geo/raster_legend.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/raster_file.h"

#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

class FileRasterSource final : public RasterSource {
public:
    FileRasterSource(fs::path path, DatasetHandle dataset)
        : m_grid(grid_of_dataset(dataset.get(), path.string())),
          m_pool([path] { return PooledDataset{.base = nullptr, .dataset = open_raster_dataset(path)}; }) {
        for (const RasterBandInfo& info : bands_of_dataset(dataset.get(), path.string())) {
            m_bands.push_back({.name = info.name, .unit = info.unit, .radiometry = {}, .resampling = {}});
            m_files.push_back({.path = path.string(), .number = info.number, .info = info});
        }
        m_pool.give_back({.base = nullptr, .dataset = std::move(dataset)});
    }

    [[nodiscard]] const GridSpec& grid() const override { return m_grid; }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_bands; }

    void read(const Window& window, PixelBlock& out) const override { read_bands(window, all_bands(*this), out); }

    void read_bands(const Window& window, std::span<const int> chosen, PixelBlock& out) const override {
        out.reset(window, static_cast<int>(chosen.size()));
        const DatasetPool::Lease dataset = m_pool.borrow();
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            read_band(dataset.get(), m_files[static_cast<std::size_t>(chosen[i])], window,
                      out.band(static_cast<int>(i)));
        }
        out.update_valid();
    }

private:
    GridSpec m_grid;
    std::vector<BandSpec> m_bands;
    std::vector<BandToRead> m_files;
    mutable DatasetPool m_pool;
};

std::map<std::string, std::string> metadata_of(GDALDatasetH dataset) {
    std::map<std::string, std::string> metadata;
    char** items = GDALGetMetadata(dataset, nullptr);
    for (; items != nullptr && *items != nullptr; ++items) {
        const std::string item = *items;
        const std::size_t equals = item.find('=');
        if (equals != std::string::npos) {
            metadata.emplace(item.substr(0, equals), item.substr(equals + 1));
        }
    }
    return metadata;
}

} // namespace

RasterFile open_raster(const fs::path& path) {
    DatasetHandle dataset = open_raster_dataset(path);
    RasterFile file;
    file.metadata = metadata_of(dataset.get());
    file.legend = legend_of_dataset(dataset.get(), file.metadata, path.string());
    file.driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset.get()));
    file.source = std::make_shared<FileRasterSource>(path, std::move(dataset));
    return file;
}

std::map<std::string, std::string> raster_metadata(const fs::path& path) {
    return metadata_of(open_raster_dataset(path).get());
}

} // namespace lcclass
