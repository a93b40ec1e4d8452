#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <unistd.h>

#include <algorithm>

// Rows F and G of the catalogue of faults: outputs, models that do not fit, and the command line.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::CliFault;
using test::expect_refusal;
using test::RasterCase;
using test::TinyScene;

Arguments stack_arguments(const fs::path& bands, const std::string& features = "B02,NDVI") {
    Arguments arguments = {"stack", "--radiometry", test::tiny_radiometry, "--features", features, "-i"};
    const Arguments inputs = test::band_inputs(bands);
    arguments.insert(arguments.end(), inputs.begin(), inputs.end());
    return arguments;
}

Arguments with(Arguments arguments, const Arguments& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

/// `predict` with the scene's model on what `arrange` puts at `stack.tif`.
CliFault unfit_stack(const std::string& name, const std::vector<std::string>& words,
                     const std::function<void(const fs::path&)>& arrange) {
    return {.name = name, .code = 5, .words = words, .arrange = [arrange](const fs::path& folder) {
                arrange(folder);
                return Arguments{"predict", "-m", TinyScene::get().model(), "-i", "stack.tif"};
            }};
}

void make_stack(const fs::path& folder, const std::string& features, const std::string& radiometry,
                const Arguments& more = {}) {
    Arguments arguments = {"stack", "--radiometry", radiometry, "--features", features, "-o", "stack.tif", "-i"};
    arguments = with(arguments, test::band_inputs(TinyScene::get().bands()));
    test::expect_success(with(arguments, more), folder);
}

std::vector<CliFault> unfit_stacks() {
    const std::string all = test::tiny_features;
    return {
        unfit_stack("F01_StackLacksAFeature", {"stack.tif", "NDVI", "stack --features"},
                    [](const fs::path& folder) { make_stack(folder, "B02,B03,B04,B08", test::tiny_radiometry); }),
        unfit_stack("F02_OtherOffset", {"stack.tif", "offset"},
                    [all](const fs::path& folder) { make_stack(folder, all, "scale=0.0001,offset=0"); }),
        unfit_stack("F02_OtherScale", {"stack.tif", "scale"},
                    [all](const fs::path& folder) { make_stack(folder, all, "scale=0.001,offset=-0.1"); }),
        unfit_stack("F02_OtherResolution", {"stack.tif", "20"},
                    [all](const fs::path& folder) {
                        make_stack(folder, all, test::tiny_radiometry, {"--resolution", "20"});
                    }),
    };
}

using MappingFault = test::FaultRow;

TEST_P(MappingFault, IsRefusedAndLeavesTheOldFile) {
    check();
}

INSTANTIATE_TEST_SUITE_P(Stack, MappingFault, testing::ValuesIn(unfit_stacks()), test::name_of_fault);

class Output : public test::CliTest {
protected:
    /// `stack` to `output` is refused with `code`.
    void refuse(const std::string& output, int code, const std::vector<std::string>& words,
                const Arguments& more = {}) const {
        expect_refusal(run(with(stack_arguments(TinyScene::get().bands()), with({"-o", output}, more))), code, words);
    }
};

TEST_F(Output, F12_ExistingFileIsKeptWithoutOverwrite) {
    test::write_text(path("stack.tif"), test::old_bytes);
    refuse("stack.tif", 6, {"stack.tif", "exists", "--overwrite"});
    EXPECT_EQ(bytes("stack.tif"), test::old_bytes);
    EXPECT_EQ(test::names_in(folder()), std::vector<std::string>{"stack.tif"});
    succeed(with(stack_arguments(TinyScene::get().bands()), {"-o", "stack.tif", "--overwrite"}));
    EXPECT_NE(bytes("stack.tif"), test::old_bytes);
}

TEST_F(Output, F13_OutputThatIsAnInputByAnyNameIsRefused) {
    const fs::path bands = folder() / "bands";
    fs::copy(TinyScene::get().bands(), bands);
    fs::create_hard_link(bands / "B02.tif", path("hard.tif"));
    fs::create_symlink(bands / "B02.tif", path("soft.tif"));
    const std::string before = bytes("bands/B02.tif");
    for (const std::string& output :
         {(bands / "B02.tif").string(), path("hard.tif"), path("soft.tif"), std::string("./bands/../bands/B02.tif")}) {
        expect_refusal(run(with(stack_arguments(bands), {"-o", output, "--overwrite"})), 2, {"B02.tif"});
    }
    EXPECT_EQ(bytes("bands/B02.tif"), before);
    EXPECT_TRUE(fs::is_symlink(path("soft.tif")));
    EXPECT_EQ(test::names_in(bands), (std::vector<std::string>{"B02.tif", "B03.tif", "B04.tif", "B08.tif"}));
}

TEST_F(Output, F14_PlacesThatCannotHoldTheFileAreRefused) {
    test::write_text(path("file"), "x");
    refuse("absent/stack.tif", 6, {"absent"});
    refuse("file/stack.tif", 6, {"file"});
    refuse("/proc/stack.tif", 6, {"/proc"});
    refuse(std::string(300, 'n') + ".tif", 6, {"nnn"});
    EXPECT_EQ(test::names_in(folder()), std::vector<std::string>{"file"});
}

TEST_F(Output, F14_ReadOnlyFolderIsRefused) {
    if (geteuid() == 0) {
        GTEST_SKIP() << "root may write to read-only folders";
    }
    fs::create_directory(path("frozen"));
    fs::permissions(path("frozen"), fs::perms::owner_read | fs::perms::owner_exec);
    refuse("frozen/stack.tif", 6, {"frozen"});
    fs::permissions(path("frozen"), fs::perms::owner_all);
}

TEST_F(Output, F14_NamesWithNewlinePercentAndUmlautsWork) {
    const std::string name = "a\nb %d \xC3\xBC.tif";
    succeed(with(stack_arguments(TinyScene::get().bands()), {"-o", name}));
    EXPECT_EQ(test::names_in(folder()), std::vector<std::string>{name});
    refuse(name, 6, {"exists"}); // on one line all the same
}

TEST_F(Output, F04_CodesAboveAByteMakeASixteenBitMap) {
    test::CaseLayer layer = test::tiny_polygons();
    for (auto& feature : layer.features) {
        feature.cells[0] = std::to_string(std::stoi(*feature.cells[0]) * 20000); // 20000, 40000, 60000
    }
    test::write_case(path("p.gpkg"), {layer});
    const std::string stack = TinyScene::get().stack();
    succeed({"rasterize", "-i", "p.gpkg", "--class-field", "cid", "--like", stack, "-o", "labels.tif"});
    succeed({"sample", "--stack", stack, "--labels", "labels.tif", "-o", "samples.gpkg"});
    succeed({"train", "--samples", "samples.gpkg", "--n-estimators", "5", "-o", "m.lcm"});
    succeed({"predict", "-m", "m.lcm", "-i", stack, "-o", "map.tif"});
    const DatasetHandle map(GDALOpen(path("map.tif").c_str(), GA_ReadOnly));
    ASSERT_TRUE(map);
    GDALRasterBandH band = GDALGetRasterBand(map.get(), 1);
    EXPECT_EQ(GDALGetRasterDataType(band), GDT_UInt16);
    EXPECT_EQ(GDALGetRasterNoDataValue(band, nullptr), 0);
    std::vector<double> values(1600);
    ASSERT_EQ(GDALRasterIO(band, GF_Read, 0, 0, 40, 40, values.data(), 40, 40, GDT_Float64, 0, 0), CE_None);
    for (const double value : values) {
        ASSERT_THAT(value, testing::AnyOf(20000.0, 40000.0, 60000.0));
    }
}

using CommandLine = test::CliTest;

TEST_F(CommandLine, G13_MistakesAreRefusedBeforeWork) {
    const std::vector<std::pair<Arguments, std::string>> mistakes = {
        {{"--bogus"}, "--bogus"},        {{"--output"}, "--output"},
        {{"--feat", "B02"}, "--feat"},   {{"-o", "a", "-o", "b"}, "once"},
        {{"-o", "--", "a"}, "--output"}, {{"-o", "a", "--resolution", "-x"}, "--resolution"},
        {{"-o", "a", "extra"}, "extra"},
    };
    for (const auto& [arguments, word] : mistakes) {
        expect_refusal(run(with({"stack", "--features", "B02"}, arguments)), 2, {word});
    }
    expect_refusal(run({"stak"}), 2, {"stak", "stack"});
    expect_refusal(run({}), 2, {"no command"});
    EXPECT_TRUE(test::names_in(folder()).empty());
}

TEST_F(CommandLine, G13_ValuesMayBeginWithAMinusWhenJoined) {
    succeed(with(stack_arguments(TinyScene::get().bands()), {"--output=-map.tif"}));
    EXPECT_EQ(test::names_in(folder()), (std::vector<std::string>{"-map.qml", "-map.tif"}));
}

TEST_F(CommandLine, G14_TheCommandLineWinsOverTheConfig) {
    test::write_text(path("c.yml"), "output_dir: out\nseed: 7\nstack:\n  features: [B02]\n  radiometry: none\n");
    const auto result = succeed(with({"-c", "c.yml", "-v"}, stack_arguments(TinyScene::get().bands(), "B08,NDVI")));
    EXPECT_THAT(result.output, testing::HasSubstr("features: B08 NDVI"));
    EXPECT_THAT(result.errors, testing::HasSubstr(R"("features":["B08","NDVI"])")) << "the resolved options";
    EXPECT_THAT(result.errors, testing::HasSubstr("seed: 7"));
}

TEST_F(CommandLine, G15_ResultsThatNobodyTakesAreAnError) {
    for (const std::string& redirection : {std::string(">/dev/full"), std::string(">&-")}) {
        const auto result = test::run_process(
            {"/bin/sh", "-c", "exec \"$0\" info \"$1\" " + redirection, LCCLASS_BINARY, TinyScene::get().stack()},
            folder());
        expect_refusal(result, 6, {"stdout"});
    }
}

TEST_F(CommandLine, G15_ClosedStdoutDoesNotEndUpInTheOutput) {
    const auto result =
        test::run_process({"/bin/sh", "-c", "exec \"$0\" sample --stack \"$1\" --labels \"$2\" -o samples.csv >&-",
                           LCCLASS_BINARY, TinyScene::get().stack(), TinyScene::get().labels()},
                          folder());
    EXPECT_EQ(result.exit_code, 6);
    if (fs::exists(path("samples.csv"))) {
        EXPECT_THAT(bytes("samples.csv"), testing::Not(testing::HasSubstr("polygons"))) << "the table for stdout";
        EXPECT_EQ(std::ranges::count(bytes("samples.csv"), '\n'), 901);
    }
}

} // namespace
} // namespace lcclass
