#include "console.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lcclass {
namespace {

using namespace std::chrono_literals;

/// A console with a clock that the test moves and ears for both streams.
struct Fixture {
    std::chrono::steady_clock::time_point time{1000s};
    std::string out;
    std::string err;
    Console console;

    explicit Fixture(ConsoleOptions options = {}) : console(wired(std::move(options))) {}

    ConsoleOptions wired(ConsoleOptions options) {
        options.now = [this] { return time; };
        options.write_stdout = [this](const std::string& text) { out += text; };
        options.write_stderr = [this](const std::string& text) { err += text; };
        return options;
    }

    /// 100 units, one every `step`.
    void work(std::chrono::milliseconds step) {
        Progress& progress = console.progress();
        progress.begin("train", 100);
        for (int i = 0; i < 100; ++i) {
            time += step;
            progress.advance(1);
        }
        progress.end();
    }
};

long count_of(const std::string& text, char c) {
    return std::count(text.begin(), text.end(), c);
}

TEST(Console, ResultsGoToStdoutAndTheLogToStderr) {
    Fixture f;
    f.console.print("result {}");
    f.console.inform("note {x}");
    f.console.warn("odd");
    f.console.error("bad");
    f.console.detail("unheard");
    EXPECT_EQ(f.out, "result {}\n");
    EXPECT_EQ(f.err, "lcclass: note {x}\nlcclass: warning: odd\nlcclass: error: bad\n");
}

TEST(Console, QuietLeavesWarningsAndErrors) {
    Fixture f({.quiet = true});
    f.console.inform("note");
    f.work(1000ms);
    f.console.warn("odd");
    EXPECT_EQ(f.err, "lcclass: warning: odd\n");
}

TEST(Console, VerboseAddsDetails) {
    Fixture f({.verbose = true});
    f.console.detail("seen");
    EXPECT_EQ(f.err, "lcclass: seen\n");
}

TEST(Console, PlainLinesComeAtEveryTenthAndAtTheEnd) {
    Fixture f;
    f.work(1000ms);
    EXPECT_EQ(count_of(f.err, '\n'), 10) << f.err; // 10 % .. 90 %, and the end
    EXPECT_NE(f.err.find("lcclass: train: 50 %, 1.0/s, 0:50 left\n"), std::string::npos) << f.err;
    EXPECT_TRUE(f.err.ends_with("lcclass: train: done in 1:40\n"));
    EXPECT_EQ(f.err.find('\r'), std::string::npos);
}

TEST(Console, PlainLinesComeEveryHalfMinuteInSlowWork) {
    Fixture f;
    f.work(20'000ms); // a tenth takes 200 s
    EXPECT_GE(count_of(f.err, '\n'), 45) << f.err;
    EXPECT_LE(count_of(f.err, '\n'), 70) << f.err;
}

TEST(Console, QuickWorkSaysALineOnlyWhenVerbose) {
    Fixture f;
    f.work(1ms);
    EXPECT_EQ(f.err, "");
    Fixture verbose({.verbose = true});
    verbose.work(1ms);
    EXPECT_EQ(verbose.err, "lcclass: train: done in 0.1 s\n");
}

/// 100 trees at 1 a second, 800 at 10 a second: the 100 that are left take 10 s; by the mean rate it would be 20 s.
TEST(Console, TimeLeftIsOfTheRecentRate) {
    Fixture f({.terminal = true});
    Progress& progress = f.console.progress();
    progress.begin("growing trees", 1000);
    for (int i = 0; i < 100; ++i) {
        f.time += 1s;
        progress.advance(1);
    }
    EXPECT_TRUE(f.err.ends_with(" 10 %, 1.0 trees/s, 15:00 left\033[K")) << f.err.substr(f.err.size() - 90);
    for (int i = 0; i < 800; ++i) {
        f.time += 100ms;
        progress.advance(1);
    }
    EXPECT_NE(f.err.find(" 90 %, "), std::string::npos);
    const std::string last = f.err.substr(f.err.rfind('\r'));
    EXPECT_NE(last.find("0:10 left"), std::string::npos) << last; // 100 trees at about 10 a second
}

TEST(Console, RatesNameTheirUnits) {
    for (const auto& [what, rate] : {std::pair("stack", "5.0 Mpx/s"), std::pair("growing trees", "5.0 M trees/s"),
                                     std::pair("train", "5.0 M/s")}) {
        Fixture f({.terminal = true});
        f.console.progress().begin(what, 100'000'000);
        f.time += 2s;
        f.console.progress().advance(10'000'000);
        EXPECT_NE(f.err.find(std::string(" 10 %, ") + rate + ", 0:18 left"), std::string::npos) << f.err;
    }
}

TEST(Console, LongNamesAreCutAndTheRestStays) {
    Fixture f({.terminal = true, .width = 60});
    f.console.progress().begin("importance in leave-group-out folds of the Täler with very long names", 100);
    f.time += 2s;
    f.console.progress().advance(50);
    EXPECT_NE(f.err.find("~  50 %, 25.0/s, 0:02 left\033[K"), std::string::npos) << f.err;
}

TEST(Console, TheBarIsRedrawnAtMostTenTimesASecondAndErased) {
    Fixture f({.terminal = true, .width = 80});
    f.work(10ms); // 1 s in all
    EXPECT_LE(count_of(f.err, '='), 30 * 11);
    EXPECT_LE(count_of(f.err, '\r'), 12);
    EXPECT_GE(count_of(f.err, '\r'), 9);
    EXPECT_NE(f.err.find(" 50 %"), std::string::npos) << f.err;
    EXPECT_NE(f.err.find("\r\033[K"), std::string::npos);
}

TEST(Console, LogLinesStandAboveTheBar) {
    Fixture f({.terminal = true, .width = 60});
    Progress& progress = f.console.progress();
    progress.begin("predict", 10);
    f.time += 2s;
    progress.advance(5);
    const std::string before = f.err;
    f.console.warn("odd");
    const std::string after = f.err.substr(before.size());
    EXPECT_TRUE(after.starts_with("\r\033[Klcclass: warning: odd\n[===")) << after;
    f.console.print("result");
    EXPECT_TRUE(f.err.ends_with("\r\033[K"));
}

TEST(Console, TheBarNeverExceedsTheTerminal) {
    for (const int width : {10, 30, 45, 200}) {
        Fixture f({.terminal = true, .width = width});
        f.work(200ms);
        std::size_t longest = 0;
        std::size_t at = 0;
        while ((at = f.err.find('\r', at)) != std::string::npos) {
            const std::size_t end = f.err.find("\033[K", at);
            longest = std::max(longest, end - at - 1);
            ++at;
        }
        EXPECT_LT(longest, static_cast<std::size_t>(width));
    }
}

TEST(Console, ProgressMayBeAdvancedFromManyThreads) {
    Fixture f;
    std::string heard;
    Progress& progress = f.console.progress();
    progress.begin("stack", 8000);
    f.time += 10s;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 8; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) {
                    progress.advance(1);
                }
            });
        }
    }
    progress.end();
    EXPECT_TRUE(f.err.ends_with("stack: done in 10.0 s\n"));
}

TEST(Console, SecondsReadLikeAClock) {
    EXPECT_EQ(describe_seconds(7.4), "0:07");
    EXPECT_EQ(describe_seconds(750), "12:30");
    EXPECT_EQ(describe_seconds(11100), "3:05:00");
    EXPECT_EQ(describe_seconds(-1), "0:00");
    EXPECT_EQ(describe_duration(3.24), "3.2 s");
    EXPECT_EQ(describe_duration(99.96), "1:40");
}

TEST(Console, AStdoutThatTakesNothingIsAnOutputError) {
    std::FILE* const full = std::fopen("/dev/full", "w");
    ASSERT_NE(full, nullptr);
    std::FILE* const before = stdout;
    stdout = full; // glibc: an assignable object
    try {
        Console console({});
        console.print("lost");
        stdout = before;
        FAIL() << "nothing was thrown";
    } catch (const Error& error) {
        stdout = before;
        EXPECT_EQ(error.code(), ExitCode::output);
        EXPECT_NE(std::string(error.what()).find("stdout"), std::string::npos);
    }
    std::fclose(full);
}

} // namespace
} // namespace lcclass
