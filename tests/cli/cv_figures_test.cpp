#include "cli/tiny_scene.h"

#include <nlohmann/json.hpp>

// What cv says of its predictions, through the binary.

namespace lcclass {
namespace {

using nlohmann::json;
using test::Arguments;
using test::TinyScene;

class CvFigures : public test::CliTest {
protected:
    [[nodiscard]] json cv_json() const { return json::parse(bytes("cv.json")); }

    [[nodiscard]] static Arguments cv(const Arguments& more = {}) {
        Arguments arguments = {"cv",      "--samples", TinyScene::get().samples(), "--schemes", "polygon,random",
                               "--folds", "4",         "--n-estimators",           "3",         "-o",
                               "cv.json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }
};

TEST_F(CvFigures, HaveIntervalsAndAGapToRandomFolds) {
    const auto result = succeed(cv({"--bootstrap-replicates", "300", "--confidence", "0.9"}));
    const json root = cv_json();
    const json& intervals = root.at("schemes").at("polygon").at("intervals");
    EXPECT_EQ(intervals.at("resampled"), "polygons");
    EXPECT_EQ(intervals.at("n_resampled"), 25);
    EXPECT_EQ(intervals.at("replicates"), 300);
    const json& accuracy = intervals.at("overall_accuracy");
    EXPECT_EQ(accuracy.at("estimate"), root.at("schemes").at("polygon").at("pooled").at("overall_accuracy"));
    EXPECT_LE(accuracy.at("ci90").at(0), accuracy.at("estimate"));
    EXPECT_GE(accuracy.at("ci90").at(1), accuracy.at("estimate"));
    EXPECT_TRUE(root.at("optimism").at("schemes").at("polygon").at("f1_weighted").contains("gap"));
    EXPECT_THAT(result.output, testing::HasSubstr("[90 % interval]: 25 polygons drawn again 300 times"));
    EXPECT_THAT(result.output, testing::HasSubstr("Optimism: random folds less the others"));
}

TEST_F(CvFigures, ReplicatesOutOfRangeAreRefused) {
    test::expect_refusal(run(cv({"--bootstrap-replicates", "7"})), 3, {"bootstrap_replicates=7", "0 for none"});
    test::expect_refusal(run(cv({"--confidence", "95"})), 3, {"confidence=95", "0.5 to 0.999"});
}

} // namespace
} // namespace lcclass
