/// Scenes of a few pixels for tests: band files, and products with metadata of their own.
/// Belongs to one thread.
#pragma once

#include "geo/raster_case.h"
#include "geo/sentinel2_case.h"
#include "lcclass/geo/scene.h"

#include <string>
#include <utility>
#include <vector>

namespace lcclass::test {

class SceneTest : public RasterTest {
protected:
    /// A raster of 40 x 40 m whose every pixel is `value`.
    void write_band(const std::filesystem::path& path, double value, int pixel = 10) {
        const int size = 40 / pixel;
        write_raster(path, {.width = size,
                            .height = size,
                            .pixel = static_cast<double>(pixel),
                            .bands = {std::vector<double>(static_cast<std::size_t>(size * size), value)}});
    }
    [[nodiscard]] SceneOptions options(std::vector<std::string> inputs, std::string radiometry = "none") const {
        for (std::string& input : inputs) {
            const std::size_t path = input.find('=') == std::string::npos ? 0 : input.find('=') + 1;
            if (input.substr(path, 1) != "/") {
                input = input.substr(0, path) + file(input.substr(path)).string();
            }
        }
        SceneOptions result;
        result.inputs = std::move(inputs);
        result.radiometry = std::move(radiometry);
        return result;
    }
    static std::vector<std::string> names_of(const SceneOptions& options) {
        std::vector<std::string> names;
        for (const SceneBand& band : list_bands(options)) {
            names.push_back(band.name);
        }
        return names;
    }
    static std::string list_error(const SceneOptions& options, ExitCode code = ExitCode::input) {
        return error_of(code, [&] { static_cast<void>(list_bands(options)); });
    }
    static float first_pixel(const SceneOptions& options, const std::string& band) {
        return read_all(*open_scene(options, {band})).values[0];
    }
    /// GRANULE/L2A_T33UUU/IMG_DATA of a product with metadata `product`.
    std::filesystem::path make_safe(const std::string& name, const ProductCase& product,
                                    const std::string& stem = "T33UUU_20230216T102101") {
        const std::string granule = product.level + "_" + stem.substr(0, 6);
        write_text(file(name) / product.file_name(), product.xml());
        const std::filesystem::path images = file(name) / "GRANULE" / granule / "IMG_DATA";
        write_band(images / "R10m" / (stem + "_B02_10m.jp2"), 2000);
        write_band(images / "R10m" / (stem + "_B04_10m.jp2"), 4000);
        write_band(images / "R20m" / (stem + "_B02_20m.jp2"), 2001, 20);
        write_band(images / "R20m" / (stem + "_B05_20m.jp2"), 5000, 20);
        write_band(images / "R20m" / (stem + "_SCL_20m.jp2"), 4, 20);
        write_band(file(name) / "GRANULE" / granule / "QI_DATA" / (stem + "_B04.jp2"), 9);
        return images;
    }
};

} // namespace lcclass::test
