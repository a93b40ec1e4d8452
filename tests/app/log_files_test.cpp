#include "test_commands.h"

#include "lcclass/core/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

// --log-file and --json-log, through the whole program.

namespace lcclass {
namespace {

using nlohmann::json;
using test::run_test_program;
using testing::HasSubstr;

class Logs : public testing::Test {
protected:
    Logs() {
        folder.write("out/in.txt", "x");
        folder.write("c.yml", "output_dir: out\nfirst: {suffix: a}\nsecond: {suffix: b}\n");
    }

    test::ProgramResult run(std::vector<std::string> args) {
        args.insert(args.begin(), {"-c", (folder.path() / "c.yml").string()});
        return run_test_program(args);
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (folder.path() / name).string(); }

    [[nodiscard]] std::vector<json> events(const std::string& name) const {
        std::vector<json> all;
        for (const std::string& line : split(trim(folder.read(name)), '\n')) {
            all.push_back(json::parse(line));
        }
        return all;
    }

    test::TemporaryFolder folder;
};

TEST_F(Logs, PlainLinesHaveTimeAndLevelAndAllDetailsWhateverTheTerminalShows) {
    const auto quiet = run({"run", "-q", "--log-file", path("run.log")});
    ASSERT_EQ(quiet.code, 0) << quiet.err;
    EXPECT_EQ(quiet.err, "");
    const std::string log = folder.read("run.log");
    const std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug  |info   |warning|error  ) .+)");
    for (const std::string& line : split(trim(log), '\n')) {
        EXPECT_TRUE(std::regex_match(line, form)) << line;
    }
    EXPECT_THAT(log, HasSubstr("Z info    lcclass "));
    EXPECT_THAT(log, HasSubstr("Z debug   options: {"));
    EXPECT_THAT(log, HasSubstr("Z info    first: runs (never run)\n"));
    EXPECT_THAT(log, HasSubstr("Z info    ends with exit code 0 after "));
}

TEST_F(Logs, SecondRunIsAppended) {
    ASSERT_EQ(run({"run", "--log-file", path("run.log")}).code, 0);
    const std::string before = folder.read("run.log");
    ASSERT_EQ(run({"run", "--log-file", path("run.log")}).code, 0);
    const std::string after = folder.read("run.log");
    EXPECT_TRUE(after.starts_with(before));
    EXPECT_THAT(after.substr(before.size()), HasSubstr("first: up to date, skipped\n"));
}

TEST_F(Logs, JsonTellsStagesAndTheirSeconds) {
    ASSERT_EQ(run({"run", "--json-log", path("run.jsonl")}).code, 0);
    std::vector<std::string> order;
    for (const json& event : events("run.jsonl")) {
        EXPECT_EQ(event.at("time").get<std::string>().size(), 24U);
        EXPECT_TRUE(event.contains("level") && event.contains("message"));
        if (event.at("event") != "log") {
            order.push_back(event.at("event").get<std::string>() + " " + event.value("stage", ""));
        }
        if (event.at("event") == "stage-end") {
            EXPECT_GE(event.at("seconds").get<double>(), 0.0);
        }
    }
    EXPECT_THAT(order, testing::ElementsAre("begin ", "stage-begin first", "stage-end first", "stage-begin second",
                                            "stage-end second", "end "));
    EXPECT_EQ(events("run.jsonl").back().at("exit_code"), 0);
}

TEST_F(Logs, ErrorsAreThereInParts) {
    const auto failed =
        run({"run", "--json-log", path("run.jsonl"), "--log-file", path("run.log"), "--from", "nothing"});
    EXPECT_EQ(failed.code, 2);
    const auto all = events("run.jsonl");
    ASSERT_GE(all.size(), 2U);
    const json& error = all[all.size() - 2];
    EXPECT_EQ(error.at("event"), "error");
    EXPECT_EQ(error.at("level"), "error");
    EXPECT_EQ(error.at("code"), 2);
    EXPECT_THAT(error.at("field").get<std::string>(), HasSubstr("--from"));
    EXPECT_NE(error.at("problem"), "");
    EXPECT_NE(error.at("fix"), "");
    EXPECT_EQ(all.back().at("exit_code"), 2);
    EXPECT_THAT(folder.read("run.log"), HasSubstr("Z error   "));
}

TEST_F(Logs, LogThatCannotBeWrittenIsOneErrorBeforeAnyWork) {
    test::reset_runs();
    const auto result = run({"run", "--log-file", path("nowhere/run.log")});
    EXPECT_EQ(result.code, 6);
    EXPECT_EQ(test::runs_of("first"), 0);
    EXPECT_THAT(result.err,
                HasSubstr("lcclass: error: " + path("nowhere/run.log") + ": the log cannot be written: No such"));
    EXPECT_EQ(split(result.err, '\n').size(), 2U) << result.err;
    EXPECT_FALSE(std::filesystem::exists(path("nowhere")));
}

TEST_F(Logs, FileThatIsNoLogIsLeftAlone) {
    folder.write("notes.txt", "mine");
    EXPECT_EQ(run({"run", "--log-file", path("notes.txt")}).code, 6);
    EXPECT_EQ(run({"run", "--json-log", path("notes.txt")}).code, 6);
    EXPECT_EQ(folder.read("notes.txt"), "mine");
    ASSERT_EQ(run({"run", "--log-file", path("run.log")}).code, 0);
    EXPECT_EQ(run({"run", "--json-log", path("run.log")}).code, 6) << "a plain log";
    EXPECT_EQ(run({"run", "--json-log", path("new"), "--log-file", path("new")}).code, 6) << "the same";
}

TEST_F(Logs, LogThatIsAnOutputIsRefused) {
    const auto result = run({"first", "-o", path("out/x"), "--log-file", path("out/x")});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("is a log and a file of first"));
}

TEST_F(Logs, FullDiskIsSaidOnceWhenTheWorkIsDone) {
    const auto result = run({"run", "-q", "--log-file", "/dev/full"});
    EXPECT_EQ(result.code, 6);
    EXPECT_EQ(folder.read("out/second.txt"), "xab");
    EXPECT_THAT(result.err, testing::StartsWith("lcclass: error: /dev/full: did not take the whole log"));
    EXPECT_EQ(split(result.err, '\n').size(), 2U) << result.err;
}

} // namespace
} // namespace lcclass
