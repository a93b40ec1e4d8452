#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace lcclass::test {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> band_names_of_scene = {"B02", "B03", "B04", "B08"};

Arguments joined(Arguments first, const Arguments& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

} // namespace

ProcessResult run_lcclass(const Arguments& arguments, const fs::path& folder,
                          const std::vector<std::string>& environment) {
    return run_process(joined({"/usr/bin/timeout", "60", LCCLASS_BINARY}, arguments), folder, environment);
}

ProcessResult expect_success(const Arguments& arguments, const fs::path& folder,
                             const std::vector<std::string>& environment) {
    ProcessResult result = run_lcclass(arguments, folder, environment);
    EXPECT_EQ(result.exit_code, 0) << arguments.front() << ": " << result.errors;
    return result;
}

void expect_refusal(const ProcessResult& result, int code, const std::vector<std::string>& words) {
    EXPECT_EQ(result.exit_code, code) << result.errors;
    std::istringstream lines(result.errors);
    std::vector<std::string> errors;
    for (std::string line; std::getline(lines, line);) {
        EXPECT_THAT(line, testing::StartsWith("lcclass: ")) << "a text that is not the program's own";
        if (line.starts_with("lcclass: error: ")) {
            errors.push_back(line);
        }
    }
    ASSERT_EQ(errors.size(), 1U) << result.errors;
    EXPECT_THAT(errors[0], testing::HasSubstr("; fix: "));
    for (const std::string& word : words) {
        EXPECT_THAT(errors[0], testing::HasSubstr(word));
    }
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

int tiny_class(int column, int row) {
    return (row * 5 + column) % 3 + 1;
}

double tiny_number(int band, int column, int row) {
    const int shift = tiny_class(column / 8, (tiny_size - 1 - row) / 8);
    const unsigned mixed = (static_cast<unsigned>(column) * 73856093U) ^ (static_cast<unsigned>(row) * 19349663U) ^
                           (static_cast<unsigned>(band + 1) * 83492791U);
    return 1500 + 250 * band + 120 * shift * (band % 2 == 0 ? 1 : -1) + static_cast<int>((mixed >> 7U) % 300);
}

RasterCase tiny_band(int band) {
    RasterCase raster;
    raster.width = tiny_size;
    raster.height = tiny_size;
    raster.origin_y = 5100000 + 10 * tiny_size;
    raster.bands = {
        values_of(tiny_size, tiny_size, [&](int column, int row) { return tiny_number(band, column, row); })};
    return raster;
}

CaseLayer tiny_polygons() {
    CaseLayer layer;
    for (int row = 0; row < 5; ++row) {
        for (int column = 0; column < 5; ++column) {
            const double x = 80 * column;
            const double y = 80 * row;
            layer.features.push_back({box(x, y, x + 60, y + 60), {std::to_string(tiny_class(column, row))}});
        }
    }
    return layer;
}

Arguments band_inputs(const fs::path& folder) {
    Arguments inputs;
    for (const std::string& name : band_names_of_scene) {
        inputs.push_back(name + "=" + (folder / (name + ".tif")).string());
    }
    return inputs;
}

TinyScene& TinyScene::get() {
    static TinyScene scene;
    return scene;
}

std::string TinyScene::once(const std::string& name, const std::function<Arguments()>& command) {
    const std::string path = (folder() / name).string();
    if (!fs::exists(path)) {
        const ProcessResult result = run_lcclass(joined(command(), {"-o", path}), folder());
        if (result.exit_code != 0) {
            throw std::runtime_error(name + " cannot be made: " + result.errors);
        }
    }
    return path;
}

std::string TinyScene::bands() {
    const fs::path path = folder() / "bands";
    if (!fs::exists(path)) {
        for (int band = 0; band < 4; ++band) {
            write_raster(path / (band_names_of_scene[static_cast<std::size_t>(band)] + ".tif"), tiny_band(band));
        }
    }
    return path.string();
}

std::string TinyScene::polygons() {
    const fs::path path = folder() / "polygons.gpkg";
    if (!fs::exists(path)) {
        write_case(path, {tiny_polygons()});
    }
    return path.string();
}

std::string TinyScene::stack() {
    return once("stack.tif", [&] {
        return joined({"stack", "--radiometry", tiny_radiometry, "--features", tiny_features, "-i"},
                      band_inputs(bands()));
    });
}

std::string TinyScene::labels() {
    return once("labels.tif",
                [&] { return Arguments{"rasterize", "-i", polygons(), "--class-field", "cid", "--like", stack()}; });
}

std::string TinyScene::samples() {
    return once("samples.gpkg", [&] { return Arguments{"sample", "--stack", stack(), "--labels", labels()}; });
}

std::string TinyScene::model() {
    return once("model.lcm", [&] { return Arguments{"train", "--samples", samples(), "--n-estimators", "15"}; });
}

void FaultRow::check() const {
    const fs::path input = m_folder.path() / "in";
    const fs::path output = m_folder.path() / "out";
    fs::create_directories(input);
    write_text(output / GetParam().output, old_bytes);
    Arguments arguments = GetParam().arrange(input);
    const std::vector<std::string> before = names_in(input);
    arguments.insert(arguments.end(), {"-o", (output / GetParam().output).string(), "--overwrite"});
    expect_refusal(run_lcclass(arguments, input), GetParam().code, GetParam().words);
    EXPECT_EQ(names_in(output), std::vector<std::string>{GetParam().output});
    EXPECT_EQ(read_file(output / GetParam().output), old_bytes);
    EXPECT_EQ(names_in(input), before) << "files were left beside the inputs";
}

} // namespace lcclass::test
