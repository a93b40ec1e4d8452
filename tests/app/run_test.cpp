#include "manifest.h"
#include "test_commands.h"

#include "lcclass/core/error.h"
#include "lcclass/core/sha256.h"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <regex>
#include <string>

namespace lcclass {
namespace {

using test::runs_of;
using test::TemporaryFolder;

/// in.txt -> first.txt -> second.txt in `out`.
class Run : public testing::Test {
protected:
    Run() {
        folder.write("out/in.txt", "x");
        configure("{suffix: a}", "{suffix: b}");
        test::reset_runs();
    }

    void configure(const std::string& first, const std::string& second) {
        folder.write("c.yml", "output_dir: out\nfirst: " + first + "\nsecond: " + second + "\n");
    }

    test::ProgramResult run(std::vector<std::string> more = {}) {
        test::reset_runs();
        std::vector<std::string> args = {"run", "-c", (folder.path() / "c.yml").string()};
        args.insert(args.end(), more.begin(), more.end());
        return test::run_test_program(args);
    }

    nlohmann::json manifest() { return nlohmann::json::parse(folder.read("out/manifest.json")); }

    TemporaryFolder folder;
};

TEST_F(Run, ExecutesTheStagesInPipelineOrder) {
    const auto result = run();
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(folder.read("out/second.txt"), "xab");
    EXPECT_NE(result.err.find("first: runs (never run)"), std::string::npos);
}

TEST_F(Run, SkipsWhatIsUpToDate) {
    ASSERT_EQ(run().code, 0);
    const std::string before = folder.read("out/manifest.json");
    const auto again = run();
    EXPECT_EQ(again.code, 0);
    EXPECT_EQ(runs_of("first") + runs_of("second"), 0);
    EXPECT_NE(again.err.find("first: up to date, skipped"), std::string::npos);
    EXPECT_EQ(folder.read("out/manifest.json"), before);
}

TEST_F(Run, TimesAreThoseOfTheLastTimeAStageRan) {
    ASSERT_EQ(run().code, 0);
    const auto times = nlohmann::json::parse(folder.read("out/times.json"));
    EXPECT_EQ(times.at("times"), 1);
    ASSERT_EQ(times.at("stages").size(), 2U);
    EXPECT_EQ(times.at("stages")[0].at("stage"), "first");
    EXPECT_GE(times.at("stages")[0].at("seconds").get<double>(), 0.0);
    EXPECT_GE(times.at("stages")[0].at("cpu_seconds").get<double>(), 0.0);
    EXPECT_GT(times.at("stages")[0].at("peak_memory_bytes").get<std::int64_t>(), 1 << 20);
    const std::string before = folder.read("out/times.json");
    ASSERT_EQ(run().code, 0);
    EXPECT_EQ(folder.read("out/times.json"), before) << "nothing ran";
    EXPECT_EQ(folder.read("out/manifest.json").find("seconds"), std::string::npos);
}

TEST_F(Run, TimesThatAreSomethingElseAreKept) {
    folder.write("out/times.json", "[1, 2]");
    const auto result = run();
    EXPECT_EQ(result.code, 4);
    EXPECT_NE(result.err.find("times.json: is not a times.json of lcclass"), std::string::npos) << result.err;
    EXPECT_EQ(runs_of("first"), 0);
    EXPECT_EQ(folder.read("out/times.json"), "[1, 2]");
}

TEST_F(Run, EndsWithATableOfTheStages) {
    ASSERT_EQ(run({"--to", "first"}).code, 0);
    const auto result = run();
    const std::regex table("lcclass: stage         time  outputs in [^\n]*\n"
                           "lcclass: first   up to date  first.txt\n"
                           "lcclass: second       0.[0-9] s  second.txt\n"
                           "lcclass: total        0.[0-9] s  1 of 2 stages ran\n$");
    EXPECT_TRUE(std::regex_search(result.err, table)) << result.err;
}

TEST_F(Run, GoesByContentNotByTimeStamp) {
    ASSERT_EQ(run().code, 0);
    folder.write("out/in.txt", "x"); // the same again
    EXPECT_EQ(run().code, 0);
    EXPECT_EQ(runs_of("first"), 0);
    folder.write("out/in.txt", "y");
    const auto changed = run();
    EXPECT_EQ(runs_of("first"), 1);
    EXPECT_EQ(runs_of("second"), 1);
    EXPECT_NE(changed.err.find("first: runs (in.txt changed)"), std::string::npos) << changed.err;
    EXPECT_EQ(folder.read("out/second.txt"), "yab");
}

TEST_F(Run, AChangedOptionRedoesThatStageAndWhatFollowsFromIt) {
    ASSERT_EQ(run().code, 0);
    configure("{suffix: a}", "{suffix: c}");
    const auto result = run();
    EXPECT_EQ(runs_of("first"), 0);
    EXPECT_EQ(runs_of("second"), 1);
    EXPECT_NE(result.err.find("second: runs (option suffix changed)"), std::string::npos) << result.err;
    configure("{suffix: z}", "{suffix: c}");
    EXPECT_EQ(run().code, 0);
    EXPECT_EQ(runs_of("first"), 1);
    EXPECT_EQ(runs_of("second"), 1);
    EXPECT_EQ(folder.read("out/second.txt"), "xzc");
}

TEST_F(Run, AStageThatMakesTheSameBytesAgainRedoesNothingAfterIt) {
    ASSERT_EQ(run().code, 0);
    configure("{suffix: a, depth: 4}", "{suffix: b}"); // depth does not reach the output of this stage
    EXPECT_EQ(run().code, 0);
    EXPECT_EQ(runs_of("first"), 1);
    EXPECT_EQ(runs_of("second"), 0);
}

TEST_F(Run, AnotherSeedRedoesAllStages) {
    ASSERT_EQ(run().code, 0);
    const auto result = run({"--seed", "1"});
    EXPECT_EQ(runs_of("first"), 1);
    EXPECT_NE(result.err.find("seed changed"), std::string::npos);
}

TEST_F(Run, OutputsThatAreGoneOrChangedAreMadeAgain) {
    ASSERT_EQ(run().code, 0);
    std::filesystem::remove(folder.path() / "out/second.txt");
    EXPECT_EQ(run().code, 0);
    EXPECT_EQ(runs_of("second"), 1);
    folder.write("out/first.txt", "tampered");
    const auto result = run();
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(runs_of("first"), 1);
    EXPECT_EQ(folder.read("out/second.txt"), "xab");
}

TEST_F(Run, FilesThatNoRunMadeAreNotOverwritten) {
    folder.write("out/second.txt", "precious");
    const auto result = run();
    EXPECT_EQ(result.code, 6) << result.err;
    EXPECT_EQ(runs_of("first"), 0);
    EXPECT_EQ(folder.read("out/second.txt"), "precious");
    EXPECT_EQ(run({"--overwrite"}).code, 0);
    EXPECT_EQ(folder.read("out/second.txt"), "xab");
}

TEST_F(Run, CanBeRepeatedAfterAStageFailed) {
    configure("{suffix: a}", "{suffix: b, fail: memory}");
    EXPECT_EQ(run().code, 7);
    EXPECT_FALSE(manifest()["stages"][1]["complete"].get<bool>());
    folder.write("out/second.txt", "what a killed stage may leave");
    configure("{suffix: a}", "{suffix: b}");
    const auto result = run();
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(runs_of("first"), 0);
    EXPECT_NE(result.err.find("second: runs (was interrupted)"), std::string::npos);
    EXPECT_EQ(folder.read("out/second.txt"), "xab");
}

TEST_F(Run, A33_InputThatChangesDuringAStageEndsTheRunWithoutItsOutput) {
    configure("{suffix: a, fail: changed-input}", "{suffix: b}");
    const auto result = run();
    EXPECT_EQ(result.code, 4);
    EXPECT_NE(result.err.find("in.txt: was written to while it was in use"), std::string::npos) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out/first.txt"));
    EXPECT_EQ(runs_of("second"), 0);
    configure("{suffix: a}", "{suffix: b}");
    EXPECT_EQ(run().code, 0);
}

TEST_F(Run, DryRunShowsThePlanAndRunsNothing) {
    const auto plan = run({"--dry-run"});
    ASSERT_EQ(plan.code, 0) << plan.err;
    EXPECT_EQ(runs_of("first") + runs_of("second"), 0);
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out/manifest.json"));
    EXPECT_NE(plan.out.find("will run: never run"), std::string::npos) << plan.out;
    EXPECT_NE(plan.out.find("will run: first.txt is made anew"), std::string::npos) << plan.out;
    EXPECT_NE(plan.out.find("second.txt"), std::string::npos);
    // The second stage's facts build on the first's: 1 GiB, then 2 GiB; the total takes the larger, and sums the rest.
    EXPECT_NE(plan.out.find("total         2.0 GiB    2.0 MiB      3:00"), std::string::npos) << plan.out;
    ASSERT_EQ(run().code, 0);
    EXPECT_NE(run({"--dry-run"}).out.find("up to date"), std::string::npos);
}

TEST_F(Run, FromAndToChooseStages) {
    ASSERT_EQ(run({"--to", "first"}).code, 0);
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out/second.txt"));
    ASSERT_EQ(run({"--from", "second"}).code, 0);
    EXPECT_EQ(runs_of("first"), 0);
    EXPECT_EQ(runs_of("second"), 1);
    const auto unknown = run({"--from", "secnd"});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_NE(unknown.err.find("(did you mean 'second'?)"), std::string::npos);
    EXPECT_EQ(run({"--from", "second", "--to", "first"}).code, 2);
}

TEST_F(Run, MissingInputsAreFoundBeforeAnyStageWorks) {
    configure("{suffix: a}", "{input: [out/first.txt, absent.txt]}");
    const auto result = run();
    EXPECT_EQ(result.code, 4) << result.err;
    EXPECT_NE(result.err.find("absent.txt"), std::string::npos);
    EXPECT_EQ(runs_of("first"), 0);
}

TEST_F(Run, TwoStagesWithOneOutputAreRefused) {
    configure("{suffix: a}", "{input: out/in.txt, output: out/first.txt}");
    EXPECT_EQ(run().code, 2);
    EXPECT_EQ(runs_of("first"), 0);
}

TEST_F(Run, TheManifestTellsWhatMadeEveryOutput) {
    ASSERT_EQ(run().code, 0);
    const auto stage = manifest()["stages"][0];
    EXPECT_EQ(stage["stage"], "first");
    EXPECT_EQ(stage["seed"], 42);
    EXPECT_EQ(stage["options"]["suffix"], "a");
    EXPECT_EQ(stage["options"]["n_estimators"], 100);
    EXPECT_EQ(stage["inputs"][0]["path"], "in.txt");
    EXPECT_EQ(stage["inputs"][0]["sha256"], sha256_of("x"));
    EXPECT_EQ(stage["outputs"][0]["path"], "first.txt");
    EXPECT_EQ(stage["outputs"][0]["sha256"], sha256_of("xa"));
    EXPECT_EQ(stage["outputs"][0]["bytes"], 2);
    EXPECT_EQ(stage["command_line"], "lcclass first --suffix a --output-dir . --seed 42");
}

TEST_F(Run, TheManifestIsTheSameWhereverTheExperimentLies) {
    ASSERT_EQ(run().code, 0);
    const std::string here = folder.read("out/manifest.json");
    const TemporaryFolder elsewhere;
    std::filesystem::copy(folder.path(), elsewhere.path(), std::filesystem::copy_options::recursive);
    test::reset_runs();
    EXPECT_EQ(test::run_test_program({"run", "-c", (elsewhere.path() / "c.yml").string()}).code, 0);
    EXPECT_EQ(runs_of("first") + runs_of("second"), 0);
    EXPECT_EQ(elsewhere.read("out/manifest.json"), here);
}

TEST_F(Run, NeedsAConfigWithStagesAndAnOutputDir) {
    EXPECT_EQ(test::run_test_program({"run"}).code, 2);
    folder.write("c.yml", "first: {suffix: a}\n");
    EXPECT_NE(run().err.find("output_dir: is missing"), std::string::npos);
    folder.write("c.yml", "output_dir: out\nrun: {dry_run: true}\n");
    EXPECT_NE(run().err.find("has no section of a pipeline command"), std::string::npos);
}

TEST_F(Run, AFileThatIsNoManifestIsNotTakenForOne) {
    folder.write("out/manifest.json", "{\"stages\": 3}");
    EXPECT_EQ(run().code, 4);
    EXPECT_EQ(folder.read("out/manifest.json"), "{\"stages\": 3}");
}

TEST(FileHasher, HashesFoldersByNameAndContent) {
    const TemporaryFolder folder;
    folder.write("a/x.txt", "1");
    folder.write("a/sub/y.txt", "2");
    folder.write("b/sub/y.txt", "2");
    folder.write("b/x.txt", "1");
    folder.write("c/x.txt", "2");
    folder.write("c/sub/y.txt", "1");
    FileHasher hasher;
    const auto hash = [&](const char* name) { return hasher.record(folder.path() / name, folder.path()).sha256; };
    EXPECT_EQ(hash("a"), hash("b"));
    EXPECT_NE(hash("a"), hash("c"));
    EXPECT_THROW(hasher.record(folder.path() / "none", folder.path()), Error);
}

} // namespace
} // namespace lcclass
