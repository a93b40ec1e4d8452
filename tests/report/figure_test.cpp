#include "small_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass::report {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> names_of(const Table& table) {
    std::vector<std::string> names;
    for (const Column& column : table.columns) {
        names.push_back(column.name);
    }
    return names;
}

Cell text(const std::string& words) {
    return words;
}
const Cell na;

TEST(FigureTable, BarsHaveARowPerLabelAndIntervalsWhereThereAreAny) {
    const Table table = table_of(small_bars());
    EXPECT_THAT(names_of(table),
                ElementsAre("class", "random", "random, 95 % interval: low", "random, 95 % interval: high", "block"));
    EXPECT_THAT(table.rows, ElementsAre(ElementsAre(text("water"), Cell(0.5), Cell(0.25), Cell(0.75), Cell(0.125)),
                                        ElementsAre(text("forest"), na, na, na, Cell(1.0))));
}

TEST(FigureTable, ASingleSeriesWithoutNameIsCalledAsTheAxis) {
    BarFigure figure = small_bars();
    figure.series = {{.name = {}, .values = {{.value = 1}, {.value = 2}}}};
    EXPECT_THAT(names_of(table_of(figure)), ElementsAre("class", "F1 score"));
}

TEST(FigureTable, WaterfallTellsChangesAndLevels) {
    EXPECT_THAT(table_of(small_waterfall()).rows, ElementsAre(ElementsAre(text("base"), na, Cell(0.25)),
                                                              ElementsAre(text("B08 = 0.02"), Cell(0.5), Cell(0.75)),
                                                              ElementsAre(text("NDVI"), Cell(-0.125), Cell(0.625)),
                                                              ElementsAre(text("sum"), na, Cell(0.625))));
}

TEST(FigureTable, LinesOverTheSameXStandBesideEachOther) {
    const Table table = table_of(small_lines());
    EXPECT_THAT(names_of(table), ElementsAre("samples", "a", "a, range: low", "a, range: high", "b"));
    EXPECT_EQ(table.columns[0].digits, 0);
    EXPECT_THAT(table.rows, ElementsAre(ElementsAre(Cell(1.0), Cell(0.5), Cell(0.25), Cell(0.75), Cell(0.0)),
                                        ElementsAre(Cell(2.0), Cell(1.0), na, na, Cell(0.75))));
}

TEST(FigureTable, LinesOverDifferentXStandBelowEachOther) {
    LineFigure figure = small_lines();
    figure.series[1].points.resize(1);
    figure.series[1].points[0].x = 1.5;
    const Table table = table_of(figure);
    EXPECT_THAT(names_of(table),
                ElementsAre("series", "samples", "accuracy", "accuracy, range: low", "accuracy, range: high"));
    EXPECT_EQ(table.columns[1].digits, 3);
    EXPECT_THAT(table.rows, ElementsAre(ElementsAre(text("a"), Cell(1.0), Cell(0.5), Cell(0.25), Cell(0.75)),
                                        ElementsAre(text("a"), Cell(2.0), Cell(1.0), na, na),
                                        ElementsAre(text("b"), Cell(1.5), Cell(0.0), na, na)));
}

TEST(FigureTable, NamedPlacesOfXAreToldByName) {
    LineFigure figure = small_lines();
    figure.x_names = {"May", "June", "July"};
    EXPECT_EQ(table_of(figure).rows[0][0], text("June"));
    EXPECT_EQ(table_of(figure).rows[1][0], text("July"));
}

TEST(FigureTable, MatrixNamesBothAxesInItsCorner) {
    const Table table = table_of(small_matrix());
    EXPECT_THAT(names_of(table), ElementsAre("reference \\ prediction", "water", "forest"));
    EXPECT_THAT(table.rows, ElementsAre(ElementsAre(text("water"), Cell(80.0), Cell(4.0)),
                                        ElementsAre(text("forest"), na, Cell(20000.0))));
}

TEST(FigureTable, SwarmIsReadAsQuantilesAndSavedPointByPoint) {
    SwarmFigure figure = small_swarm();
    figure.rows[0].values.clear();
    for (int i = 20; i >= -20; --i) { // 5 % of 40 steps are 2
        figure.rows[0].values.push_back(i);
    }
    const Table table = table_of(figure);
    EXPECT_THAT(names_of(table), ElementsAre("row", "points", "lowest", "5 %", "median", "95 %", "highest"));
    EXPECT_THAT(table.rows, ElementsAre(ElementsAre(text("NDVI"), Cell(41.0), Cell(-20.0), Cell(-18.0), Cell(0.0),
                                                    Cell(18.0), Cell(20.0)),
                                        ElementsAre(text("B08"), Cell(0.0), na, na, na, na, na)));
    const Table points = data_of(small_swarm());
    EXPECT_THAT(names_of(points), ElementsAre("row", "SHAP value", "value (0 low, 1 high)"));
    EXPECT_THAT(points.rows, ElementsAre(ElementsAre(text("NDVI"), Cell(0.5), Cell(1.0)),
                                         ElementsAre(text("NDVI"), Cell(-0.5), Cell(0.0)),
                                         ElementsAre(text("NDVI"), Cell(0.0), Cell(0.5))));
}

TEST(FigureText, IsThatOfItsKind) {
    EXPECT_EQ(text_of(Figure(small_swarm())).id, "shap");
    EXPECT_EQ(text_of(Figure(small_table())).title, "Folds");
}

} // namespace
} // namespace lcclass::report
