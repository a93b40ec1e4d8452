#include "lcclass/geo/cut_out.h"

#include "geo/vector_case.h"
#include "support/memory_raster.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace lcclass {
namespace {

/// 6 x 4 pixels of 10 m from (600000, 5100000); pixel i has the value i.
std::shared_ptr<const RasterSource> numbered() {
    GridSpec grid = test::grid_of(6, 4);
    grid.crs_wkt = parse_crs("EPSG:32633");
    std::vector<float> values(24);
    std::iota(values.begin(), values.end(), 0.0F);
    return std::make_shared<test::MemoryRaster>(
        grid, std::vector<std::pair<std::string, std::vector<float>>>{{"a", values}, {"b", values}});
}

std::vector<float> values_of(const RasterSource& source, const Window& window) {
    PixelBlock block;
    source.read(window, block);
    EXPECT_EQ(block.window, window);
    for (std::size_t i = 0; i < block.valid.size(); ++i) {
        EXPECT_EQ(block.valid[i] != 0, !std::isnan(block.band(0)[i]));
    }
    return {block.band(1).begin(), block.band(1).end()};
}

class CutOutTest : public testing::Test {
protected:
    CutOutTest() { set_up_gdal(std::int64_t{64} << 20); }

    /// A polygon around the centres of (1, 1), (2, 1) and (1, 2), given in degrees or in metres.
    std::filesystem::path corner(const std::string& crs) {
        const std::filesystem::path path = m_folder.path() / "corner.gpkg";
        const std::string wkt =
            crs == "EPSG:32633"
                ? "POLYGON((600012 5099988, 600028 5099988, 600028 5099982, 600018 5099982, 600018 5099972, 600012 "
                  "5099972, 600012 5099988))"
                : "POLYGON((16 46, 17 46, 17 47, 16 47, 16 46))";
        test::write_case(path, {{.crs = crs, .features = {{.wkt = wkt, .cells = {"1"}}}}});
        return path;
    }

    test::TemporaryFolder m_folder;
};

TEST_F(CutOutTest, BoundsAreSnappedOutwardsAndTheGridMoves) {
    const auto part = cut_out(numbered(),
                              {.bounds = Bounds{.min_x = 600011, .min_y = 5099971, .max_x = 600030, .max_y = 5099990},
                               .polygons = {}},
                              "raster")
                          .source;
    EXPECT_EQ(part->grid().width, 2);
    EXPECT_EQ(part->grid().height, 2);
    EXPECT_EQ(part->grid().origin_x, 600010);
    EXPECT_EQ(part->grid().origin_y, 5099990);
    EXPECT_THAT(values_of(*part, part->grid().extent()), testing::ElementsAre(7, 8, 13, 14));
    EXPECT_THAT(values_of(*part, {1, 0, 1, 2}), testing::ElementsAre(8, 14));
}

TEST_F(CutOutTest, PixelsOutsidePolygonsHaveNoValue) {
    const auto part = cut_out(numbered(), {.bounds = {}, .polygons = corner("EPSG:32633")}, "raster").source;
    EXPECT_EQ(part->grid().width, 2);
    EXPECT_EQ(part->grid().height, 2);
    EXPECT_THAT(values_of(*part, part->grid().extent()),
                testing::ElementsAre(7, 8, 13, testing::NanSensitiveFloatEq(NAN)));
}

TEST_F(CutOutTest, PolygonsOfAnotherReferenceSystemAreBrought) {
    const auto part = cut_out(numbered(), {.bounds = {}, .polygons = corner("EPSG:4326")}, "raster").source;
    EXPECT_EQ(part->grid().extent(), numbered()->grid().extent()) << "the polygon holds the whole raster";
    EXPECT_EQ(values_of(*part, {5, 3, 1, 1}), std::vector<float>{23});
}

TEST_F(CutOutTest, BoundsAndPolygonsAreBothKept) {
    const auto part = cut_out(numbered(),
                              {.bounds = Bounds{.min_x = 600020, .min_y = 5099960, .max_x = 600060, .max_y = 5100000},
                               .polygons = corner("EPSG:32633")},
                              "raster")
                          .source;
    EXPECT_EQ(part->grid().n_pixels(), 1);
    EXPECT_EQ(values_of(*part, {0, 0, 1, 1}), std::vector<float>{8});
}

TEST_F(CutOutTest, WindowsOutsideThePolygonsAreNotRead) {
    class Unreadable final : public RasterSource {
    public:
        [[nodiscard]] const GridSpec& grid() const override { return m_source->grid(); }
        [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_source->bands(); }
        void read(const Window& window, PixelBlock& out) const override {
            if (window.y >= 3) {
                throw std::logic_error("read");
            }
            m_source->read(window, out);
        }

    private:
        std::shared_ptr<const RasterSource> m_source = numbered();
    };
    const std::filesystem::path path = m_folder.path() / "two.gpkg";
    const auto square = [](const std::string& west, const std::string& east, const std::string& north,
                           const std::string& south) {
        return "POLYGON((" + west + " " + north + ", " + east + " " + north + ", " + east + " " + south + ", " + west +
               " " + south + ", " + west + " " + north + "))";
    };
    test::write_case(path, {{.features = {{.wkt = square("600000", "600010", "5100000", "5099990"), .cells = {"1"}},
                                          {.wkt = square("600050", "600060", "5099970", "5099960"), .cells = {"2"}}}}});
    const CutOut cut = cut_out(std::make_shared<Unreadable>(), {.bounds = {}, .polygons = path}, "raster");
    EXPECT_EQ(cut.source->grid().n_pixels(), 24);
    EXPECT_EQ(cut.n_pixels, 2);
    PixelBlock block;
    cut.source->read({0, 3, 4, 1}, block);
    EXPECT_EQ(std::count(block.valid.begin(), block.valid.end(), 1), 0);
    EXPECT_TRUE(std::isnan(block.band(0)[0]));
    EXPECT_THROW(cut.source->read({2, 3, 4, 1}, block), std::logic_error);
}

TEST_F(CutOutTest, RepairedPolygonsAreCounted) {
    const std::filesystem::path path = m_folder.path() / "bow.gpkg";
    test::write_case(path, {{.features = {{.wkt = "POLYGON((600000 5100000, 600060 5099960, 600060 5100000, 600000 "
                                                  "5099960, 600000 5100000))",
                                           .cells = {"1"}}}}});
    EXPECT_EQ(cut_out(numbered(), {.bounds = {}, .polygons = path}, "raster").n_repaired, 1);
}

TEST_F(CutOutTest, PartsWithoutAPixelAreRefused) {
    EXPECT_THROW(cut_out(numbered(), {.bounds = Bounds{.min_x = 0, .min_y = 0, .max_x = 1, .max_y = 1}, .polygons = {}},
                         "raster"),
                 Error);
    const std::filesystem::path path = m_folder.path() / "gap.gpkg";
    test::write_case(path, {{.features = {{.wkt = "POLYGON((600011 5099989, 600013 5099989, 600013 5099987, 600011 "
                                                  "5099989))",
                                           .cells = {"1"}}}}});
    EXPECT_THROW(cut_out(numbered(), {.bounds = {}, .polygons = path}, "raster"), Error);
}

} // namespace
} // namespace lcclass
