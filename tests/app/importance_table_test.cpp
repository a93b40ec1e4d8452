#include "importance_table.h"

#include "lcclass/core/text_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace lcclass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FoldEstimate estimate(double mean) {
    return {.mean = mean, .sd = 0.01, .low = mean - 0.02, .high = mean + 0.02};
}

TEST(ImportanceTable, SortsAlignsAndSaysNa) {
    ImportanceResults results{.features = {"B02", "NDVI", "a name that is much longer than others"}};
    results.permutation = {estimate(0.05), estimate(0.25), {.mean = -0.01, .sd = {}, .low = {}, .high = {}}};
    results.impurity = {0.2, 0.5, 0.3};
    results.groups = {{.name = "B02", .kind = "band", .features = {0, 2}},
                      {.name = "both", .kind = "user", .features = {0, 1}}};
    results.grouped = {estimate(0.1), estimate(0.3)};
    results.folds = "5 polygon folds";
    EXPECT_THAT(importance_lines(results),
                ElementsAre("importance: overall accuracy lost when features are shuffled, in 5 polygon folds",
                            "feature                  permutation     95 % interval impurity",
                            "NDVI                          0.2500  [0.2300, 0.2700]   0.5000",
                            "B02                           0.0500  [0.0300, 0.0700]   0.2000",
                            "a name that is much lon~     -0.0100                NA   0.3000", "",
                            "group     of        features permutation     95 % interval",
                            "both      user             2      0.3000  [0.2800, 0.3200]",
                            "B02       band             2      0.1000  [0.0800, 0.1200]"));
}

TEST(ImportanceTable, PrintsTwentyRowsAndSaysHowManyMore) {
    ImportanceResults results;
    for (int i = 0; i < 33; ++i) {
        results.features.push_back("f" + std::to_string(i));
        results.impurity.push_back(i / 1000.0);
    }
    const std::vector<std::string> lines = importance_lines(results);
    ASSERT_EQ(lines.size(), 22U);
    EXPECT_EQ(lines[1], "f32        0.0320");
    EXPECT_EQ(lines.back(), "... and 13 more features in the file");
    EXPECT_THAT(importance_lines({.features = {"a", "b"}}), ElementsAre()); // nothing was computed
}

TEST(ImportanceTable, ShowsManyDatesAsDigits) {
    ImportanceResults results{.features = {"B04@2017-12-31", "DEM", "B04@2018-01-05", "NDVI@2018-01-05",
                                           "B04@2018-11-20.2", "NDVI@2018-11-20"}};
    results.impurity = {0.2, 0.9, 0.03, 0.199, -0.001, 0.11};
    const std::vector<std::string> lines = importance_lines(results);
    const auto head =
        std::find(lines.begin(), lines.end(), "impurity by date, a digit each: tenths of the largest, 0.2000");
    ASSERT_NE(head, lines.end());
    EXPECT_THAT((std::vector<std::string>(head + 1, lines.end())), //
                ElementsAre("          2017",                      //
                            "month     1011",                      //
                            "          2111",                      //
                            "day       3022",                      //
                            "          1500",                      //
                            "B04       91 0",                      //
                            "NDVI       95 "));
}

TEST(ImportanceTable, FitsATerminalWithTenBandsOn68Dates) {
    ImportanceResults results;
    for (int band = 1; band <= 10; ++band) {
        for (int day = 0; day < 68; ++day) {
            const std::string month = std::to_string(101 + day / 28).substr(1);
            results.features.push_back("B" + std::to_string(band) + "@2018-" + month + "-" +
                                       std::to_string(101 + day % 28).substr(1));
            results.permutation.push_back(estimate(band * day / 10000.0));
        }
    }
    const std::vector<std::string> lines = importance_lines(results);
    EXPECT_EQ(lines.size(), 22U + 2 + 5 + 10); // features, blank and head, dates, bands
    for (const std::string& line : lines) {
        EXPECT_LE(n_characters(line), 100U) << line;
    }
    EXPECT_EQ(lines[1].substr(0, 14), "B10@2018-03-12");
    EXPECT_THAT(lines.back(), HasSubstr("B10       000000011111112222222333333"));
}

} // namespace
} // namespace lcclass
