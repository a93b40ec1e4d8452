#include "lcclass/assess/map_accuracy.h"

#include "lcclass/core/error.h"
#include "support/memory_raster.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <limits>

namespace lcclass {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

ClassLegend three_classes() {
    return ClassLegend({{.code = 1, .name = "artificial", .color = {}},
                        {.code = 3, .name = "woodland", .color = {}},
                        {.code = 7, .name = "water", .color = {}}});
}

test::MemoryRaster raster(std::vector<float> codes) {
    return {test::grid_of(4, 2), {{"class_code", std::move(codes)}}};
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

TEST(MapAccuracy, CountsOnlyPixelsThatBothCover) {
    const auto map = raster({1, 1, 3, 3, 7, nan, 3, nan});
    const auto truth = raster({1, 3, 3, 3, 7, 7, nan, nan});
    const MapAccuracy accuracy = compare_with_reference(map, truth, three_classes(), silent_progress());
    EXPECT_EQ(accuracy.matrix.total(), 5);
    EXPECT_EQ(accuracy.matrix.at(1, 0), 1) << "one woodland pixel mapped as artificial";
    EXPECT_EQ(accuracy.unmapped_pixels, 1);
    EXPECT_EQ(accuracy.unreferenced_pixels, 1);
    EXPECT_DOUBLE_EQ(*accuracy.report.overall_accuracy, 4.0 / 5);
    const auto json = nlohmann::json::parse(to_json(accuracy));
    EXPECT_DOUBLE_EQ(json["overall_accuracy"].get<double>(), 0.8);
    EXPECT_EQ(json["pixels"], 5);
    EXPECT_EQ(json["confusion"]["matrix"][1][0], 1);
    EXPECT_NE(to_table(accuracy).find("overall accuracy   0.8000"), std::string::npos) << to_table(accuracy);
}

TEST(MapAccuracy, AClassInNeitherIsNotAvailableAndNotZero) {
    const auto map = raster({1, 1, 3, 3, 1, 1, 3, 3});
    const MapAccuracy accuracy = compare_with_reference(map, map, three_classes(), silent_progress());
    EXPECT_FALSE(accuracy.report.per_class[2].f1.has_value());
    EXPECT_NE(to_table(accuracy).find("NA"), std::string::npos);
}

TEST(MapAccuracy, ColumnsStandInLineWhateverLettersANameHas) {
    const ClassLegend legend({{.code = 1, .name = "Gewässer und Moore", .color = {}},
                              {.code = 2, .name = "überwiegend künstliche Flächen", .color = {}}});
    const auto map = raster({1, 1, 2, 2, 1, 1, 2, 2});
    const std::string table = to_table(compare_with_reference(map, map, legend, silent_progress()));
    EXPECT_NE(table.find("\n   1  Gewässer und Moore           1.0000   1.0000   1.0000            4\n"),
              std::string::npos)
        << table;
    EXPECT_NE(table.find("\n   2  überwiegend künstliche ~     1.0000   1.0000   1.0000            4\n"),
              std::string::npos)
        << table;
}

TEST(MapAccuracy, RefusesOtherGridsUnknownCodesAndRastersThatDoNotMeet) {
    const auto map = raster({1, 1, 1, 1, nan, nan, nan, nan});
    const test::MemoryRaster smaller(test::grid_of(2, 2), {{"class_code", {1, 1, 1, 1}}});
    expect_refused([&] { compare_with_reference(map, smaller, three_classes(), silent_progress()); }, "differs");
    expect_refused(
        [&] {
            compare_with_reference(map, raster({2, 1, 1, 1}), three_classes(), silent_progress());
        },
        "class_code=2");
    expect_refused(
        [&] {
            compare_with_reference(map, raster({1.5F, 1, 1, 1}), three_classes(), silent_progress());
        },
        "class_code=1.5");
    expect_refused(
        [&] {
            compare_with_reference(map, raster({nan, nan, nan, nan, 1}), three_classes(), silent_progress());
        },
        "no pixel has both");
}

} // namespace
} // namespace lcclass
