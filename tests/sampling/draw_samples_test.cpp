#include "lcclass/sampling/sampling_design.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "support/memory_raster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace lcclass {
namespace {

using test::grid_of;
using test::MemoryRaster;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

LabelInfo three_classes() {
    return {.legend = ClassLegend({{1, "water", {}}, {2, "forest", {}}, {3, "crop", {}}}), .polygon_group = {}};
}

MemoryRaster labels_of(std::int64_t width, std::int64_t height, std::vector<float> codes, std::vector<float> polygons) {
    return {grid_of(width, height), {{"class_code", std::move(codes)}, {"polygon_id", std::move(polygons)}}};
}

/// One feature whose value is the number of the pixel.
MemoryRaster numbered_stack(std::int64_t width, std::int64_t height) {
    std::vector<float> values(static_cast<std::size_t>(width * height));
    std::iota(values.begin(), values.end(), 0.0F);
    return {grid_of(width, height), {{"NDVI", std::move(values)}}};
}

SamplingResult draw(const RasterSource& stack, const RasterSource& labels, const SamplingDesign& design,
                    const LabelInfo& info = three_classes()) {
    return draw_samples(stack, labels, info, design, silent_progress());
}

std::vector<std::int64_t> taken(const SamplingResult& result) {
    std::vector<std::int64_t> counts;
    for (const auto& entry : result.report.classes) {
        counts.push_back(entry.taken);
    }
    return counts;
}

/// One row of 100 pixels: 60 of class 1 (polygons 1 to 6 of 10), 30 of class 2 (7 to 9), 10 of class 3 (10).
class Row : public testing::Test {
protected:
    Row() {
        for (int i = 0; i < 100; ++i) {
            m_codes.push_back(i < 60 ? 1.0F : i < 90 ? 2.0F : 3.0F);
            m_polygons.push_back(static_cast<float>(1 + i / 10));
        }
    }
    [[nodiscard]] SamplingResult draw_row(const SamplingDesign& design) const {
        return draw(numbered_stack(100, 1), labels_of(100, 1, m_codes, m_polygons), design);
    }

    std::vector<float> m_codes;
    std::vector<float> m_polygons;
};

TEST(DrawSamples, TakesEveryLabelledPixelWithItsPlaceAndValues) {
    // 3 x 2 pixels; 0 and nodata carry no label.
    const auto labels = labels_of(3, 2, {0, 2, nan, 1, 0, 3}, {0, 7, nan, 4, 0, 7});
    const MemoryRaster stack(grid_of(3, 2), {{"B04", {0, 1, 2, 3, 4, 5}}, {"B08", {10, 11, 12, 13, 14, 15}}});
    const SampleTable samples = draw(stack, labels, {}).samples;
    EXPECT_THAT(samples.feature_names, ElementsAre("B04", "B08"));
    EXPECT_THAT(samples.class_code, ElementsAre(2, 1, 3));
    EXPECT_THAT(samples.polygon_id, ElementsAre(7, 4, 7));
    EXPECT_THAT(samples.features[0], ElementsAre(1, 3, 5));
    EXPECT_THAT(samples.features[1], ElementsAre(11, 13, 15));
    // 10 m pixels from (600000, 5100000): centres at half a pixel.
    EXPECT_THAT(samples.x, ElementsAre(600015, 600005, 600025));
    EXPECT_THAT(samples.y, ElementsAre(5099995, 5099985, 5099985));
    EXPECT_THAT(samples.group_names, ElementsAre("4", "7"));
    EXPECT_THAT(samples.group, ElementsAre(1, 0, 1));
    EXPECT_EQ(samples.crs_wkt, "LOCAL");
    EXPECT_EQ(samples.legend, three_classes().legend);
    EXPECT_NO_THROW(check_samples(samples, "test"));
}

TEST(DrawSamples, PolygonsOfOneGroupShareIt) {
    LabelInfo info = three_classes();
    info.polygon_group = {"lucas-8", "lucas-5", "lucas-8"};
    const auto result = draw(numbered_stack(4, 1), labels_of(4, 1, {1, 2, 1, 2}, {3, 2, 1, 2}), {}, info);
    EXPECT_THAT(result.samples.group_names, ElementsAre("lucas-8", "lucas-5"));
    EXPECT_THAT(result.samples.group, ElementsAre(0, 1, 0, 1));
    EXPECT_THAT(result.samples.polygon_id, ElementsAre(3, 2, 1, 2));
}

TEST(DrawSamples, CountsPixelsWithoutFeaturesAndLeavesThemOut) {
    const MemoryRaster stack(grid_of(4, 1), {{"a", {1, nan, 3, 4}}, {"b", {1, 2, nan, 4}}});
    const auto result = draw(stack, labels_of(4, 1, {1, 1, 2, 2}, {1, 1, 2, 2}), {});
    EXPECT_THAT(result.samples.class_code, ElementsAre(1, 2));
    EXPECT_EQ(result.report.classes[0].labelled, 2);
    EXPECT_EQ(result.report.classes[0].nodata, 1);
    EXPECT_EQ(result.report.classes[0].taken, 1);
    EXPECT_EQ(result.report.classes[0].polygons, 1);
    EXPECT_EQ(result.report.classes[2].labelled, 0);
}

TEST_F(Row, TotalIsSharedInProportion) {
    const auto result = draw_row({.strategy = SamplingStrategy::total, .total = 20});
    EXPECT_THAT(taken(result), ElementsAre(12, 6, 2));
}

TEST_F(Row, TotalRoundsByLargestRemainder) {
    // 7 x (0.6, 0.3, 0.1) = 4.2, 2.1, 0.7: 4, 2, 0 and the seventh to the largest remainder.
    EXPECT_THAT(taken(draw_row({.strategy = SamplingStrategy::total, .total = 7})), ElementsAre(4, 2, 1));
}

TEST_F(Row, TotalBeyondThePixelsTakesAll) {
    EXPECT_THAT(taken(draw_row({.strategy = SamplingStrategy::total, .total = 5000})), ElementsAre(60, 30, 10));
}

TEST_F(Row, ConstantTakesAllOfAClassThatHasFewerAndSaysSo) {
    const auto result = draw_row({.strategy = SamplingStrategy::constant, .per_class = 25});
    EXPECT_THAT(taken(result), ElementsAre(25, 25, 10));
    EXPECT_EQ(result.report.classes[2].asked, 25);
}

TEST_F(Row, SmallestTakesAsManyOfEachAsTheRarestHas) {
    EXPECT_THAT(taken(draw_row({.strategy = SamplingStrategy::smallest})), ElementsAre(10, 10, 10));
}

TEST_F(Row, PercentIsOfEachClass) {
    EXPECT_THAT(taken(draw_row({.strategy = SamplingStrategy::percent, .percent = 15})), ElementsAre(9, 5, 2));
    EXPECT_THAT(taken(draw_row({.strategy = SamplingStrategy::percent, .percent = 0.1})), ElementsAre(1, 1, 1));
}

TEST_F(Row, PolygonCapComesBeforeTheStrategy) {
    const auto result = draw_row({.strategy = SamplingStrategy::smallest, .per_polygon = 4});
    EXPECT_THAT(taken(result), ElementsAre(4, 4, 4));
    // Capped at 4 of 6, 3 and 1 polygons, classes have 24, 12 and 4: 20 x (0.6, 0.3, 0.1).
    const auto shared = draw_row({.strategy = SamplingStrategy::total, .total = 20, .per_polygon = 4});
    EXPECT_THAT(taken(shared), ElementsAre(12, 6, 2));
    std::map<std::int32_t, int> per_polygon;
    for (const auto polygon : shared.samples.polygon_id) {
        EXPECT_LE(++per_polygon[polygon], 4);
    }
}

TEST_F(Row, ClassCapLimitsAnyStrategy) {
    EXPECT_THAT(taken(draw_row({.per_class = 12})), ElementsAre(12, 12, 10));
    // Shares are fixed before the class cap: 30 x 0.6 = 18 -> 5, 9 -> 5, 3.
    EXPECT_THAT(taken(draw_row({.strategy = SamplingStrategy::total, .total = 30, .per_class = 5, .per_polygon = 8})),
                ElementsAre(5, 5, 3));
}

TEST_F(Row, AnotherSeedDrawsOtherPixels) {
    const SamplingDesign design{.strategy = SamplingStrategy::constant, .per_class = 10, .seed = 1};
    SamplingDesign other = design;
    other.seed = 2;
    EXPECT_EQ(draw_row(design).samples.x, draw_row(design).samples.x);
    EXPECT_NE(draw_row(design).samples.x, draw_row(other).samples.x);
}

TEST_F(Row, CapsNest) {
    // A smaller cap keeps the smaller keys, so its samples are among those of a larger one.
    const auto few = draw_row({.per_class = 5}).samples.x;
    const auto many = draw_row({.per_class = 9}).samples.x;
    EXPECT_TRUE(std::includes(many.begin(), many.end(), few.begin(), few.end()));
}

TEST(DrawSamples, DependsOnSeedAndPlaceOnly) {
    // 2,100 x 300 pixels span several blocks; the expected pixels are those with the smallest keys.
    constexpr std::int64_t width = 2100;
    constexpr std::int64_t height = 300;
    std::vector<float> codes;
    std::vector<float> polygons;
    for (std::int64_t pixel = 0; pixel < width * height; ++pixel) {
        codes.push_back(static_cast<float>(pixel % 7 == 0 ? 1 + pixel % 2 : 0));
        polygons.push_back(static_cast<float>(pixel % 7 == 0 ? 1 + pixel % width / 100 : 0));
    }
    std::vector<std::pair<std::uint64_t, std::int64_t>> keys;
    for (std::int64_t pixel = 0; pixel < width * height; pixel += 14) {
        keys.emplace_back(mix64(9, static_cast<std::uint64_t>(pixel)), pixel);
    }
    std::sort(keys.begin(), keys.end());
    std::vector<float> expected;
    for (int i = 0; i < 50; ++i) {
        expected.push_back(static_cast<float>(keys[static_cast<std::size_t>(i)].second));
    }
    std::sort(expected.begin(), expected.end());
    const auto labels = labels_of(width, height, codes, polygons);
    for (const std::size_t threads : {1U, 2U, 5U}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        const auto result = draw(numbered_stack(width, height), labels,
                                 {.strategy = SamplingStrategy::constant, .per_class = 50, .seed = 9});
        std::vector<float> class_1;
        for (std::size_t i = 0; i < result.samples.class_code.size(); ++i) {
            if (result.samples.class_code[i] == 1) {
                class_1.push_back(result.samples.features[0][i]);
            }
        }
        EXPECT_EQ(class_1, expected) << threads << " threads";
    }
}

/// A stack that counts the blocks read.
class CountingStack final : public RasterSource {
public:
    explicit CountingStack(const GridSpec& grid)
        : m_raster(grid, {{"a", std::vector<float>(static_cast<std::size_t>(grid.n_pixels()), 1.0F)}}) {}
    [[nodiscard]] const GridSpec& grid() const override { return m_raster.grid(); }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_raster.bands(); }
    void read(const Window& window, PixelBlock& out) const override {
        ++reads;
        m_raster.read(window, out);
    }
    mutable std::atomic<int> reads = 0;

private:
    MemoryRaster m_raster;
};

TEST(DrawSamples, ReadsFeaturesOnlyWhereThereAreLabels) {
    std::vector<float> codes(4096 * 8, 0.0F);
    codes[5] = 1;
    const auto labels = labels_of(4096, 8, codes, codes);
    const CountingStack stack(grid_of(4096, 8));
    EXPECT_EQ(draw(stack, labels, {}).samples.size(), 1);
    EXPECT_EQ(stack.reads, 1);
}

std::string refusal(const RasterSource& stack, const RasterSource& labels, const SamplingDesign& design = {},
                    ExitCode code = ExitCode::input, const LabelInfo& info = three_classes()) {
    try {
        draw(stack, labels, design, info);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), code) << error.what();
        EXPECT_FALSE(error.fault().fix.empty());
        return error.what();
    }
    ADD_FAILURE() << "accepted";
    return {};
}

TEST(DrawSamplesRefuses, GridsThatDiffer) {
    EXPECT_THAT(refusal(numbered_stack(3, 1), labels_of(2, 1, {1, 2}, {1, 2})), HasSubstr("differs from the stack's"));
}

TEST(DrawSamplesRefuses, LabelsOutsideTheLegend) {
    EXPECT_THAT(refusal(numbered_stack(2, 1), labels_of(2, 1, {1, 9}, {1, 2})),
                HasSubstr("labels:row 0, column 1: class_code=9: is not in the legend"));
    EXPECT_THAT(refusal(numbered_stack(2, 1), labels_of(2, 1, {1, 2.5F}, {1, 2})), HasSubstr("class_code=2.5"));
    EXPECT_THAT(refusal(numbered_stack(2, 1), labels_of(2, 1, {1, -1}, {1, 2})), HasSubstr("class_code=-1"));
}

TEST(DrawSamplesRefuses, LabelsWithoutAPolygon) {
    EXPECT_THAT(refusal(numbered_stack(2, 1), labels_of(2, 1, {1, 2}, {1, 0})), HasSubstr("polygon_id=0"));
    EXPECT_THAT(refusal(numbered_stack(2, 1), labels_of(2, 1, {1, 2}, {1, nan})), HasSubstr("polygon_id=nodata"));
    LabelInfo info = three_classes();
    info.polygon_group = {"a"};
    EXPECT_THAT(refusal(numbered_stack(2, 1), labels_of(2, 1, {1, 2}, {1, 2}), {}, ExitCode::input, info),
                HasSubstr("polygon_id=2"));
}

TEST(DrawSamplesRefuses, LabelBandsUnderOtherNames) {
    const MemoryRaster labels(grid_of(2, 1), {{"class", {1, 2}}, {"polygon_id", {1, 2}}});
    EXPECT_THAT(refusal(numbered_stack(2, 1), labels), HasSubstr("band=class_code"));
}

TEST(DrawSamplesRefuses, NothingToSample) {
    EXPECT_THAT(refusal(numbered_stack(2, 1), labels_of(2, 1, {0, nan}, {0, nan})),
                HasSubstr("no pixel carries a label"));
    const MemoryRaster empty(grid_of(2, 1), {{"a", {nan, nan}}});
    EXPECT_THAT(refusal(empty, labels_of(2, 1, {1, 2}, {1, 2})),
                HasSubstr("has nodata in some feature at all 2 labelled pixels"));
}

TEST(DrawSamplesRefuses, DesignsWithoutTheirNumber) {
    const auto labels = labels_of(2, 1, {1, 2}, {1, 2});
    const auto refused = [&](const SamplingDesign& design) {
        return refusal(numbered_stack(2, 1), labels, design, ExitCode::configuration);
    };
    EXPECT_THAT(refused({.strategy = SamplingStrategy::total}), HasSubstr("total=0"));
    EXPECT_THAT(refused({.strategy = SamplingStrategy::constant}), HasSubstr("per_class=0"));
    EXPECT_THAT(refused({.strategy = SamplingStrategy::percent, .percent = 101}), HasSubstr("percent=101"));
    EXPECT_THAT(refused({.strategy = SamplingStrategy::percent, .percent = nan}), HasSubstr("percent="));
    EXPECT_THAT(refused({.per_polygon = -1}), HasSubstr("per_polygon=-1"));
    EXPECT_THAT(refused({.per_class = -1}), HasSubstr("per_class=-1"));
}

TEST(SamplingStrategyWord, ReadsBack) {
    for (const auto strategy : {SamplingStrategy::all, SamplingStrategy::total, SamplingStrategy::constant,
                                SamplingStrategy::smallest, SamplingStrategy::percent}) {
        EXPECT_EQ(parse_sampling_strategy(to_string(strategy)), strategy);
    }
    EXPECT_THROW(parse_sampling_strategy("some"), Error);
}

} // namespace
} // namespace lcclass
