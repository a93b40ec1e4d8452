#include "geo/polygon_spans.h"

#include "geo/gdal_handles.h"
#include "lcclass/core/rng.h"
#include "lcclass/geo/gdal_setup.h"

#include <gdal_alg.h>
#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <ctime>
#include <numbers>

namespace lcclass {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PixelPolygon square(double x0, double y0, double x1, double y1) {
    return {{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}};
}

std::vector<PixelSpan> burn_one(const PixelPolygon& polygon, const PixelFrame& frame, bool all_touched = false) {
    return burn(std::array{polygon}, frame, all_touched);
}

std::vector<std::uint8_t> plane_of(const std::vector<PixelSpan>& spans, const PixelFrame& frame) {
    std::vector<std::uint8_t> plane(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height));
    for (const PixelSpan& span : spans) {
        for (std::int32_t col = span.first; col < span.last; ++col) {
            plane[static_cast<std::size_t>(span.row * frame.width + col)] = 1;
        }
    }
    return plane;
}

/// What GDAL burns, on a raster whose pixels are the unit squares.
std::vector<std::uint8_t> gdal_plane(const PixelPolygon& polygon, const PixelFrame& frame, bool all_touched) {
    const DatasetHandle dataset(
        GDALCreate(GDALGetDriverByName("MEM"), "", frame.width, frame.height, 1, GDT_Byte, nullptr));
    std::array<double, 6> transform = {0, 1, 0, 0, 0, -1};
    GDALSetGeoTransform(dataset.get(), transform.data());
    const GeometryHandle geometry(OGR_G_CreateGeometry(wkbPolygon));
    for (const PixelRing& ring : polygon.rings) {
        OGRGeometryH line = OGR_G_CreateGeometry(wkbLinearRing);
        for (const PixelPoint& point : ring) {
            OGR_G_AddPoint_2D(line, point.x, -point.y);
        }
        OGR_G_AddGeometryDirectly(geometry.get(), line);
    }
    const int band = 1;
    const double value = 1;
    OGRGeometryH handle = geometry.get();
    std::array<const char*, 2> options = {all_touched ? "ALL_TOUCHED=TRUE" : nullptr, nullptr};
    EXPECT_EQ(GDALRasterizeGeometries(dataset.get(), 1, &band, 1, &handle, nullptr, nullptr, &value,
                                      const_cast<char**>(options.data()), nullptr, nullptr),
              CE_None);
    std::vector<std::uint8_t> plane(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height));
    EXPECT_EQ(GDALRasterIO(GDALGetRasterBand(dataset.get(), 1), GF_Read, 0, 0, frame.width, frame.height, plane.data(),
                           frame.width, frame.height, GDT_Byte, 0, 0),
              CE_None);
    return plane;
}

/// A star-shaped ring around (cx, cy); `snap` puts vertices on multiples of it.
PixelRing star(Rng& rng, double cx, double cy, double radius, int n, double snap, bool clockwise) {
    PixelRing ring;
    for (int i = 0; i < n; ++i) {
        const double angle = (clockwise ? -1 : 1) * 2 * std::numbers::pi * i / n;
        const double r = radius * (0.3 + 0.7 * rng.uniform());
        PixelPoint point{cx + r * std::cos(angle), cy + r * std::sin(angle)};
        if (snap > 0) {
            point = {std::round(point.x / snap) * snap, std::round(point.y / snap) * snap};
        }
        ring.push_back(point);
    }
    ring.push_back(ring.front());
    return ring;
}

TEST(PolygonSpans, PixelsWithTheirCentreInside) {
    // Centres at 1.5, 2.5, 3.5 lie in [1.2, 3.9]; in y those at 0.5 and 1.5 lie in [0, 2].
    EXPECT_THAT(burn_one(square(1.2, 0, 3.9, 2), {10, 10}), ElementsAre(PixelSpan{0, 1, 4}, PixelSpan{1, 1, 4}));
}

TEST(PolygonSpans, PolygonBetweenCentresHasNoPixel) {
    EXPECT_THAT(burn_one(square(1.6, 1.6, 2.4, 2.4), {10, 10}), IsEmpty());
    EXPECT_THAT(burn_one(square(1.6, 1.6, 2.4, 2.4), {10, 10}, true),
                ElementsAre(PixelSpan{1, 1, 3}, PixelSpan{2, 1, 3}));
}

TEST(PolygonSpans, HoleIsLeftOut) {
    PixelPolygon ring = square(0, 0, 5, 5);
    ring.rings.push_back(square(1, 1, 4, 4).rings[0]);
    const auto spans = burn_one(ring, {5, 5});
    EXPECT_EQ(count_pixels(spans), 25 - 9);
    EXPECT_THAT(std::vector(spans.begin() + 1, spans.begin() + 3), ElementsAre(PixelSpan{1, 0, 1}, PixelSpan{1, 4, 5}));
}

TEST(PolygonSpans, HoleThatTouchesTheShellOpensIt) {
    PixelPolygon ring = square(0, 0, 5, 5);
    ring.rings.push_back({{0, 2}, {2, 1}, {2, 3}, {0, 2}}); // touches the shell in (0, 2)
    // Column centre 1.5 of rows 1 and 2 lies in the hole (|y - 2| <= x / 2: 0.5 <= 0.75); 0.5 does not (0.5 > 0.25).
    EXPECT_EQ(count_pixels(burn_one(ring, {5, 5})), 25 - 2);
}

TEST(PolygonSpans, PartsAreUnitedNotCancelled) {
    const std::array parts = {square(0, 0, 3, 3), square(2, 0, 5, 3)};
    EXPECT_EQ(count_pixels(burn(parts, {10, 10}, false)), 15);
}

TEST(PolygonSpans, PolygonsBeyondTheFrameAreClipped) {
    EXPECT_EQ(count_pixels(burn_one(square(-1e9, -1e9, 1e9, 1e9), {7, 3})), 21);
    EXPECT_EQ(count_pixels(burn_one(square(-1e9, -1e9, 1e9, 1e9), {7, 3}, true)), 21);
    EXPECT_THAT(burn_one(square(20, 20, 30, 30), {7, 3}), IsEmpty());
    EXPECT_THAT(burn_one(square(-30, 0, -20, 3), {7, 3}, true), IsEmpty());
}

TEST(PolygonSpans, EqualsGdalPixelForPixel) {
    set_up_gdal(std::int64_t{64} << 20);
    const PixelFrame frame{40, 30};
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Rng rng(seed, 1);
        // Every third polygon has vertices on half pixels, so that centres lie on edges.
        const double snap = seed % 3 == 0 ? 0.5 : 0;
        const bool clockwise = seed % 2 == 0;
        PixelPolygon polygon;
        polygon.rings.push_back(star(rng, 40 * rng.uniform(), 30 * rng.uniform(), 20, 12, snap, clockwise));
        if (seed % 5 == 0) {
            polygon.rings.push_back(star(rng, 20, 15, 4, 7, snap, !clockwise));
        }
        EXPECT_EQ(plane_of(burn_one(polygon, frame), frame), gdal_plane(polygon, frame, false)) << "seed " << seed;
    }
}

TEST(PolygonSpans, AllTouchedEqualsGdalAwayFromPixelBorders) {
    set_up_gdal(std::int64_t{64} << 20);
    const PixelFrame frame{40, 30};
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Rng rng(seed, 2);
        PixelPolygon polygon;
        polygon.rings.push_back(star(rng, 40 * rng.uniform(), 30 * rng.uniform(), 20, 9, 0, seed % 2 == 0));
        EXPECT_EQ(plane_of(burn_one(polygon, frame, true), frame), gdal_plane(polygon, frame, true)) << "seed " << seed;
    }
}

TEST(PolygonSpans, AllTouchedLeavesNeighboursOfAlignedEdgesAlone) {
    EXPECT_EQ(count_pixels(burn_one(square(2, 2, 5, 5), {10, 10}, true)), 9);
}

TEST(PolygonSpans, ErosionTakesOffTheBorder) {
    const PixelFrame frame{20, 20};
    const auto spans = burn_one(square(5, 5, 12, 12), frame); // 7 x 7
    EXPECT_EQ(count_pixels(erode_once(spans, frame)), 25);
    EXPECT_EQ(count_pixels(erode_once(erode_once(spans, frame), frame)), 9);
    EXPECT_THAT(erode_once(burn_one(square(5, 5, 7, 7), frame), frame), IsEmpty());
}

TEST(PolygonSpans, ErosionUsesFourNeighbours) {
    const PixelFrame frame{9, 9};
    // A plus of five pixels keeps its centre: the four corners do not count.
    const std::vector<PixelSpan> plus = {{3, 4, 5}, {4, 3, 6}, {5, 4, 5}};
    EXPECT_THAT(erode_once(plus, frame), ElementsAre(PixelSpan{4, 4, 5}));
}

TEST(PolygonSpans, ErosionDoesNotStartAtTheImageEdge) {
    const PixelFrame frame{10, 10};
    const auto spans = burn_one(square(-5, -5, 4, 4), frame); // columns and rows 0..3
    EXPECT_THAT(erode_once(spans, frame), ElementsAre(PixelSpan{0, 0, 3}, PixelSpan{1, 0, 3}, PixelSpan{2, 0, 3}));
}

TEST(PolygonSpans, ErosionEqualsTheDefinitionOnRandomPolygons) {
    const PixelFrame frame{40, 30};
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Rng rng(seed, 3);
        const std::array parts = {PixelPolygon{{star(rng, 20, 15, 22, 10, 0, true)}}};
        const auto spans = burn(parts, frame, false);
        const auto plane = plane_of(spans, frame);
        auto expected = plane;
        const auto inside = [&](int col, int row) {
            return col < 0 || row < 0 || col >= frame.width || row >= frame.height ||
                   plane[static_cast<std::size_t>(row * frame.width + col)] == 1;
        };
        for (int row = 0; row < frame.height; ++row) {
            for (int col = 0; col < frame.width; ++col) {
                const bool kept = inside(col, row) && inside(col - 1, row) && inside(col + 1, row) &&
                                  inside(col, row - 1) && inside(col, row + 1);
                expected[static_cast<std::size_t>(row * frame.width + col)] = kept ? 1 : 0;
            }
        }
        EXPECT_EQ(plane_of(erode_once(spans, frame), frame), expected) << "seed " << seed;
    }
}

TEST(PolygonSpans, MillionVerticesTakeTimeInProportion) {
    const PixelFrame frame{4000, 4000};
    PixelRing circle;
    constexpr int n = 1'000'000;
    for (int i = 0; i < n; ++i) {
        const double angle = 2 * std::numbers::pi * i / n;
        circle.push_back({2000 + 1900 * std::cos(angle), 2000 + 1900 * std::sin(angle)});
    }
    circle.push_back(circle.front());
    const std::clock_t start = std::clock(); // of this process: others may be busy
    const auto spans = burn_one({{circle}}, frame);
    const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    EXPECT_NEAR(static_cast<double>(count_pixels(spans)), std::numbers::pi * 1900 * 1900, 4000);
    EXPECT_LT(took, 2.0); // vertices x rows would be four thousand million steps
}

} // namespace
} // namespace lcclass
