#include "lcclass/geo/prediction_area.h"

#include "geo/raster_case.h"
#include "geo/vector_case.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace lcclass {
namespace {

using testing::HasSubstr;

class PredictionArea : public test::RasterTest {
protected:
    /// 40 x 20 pixels of 10 m from (600000, 5100000) down; data in the western half only.
    [[nodiscard]] std::filesystem::path half_raster() const {
        test::RasterCase raster;
        raster.width = 40;
        raster.height = 20;
        raster.nodata = 0;
        raster.bands = {test::values_of(40, 20, [](int column, int) { return column < 20 ? 7 : 0; })};
        test::write_raster(file("half.tif"), raster);
        return file("half.tif");
    }

    /// A square of 1 km with a hole of 600 m, and a square of 200 m beside it.
    [[nodiscard]] std::filesystem::path polygons(const std::string& crs = "EPSG:32633") const {
        test::CaseLayer layer;
        layer.crs = crs;
        const std::string shell = test::box(0, 0, 1000, 1000);
        const std::string hole = test::box(200, 200, 800, 800);
        layer.features = {{shell.substr(0, shell.size() - 1) + "," + hole.substr(8), {"1"}},
                          {test::box(1500, 0, 1700, 200), {"1"}}};
        test::write_case(file("area.gpkg"), {layer});
        return file("area.gpkg");
    }
};

TEST_F(PredictionArea, RegularPointsOfARasterAreALatticeOnItsValidPixels) {
    const PointSet points = prediction_points(half_raster(), {.n_points = 100});
    // 200 x 200 m with data: 100 points are 20 m apart, every second pixel.
    ASSERT_EQ(points.size(), 100);
    std::set<double> columns(points.x.begin(), points.x.end());
    ASSERT_EQ(columns.size(), 10U);
    EXPECT_EQ(*std::next(columns.begin()) - *columns.begin(), 20);
    for (std::size_t i = 0; i < 100; ++i) {
        EXPECT_LT(points.x[i], 600200);
        EXPECT_GT(points.y[i], 5099800);
    }
}

TEST_F(PredictionArea, RandomPointsOfARasterFollowTheSeedAndAvoidNodata) {
    PredictionAreaOptions options{.n_points = 50, .layout = PointLayout::random, .seed = 3};
    const PointSet points = prediction_points(half_raster(), options);
    EXPECT_EQ(points.size(), 50);
    EXPECT_LT(*std::max_element(points.x.begin(), points.x.end()), 600200);
    EXPECT_EQ(prediction_points(file("half.tif"), options).x, points.x);
    options.seed = 4;
    EXPECT_NE(prediction_points(file("half.tif"), options).x, points.x);
}

TEST_F(PredictionArea, PointsOfPolygonsLieInsideAndOutsideHoles) {
    for (const auto layout : {PointLayout::regular, PointLayout::random}) {
        const PointSet points = prediction_points(polygons(), {.n_points = 2000, .layout = layout});
        // 1000^2 - 600^2 + 200^2 = 680,000 m2.
        EXPECT_NEAR(static_cast<double>(points.size()), 2000, 60);
        std::int64_t in_small = 0;
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            const double x = points.x[i] - 600000;
            const double y = points.y[i] - 5100000;
            const bool small = x > 1498 && x < 1702 && y > -2 && y < 202;
            const bool ring = x > -2 && x < 1002 && y > -2 && y < 1002 && !(x > 202 && x < 798 && y > 202 && y < 798);
            EXPECT_TRUE(small || ring) << x << " " << y;
            in_small += small ? 1 : 0;
        }
        EXPECT_NEAR(static_cast<double>(in_small), 2000 * 40000.0 / 680000, 40);
        std::filesystem::remove(file("area.gpkg"));
    }
}

TEST_F(PredictionArea, PointsAreInTheReferenceSystemAskedFor) {
    const std::string lambert = parse_crs("EPSG:3035");
    const PointSet points = prediction_points(half_raster(), {.n_points = 100, .crs_wkt = lambert});
    // 600000 5100000 in UTM 33 is near 16.3 E 46.0 N, 4.8 million east and 2.56 million north in EPSG:3035.
    EXPECT_NEAR(points.x[0], 4.81e6, 3e4);
    EXPECT_NEAR(points.y[0], 2.56e6, 5e4);
    const PointSet of_polygons = prediction_points(polygons(), {.n_points = 100, .crs_wkt = lambert});
    EXPECT_NEAR(of_polygons.x[0], points.x[0], 3000);
}

TEST_F(PredictionArea, FaultsAreNamed) {
    const PredictionAreaOptions options{.n_points = 100};
    EXPECT_THAT(test::error_of(ExitCode::configuration, [&] { prediction_points(half_raster(), {.n_points = 9}); }),
                HasSubstr("prediction_points=9: is out of range"));
    test::RasterCase empty;
    empty.nodata = 5;
    empty.bands = {test::values_of(4, 4, [](int, int) { return 5; })};
    test::write_raster(file("empty.tif"), empty);
    for (const auto layout : {PointLayout::regular, PointLayout::random}) {
        EXPECT_THAT(test::error_of(ExitCode::input,
                                   [&] { prediction_points(file("empty.tif"), {.n_points = 100, .layout = layout}); }),
                    HasSubstr("none of them is on a pixel with data"));
    }
    EXPECT_THAT(test::error_of(ExitCode::input, [&] { prediction_points(polygons(""), options); }),
                HasSubstr("does not say its reference system"));
    test::CaseLayer points;
    points.features = {{"POINT(600000 5100000)", {"1"}}};
    test::write_case(file("points.gpkg"), {points});
    EXPECT_THAT(test::error_of(ExitCode::input, [&] { prediction_points(file("points.gpkg"), options); }),
                HasSubstr("is not a polygon"));
    EXPECT_EQ(parse_point_layout("random"), PointLayout::random);
    EXPECT_THROW(parse_point_layout("hexagonal"), Error);
}

} // namespace
} // namespace lcclass
