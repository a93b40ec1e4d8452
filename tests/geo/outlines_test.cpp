#include "lcclass/geo/outlines.h"

#include "geo/pixel_outline.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/sample_file.h"
#include "support/memory_raster.h"
#include "vector_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

namespace lcclass {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

/// Labels from rows of digits: the polygon ids; classes are 10 times as much.
test::MemoryRaster labels_of(const std::vector<std::string>& rows) {
    std::vector<float> ids;
    std::vector<float> codes;
    for (const std::string& row : rows) {
        for (const char c : row) {
            ids.push_back(static_cast<float>(c == '.' ? 0 : c - '0'));
            codes.push_back(10 * ids.back());
        }
    }
    return {test::grid_of(static_cast<std::int64_t>(rows[0].size()), static_cast<std::int64_t>(rows.size())),
            {{"class_code", codes}, {"polygon_id", ids}}};
}

std::vector<LabelOutline> traced(const std::vector<std::string>& rows, const OutlineOptions& limits = {}) {
    return trace_labels(labels_of(rows), limits, silent_progress()).shapes;
}

TEST(Outlines, FollowThePixelsOfAPolygon) {
    const auto shapes = traced({"....", ".22.", ".2..", "...."});
    ASSERT_THAT(shapes, SizeIs(1));
    EXPECT_EQ(shapes[0].polygon_id, 2);
    EXPECT_EQ(shapes[0].class_code, 20);
    ASSERT_THAT(shapes[0].rings, SizeIs(1));
    EXPECT_THAT(shapes[0].rings[0],
                ElementsAre(Pair(1, 1), Pair(3, 1), Pair(3, 2), Pair(2, 2), Pair(2, 3), Pair(1, 3)));
}

TEST(Outlines, HaveHolesTheOtherWayRound) {
    const auto shapes = traced({"111", "1.1", "111"});
    ASSERT_THAT(shapes[0].rings, SizeIs(2));
    EXPECT_THAT(shapes[0].rings[0], ElementsAre(Pair(0, 0), Pair(3, 0), Pair(3, 3), Pair(0, 3)));
    EXPECT_THAT(shapes[0].rings[1], ElementsAre(Pair(1, 1), Pair(1, 2), Pair(2, 2), Pair(2, 1)));
}

TEST(Outlines, KeepApartWhatTouchesAtACornerOnly) {
    const auto shapes = traced({"1.", ".1"});
    ASSERT_THAT(shapes[0].rings, SizeIs(2));
    EXPECT_THAT(shapes[0].rings[0], ElementsAre(Pair(0, 0), Pair(1, 0), Pair(1, 1), Pair(0, 1)));
    EXPECT_THAT(shapes[0].rings[1], ElementsAre(Pair(1, 1), Pair(2, 1), Pair(2, 2), Pair(1, 2)));
}

TEST(Outlines, PartNeighboursAndKeepPartsOfOnePolygonTogether) {
    const auto shapes = traced({"1122", "1122", "....", "1..2"});
    ASSERT_THAT(shapes, SizeIs(2));
    EXPECT_THAT(shapes[0].rings, SizeIs(2));
    EXPECT_THAT(shapes[1].rings[0], ElementsAre(Pair(2, 0), Pair(4, 0), Pair(4, 2), Pair(2, 2)));
}

/// Twice the area of the pixels by the shoelace formula, holes subtracted, must be twice the number of pixels.
TEST(Outlines, EncloseAsManyPixelsAsAreLabelledWhateverTheBlocksAndThreads) {
    std::vector<std::string> rows;
    std::vector<int> pixels(10, 0);
    for (int y = 0; y < 45; ++y) {
        rows.emplace_back();
        for (int x = 0; x < 61; ++x) {
            const int id = (x * x / 50 + y * y / 70 + x * y / 90) % 5;
            const bool hole = (x * 7 + y * 5) % 17 == 0;
            rows.back() += hole || id == 0 ? '.' : static_cast<char>('0' + id);
            pixels[static_cast<std::size_t>(hole ? 0 : id)] += 1;
        }
    }
    const auto expected = traced(rows);
    for (const LabelOutline& shape : expected) {
        double twice = 0;
        for (const OutlineRing& ring : shape.rings) {
            for (std::size_t i = 0; i < ring.size(); ++i) {
                const auto& next = ring[(i + 1) % ring.size()];
                twice += ring[i].first * next.second - next.first * ring[i].second;
            }
        }
        EXPECT_EQ(twice, 2 * pixels[static_cast<std::size_t>(shape.polygon_id)]);
    }
    for (const std::int64_t block : {1, 7, 32}) {
        for (const std::size_t threads : {1, 4}) {
            const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
            const auto found = traced(rows, {.block_pixels = block});
            ASSERT_EQ(found.size(), expected.size());
            for (std::size_t i = 0; i < found.size(); ++i) {
                EXPECT_EQ(found[i].rings, expected[i].rings) << block;
            }
        }
    }
}

TEST(Outlines, AreSimplerWhenCornersAreTooMany) {
    // A staircase of 20 steps: exact, it has some 40 corners; off by 0.75 of a pixel, a triangle will do.
    std::vector<std::string> rows;
    for (int y = 0; y < 20; ++y) {
        rows.push_back(std::string(static_cast<std::size_t>(y + 1), '1') +
                       std::string(static_cast<std::size_t>(19 - y), '.'));
    }
    const LabelOutlines exact = trace_labels(labels_of(rows), {}, silent_progress());
    EXPECT_EQ(exact.tolerance, 0);
    EXPECT_THAT(exact.shapes[0].rings[0], SizeIs(42));
    const LabelOutlines simple = trace_labels(labels_of(rows), {.most_corners = 10}, silent_progress());
    EXPECT_EQ(simple.tolerance, 0.75);
    EXPECT_LE(simple.shapes[0].rings[0].size(), 5U);
    EXPECT_EQ(simple.n_left_out, 0);
}

TEST(Outlines, LeaveTheSmallestOutInTheEnd) {
    const LabelOutlines found =
        trace_labels(labels_of({"1.22.333", "..22.333", ".....333"}), {.most_corners = 9}, silent_progress());
    ASSERT_THAT(found.shapes, SizeIs(2));
    EXPECT_EQ(found.shapes[0].polygon_id, 2);
    EXPECT_EQ(found.shapes[1].polygon_id, 3);
    EXPECT_EQ(found.n_left_out, 1);
}

TEST(Outlines, StopWhenMemoryWouldNotDo) {
    const LabelOutlines found = trace_labels(labels_of({"1.2.3"}), {.most_runs = 2}, silent_progress());
    EXPECT_TRUE(found.too_many_runs);
    EXPECT_THAT(found.shapes, IsEmpty());
}

TEST(Outlines, NeedBothBandsOfALabelRaster) {
    const test::MemoryRaster raster(test::grid_of(1, 1), {{"class_code", {1}}});
    try {
        static_cast<void>(trace_labels(raster, {.where = "labels.tif"}, silent_progress()));
        FAIL() << "no band polygon_id";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr("labels.tif: band=polygon_id"));
    }
}

TEST(Outlines, SimplifiedCornersAreNoFurtherOffThanAllowed) {
    const OutlineRing ring = {{0, 0}, {4, 0.5}, {8, 0}, {8, 8}, {0, 8}};
    EXPECT_THAT(simplified(ring, 0.6), ElementsAre(Pair(0, 0), Pair(8, 0), Pair(8, 8), Pair(0, 8)));
    EXPECT_EQ(simplified(ring, 0.4), ring);
    EXPECT_THAT(simplified({{0, 0}, {1, 0}, {1, 1}, {0, 1}}, 3), IsEmpty());
}

class FoldOutlines : public test::VectorCase {
protected:
    /// Groups a (rows 1, 3) and b (row 2) around the upper left of grid_of(...), which is at 600000, 5100000.
    std::filesystem::path folds() {
        SampleTable table;
        table.class_code = {1, 2, 1};
        table.polygon_id = {1, 2, 1};
        table.group = {0, 1, 0};
        table.group_names = {"a", "b"};
        table.x = {600005, 600105, 600025};
        table.y = {5099995, 5099995, 5099975};
        table.crs_wkt = parse_crs("EPSG:32633");
        table.legend = ClassLegend({{.code = 1, .name = "x", .color = {}}, {.code = 2, .name = "y", .color = {}}});
        const std::vector<FoldAssignment> assignments = {
            {.scheme = FoldScheme::spatial_block,
             .n_folds = 2,
             .fold = {2, 1, 2},
             .blocks = {{.bounds = {600000, 5099900, 600050, 5100000}, .fold = 2},
                        {.bounds = {600050, 5099900, 600150, 5100000}, .fold = 1}}}};
        const std::vector<FoldPredictions> predictions = {
            {.scheme = FoldScheme::spatial_block, .class_code = {1, 1, 2}, .probability = {0.9F, 0.6F, 0.7F}}};
        const std::filesystem::path written = path("folds.gpkg");
        write_folds(written, table, {.assignments = assignments, .predictions = predictions}, false);
        return written;
    }
    static GridSpec grid() {
        GridSpec grid = test::grid_of(30, 30);
        grid.crs_wkt = parse_crs("EPSG:32633");
        return grid;
    }
};

TEST_F(FoldOutlines, BlocksAreInPixelsOfTheGrid) {
    const std::vector<BlockOutline> blocks = read_fold_blocks(folds(), grid());
    ASSERT_THAT(blocks, SizeIs(2));
    EXPECT_EQ(blocks[0].fold, 2);
    EXPECT_EQ(blocks[0].scheme, "spatial-block");
    EXPECT_THAT(blocks[0].ring, ElementsAre(Pair(0, 10), Pair(5, 10), Pair(5, 0), Pair(0, 0)));
}

TEST_F(FoldOutlines, SamplesAreJudgedByGroup) {
    const std::vector<SchemeJudgement> judged = read_fold_judgements(folds(), grid());
    ASSERT_THAT(judged, SizeIs(1));
    EXPECT_EQ(judged[0].scheme, "spatial_block");
    ASSERT_THAT(judged[0].groups, SizeIs(2));
    const GroupJudgement& a = judged[0].groups[0];
    EXPECT_EQ(a.group, "a");
    EXPECT_EQ(a.n_samples, 2);
    EXPECT_EQ(a.n_right, 1);
    EXPECT_DOUBLE_EQ(a.x, 1.5) << "(0.5 + 2.5) / 2";
    EXPECT_DOUBLE_EQ(a.y, 1.5);
    EXPECT_EQ(judged[0].groups[1].n_right, 0);
}

} // namespace
} // namespace lcclass
