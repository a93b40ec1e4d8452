#include "lcclass/features/feature_groups.h"

#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts(const std::vector<FeatureGroup>& groups) {
    std::vector<std::string> result;
    for (const FeatureGroup& group : groups) {
        std::string text = group.kind + " " + group.name + ":";
        for (const int feature : group.features) {
            text += " " + std::to_string(feature);
        }
        result.push_back(text);
    }
    return result;
}

TEST(FeatureGroups, AreBandsAndDates) {
    EXPECT_THAT(
        texts(groups_by_name({"B04@2018-05-06", "NDVI@2018-05-06", "B04@2018-06-15", "NDVI@2018-06-15", "DEM"})),
        ElementsAre("band B04: 0 2", "band NDVI: 1 3", "date 2018-05-06: 0 1", "date 2018-06-15: 2 3"));
}

TEST(FeatureGroups, AreMonthsOfAnyYear) {
    EXPECT_THAT(texts(groups_by_name(
                    {"NDVI@2017-05-06", "NDVI@2018-05-20", "NDVI@2018-06-15", "NDVI@2019-06-01.2", "NDVI@2019-07-01"})),
                ElementsAre("month M05: 0 1", "month M06: 2 3"));
}

TEST(FeatureGroups, AreStatisticsAndFunctions) {
    EXPECT_THAT(texts(groups_by_name({"NDVI@p10", "NDVI@median:2018-05", "B08@p10", "GLCM_CONTRAST(B08,7)",
                                      "GLCM_ENTROPY(B08,7)", "FOCAL_MEAN(NDVI@median,7)", "SLOPE(DEM)",
                                      "NORTHNESS(DEM)", "PC1", "PC2"})),
                ElementsAre("band NDVI: 0 1 5", "band B08: 2 3 4", "band DEM: 6 7", "statistic p10: 0 2",
                            "function texture: 3 4", "function components: 8 9"));
    // DEM is the group of terrain already, and one feature of surroundings is no group.
}

TEST(FeatureGroups, TakeDatesAndStatisticsFromWithinAFunction) {
    EXPECT_THAT(texts(groups_by_name({"NDVI@2018-05-06", "FOCAL_MEAN(NDVI@2018-05-06,3)", "B08@2018-06-15",
                                      "FOCAL_SD(B08,5)@2018-06-15", "GLCM_CONTRAST(NDVI@p10,7)", "B04@p10"})),
                ElementsAre("band NDVI: 0 1 4", "band B08: 2 3", "date 2018-05-06: 0 1", "statistic p10: 4 5",
                            "function surroundings: 1 3"));
    // What is made of several dates is of none of them.
    EXPECT_THAT(texts(groups_by_name({"FOCAL_MEAN(B08@2018-06-15-B08@2018-05-06,3)", "B08@2018-05-06", "DEM"})),
                IsEmpty());
}

TEST(FeatureGroups, OfOtherNamesThereAreNone) {
    EXPECT_THAT(groups_by_name({"B02", "B03", "B04", "what is this?", "B08/B04", "a@b@c"}), IsEmpty());
    EXPECT_THAT(groups_by_name({"B04@2018-05-06", "B04@2018-06-15"}), IsEmpty()); // all there are
    EXPECT_THAT(groups_by_name({}), IsEmpty());
}

TEST(FeatureGroups, OfTheUserTakePatternsAndNamesWithoutDates) {
    const std::vector<std::string> names = {"B02@2018-05-06", "B03@2018-05-06",       "B02@2018-06-15",
                                            "NDVI",           "GLCM_CONTRAST(B08,7)", "GLCM_ENTROPY(B08,7)"};
    EXPECT_THAT(
        texts(groups_by_user("visible=B02,B03; texture = GLCM_*;may=*@2018-05-06;one=GLCM_ENTROPY(B08,7)", names)),
        ElementsAre("user visible: 0 1 2", "user texture: 4 5", "user may: 0 1", "user one: 5"));
}

TEST(FeatureGroups, OfTheUserNameFeaturesThatThereAre) {
    const auto said = [](const std::string& text) -> std::string {
        try {
            groups_by_user(text, {"B02", "B03", "NDVI"});
            return "nothing";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::configuration);
            return error.what();
        }
    };
    EXPECT_THAT(said("green=NDWI"), AllOf(HasSubstr("groups=green=NDWI: no feature of the model is NDWI"),
                                          HasSubstr("did you mean 'NDVI'?")));
    EXPECT_THAT(said("a=B02;a=B03"), HasSubstr("the group is named twice"));
    EXPECT_THAT(said("a"), HasSubstr("is no group of features"));
    EXPECT_THAT(said("a="), HasSubstr("is no group of features"));
    EXPECT_THAT(said("=B02"), HasSubstr("is no group of features"));
    EXPECT_THAT(said("a=GLCM*"), HasSubstr("no feature of the model is GLCM*"));
}

TEST(DateTable, HasFeaturesByDate) {
    const DateTable table = features_by_date(
        {"B04@2018-06-15", "DEM", "NDVI@2018-05-06", "NDVI@2018-06-15", "NDVI@median", "NDVI@2018-06-15.2"});
    EXPECT_THAT(table.features, ElementsAre("B04", "NDVI"));
    EXPECT_THAT(table.dates, ElementsAre("2018-05-06", "2018-06-15", "2018-06-15.2"));
    EXPECT_THAT(table.cells, ElementsAre(ElementsAre(-1, 0, -1), ElementsAre(2, 3, 5)));
}

TEST(DateTable, HasFunctionsOfADateInARowOfTheirOwn) {
    const DateTable table =
        features_by_date({"NDVI@2018-05-06", "FOCAL_MEAN(NDVI@2018-05-06,3)", "FOCAL_MEAN(NDVI@2018-06-15,3)"});
    EXPECT_THAT(table.features, ElementsAre("NDVI", "FOCAL_MEAN(NDVI,3)"));
    EXPECT_THAT(table.cells, ElementsAre(ElementsAre(0, -1), ElementsAre(1, 2)));
}

TEST(DateTable, NeedsTwoDates) {
    EXPECT_THAT(features_by_date({"B04@2018-06-15", "NDVI@2018-06-15", "NDVI@median"}).dates, IsEmpty());
    EXPECT_THAT(features_by_date({"B04", "B08"}).features, IsEmpty());
}

} // namespace
} // namespace lcclass
