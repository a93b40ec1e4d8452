#include "lcclass/geo/safe_writer.h"

#include "geo/gdal_errors.h"
#include "geo/gdal_handles.h"
#include "geo/raster_tiff.h"
#include "geo/safe_writer_metadata.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"

#include <cpl_string.h>
#include <gdal.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t jp2_tile = 1024;

[[noreturn]] void fail(const fs::path& path, const std::string& problem) {
    throw Error(ExitCode::output, {.where = path.string(),
                                   .field = {},
                                   .problem = problem,
                                   .fix = "check free space, quota and permissions of its folder"});
}

void make_folders(const fs::path& folder) {
    std::error_code status;
    fs::create_directories(folder, status);
    if (status) {
        fail(folder, "cannot be made: " + status.message());
    }
}

/// A band on its way: an uncompressed file to collect pixels in, and the JP2 file it becomes.
struct BandFile {
    fs::path staging;
    fs::path jp2;
    GridSpec grid;
    DatasetHandle dataset;
};

BandFile start_band(const fs::path& staging, const fs::path& jp2, const GridSpec& grid, const std::string& name) {
    RasterLayout layout;
    layout.grid = grid;
    layout.bands = {BandSpec{.name = name, .unit = {}, .radiometry = {}, .resampling = {}}};
    layout.type = name == "SCL" ? PixelType::uint8 : PixelType::uint16;
    return {.staging = staging,
            .jp2 = jp2,
            .grid = grid,
            .dataset = create_tiff(staging, jp2, layout, 0, /*for_staging=*/true)};
}

void write_pixels(const BandFile& file, const Window& window, std::vector<std::uint16_t>& numbers) {
    const GdalErrorScope gdal;
    const auto width = static_cast<int>(window.width);
    const auto height = static_cast<int>(window.height);
    const CPLErr status =
        GDALRasterIO(GDALGetRasterBand(file.dataset.get(), 1), GF_Write, static_cast<int>(window.x),
                     static_cast<int>(window.y), width, height, numbers.data(), width, height, GDT_UInt16, 0, 0);
    if (status != CE_None || gdal.n_own_failures() > 0) {
        fail(file.staging, gdal.explain("cannot be written"));
    }
}

/// What GDAL calls while it encodes one band.
struct EncodingProgress {
    Progress& progress;
    std::int64_t total;
    std::int64_t reported = 0;
};

int CPL_STDCALL on_encoded(double complete, const char*, void* data) {
    auto& state = *static_cast<EncodingProgress*>(data);
    const auto done = static_cast<std::int64_t>(complete * static_cast<double>(state.total));
    state.progress.advance(done - state.reported);
    state.reported = done;
    try {
        throw_if_stopped();
    } catch (const Error&) {
        return FALSE; // exceptions must not cross GDAL; whoever called GDAL asks again
    }
    return TRUE;
}

DatasetHandle open_dataset(const fs::path& path, const char* driver) {
    const char* const drivers[] = {driver, nullptr};
    const GdalErrorScope gdal;
    DatasetHandle dataset(GDALOpenEx(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr));
    if (!dataset) {
        fail(path, gdal.explain("cannot be read back"));
    }
    return dataset;
}

/// Lower right JPEG 2000 tile: the last that was written.
std::vector<std::uint16_t> last_tile(const DatasetHandle& dataset, const BandFile& file) {
    const std::int64_t x = (file.grid.width - 1) / jp2_tile * jp2_tile;
    const std::int64_t y = (file.grid.height - 1) / jp2_tile * jp2_tile;
    const auto width = static_cast<int>(file.grid.width - x);
    const auto height = static_cast<int>(file.grid.height - y);
    std::vector<std::uint16_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    const GdalErrorScope gdal;
    if (GDALGetRasterXSize(dataset.get()) != file.grid.width || GDALGetRasterYSize(dataset.get()) != file.grid.height ||
        GDALRasterIO(GDALGetRasterBand(dataset.get(), 1), GF_Read, static_cast<int>(x), static_cast<int>(y), width,
                     height, pixels.data(), width, height, GDT_UInt16, 0, 0) != CE_None) {
        fail(file.jp2, gdal.explain("cannot be read back"));
    }
    return pixels;
}

void encode(const BandFile& file, const std::string& remark, Progress& progress) {
    const DatasetHandle staged = open_dataset(file.staging, "GTiff");
    GDALDriverH driver = GDALGetDriverByName("JP2OpenJPEG");
    if (driver == nullptr) {
        fail(file.jp2, "this GDAL has no JP2OpenJPEG driver");
    }
    CPLStringList options;
    options.SetNameValue("QUALITY", "100");
    options.SetNameValue("REVERSIBLE", "YES");
    options.SetNameValue("BLOCKXSIZE", std::to_string(jp2_tile).c_str());
    options.SetNameValue("BLOCKYSIZE", std::to_string(jp2_tile).c_str());
    options.SetNameValue("COMMENT", remark.c_str());
    EncodingProgress state{.progress = progress, .total = file.grid.n_pixels()};
    const GdalErrorScope gdal;
    DatasetHandle encoded(
        GDALCreateCopy(driver, file.jp2.c_str(), staged.get(), FALSE, options.List(), on_encoded, &state));
    throw_if_stopped();
    if (!encoded || gdal.n_own_failures() > 0) {
        fail(file.jp2, gdal.explain("cannot be written"));
    }
    encoded.reset();
    if (last_tile(open_dataset(file.jp2, "JP2OpenJPEG"), file) != last_tile(staged, file)) {
        fail(file.jp2, "holds other pixels than were written");
    }
    progress.advance(state.total - state.reported);
}

GridSpec coarser(const GridSpec& grid) {
    GridSpec half = grid;
    half.width /= 2;
    half.height /= 2;
    half.pixel_width *= 2;
    half.pixel_height *= 2;
    return half;
}

} // namespace

std::uint16_t reflectance_to_dn(float reflectance, SafeBaseline baseline) {
    if (std::isnan(reflectance)) {
        return 0;
    }
    const double dn = std::round(static_cast<double>(reflectance) * boa_quantification - boa_add_offset(baseline));
    return static_cast<std::uint16_t>(std::clamp(dn, 1.0, 65534.0));
}

struct SafeWriter::State {
    SafeProduct product;
    fs::path folder;
    fs::path staging;
    std::vector<BandFile> fine;
    std::vector<BandFile> coarse; ///< the last one is SCL
    bool finished = false;
};

SafeWriter::SafeWriter(const fs::path& parent, SafeProduct product) : m_state(std::make_unique<State>()) {
    State& state = *m_state;
    state.product = std::move(product);
    state.folder = parent / state.product.folder_name();
    state.staging = state.folder / "staging";
    const fs::path images = state.folder / granule_folder(state.product) / "IMG_DATA";
    make_folders(images / "R10m");
    make_folders(images / "R20m");
    make_folders(state.staging);
    const auto add = [&](std::vector<BandFile>& files, const std::string& band, const GridSpec& grid, int resolution) {
        files.push_back(start_band(state.staging / (band + ".tif"),
                                   state.folder / (image_name(state.product, band, resolution) + ".jp2"), grid, band));
    };
    for (const std::string& band : state.product.bands_10m) {
        add(state.fine, band, state.product.grid, 10);
    }
    const GridSpec half = coarser(state.product.grid);
    for (const std::string& band : state.product.bands_20m) {
        add(state.coarse, band, half, 20);
    }
    add(state.coarse, "SCL", half, 20);
}

SafeWriter::~SafeWriter() {
    if (!m_state->finished) {
        m_state->fine.clear();
        m_state->coarse.clear();
        std::error_code ignored;
        fs::remove_all(m_state->folder, ignored);
    }
}

const fs::path& SafeWriter::path() const {
    return m_state->folder;
}

void SafeWriter::write(const PixelBlock& bands_10m, const PixelBlock& bands_20m, const PixelBlock& scl) {
    std::vector<std::uint16_t> numbers;
    const auto to_dn = [baseline = m_state->product.baseline](float reflectance) {
        return reflectance_to_dn(reflectance, baseline);
    };
    const auto write_band = [&](const BandFile& file, const Window& window, std::span<const float> values,
                                auto to_number) {
        numbers.resize(values.size());
        std::transform(values.begin(), values.end(), numbers.begin(), to_number);
        write_pixels(file, window, numbers);
    };
    for (int band = 0; band < bands_10m.n_bands; ++band) {
        write_band(m_state->fine.at(static_cast<std::size_t>(band)), bands_10m.window, bands_10m.band(band), to_dn);
    }
    for (int band = 0; band < bands_20m.n_bands; ++band) {
        write_band(m_state->coarse.at(static_cast<std::size_t>(band)), bands_20m.window, bands_20m.band(band), to_dn);
    }
    write_band(m_state->coarse.back(), scl.window, scl.band(0),
               [](float code) { return std::isnan(code) ? std::uint16_t{0} : static_cast<std::uint16_t>(code); });
}

void SafeWriter::finish(Progress& progress) {
    State& state = *m_state;
    std::vector<BandFile*> files;
    std::int64_t total = 0;
    for (auto* group : {&state.fine, &state.coarse}) {
        for (BandFile& file : *group) {
            close_tiff(std::move(file.dataset), file.staging);
            files.push_back(&file);
            total += file.grid.n_pixels();
        }
    }
    progress.begin("encode JP2", total);
    tbb::parallel_for(std::size_t{0}, files.size(),
                      [&](std::size_t i) { encode(*files[i], state.product.remark, progress); });
    progress.end();
    std::error_code ignored;
    fs::remove_all(state.staging, ignored);
    const SpatialReferenceHandle reference = make_reference(state.product.grid.crs_wkt, state.folder.string());
    const char* code = OSRGetAuthorityCode(reference.get(), nullptr);
    write_file_atomically(state.folder / "MTD_MSIL2A.xml", product_xml(state.product), false);
    write_file_atomically(state.folder / granule_folder(state.product) / "MTD_TL.xml",
                          granule_xml(state.product, "EPSG:" + std::string(code == nullptr ? "" : code)), false);
    state.finished = true;
}

} // namespace lcclass
