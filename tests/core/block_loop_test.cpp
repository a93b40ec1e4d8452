#include "lcclass/core/block_loop.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <atomic>
#include <csignal>
#include <vector>

namespace lcclass {
namespace {

class CountingProgress final : public Progress {
public:
    void begin(std::string_view /*what*/, std::int64_t total) override { expected = total; }
    void advance(std::int64_t units) override { done += units; }
    void end() override { ended = true; }
    std::int64_t expected = 0;
    std::atomic<std::int64_t> done{0};
    bool ended = false;
};

TEST(BlockLoop, ResultsArriveInWindowOrderOnAnyNumberOfThreads) {
    const auto windows = block_windows({.x = 0, .y = 0, .width = 100, .height = 100}, 7, 9);
    for (const std::size_t threads : {1U, 2U, 5U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        CountingProgress progress;
        std::vector<Window> seen;
        stream_blocks(
            windows, "test", progress, [](const Window& window) { return window; },
            [&](Window&& window) { seen.push_back(window); });
        EXPECT_EQ(seen, windows);
        EXPECT_EQ(progress.done, 10000);
        EXPECT_EQ(progress.expected, 10000);
        EXPECT_TRUE(progress.ended);
    }
}

TEST(BlockLoop, AnErrorInAnyBlockReachesTheCaller) {
    const auto windows = block_windows({.x = 0, .y = 0, .width = 10, .height = 10}, 1, 1);
    const auto compute = [](const Window& window) -> int {
        if (window.x == 3 && window.y == 3) {
            throw Error(ExitCode::input, {.where = "f", .field = {}, .problem = "cut", .fix = {}});
        }
        return 0;
    };
    EXPECT_THROW(stream_blocks(windows, "test", silent_progress(), compute, [](int&&) {}), Error);
}

TEST(BlockLoop, AtMostTwiceTheThreadsAreInFlight) {
    const tbb::global_control control(tbb::global_control::max_allowed_parallelism, 2);
    const auto windows = block_windows({.x = 0, .y = 0, .width = 200, .height = 1}, 1, 1);
    std::atomic<int> alive{0};
    int most = 0;
    stream_blocks(
        windows, "test", silent_progress(),
        [&](const Window&) {
            ++alive;
            return 0;
        },
        [&](int&&) {
            most = std::max(most, alive.load());
            --alive;
        });
    EXPECT_LE(most, 4);
}

TEST(BlockLoop, AStopRequestEndsTheLoopWithItsExitCode) {
    const auto windows = block_windows({.x = 0, .y = 0, .width = 10, .height = 1}, 1, 1);
    request_stop(SIGTERM);
    try {
        stream_blocks(
            windows, "test", silent_progress(), [](const Window&) { return 0; }, [](int&&) {});
        ADD_FAILURE() << "went on";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::interrupted);
    }
    request_stop(0);
}

} // namespace
} // namespace lcclass
