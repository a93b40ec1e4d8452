#include "geo/raster_band_reader.h"

#include "geo/gdal_errors.h"
#include "geo/product_files.h"
#include "lcclass/core/error.h"

#include <cstdint>
#include <limits>

namespace lcclass {

namespace {

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

void read_pixels(GDALRasterBandH handle, const BandToRead& band, const Window& window, void* out, GDALDataType type) {
    const GdalErrorScope gdal;
    const auto width = static_cast<int>(window.width);
    const auto height = static_cast<int>(window.height);
    const CPLErr status = GDALRasterIO(handle, GF_Read, static_cast<int>(window.x), static_cast<int>(window.y), width,
                                       height, out, width, height, type, 0, 0);
    // JPEG 2000 tiles that end early may be reported without a failing status.
    if (status == CE_None && gdal.n_own_failures() == 0) {
        return;
    }
    throw Error(ExitCode::input, {.where = shown(band.path) + ":band " + std::to_string(band.number),
                                  .field = "window=" + std::to_string(window.x) + "," + std::to_string(window.y) + " " +
                                           std::to_string(window.width) + "x" + std::to_string(window.height),
                                  .problem = gdal.explain("pixels cannot be read: the file is damaged or cut short"),
                                  .fix = "download or make the file again"});
}

/// NaN where `mask` is 0.
void apply_mask(GDALRasterBandH mask_band, const BandToRead& band, const Window& window, std::span<float> out) {
    std::vector<std::uint8_t> mask(out.size());
    read_pixels(mask_band, band, window, mask.data(), GDT_Byte);
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (mask[i] == 0) {
            out[i] = nan_value;
        }
    }
}

} // namespace

DatasetPool::Lease DatasetPool::borrow() {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_free.empty()) {
            PooledDataset dataset = std::move(m_free.back());
            m_free.pop_back();
            if (m_idle) {
                m_idle->give_back();
            }
            return {*this, std::move(dataset)};
        }
    }
    return {*this, m_open()};
}

void DatasetPool::give_back(PooledDataset dataset) {
    if (m_idle && !m_idle->take()) {
        return; // and `dataset` closes
    }
    const std::lock_guard lock(m_mutex);
    m_free.push_back(std::move(dataset));
}

void read_band(GDALDatasetH dataset, const BandToRead& band, const Window& window, std::span<float> out) {
    GDALRasterBandH handle = GDALGetRasterBand(dataset, band.number);
    read_pixels(handle, band, window, out.data(), GDT_Float32);
    band.info.clear_nodata(out);
    if (band.info.has_mask) {
        apply_mask(GDALGetMaskBand(handle), band, window, out);
    }
    if (band.info.alpha_band != 0) {
        apply_mask(GDALGetRasterBand(dataset, band.info.alpha_band), band, window, out);
    }
}

} // namespace lcclass
