#include "features/period.h"

#include <gtest/gtest.h>

#include <vector>

namespace lcclass {
namespace {

/// The days of `candidates` that are in the period `text`.
std::vector<std::string> within(const char* text, const std::vector<std::string>& candidates) {
    std::vector<std::string> result;
    for (const std::string& day : candidates) {
        if (parse_period(text).value().contains(parse_date(day).value())) {
            result.push_back(day);
        }
    }
    return result;
}

using Days = std::vector<std::string>;

TEST(Period, HoldsItsFirstAndLastDay) {
    const Days days = {"2017-12-31", "2018-01-01", "2018-04-30", "2018-05-01",
                       "2018-05-31", "2018-06-01", "2018-12-31", "2019-01-01"};
    EXPECT_EQ(within("all", days), days);
    EXPECT_EQ(within("2018", days), Days(days.begin() + 1, days.end() - 1));
    EXPECT_EQ(within("2018-05", days), (Days{"2018-05-01", "2018-05-31"}));
    EXPECT_EQ(within("2018-04-30..2018-05-01", days), (Days{"2018-04-30", "2018-05-01"}));
    EXPECT_EQ(within("2018-06-01..2018-06-01", days), (Days{"2018-06-01"}));
}

TEST(Period, MonthsKnowLeapYears) {
    EXPECT_EQ(within("2020-02", {"2020-01-31", "2020-02-29", "2020-03-01"}), (Days{"2020-02-29"}));
    EXPECT_EQ(within("2018-02", {"2018-02-28", "2018-03-01"}), (Days{"2018-02-28"}));
}

TEST(Period, SeasonsAndMonthsAreOfAnyYear) {
    const Days days = {"2015-01-15", "2015-02-28", "2016-03-01", "2016-05-31", "2017-06-01",
                       "2017-08-31", "2018-09-01", "2018-11-30", "2019-12-01"};
    EXPECT_EQ(within("DJF", days), (Days{"2015-01-15", "2015-02-28", "2019-12-01"}));
    EXPECT_EQ(within("MAM", days), (Days{"2016-03-01", "2016-05-31"}));
    EXPECT_EQ(within("JJA", days), (Days{"2017-06-01", "2017-08-31"}));
    EXPECT_EQ(within("SON", days), (Days{"2018-09-01", "2018-11-30"}));
    EXPECT_EQ(within("M05", days), (Days{"2016-05-31"}));
    EXPECT_EQ(within("M03..M06", days), (Days{"2016-03-01", "2016-05-31", "2017-06-01"}));
    EXPECT_EQ(within("M11..M01", days), (Days{"2015-01-15", "2018-11-30", "2019-12-01"}));
}

TEST(Period, TextReadsBack) {
    for (const char* text : {"all", "2018", "2018-05", "M05", "M04..M09", "M11..M02", "DJF", "MAM", "JJA", "SON",
                             "2018-04-01..2018-06-30"}) {
        ASSERT_TRUE(parse_period(text)) << text;
        EXPECT_EQ(to_string(*parse_period(text)), text);
    }
    EXPECT_EQ(to_string(*parse_period("20180401..20180630")), "2018-04-01..2018-06-30");
}

TEST(Period, OtherTextsAreNone) {
    for (const char* text : {"",
                             "al",
                             "18",
                             "2018-",
                             "2018-5",
                             "2018-13",
                             "2018-00",
                             "2018x05",
                             "M5",
                             "M00",
                             "M13",
                             "M",
                             "djf",
                             "2018-06-30..2018-04-01",
                             "2018-02-30..2018-03-01",
                             "..",
                             "2018..2019",
                             "M04..2018-05-01",
                             "2018-05-06",
                             "+018"}) {
        EXPECT_FALSE(parse_period(text)) << text;
    }
}

TEST(Period, EveryDayHasASeason) {
    EXPECT_EQ(season_of(*parse_date("2018-12-31")), "DJF");
    EXPECT_EQ(season_of(*parse_date("2018-02-28")), "DJF");
    EXPECT_EQ(season_of(*parse_date("2018-03-01")), "MAM");
    EXPECT_EQ(season_of(*parse_date("2018-08-31")), "JJA");
    EXPECT_EQ(season_of(*parse_date("2018-09-01")), "SON");
}

} // namespace
} // namespace lcclass
