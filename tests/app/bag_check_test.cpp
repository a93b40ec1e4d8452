#include "bag_check.h"

#include "test_commands.h"
#include "training.h"

#include "lcclass/core/rng.h"
#include "lcclass/core/sha256.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lcclass {
namespace {

using nlohmann::json;
using test::TemporaryFolder;
using testing::HasSubstr;

/// A model with its record and the samples that it was trained with.
class BagCheck : public testing::Test {
protected:
    BagCheck() : m_path(m_folder.write("samples.gpkg", "any bytes")) {
        Rng rng(1, 0);
        m_samples.legend = ClassLegend({{1, "water", {}}, {2, "forest", {}}});
        m_samples.feature_names = {"B04", "B08"};
        m_samples.features.resize(2);
        for (int i = 0; i < 200; ++i) {
            m_samples.features[0].push_back(static_cast<float>(rng.normal()));
            m_samples.features[1].push_back(static_cast<float>(rng.normal()));
            m_samples.class_code.push_back(m_samples.features[1].back() + 0.5 * rng.normal() > 0 ? 2 : 1);
        }
    }

    /// What comes of a model whose record is changed by `change`, and of samples that may differ by now.
    template <class Change>
    CheckedBags check(const RandomForestOptions& options, const SampleTable& samples, Change&& change) {
        const std::vector<std::int32_t> classes = class_positions(m_samples.class_code, m_samples.legend);
        TrainedForest trained = train_random_forest(
            {.features = view_of(m_samples), .class_index = classes, .n_classes = 2}, options, silent_progress());
        json record = {{"options", json::parse(forest_options_json(options))},
                       {"samples", 200},
                       {"samples_file", {{"name", "samples.gpkg"}, {"sha256", sha256_of_file(m_path)}}}};
        if (trained.out_of_bag) {
            record["out_of_bag"] = {{"accuracy", trained.out_of_bag->accuracy}, {"rows", trained.out_of_bag->n_rows}};
        }
        change(record);
        const Model model{.forest = trained.forest,
                          .feature_names = m_samples.feature_names,
                          .legend = m_samples.legend,
                          .recipe_json = {},
                          .training_json = record.dump()};
        const std::filesystem::path model_path = "model.lcm";
        const TreeShap shap(model.forest);
        return out_of_bag_of({.model = model,
                              .samples = samples,
                              .shap = shap,
                              .features = view_of(samples),
                              .model_path = model_path,
                              .samples_path = m_path},
                             silent_progress());
    }
    template <class Change>
    std::string reason(Change&& change) {
        const CheckedBags bags = check({.n_estimators = 10}, m_samples, std::forward<Change>(change));
        EXPECT_EQ(bags.importance.empty(), !bags.left_out.empty());
        return bags.left_out;
    }

    TemporaryFolder m_folder;
    std::filesystem::path m_path;
    SampleTable m_samples;
};

void keep(json& /*record*/) {}

TEST_F(BagCheck, TheVeryFileGivesImportance) {
    const CheckedBags bags = check({.n_estimators = 10}, m_samples, keep);
    EXPECT_EQ(bags.left_out, "");
    ASSERT_EQ(bags.importance.size(), 2U);
    EXPECT_GT(bags.importance[1].mean, 0.1);
    EXPECT_LT(bags.importance[0].mean, 0.1);
    EXPECT_EQ(reason([](json& record) { record.erase("samples_file"); }), ""); // of a folder of shapefiles
}

TEST_F(BagCheck, ARecordOfOtherSamplesDoesNot) {
    EXPECT_EQ(reason([](json& record) { record["samples"] = 1201; }),
              "it was trained with 1,201 samples, and samples.gpkg has 200");
    EXPECT_THAT(reason([](json& record) { record["samples_file"]["sha256"] = "ab"; }),
                HasSubstr("samples.gpkg is not the file it was trained with"));
    EXPECT_THAT(reason([](json& record) { record.erase("out_of_bag"); }), HasSubstr("no out-of-bag accuracy"));
    EXPECT_THAT(reason([](json& record) { record["out_of_bag"]["rows"] = 199; }), HasSubstr("is not that of these"));
    EXPECT_THAT(check({.n_estimators = 3, .bootstrap = false}, m_samples, keep).left_out,
                HasSubstr("grown without bootstrap"));
}

TEST_F(BagCheck, TheSameFileReadInAnotherWayDoesNot) {
    SampleTable turned = m_samples; // as another layer or class field would give them
    std::reverse(turned.class_code.begin(), turned.class_code.end());
    EXPECT_THAT(check({.n_estimators = 10}, turned, keep).left_out,
                HasSubstr("the out-of-bag accuracy in its training record is not that of these samples"));
}

} // namespace
} // namespace lcclass
