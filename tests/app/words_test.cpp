#include "command_line.h"
#include "commands.h"
#include "config.h"
#include "parser.h"
#include "test_commands.h"

#include "lcclass/assess/sample_accuracy.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/probability_correction.h"
#include "lcclass/sampling/folds.h"
#include "lcclass/sampling/sampling_design.h"
#include "lcclass/simulation/landscape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// The words that options are declared with, against those that the layers below take.

namespace lcclass {
namespace {

struct Declared {
    std::unique_ptr<Command> command;
    std::unique_ptr<CLI::App> app;
};

std::vector<Declared> all_commands() {
    std::vector<Declared> all;
    for (auto& command : make_commands()) {
        auto app = make_app(*command);
        all.push_back({std::move(command), std::move(app)});
    }
    return all;
}

std::string refusal(const std::vector<std::string>& args) {
    try {
        Parser(make_commands()).parse(args);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::command_line);
        return error.what();
    }
    return "accepted";
}

TEST(Words, ASlipOfTheHandIsNoticedInEveryOptionOfWords) {
    int n_options = 0;
    for (const Declared& declared : all_commands()) {
        for (const CLI::Option* option : options_of(*declared.app)) {
            const auto words = words_of(*option);
            if (words.empty() || !problem_with_word(*option, "no such word")) {
                continue;
            }
            ++n_options;
            const std::string slip = words.front() + "x";
            EXPECT_THAT(refusal({declared.command->name(), display_name(*option), slip}),
                        testing::HasSubstr(display_name(*option) + "=" + slip +
                                           ": is not one of its words (did you mean '" + words.front() +
                                           "'?); fix: use one of " + join(words, ", ").substr(0, 20)));
        }
    }
    EXPECT_GE(n_options, 25);
}

TEST(Words, OneOfAListIsChecked) {
    EXPECT_THAT(refusal({"cv", "--schemes", "random,polygn"}),
                testing::HasSubstr("--schemes=polygn: is not one of its words (did you mean 'polygon'?)"));
    EXPECT_EQ(refusal({"cv", "--schemes", "random,polygon"}), "accepted");
}

TEST(Words, OptionsThatTakeOtherTextsTooAreNotChecked) {
    EXPECT_EQ(refusal({"stack", "--resampling", "nearest,B08=cubic"}), "accepted");
    EXPECT_EQ(refusal({"train", "--max-features", "0.5"}), "accepted");
}

TEST(Words, AreKnownToTheLayersBelow) {
    const test::TemporaryFolder folder;
    const std::vector<std::vector<std::string>> needed = {{"stack", "-i", "x.SAFE"},
                                                          {"rasterize", "-i", "x.gpkg", "--like", "x.tif"},
                                                          {"sample", "--stack", "x.tif", "--labels", "y.tif"},
                                                          {"simulate"}};
    for (const auto& base : needed) {
        Parser probe(make_commands());
        probe.parse(base);
        for (const CLI::Option* option : options_of(probe.command_app())) {
            for (const std::string& word : words_of(*option)) {
                if (!problem_with_word(*option, "no such word")) {
                    continue;
                }
                std::vector<std::string> args = base;
                args.insert(args.end(), {"-o", (folder.path() / "out").string(), display_name(*option), word});
                Parser parser(make_commands());
                parser.parse(args);
                try {
                    parser.command()->prepare(parser.globals());
                } catch (const Error& error) {
                    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("use one of"))) << word;
                }
            }
        }
    }
}

/// What a function of the layers below says that it takes.
template <class Parse>
std::string taken_words(Parse parse) {
    try {
        parse("?");
    } catch (const Error& error) {
        return error.fault().fix;
    }
    return {};
}

TEST(Words, ThoseOfTheLayersBelowAreAllThere) {
    const std::map<std::pair<std::string, std::string>, std::string> taken = {
        {{"sample", "--strategy"}, taken_words(parse_sampling_strategy)},
        {{"simulate", "--sampling"}, taken_words(parse_polygon_sampling)},
        {{"assess", "--design"}, taken_words(parse_sample_design)},
        {{"cv", "--block-assignment"}, taken_words(parse_block_assignment)},
        {{"cv", "--block-shape"}, taken_words(parse_block_shape)},
        {{"train", "--calibrate"}, taken_words(parse_calibration_method)}};
    std::size_t n_seen = 0;
    for (const Declared& declared : all_commands()) {
        for (const CLI::Option* option : options_of(*declared.app)) {
            const auto found = taken.find({declared.command->name(), display_name(*option)});
            if (found != taken.end()) {
                ++n_seen;
                EXPECT_EQ("use one of " + join(words_of(*option), ", "), found->second) << display_name(*option);
            }
        }
    }
    EXPECT_EQ(n_seen, taken.size());
}

TEST(Words, InAConfigTheyAreRefusedWithTheirLine) {
    const test::TemporaryFolder folder;
    const auto config = folder.write("c.yml", "output_dir: out\ncv:\n  schemes: [random, polygn]\n");
    Parser parser(make_commands());
    parser.parse({"-c", config.string(), "info", "x"});
    try {
        parser.merge(load_config(config));
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::configuration);
        EXPECT_THAT(error.what(), testing::HasSubstr("c.yml:3:12: cv.schemes"));
        EXPECT_THAT(error.what(), testing::HasSubstr("(did you mean 'polygon'?)"));
    }
}

} // namespace
} // namespace lcclass
