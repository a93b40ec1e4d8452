#include "lcclass/report/qgis_style.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;

ClassLegend legend() {
    return ClassLegend({{.code = 3, .name = "wood & <scrub>", .color = {51, 160, 44}},
                        {.code = 7, .name = "water", .color = {0, 0, 255}}});
}

TEST(QgisStyle, ClassesHaveTheirCodesNamesAndColours) {
    const std::string qml = to_qml(class_style(legend()));
    EXPECT_THAT(qml, HasSubstr("<rasterrenderer type=\"paletted\" band=\"1\""));
    EXPECT_THAT(qml, HasSubstr("<paletteEntry value=\"3\" label=\"wood &amp; &lt;scrub&gt;\" color=\"#33a02c\""));
    EXPECT_THAT(qml, HasSubstr("<paletteEntry value=\"7\" label=\"water\" color=\"#0000ff\" alpha=\"255\"/>"));
    EXPECT_THAT(qml, Not(HasSubstr("value=\"0\""))); // nodata has no entry
}

TEST(QgisStyle, WhatXmlForbidsIsReplaced) {
    const ClassLegend odd({{.code = 1, .name = "a\x01\"b'\xff", .color = {}}});
    EXPECT_THAT(to_qml(class_style(odd)), HasSubstr("label=\"a &quot;b&apos;\xEF\xBF\xBD\""));
}

TEST(QgisStyle, UncertaintyEndsAtTheEntropyOfClassesThatAreEquallyLikely) {
    const RampStyle style = uncertainty_style(8);
    EXPECT_EQ(style.band, 3);
    EXPECT_EQ(style.stops.front().value, 0);
    EXPECT_EQ(style.stops.back().value, 3); // log2(8)
    EXPECT_THAT(to_qml(style), HasSubstr("classificationMin=\"0\" classificationMax=\"3\""));
    EXPECT_THAT(to_qml(style), HasSubstr("label=\"1.50 bit\"")); // the middle of five stops
}

TEST(QgisStyle, ShapValuesAreWhiteAtZeroAndReachAsFarBothWays) {
    const RampStyle style = shap_style(0.2);
    ASSERT_EQ(style.stops.size(), 5U);
    EXPECT_EQ(style.stops[0].value, -0.2);
    EXPECT_EQ(style.stops[2].value, 0);
    EXPECT_EQ(style.stops[2].color, (Rgb{247, 247, 247}));
    EXPECT_EQ(style.stops[4].value, 0.2);
}

TEST(QgisStyle, WhatIsInsideTheAreaOfApplicabilityLetsTheMapThrough) {
    const std::string qml = to_qml(applicability_style());
    EXPECT_THAT(qml, HasSubstr("paletted\" band=\"2\""));
    EXPECT_THAT(qml, HasSubstr("value=\"1\" label=\"inside\" color=\"#ffffff\" alpha=\"0\""));
    EXPECT_THAT(qml, Not(HasSubstr("value=\"0\" label=\"outside: unlike the samples\" color=\"#cc338b\" alpha=\"0\"")));
}

TEST(QgisStyle, TrueColourTakesRedGreenAndBlueOfOneDate) {
    EXPECT_THAT(true_color_bands({"B02", "B03", "B04", "NDVI"}), Optional(ElementsAre(3, 2, 1)));
    EXPECT_THAT(true_color_bands({"B04@2018-05-06", "B02@median", "B03@median", "B04@median"}),
                Optional(ElementsAre(4, 3, 2)));
    EXPECT_EQ(true_color_bands({"B04@2018-05-06", "B03@2018-06-15", "B02@2018-05-06"}), std::nullopt);
    EXPECT_EQ(true_color_bands({"NDVI"}), std::nullopt);
}

TEST(QgisStyle, TrueColourIsStretchedBetweenTheLimitsGiven) {
    const std::string qml =
        to_qml(TrueColorStyle{.bands = {3, 2, 1}, .limits = {{{0.01, 0.25}, {0.02, 0.2}, {0.03, 0.15}}}});
    EXPECT_THAT(qml, HasSubstr("redBand=\"3\" greenBand=\"2\" blueBand=\"1\""));
    EXPECT_THAT(qml, HasSubstr("<blueContrastEnhancement><minValue>0.03</minValue><maxValue>0.15</maxValue>"));
}

TEST(QgisStyle, SamplesAreRightOrWrongInTheColumnOfTheScheme) {
    const std::string qml = to_qml(right_or_wrong_style("spatial-block"));
    EXPECT_THAT(qml, HasSubstr("attr=\"&quot;spatial_block_right&quot;\""));
    EXPECT_THAT(qml, HasSubstr("value=\"0\" label=\"wrong (spatial-block)\""));
}

TEST(QgisStyle, HundredsOfFoldsShareOneEntry) {
    EXPECT_EQ(fold_style(5, CategoryStyle::Mark::outline).categories.size(), 5U);
    const CategoryStyle many = fold_style(300, CategoryStyle::Mark::point);
    EXPECT_EQ(many.categories.size(), 31U);
    EXPECT_EQ(many.categories.back().value, "");
}

/// Whoever labels a planned point must not be told what the map says there.
TEST(QgisStyle, PlannedPointsDoNotShowTheirStratum) {
    const std::string qml = to_qml(plan_style());
    EXPECT_THAT(qml, Not(HasSubstr("stratum")));
    EXPECT_THAT(qml, HasSubstr("&quot;class&quot;"));
}

} // namespace
} // namespace lcclass::report
