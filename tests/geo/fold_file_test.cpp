#include "lcclass/geo/sample_file.h"

#include "vector_case.h"

#include <gmock/gmock.h>

namespace lcclass {
namespace {

class FoldFile : public test::VectorCase {
protected:
    static SampleTable samples() {
        SampleTable table;
        table.class_code = {1, 2, 1};
        table.polygon_id = {1, 2, 3};
        table.group = {0, 1, 1};
        table.group_names = {"a", "b"};
        table.x = {600005, 600015, 601005};
        table.y = {5100005, 5100005, 5100005};
        table.crs_wkt = parse_crs("EPSG:32633");
        table.legend = ClassLegend({{.code = 1, .name = "x", .color = {}}, {.code = 2, .name = "y", .color = {}}});
        return table;
    }

    static const std::vector<FoldAssignment>& kept_folds() {
        static const std::vector<FoldAssignment> kept = folds();
        return kept;
    }
    static FoldColumns columns() { return {.assignments = kept_folds()}; }

    static std::vector<FoldAssignment> folds() {
        return {{.scheme = FoldScheme::random, .n_folds = 2, .fold = {1, 2, 1}, .blocks = {}},
                {.scheme = FoldScheme::spatial_block,
                 .n_folds = 2,
                 .fold = {2, 2, 1},
                 .blocks = {{.bounds = {600000, 5100000, 601000, 5101000}, .fold = 2},
                            {.bounds = {601000, 5100000, 602000, 5101000}, .fold = 1}}}};
    }
};

/// Layers of a written file.
class Layers {
public:
    explicit Layers(const std::filesystem::path& path)
        : m_dataset(GDALOpenEx(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr)) {}

    [[nodiscard]] OGRLayerH layer(const char* name) const { return GDALDatasetGetLayerByName(m_dataset.get(), name); }
    [[nodiscard]] FeatureHandle feature(const char* name, int fid) const {
        return FeatureHandle(OGR_L_GetFeature(layer(name), fid));
    }

private:
    DatasetHandle m_dataset;
};

double field(const FeatureHandle& feature, const char* name) {
    return OGR_F_GetFieldAsDouble(feature.get(), OGR_F_GetFieldIndex(feature.get(), name));
}

TEST_F(FoldFile, HoldsBlocksAndOneColumnPerScheme) {
    write_folds(path("folds.gpkg"), samples(), columns(), false);
    const DatasetHandle dataset(
        GDALOpenEx(path("folds.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
    OGRLayerH blocks = GDALDatasetGetLayerByName(dataset.get(), "blocks");
    ASSERT_NE(blocks, nullptr);
    ASSERT_EQ(OGR_L_GetFeatureCount(blocks, TRUE), 2);
    const FeatureHandle block(OGR_L_GetNextFeature(blocks));
    EXPECT_EQ(OGR_F_GetFieldAsInteger(block.get(), OGR_F_GetFieldIndex(block.get(), "fold")), 2);
    EXPECT_STREQ(OGR_F_GetFieldAsString(block.get(), OGR_F_GetFieldIndex(block.get(), "scheme")), "spatial-block");
    OGREnvelope envelope;
    OGR_G_GetEnvelope(OGR_F_GetGeometryRef(block.get()), &envelope);
    EXPECT_EQ(envelope.MinX, 600000);
    EXPECT_EQ(envelope.MaxY, 5101000);

    OGRLayerH points = GDALDatasetGetLayerByName(dataset.get(), "samples");
    ASSERT_NE(points, nullptr);
    ASSERT_EQ(OGR_L_GetFeatureCount(points, TRUE), 3);
    const FeatureHandle first(OGR_L_GetNextFeature(points));
    const auto number = [&](const char* name) {
        return OGR_F_GetFieldAsInteger(first.get(), OGR_F_GetFieldIndex(first.get(), name));
    };
    EXPECT_EQ(number("class_code"), 1);
    EXPECT_EQ(number("fold_random"), 1);
    EXPECT_EQ(number("fold_spatial_block"), 2);
    EXPECT_STREQ(OGR_F_GetFieldAsString(first.get(), OGR_F_GetFieldIndex(first.get(), "group")), "a");
    EXPECT_EQ(OGR_G_GetX(OGR_F_GetGeometryRef(first.get()), 0), 600005);
}

TEST_F(FoldFile, SameFoldsGiveTheSameBytes) {
    write_folds(path("folds.gpkg"), samples(), columns(), false);
    const std::string first = read_file(path("folds.gpkg"));
    write_folds(path("folds.gpkg"), samples(), columns(), true);
    EXPECT_EQ(first, read_file(path("folds.gpkg")));
}

TEST_F(FoldFile, IncompleteFoldsAreABug) {
    std::vector<FoldAssignment> short_by_one = folds();
    short_by_one[0].fold.pop_back();
    EXPECT_THROW(write_folds(path("folds.gpkg"), samples(), {.assignments = short_by_one}, false), Error);
    EXPECT_FALSE(std::filesystem::exists(path("folds.gpkg")));
    EXPECT_THROW(write_folds(path("folds.csv"), samples(), columns(), false), Error);
}

TEST_F(FoldFile, HexagonsHaveSixCorners) {
    std::vector<FoldAssignment> hexagons = folds();
    // Width 1000, height 2000 / sqrt(3) = 1154.7: the area is 1000^2 sqrt(3) / 2 = 866,025.4 m2.
    hexagons[1].blocks = {
        {.bounds = {600000, 5100000, 601000, 5101154.7005383792}, .fold = 2, .shape = BlockShape::hexagon}};
    write_folds(path("folds.gpkg"), samples(), {.assignments = hexagons}, false);
    const DatasetHandle dataset(
        GDALOpenEx(path("folds.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
    OGRLayerH blocks = GDALDatasetGetLayerByName(dataset.get(), "blocks");
    const FeatureHandle block(OGR_L_GetNextFeature(blocks));
    OGRGeometryH geometry = OGR_F_GetGeometryRef(block.get());
    EXPECT_EQ(OGR_G_GetPointCount(OGR_G_GetGeometryRef(geometry, 0)), 7);
    EXPECT_NEAR(OGR_G_Area(geometry), 866025.4, 0.1);
    EXPECT_TRUE(OGR_G_IsValid(geometry));
}

TEST_F(FoldFile, HoldsPredictionsAndWhetherTheyAreRight) {
    const std::vector<FoldPredictions> predictions = {
        {.scheme = FoldScheme::spatial_block, .class_code = {1, 1, 2}, .probability = {0.5F, 0.75F, 1.0F}}};
    write_folds(path("folds.gpkg"), samples(), {.assignments = kept_folds(), .predictions = predictions}, false);
    const Layers layers(path("folds.gpkg"));
    const std::vector<double> predicted = {1, 1, 2};
    const std::vector<double> right = {1, 0, 0};
    for (int row = 0; row < 3; ++row) {
        const FeatureHandle sample = layers.feature("samples", row + 1);
        EXPECT_EQ(field(sample, "spatial_block_predicted"), predicted[static_cast<std::size_t>(row)]);
        EXPECT_EQ(field(sample, "spatial_block_right"), right[static_cast<std::size_t>(row)]);
        EXPECT_EQ(field(sample, "spatial_block_probability"), 0.5 + 0.25 * row);
    }
}

TEST_F(FoldFile, ExcludedSamplesAreOneMultipointPerFold) {
    std::vector<FoldAssignment> buffered = folds();
    buffered.pop_back();
    buffered[0].excluded = {{{.first = 1, .end = 2}}, {}};
    buffered[0].fold_names = {"a", "b"};
    write_folds(path("folds.gpkg"), samples(), {.assignments = buffered}, false);
    const Layers layers(path("folds.gpkg"));
    ASSERT_NE(layers.layer("excluded"), nullptr);
    ASSERT_EQ(OGR_L_GetFeatureCount(layers.layer("excluded"), TRUE), 1);
    const FeatureHandle fold = layers.feature("excluded", 1);
    EXPECT_EQ(field(fold, "fold"), 1);
    EXPECT_EQ(field(fold, "n_samples"), 1);
    EXPECT_EQ(field(fold, "n_groups"), 1);
    EXPECT_STREQ(OGR_F_GetFieldAsString(fold.get(), OGR_F_GetFieldIndex(fold.get(), "name")), "a");
    OGRGeometryH points = OGR_F_GetGeometryRef(fold.get());
    ASSERT_EQ(OGR_G_GetGeometryCount(points), 1);
    EXPECT_EQ(OGR_G_GetX(OGR_G_GetGeometryRef(points, 0), 0), 600015);
}

TEST_F(FoldFile, ManyExcludedSamplesBecomeTheMeansOfTheirGroups) {
    constexpr std::size_t n = 2001; // 1000 folds of one sample and one of the rest: 2001 * 1001 excluded
    SampleTable table = samples();
    table.class_code.assign(n, 1);
    table.polygon_id.assign(n, 1);
    table.group.assign(n, 0);
    table.x.assign(n, 600000);
    table.y.assign(n, 5100000);
    table.x[n - 1] = 602001;
    FoldAssignment folds{.scheme = FoldScheme::nndm, .n_folds = 1001, .fold = {}, .blocks = {}};
    for (std::size_t i = 0; i < n; ++i) {
        folds.fold.push_back(static_cast<std::int32_t>(std::min<std::size_t>(i, 1000)) + 1);
    }
    folds.excluded.assign(1001, {{.first = 0, .end = static_cast<std::int64_t>(n)}});
    write_folds(path("folds.gpkg"), table, {.assignments = std::vector{folds}}, false);
    const Layers layers(path("folds.gpkg"));
    ASSERT_EQ(OGR_L_GetFeatureCount(layers.layer("excluded"), TRUE), 1001);
    const FeatureHandle fold = layers.feature("excluded", 1001);
    EXPECT_EQ(field(fold, "n_samples"), 2001);
    EXPECT_EQ(field(fold, "n_points"), 1);
    EXPECT_DOUBLE_EQ(OGR_G_GetX(OGR_G_GetGeometryRef(OGR_F_GetGeometryRef(fold.get()), 0), 0), 600001);
}

TEST_F(FoldFile, WithoutExcludedSamplesThereIsNoLayerOfThem) {
    write_folds(path("folds.gpkg"), samples(), columns(), false);
    EXPECT_EQ(Layers(path("folds.gpkg")).layer("excluded"), nullptr);
}

TEST_F(FoldFile, SampleTablesWithFoldsAndPredictionsReadBackWithTheirOwnFeaturesOnly) {
    SampleTable table = samples();
    table.feature_names = {"red"};
    table.features = {{0.5F, 1.5F, 0.1F}};
    const std::vector<FoldPredictions> predictions = {
        {.scheme = FoldScheme::random, .class_code = {1, 1, 2}, .probability = {0.5F, 0.75F, 0.6F}}};
    for (const char* name : {"out.gpkg", "out.fgb", "out.csv"}) {
        write_samples(path(name), table, {.assignments = kept_folds(), .predictions = predictions}, false);
        EXPECT_EQ(read_samples(path(name)).feature_names, std::vector<std::string>{"red"}) << name;
        const SampleTable named =
            read_samples(path(name), {.features = {"red", "random_probability", "fold_spatial_block", "random_right"}});
        ASSERT_EQ(named.n_features(), 4) << name;
        EXPECT_EQ(named.features[0], table.features[0]) << name;
        EXPECT_EQ(named.features[1], predictions[0].probability) << name;
        EXPECT_EQ(named.features[2], (std::vector<float>{2, 2, 1})) << name;
        EXPECT_EQ(named.features[3], (std::vector<float>{1, 0, 0})) << name;
    }
    table.feature_names = {"random_right"};
    EXPECT_THROW(write_samples(path("taken.csv"), table, false), Error);
}

} // namespace
} // namespace lcclass
