#include "lcclass/assess/learning_curve.h"

#include "assess/learning_report.h"
#include "assess/variogram_table.h"
#include "lcclass/assess/cv_report.h"
#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <tbb/global_control.h>

namespace lcclass {
namespace {

using testing::HasSubstr;

/// 20 polygons of class 1 and 10 of class 2 with five samples each, and one polygon of class 2 that also holds the only
/// sample of class 3.
SampleTable polygons() {
    SampleTable table;
    table.legend = ClassLegend({{1, "water", {}}, {2, "forest", {}}, {3, "rock", {}}});
    table.feature_names = {"level"};
    table.features.resize(1);
    Rng rng(1, 0);
    for (std::int32_t polygon = 0; polygon < 31; ++polygon) {
        table.group_names.push_back(std::to_string(polygon + 1));
        const std::int32_t code = polygon < 20 ? 1 : 2;
        const double level = code + 0.8 * rng.normal();
        for (int i = 0; i < 5; ++i) {
            table.features[0].push_back(static_cast<float>(level + 0.05 * rng.normal()));
            table.class_code.push_back(polygon == 30 && i == 0 ? 3 : code);
            table.polygon_id.push_back(polygon + 1);
            table.group.push_back(polygon);
            table.x.push_back(100.0 * polygon + i);
            table.y.push_back(0);
        }
    }
    return table;
}

/// Two folds, polygons in turn.
FoldAssignment folds_of(const SampleTable& table) {
    FoldAssignment folds{.scheme = FoldScheme::polygon, .n_folds = 2, .fold = {}, .blocks = {}};
    for (const std::int32_t group : table.group) {
        folds.fold.push_back(group % 2 + 1);
    }
    return folds;
}

CrossValidation run_of(const SampleTable& table) {
    return cross_validate(table, folds_of(table), {.forest = {.n_estimators = 5}}, silent_progress());
}

SampleTable two_classes() {
    SampleTable table = polygons();
    table.class_code[150] = 2; // the rock
    return table;
}

TEST(LearningCurve, AllPolygonsAreTheCrossValidation) {
    const SampleTable table = two_classes();
    const CrossValidation cv = run_of(table);
    const auto curve = learning_curve(table, folds_of(table), cv, {1, 1000}, silent_progress());
    ASSERT_EQ(curve.size(), 2U);
    for (const LearningPoint& point : curve) {
        ASSERT_EQ(point.folds.size(), 2U);
        for (std::size_t f = 0; f < 2; ++f) {
            EXPECT_EQ(point.folds[f].n_polygons, cv.folds[f].n_train_polygons);
            EXPECT_EQ(point.folds[f].n_samples, cv.folds[f].n_train);
            EXPECT_EQ(point.folds[f].test.overall_accuracy, cv.folds[f].test.overall_accuracy);
            EXPECT_EQ(point.folds[f].test.kappa, cv.folds[f].test.kappa);
        }
    }
}

TEST(LearningCurve, ThinsEveryClassToItsShare) {
    const SampleTable table = two_classes();
    const auto curve = learning_curve(table, folds_of(table), run_of(table), {0.01, 0.5, 4}, silent_progress());
    // Fold 1 learns 10 polygons of water and 5 of forest, fold 2 10 and 6.
    EXPECT_EQ(curve[0].folds[0].n_polygons, 2); // one of each class at least
    EXPECT_EQ(curve[0].folds[1].n_polygons, 2);
    EXPECT_EQ(curve[1].folds[0].n_polygons, 5 + 3); // 2.5 rounds up
    EXPECT_EQ(curve[1].folds[1].n_polygons, 5 + 3);
    EXPECT_EQ(curve[2].folds[0].n_polygons, 3 + 1); // 4 of 15: 2.67 and 1.33
    EXPECT_EQ(curve[2].folds[1].n_polygons, 3 + 2); // 4 of 16: 2.5 and 1.5
    EXPECT_EQ(curve[1].folds[0].n_samples, 40);
    EXPECT_EQ(curve[0].folds[0].test.per_class.size(), 2U);
}

TEST(LearningCurve, KeepsTheOnlyPolygonOfAClass) {
    SampleTable table = polygons();
    table.class_code[140] = 3; // polygon 29, fold 1; polygon 31 is in fold 1 too
    table.class_code[145] = 3; // polygon 30, fold 2
    const auto curve = learning_curve(table, folds_of(table), run_of(table), {0.01}, silent_progress());
    for (const LearningPoint::Fold& fold : curve[0].folds) {
        EXPECT_GE(fold.n_polygons, 2);
        EXPECT_LE(fold.n_polygons, 3); // water, forest, and the one with rock unless it is that of forest
        EXPECT_EQ(fold.n_samples, 5 * fold.n_polygons);
    }
}

TEST(LearningCurve, GivesTheSameOnAnyNumberOfThreads) {
    const SampleTable table = two_classes();
    const auto accuracies = [&](std::size_t threads) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        std::vector<std::optional<double>> values;
        for (const auto& point : learning_curve(table, folds_of(table), run_of(table), {0.2, 0.6}, silent_progress())) {
            for (const auto& fold : point.folds) {
                values.push_back(fold.test.f1_macro);
            }
        }
        return values;
    };
    EXPECT_EQ(accuracies(1), accuracies(3));
}

TEST(LearningCurve, AmountsThatCannotBeMeantAreRefused) {
    EXPECT_NO_THROW(check_amounts({0.1, 1, 20}));
    EXPECT_THROW(check_amounts({0}), Error);
    EXPECT_THROW(check_amounts({-0.5}), Error);
    EXPECT_THROW(check_amounts({2.5}), Error);
    EXPECT_THROW(check_amounts({0.5, 0.5}), Error);
    EXPECT_TRUE(
        learning_curve(two_classes(), folds_of(two_classes()), CrossValidation(), {}, silent_progress()).empty());
}

TEST(LearningCurve, IsInTheOutputOfItsScheme) {
    const SampleTable table = two_classes();
    CrossValidation cv = run_of(table);
    EXPECT_EQ(assess::learning_table({cv}), "");
    cv.learning_curve = learning_curve(table, folds_of(table), cv, {0.5, 1}, silent_progress());
    const auto json = nlohmann::json::parse(to_json(CvReport{.schemes = {cv}}, table.legend))
                          .at("schemes")
                          .at("polygon")
                          .at("learning_curve");
    ASSERT_EQ(json.size(), 2U);
    EXPECT_EQ(json[0].at("amount"), 0.5);
    EXPECT_EQ(json[0].at("n_polygons"), 8);
    EXPECT_EQ(json[0].at("n_samples"), 40);
    EXPECT_EQ(json[1].at("mean").at("kappa"), *spread_of({cv.folds[0].test.kappa, cv.folds[1].test.kappa}).mean);
    EXPECT_TRUE(json[1].at("sd").contains("f1_macro"));
    const std::string text = assess::learning_table({cv});
    EXPECT_THAT(text, HasSubstr("polygon"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

TEST(VariogramTable, SaysWhatWasFoundOfEveryFeature) {
    VariogramSet set{.cutoff_m = 5000, .n_groups = 1200, .features = {}, .mean = {}, .error = {}, .error_scheme = {}};
    set.features.push_back({.name = "B04",
                            .lags = {},
                            .finding = VariogramFinding::range,
                            .model = "spherical",
                            .nugget = 0.25,
                            .sill = 0.98,
                            .range_m = 1234.4,
                            .explained = 0.9,
                            .within_groups = 0.2});
    set.features.push_back({.name = "B08", .finding = VariogramFinding::beyond_cutoff});
    set.error = Variogram{.name = "error", .finding = VariogramFinding::pure_nugget, .nugget = 0.15, .sill = 0.15};
    set.error_scheme = "random";
    const std::string text = assess::variogram_table(set);
    EXPECT_THAT(text, HasSubstr("1,200 polygons"));
    EXPECT_THAT(text, HasSubstr("1,234 m"));
    EXPECT_THAT(text, HasSubstr("beyond 5,000 m"));
    EXPECT_THAT(text, HasSubstr("error, random"));
    EXPECT_THAT(text, HasSubstr("none: pure nugget"));
    EXPECT_THAT(text, HasSubstr("Median range of 2 of 2 features: 3,117 m"));
    const auto json = nlohmann::json::parse(to_json(CvReport{.variograms = set}, ClassLegend())).at("variograms");
    EXPECT_EQ(json.at("features").at("B04").at("range_m"), 1234.4);
    EXPECT_TRUE(json.at("features").at("B08").at("range_m").is_null());
    EXPECT_EQ(json.at("error").at("scheme"), "random");
    EXPECT_EQ(json.at("error").at("finding"), "pure-nugget");
    EXPECT_DOUBLE_EQ(json.at("median_range_m").get<double>(), 3117.2);
    EXPECT_EQ(json.at("n_polygons"), 1200);
    EXPECT_EQ(json.at("features").at("B04").at("within_polygons"), 0.2);
}

TEST(VariogramTable, DoesNotMixNoRangeWithTooFewPolygons) {
    VariogramSet set{.cutoff_m = 5000, .n_groups = 35, .features = {}, .mean = {}, .error = {}, .error_scheme = {}};
    set.features.push_back({.name = "B04", .finding = VariogramFinding::too_few_pairs});
    set.features.push_back({.name = "B08", .finding = VariogramFinding::constant});
    set.error = Variogram{.name = "error", .finding = VariogramFinding::too_few_pairs};
    EXPECT_EQ(assess::variogram_table(set), "Variograms: 35 polygons are too few\n");
    set.groups_known = false;
    EXPECT_EQ(assess::variogram_table(set), "Variograms: 35 samples are too few\n");
    set.features[0].finding = VariogramFinding::pure_nugget;
    const std::string none = assess::variogram_table(set);
    EXPECT_THAT(none, HasSubstr("none: pure nugget"));
    EXPECT_THAT(none, HasSubstr("No feature has a range up to 5,000 m, so nearness makes no difference that shows."));
    set.features[0].finding = VariogramFinding::constant;
    EXPECT_THAT(assess::variogram_table(set), HasSubstr("No feature varies."));
}

} // namespace
} // namespace lcclass
