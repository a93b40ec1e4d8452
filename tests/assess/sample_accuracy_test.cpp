#include "lcclass/assess/sample_accuracy.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <sstream>

namespace lcclass {
namespace {

ClassLegend forest_and_water() {
    return ClassLegend({{.code = 3, .name = "forest", .color = {}}, {.code = 8, .name = "water", .color = {}}});
}

struct Case {
    ReferenceSample sample;
    std::vector<std::int32_t> map_codes;

    void add(std::int32_t map_code, std::int32_t reference_code, const std::string& stratum = {},
             const std::string& cluster = {}, double weight = 1) {
        const auto unit = static_cast<std::int32_t>(sample.units.size());
        sample.units.push_back({.place = "fid " + std::to_string(unit + 1),
                                .class_code = reference_code,
                                .stratum = stratum,
                                .cluster = cluster,
                                .weight = weight});
        sample.pixels.push_back({.pixel = 10 * unit, .unit = unit});
        map_codes.push_back(map_code);
    }
    SampleAccuracy assess(const SampleStrata& strata, SampleDesign design) const {
        return assess_sample(sample, strata,
                             {.design = design,
                              .map_codes = map_codes,
                              .mapped_pixels = {{3, 900}, {8, 100}},
                              .pixel_hectares = 0.01,
                              .checked_against = {}});
    }
};

/// 3 of 4 forest units and 1 of 2 water units right.
Case six_units() {
    Case units;
    units.sample.legend = forest_and_water();
    for (const auto& [map, reference] :
         std::vector<std::pair<int, int>>{{3, 3}, {3, 3}, {3, 3}, {3, 8}, {8, 8}, {8, 3}}) {
        units.add(map, reference, map == 3 ? "forest" : "8");
    }
    return units;
}

void expect_refused(const std::function<void()>& call, const std::string& text) {
    try {
        call();
        FAIL() << "accepted: " << text;
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
    }
}

TEST(SampleAccuracy, StrataAreWeightedByTheirPixels) {
    const Case units = six_units();
    const auto strata =
        strata_of_codes({{3, 900}, {8, 100}}, units.map_codes, units.sample.legend, "classes of the map");
    const SampleAccuracy accuracy = units.assess(strata, SampleDesign::stratified);
    EXPECT_NEAR(*accuracy.estimates.overall_accuracy.value, 0.9 * 3 / 4 + 0.1 * 1 / 2, 1e-12);
    EXPECT_NEAR(*accuracy.estimates.classes[1].area.value, 0.9 * 1 / 4 + 0.1 * 1 / 2, 1e-12);
    EXPECT_EQ(accuracy.units, 6);
    EXPECT_EQ(accuracy.class_units, (std::vector<std::int64_t>{4, 2}));
    const auto json = nlohmann::json::parse(to_json(accuracy));
    EXPECT_EQ(json["mode"], "sample");
    EXPECT_EQ(json["design"]["units"], 6);
    EXPECT_NEAR(json["per_class"]["water"]["area"]["hectares"]["estimate"].get<double>(), 10 * 0.275, 1e-12);
    EXPECT_NEAR(json["per_class"]["water"]["area"]["mapped_share"].get<double>(), 0.1, 1e-12);
    EXPECT_EQ(json["confusion"]["matrix"][1][0], 1) << "one water unit is mapped as forest";
    EXPECT_TRUE(json["design"]["training_samples_checked"].is_null());
}

TEST(SampleAccuracy, ASimpleSampleCountsEveryUnitAlike) {
    const Case units = six_units();
    const SampleAccuracy accuracy = units.assess(whole_map(units.sample, 1000), SampleDesign::simple);
    EXPECT_NEAR(*accuracy.estimates.overall_accuracy.value, 4.0 / 6, 1e-12);
}

TEST(SampleAccuracy, StatedSizesAndPlannedStrataGoByName) {
    Case units = six_units();
    const std::map<std::string, double> sizes = {{"forest", 3}, {"8", 1}};
    const auto stated = strata_of_units(units.sample, sizes, false, 1000, "sizes as stated");
    EXPECT_NEAR(*units.assess(stated, SampleDesign::stratified).estimates.overall_accuracy.value,
                0.75 * 3 / 4 + 0.25 * 1 / 2, 1e-12);
    units.sample.units[5].stratum = "forst";
    expect_refused([&] { strata_of_units(units.sample, sizes, false, 1000, {}); }, "fid 6: stratum=forst");
    units.sample.units[5].stratum = "";
    expect_refused([&] { strata_of_units(units.sample, sizes, false, 1000, {}); }, "has no value");
}

TEST(SampleAccuracy, StrataThatAreNotTheClassesOfThisMapAreNoticed) {
    Case units = six_units();
    EXPECT_NO_THROW(require_strata_are_classes(units.sample, units.map_codes, units.sample.legend));
    units.map_codes[1] = 8;
    expect_refused([&] { require_strata_are_classes(units.sample, units.map_codes, units.sample.legend); },
                   "fid 2: stratum=forest");
}

TEST(SampleAccuracy, UnitsWhereTheMapHasNothingAreLeftOutAndCounted) {
    Case units = six_units();
    units.add(0, 3);
    units.sample.outside = 2;
    const SampleAccuracy accuracy = units.assess(whole_map(units.sample, 1000), SampleDesign::simple);
    EXPECT_EQ(accuracy.units, 6);
    EXPECT_EQ(accuracy.outside, 3);
    EXPECT_NE(to_table(accuracy).find("left out: 3 units outside the map"), std::string::npos) << to_table(accuracy);
    Case none;
    none.sample.legend = forest_and_water();
    expect_refused([&] { none.assess(whole_map(none.sample, 1000), SampleDesign::simple); }, "no labelled unit");
}

TEST(SampleAccuracy, TwoUnitsOnOnePixelAreRefused) {
    Case units = six_units();
    units.sample.pixels[4].pixel = units.sample.pixels[1].pixel;
    expect_refused([&] { units.assess(whole_map(units.sample, 1000), SampleDesign::simple); },
                   "fid 5: lies on a pixel of fid 2");
}

TEST(SampleAccuracy, ClustersLieInOneStratum) {
    Case units = six_units();
    for (ReferenceUnit& unit : units.sample.units) {
        unit.cluster = "village";
    }
    EXPECT_EQ(units.assess(whole_map(units.sample, 1000), SampleDesign::simple).clusters, 1);
    const auto strata =
        strata_of_codes({{3, 900}, {8, 100}}, units.map_codes, units.sample.legend, "classes of the map");
    expect_refused([&] { units.assess(strata, SampleDesign::stratified); }, "two strata, forest and water");
}

TEST(SampleAccuracy, WeightsAloneMayDescribeTheSample) {
    Case units;
    units.sample.legend = forest_and_water();
    units.add(3, 3, {}, "a", 30);
    units.add(3, 8, {}, "b", 10);
    const SampleAccuracy accuracy = units.assess(strata_of_weights(units.sample, 1000), SampleDesign::weighted);
    EXPECT_NEAR(*accuracy.estimates.overall_accuracy.value, 0.75, 1e-12);
    EXPECT_TRUE(nlohmann::json::parse(to_json(accuracy))["strata"][0]["size"].is_null());
}

TEST(SampleAccuracy, UnitsOnTrainingPixelsAreRefusedWithTheirNumber) {
    const Case units = six_units(); // pixels 0, 10, ... 50
    EXPECT_NO_THROW(require_independent(units.sample, std::vector<std::int64_t>{1, 49, 51}, "s.gpkg", "r.gpkg"));
    expect_refused(
        [&] {
            require_independent(units.sample, std::vector<std::int64_t>{10, 30, 31}, "s.gpkg", "r.gpkg");
        },
        "units=2 of 6: lie on pixels of s.gpkg (first: fid 2)");
}

TEST(SampleAccuracy, TheTableFitsATerminal) {
    const Case units = six_units();
    SampleAccuracy accuracy =
        units.assess(strata_of_codes({{3, 900}, {8, 100}}, units.map_codes, units.sample.legend, "classes of the map"),
                     SampleDesign::stratified);
    accuracy.frame_pixels = 120560400;
    accuracy.checked_against = "samples.gpkg";
    std::istringstream lines(to_table(accuracy));
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 100U) << line;
    }
    EXPECT_NE(to_table(accuracy).find("6 reference units"), std::string::npos);
    EXPECT_NE(to_table(accuracy).find("no unit lies on a pixel of samples.gpkg"), std::string::npos);
}

TEST(SampleAccuracy, ColumnsStandInLineWhateverLettersANameHas) {
    Case units = six_units();
    units.sample.legend = ClassLegend({{.code = 3, .name = "bare land and lichens", .color = {}},
                                       {.code = 8, .name = "Gewässer und Moore", .color = {}}});
    const std::string table = to_table(
        units.assess(strata_of_codes({{3, 900}, {8, 100}}, units.map_codes, units.sample.legend, "classes of the map"),
                     SampleDesign::stratified));
    EXPECT_NE(table.find("\ncode class             units        user's    producer's            F1"
                         "            area, ha   map, ha\n"),
              std::string::npos)
        << table;
    EXPECT_NE(table.find("\n   3 bare land and l~      4 0.750 +-"), std::string::npos) << table;
    EXPECT_NE(table.find("\n   8 Gewässer und Mo~      2 "), std::string::npos) << table;
    EXPECT_NE(table.find("\nGewässer und Moore          100         2\n"), std::string::npos) << table;
    EXPECT_NE(table.find("\nbare land and lic~          900         4\n"), std::string::npos) << table;
}

} // namespace
} // namespace lcclass
