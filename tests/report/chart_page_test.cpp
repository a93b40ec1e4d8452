#include "lcclass/report/chart_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <regex>

namespace lcclass {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

WaterfallChart small_waterfall() {
    return {.caption = "Why water",
            .axis = "probability of water",
            .start_label = "base",
            .start = 0.25,
            .steps = {{.label = "B08 = 0.02", .change = 0.5}, {.label = "NDVI", .change = -0.125}},
            .end_label = "sum"};
}

/// What the script of the page gets to draw.
nlohmann::json charts_of(const std::string& html) {
    const std::string begin = "<script type=\"application/json\" id=\"charts\">";
    const std::size_t from = html.find(begin) + begin.size();
    return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
}

std::vector<std::string> texts_of(const nlohmann::json& chart, const std::string& key) {
    std::vector<std::string> texts;
    for (const auto& bar : chart.at("bars")) {
        texts.push_back(bar.at(key));
    }
    return texts;
}

std::vector<double> numbers_of(const nlohmann::json& chart, const std::string& key) {
    std::vector<double> numbers;
    for (const auto& bar : chart.at("bars")) {
        numbers.push_back(bar.at(key));
    }
    return numbers;
}

TEST(ChartPage, WaterfallBarsBeginWhereTheLastEnded) {
    ChartPage page("Place", "Summary");
    page.add(small_waterfall());
    const nlohmann::json chart = charts_of(page.html()).at(0);
    EXPECT_THAT(texts_of(chart, "label"), ElementsAre("base", "B08 = 0.02", "NDVI", "sum"));
    EXPECT_THAT(numbers_of(chart, "from"), ElementsAre(0, 0.25, 0.75, 0));
    EXPECT_THAT(numbers_of(chart, "to"), ElementsAre(0.25, 0.75, 0.625, 0.625));
    EXPECT_THAT(texts_of(chart, "text"), ElementsAre("0.250", "+0.500", "\u22120.125", "0.625"));
    EXPECT_THAT(texts_of(chart, "role"), ElementsAre("total", "up", "down", "total"));
    EXPECT_EQ(chart.at("axis"), "probability of water");
    EXPECT_EQ(chart.at("connected"), true);
}

TEST(ChartPage, ChangesThatRoundToZeroHaveThePlusOfATerminal) {
    ChartPage page("Place", "Summary");
    page.add(WaterfallChart{.caption = "c",
                            .axis = "a",
                            .start_label = "s",
                            .start = 0.5,
                            .steps = {{.label = "x", .change = -0.0004}, {.label = "y", .change = 0.0004}},
                            .end_label = "e"});
    EXPECT_THAT(texts_of(charts_of(page.html()).at(0), "text"), ElementsAre("0.500", "+0.000", "+0.000", "0.500"));
}

TEST(ChartPage, BarsThatStandOutDifferAndTheAxisEndsWhereItIsSaid) {
    ChartPage page("Place", "Summary");
    page.add(BarChart{.caption = "c",
                      .axis = "a",
                      .bars = {{.label = "water", .value = 0.7, .stands_out = true}, {.label = "forest", .value = 0.3}},
                      .axis_end = 1.0,
                      .digits = 2});
    const nlohmann::json chart = charts_of(page.html()).at(0);
    EXPECT_THAT(texts_of(chart, "role"), ElementsAre("up", "plain"));
    EXPECT_THAT(texts_of(chart, "text"), ElementsAre("0.70", "0.30"));
    EXPECT_THAT(chart.at("axis_end").get<double>(), DoubleNear(1, 0));
}

TEST(ChartPage, FiguresOfEveryChartAreInATable) {
    ChartPage page("Place", "Summary");
    page.add(small_waterfall());
    const std::string html = page.html();
    EXPECT_THAT(html, HasSubstr("<tr><th scope=\"row\">B08 = 0.02</th><td>+0.500</td></tr>"));
    EXPECT_THAT(html, HasSubstr("<tr><th scope=\"row\">sum</th><td>0.625</td></tr>"));
    EXPECT_THAT(html, HasSubstr("aria-label=\"Why water\""));
}

TEST(ChartPage, NamesFromDataAreShownAndNotObeyed) {
    const std::string evil = "</script><script>alert(1)</script>&\"<b>";
    ChartPage page(evil, evil);
    page.add_facts({{evil, evil}});
    WaterfallChart chart = small_waterfall();
    chart.caption = chart.axis = chart.steps[0].label = evil;
    page.add(chart);
    const std::string html = page.html();
    EXPECT_THAT(html, Not(HasSubstr("alert(1)</script>")));
    EXPECT_THAT(html,
                HasSubstr("<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&lt;b&gt;</title>"));
    EXPECT_EQ(texts_of(charts_of(html).at(0), "label").at(1), evil);
}

TEST(ChartPage, BytesThatAreNoTextAreReplaced) {
    ChartPage page("caf\xE9", "ok");
    WaterfallChart chart = small_waterfall();
    chart.steps[0].label = "\xFF";
    page.add(chart);
    const std::string html = page.html();
    EXPECT_THAT(html, HasSubstr("<title>caf\uFFFD</title>"));
    EXPECT_EQ(texts_of(charts_of(html).at(0), "label").at(1), "\uFFFD");
}

TEST(ChartPage, NeedsNothingFromElsewhere) {
    ChartPage page("Place", "Summary");
    page.add(small_waterfall());
    const std::string html = page.html();
    EXPECT_THAT(html, HasSubstr("Chart.js v3"));
    EXPECT_THAT(html, HasSubstr("default-src 'none'"));
    // Elements that load something.
    EXPECT_FALSE(std::regex_search(html, std::regex("<(link|img|iframe|script[^>]+src)[ =>]")));
    EXPECT_EQ(html.find("@import"), std::string::npos);
}

TEST(ChartPage, SameContentGivesTheSameBytesInTheOrderAdded) {
    const auto make = [] {
        ChartPage page("Place", "Summary");
        page.add_facts({{"model", "model.lcm"}});
        page.add(small_waterfall());
        page.add(BarChart{.caption = "second", .axis = "a", .bars = {{.label = "x", .value = 1}}, .axis_end = {}});
        return page.html();
    };
    const std::string html = make();
    EXPECT_EQ(html, make());
    EXPECT_LT(html.find("model.lcm"), html.find("Why water"));
    EXPECT_LT(html.find("Why water"), html.find("second"));
    EXPECT_EQ(charts_of(html).size(), 2U);
    EXPECT_FALSE(charts_of(html).at(1).contains("axis_end"));
}

} // namespace
} // namespace lcclass
