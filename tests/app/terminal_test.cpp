#include "console.h"

#include "lcclass/core/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// The console of a process whose stderr is a terminal.

namespace lcclass {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

struct Variable {
    const char* name;
    const char* value; ///< null: not set
};

/// What a child writes to a terminal of `columns`, which becomes `later_columns` after the first output.
std::string seen_on_terminal(int columns, int later_columns, const std::vector<Variable>& environment,
                             const std::function<void(Console&)>& work) {
    winsize size{};
    size.ws_row = 24;
    size.ws_col = static_cast<unsigned short>(columns);
    int terminal = -1;
    const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
    if (child == 0) {
        unsetenv("NO_COLOR");
        unsetenv("CLICOLOR");
        setenv("TERM", "xterm-256color", 1);
        for (const auto& [name, value] : environment) {
            value == nullptr ? unsetenv(name) : setenv(name, value, 1);
        }
        Console console(console_options_of_process());
        work(console);
        _exit(0);
    }
    std::string seen;
    std::array<char, 4096> bytes{};
    bool resized = columns == later_columns;
    for (ssize_t n = 0; (n = read(terminal, bytes.data(), bytes.size())) > 0;) {
        seen.append(bytes.data(), static_cast<std::size_t>(n));
        if (!resized) {
            size.ws_col = static_cast<unsigned short>(later_columns);
            ioctl(terminal, TIOCSWINSZ, &size);
            resized = true;
        }
    }
    close(terminal);
    waitpid(child, nullptr, 0);
    return seen;
}

void warn(Console& console) {
    console.warn("odd");
}

/// The bars that were drawn, one after the other.
std::vector<std::string> drawn(const std::string& seen) {
    std::vector<std::string> lines;
    for (std::size_t at = seen.find('\r'); at != std::string::npos; at = seen.find('\r', at + 1)) {
        const std::size_t end = seen.find("\033[K", at);
        if (end != std::string::npos && end > at + 1) {
            lines.push_back(seen.substr(at + 1, end - at - 1));
        }
    }
    return lines;
}

TEST(Terminal, ColoursAreForTerminalsWithoutNoColor) {
    const std::string yellow = "\033[1;33mwarning:";
    EXPECT_THAT(seen_on_terminal(80, 80, {}, warn), HasSubstr(yellow));
    EXPECT_THAT(seen_on_terminal(80, 80, {{"NO_COLOR", ""}}, warn), HasSubstr(yellow)) << "empty is as not set";
    EXPECT_THAT(seen_on_terminal(80, 80, {{"NO_COLOR", "1"}}, warn), HasSubstr("lcclass: warning: odd"));
    EXPECT_THAT(seen_on_terminal(80, 80, {{"NO_COLOR", "0"}}, warn), HasSubstr("lcclass: warning: odd"));
    EXPECT_THAT(seen_on_terminal(80, 80, {{"CLICOLOR", "0"}}, warn), HasSubstr("lcclass: warning: odd"));
    EXPECT_THAT(seen_on_terminal(80, 80, {{"CLICOLOR", "1"}}, warn), HasSubstr(yellow));
    EXPECT_THAT(seen_on_terminal(80, 80, {{"TERM", "dumb"}}, warn), HasSubstr("lcclass: warning: odd"));
    EXPECT_THAT(seen_on_terminal(80, 80, {{"TERM", nullptr}}, warn), HasSubstr("lcclass: warning: odd"));
}

TEST(Terminal, DumbOnesGetNoBar) {
    const auto work = [](Console& console) {
        console.progress().begin("stack", 2);
        std::this_thread::sleep_for(120ms);
        console.progress().advance(1);
        console.progress().end();
    };
    EXPECT_THAT(seen_on_terminal(80, 80, {{"TERM", "dumb"}}, work), Not(HasSubstr("[=")));
    EXPECT_THAT(seen_on_terminal(80, 80, {}, work), HasSubstr("[="));
}

TEST(Terminal, TheBarFollowsTheWidthOfTheWindow) {
    const std::string seen = seen_on_terminal(100, 40, {}, [](Console& console) {
        console.progress().begin("stack", 10);
        for (int i = 0; i < 8; ++i) {
            std::this_thread::sleep_for(110ms);
            console.progress().advance(1);
        }
        console.progress().end();
    });
    const std::vector<std::string> bars = drawn(seen);
    ASSERT_GE(bars.size(), 4U) << seen;
    EXPECT_GT(bars.front().size(), 40U);
    EXPECT_LT(bars.back().size(), 40U);
}

} // namespace
} // namespace lcclass
