// cv.json and the table, from results made by hand.
#include "lcclass/assess/cv_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace lcclass {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

ClassLegend two_of_three() {
    return ClassLegend({{1, "water", {}}, {4, "unseen", {}}, {6, "a land cover class with a long name", {}}});
}

FoldResult fold_of(int number, std::int64_t hits, std::int64_t misses) {
    FoldResult fold;
    fold.fold = number;
    fold.n_train = 30;
    fold.n_test = hits + misses;
    fold.n_train_polygons = 3;
    fold.n_test_polygons = 1;
    fold.test_matrix = ConfusionMatrix(2);
    fold.test_matrix.add(0, 0, hits);
    fold.test_matrix.add(0, 1, misses);
    fold.test = accuracy_of(fold.test_matrix);
    ConfusionMatrix perfect(2);
    perfect.add(0, 0, 15);
    perfect.add(1, 1, 15);
    fold.train = accuracy_of(perfect);
    return fold;
}

/// Two folds that hold class 1 only, with accuracies a / 10 and b / 10.
CrossValidation cv_of(FoldScheme scheme, std::int64_t a, std::int64_t b) {
    CrossValidation cv;
    cv.scheme = scheme;
    cv.n_polygons = 1234;
    cv.classes = {{.class_code = 1, .polygons = 1200, .pixels = 20}, {.class_code = 6, .polygons = 34, .pixels = 0}};
    cv.feature_names = {"NDVI", "B08"};
    cv.folds = {fold_of(1, a, 10 - a), fold_of(2, b, 10 - b)};
    cv.matrix = ConfusionMatrix(2);
    cv.matrix += cv.folds[0].test_matrix;
    cv.matrix += cv.folds[1].test_matrix;
    cv.pooled = accuracy_of(cv.matrix);
    cv.predicted.resize(20);
    if (scheme == FoldScheme::spatial_block) {
        cv.n_blocks = 42;
        cv.record = {.block_size_m = 1000, .block_assignment = "balanced", .seed = 3};
    }
    return cv;
}

/// Schemes without intervals, as if no replicates had been asked for.
CvReport report_of(std::vector<CrossValidation> schemes) {
    CvReport report;
    report.schemes = std::move(schemes);
    report.bootstrap.replicates = 0;
    return report;
}

/// The gap of the weighted F1 between random folds and spatial blocks, and its interval.
CvReport report_with_gap(double gap, std::optional<double> low, std::optional<double> high) {
    CvReport report = report_of({cv_of(FoldScheme::random, 9, 9), cv_of(FoldScheme::spatial_block, 6, 8)});
    const IntervalEstimate figure{.estimate = gap, .se = 0.01, .low = low, .high = high, .n_undefined = 2};
    report.gaps = {{.other = FoldScheme::spatial_block, .figures = {figure, figure, figure, figure}}};
    report.bootstrap.replicates = 1000;
    return report;
}

TEST(CvJson, HasTheDocumentedStructure) {
    CrossValidation cv = cv_of(FoldScheme::spatial_block, 6, 8);
    cv.permutation_importance = {{.mean = 0.25, .sd = 0.5}, {.mean = 0, .sd = 0}};
    const json root = json::parse(to_json(report_of({cv}), two_of_three()));
    const json& scheme = root.at("schemes").at("spatial-block");
    EXPECT_EQ(scheme["settings"]["n_folds"], 2);
    EXPECT_EQ(scheme["settings"]["n_samples"], 20);
    EXPECT_EQ(scheme["settings"]["n_polygons"], 1234);
    EXPECT_EQ(scheme["settings"]["block_size_m"], 1000);
    EXPECT_EQ(scheme["settings"]["block_assignment"], "balanced");
    EXPECT_EQ(scheme["settings"]["n_blocks"], 42);
    EXPECT_EQ(scheme["settings"]["fold_seed"], 3);
    EXPECT_EQ(scheme["settings"]["forest_seed"], 42);
    const json& fold = scheme["folds"][1];
    EXPECT_EQ(fold["fold"], 2);
    EXPECT_EQ(fold["n_train"], 30);
    EXPECT_EQ(fold["n_test"], 10);
    EXPECT_EQ(fold["n_train_polygons"], 3);
    EXPECT_EQ(fold["n_test_polygons"], 1);
    EXPECT_EQ(fold["params"]["n_estimators"], 100);
    EXPECT_EQ(fold["params"]["max_features"], "sqrt");
    EXPECT_TRUE(fold["params"]["max_depth"].is_null());
    EXPECT_EQ(fold["train"]["overall_accuracy"], 1.0);
    EXPECT_EQ(fold["test"]["overall_accuracy"], 0.8);
    EXPECT_EQ(fold["test"]["per_class"]["water"]["recall"], 0.8);
    EXPECT_EQ(fold["test"]["per_class"]["water"]["class_code"], 1);
    EXPECT_EQ(fold["test"]["per_class"]["water"]["support"], 10);
    EXPECT_DOUBLE_EQ(scheme["mean"]["test"]["overall_accuracy"].get<double>(), 0.7);
    EXPECT_DOUBLE_EQ(scheme["sd"]["test"]["overall_accuracy"].get<double>(), std::sqrt(0.02));
    EXPECT_EQ(scheme["mean"]["train"]["f1_weighted"], 1.0);
    EXPECT_EQ(scheme["pooled"]["overall_accuracy"], 0.7);
    EXPECT_EQ(scheme["confusion"]["classes"], json({1, 6}));
    EXPECT_EQ(scheme["confusion"]["names"], json({"water", "a land cover class with a long name"}));
    EXPECT_EQ(scheme["confusion"]["matrix"], json({{14, 6}, {0, 0}}));
    EXPECT_EQ(scheme["permutation_importance"]["NDVI"]["mean"], 0.25);
}

TEST(CvJson, UndefinedFiguresAreNull) {
    const json root = json::parse(to_json(report_of({cv_of(FoldScheme::random, 10, 10)}), two_of_three()));
    const json& scheme = root["schemes"]["random"];
    const json& absent = scheme["folds"][0]["test"]["per_class"]["a land cover class with a long name"];
    EXPECT_TRUE(absent.at("precision").is_null());
    EXPECT_TRUE(absent.at("recall").is_null());
    EXPECT_TRUE(absent.at("f1").is_null());
    EXPECT_EQ(absent.at("support"), 0);
    EXPECT_TRUE(scheme["mean"]["test"].at("kappa").is_null());
    EXPECT_FALSE(scheme["settings"].contains("block_size_m"));
    EXPECT_TRUE(scheme["settings"].at("fold_seed").is_null());
}

TEST(CvJson, SchemesKeepTheirOrder) {
    const std::string text =
        to_json(report_of({cv_of(FoldScheme::spatial_block, 6, 8), cv_of(FoldScheme::random, 9, 9)}), two_of_three());
    EXPECT_LT(text.find("\"spatial-block\""), text.find("\"random\""));
    EXPECT_EQ(text.back(), '\n');
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

TEST(CvTable, PutsSchemesSideBySide) {
    const std::string text = to_table(report_of({cv_of(FoldScheme::random, 9, 9), cv_of(FoldScheme::polygon, 7, 7),
                                                 cv_of(FoldScheme::spatial_block, 6, 8)}),
                                      two_of_three());
    const auto lines = lines_of(text);
    EXPECT_EQ(lines[0], "All test samples together");
    EXPECT_EQ(lines[2], "overall accuracy                       0.900                   0.700                   0.700");
    EXPECT_EQ(lines[7], "Per test fold: mean +- standard deviation over the folds");
    EXPECT_EQ(lines[8], "                                  random             polygon       spatial-block");
    EXPECT_EQ(lines[9], "overall accuracy          0.900 +- 0.000      0.700 +- 0.000      0.700 +- 0.141");
    EXPECT_THAT(text, HasSubstr("42 of 1000 m"));
    EXPECT_THAT(text, HasSubstr("1,234"));
    for (const std::string& line : lines) {
        EXPECT_LE(line.size(), 100U) << line;
        EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
    }
}

TEST(CvTable, SaysNAWhereAFigureIsUndefinedAndShortensNames) {
    const auto lines = lines_of(to_table(report_of({cv_of(FoldScheme::random, 10, 10)}), two_of_three()));
    const auto row =
        std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("a land"); });
    ASSERT_NE(row, lines.end());
    EXPECT_EQ(*row, "a land cover class~        34          0      NA    NA    NA");
}

/// The table on one line, so that a sentence can be looked for.
std::string flat(const CvReport& report) {
    std::string text = to_table(report, two_of_three());
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

TEST(CvTable, TheSentenceOnTheGapFollowsFromItsInterval) {
    // Pooled, class 1 has recall 0.9 and 0.7 at precision 1: F1 of 18 / 19 and 14 / 17.
    EXPECT_THAT(
        flat(report_with_gap(0.124, 0.03, 0.21)),
        HasSubstr("The weighted F1 is 0.947 on random folds and 0.824 on spatial-block folds: a gap of 0.124, 95 "
                  "% interval 0.030 to 0.210. Test samples that have neighbours in training flatter the random "
                  "figure. To know which scheme to believe, give a --prediction-area"));
    EXPECT_THAT(flat(report_with_gap(0.124, -0.03, 0.21)),
                HasSubstr("0.210, which holds 0: these samples do not show"));
    EXPECT_THAT(flat(report_with_gap(-0.124, -0.21, -0.1)), HasSubstr("-0.100. Random folds do worse here"));
    EXPECT_THAT(flat(report_with_gap(0.124, {}, {})), HasSubstr("with fewer than 5 polygons nobody can say"));
    CvReport none = report_with_gap(0.124, {}, {});
    none.bootstrap.replicates = 0;
    EXPECT_THAT(flat(none), HasSubstr("without bootstrap replicates nobody can say"));
    EXPECT_THAT(flat(report_of({cv_of(FoldScheme::random, 7, 7)})), Not(HasSubstr("weighted F1 is")));
}

/// Random folds, then schemes with their W.
CvReport matched(const std::vector<std::pair<FoldScheme, double>>& schemes) {
    CvReport report = report_with_gap(0.124, 0.03, 0.21);
    const std::vector<IntervalEstimate> figures = report.gaps.front().figures;
    report.schemes.resize(1);
    report.schemes[0].match = DistanceMatch{.w_m = 1};
    report.gaps.clear();
    for (const auto& [scheme, w_m] : schemes) {
        report.schemes.push_back(cv_of(scheme, 7, 7));
        report.schemes.back().match = DistanceMatch{.n_prediction_points = 900, .w_m = w_m};
        report.gaps.push_back({.other = scheme, .figures = figures});
    }
    return report;
}

TEST(CvTable, TheSchemeToBelieveKeepsPolygonsWholeAndHasTheSmallestW) {
    CvReport report = matched({{FoldScheme::stratified, 2},
                               {FoldScheme::spatial_block, 262},
                               {FoldScheme::polygon, 627},
                               {FoldScheme::knndm, 163}});
    EXPECT_THAT(flat(report), HasSubstr("and 0.824 on knndm folds: a gap of 0.124"));
    EXPECT_THAT(flat(report), HasSubstr("Believe knndm: of the schemes that keep polygons whole it has the smallest "
                                        "W, 163 m (docs/validation.md)."));
    EXPECT_THAT(flat(report), Not(HasSubstr("clustered")));
    report.schemes.back().match->n_clusters = 12;
    EXPECT_THAT(flat(report), HasSubstr("But these samples are clustered"));
    const std::string without = flat(matched({{FoldScheme::polygon, 30}}));
    EXPECT_THAT(without, HasSubstr("Believe polygon"));
    EXPECT_THAT(without, HasSubstr("knndm, which fits its folds to the prediction area, was not run"));
    report.schemes.erase(report.schemes.begin()); // no random folds, no gap
    report.gaps.clear();
    EXPECT_THAT(flat(report), HasSubstr("Believe knndm"));
}

TEST(CvJson, NamesTheSchemeToLookAtAndSaysWhatTheTableSays) {
    const auto verdict_of = [](const CvReport& report) {
        return json::parse(to_json(report, two_of_three()))["verdict"];
    };
    const CvReport report = matched({{FoldScheme::spatial_block, 262}, {FoldScheme::knndm, 163}});
    EXPECT_EQ(verdict_of(report)["scheme"], "knndm");
    EXPECT_THAT(flat(report), HasSubstr(verdict_of(report)["sentences"][1].get<std::string>()));
    CvReport unmatched = matched({{FoldScheme::polygon, 1}, {FoldScheme::spatial_block, 2}});
    for (CrossValidation& cv : unmatched.schemes) {
        cv.match.reset();
    }
    EXPECT_EQ(verdict_of(unmatched)["scheme"], "spatial-block");
    EXPECT_TRUE(verdict_of(matched({}))["scheme"].is_null()) << "random folds alone";
}

TEST(CvTable, HasTheAnswerFirstAndTheVerdictLast) {
    CvReport report = matched({{FoldScheme::knndm, 163}});
    report.variograms = VariogramSet{.cutoff_m = 5000, .n_groups = 35};
    report.variograms->features = {{.name = "B04", .finding = VariogramFinding::too_few_pairs}};
    report.schemes[0].learning_curve = {{.amount = 0.5, .folds = {{.test = report.schemes[0].pooled}}}};
    report.variants = {{.runs = {.name = "max_depth=3", .schemes = report.schemes},
                        .differences = {report.gaps[0].figures, report.gaps[0].figures}}};
    const std::string text = to_table(report, two_of_three());
    std::size_t before = 0;
    for (const char* part : {"All test samples together", "Per test fold", "Per class", "Learning curve", "Variograms",
                             "Compared", "Optimism", "The weighted F1 is", "Believe knndm"}) {
        const std::size_t at = text.find(part);
        ASSERT_NE(at, std::string::npos) << part;
        EXPECT_GE(at, before) << part;
        before = at;
    }
    EXPECT_THAT(text, HasSubstr("\nVariograms: 35 polygons are too few\n\n"));
}

TEST(CvTable, HasNoMeansOverFoldsOfOneGroup) {
    const auto lines = lines_of(
        to_table(report_of({cv_of(FoldScheme::polygon, 6, 8), cv_of(FoldScheme::nndm, 6, 8)}), two_of_three()));
    EXPECT_THAT(lines, testing::Contains("overall accuracy                       0.700                   0.700"));
    EXPECT_THAT(lines, testing::Contains("overall accuracy          0.700 +- 0.141                   -"));
}

TEST(CvTable, ShowsGapsWithTheirIntervals) {
    const auto lines = lines_of(to_table(report_with_gap(0.124, 0.03, 0.21), two_of_three()));
    EXPECT_THAT(lines, testing::Contains("weighted F1             0.124 [0.030, 0.210]"));
    for (const std::string& line : lines) {
        EXPECT_LE(line.size(), 100U) << line;
    }
}

/// Twenty polygons of a sample of each class; both schemes err, spatial blocks in more polygons.
SampleTable twenty_polygons() {
    SampleTable samples;
    samples.legend = two_of_three();
    for (std::int32_t i = 0; i < 40; ++i) {
        samples.class_code.push_back(i % 2 == 0 ? 1 : 6);
        samples.group.push_back(i / 2);
        samples.polygon_id.push_back(i / 2 + 1);
    }
    samples.group_names.assign(20, "p");
    return samples;
}

CrossValidation predicted_wrongly_in(const SampleTable& samples, FoldScheme scheme, std::int32_t n_wrong) {
    CrossValidation cv = cv_of(scheme, 9, 9);
    cv.n_polygons = 20;
    cv.predicted = samples.class_code;
    cv.matrix = ConfusionMatrix(2);
    for (std::size_t i = 0; i < cv.predicted.size(); ++i) {
        const int k = samples.class_code[i] == 1 ? 0 : 1;
        const bool wrong = samples.group[i] < n_wrong;
        cv.predicted[i] = wrong ? (k == 0 ? 6 : 1) : samples.class_code[i];
        cv.matrix.add(k, wrong ? 1 - k : k);
    }
    cv.pooled = accuracy_of(cv.matrix);
    for (const std::int32_t code : cv.predicted) { // three quarters sure of every prediction
        cv.probabilities.push_back(code == 1 ? 0.75F : 0.25F);
        cv.probabilities.push_back(code == 1 ? 0.25F : 0.75F);
    }
    return cv;
}

/// Two folds: the first and the last ten polygons.
FoldAssignment halves(const SampleTable& samples) {
    FoldAssignment folds{.scheme = FoldScheme::polygon, .n_folds = 2, .fold = {}, .blocks = {}};
    for (std::int64_t i = 0; i < samples.size(); ++i) {
        folds.fold.push_back(i < samples.size() / 2 ? 1 : 2);
    }
    return folds;
}

TEST(CvReport, HasIntervalsAndPairedGaps) {
    const SampleTable samples = twenty_polygons();
    const std::vector<FoldAssignment> folds(3, halves(samples));
    const CvReport report = make_cv_report(samples, folds,
                                           {predicted_wrongly_in(samples, FoldScheme::polygon, 8),
                                            predicted_wrongly_in(samples, FoldScheme::random, 2),
                                            predicted_wrongly_in(samples, FoldScheme::spatial_block, 2)},
                                           {});
    const json root = json::parse(to_json(report, samples.legend));
    const json& intervals = root.at("schemes").at("random").at("intervals");
    EXPECT_EQ(intervals.at("resampled"), "polygons");
    EXPECT_EQ(intervals.at("n_resampled"), 20);
    EXPECT_EQ(intervals.at("replicates"), 1000);
    EXPECT_EQ(intervals.at("confidence"), 0.95);
    EXPECT_EQ(intervals.at("overall_accuracy").at("estimate"), 0.9);
    // sqrt(0.9 x 0.1 / 20) = 0.067: polygons are wholly right or wrong.
    EXPECT_NEAR(intervals.at("overall_accuracy").at("se").get<double>(), 0.067, 0.006);
    EXPECT_LT(intervals.at("overall_accuracy").at("ci95").at(0), 0.85);
    EXPECT_EQ(intervals.at("overall_accuracy").at("undefined"), 0);
    EXPECT_EQ(intervals.at("per_class").at("water").at("n_polygons"), 1200);
    EXPECT_EQ(intervals.at("per_class").at("water").at("n_samples"), 20);
    EXPECT_EQ(intervals.at("per_class").at("water").at("recall").at("estimate"), 0.9);
    EXPECT_EQ(root.at("schemes").at("random").at("confusion").at("n_polygons"), json({1200, 34}));
    const json& gaps = root.at("optimism").at("schemes");
    ASSERT_EQ(gaps.size(), 2U);
    EXPECT_NEAR(gaps.at("polygon").at("overall_accuracy").at("gap").get<double>(), 0.3, 1e-12);
    EXPECT_GT(gaps.at("polygon").at("f1_macro").at("ci95").at(0), 0.05);
    EXPECT_EQ(gaps.at("spatial-block").at("kappa").at("ci95"), json({0.0, 0.0}));
    EXPECT_EQ(root.at("optimism").at("ci95"), json({0.0, 0.0}));
    EXPECT_EQ(root.at("optimism").at("f1_weighted"), 0.0);
    EXPECT_THAT(to_table(report, samples.legend), HasSubstr("20 polygons drawn again 1,000 times"));
}

TEST(CvReport, OptimismIsOfThePooledFiguresAndOfTheirInterval) {
    const SampleTable samples = twenty_polygons();
    const std::vector<FoldAssignment> folds(2, halves(samples));
    const CvReport report = make_cv_report(samples, folds,
                                           {predicted_wrongly_in(samples, FoldScheme::random, 2),
                                            predicted_wrongly_in(samples, FoldScheme::spatial_block, 8)},
                                           {.replicates = 200}); // means over their folds are equal
    const json optimism = json::parse(to_json(report, samples.legend)).at("optimism");
    EXPECT_NEAR(optimism.at("overall_accuracy").get<double>(), 0.3, 1e-12);
    EXPECT_NEAR(optimism.at("f1_weighted").get<double>(), 0.3, 1e-12);
    EXPECT_NEAR(optimism.at("kappa").get<double>(), 0.6, 1e-12);
    EXPECT_EQ(optimism.at("ci95"), optimism.at("schemes").at("spatial-block").at("f1_weighted").at("ci95"));
    const CvReport alone = make_cv_report(samples, {folds.data(), 1}, {report.schemes[0]}, {.replicates = 0});
    EXPECT_FALSE(json::parse(to_json(alone, samples.legend)).contains("optimism"));
}

TEST(CvReport, HasProbabilityFiguresOfFoldsAndOfAll) {
    const SampleTable samples = twenty_polygons();
    const FoldAssignment folds = halves(samples);
    const CvReport report = make_cv_report(samples, {&folds, 1},
                                           {predicted_wrongly_in(samples, FoldScheme::polygon, 5)}, {.replicates = 0});
    const json figures = json::parse(to_json(report, samples.legend)).at("schemes").at("polygon").at("probabilities");
    // 15 of 20 polygons are right with probability 3 / 4, whose squared error is 2 x 1 / 16, else 2 x 9 / 16.
    EXPECT_EQ(figures.at("pooled").at("brier"), (15 * 2.0 / 16 + 5 * 18.0 / 16) / 20);
    EXPECT_EQ(figures.at("pooled").at("ece"), 0);
    EXPECT_EQ(figures.at("pooled").at("roc_auc_macro"), 0.75);
    EXPECT_EQ(figures.at("pooled").at("per_class").at("water").at("roc_auc"), 0.75);
    // Half right in the first fold, all in the second.
    EXPECT_EQ(figures.at("mean").at("roc_auc_weighted"), (0.5 + 1) / 2);
    EXPECT_EQ(figures.at("sd").at("ece"), 0);
    EXPECT_EQ(figures.at("roc").at("water").at("false_positive_rate"), json({0.0, 0.25, 1.0}));
    EXPECT_EQ(figures.at("roc").at("water").at("true_positive_rate"), json({0.0, 0.75, 1.0}));
    EXPECT_EQ(figures.at("roc").at("water").at("threshold"), json({nullptr, 0.75, 0.25}));
    EXPECT_EQ(figures.at("reliability").at("count").at(11), 40);
    EXPECT_EQ(figures.at("reliability").at("accuracy").at(11), 0.75);
    EXPECT_TRUE(figures.at("reliability").at("confidence").at(0).is_null());
    EXPECT_EQ(figures.at("reliability").at("per_class").at("water").at("count").at(3), 20);
    EXPECT_THAT(to_table(report, samples.legend), HasSubstr("calibration error         0.250 +- 0.000"));
}

TEST(CvReport, ComparesVariantsWithTheBase) {
    const SampleTable samples = twenty_polygons();
    const FoldAssignment folds = halves(samples);
    VariantRuns better{.name = "n_estimators=7", .schemes = {predicted_wrongly_in(samples, FoldScheme::polygon, 2)}};
    better.schemes[0].options.n_estimators = 7;
    VariantRuns same{.name = "features=B08", .schemes = {predicted_wrongly_in(samples, FoldScheme::polygon, 9)}};
    same.schemes[0].feature_names = {"B08"};
    const CvReport report = make_cv_report(samples, {&folds, 1},
                                           {predicted_wrongly_in(samples, FoldScheme::polygon, 9)}, {}, {better, same});
    const json compare = json::parse(to_json(report, samples.legend)).at("compare");
    ASSERT_EQ(compare.size(), 2U);
    EXPECT_EQ(compare[0].at("name"), "n_estimators=7");
    EXPECT_EQ(compare[0].at("params").at("n_estimators"), 7);
    EXPECT_EQ(compare[1].at("features"), json({"B08"}));
    const json& scheme = compare[0].at("schemes").at("polygon");
    EXPECT_EQ(scheme.at("pooled").at("overall_accuracy"), 0.9);
    EXPECT_DOUBLE_EQ(scheme.at("difference").at("overall_accuracy").at("difference").get<double>(), 0.35);
    // Seven of twenty polygons are mended: 0.35 with a standard error of sqrt(0.35 x 0.65 / 20) = 0.107.
    EXPECT_NEAR(scheme.at("difference").at("overall_accuracy").at("se").get<double>(), 0.107, 0.01);
    EXPECT_GT(scheme.at("difference").at("per_class").at("water").at("recall").at("ci95").at(0), 0.1);
    EXPECT_EQ(compare[1].at("schemes").at("polygon").at("difference").at("kappa").at("ci95"), json({0.0, 0.0}));
    const auto lines = lines_of(to_table(report, samples.legend));
    EXPECT_THAT(lines, testing::Contains("Compared: n_estimators=7 less the base, on the same folds"));
    EXPECT_THAT(lines, testing::Contains("by weighted F1                        better"));
    EXPECT_THAT(lines, testing::Contains("by weighted F1                not told apart"));
}

TEST(CvReport, SaysWhenPolygonsAreNotKnownAndNamesIntervalsByTheirConfidence) {
    SampleTable samples = twenty_polygons();
    samples.polygon_id.assign(40, 0);
    for (std::int32_t i = 0; i < 40; ++i) {
        samples.group[static_cast<std::size_t>(i)] = i;
    }
    samples.group_names.assign(40, "row");
    const FoldAssignment folds = halves(samples);
    CrossValidation run = predicted_wrongly_in(samples, FoldScheme::random, 6);
    run.groups_known = knows_groups(samples);
    const CvReport report = make_cv_report(samples, {&folds, 1}, {run}, {.replicates = 200, .confidence = 0.9});
    const json root = json::parse(to_json(report, samples.legend));
    EXPECT_EQ(root.at("schemes").at("random").at("intervals").at("resampled"), "samples");
    EXPECT_TRUE(root.at("schemes").at("random").at("intervals").at("kappa").contains("ci90"));
    EXPECT_FALSE(root.contains("optimism"));
    EXPECT_THAT(to_table(report, samples.legend), HasSubstr("samples, whose polygons are not known, drawn again"));
}

TEST(CvReport, SamplesAreNotCountedAsPolygons) {
    CrossValidation random = cv_of(FoldScheme::random, 9, 9);
    random.groups_known = false;
    random.learning_curve = {{.amount = 0.5, .folds = {{.n_polygons = 7, .n_samples = 7, .test = random.pooled}}}};
    CrossValidation blocks = cv_of(FoldScheme::spatial_block, 7, 7);
    blocks.groups_known = false;
    CvReport report = report_with_gap(0.124, 0.03, 0.21);
    report.schemes = {random, blocks};
    const std::vector<IntervalEstimate> figures(n_overall_figures + 2 * 3);
    report.intervals = {figures, figures};
    report.variograms = VariogramSet{.cutoff_m = 5000, .n_groups = 1234, .groups_known = false};
    const json root = json::parse(to_json(report, two_of_three()));
    const json& scheme = root.at("schemes").at("random");
    EXPECT_TRUE(scheme.at("settings").at("n_polygons").is_null());
    EXPECT_TRUE(scheme.at("folds").at(0).at("n_train_polygons").is_null());
    EXPECT_TRUE(scheme.at("folds").at(0).at("n_test_polygons").is_null());
    EXPECT_EQ(scheme.at("confusion").at("n_polygons"), json({nullptr, nullptr}));
    EXPECT_TRUE(scheme.at("intervals").at("per_class").at("water").at("n_polygons").is_null());
    EXPECT_TRUE(scheme.at("learning_curve").at(0).at("n_polygons").is_null());
    EXPECT_EQ(scheme.at("learning_curve").at(0).at("n_samples"), 7);
    EXPECT_TRUE(root.at("variograms").at("n_polygons").is_null());
    const auto lines = lines_of(to_table(report, two_of_three()));
    EXPECT_THAT(lines, testing::Contains("polygons                               -                   -"));
    EXPECT_THAT(lines, testing::Contains(testing::StartsWith("water                       -         20")));
    EXPECT_THAT(lines, testing::Contains("Optimism: random folds less the others, same samples drawn for both"));
    EXPECT_THAT(lines, testing::Contains(testing::StartsWith("Variograms between 1,234 samples")));
}

TEST(CvJson, SaysBufferNamesAndMatchOfDistances) {
    CrossValidation cv = cv_of(FoldScheme::knndm, 6, 8);
    cv.buffer_m = 250;
    cv.match = DistanceMatch{.n_prediction_points = 900, .w_m = 12.5, .leave_one_out_w_m = 80, .n_clusters = 17};
    cv.folds[0].n_excluded = 4;
    cv.folds[0].name = "north";
    const json scheme = json::parse(to_json(report_of({cv}), two_of_three())).at("schemes").at("knndm");
    EXPECT_EQ(scheme.at("settings").at("buffer_m"), 250);
    EXPECT_EQ(scheme.at("settings").at("prediction_points"), 900);
    EXPECT_EQ(scheme.at("settings").at("w_m"), 12.5);
    EXPECT_EQ(scheme.at("settings").at("leave_one_out_w_m"), 80);
    EXPECT_EQ(scheme.at("settings").at("n_clusters"), 17);
    EXPECT_EQ(scheme.at("folds").at(0).at("n_excluded"), 4);
    EXPECT_EQ(scheme.at("folds").at(0).at("name"), "north");
    EXPECT_FALSE(scheme.at("folds").at(1).contains("name"));
    const std::string table = to_table(report_of({cv}), two_of_three());
    EXPECT_THAT(table, HasSubstr("left out per fold                      2")); // 4 rows over two folds
    EXPECT_THAT(table, HasSubstr("W of distances, m                     13"));
}

} // namespace
} // namespace lcclass
