#include "small_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <regex>

namespace lcclass::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// What the scripts of the page get.
nlohmann::json data_of_page(const std::string& html) {
    const std::string begin = "<script type=\"application/json\" id=\"page-data\">";
    const std::size_t from = html.find(begin) + begin.size();
    return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
}

/// The page before its data and scripts.
std::string body_of(const std::string& html) {
    const std::size_t from = html.find("<body>");
    return html.substr(from, html.find("<script", from) - from);
}

Document with(const std::vector<Block>& blocks) {
    return {.title = "t", .summary = "s", .sections = {{.id = "one", .title = {}, .blocks = blocks}}};
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++n;
    }
    return n;
}

TEST(ReportPage, SectionsHaveHeadingsAnchorsAndALineInTheContents) {
    const std::string body = body_of(to_html(small_document()));
    EXPECT_THAT(body, HasSubstr("<h1>Report</h1>\n<p>What was found.</p>"));
    EXPECT_THAT(body, HasSubstr("<li><a href=\"#map\">The map</a></li>\n<li><a href=\"#more\">More</a></li>"));
    EXPECT_THAT(body, HasSubstr("<section id=\"map\">\n<h2>The map <a class=\"anchor\" href=\"#map\""));
    EXPECT_LT(body.find("id=\"map\""), body.find("id=\"figure-f1\""));
    EXPECT_LT(body.find("id=\"figure-why\""), body.find("id=\"more\""));
}

TEST(ReportPage, ASingleSectionWithoutTitleHasNoHeadingAndNoContents) {
    const std::string body = body_of(to_html(with({Paragraph{"p"}})));
    EXPECT_THAT(body, Not(HasSubstr("<h2>")));
    EXPECT_THAT(body, Not(HasSubstr("<nav")));
}

TEST(ReportPage, BlocksAreShown) {
    const std::string body = body_of(to_html(small_document()));
    EXPECT_THAT(body, HasSubstr("<p>It is new.</p>"));
    EXPECT_THAT(body, HasSubstr("<dt>model</dt><dd>model.lcm</dd>"));
    EXPECT_THAT(body, HasSubstr("Areas: not here. To have it: <code>lcclass assess --plan</code>"));
    EXPECT_THAT(body, HasSubstr("<summary>Config</summary>"));
    EXPECT_THAT(body, HasSubstr("\nseed: 1\n</pre>"));
}

TEST(ReportPage, EveryFigureHasTitleCaptionAndATableOfItsNumbers) {
    const std::string body = body_of(to_html(small_document()));
    EXPECT_EQ(count(body, "<figure id="), 6U);
    EXPECT_EQ(count(body, "<table>"), 6U);
    EXPECT_EQ(count(body, "<canvas role=\"img\" aria-label="), 4U);
    EXPECT_EQ(count(body, "<div class=\"actions\"></div>"), 7U);
    EXPECT_THAT(body, HasSubstr("<h3>Why water</h3><p>The strongest first.</p>"));
    EXPECT_THAT(body, HasSubstr("aria-label=\"Why water. The strongest first.\""));
    EXPECT_THAT(body, HasSubstr("<tr><th scope=\"row\">NDVI</th><td>\u22120.125</td><td>0.625</td></tr>"));
    EXPECT_THAT(body,
                HasSubstr("<tr><th scope=\"row\">one</th><td>12,345</td><td class=\"text\">a &quot;b&quot;</td></tr>"));
}

TEST(ReportPage, RightAndWrongCellsOfAMatrixHaveColoursAndScalesOfTheirOwn) {
    const std::string body = body_of(to_html(small_document()));
    // 80 of 20000 right ones is nothing, 4 is the most of all wrong ones.
    EXPECT_THAT(
        body,
        HasSubstr(
            "<tr><th scope=\"row\">water</th><td class=\"cool-0 right\">80</td><td class=\"warm-8\">4</td></tr>"));
    EXPECT_THAT(
        body,
        HasSubstr(
            "<tr><th scope=\"row\">forest</th><td class=\"na\">NA</td><td class=\"cool-8 right\">20,000</td></tr>"));
}

TEST(ReportPage, CellsOfBothSignsAreColouredAroundZero) {
    MatrixFigure figure = small_matrix();
    figure.light_diagonal = false;
    figure.diverging = true;
    figure.digits = 2;
    figure.values = {{1, -0.5}, {0, -1}};
    const std::string body = body_of(to_html(with({Figure(figure)})));
    EXPECT_THAT(body, HasSubstr("<td class=\"cool-8\">1.00</td><td class=\"warm-4\">\u22120.50</td>"));
    EXPECT_THAT(body, HasSubstr("<td class=\"cool-0\">0.00</td><td class=\"warm-8\">\u22121.00</td>"));
}

TEST(ReportPage, ScriptsGetTheNumbersInFull) {
    const nlohmann::json data = data_of_page(to_html(small_document()));
    const nlohmann::json& figures = data.at("figures");
    ASSERT_EQ(figures.size(), 6U);
    const nlohmann::json& bars = figures.at("f1");
    EXPECT_EQ(bars.at("kind"), "bars");
    EXPECT_EQ(bars.at("series").at(0).at("values"), nlohmann::json::parse("[0.5, null]"));
    EXPECT_EQ(bars.at("series").at(0).at("intervals"), nlohmann::json::parse("[[0.25, 0.75], null]"));
    EXPECT_EQ(bars.at("series").at(1).at("colors"), nlohmann::json::parse(R"(["#ff0000", "#000102"])"));
    EXPECT_EQ(bars.at("axis_end"), 1.0);
    EXPECT_EQ(figures.at("why").at("steps").at(1), nlohmann::json::parse(R"({"label": "NDVI", "change": -0.125})"));
    EXPECT_EQ(figures.at("curve").at("series").at(1).at("color"), "#0000ff");
    EXPECT_EQ(figures.at("folds").at("data").at("rows").at(0).at(1), 12345.25);
    EXPECT_EQ(figures.at("shap").at("rows").at(0).at("colors"), nlohmann::json::parse("[1.0, 0.0, 0.5]"));
    EXPECT_EQ(data.at("listings").at("0").at("text"), "seed: 1\n");
    EXPECT_TRUE(data.at("maps").empty());
}

TEST(ReportPage, NamesFromDataAreShownAndNotObeyed) {
    const std::string evil = "</script><script>alert(1)</script>&\"<b>";
    WaterfallFigure figure = small_waterfall();
    figure.text.title = figure.text.caption = figure.axis = figure.steps[0].first = evil;
    Document document =
        with({Paragraph{evil}, Facts{{{evil, evil}}}, Missing{evil, evil}, Listing{evil, evil, evil}, Figure(figure)});
    document.title = document.summary = evil;
    document.sections.push_back({.id = "two", .title = evil, .blocks = {}});
    const std::string html = to_html(document);
    EXPECT_THAT(html, Not(HasSubstr("alert(1)</script>")));
    EXPECT_THAT(html,
                HasSubstr("<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&lt;b&gt;</title>"));
    EXPECT_EQ(data_of_page(html).at("figures").at("why").at("steps").at(0).at("label"), evil);
    EXPECT_EQ(data_of_page(html).at("listings").at("0").at("text"), evil);
}

TEST(ReportPage, BytesThatAreNoTextAreReplaced) {
    WaterfallFigure figure = small_waterfall();
    figure.steps[0].first = "\xFF";
    Document document = with({Figure(figure)});
    document.title = "caf\xE9";
    const std::string html = to_html(document);
    EXPECT_THAT(html, HasSubstr("<title>caf\uFFFD</title>"));
    EXPECT_EQ(data_of_page(html).at("figures").at("why").at("steps").at(0).at("label"), "\uFFFD");
}

TEST(ReportPage, NeedsNothingFromElsewhere) {
    const std::string html = to_html(small_document());
    EXPECT_THAT(html, HasSubstr("Chart.js v3"));
    EXPECT_THAT(html, HasSubstr("content=\"default-src 'none'; img-src data: blob:; script-src 'unsafe-inline'; "
                                "style-src 'unsafe-inline'\""));
    // Elements that load something; the icon is empty.
    EXPECT_FALSE(std::regex_search(body_of(html), std::regex("<(link|img|iframe|script[^>]+src)[ =>]")));
    EXPECT_EQ(count(html, "<link "), 1U);
    EXPECT_THAT(html, HasSubstr("<link rel=\"icon\" href=\"data:,\">"));
    EXPECT_THAT(html, Not(HasSubstr("@import")));
}

TEST(ReportPage, TheSameDocumentGivesTheSameBytes) {
    EXPECT_EQ(to_html(small_document()), to_html(small_document()));
}

} // namespace
} // namespace lcclass::report
