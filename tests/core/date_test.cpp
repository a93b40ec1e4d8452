#include "lcclass/core/date.h"

#include <gtest/gtest.h>

namespace lcclass {

namespace {

TEST(DateTest, ReadsAndWritesDays) {
    EXPECT_EQ(parse_date("1970-01-02"), Date{1});
    EXPECT_EQ(parse_date("20180506"), parse_date("2018-05-06"));
    EXPECT_EQ(to_string(*parse_date("20160229")), "2016-02-29");
}

TEST(DateTest, DaysThatAreNoneAreNotDates) {
    for (const char* text : {"2018-02-29", "2018-13-01", "2018-00-10", "201805", "2018-5-06", "abcdefgh", ""}) {
        EXPECT_FALSE(parse_date(text)) << text;
    }
}

TEST(DateTest, DayOfYearCountsFromOne) {
    EXPECT_EQ(to_string(*make_date_of_year(2008, 118)), "2008-04-27");
    EXPECT_EQ(day_of_year_of(*parse_date("2008-04-27")), 118);
    EXPECT_FALSE(make_date_of_year(2009, 366));
    EXPECT_EQ(month_of(*make_date_of_year(2008, 366)), 12);
}

TEST(DateTest, YearsLaterIsTheSameDay) {
    EXPECT_EQ(to_string(shifted_by_years(*parse_date("2018-05-06"), 2)), "2020-05-06");
    EXPECT_EQ(to_string(shifted_by_years(*parse_date("2016-02-29"), 1)), "2017-02-28");
}

TEST(DateTest, AcquisitionsOfOneDayAreNumbered) {
    const auto date = make_date(2015, 12, 8);
    ASSERT_TRUE(date);
    EXPECT_EQ(parse_acquisition("2015-12-08"), (Acquisition{.date = *date}));
    EXPECT_EQ(parse_acquisition("20151208.2"), (Acquisition{.date = *date, .number = 2}));
    EXPECT_EQ(to_string(Acquisition{.date = *date}), "2015-12-08");
    EXPECT_EQ(to_string(Acquisition{.date = *date, .number = 2}), "2015-12-08.2");
    for (const char* text : {"2015-12-08.", "2015-12-08.1", "2015-12-08.100", "2015-12-08.x", "2015-13-08.2", "p50"}) {
        EXPECT_FALSE(parse_acquisition(text)) << text;
    }
}

TEST(DateTest, NamesKnowTheirDates) {
    EXPECT_EQ(split_dated_name("B04@2018-05-06").name, "B04");
    EXPECT_EQ(split_dated_name("B04@2018-05-06").when, "2018-05-06");
    EXPECT_EQ(split_dated_name("B04").when, "");
}

} // namespace

} // namespace lcclass
