#include "lcclass/mapping/explain_map.h"

#include "lcclass/core/rng.h"
#include "lcclass/mapping/predict_rows.h"
#include "support/memory_raster.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lcclass {
namespace {

constexpr int n_features = 3;

/// Two classes: `a` above 4 decides, `b` matters a little, `c` is noise.
Model small_model() {
    std::vector<std::vector<float>> columns(n_features);
    std::vector<std::int32_t> classes;
    Rng rng(1, 2);
    for (int row = 0; row < 500; ++row) {
        for (auto& column : columns) {
            column.push_back(static_cast<float>(std::floor(rng.uniform() * 10)));
        }
        classes.push_back(columns[0].back() > 4 && (columns[1].back() > 1 || rng.uniform() > 0.5) ? 1 : 0);
    }
    FeatureView view{.columns = {}, .n_rows = 500};
    for (const auto& column : columns) {
        view.columns.push_back(column.data());
    }
    return {.forest = train_random_forest({.features = view, .class_index = classes, .n_classes = 2},
                                          {.n_estimators = 10}, silent_progress())
                          .forest,
            .feature_names = {"a", "b", "c"},
            .legend = ClassLegend({{.code = 2, .name = "low", .color = {}}, {.code = 5, .name = "high", .color = {}}}),
            .recipe_json = {},
            .training_json = {}};
}

/// Wider than an area, with gaps.
test::MemoryRaster scene(std::int64_t width, std::int64_t height) {
    Rng rng(3, 4);
    std::vector<std::pair<std::string, std::vector<float>>> bands;
    for (const char* name : {"a", "b", "c"}) {
        std::vector<float> values(static_cast<std::size_t>(width * height));
        for (float& value : values) {
            value =
                rng.uniform() < 0.01 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(rng.uniform() * 10);
        }
        bands.emplace_back(name, std::move(values));
    }
    return {test::grid_of(width, height), std::move(bands)};
}

struct Explained {
    test::MemorySink shap;
    test::MemorySink dominant;
    ExplanationReport report;
};

Explained explain(const Model& model, const RasterSource& raster, std::optional<int> only_class = {}) {
    Explained result{.shap = {raster.grid(), n_features + 1}, .dominant = {raster.grid(), 1}, .report = {}};
    result.report = explain_map(model, TreeShap(model.forest), raster, only_class,
                                {.shap = &result.shap, .dominant = &result.dominant}, silent_progress());
    return result;
}

TEST(ExplainMap, BandsAndBaseAddUpToTheProbabilityOfTheWinner) {
    const Model model = small_model();
    const test::MemoryRaster raster = scene(60, 40);
    const Explained explained = explain(model, raster);
    PixelBlock block;
    raster.read(raster.grid().extent(), block);
    std::int64_t nodata = 0;
    std::vector<std::int64_t> dominant(n_features);
    for (std::size_t pixel = 0; pixel < block.valid.size(); ++pixel) {
        if (block.valid[pixel] == 0) {
            ++nodata;
            EXPECT_TRUE(std::isnan(explained.shap.bands[0][pixel]));
            EXPECT_TRUE(std::isnan(explained.shap.bands[3][pixel]));
            EXPECT_TRUE(std::isnan(explained.dominant.bands[0][pixel]));
            continue;
        }
        FeatureView row{.columns = {}, .n_rows = 1};
        for (int f = 0; f < n_features; ++f) {
            row.columns.push_back(block.band(f).data() + pixel);
        }
        const RowPredictions prediction = predict_rows(model, row);
        double sum = 0;
        std::size_t strongest = 0;
        for (std::size_t b = 0; b < n_features + 1; ++b) {
            sum += explained.shap.bands[b][pixel];
            if (b < n_features &&
                std::abs(explained.shap.bands[b][pixel]) > std::abs(explained.shap.bands[strongest][pixel])) {
                strongest = b;
            }
        }
        EXPECT_NEAR(sum, prediction.votes[static_cast<std::size_t>(prediction.class_index[0])], 1e-6);
        EXPECT_EQ(explained.dominant.bands[0][pixel], static_cast<float>(strongest + 1));
        ++dominant[strongest];
    }
    EXPECT_GT(nodata, 0);
    EXPECT_EQ(explained.report.nodata_pixels, nodata);
    EXPECT_EQ(explained.report.dominant_pixels, dominant);
    EXPECT_GT(explained.report.mean_abs[0], 2 * explained.report.mean_abs[1]);
}

TEST(ExplainMap, ANamedClassIsExplainedEverywhere) {
    const Model model = small_model();
    const test::MemoryRaster raster = scene(20, 10);
    const Explained explained = explain(model, raster, 1);
    PixelBlock block;
    raster.read(raster.grid().extent(), block);
    const auto base = static_cast<float>(TreeShap(model.forest).base()[1]);
    for (std::size_t pixel = 0; pixel < block.valid.size(); ++pixel) {
        if (block.valid[pixel] != 0) {
            EXPECT_EQ(explained.shap.bands[3][pixel], base);
        }
    }
}

TEST(ExplainMap, ThreadsDoNotMatter) {
    const Model model = small_model();
    const test::MemoryRaster raster = scene(1100, 130);
    std::vector<std::vector<std::vector<float>>> shap;
    for (const std::size_t threads : {1, 3}) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
        shap.push_back(explain(model, raster).shap.bands);
    }
    for (std::size_t b = 0; b < n_features + 1; ++b) {
        for (std::size_t pixel = 0; pixel < shap[0][b].size(); ++pixel) {
            const bool both_missing = std::isnan(shap[0][b][pixel]) && std::isnan(shap[1][b][pixel]);
            ASSERT_TRUE(both_missing || shap[0][b][pixel] == shap[1][b][pixel]) << b << ' ' << pixel;
        }
    }
}

TEST(ExplainMap, SceneWithoutValuesGivesNothing) {
    const Model model = small_model();
    const std::vector<float> missing(6, std::numeric_limits<float>::quiet_NaN());
    const test::MemoryRaster raster(test::grid_of(3, 2), {{"a", missing}, {"b", missing}, {"c", missing}});
    const Explained explained = explain(model, raster);
    EXPECT_EQ(explained.report.nodata_pixels, 6);
    EXPECT_TRUE(std::isnan(explained.report.mean_abs[0]));
}

TEST(ExplainMap, MorePixelsAtOnceAreExpectedToCostLessEach) {
    const Model model = small_model();
    EXPECT_DOUBLE_EQ(expected_seconds(model, 100, 100, 2), 2);
    const double area = expected_seconds(model, 1024 * 1024, 1024, 1);
    EXPECT_LT(area, 1024);
    EXPECT_DOUBLE_EQ(expected_seconds(model, 10 * 1024 * 1024, 1024, 1), 10 * area) << "areas cost alike";
}

} // namespace
} // namespace lcclass
