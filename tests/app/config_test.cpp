#include "config.h"

#include "command_line.h"
#include "test_commands.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <string>

namespace lcclass {
namespace {

using test::TemporaryFolder;

/// The error line that loading `bytes` as `name` gives, without the folder; `loaded` when there is none.
std::string load(const std::string& name, const std::string& bytes) {
    const TemporaryFolder folder;
    const auto file = folder.write(name, bytes);
    try {
        load_config(file);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::configuration);
        const std::string line = error.what();
        const std::string prefix = folder.path().string() + "/";
        EXPECT_TRUE(line.starts_with(prefix)) << line;
        return line.substr(prefix.size());
    }
    return "loaded";
}

ConfigNode tree(const std::string& name, const std::string& bytes) {
    const TemporaryFolder folder;
    return load_config(folder.write(name, bytes)).root;
}

std::string nested(int depth, const std::string& open, const std::string& close) {
    std::string text;
    for (int i = 0; i < depth; ++i) {
        text += open;
    }
    for (int i = 0; i < depth; ++i) {
        text += close;
    }
    return text;
}

TEST(Config, YamlAndJsonOfTheSameContentGiveTheSameTree) {
    const std::pair<const char*, const char*> pairs[] = {
        {"seed: 42\noutput_dir: out\n", R"({"seed": 42, "output_dir": "out"})"},
        {"a:\n  b: [1, -2.5, 1e-3, \"x\"]\n  c: {d: true, e: false}\nf:\n",
         R"({"a": {"b": [1, -2.5, 1e-3, "x"], "c": {"d": true, "e": false}}, "f": null})"},
        {"a:\n  - B02\n  - 'NDVI'\nb: \"12\"\nc: 18446744073709551615\n",
         R"({"a": ["B02", "NDVI"], "b": "12", "c": 18446744073709551615})"},
        {"a: \"\\u00e4\\n\"\nempty: {}\nnone: []\n", "{\"a\": \"\xC3\xA4\\n\", \"empty\": {}, \"none\": []}"},
        {"---\na: x # why\n", "\n\n{\n\t\"a\" : \"x\"\n}\n"},
    };
    for (const auto& [yaml, json] : pairs) {
        EXPECT_TRUE(same_content(tree("a.yml", yaml), tree("a.json", json))) << yaml;
    }
}

TEST(Config, TreesThatDifferAreNotTheSame) {
    EXPECT_FALSE(same_content(tree("a.yml", "a: 1\n"), tree("a.yml", "a: 2\n")));
    EXPECT_FALSE(same_content(tree("a.yml", "a: 1\n"), tree("a.yml", "a: '1'\n")));
    EXPECT_FALSE(same_content(tree("a.yml", "a: [1]\n"), tree("a.yml", "a: [1, 1]\n")));
}

TEST(Config, DuplicateKeysAreRefusedInBothFormatsWithBothLines) {
    EXPECT_EQ(load("a.yml", "train:\n  max_depth: 3\n  max_depth: 4\n"),
              "a.yml:3:3: max_depth: stands twice, first on line 2; fix: keep one of the two");
    EXPECT_EQ(load("a.json", "{\"train\":\n {\"max_depth\": 3,\n  \"max_depth\": 4}}"),
              "a.json:3:3: max_depth: stands twice, first on line 2; fix: keep one of the two");
}

TEST(Config, AnchorsAliasesTagsAndMergeKeysAreRefused) {
    EXPECT_TRUE(load("a.yml", "a: &x 1\n").starts_with("a.yml:1:4: anchors"));
    EXPECT_TRUE(load("a.yml", "a: 1\nb: *x\n").starts_with("a.yml:2:4: ")) << load("a.yml", "a: 1\nb: *x\n");
    EXPECT_TRUE(load("a.yml", "a: !!int 1\n").starts_with("a.yml:1:4: tags"));
    EXPECT_TRUE(load("a.yml", "a: ! 1\n").starts_with("a.yml:1:4: tags"));
    EXPECT_TRUE(load("a.yml", "a: !!map {b: 1}\n").starts_with("a.yml:1:4: tags"));
    EXPECT_TRUE(load("a.yml", "a:\n  <<: {b: 1}\n").starts_with("a.yml:2:3: <<: merge keys"));
}

TEST(Config, LimitsHoldBeforeTheTreeIsBuilt) {
    EXPECT_EQ(load("a.json", "{\"a\":" + nested(31, "[", "]") + "}"), "loaded");
    EXPECT_NE(load("a.json", "{\"a\":" + nested(32, "[", "]") + "}").find("nested more than 32"), std::string::npos);
    EXPECT_EQ(load("a.yml", "a: " + nested(31, "[", "]")), "loaded");
    EXPECT_NE(load("a.yml", "a: " + nested(32, "[", "]")).find("nested more than 32"), std::string::npos);
    EXPECT_NE(load("a.json", "{\"a\":" + nested(200'000, "[", "]") + "}").find("nested"), std::string::npos);
    std::string list = "a: [1";
    for (int i = 1; i < 9'998; ++i) {
        list += ",1";
    }
    EXPECT_EQ(load("a.yml", list + "]"), "loaded"); // 9,998 values, the list and the map around it
    EXPECT_NE(load("a.yml", list + ",1]").find("more than 10000 values"), std::string::npos);
    EXPECT_EQ(load("a.yml", "a: 1\n#" + std::string((1U << 20U) - 6, 'x')), "loaded");
    EXPECT_NE(load("a.yml", "a: 1\n#" + std::string(1U << 20U, 'x')).find("larger than"), std::string::npos);
}

TEST(Config, ByteOrderMarkAndWindowsLineEndsWork) {
    EXPECT_TRUE(same_content(tree("a.yml", "\xEF\xBB\xBF"
                                           "a: x\r\nb:\r\n  - 1\r\n"),
                             tree("a.yml", "a: x\nb:\n  - 1\n")));
    EXPECT_TRUE(same_content(tree("a.json", "\xEF\xBB\xBF{\r\n\"a\": 1}\r\n"), tree("a.json", "{\"a\": 1}")));
}

TEST(Config, BytesThatAreNoTextAreRefusedWithTheirPlace) {
    EXPECT_TRUE(load("a.yml", "a: 1\nb:\t2\n").starts_with("a.yml:2:3: a tab"));
    EXPECT_TRUE(load("a.yml", std::string("a: \0", 4)).starts_with("a.yml:1:4: a NUL byte"));
    EXPECT_TRUE(load("a.json", std::string("{\"a\": \0}", 8)).starts_with("a.json:1:7: a NUL byte"));
    for (const char* broken : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"}) {
        EXPECT_TRUE(load("a.yml", std::string("a: ") + broken).starts_with("a.yml:1:4: is not UTF-8"));
    }
    EXPECT_EQ(load("a.yml", "a: \xF0\x9F\x8C\x8D\n"), "loaded");
}

TEST(Config, FilesThatAreNotOneMapAreRefused) {
    EXPECT_TRUE(load("a.yml", "a: 1\n---\nb: 2\n").starts_with("a.yml:2:1: a second document"));
    EXPECT_NE(load("a.yml", "").find("is empty"), std::string::npos);
    EXPECT_NE(load("a.yml", "# nothing\n").find("is empty"), std::string::npos);
    EXPECT_NE(load("a.json", " \n").find("is empty"), std::string::npos);
    EXPECT_NE(load("a.yml", "- a\n").find("is not a map"), std::string::npos);
    EXPECT_NE(load("a.json", "[1]").find("is not a map"), std::string::npos);
    EXPECT_NE(load("a.yml", "? [a, b]\n: 1\n").find("a key must be a word"), std::string::npos);
    EXPECT_NE(load("a.yml", "a: [1\n").find("not YAML"), std::string::npos);
    EXPECT_NE(load("a.yml", "a: 1\n b: 2\n").find("not YAML"), std::string::npos);
    EXPECT_TRUE(load("a.json", "{\"a\": 1,\n \"b\" 2}").starts_with("a.json:2:"))
        << load("a.json", "{\"a\": 1,\n \"b\" 2}");
    EXPECT_NE(load("a.json", "{\"a\": NaN}").find("not JSON"), std::string::npos);
    EXPECT_NE(load("a.json", "{\"a\": 1} {\"b\": 2}").find("not JSON"), std::string::npos);
    EXPECT_NE(load("a.json", "{\"a\": 010}").find("not JSON"), std::string::npos);
    EXPECT_NE(load("a.toml", "a = 1\n").find("none of .yml"), std::string::npos);
}

TEST(Config, MarksPointAtTheValue) {
    const ConfigNode json = tree("a.json", "{\n  \"a\": {\"b\": 12, \"c\": [7,\n \"x\"]}, \"d\": -1.5e3}");
    const ConfigEntry& a = *json.find("a");
    EXPECT_EQ(a.mark.line, 2);
    EXPECT_EQ(a.mark.column, 3);
    EXPECT_EQ(a.value.find("b")->value.mark.column, 14);
    EXPECT_EQ(a.value.find("c")->mark.column, 18);
    EXPECT_EQ(a.value.find("c")->value.items[0].mark.column, 24);
    EXPECT_EQ(a.value.find("c")->value.items[1].mark.line, 3);
    EXPECT_EQ(a.value.find("c")->value.items[1].mark.column, 2);
    EXPECT_EQ(json.find("d")->value.mark.column, 14);
    const ConfigNode yaml = tree("a.yml", "a:\n  b: 12\n");
    EXPECT_EQ(yaml.find("a")->value.find("b")->value.mark.line, 2);
    EXPECT_EQ(yaml.find("a")->value.find("b")->value.mark.column, 6);
}

/// What the program says to a config whose section `first` is `section`, with input and output given.
std::string first_with(const std::string& section) {
    const TemporaryFolder folder;
    folder.write("in.txt", "x");
    const auto config = folder.write("c.yml", "output_dir: .\nfirst: " + section + "\n");
    const auto result = test::run_test_program({"-c", config.string(), "first"});
    if (result.code == 0) {
        return result.out;
    }
    EXPECT_EQ(result.code, 3) << result.err;
    const std::string place = "lcclass: error: " + config.string() + ":2:";
    EXPECT_TRUE(result.err.starts_with(place)) << result.err;
    return result.err.substr(std::min(place.size(), result.err.size()));
}

TEST(ConfigTypes, UnknownKeysNameTheNearestOne) {
    EXPECT_EQ(first_with("{n_estimator: 5}"), "9: first.n_estimator: unknown key (did you mean 'n_estimators'?); fix: "
                                              "'lcclass first --help-all' lists the options\n");
    EXPECT_NE(first_with("{seed: 5}").find("it belongs at the top of the file"), std::string::npos);
    EXPECT_NE(first_with("{n-estimators: 5}").find("did you mean 'n_estimators'"), std::string::npos);
    const TemporaryFolder folder;
    const auto top = folder.write("c.yml", "outputdir: out\n");
    const auto result = test::run_test_program({"-c", top.string(), "first"});
    EXPECT_EQ(result.code, 3);
    EXPECT_NE(result.err.find("c.yml:1:1: outputdir: unknown key (did you mean 'output_dir'?)"), std::string::npos);
}

TEST(ConfigTypes, SectionsOfOtherCommandsAreCheckedToo) {
    const TemporaryFolder folder;
    folder.write("in.txt", "x");
    const auto config = folder.write("c.yml", "output_dir: .\nsecond: {dpth: 3}\n");
    const auto result = test::run_test_program({"-c", config.string(), "first"});
    EXPECT_EQ(result.code, 3);
    EXPECT_NE(result.err.find("second.dpth: unknown key (did you mean 'depth'?)"), std::string::npos) << result.err;
}

TEST(ConfigTypes, WholeNumbersAreDecimalDigitsOnly) {
    EXPECT_NE(first_with("{n_estimators: 12}").find("\"n_estimators\":12"), std::string::npos);
    for (const char* bad : {"3.7", "'12'", "010", "1e3", "yes", "no", "on", "0x1F", "1_000", "+5", ".nan", "true",
                            "many", "[1]", "{a: 1}", "~", "-", "99999999999999999999"}) {
        const std::string answer = first_with(std::string("{n_estimators: ") + bad + "}");
        EXPECT_EQ(answer.find("\"n_estimators\""), std::string::npos) << bad << ": " << answer;
    }
    EXPECT_NE(first_with("{n_estimators: '12'}").find("fix: remove the quotes"), std::string::npos);
}

TEST(ConfigTypes, NumbersOutOfRangeAreRefusedBeforeTheyAreNarrowed) {
    EXPECT_NE(first_with("{depth: 65536}").find("depth=65536: is out of range"), std::string::npos);
    EXPECT_NE(first_with("{depth: 4294967296}").find("out of range"), std::string::npos);
    EXPECT_NE(first_with("{depth: -1}").find("depth=-1: is not a whole number from 0"), std::string::npos);
    EXPECT_NE(first_with("{count: 99999999999999999999}").find("too large"), std::string::npos);
    EXPECT_NE(first_with("{n_estimators: 0}").find("not in range"), std::string::npos)
        << first_with("{n_estimators: 0}");
    EXPECT_NE(first_with("{depth: 65535}").find("\"depth\":65535"), std::string::npos);
}

TEST(ConfigTypes, NumbersAreFinite) {
    EXPECT_NE(first_with("{percent: 0.25}").find("\"percent\":0.25"), std::string::npos);
    EXPECT_NE(first_with("{percent: 2}").find("\"percent\":2"), std::string::npos);
    for (const char* bad : {".nan", ".inf", "-.inf", "nan", "inf", "1e999", "'0.5'", "true"}) {
        EXPECT_EQ(first_with(std::string("{percent: ") + bad + "}").find("\"percent\""), std::string::npos) << bad;
    }
}

TEST(ConfigTypes, TextsMustBeTexts) {
    EXPECT_NE(first_with("{suffix: abc}").find("\"suffix\":\"abc\""), std::string::npos);
    EXPECT_NE(first_with("{suffix: 'no'}").find("\"suffix\":\"no\""), std::string::npos);
    EXPECT_NE(first_with("{suffix: '5'}").find("\"suffix\":\"5\""), std::string::npos);
    for (const char* bad : {"5", "no", "on", "true", "010", "0.5", "[a]", "{a: b}"}) {
        EXPECT_NE(first_with(std::string("{suffix: ") + bad + "}").find("but "), std::string::npos) << bad;
    }
}

TEST(ConfigTypes, SwitchesTakeTrueAndFalseOnly) {
    EXPECT_NE(first_with("{all_touched: true}").find("\"all_touched\":true"), std::string::npos);
    EXPECT_NE(first_with("{all_touched: false}").find("\"all_touched\":false"), std::string::npos);
    EXPECT_NE(first_with("{bootstrap: false}").find("\"bootstrap\":false"), std::string::npos);
    for (const char* bad : {"yes", "True", "1", "'true'", "on"}) {
        EXPECT_NE(first_with(std::string("{all_touched: ") + bad + "}").find("write true or false"), std::string::npos);
        EXPECT_NE(first_with(std::string("{bootstrap: ") + bad + "}").find("write true or false"), std::string::npos);
    }
}

TEST(ConfigTypes, ListsAndMapsBecomeWhatTheCommandLineTakes) {
    EXPECT_NE(first_with("{features: [B04, NDVI]}").find(R"("features":["B04","NDVI"])"), std::string::npos);
    EXPECT_NE(first_with("{features: 'B04,NDVI'}").find(R"("features":["B04","NDVI"])"), std::string::npos);
    EXPECT_NE(first_with("{bounds: [1, -2.5, 3, 4]}").find(R"("bounds":[1,-2.5,3,4])"), std::string::npos);
    EXPECT_NE(first_with("{features: ['B04,NDVI']}").find("one item with a ','"), std::string::npos);
    EXPECT_EQ(first_with("{features: ['FOCAL_MEAN(B08,7)']}").find("one item"), std::string::npos);
    EXPECT_NE(first_with("{features: ['FOCAL_MEAN(B08,7),B04']}").find("one item with a ','"), std::string::npos);
    EXPECT_NE(first_with("{features: []}").find("is an empty list"), std::string::npos);
    EXPECT_NE(first_with("{tune: {n_estimators: [100, 200], max_features: sqrt}}")
                  .find(R"("tune":"n_estimators=100,200;max_features=sqrt")"),
              std::string::npos);
    EXPECT_NE(first_with("{max_features: 0.5}").find(R"("max_features":"0.5")"), std::string::npos);
    EXPECT_NE(first_with("{max_features: log2}").find(R"("max_features":"log2")"), std::string::npos);
}

TEST(ConfigPaths, AreRelativeToTheConfigFile) {
    const TemporaryFolder folder;
    folder.write("data/a.txt", "A");
    folder.write("data/b.txt", "B");
    folder.write("data/classes.yml", "x");
    const auto config = folder.write("data/c.yml", "output_dir: ../out\nfirst:\n  input: [a.txt, b.txt]\n"
                                                   "  class_map: classes.yml\n  output: ../out/ab.txt\n");
    const auto result = test::run_test_program({"-c", config.string(), "first"});
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(folder.read("out/ab.txt"), "AB");
    EXPECT_NE(result.out.find(R"("class_map":"../data/classes.yml")"), std::string::npos) << result.out;
}

TEST(ConfigPaths, WordsStayWordsAndNamedInputsKeepTheirName) {
    using enum ValueType;
    EXPECT_EQ(resolve_path_value(path_or_word, "lucas-level1", "/cfg"), "lucas-level1");
    EXPECT_EQ(resolve_path_value(path_or_word, "classes.yml", "/cfg"), "/cfg/classes.yml");
    EXPECT_EQ(resolve_path_value(input, "B02=bands/b.jp2:3", "/cfg"), "B02=/cfg/bands/b.jp2:3");
    EXPECT_EQ(resolve_path_value(input, "B02=/abs/b.jp2", "/cfg"), "B02=/abs/b.jp2");
    EXPECT_EQ(resolve_path_value(input, "scene.SAFE", "/cfg"), "/cfg/scene.SAFE");
    EXPECT_EQ(resolve_path_value(path, "~/x", "/cfg"), "/cfg/~/x");
    EXPECT_EQ(resolve_path_value(path, "${HOME}/x", "/cfg"), "/cfg/${HOME}/x");
    EXPECT_EQ(resolve_path_value(text, "a/b", "/cfg"), "a/b");
}

TEST(ConfigGlobals, TopLevelValuesAreCheckedAndTheCommandLineWins) {
    const TemporaryFolder folder;
    folder.write("in.txt", "x");
    const auto config =
        folder.write("c.yml", "output_dir: .\nseed: 7\noverwrite: true\nfirst: {n_estimators: 5, depth: 9}\n");
    const auto result =
        test::run_test_program({"-c", config.string(), "first", "--n-estimators", "6", "-v", "--seed", "8"});
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_NE(result.out.find("\"n_estimators\":6"), std::string::npos);
    EXPECT_NE(result.out.find("\"depth\":9"), std::string::npos);
    EXPECT_NE(result.err.find("seed: 8"), std::string::npos);
    for (const char* bad : {"seed: -1", "seed: 18446744073709551616", "threads: 0", "threads: 2000", "memory: much",
                            "memory: 1K", "overwrite: yes", "seed: '7'"}) {
        const auto broken = folder.write("bad.yml", std::string(bad) + "\nfirst:\n");
        const auto refused = test::run_test_program({"-c", broken.string(), "first"});
        EXPECT_EQ(refused.code, 3) << bad << refused.err;
        EXPECT_NE(refused.err.find("bad.yml:1:"), std::string::npos) << bad << refused.err;
    }
}

} // namespace
} // namespace lcclass
