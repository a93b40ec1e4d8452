// What the Python package spatial-kfold makes of the same points: reference results, and a published count.
#include "lcclass/sampling/folds.h"
#include "sampling/blocks.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace lcclass {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path data_folder() {
    const char* folder = std::getenv("LCCLASS_SHARED_DATA");
    return folder != nullptr ? fs::path(folder) : fs::path(LCCLASS_SOURCE_DIR) / ".." / "shared" / "data";
}

fs::path reference_file() {
    return data_folder() / ".." / "reference" / "spatialkfold.json";
}

/// One sample and one group per point, all of one class.
SampleTable points_table(const std::vector<std::pair<double, double>>& points) {
    SampleTable samples;
    samples.legend = ClassLegend({{1, "any", {}}});
    for (const auto& [x, y] : points) {
        samples.group.push_back(static_cast<std::int32_t>(samples.group.size()));
        samples.group_names.push_back(std::to_string(samples.group.size()));
        samples.polygon_id.push_back(static_cast<std::int32_t>(samples.group.size()));
        samples.class_code.push_back(1);
        samples.x.push_back(x);
        samples.y.push_back(y);
    }
    return samples;
}

FoldOptions block_options(double size, int k, std::uint32_t seed, BlockAssignment assignment) {
    return {.scheme = FoldScheme::spatial_block,
            .n_folds = k,
            .block_size_m = size,
            .assignment = assignment,
            .seed = seed,
            .classes_in_training = false};
}

TEST(NumpyPermutation, Seed42Of15) {
    EXPECT_EQ(numpy_permutation(42, 15), (std::vector<std::int64_t>{9, 11, 0, 13, 5, 8, 2, 1, 14, 4, 7, 10, 12, 3, 6}));
}

TEST(NumpyPermutation, OfOneOrNone) {
    EXPECT_EQ(numpy_permutation(7, 1), std::vector<std::int64_t>{0});
    EXPECT_TRUE(numpy_permutation(7, 0).empty());
}

class SpatialKfoldReference : public testing::Test {
protected:
    void SetUp() override {
        std::ifstream file(reference_file());
        if (!file) {
            GTEST_SKIP() << "no reference results at " << reference_file();
        }
        m_reference = json::parse(file);
    }

    /// Cells with their fold, as the reference lists them, in a comparable order.
    static std::map<std::vector<double>, int> reference_blocks(const json& rows) {
        std::map<std::vector<double>, int> blocks;
        for (const auto& row : rows) {
            blocks[{row[0], row[1], row[2], row[3]}] = row[4].get<int>();
        }
        return blocks;
    }

    static std::map<std::vector<double>, int> our_blocks(const FoldAssignment& folds) {
        std::map<std::vector<double>, int> blocks;
        for (const FoldBlock& block : folds.blocks) {
            blocks[{block.bounds.min_x, block.bounds.min_y, block.bounds.max_x, block.bounds.max_y}] = block.fold;
        }
        return blocks;
    }

    json m_reference;
};

TEST_F(SpatialKfoldReference, PermutationsAreEqual) {
    for (const auto& [name, expected] : m_reference.at("permutation").items()) {
        unsigned seed = 0;
        int n = 0;
        ASSERT_EQ(std::sscanf(name.c_str(), "seed%u_n%d", &seed, &n), 2);
        EXPECT_EQ(numpy_permutation(seed, n), expected.get<std::vector<std::int64_t>>()) << name;
    }
}

TEST_F(SpatialKfoldReference, RandomAndContinuousBlocksAreEqual) {
    const auto samples = points_table(m_reference.at("points").get<std::vector<std::pair<double, double>>>());
    const double size = m_reference.at("width").get<double>();
    int compared = 0;
    for (const auto& [name, rows] : m_reference.at("blocks_minx_miny_maxx_maxy_fold").items()) {
        unsigned seed = 0;
        int k = 0;
        auto assignment = BlockAssignment::random;
        if (std::sscanf(name.c_str(), "random_s%u_k%d", &seed, &k) != 2) {
            if (std::sscanf(name.c_str(), "cont_tblr_k%d", &k) != 1) {
                continue; // the reversed order is not offered
            }
            assignment = BlockAssignment::continuous;
        }
        const auto folds = assign_folds(samples, block_options(size, k, seed, assignment));
        const auto expected = reference_blocks(rows);
        EXPECT_EQ(our_blocks(folds), expected) << name;
        for (std::size_t i = 0; i < folds.fold.size(); ++i) {
            for (const auto& [box, fold] : expected) {
                const bool inside = box[0] <= samples.x[i] && samples.x[i] <= box[2] && box[1] <= samples.y[i] &&
                                    samples.y[i] <= box[3];
                EXPECT_TRUE(!inside || fold == folds.fold[i]) << name << " point " << i;
            }
        }
        ++compared;
    }
    EXPECT_EQ(compared, 9);
}

TEST_F(SpatialKfoldReference, EmptyCellsAreLeftOut) {
    const auto samples = points_table(m_reference.at("sparse_points").get<std::vector<std::pair<double, double>>>());
    const auto folds = assign_folds(samples, block_options(20, 3, 42, BlockAssignment::random));
    EXPECT_EQ(std::ssize(folds.blocks), m_reference.at("sparse_nblocks").get<int>());
    EXPECT_EQ(our_blocks(folds), reference_blocks(m_reference.at("sparse_random_s42_k3")));
}

/// The points of a shapefile: a header of 100 bytes, then records of 8 bytes of header, a type (1 = point), x and y.
std::vector<std::pair<double, double>> read_points(const fs::path& path) {
    static_assert(std::endian::native == std::endian::little);
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::vector<std::pair<double, double>> points;
    for (std::size_t at = 100; at + 28 <= bytes.size(); at += 28) {
        std::int32_t type = 0;
        std::memcpy(&type, bytes.data() + at + 8, sizeof type);
        EXPECT_EQ(type, 1);
        auto& [x, y] = points.emplace_back();
        std::memcpy(&x, bytes.data() + at + 12, sizeof x);
        std::memcpy(&y, bytes.data() + at + 20, sizeof y);
    }
    return points;
}

TEST(LucasCz, TwentyFiveKilometreBlocksInTenFolds) {
    const fs::path path = data_folder() / "lucas_cz" / "cz_lucas_points_l1_2018.shp";
    if (!fs::exists(path)) {
        GTEST_SKIP() << "no LUCAS points in " << path.parent_path();
    }
    const SampleTable samples = points_table(read_points(path));
    ASSERT_EQ(samples.size(), 5037);
    const auto folds = assign_folds(samples, block_options(25000, 10, 42, BlockAssignment::random));
    EXPECT_EQ(sampling::make_blocks(samples.x, samples.y, 25000).n_grid_cells, 220);
    EXPECT_EQ(folds.blocks.size(), 155U);
    std::vector<std::int64_t> sizes(10);
    for (const auto fold : folds.fold) {
        ++sizes[static_cast<std::size_t>(fold - 1)];
    }
    EXPECT_EQ(sizes, (std::vector<std::int64_t>{453, 658, 544, 465, 478, 484, 589, 411, 524, 431}));
}

} // namespace
} // namespace lcclass
