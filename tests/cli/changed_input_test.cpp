#include "cli/tiny_scene.h"

#include <atomic>
#include <chrono>
#include <thread>

// Row A33 of the catalogue of faults: an input that changes while it is read.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::ProcessResult;
using ChangedInput = test::CliTest;

/// Gives `input` a later modification time as soon as an output in `folder` has its first bytes.
void touch_while_writing(const fs::path& folder, const fs::path& input, const std::atomic<bool>& ended) {
    while (!ended) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            std::error_code gone;
            if (entry.file_size(gone) > 0 && !gone) {
                fs::last_write_time(input, fs::last_write_time(input) + std::chrono::seconds(1));
                return;
            }
        }
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
}

TEST_F(ChangedInput, A33_SceneThatIsWrittenToWhileItIsReadGivesNoStack) {
    constexpr int size = 2000;
    test::RasterCase scene;
    scene.width = size;
    scene.height = size;
    scene.names = {"B04", "B08"};
    for (const int band : {0, 1}) {
        scene.bands.push_back(
            test::values_of(size, size, [&](int column, int row) { return test::tiny_number(band, column, row); }));
    }
    test::write_raster(path("scene.tif"), scene);
    fs::create_directory(folder() / "out");
    // The scene may be touched too late when the machine is busy: that run is whole, and the next one gets its turn.
    ProcessResult result;
    for (int attempt = 0; attempt < 5 && result.exit_code == 0; ++attempt) {
        fs::remove(folder() / "out" / "stack.tif");
        std::atomic<bool> ended = false;
        std::thread toucher([&] { touch_while_writing(folder() / "out", folder() / "scene.tif", ended); });
        result = run({"stack", "-i", "scene.tif", "--radiometry", test::tiny_radiometry, "--features",
                      "B04,B08,NDVI,EVI2", "-o", "out/stack.tif"});
        ended = true;
        toucher.join();
    }
    test::expect_refusal(result, 4, {"scene.tif: was written to while it was in use"});
    EXPECT_TRUE(fs::is_empty(folder() / "out"));
}

} // namespace
} // namespace lcclass
