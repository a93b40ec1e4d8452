#include "lcclass/geo/class_map.h"

#include "geo/builtin_class_maps.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "support/temporary_folder.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace lcclass {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

ClassMap load_text(const std::string& text) {
    const TemporaryFolder folder;
    write_file_atomically(folder.path() / "classes.yml", text, false);
    return ClassMap::load((folder.path() / "classes.yml").string());
}

std::string failure_of(const std::string& text) {
    try {
        load_text(text);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::configuration);
        return error.what();
    }
    return "no error";
}

TEST(ClassMap, EveryFileOfDataIsBuiltIn) {
    std::vector<std::string> names;
    for (const BuiltinClassMap& map : builtin_class_maps()) {
        names.emplace_back(map.name);
        std::string file(map.name);
        std::replace(file.begin(), file.end(), '-', '_');
        EXPECT_EQ(read_file(std::string(LCCLASS_SOURCE_DIR) + "/data/" + file + ".yml"), map.yaml);
        EXPECT_GT(ClassMap::load(std::string(map.name)).legend().size(), 4);
    }
    EXPECT_THAT(names, ElementsAre("corine-level1", "corine-level2", "corine-level3", "esri-land-cover", "lucas-level1",
                                   "lucas-level2", "worldcover"));
}

TEST(ClassMap, WorldCoverAndEsriKeepTheirCodes) {
    const ClassMap worldcover = ClassMap::load("worldcover");
    EXPECT_EQ(worldcover.legend().size(), 11);
    EXPECT_EQ(worldcover.legend().at(*worldcover.legend().index_of(95)).name, "mangroves");
    EXPECT_TRUE(worldcover.find("0")->dropped);
    EXPECT_FALSE(worldcover.find("11"));
    const ClassMap esri = ClassMap::load("esri-land-cover");
    EXPECT_EQ(esri.legend().size(), 8);
    EXPECT_EQ(esri.find("5")->code, 5);
    EXPECT_EQ(esri.find("3")->code, 11) << "grass of the first edition is rangeland";
    EXPECT_TRUE(esri.find("10")->dropped) << "clouds";
}

TEST(ClassMap, CorineKnowsGridCodesAndThreeDigitCodes) {
    const ClassMap level1 = ClassMap::load("corine-level1");
    const ClassMap level2 = ClassMap::load("corine-level2");
    const ClassMap level3 = ClassMap::load("corine-level3");
    EXPECT_EQ(level1.legend().size(), 5);
    EXPECT_EQ(level2.legend().size(), 15);
    EXPECT_EQ(level3.legend().size(), 44);
    // Grid codes 1, 2, 12, 24, 41 and 44 of the raster's legend.
    for (const auto& [grid_code, code] : {std::pair{1, 111}, {2, 112}, {12, 211}, {24, 312}, {41, 512}, {44, 523}}) {
        for (const std::string& value : {std::to_string(grid_code), std::to_string(code)}) {
            EXPECT_EQ(level3.find(value)->code, code);
            EXPECT_EQ(level2.find(value)->code, code / 10);
            EXPECT_EQ(level1.find(value)->code, code / 100);
        }
    }
    EXPECT_EQ(level3.legend().at(*level3.legend().index_of(312)).name, "coniferous forest");
    EXPECT_TRUE(level2.find("48")->dropped);
    EXPECT_FALSE(level2.find("45"));
}

TEST(ClassMap, NamesThatAreNearlyBuiltInAreSuggested) {
    try {
        ClassMap::load("world-cover");
        FAIL() << "was taken";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("did you mean 'worldcover'?"));
    }
}

TEST(ClassMap, LucasLevel1TakesTheLetter) {
    const ClassMap map = ClassMap::load("lucas-level1");
    EXPECT_EQ(map.legend().size(), 8);
    EXPECT_EQ(map.find("A11")->code, 1);
    EXPECT_EQ(map.find("B55")->code, 2);
    EXPECT_EQ(map.find("Bx1")->code, 2);
    EXPECT_EQ(map.find("C10")->code, 3);
    EXPECT_EQ(map.find("G50")->code, 7);
    EXPECT_EQ(map.find("H23")->code, 8);
    EXPECT_EQ(map.legend().at(2).name, "woodland");
    EXPECT_EQ(to_string(map.legend().at(2).color), "#33a02c");
}

TEST(ClassMap, LucasDropsWhatIsNoObservation) {
    for (const char* name : {"lucas-level1", "lucas-level2"}) {
        const ClassMap map = ClassMap::load(name);
        for (const char* value : {"-1", "8", "X", "X11", ""}) {
            ASSERT_TRUE(map.find(value).has_value()) << value;
            EXPECT_TRUE(map.find(value)->dropped) << value;
        }
    }
}

TEST(ClassMap, LucasDoesNotTakeWordsOrClassNumbersForCodes) {
    const ClassMap map = ClassMap::load("lucas-level1");
    for (const char* value : {"Forest", "Grassland", "a11", "1", "A111", "Z11"}) {
        EXPECT_FALSE(map.find(value).has_value()) << value;
    }
}

TEST(ClassMap, LucasLevel2TakesLetterAndFirstDigit) {
    const ClassMap map = ClassMap::load("lucas-level2");
    EXPECT_EQ(map.legend().size(), 29);
    EXPECT_EQ(map.find("B16")->code, 21);
    EXPECT_EQ(map.find("B55")->code, 25);
    EXPECT_EQ(map.find("C22")->code, 32);
    EXPECT_EQ(map.find("H21")->code, 82);
    EXPECT_TRUE(map.find("Bx1")->dropped);
}

TEST(ClassMap, ReadsBothFormsOfAFile) {
    const ClassMap map = load_text("forest: {code: 3, name: woodland, color: \"#33a02c\"}\n"
                                   "wood: 3\n"
                                   "7: 5\n"
                                   "unknown: drop\n");
    EXPECT_EQ(map.find("forest")->code, 3);
    EXPECT_EQ(map.find("wood")->code, 3);
    EXPECT_EQ(map.find("7")->code, 5);
    EXPECT_TRUE(map.find("unknown")->dropped);
    EXPECT_FALSE(map.find("water").has_value());
    ASSERT_EQ(map.legend().size(), 2);
    EXPECT_EQ(map.legend().at(0).name, "woodland");
    EXPECT_EQ(map.legend().at(1).name, "7");
    EXPECT_THAT(map.known_values(), ElementsAre("7", "forest", "unknown", "wood"));
}

TEST(ClassMap, HashStandsForOneDigitAndEqualityComesFirst) {
    const ClassMap map = load_text("\"A#\": 1\nA7: 2\n");
    EXPECT_EQ(map.find("A3")->code, 1);
    EXPECT_EQ(map.find("A7")->code, 2);
    EXPECT_FALSE(map.find("A33").has_value());
    EXPECT_FALSE(map.find("Ax").has_value());
}

TEST(ClassMap, MistakesNameFileAndLine) {
    EXPECT_THAT(failure_of("a: 1\nb: 0\n"), HasSubstr("classes.yml:2: code=0"));
    EXPECT_THAT(failure_of("a: 70000\n"), HasSubstr("code=70000"));
    EXPECT_THAT(failure_of("a: 2.5\n"), HasSubstr("code=2.5"));
    EXPECT_THAT(failure_of("a: 1\na: 2\n"), HasSubstr("classes.yml:2: value=a: occurs twice"));
    EXPECT_THAT(failure_of("a: {code: 1, colour: \"#000000\"}\n"), HasSubstr("did you mean 'color'?"));
    EXPECT_THAT(failure_of("a: {code: 1, color: red}\n"), HasSubstr("color=red"));
    EXPECT_THAT(failure_of("a: {name: x}\n"), HasSubstr("without a code"));
    EXPECT_THAT(failure_of("a: {code: 1, name: x}\nb: {code: 1, name: y}\n"), HasSubstr("two names"));
    EXPECT_THAT(failure_of("a: {code: 1, name: x}\nb: {code: 2, name: x}\n"), HasSubstr("two classes have this name"));
    EXPECT_THAT(failure_of("- 1\n- 2\n"), HasSubstr("is not a class map"));
    EXPECT_THAT(failure_of("a: [1\n"), HasSubstr("is not YAML"));
    EXPECT_THAT(failure_of("a: drop\n"), HasSubstr("drops every value"));
    EXPECT_THAT(failure_of(""), HasSubstr("is not a class map"));
}

TEST(ClassMap, UnknownNameSaysWhatThereIs) {
    try {
        ClassMap::load("lucas-level3");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::configuration);
        EXPECT_THAT(error.what(), HasSubstr("lucas-level1, lucas-level2, worldcover"));
    }
}

TEST(ClassMap, ValuesAreNumberedInSortedOrder) {
    const ClassMap map = ClassMap::from_values({"water", "forest", "water", "grass"});
    EXPECT_EQ(map.find("forest")->code, 1);
    EXPECT_EQ(map.find("grass")->code, 2);
    EXPECT_EQ(map.find("water")->code, 3);
    EXPECT_EQ(map.legend().size(), 3);
}

} // namespace
} // namespace lcclass
