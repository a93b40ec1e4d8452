#include "command_line.h"
#include "console.h"
#include "program.h"
#include "resources.h"
#include "test_commands.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace lcclass {
namespace {

using test::run_test_program;
using test::TemporaryFolder;

/// A first command that would work in `folder`, and `more`.
std::vector<std::string> first(const TemporaryFolder& folder, const std::vector<std::string>& more = {}) {
    std::vector<std::string> args = {"first", "-i", folder.write("in.txt", "x").string(), "-o",
                                     (folder.path() / "out.txt").string()};
    args.insert(args.end(), more.begin(), more.end());
    return args;
}

std::string refused(const std::vector<std::string>& more) {
    const TemporaryFolder folder;
    const auto result = run_test_program(first(folder, more));
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_TRUE(result.err.starts_with("lcclass: error: ")) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out.txt"));
    return result.err.substr(std::min<std::size_t>(16, result.err.size()));
}

TEST(Program, RunsTheCommandThatIsNamed) {
    const TemporaryFolder folder;
    const auto result = run_test_program(first(folder, {"--suffix", "y"}));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(folder.read("out.txt"), "xy");
}

TEST(Program, UnknownCommandsAndOptionsNameTheNearest) {
    const auto result = run_test_program({"frist"});
    EXPECT_EQ(result.code, 2);
    EXPECT_NE(result.err.find("frist: unknown command (did you mean 'first'?)"), std::string::npos) << result.err;
    EXPECT_EQ(refused({"--sufix", "y"}),
              "--sufix: unknown option (did you mean '--suffix'?); fix: see 'lcclass first --help'\n");
    EXPECT_NE(refused({"--seeed=5"}).find("(did you mean '--seed'?)"), std::string::npos);
    EXPECT_EQ(run_test_program({}).code, 2);
}

TEST(Program, AbbreviationsAreUnknownOptions) {
    EXPECT_NE(refused({"--suff", "y"}).find("unknown option"), std::string::npos);
}

TEST(Program, MissingValuesAreNotTakenFromTheNextOption) {
    EXPECT_NE(refused({"--suffix"}).find("--suffix: needs a value"), std::string::npos);
    EXPECT_NE(refused({"--suffix", "--all-touched"}).find("--suffix: needs a value"), std::string::npos);
    EXPECT_NE(refused({"--depth", "--all-touched"}).find("--depth: needs a value"), std::string::npos);
    EXPECT_NE(refused({"--suffix=", "z"}).find("--suffix: needs a value"), std::string::npos);
}

TEST(Program, RepeatedSingleValuesAreRefused) {
    EXPECT_NE(refused({"--depth", "3", "--depth", "4"}).find("--depth: is given more than once"), std::string::npos);
    EXPECT_NE(refused({"--all-touched", "--all-touched"}).find("is given more than once"), std::string::npos);
    EXPECT_NE(refused({"--seed", "3", "--seed", "4"}).find("is given more than once"), std::string::npos);
}

TEST(Program, ValuesMayBeginWithAMinusWhenTheyAreNumbersOrJoined) {
    const TemporaryFolder folder;
    const auto result = run_test_program(first(folder, {"--count", "-5", "--bounds", "-1,-2,3,4", "--suffix=-x"}));
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_NE(result.out.find("\"count\":-5"), std::string::npos);
    EXPECT_NE(result.out.find("\"bounds\":[-1,-2,3,4]"), std::string::npos);
    EXPECT_EQ(folder.read("out.txt"), "x-x");
}

TEST(Program, NumbersAreDecimalOnTheCommandLineToo) {
    EXPECT_NE(refused({"--depth", "010"}).find("--depth=010: is not a whole number"), std::string::npos);
    EXPECT_NE(refused({"--count", "0x10"}).find("is not a whole number"), std::string::npos);
    EXPECT_NE(refused({"--count", "1e3"}).find("is not a whole number"), std::string::npos);
    EXPECT_NE(refused({"--count", "99999999999999999999"}).find("--count=99999999999999999999"), std::string::npos);
    EXPECT_NE(refused({"--depth", "65536"}).find("out of range"), std::string::npos);
    EXPECT_NE(refused({"--percent", "nan"}).find("--percent=nan: is not a finite number"), std::string::npos);
    EXPECT_NE(refused({"--percent", "0,5"}).find("is not a number"), std::string::npos);
    EXPECT_NE(refused({"--bootstrap", "on"}).find("neither true nor false"), std::string::npos);
    EXPECT_NE(refused({"--n-estimators", "0"}).find("not in range"), std::string::npos);
    EXPECT_NE(refused({"-t", "0"}).find("--threads"), std::string::npos);
    EXPECT_NE(refused({"--memory", "lots"}).find("is not a size"), std::string::npos);
    EXPECT_NE(refused({"--seed", "-1"}).find("--seed"), std::string::npos);
}

TEST(Program, UnexpectedArgumentsAreRefused) {
    EXPECT_NE(refused({"--all-touched", "extra"}).find("extra: unexpected argument"), std::string::npos);
    EXPECT_NE(refused({"--all-touched", "second"}).find("second: unexpected argument"), std::string::npos);
    EXPECT_NE(refused({"-q", "-v"}).find("--verbose: contradicts --quiet"), std::string::npos);
}

TEST(Program, GlobalOptionsWorkBeforeAndAfterTheCommand) {
    const TemporaryFolder folder;
    auto before = first(folder);
    before.insert(before.begin(), {"--seed", "9", "-v", "-t", "2"});
    const auto result = run_test_program(before);
    EXPECT_EQ(result.code, 0);
    EXPECT_NE(result.err.find("threads: 2"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("seed: 9"), std::string::npos);
    const auto after =
        run_test_program(first(folder, {"--overwrite", "--seed", "9", "-v", "-t", "3", "--memory", "2G"}));
    EXPECT_NE(after.err.find("threads: 3, memory: 2.0 GiB, seed: 9"), std::string::npos) << after.err;
}

TEST(Program, HelpFitsAScreenAndBeginsWithTheExample) {
    for (const std::vector<std::string>& args :
         {std::vector<std::string>{"--help"}, {"first", "--help"}, {"run", "-h"}}) {
        const auto result = run_test_program(args);
        EXPECT_EQ(result.code, 0);
        EXPECT_TRUE(result.out.starts_with("Example:\n  lcclass ")) << result.out;
        EXPECT_LE(std::count(result.out.begin(), result.out.end(), '\n'), 40);
    }
    EXPECT_NE(run_test_program({"first", "--help"}).out.find("--n-estimators N"), std::string::npos);
    EXPECT_TRUE(run_test_program({"--version"}).out.starts_with("lcclass "));
}

TEST(Program, ErrorsBecomeExitCodesAndOneLine) {
    const TemporaryFolder folder;
    const auto input = run_test_program(first(folder, {"--fail", "input"}));
    EXPECT_EQ(input.code, 4);
    EXPECT_EQ(input.err, "lcclass: error: x.tif: nodata=7: is odd; fix: mend it\n");
    EXPECT_EQ(run_test_program(first(folder, {"--fail", "memory"})).code, 7);
    const auto bug = run_test_program(first(folder, {"--fail", "bug"}));
    EXPECT_EQ(bug.code, 70);
    EXPECT_TRUE(bug.err.starts_with("lcclass: error: internal error: a\\nbug; fix: this is a bug, please report"));
    EXPECT_EQ(run_test_program({"first"}).err, "lcclass: error: --input: is needed; fix: add --input FILE\n");
}

TEST(Program, ExistingOutputsAreKeptUnlessOverwriteIsGiven) {
    const TemporaryFolder folder;
    folder.write("out.txt", "old");
    test::reset_runs();
    const auto result = run_test_program(first(folder));
    EXPECT_EQ(result.code, 6);
    EXPECT_NE(result.err.find("--overwrite"), std::string::npos);
    EXPECT_EQ(test::runs_of("first"), 0);
    EXPECT_EQ(folder.read("out.txt"), "old");
    EXPECT_EQ(run_test_program(first(folder, {"--overwrite"})).code, 0);
    EXPECT_EQ(folder.read("out.txt"), "x");
}

TEST(Program, OutputsThatAreInputsAreRefusedHoweverTheyAreNamed) {
    const TemporaryFolder folder;
    const auto in = folder.write("in.txt", "x");
    std::filesystem::create_hard_link(in, folder.path() / "hard.txt");
    std::filesystem::create_symlink(in, folder.path() / "soft.txt");
    for (const char* name : {"in.txt", "./in.txt", "hard.txt", "soft.txt"}) {
        const auto result =
            run_test_program({"first", "-i", in.string(), "-o", folder.path().string() + "/" + name, "--overwrite"});
        EXPECT_EQ(result.code, 2) << name << result.err;
        EXPECT_EQ(folder.read("in.txt"), "x");
    }
}

TEST(Program, A33_InputThatChangesWhileItIsReadLeavesNoOutput) {
    const TemporaryFolder folder;
    const std::string in = folder.write("in.txt", "x").string();
    folder.write("out.txt", "old");
    const auto result = run_test_program(
        {"first", "-i", in, "-o", folder.path().string() + "/out.txt", "--overwrite", "--fail", "changed-input"});
    EXPECT_EQ(result.code, 4);
    EXPECT_NE(result.err.find("in.txt: was written to while it was in use (1 bytes before, 5 now); fix: run again"),
              std::string::npos)
        << result.err;
    EXPECT_EQ(folder.read("out.txt"), "old");
}

TEST(Program, OutputsThatCannotBeWrittenAreRefusedBeforeWork) {
    const TemporaryFolder folder;
    test::reset_runs();
    const std::string in = folder.write("in.txt", "x").string();
    const std::string long_name(300, 'n');
    for (const std::string& name : {std::string("missing/out.txt"), std::string("in.txt/out.txt"), long_name}) {
        const auto result = run_test_program({"first", "-i", in, "-o", folder.path().string() + "/" + name});
        EXPECT_EQ(result.code, 6) << result.err;
    }
    EXPECT_EQ(test::runs_of("first"), 0);
}

TEST(Program, OutputDirGivesNamesAndIsMade) {
    const TemporaryFolder folder;
    folder.write("out/in.txt", "x");
    const auto result = run_test_program({"--output-dir", (folder.path() / "out").string(), "first"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(folder.read("out/first.txt"), "x");
}

TEST(Resources, SizesHaveBinarySuffixes) {
    EXPECT_EQ(parse_size("2G"), std::int64_t{2} << 30);
    EXPECT_EQ(parse_size("512M"), std::int64_t{512} << 20);
    EXPECT_EQ(parse_size("1.5G"), std::int64_t{3} << 29);
    EXPECT_EQ(parse_size("100000000"), 100'000'000);
    for (const char* bad : {"", "G", "2GB", "-2G", "nan", "1K", "0", "1e30", " 2G"}) {
        EXPECT_NE(problem_with_size(bad), "") << bad;
    }
    EXPECT_GE(available_threads(), 1);
    EXPECT_GT(available_memory(), 64 << 20);
    EXPECT_EQ(describe_bytes(1536), "1.5 KiB");
    EXPECT_EQ(describe_bytes(999), "999 B");
}

} // namespace
} // namespace lcclass
