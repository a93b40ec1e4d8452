#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

// `lcclass report`: the page, its Markdown, pictures and project, from what stages left.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::TinyScene;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> written = {"report.html", "report.md", "report_files", "report.qgs"};

/// A config of all stages, whose last one is the report.
class Report : public test::CliTest {
protected:
    Report() {
        fs::copy(TinyScene::get().bands(), path("bands"));
        fs::copy(TinyScene::get().polygons(), path("fields.gpkg"));
        configure(5, "{title: Fields}");
    }

    void configure(int trees, const std::string& report) const {
        test::write_text(path("c.yml"),
                         "output_dir: out\nseed: 3\n"
                         "stack:\n  input: [B04=bands/B04.tif, B08=bands/B08.tif]\n  features: [B04, B08, NDVI]\n"
                         "  radiometry: scale=0.0001,offset=-0.1\n"
                         "rasterize: {input: fields.gpkg, class_field: cid}\n"
                         "sample: {strategy: total, total: 300}\n"
                         "cv: {schemes: [random, polygon], folds: 3, n_estimators: 5}\n"
                         "train:\n  n_estimators: " +
                             std::to_string(trees) +
                             "\npredict: {uncertainty: out/uncertainty.tif}\nexplain: {rows: 10}\nreport: " + report +
                             "\n");
    }

    [[nodiscard]] std::string bytes_of_all() const {
        std::string all;
        for (const auto& entry : fs::recursive_directory_iterator(path("out"))) {
            const std::string name = entry.path().lexically_relative(path("out")).string();
            if (entry.is_regular_file() && name.starts_with("report")) {
                all += name + read_file(entry.path());
            }
        }
        return all;
    }
};

TEST_F(Report, OfARunIsAPageWithTextPicturesAndAProject) {
    succeed({"run", "-c", "c.yml"});
    for (const std::string& name : written) {
        EXPECT_TRUE(fs::exists(path("out/" + name))) << name;
    }
    const std::string markdown = bytes("out/report.md");
    EXPECT_THAT(markdown, HasSubstr("# Fields"));
    EXPECT_THAT(markdown, HasSubstr("](report_files/map-map.png)"));
    EXPECT_THAT(markdown, HasSubstr("seed: 3")) << "the config";
    const auto cv = nlohmann::json::parse(bytes("out/cv.json"));
    const double accuracy = cv["schemes"]["polygon"]["pooled"]["overall_accuracy"];
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.3f", accuracy);
    EXPECT_THAT(markdown, HasSubstr("Accuracy to expect: " + std::string(text.data())));
    const auto manifest = nlohmann::json::parse(bytes("out/manifest.json"));
    EXPECT_THAT(markdown, HasSubstr(manifest["stages"][0]["outputs"][0]["sha256"].get<std::string>()));
    EXPECT_THAT(bytes("out/report.qgs"), HasSubstr("./map.tif"));
}

TEST_F(Report, IsMadeAnewOnlyWhenWhatItShowsChanged) {
    succeed({"run", "-c", "c.yml"});
    const auto again = succeed({"run", "-c", "c.yml"});
    EXPECT_THAT(again.errors, Not(HasSubstr("report: runs")));
    configure(7, "{title: Fields}");
    const auto changed = succeed({"run", "-c", "c.yml"});
    EXPECT_THAT(changed.errors, HasSubstr("report: runs"));
}

TEST_F(Report, WithoutTimesIsTheSameOnAnyNumberOfThreads) {
    configure(5, "{no_times: true}");
    succeed({"run", "-c", "c.yml", "-t", "1"});
    const std::string one = bytes_of_all();
    fs::remove_all(path("out"));
    succeed({"run", "-c", "c.yml", "-t", "4"});
    EXPECT_TRUE(one == bytes_of_all());
}

TEST_F(Report, FindsWhatStagesLeftOneByOneAndSaysWhatIsNotThere) {
    succeed({"run", "-c", "c.yml", "--to", "sample"});
    fs::rename(path("out/manifest.json"), path("manifest.json"));
    succeed({"--output-dir", "out", "report"});
    const std::string markdown = bytes("out/report.md");
    EXPECT_THAT(markdown, HasSubstr("Samples per class"));
    for (const char* command : {"lcclass cv", "lcclass explain", "lcclass assess", "lcclass predict"}) {
        EXPECT_THAT(markdown, HasSubstr(command)) << "what makes the missing part";
    }
    fs::rename(path("manifest.json"), path("out/manifest.json"));
    succeed(
        {"--output-dir", "out", "--overwrite", "cv", "--schemes", "polygon", "--folds", "3", "--n-estimators", "3"});
    succeed({"--output-dir", "out", "--overwrite", "report"});
    EXPECT_THAT(bytes("out/report.md"), HasSubstr("tested on polygon folds")) << "of no stage of the manifest";
}

TEST_F(Report, OfTablesAloneHasNoProject) {
    succeed({"report", "-i", TinyScene::get().samples(), "-o", "samples.html"});
    EXPECT_TRUE(fs::exists(path("samples.md")));
    EXPECT_FALSE(fs::exists(path("samples.qgs")));
}

TEST_F(Report, RefusesWhatItCannotShowAndLeavesNothing) {
    const std::string samples = TinyScene::get().samples();
    fs::copy_file(samples, path("again.gpkg"));
    test::write_text(path("cut.json"), R"({"schemes": {"random": {"folds": 3}}})");
    test::write_text(path("other.txt"), "text");
    const auto refused = [&](int code, const std::string& word, const test::Arguments& inputs) {
        test::Arguments arguments = {"report", "-o", "r.html"};
        for (const std::string& input : inputs) {
            arguments.insert(arguments.end(), {"-i", input});
        }
        test::expect_refusal(run(arguments), code, {word});
        for (const auto& entry : fs::directory_iterator(folder())) {
            EXPECT_NE(entry.path().stem(), "r") << entry.path();
        }
    };
    refused(2, "no files of an experiment", {});
    refused(4, "second of its kind", {samples, "again.gpkg"});
    refused(4, "is not there", {"none.json"});
    refused(4, "no file that a report shows", {"other.txt"});
    refused(4, "was not made by lcclass cv", {"cut.json"});
    test::write_text(path("taken.html"), test::old_bytes);
    test::expect_refusal(run({"report", "-i", samples, "-o", "taken.html"}), 6, {"taken.html"});
    EXPECT_EQ(bytes("taken.html"), test::old_bytes);
    EXPECT_FALSE(fs::exists(path("taken.md")));
}

} // namespace
} // namespace lcclass
