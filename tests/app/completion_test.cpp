#include "completion.h"

#include "commands.h"
#include "parser.h"
#include "support/process.h"
#include "test_commands.h"

#include "lcclass/core/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lcclass {
namespace {

using test::TemporaryFolder;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::UnorderedElementsAre;

/// A folder with some files, and what bash offers there.
class Bash : public testing::Test {
protected:
    Bash() {
        folder.write("lcclass.bash", bash_completion(Parser(make_commands())));
        for (const char* name : {"a.tif", "b.yml", "model.lcm", "my samples.gpkg", "sub/c.txt"}) {
            folder.write(name, "");
        }
    }

    /// `words` as bash cuts the line; the last is the one to complete.
    [[nodiscard]] std::vector<std::string> offers(const std::vector<std::string>& words) const {
        std::string array;
        for (const std::string& word : words) {
            array += " '" + word + "'";
        }
        const std::string script = "set -u; source ./lcclass.bash; COMP_WORDS=(" + array +
                                   "); COMP_CWORD=" + std::to_string(words.size() - 1) +
                                   "; _lcclass; for w in \"${COMPREPLY[@]:-}\"; do echo \"$w\"; done";
        const auto result = test::run_process({"bash", "--norc", "-c", script}, folder.path());
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        EXPECT_EQ(result.errors, "");
        std::vector<std::string> lines = split(trim(result.output), '\n');
        return lines == std::vector<std::string>{""} ? std::vector<std::string>() : lines;
    }

    TemporaryFolder folder;
};

TEST_F(Bash, OffersCommands) {
    EXPECT_THAT(offers({"lcclass", "s"}), UnorderedElementsAre("stack", "sample", "simulate"));
    EXPECT_THAT(offers({"lcclass", ""}), Contains("explain"));
}

TEST_F(Bash, OffersTheOptionsOfTheCommandAndTheGlobalOnes) {
    EXPECT_THAT(offers({"lcclass", "train", "--max-"}),
                UnorderedElementsAre("--max-depth", "--max-features", "--max-samples", "--max-bins"));
    EXPECT_THAT(offers({"lcclass", "-c", "train", "stack", "--log"}), ElementsAre("--log-file"));
    EXPECT_THAT(offers({"lcclass", "--threads", "4", "sample", "--str"}), ElementsAre("--strategy"));
}

TEST_F(Bash, OffersWordsAlsoBehindEqualsAndCommas) {
    EXPECT_THAT(offers({"lcclass", "train", "--criterion", ""}), UnorderedElementsAre("gini", "entropy"));
    EXPECT_THAT(offers({"lcclass", "train", "--criterion", "=", "e"}), ElementsAre("entropy"));
    EXPECT_THAT(offers({"lcclass", "train", "--criterion", "="}), UnorderedElementsAre("gini", "entropy"));
    EXPECT_THAT(offers({"lcclass", "cv", "--schemes", "random,poly"}), ElementsAre("random,polygon"));
    EXPECT_THAT(offers({"lcclass", "run", "--from", "pre"}), ElementsAre("predict"));
}

TEST_F(Bash, OffersFilesByTheirEndingsAndFolders) {
    EXPECT_THAT(offers({"lcclass", "predict", "-m", ""}), UnorderedElementsAre("model.lcm", "sub"));
    EXPECT_THAT(offers({"lcclass", "run", "--config", ""}), UnorderedElementsAre("b.yml", "sub"));
    EXPECT_THAT(offers({"lcclass", "train", "--samples", "my"}), ElementsAre("my samples.gpkg"));
    EXPECT_THAT(offers({"lcclass", "info", ""}), Contains("a.tif"));
    EXPECT_THAT(offers({"lcclass", "predict", "--probabilities", "a"}), ElementsAre("a.tif"));
}

TEST_F(Bash, OffersNothingForANumber) {
    EXPECT_THAT(offers({"lcclass", "train", "--n-estimators", ""}), testing::IsEmpty());
}

TEST(Zsh, TheScriptIsWellFormed) {
    const TemporaryFolder folder;
    const Parser parser(make_commands());
    const std::string script = zsh_completion(parser);
    EXPECT_TRUE(script.starts_with("#compdef lcclass\n"));
    for (const auto& command : parser.commands()) {
        EXPECT_THAT(script, testing::HasSubstr("    " + command->name() + ")\n"));
    }
    const auto file = folder.write("_lcclass", script);
    // Its quotes are those of any shell.
    EXPECT_EQ(test::run_process({"bash", "-n", file.string()}, ".").exit_code, 0);
    if (test::run_process({"sh", "-c", "command -v zsh"}, ".").exit_code == 0) {
        EXPECT_EQ(test::run_process({"zsh", "-n", file.string()}, ".").exit_code, 0);
    }
}

} // namespace
} // namespace lcclass
