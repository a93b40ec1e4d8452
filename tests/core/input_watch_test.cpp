#include "lcclass/core/input_watch.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <string>

namespace lcclass {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// Gives the file a later modification time, whatever the resolution of the clock.
void touch(const fs::path& path) {
    fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(1));
}

/// The message of the output that could not be committed; `an output` when it was.
std::string outcome(const fs::path& output) {
    try {
        write_file_atomically(output, "new", true);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        return error.what();
    }
    return "an output";
}

void expect_changed(const fs::path& folder, const std::string& input, const std::function<void()>& change,
                    const std::string& problem) {
    write(folder / "in" / "a.tif", "1234");
    write(folder / "in" / "b.tif", "56");
    write(folder / "out.tif", "old");
    const InputWatch watch({folder / input}, {folder / "out.tif"});
    change();
    const std::string message = outcome(folder / "out.tif");
    EXPECT_NE(message.find(problem), std::string::npos) << message;
    EXPECT_NE(message.find("a.tif"), std::string::npos) << message;
    EXPECT_EQ(read_file(folder / "out.tif"), "old");
}

TEST(InputWatch, ChangedInputsKeepOutputsFromBeingCommitted) {
    const test::TemporaryFolder temporary;
    const fs::path folder = temporary.path();
    const fs::path file = folder / "in" / "a.tif";
    for (const char* input : {"in/a.tif", "in"}) {
        expect_changed(
            folder, input, [&] { touch(file); }, "was written to while it was in use");
        expect_changed(
            folder, input, [&] { write(file, "12345"); }, "4 bytes before, 5 now");
        expect_changed(
            folder, input, [&] { fs::remove(file); }, "vanished");
        expect_changed(
            folder, input,
            [&] {
                const auto time = fs::last_write_time(file);
                write(folder / "in" / "other", "1234");
                fs::rename(folder / "in" / "other", file);
                fs::last_write_time(file, time);
            },
            "was replaced");
    }
}

TEST(InputWatch, InputsThatStayAsTheyAreDoNotMatter) {
    const test::TemporaryFolder temporary;
    const fs::path folder = temporary.path();
    write(folder / "in" / "a.tif", "1234");
    write(folder / "in" / ".part", "x");
    write(folder / "in" / "out.tif", "old");
    // Outputs may lie in a folder that is read; what is new there, hidden, or only read, is no change.
    const InputWatch watch({folder / "in", folder / "missing"}, {folder / "in" / "out.tif"});
    read_file(folder / "in" / "a.tif");
    write(folder / "in" / "c.tif", "new");
    write(folder / "in" / ".part", "more");
    EXPECT_EQ(outcome(folder / "in" / "out.tif"), "an output");
    EXPECT_EQ(outcome(folder / "in" / "out.tif"), "an output");
}

TEST(InputWatch, TheInnermostOneHolds) {
    const test::TemporaryFolder temporary;
    const fs::path folder = temporary.path();
    write(folder / "config.yml", "a");
    write(folder / "in.tif", "b");
    {
        const InputWatch outer({folder / "config.yml"}, {});
        {
            const InputWatch inner({folder / "in.tif"}, {});
            touch(folder / "config.yml");
            EXPECT_EQ(outcome(folder / "out.tif"), "an output");
        }
        EXPECT_NE(outcome(folder / "out.tif").find("config.yml"), std::string::npos);
    }
    EXPECT_EQ(outcome(folder / "out.tif"), "an output");
}

} // namespace
} // namespace lcclass
