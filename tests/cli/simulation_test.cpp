#include "cli/tiny_scene.h"

// What simulate writes, as the commands after it see it.

namespace lcclass {
namespace {

using test::Arguments;

class Simulation : public test::CliTest {
protected:
    void simulate(const std::string& folder, const std::string& sampling) const {
        succeed(
            {"simulate", "-o", folder, "--size", "200", "--clouds", "0", "--polygons", "60", "--sampling", sampling});
    }

    [[nodiscard]] std::vector<float> codes(const std::string& raster) const {
        return test::band_of(test::read_all(*open_raster(path(raster)).source), 0);
    }
};

TEST_F(Simulation, RandomPointsAreBurnedAsOneTrueLabelEach) {
    simulate("points", "random-points");
    succeed({"rasterize", "-i", "points/polygons.gpkg", "--class-field", "lc1_h", "--class-map", "lucas-level1",
             "--group-field", "point_id", "--like", "points/truth.tif", "-o", "labels.tif"});
    const std::vector<float> labels = codes("labels.tif");
    const std::vector<float> truth = codes("points/truth.tif");
    int labelled = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] > 0) {
            ++labelled;
            EXPECT_EQ(labels[i], truth[i]) << i;
        }
    }
    EXPECT_EQ(labelled, 60);
}

TEST_F(Simulation, SamplingChangesThePolygonsAndNothingElse) {
    simulate("grid", "grid");
    simulate("clustered", "clustered-polygons");
    EXPECT_TRUE(bytes("grid/truth.tif") == bytes("clustered/truth.tif"));
    EXPECT_TRUE(bytes("grid/lcclass.yml") == bytes("clustered/lcclass.yml"));
    EXPECT_FALSE(bytes("grid/polygons.gpkg") == bytes("clustered/polygons.gpkg"));
}

TEST_F(Simulation, UnknownSamplingIsRefusedWithTheKnownOnes) {
    test::expect_refusal(run({"simulate", "-o", "demo", "--sampling", "clusters"}), 2,
                         {"sampling=clusters", "clustered-polygons"});
}

} // namespace
} // namespace lcclass
