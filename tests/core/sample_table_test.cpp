#include "lcclass/core/sample_table.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <limits>

namespace lcclass {
namespace {

SampleTable three_samples() {
    return {.feature_names = {"B04", "B08"},
            .features = {{1, 2, 3}, {4, 5, 6}},
            .class_code = {3, 7, 3},
            .polygon_id = {1, 2, 1},
            .group = {0, 1, 0},
            .group_names = {"p1", "p2"},
            .x = {0, 10, 20},
            .y = {5, 5, 5},
            .crs_wkt = "LOCAL",
            .legend =
                ClassLegend({{.code = 3, .name = "woodland", .color = {}}, {.code = 7, .name = "water", .color = {}}}),
            .recipe_json = "{}"};
}

void expect_refused(const SampleTable& samples, const std::string& text) {
    try {
        check_samples(samples, "s.csv");
        FAIL() << "accepted: " << text;
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
    }
}

TEST(SampleTable, AWholeTablePassesTheCheck) {
    EXPECT_NO_THROW(check_samples(three_samples(), "s.csv"));
}

TEST(SampleTable, AValueThatIsNotFiniteIsNamedByRowAndFeature) {
    SampleTable samples = three_samples();
    samples.features[1][2] = std::numeric_limits<float>::infinity();
    expect_refused(samples, "s.csv:row 3: B08=inf");
}

TEST(SampleTable, AClassOutsideTheLegendIsRefused) {
    SampleTable samples = three_samples();
    samples.class_code[1] = 4;
    expect_refused(samples, "s.csv:row 2: class_code=4");
}

std::string refusal_of(const std::vector<std::int32_t>& codes, const UnknownClass& unknown) {
    try {
        class_positions(codes, three_samples().legend, unknown);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        return error.what();
    }
    return {};
}

TEST(SampleTable, ClassesHavePositionsInTheLegendOrInAnyAscendingList) {
    const SampleTable samples = three_samples();
    EXPECT_EQ(class_positions(samples.class_code, samples.legend), (std::vector<std::int32_t>{0, 1, 0}));
    const std::vector<std::int32_t> known = {2, 3, 5, 7};
    EXPECT_EQ(class_positions(samples.class_code, known), (std::vector<std::int32_t>{1, 3, 1}));
    EXPECT_TRUE(class_positions(std::vector<std::int32_t>{}, samples.legend).empty());
}

TEST(SampleTable, AClassWithoutAPositionIsNamedInTheWordsOfTheCaller) {
    EXPECT_EQ(refusal_of({3, 7}, {}), "");
    for (const std::int32_t code : {1, 5, 9}) {
        const std::string text = refusal_of({3, code}, {});
        EXPECT_NE(text.find("samples:row 2: class_code=" + std::to_string(code) + ": is not in the legend"),
                  std::string::npos)
            << text;
    }
    const std::string text = refusal_of({4}, {.problem = "is not a class of the model", .fix = "use other samples"});
    EXPECT_NE(text.find("class_code=4: is not a class of the model; fix: use other samples"), std::string::npos)
        << text;
}

TEST(SampleTable, ColumnsOfUnequalLengthAreRefused) {
    SampleTable samples = three_samples();
    samples.x.pop_back();
    expect_refused(samples, "different lengths");
}

TEST(SampleTable, AGroupWithoutANameIsRefused) {
    SampleTable samples = three_samples();
    samples.group[0] = 2;
    expect_refused(samples, "group=2");
}

TEST(SampleTable, GroupsAreKnownWhenThereIsAPolygonOrAGroupOfSeveral) {
    SampleTable samples;
    samples.polygon_id = {0, 0, 0};
    samples.group = {4, 0, 2};
    samples.group_names.assign(5, "g"); // as after `select_rows`: names of groups that are no longer there
    EXPECT_FALSE(knows_groups(samples));
    samples.group[1] = 2;
    EXPECT_TRUE(knows_groups(samples));
    samples.group[1] = 0;
    samples.polygon_id[1] = 3;
    EXPECT_TRUE(knows_groups(samples));
}

TEST(SampleTable, SelectedRowsKeepTheirOrderAndEveryColumn) {
    const SampleTable part = select_rows(three_samples(), {2, 0});
    EXPECT_EQ(part.features[0], (std::vector<float>{3, 1}));
    EXPECT_EQ(part.x, (std::vector<double>{20, 0}));
    EXPECT_EQ(part.group, (std::vector<std::int32_t>{0, 0}));
    EXPECT_EQ(part.legend.size(), 2);
    EXPECT_EQ(view_of(part).columns[1][1], 4.0F);
}

} // namespace
} // namespace lcclass
