// The sections of a report, from files made by hand.
#include "lcclass/report/sections.h"

#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace lcclass::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ClassLegend water_and_wood() {
    return ClassLegend({{1, "water", {0, 0, 255}}, {6, "wood", {0, 128, 0}}});
}

const Figure* find_figure(const Section& section, const std::string& id) {
    for (const Block& block : section.blocks) {
        if (const auto* figure = std::get_if<Figure>(&block); figure != nullptr && text_of(*figure).id == id) {
            return figure;
        }
    }
    return nullptr;
}

template <class Kind>
Kind figure(const Section& section, const std::string& id) {
    const Figure* found = find_figure(section, id);
    if (found == nullptr) {
        throw std::runtime_error("no figure " + id);
    }
    return std::get<Kind>(*found);
}

bool is_missing(const Section& section, const std::string& what) {
    return std::ranges::any_of(section.blocks, [&](const Block& block) {
        const auto* missing = std::get_if<Missing>(&block);
        return missing != nullptr && missing->what.find(what) != std::string::npos;
    });
}

constexpr const char* scheme = R"({
  "folds": [{"fold": 1, "n_train": 8, "n_test": 2, "n_test_polygons": 1,
             "test": {"overall_accuracy": 0.5, "f1_weighted": 0.4}},
            {"fold": 2, "n_train": 7, "n_test": 3, "n_test_polygons": null,
             "test": {"overall_accuracy": null, "f1_weighted": null}}],
  "pooled": {"overall_accuracy": 0.6, "kappa": 0.2, "f1_weighted": 0.55, "f1_macro": null,
             "per_class": {"water": {"class_code": 1, "precision": 0.75, "recall": 0.6, "f1": 0.67},
                           "wood": {"class_code": 6, "precision": null, "recall": 0, "f1": null}}},
  "confusion": {"classes": [1, 6], "names": ["water", "wood"], "matrix": [[3, 1], [0, 0]]},
  "intervals": {"confidence": 0.9, "overall_accuracy": {"estimate": 0.6, "ci90": [0.4, 0.7]},
                "kappa": {"estimate": 0.2, "ci90": null}}})";

JsonFile cv_file(const std::string& more = {}) {
    return {"cv.json",
            R"({"schemes": {"random": )" + std::string(scheme) + R"(, "polygon": )" + scheme + "}" + more + "}"};
}

TEST(AccuracySection, HasTheFiguresOfCvWithTheirIntervals) {
    const Section section = accuracy_section(cv_file(), water_and_wood());
    const auto bars = figure<BarFigure>(section, "accuracy-by-scheme");
    EXPECT_THAT(bars.labels, ElementsAre("overall accuracy", "kappa", "weighted F1", "macro F1"));
    ASSERT_EQ(bars.series.size(), 2U);
    EXPECT_EQ(bars.series[1].name, "polygon");
    EXPECT_EQ(bars.series[1].values[0].value, 0.6);
    EXPECT_EQ(bars.series[1].values[0].interval, std::pair(0.4, 0.7));
    EXPECT_FALSE(bars.series[1].values[1].interval);
    EXPECT_FALSE(bars.series[1].values[3].value) << "null is NA";
    EXPECT_EQ(bars.interval_name, "90 % interval");
}

TEST(AccuracySection, LeavesOutFoldsWithoutAFigure) {
    const auto folds = figure<LineFigure>(accuracy_section(cv_file(), water_and_wood()), "folds");
    EXPECT_THAT(folds.x_names, ElementsAre("random", "polygon"));
    ASSERT_EQ(folds.series[0].points.size(), 2U) << "one of two folds of each scheme";
    EXPECT_EQ(folds.series[0].points[1].x, 1);
    EXPECT_EQ(folds.series[0].points[1].y, 0.5);
}

TEST(AccuracySection, SharesOfTheConfusionAreOfRowsAndNAWhereARowIsEmpty) {
    const auto shares = figure<MatrixFigure>(accuracy_section(cv_file(), water_and_wood()), "confusion-shares");
    EXPECT_THAT(shares.values[0], ElementsAre(0.75, 0.25));
    EXPECT_THAT(shares.values[1], ElementsAre(std::nullopt, std::nullopt));
}

TEST(AccuracySection, LooksAtTheSchemeOfTheVerdictAndSaysWhatItSays) {
    const Section section = accuracy_section(
        cv_file(R"(, "verdict": {"scheme": "random", "sentences": ["Believe it."]})"), water_and_wood());
    EXPECT_EQ(std::get<Paragraph>(section.blocks.at(0)).text, "Believe it.");
    EXPECT_THAT(figure<BarFigure>(section, "classes").text.title, HasSubstr("random folds"));
    EXPECT_THAT(figure<BarFigure>(accuracy_section(cv_file(), water_and_wood()), "classes").text.title,
                HasSubstr("polygon folds"))
        << "the last without a verdict";
}

TEST(AccuracySection, NamesTheCommandOfWhatIsNotThere) {
    const Section section = accuracy_section(cv_file(), water_and_wood());
    for (const char* what : {"random folds flatter", "ROC", "learning curve"}) {
        EXPECT_TRUE(is_missing(section, what)) << what;
    }
}

TEST(AccuracySection, DrawsRocCurvesInTheColoursOfTheClassesAndThinsThem) {
    std::string x = "0";
    std::string y = "0";
    for (int i = 1; i <= 10000; ++i) {
        x += "," + std::to_string(i / 10000.0);
        y += "," + std::to_string(i / 10000.0);
    }
    std::string text = cv_file().text;
    const std::string probabilities = R"("probabilities": {"pooled": {"ece": 0.1,
        "per_class": {"wood": {"class_code": 6, "roc_auc": 0.5}}},
        "reliability": {"count": [1, 0], "confidence": [0.6, null], "accuracy": [0.5, null]},
        "roc": {"wood": {"false_positive_rate": [)" +
                                      x + R"(], "true_positive_rate": [)" + y + "]}}}, ";
    for (std::size_t at = text.find("\"folds\""); at != std::string::npos;
         at = text.find("\"folds\"", at + probabilities.size() + 7)) {
        text.insert(at, probabilities);
    }
    const Section section = accuracy_section({"cv.json", text}, water_and_wood());
    const auto roc = figure<LineFigure>(section, "roc");
    ASSERT_EQ(roc.series.size(), 1U);
    EXPECT_EQ(roc.series[0].name, "wood, AUC 0.500");
    EXPECT_EQ(roc.series[0].color, (Rgb{0, 128, 0}));
    EXPECT_LE(roc.series[0].points.size(), 203U);
    EXPECT_EQ(roc.series[0].points.front().x, 0);
    EXPECT_EQ(roc.series[0].points.back().y, 1);
    const auto calibration = figure<LineFigure>(section, "calibration");
    ASSERT_EQ(calibration.series.size(), 2U);
    EXPECT_EQ(calibration.series[0].points.size(), 1U) << "an empty bin is no point";
}

TEST(AccuracySection, RefusesWhatIsNoCvJson) {
    for (const char* text : {"", "[]", "{}", R"({"schemes": {}})", R"({"schemes": {"random": {}}})"}) {
        try {
            static_cast<void>(accuracy_section({"cv.json", text}, {}));
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input);
            EXPECT_THAT(error.what(), HasSubstr("cv.json: was not made by lcclass cv"));
        }
    }
}

TEST(PromiseOf, IsTheAccuracyOfTheSchemeOfTheVerdict) {
    EXPECT_EQ(promise_of(cv_file(R"(, "verdict": {"scheme": "polygon", "sentences": []})")),
              "0.600 (90 % interval 0.400 to 0.700), tested on polygon folds");
    EXPECT_THAT(promise_of(cv_file(R"(, "verdict": {"scheme": null, "sentences": []})")), HasSubstr("not known"))
        << "random folds alone promise nothing";
}

constexpr const char* sample_text = R"({"mode": "sample",
  "design": {"kind": "stratified", "units": 50, "pixel_hectares": 0.01, "training_samples_checked": null},
  "overall_accuracy": {"estimate": 0.9, "ci95": [0.8, 1]},
  "per_class": {"water": {"users_accuracy": {"estimate": 0.9, "ci95": null}, "producers_accuracy": {"estimate": 0.25},
                          "f1": {"estimate": null},
                          "area": {"share": {"estimate": 0, "ci95": null}, "mapped_pixels": 60000, "mapped_share": 0.3,
                                   "hectares": {"estimate": 500, "ci95": [400, 600]}}},
                "wood": {"users_accuracy": {"estimate": 0.9, "ci95": null}, "producers_accuracy": {"estimate": 1},
                         "f1": {"estimate": null},
                         "area": {"share": {"estimate": 1}, "mapped_pixels": 0, "mapped_share": 0,
                                  "hectares": {"estimate": 500}}}},
  "confusion": {"names": ["water", "wood"], "matrix": [[30, 10], [0, 10]]},
  "proportions": [[0.125, 0.375], [0, 0.5]]})";

TEST(AreasSection, OfASampleHasAreasInHectaresBesideWhatWasMapped) {
    const Section section = areas_section({"accuracy.json", sample_text});
    const auto areas = figure<BarFigure>(section, "areas");
    EXPECT_EQ(areas.axis, "area, ha");
    EXPECT_EQ(areas.series[0].values[0].value, 500);
    EXPECT_EQ(areas.series[0].values[0].interval, std::pair(400.0, 600.0));
    EXPECT_DOUBLE_EQ(areas.series[1].values[0].value.value(), 600) << "60,000 pixels, whatever the estimate";
}

TEST(AreasSection, SharesOfASampleAreThoseOfItsDesignNotOfItsUnits) {
    const Section section = areas_section({"accuracy.json", sample_text});
    EXPECT_THAT(figure<MatrixFigure>(section, "map-confusion").values[0], ElementsAre(30, 10));
    EXPECT_THAT(figure<MatrixFigure>(section, "map-confusion-shares").values[0], ElementsAre(0.25, 0.75))
        << "0.125 and 0.375 of the area, not 30 and 10 of the units";
}

std::string census_text(int unreferenced) {
    return R"({"mode": "census", "pixels": 4, "unreferenced_pixels": )" + std::to_string(unreferenced) +
           R"(, "overall_accuracy": 0.75, "kappa": null, "f1_weighted": 0.7, "f1_macro": 0.7,
      "per_class": {"water": {"precision": 1, "recall": 0.75, "f1": 0.86}},
      "confusion": {"names": ["water"], "matrix": [[4]]}})";
}

TEST(AreasSection, OfACensusHasNoAreas) {
    const Section section = areas_section({"accuracy.json", census_text(0)});
    EXPECT_EQ(find_figure(section, "areas"), nullptr);
    EXPECT_TRUE(is_missing(section, "Areas"));
    EXPECT_EQ(std::get<Facts>(section.blocks.at(0)).items.at(2), (std::pair<std::string, std::string>("kappa", "NA")));
}

TEST(AreasSection, SaysWhenAReferenceCoversPartOfTheMap) {
    EXPECT_EQ(judgement_of({"accuracy.json", census_text(0)}),
              "0.750, by a reference raster: all 4 mapped pixels compared");
    EXPECT_THAT(judgement_of({"accuracy.json", census_text(12)}),
                HasSubstr("4 of 16 mapped pixels (25.0 %) compared: the figures hold for these only"));
    EXPECT_THAT(judgement_of({"accuracy.json", sample_text}), HasSubstr("0.900 [0.800, 1.000]"));
}

TEST(AreasSection, RefusesListsThatDoNotFitTogether) {
    std::string text = census_text(0);
    text.replace(text.find("[[4]]"), 5, "[[4, 5]]");
    EXPECT_THROW(static_cast<void>(areas_section({"accuracy.json", text})), Error);
}

constexpr const char* explain_text = R"({
  "importance": {"permutation": {"B02": {"mean": 0.1, "sd": 0.02, "ci95": [0.05, 0.15]},
                                 "NDVI": {"mean": 0.3, "sd": 0.02, "ci95": null}},
                 "impurity": {"B02": 0.4, "NDVI": 0.6},
                 "grouped": [{"name": "May", "kind": "month", "features": ["B02"], "mean": 0.2, "sd": 0.1, "ci95": null}],
                 "by_date": {"features": ["NDVI"], "dates": ["2018-05-06", "2018-06-15"], "permutation": [[0.2, null]]}},
  "shap": {"kind": "path-dependent", "mean_abs": {"1": {"B02": 0.1, "NDVI": 0.2}, "6": {"B02": 0.3, "NDVI": 0.3}},
           "dependence": {"NDVI": {"unit": "", "mean_value": [0.1, 0.6], "mean_shap": {"1": [0.2, -0.1], "6": [0, null]}}},
           "points": {"values": {"B02": [5, 7, 7], "NDVI": [1, 1, 1]},
                      "shap": {"6": {"B02": [0.1, 0.2, 0.3], "NDVI": [0, 0, 0]}}},
           "interactions": {"pairs": [{"features": ["B02", "NDVI"], "strength": 0.05}]}}})";

TEST(ImportanceSection, OrdersFeaturesByWhatTheyAreWorth) {
    const Section section = importance_section({"explain.json", explain_text});
    const auto bars = figure<BarFigure>(section, "importance");
    EXPECT_THAT(bars.labels, ElementsAre("NDVI", "B02"));
    EXPECT_EQ(bars.series[0].values[1].interval, std::pair(0.05, 0.15));
    EXPECT_FALSE(bars.series[0].values[0].interval) << "an sd is no interval";
    EXPECT_EQ(bars.interval_name, "95 % interval");
    EXPECT_EQ(figure<BarFigure>(section, "groups-month").labels, std::vector<std::string>{"May"});
    EXPECT_THAT(figure<MatrixFigure>(section, "importance-by-date").values[0], ElementsAre(0.2, std::nullopt));
}

TEST(ShapSection, SpreadsSamplesByTheirValuesRanks) {
    const Section section = shap_section({"explain.json", explain_text}, water_and_wood());
    const auto strength = figure<MatrixFigure>(section, "shap-strength");
    EXPECT_THAT(strength.rows, ElementsAre("NDVI", "B02")) << "0.5 and 0.4 over the classes";
    EXPECT_THAT(strength.columns, ElementsAre("water", "wood"));
    const auto swarm = figure<SwarmFigure>(section, "shap-class-6");
    ASSERT_EQ(swarm.rows.size(), 2U);
    const auto& b02 = swarm.rows[0].label == "B02" ? swarm.rows[0] : swarm.rows[1];
    EXPECT_THAT(b02.values, ElementsAre(0.1, 0.2, 0.3));
    EXPECT_THAT(b02.colors, ElementsAre(0, 1, 1)) << "equal values, equal colours";
    const auto& ndvi = swarm.rows[0].label == "NDVI" ? swarm.rows[0] : swarm.rows[1];
    EXPECT_THAT(ndvi.colors, ElementsAre(0.5, 0.5, 0.5)) << "all alike";
    EXPECT_EQ(figure<LineFigure>(section, "dependence-1").series[1].points.size(), 1U) << "a bin without a mean";
    EXPECT_EQ(figure<BarFigure>(section, "interactions").labels[0], "B02 and NDVI");
}

SampleSummary two_classes() {
    SampleSummary samples;
    samples.classes = {{{1, "water", {0, 0, 255}}, 12, 3}, {{6, "wood", {0, 128, 0}}, 5, 2}};
    samples.features = {"NDVI", "B02", "SLOPE"};
    samples.units = {"", "reflectance", "degree"};
    samples.signatures = {{{0.1, 0, 0.2}, {0.05, 0.04, 0.06}, {1, 0, 2}},
                          {{0.7, 0.6, 0.8}, {0.02, 0.01, 0.03}, {9, 5, 12}}};
    samples.jeffries_matusita = {{std::nullopt, 1.9}, {1.9, std::nullopt}};
    return samples;
}

TEST(SamplesSection, DrawsFeaturesOfOneUnitTogether) {
    const Section section = samples_section(two_classes());
    EXPECT_THAT(figure<LineFigure>(section, "signatures").x_names, ElementsAre("B02"));
    EXPECT_THAT(figure<LineFigure>(section, "signatures-other").x_names, ElementsAre("NDVI")) << "no degrees";
    EXPECT_EQ(figure<TableFigure>(section, "signature-table").table.rows.size(), 6U) << "which are in the table";
    EXPECT_EQ(figure<LineFigure>(section, "signatures").series[1].points[0].interval, std::pair(0.01, 0.03));
    EXPECT_EQ(figure<BarFigure>(section, "polygons").series[0].values[1].value, 2);
    EXPECT_EQ(figure<MatrixFigure>(section, "separability").values[0][1], 1.9);
}

TEST(SamplesSection, SaysNothingOfPolygonsThatAreNotKnown) {
    SampleSummary samples = two_classes();
    samples.classes[1].n_polygons.reset();
    EXPECT_EQ(find_figure(samples_section(samples), "polygons"), nullptr);
}

TEST(ProvenanceSection, HasCommandsFilesAndTimes) {
    Provenance provenance{.version = "1.2", .stages = {}, .config_name = "a.yml", .config_text = "seed: 1\n"};
    provenance.stages = {{.name = "train",
                          .version = "1.2",
                          .command_line = "lcclass train --seed 42",
                          .seed = 42,
                          .seconds = 1.5,
                          .inputs = {{"samples.gpkg", "ab", 10}},
                          .outputs = {{"model.lcm", "cd", 20}}}};
    const Section section = provenance_section(provenance);
    const auto stages = figure<TableFigure>(section, "stages").table;
    EXPECT_EQ(stages.rows[0][3], Cell(1.5));
    EXPECT_EQ(figure<TableFigure>(section, "files").table.rows[1][4], Cell(std::string("cd")));
    const auto listing =
        std::ranges::find_if(section.blocks, [](const Block& block) { return std::holds_alternative<Listing>(block); });
    ASSERT_NE(listing, section.blocks.end());
    EXPECT_EQ(std::get<Listing>(*listing).text, "lcclass train --seed 42\n");
}

TEST(ProvenanceSection, WithoutAManifestNamesTheCommandThatMakesOne) {
    EXPECT_TRUE(is_missing(provenance_section({.version = "1.2"}), "record of stages"));
}

} // namespace
} // namespace lcclass::report
