#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <algorithm>
#include <cmath>
#include <set>

// Features of formulas, surroundings and components: what the binary makes of the tiny scene, and again for a model.

namespace lcclass {
namespace {

using test::Arguments;
using test::TinyScene;

/// A request for features, under the name of its test.
struct Request {
    std::string name;
    Arguments options;
};

std::ostream& operator<<(std::ostream& stream, const Request& request) {
    return stream << request.name;
}

std::string name_of_request(const testing::TestParamInfo<Request>& info) {
    return info.param.name;
}

class Features : public test::CliTest {
protected:
    [[nodiscard]] Arguments stack_of(const Arguments& options, const std::string& output = "stack.tif") const {
        Arguments arguments = {"stack", "--radiometry", test::tiny_radiometry, "-o", output, "--overwrite"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.emplace_back("-i");
        const Arguments inputs = test::band_inputs(TinyScene::get().bands());
        arguments.insert(arguments.end(), inputs.begin(), inputs.end());
        return arguments;
    }

    test::ProcessResult stack(const Arguments& options, const std::string& output = "stack.tif") const {
        return succeed(stack_of(options, output));
    }

    void refuse(const Arguments& options, int code, const std::vector<std::string>& words) const {
        test::expect_refusal(run(stack_of(options)), code, words);
        EXPECT_FALSE(std::filesystem::exists(path("stack.tif")));
    }

    [[nodiscard]] std::vector<float> values(int number, const std::string& file = "stack.tif") const {
        return test::band_of(test::read_all(*open_raster(path(file)).source), number);
    }

    [[nodiscard]] std::vector<std::string> names(const std::string& file = "stack.tif") const {
        return band_names(*open_raster(path(file)).source);
    }

    /// A model of `stack.tif`, and its maps of the stack and of the bands.
    void map_both() const {
        succeed({"rasterize", "-i", TinyScene::get().polygons(), "--class-field", "cid", "--like", "stack.tif", "-o",
                 "labels.tif"});
        succeed({"sample", "--stack", "stack.tif", "--labels", "labels.tif", "-o", "samples.gpkg"});
        succeed({"train", "--samples", "samples.gpkg", "--n-estimators", "15", "-o", "model.lcm"});
        succeed({"predict", "-m", "model.lcm", "-i", "stack.tif", "-o", "of_stack.tif"});
        Arguments predict = {"predict", "-m", "model.lcm", "--block-pixels", "16", "-o", "of_bands.tif", "-i"};
        const Arguments inputs = test::band_inputs(TinyScene::get().bands());
        predict.insert(predict.end(), inputs.begin(), inputs.end());
        succeed(predict);
    }
};

class FeatureChain : public Features, public testing::WithParamInterface<Request> {};

TEST_P(FeatureChain, MapOfTheBandsIsThatOfTheStack) {
    stack(GetParam().options);
    map_both();
    EXPECT_TRUE(bytes("of_stack.tif") == bytes("of_bands.tif"));
    const auto map = values(0, "of_bands.tif");
    EXPECT_THAT(std::set<float>(map.begin(), map.end()), testing::IsSupersetOf({1.0F, 2.0F, 3.0F}));
}

TEST_P(FeatureChain, StackIsTheSameOnAnyThreads) {
    Arguments options = GetParam().options;
    options.insert(options.end(), {"-t", "1"});
    stack(options, "one.tif");
    options.back() = "3";
    stack(options, "three.tif");
    EXPECT_TRUE(bytes("one.tif") == bytes("three.tif"));
}

INSTANTIATE_TEST_SUITE_P(
    Of, FeatureChain,
    testing::Values(
        Request{.name = "Formulas",
                .options = {"--features", "NDVI,R=B08/B04,B02*2,sqrt(B03)", "--index", "DIFF=B04-B02"}},
        Request{.name = "DefinedIndices",
                .options = {"--features", "D,NDVI", "--index", "D=2*E", "--index", "E=B04-B02"}},
        Request{.name = "Focal",
                .options = {"--features", "B04,FOCAL_MEAN(B08,7),FOCAL_SD(NDVI,3),FOCAL_RANGE(B02,5)"}},
        Request{.name = "TextureOfAStatedRange", .options = {"--features", "B04,GLCM_CONTRAST(B08,7,32,0,0.5)"}},
        Request{.name = "TextureOfAFittedRange",
                .options = {"--features", "B04,GLCM_ENTROPY(B08,5),GLCM_MEAN(NDVI,3,8)"}},
        Request{.name = "Components", .options = {"--features", "PC1,PC2", "--pca", "B02,B03,B04,B08"}},
        Request{.name = "ComponentsStandardized",
                .options = {"--features", "PC1,PC3", "--pca", "B02,NDVI,B08", "--pca-standardize", "--pca-components",
                            "3", "--fit-pixels", "400"}},
        Request{.name = "SurroundingsOfComponents",
                .options = {"--features", "FOCAL_MEAN(PC1,3),GLCM_HOMOGENEITY(PC1,5,16)", "--pca", "B02,B03,B08"}},
        Request{.name = "Standardized", .options = {"--features", "STANDARDIZE(B08),STANDARDIZE(FOCAL_MEAN(B04,3))"}},
        Request{.name = "Terrain", .options = {"--features", "B08,SLOPE(B04),NORTHNESS(B04),HILLSHADE(B02)"}}),
    name_of_request);

TEST_F(Features, FocalMeanIsThatOfTheWindowCutAtTheEdge) {
    stack({"--features", "B04,FOCAL_MEAN(B04,5)"});
    const auto band = values(0);
    std::vector<float> expected;
    for (int row = 0; row < test::tiny_size; ++row) {
        for (int column = 0; column < test::tiny_size; ++column) {
            double sum = 0;
            int n = 0;
            for (int y = std::max(0, row - 2); y <= std::min(test::tiny_size - 1, row + 2); ++y) {
                for (int x = std::max(0, column - 2); x <= std::min(test::tiny_size - 1, column + 2); ++x) {
                    sum += static_cast<double>(band[test::tiny_index(x, y)]);
                    ++n;
                }
            }
            expected.push_back(static_cast<float>(sum / n));
        }
    }
    test::expect_same(values(1), expected, 1e-7F);
}

TEST_F(Features, HowFarTheyReachIsSaid) {
    EXPECT_THAT(stack({"--features", "FOCAL_MEAN(FOCAL_MAX(B04,5),7)"}).output,
                testing::HasSubstr("features reach 5 pixels (50 CRS units)"));
    EXPECT_THAT(stack({"--features", "B04,NDVI"}).output, testing::Not(testing::HasSubstr("features reach")));
}

TEST_F(Features, UserIndexKeepsItsUnit) {
    stack({"--features", "CHL,B04", "--index", "CHL = 100 * (B08 - B04) [mg/m3]"});
    const auto source = open_raster(path("stack.tif")).source;
    EXPECT_EQ(source->bands()[0].name, "CHL");
    EXPECT_EQ(source->bands()[0].unit, "mg/m3");
    EXPECT_EQ(source->bands()[1].unit, "reflectance");
    const auto red = values(1);
    const double infrared = test::tiny_number(3, 0, 0) * 0.0001 - 0.1;
    EXPECT_NEAR(values(0)[0], 100 * (infrared - static_cast<double>(red[0])), 1e-5);
}

TEST_F(Features, FormulaDividedByZeroOrLessIsNodataAndCounted) {
    const auto result = stack({"--features", "B08,B04,B03,R=B08/(B04-B03-0.04005)"});
    const auto infrared = values(0);
    const auto red = values(1);
    const auto green = values(2);
    std::vector<float> expected;
    for (std::size_t i = 0; i < red.size(); ++i) {
        const double denominator = static_cast<double>(red[i]) - static_cast<double>(green[i]) - 0.04005;
        expected.push_back(denominator > 0 ? static_cast<float>(static_cast<double>(infrared[i]) / denominator)
                                           : test::nan_value);
    }
    const auto undefined = std::ranges::count_if(expected, [](float value) { return std::isnan(value); });
    EXPECT_THAT(undefined, testing::AllOf(testing::Gt(10), testing::Lt(1000)));
    test::expect_same(values(3), expected, 1e-3F);
    EXPECT_THAT(result.output, testing::HasSubstr("R undefined (nodata) at " + std::to_string(undefined) + " pixels"));
}

TEST_F(Features, CommasWithinParenthesesDoNotSplitFeatures) {
    const std::vector<std::string> expected = {"FOCAL_MEAN(B08,3)", "D", "max(B02,B03)"};
    const std::string features = "FOCAL_MEAN(B08,3),D=min(B02,B03),max(B02,B03)";
    stack({"--features", features});
    EXPECT_EQ(names(), expected);
    const auto inputs = test::band_inputs(TinyScene::get().bands());
    const std::string list = "    - FOCAL_MEAN(B08,3)\n    - D=min(B02,B03)\n    - max(B02,B03)\n";
    for (const std::string& written : {"  features: \"" + features + "\"\n", "  features:\n" + list}) {
        std::string config = "stack:\n  radiometry: " + std::string(test::tiny_radiometry) + "\n" + written +
                             "  output: of_config.tif\n  input:\n";
        for (const std::string& input : inputs) {
            config += "    - " + input + "\n";
        }
        test::write_text(path("stack.yml"), config);
        succeed({"stack", "-c", "stack.yml", "--overwrite"});
        EXPECT_TRUE(bytes("of_config.tif") == bytes("stack.tif")) << written;
    }
}

TEST_F(Features, UnknownBandNamesTheFormula) {
    refuse({"--features", "B04,X=(B08-B99)/B08"}, 3, {"X=(B08-B99)/B08", "B99"});
    refuse({"--features", "X", "--index", "X=(B08-B99)/B08"}, 3, {"X=(B08-B99)/B08", "B99"});
    refuse({"--features", "FOCAL_MEAN(B80,3)"}, 3, {"FOCAL_MEAN(B80,3)", "B80"});
    refuse({"--features", "NDBI"}, 3, {"NDBI", "B11"});
}

TEST_F(Features, A25_NamesThatAreThereTwiceAreRefused) {
    refuse({"--features", "NDVI,B04,NDVI"}, 3, {"NDVI", "twice"});
    refuse({"--features", "FOCAL_MEAN(B08,3),FOCAL_MEAN( B08 , 3 )"}, 3, {"FOCAL_MEAN(B08,3)", "twice"});
    refuse({"--features", "X", "--index", "X=B04", "--index", "X=B08"}, 3, {"index=X", "twice"});
    refuse({"--features", "X=B04,X=B08"}, 3, {"index=X", "twice"});
    refuse({"--features", "B04", "--index", "B04=B08*2"}, 3, {"index=B04", "band"});
}

TEST_F(Features, FormulasThatCannotBeMeantAreRefusedWithTheirText) {
    refuse({"--features", "X=B04+"}, 3, {"B04+"});
    refuse({"--features", "FOCAL_MEAN(B04,3"}, 3, {"FOCAL_MEAN(B04,3", "parenthesis"});
    refuse({"--features", "FOCAL_MEAN(B04,4)"}, 3, {"FOCAL_MEAN(B04,4)", "odd"});
    refuse({"--features", "FOCALMEAN(B04,3)"}, 3, {"FOCALMEAN", "did you mean 'FOCAL_MEAN'"});
    refuse({"--features", "GLCM_CONTRAST(B04,5,300)"}, 3, {"GLCM_CONTRAST(B04,5,300)", "256"});
    refuse({"--features", "PC1"}, 3, {"PC1", "--pca"});
    refuse({"--features", "PC3", "--pca", "B02,B03", "--pca-components", "2"}, 3, {"PC3", "2 components"});
    refuse({"--features", "X", "--index", "X=Y", "--index", "Y=X+1"}, 3, {"itself"});
    refuse({"--features", "B04@median"}, 3, {"B04@median", "no band has a date"});
    refuse({"--features", "B04", "--composite", "median"}, 3, {"composite=median", "no band has a date"});
    refuse({"--features", "B04", "--gap-fill", "2018-05-01,2018-06-01,10"}, 3, {"gap-fill", "no band has a date"});
}

TEST_F(Features, MaskThatIsNotThereOrCannotBeUnderstoodIsRefused) {
    refuse({"--features", "B04", "--mask", "SCL=cloud-high"}, 4, {"mask=SCL", "is not there", "B02 B03 B04 B08"});
    refuse({"--features", "B04", "--mask", "SCL=cloudy"}, 2, {"SCL=cloudy"});
    refuse({"--features", "B04", "--mask", "SCL"}, 2, {"--mask=SCL", "NAME=VALUE"});
}

TEST_F(Features, OptionsThatWouldChangeNothingAreRefused) {
    refuse({"--features", "B04", "--mask-dilate", "2"}, 2, {"--mask-dilate=2", "--mask NAME"});
    refuse({"--features", "B04", "--gap-fill-ends", "hold"}, 2, {"--gap-fill-ends=hold", "--gap-fill START"});
    refuse({"--features", "B04", "--period", "month"}, 2, {"--period=month", "--composite"});
    refuse({"--features", "B04", "--pca-standardize"}, 2, {"--pca-standardize", "--pca B02"});
    refuse({"--features", "B04", "--pca-components", "2"}, 2, {"--pca-components=2", "--pca B02"});
    refuse({"--features", "B04,NDVI", "--pca", "B02,B03,B04"}, 3, {"pca=B02,B03,B04", "PC1"});
}

TEST_F(Features, MapOfAStackWithOtherFormulasIsRefusedWithBoth) {
    stack({"--features", "DIFF=B08-B04,B02"});
    map_both();
    stack({"--features", "DIFF=B08-B03,B02"}, "other.tif");
    test::expect_refusal(run({"predict", "-m", "model.lcm", "-i", "other.tif", "-o", "map.tif"}), 5,
                         {"DIFF", "B08-B04", "B08-B03"});
}

} // namespace
} // namespace lcclass
