#include "lcclass/core/class_legend.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>

namespace lcclass {
namespace {

ClassLegend two_classes() {
    return ClassLegend(
        {{.code = 7, .name = "water", .color = {0, 0, 255}}, {.code = 3, .name = "woodland", .color = {51, 160, 44}}});
}

TEST(ClassLegend, IsOrderedByCodeAndFoundByCodeAndName) {
    const ClassLegend legend = two_classes();
    EXPECT_EQ(legend.at(0).code, 3);
    EXPECT_EQ(legend.index_of(7), 1);
    EXPECT_EQ(legend.index_of(4), std::nullopt);
    EXPECT_EQ(legend.code_of("water"), 7);
    EXPECT_EQ(legend.max_code(), 7);
}

TEST(ClassLegend, RefusesCodeZeroTooLargeAndTwice) {
    for (const auto& classes : std::vector<std::vector<LandCoverClass>>{
             {{.code = 0, .name = "a", .color = {}}},
             {{.code = 65536, .name = "a", .color = {}}},
             {{.code = 1, .name = "a", .color = {}}, {.code = 1, .name = "b", .color = {}}},
             {{.code = 1, .name = "a", .color = {}}, {.code = 2, .name = "a", .color = {}}}}) {
        EXPECT_THROW(ClassLegend{classes}, Error);
    }
}

TEST(ClassLegend, JsonRoundTripKeepsEverything) {
    const ClassLegend legend = two_classes();
    EXPECT_EQ(legend.to_json(),
              R"([{"code":3,"name":"woodland","color":"#33a02c"},{"code":7,"name":"water","color":"#0000ff"}])");
    EXPECT_EQ(ClassLegend::from_json(legend.to_json(), "x"), legend);
}

TEST(ClassLegend, BrokenJsonNamesItsFile) {
    for (const char* text : {"", "{", "[1]", R"([{"code":1}])", R"([{"code":-1,"name":"a","color":"#000000"}])",
                             R"([{"code":4294967297,"name":"a","color":"#000000"}])"}) {
        try {
            ClassLegend::from_json(text, "labels.tif");
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input);
            EXPECT_TRUE(std::string(error.what()).starts_with("labels.tif")) << error.what();
        }
    }
}

TEST(ClassLegend, ColoursAreHexadecimalTriples) {
    EXPECT_EQ(parse_color("#FF8000"), (Rgb{255, 128, 0}));
    EXPECT_EQ(to_string(Rgb{255, 128, 0}), "#ff8000");
    for (const char* text : {"", "red", "#ff", "ff8000", "#gg0000", "#ff80000"}) {
        EXPECT_THROW(parse_color(text), Error) << text;
    }
}

} // namespace
} // namespace lcclass
