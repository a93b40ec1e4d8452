#include "lcclass/forest/model.h"

#include "forest/model_format.h"
#include "forest_fixtures.h"
#include "lcclass/core/error.h"
#include "lcclass/forest/tree_shap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <array>
#include <clocale>
#include <cstring>
#include <functional>

namespace lcclass {
namespace {

using ::testing::HasSubstr;
using namespace test;
namespace format = model_format;

/// Two trees: x0 <= 5 ? class 0 : (x1 <= 2.5 ? class 1 : half and half), and a single leaf.
Model tiny_model() {
    RandomForest forest({.n_features = 2,
                         .n_classes = 2,
                         .thresholds = {{5}, {1, 2.5F}},
                         .distributions = {65535, 0, 0, 65535, 32768, 32767},
                         .trees = {{.nodes = {{.right = 2, .content = 0},
                                              {.right = 0, .content = 0},
                                              {.right = 4, .content = (1U << 16U) | 1U},
                                              {.right = 0, .content = 1},
                                              {.right = 0, .content = 2}},
                                    .cover = {0, 3, 0, 1, 2}},
                                   {.nodes = {{.right = 0, .content = 1}}, .cover = {6}}}});
    return model_of(std::move(forest));
}

void expect_refused(const std::string& bytes, const std::string& what) {
    try {
        (void)decode_model(bytes, "m.lcm");
        FAIL() << "accepted, should say: " << what;
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::model);
        EXPECT_THAT(error.what(), HasSubstr(what));
        EXPECT_THAT(error.what(), HasSubstr("m.lcm: "));
        EXPECT_FALSE(error.fault().fix.empty());
    }
}

/// The parts of a file, to be changed and put together again with a checksum that fits.
struct OpenFile {
    nlohmann::ordered_json header;
    std::array<std::string, format::n_sections> sections;
    std::uint32_t version = 0;

    explicit OpenFile(const std::string& bytes) : version(format::load<std::uint32_t>(bytes.data() + 8)) {
        const auto header_size = format::load<std::uint32_t>(bytes.data() + 12);
        header = nlohmann::ordered_json::parse(bytes.substr(format::preamble_size, header_size));
        const auto at = [&](const char* name) { return header[name].get<std::uint64_t>(); };
        const format::Counts counts{.n_features = at("n_features"),
                                    .n_classes = at("n_classes"),
                                    .n_trees = at("n_trees"),
                                    .n_nodes = at("n_nodes"),
                                    .n_thresholds = at("n_thresholds"),
                                    .n_distributions = at("n_distributions"),
                                    .cover = format::CoverType::u8};
        std::size_t offset = format::preamble_size + header_size;
        for (std::size_t s = 0; s < sections.size(); ++s) {
            const auto size = static_cast<std::size_t>(format::section_sizes(counts)[s]);
            sections[s] = bytes.substr(offset, size);
            offset += format::padded(size);
        }
    }

    [[nodiscard]] std::string close(const std::string& header_text = {}) const {
        std::string body = header_text.empty() ? header.dump() : header_text;
        body.resize(format::padded(body.size()), ' ');
        const auto header_size = static_cast<std::uint32_t>(body.size());
        for (const std::string& section : sections) {
            body += section + std::string(format::padded(section.size()) - section.size(), '\0');
        }
        const std::uint64_t size = format::preamble_size + body.size() + format::digest_size;
        std::string bytes(format::magic);
        bytes.append(reinterpret_cast<const char*>(&version), 4);
        bytes.append(reinterpret_cast<const char*>(&header_size), 4);
        bytes.append(reinterpret_cast<const char*>(&size), 8);
        bytes += body;
        return bytes + format::digest_of(bytes);
    }
};

void expect_hostile_refused(const std::function<void(OpenFile&)>& damage, const std::string& what) {
    OpenFile file(encode_model(tiny_model()));
    damage(file);
    expect_refused(file.close(), what);
}

template <class T>
void set(std::string& section, std::size_t index, T value) {
    std::memcpy(section.data() + index * sizeof value, &value, sizeof value);
}

TEST(ModelFile, GivesBackWhatWasWritten) {
    const LabelledRows rows = noisy_octants(2000, 5, 700, 12);
    for (const auto weight : {ClassWeight::none, ClassWeight::balanced}) {
        for (const int depth : {0, 4}) { // covers in 8, 16 and 32 bits
            TrainedForest trained = train(rows, {.n_estimators = 5, .max_depth = depth, .class_weight = weight});
            const Model model = model_of(std::move(trained.forest));
            const std::string bytes = encode_model(model);
            const Model read = decode_model(bytes, "m.lcm");
            EXPECT_EQ(read.forest.trees(), model.forest.trees());
            EXPECT_EQ(read.forest.thresholds(), model.forest.thresholds());
            EXPECT_TRUE(std::ranges::equal(read.forest.distributions(), model.forest.distributions()));
            EXPECT_EQ(read.feature_names, model.feature_names);
            EXPECT_EQ(read.legend, model.legend);
            EXPECT_EQ(read.recipe_json, model.recipe_json);
            EXPECT_EQ(read.training_json, model.training_json);
            EXPECT_EQ(encode_model(read), bytes);
        }
    }
}

TEST(ModelFile, ChainsOfAMillionNodesNeedNoCallStack) { // FAULTS.md D10, E10
    constexpr std::uint32_t n_inner = 1'000'000;
    RandomForest::Tree chain;
    for (std::uint32_t i = 0; i < n_inner; ++i) {
        chain.nodes.push_back({.right = 2 * i + 2, .content = 0});
        chain.nodes.push_back({.right = 0, .content = 0});
    }
    chain.nodes.push_back({.right = 0, .content = 1});
    chain.cover.assign(chain.nodes.size(), 1.0F);
    const Model model = model_of(RandomForest({.n_features = 1,
                                               .n_classes = 2,
                                               .thresholds = {{0.5F}},
                                               .distributions = {65535, 0, 0, 65535},
                                               .trees = {chain}}));
    const Model read = decode_model(encode_model(model), "m.lcm");
    EXPECT_EQ(read.forest.depth(), 1'000'000);
    const LabelledRows rows{.columns = {{0, 1}}, .class_index = {0, 1}};
    std::vector<std::int32_t> classes(2);
    read.forest.predict_classes(rows.view(), classes);
    EXPECT_EQ(classes, rows.class_index);
    std::vector<double> values(4);
    TreeShap(read.forest).explain(rows.view(), values);
    EXPECT_NEAR(values[1], -values[0], 1e-9); // a million cover ratios are multiplied
}

TEST(ModelFile, TakesLessThanTenBytesPerNode) {
    const LabelledRows rows = noisy_octants(20000, 6, 10000, 12);
    TrainedForest trained = train(rows, {.n_estimators = 20});
    const Model model = model_of(std::move(trained.forest));
    EXPECT_LT(static_cast<double>(encode_model(model).size()), 10.0 * static_cast<double>(model.forest.n_nodes()));
}

TEST(ModelFile, TruncatedAtAnyByteIsRefused) { // FAULTS.md E01
    const std::string bytes = encode_model(tiny_model());
    for (std::size_t n = 1; n < bytes.size(); ++n) {
        expect_refused(bytes.substr(0, n), "truncated: needs ");
        expect_refused(bytes.substr(0, n), ", has " + std::to_string(n));
    }
}

TEST(ModelFile, AnyFlippedBitIsRefused) { // FAULTS.md E02
    const std::string bytes = encode_model(tiny_model());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string damaged = bytes;
            damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
            // The preamble says more than that the checksum is wrong: magic, version and size.
            const bool preamble = i < 12 || (i >= 16 && i < format::preamble_size);
            expect_refused(damaged, preamble ? "" : "the checksum does not match");
        }
    }
}

TEST(ModelFile, HostileTreesWithAValidChecksumAreRefused) { // FAULTS.md E03, E07-E09
    using File = OpenFile;
    // Preorder: inner x0, leaf, inner x1, leaf, leaf | leaf. Feature 2 marks a leaf.
    expect_hostile_refused([](File& f) { set<std::uint8_t>(f.sections[format::features], 0, 3); }, "feature 3 of 2");
    expect_hostile_refused([](File& f) { set<std::uint8_t>(f.sections[format::features], 0, 255); },
                           "feature 255 of 2");
    expect_hostile_refused([](File& f) { set<std::uint16_t>(f.sections[format::cuts], 0, 1); }, "threshold 1 of 1");
    expect_hostile_refused([](File& f) { set<std::uint8_t>(f.sections[format::leaf_distributions], 3, 3); },
                           "tree 1, node 0: the leaf refers to distribution 3 of 3");
    // A root that is a leaf leaves the rest unreachable; the leaf counts no longer fit either.
    expect_hostile_refused([](File& f) { set<std::uint8_t>(f.sections[format::features], 0, 2); }, "more leaves");
    expect_hostile_refused([](File& f) { set<std::uint8_t>(f.sections[format::features], 5, 0); }, "more inner nodes");
    expect_hostile_refused([](File& f) { std::swap(f.sections[format::features][0], f.sections[format::features][1]); },
                           "tree 0, node 1: no node leads here");
    expect_hostile_refused(
        [](File& f) {
            std::swap(f.sections[format::features][4], f.sections[format::features][5]),
                f.sections[format::features][4] = 0, f.sections[format::features][2] = 2;
        },
        "");
    expect_hostile_refused(
        [](File& f) {
            set<std::uint32_t>(f.sections[format::tree_sizes], 0, 4),
                set<std::uint32_t>(f.sections[format::tree_sizes], 1, 2);
        },
        "tree 0, node 3: the tree ends before its last leaf");
    expect_hostile_refused([](File& f) { set<std::uint32_t>(f.sections[format::tree_sizes], 0, 0xFFFFFFFFU); },
                           "tree 0: asks for more nodes");
    expect_hostile_refused(
        [](File& f) {
            set<std::uint32_t>(f.sections[format::tree_sizes], 0, 0);
            set<std::uint32_t>(f.sections[format::tree_sizes], 1, 6);
        },
        "tree 0, node 0: the tree has no nodes");
    expect_hostile_refused([](File& f) { set<std::uint32_t>(f.sections[format::tree_sizes], 1, 0); },
                           "belong to no tree");
    expect_hostile_refused([](File& f) { set<std::uint8_t>(f.sections[format::leaf_covers], 0, 0); }, "the cover");
}

TEST(ModelFile, HostileTablesWithAValidChecksumAreRefused) { // FAULTS.md E03, E09
    using File = OpenFile;
    expect_hostile_refused([](File& f) { set(f.sections[format::thresholds], 0, std::nanf("")); },
                           "thresholds of feature 0");
    expect_hostile_refused([](File& f) { set(f.sections[format::thresholds], 1, HUGE_VALF); },
                           "thresholds of feature 1");
    expect_hostile_refused([](File& f) { set(f.sections[format::thresholds], 2, 0.5F); }, "thresholds of feature 1");
    expect_hostile_refused([](File& f) { set<std::uint32_t>(f.sections[format::threshold_counts], 0, 0xFFFFFFFFU); },
                           "thresholds of feature 0");
    expect_hostile_refused([](File& f) { set<std::uint32_t>(f.sections[format::threshold_counts], 1, 1); },
                           "some belong to no feature");
    expect_hostile_refused([](File& f) { set<std::uint16_t>(f.sections[format::distributions], 4, 32767); },
                           "distribution 2: probabilities do not sum to 1");
}

TEST(ModelFile, HostileCountsAreComparedWithTheBytesThereAre) { // FAULTS.md E06
    for (const char* name :
         {"n_features", "n_classes", "n_trees", "n_nodes", "n_thresholds", "n_distributions", "depth"}) {
        for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{0xFFFFFFFF}, std::uint64_t{1} << 63U,
                                          ~std::uint64_t{0}, std::uint64_t{1} << 61U}) {
            expect_hostile_refused([&](OpenFile& f) { f.header[name] = value; }, "");
        }
        expect_hostile_refused([&](OpenFile& f) { f.header[name] = -1; }, name);
        expect_hostile_refused([&](OpenFile& f) { f.header[name] = 2.5; }, name);
        expect_hostile_refused([&](OpenFile& f) { f.header.erase(name); }, name);
    }
    expect_hostile_refused([](OpenFile& f) { f.header["depth"] = 1; }, "the trees are 2 deep"); // FAULTS.md E10
    expect_hostile_refused([](OpenFile& f) { f.header["n_nodes"] = 8; }, "");
    expect_hostile_refused([](OpenFile& f) { f.header["n_nodes"] = 7; }, "odd numbers of nodes");
    expect_hostile_refused([](OpenFile& f) { f.header["cover"] = "f64"; }, "must be u8, u16 or f32");
}

TEST(ModelFile, HostileTextsAreRefused) { // FAULTS.md E11
    using Names = std::vector<std::string>;
    expect_hostile_refused([](OpenFile& f) { f.header["features"] = Names{"B01", "B01"}; }, "the name occurs twice");
    expect_hostile_refused([](OpenFile& f) { f.header["features"] = Names{"B01"}; }, "one name per feature");
    expect_hostile_refused([](OpenFile& f) { f.header["features"] = Names{"B01", ""}; }, "is empty");
    expect_hostile_refused([](OpenFile& f) { f.header["features"] = Names{"B01", "a\x1b[31m"}; }, "a\\x1b[31m");
    expect_hostile_refused(
        [](OpenFile& f) {
            f.header["features"] = Names{"B01", std::string("a\0b", 3)};
        },
        "control characters");
    expect_hostile_refused([](OpenFile& f) { f.header["features"] = {"B01", 2}; }, "a name is not a text");
    expect_hostile_refused([](OpenFile& f) { f.header["legend"][0]["code"] = 0; }, "header.legend");
    expect_hostile_refused([](OpenFile& f) { f.header["legend"][0]["code"] = 2; }, "header.legend");
    expect_hostile_refused([](OpenFile& f) { f.header["legend"].erase(0); }, "one entry per class");
    expect_hostile_refused([](OpenFile& f) { f.header["recipe"] = 1; }, "header.recipe");
    expect_hostile_refused([](OpenFile& f) { f.header.erase("training"); }, "header.training");
    const OpenFile file(encode_model(tiny_model()));
    std::string bad_utf8 = file.header.dump();
    bad_utf8.replace(bad_utf8.find("B01"), 3, "\xff\xfe\xfd");
    expect_refused(file.close(bad_utf8), "is not a JSON object in UTF-8");
    expect_refused(file.close("[1]"), "is not a JSON object in UTF-8");
    expect_refused(file.close(std::string(100000, '[')), "is not a JSON object in UTF-8");
}

TEST(ModelFile, OtherFilesAreCalledByTheirName) { // FAULTS.md E04
    expect_refused("", "the file is empty");
    expect_refused("\x80\x04\x95 sklearn", "looks like a Python pickle");
    expect_refused("%YAML:1.0\n---\nopencv_ml_rtrees:", "OTB");
    expect_refused("{\"learner\":{}}", "looks like a JSON file");
    expect_refused("whatever this is", "is not an lcclass model");
}

TEST(ModelFile, OtherVersionsAreRefusedWithWhatToDo) { // FAULTS.md E05
    std::string bytes = encode_model(tiny_model());
    bytes[8] = 3;
    expect_refused(bytes,
                   "version=3: this lcclass reads model files of versions 1 and 2; fix: use the lcclass that made it");
    bytes[8] = 0;
    expect_refused(bytes, "version=0");
}

/// tiny_model() with training priors and a calibration.
Model calibrated_model(CalibrationMethod method) {
    Model model = tiny_model();
    model.training_priors = {0.3, 0.7};
    model.calibration.method = method;
    if (method == CalibrationMethod::isotonic) {
        model.calibration.curves = {{.votes = {0.1, 1.0 / 3}, .probability = {0, 0.9}},
                                    {.votes = {0.5}, .probability = {0.25}}};
    } else if (method == CalibrationMethod::sigmoid) {
        model.calibration.curves = {{.slope = -7.25, .intercept = 1.0 / 3}, {.slope = -1, .intercept = 0}};
    }
    return model;
}

TEST(ModelFile, KeepsPriorsAndCalibration) {
    for (const auto method : {CalibrationMethod::none, CalibrationMethod::isotonic, CalibrationMethod::sigmoid}) {
        const Model model = calibrated_model(method);
        const std::string bytes = encode_model(model);
        EXPECT_EQ(bytes[8], method == CalibrationMethod::none ? 1 : 2)
            << "programs that know version 1 alone must not use a calibrated model, but may use others";
        const Model read = decode_model(bytes, "m.lcm");
        EXPECT_EQ(read.training_priors, model.training_priors);
        EXPECT_EQ(read.calibration, model.calibration);
        EXPECT_EQ(encode_model(read), bytes);
    }
}

TEST(ModelFile, CalibrationsThatAreNoneAreRefused) {
    const auto refused = [](const std::function<void(OpenFile&)>& damage, const std::string& what) {
        OpenFile file(encode_model(calibrated_model(CalibrationMethod::isotonic)));
        damage(file);
        expect_refused(file.close(), what);
    };
    const auto curve = [](OpenFile& file) -> nlohmann::ordered_json& {
        return file.header["calibration"]["curves"][0];
    };
    refused([](OpenFile& f) { f.header.erase("calibration"); }, "is missing in a file of version 2");
    refused([](OpenFile& f) { f.version = 1; }, "is more than a file of version 1 can hold");
    refused([](OpenFile& f) { f.header["calibration"] = 5; }, "has no list of curves");
    refused([](OpenFile& f) { f.header["calibration"]["curves"] = "x"; }, "has no list of curves");
    refused([](OpenFile& f) { f.header["calibration"]["method"] = "none"; }, "must be isotonic or sigmoid");
    refused([](OpenFile& f) { f.header["calibration"]["method"] = "sigmoid"; }, "slope or intercept is missing");
    refused([](OpenFile& f) { f.header["calibration"]["curves"].erase(0); }, "must have 2 curves");
    refused([&](OpenFile& f) { curve(f) = 5; }, "an entry is not an object");
    refused([&](OpenFile& f) { curve(f)["votes"] = {0.1, "x"}; }, "a value is not a number");
    refused([&](OpenFile& f) { curve(f).erase("probability"); }, "is missing or not a list");
    refused([&](OpenFile& f) { curve(f)["votes"] = {0.5, 0.1}; }, "votes must ascend");
    refused([](OpenFile& f) { f.header["training_priors"] = {0.5, 0.25}; }, "one share per class and sum to 1");
    refused([](OpenFile& f) { f.header["training_priors"] = {1}; }, "one share per class and sum to 1");
    refused([](OpenFile& f) { f.header["training_priors"] = {1, 0}; }, "a share is not above 0");
    refused([](OpenFile& f) { f.header["training_priors"] = "x"; }, "is missing or not a list");
}

TEST(ModelFile, BytesThatBelongToNothingAreRefused) { // FAULTS.md E12
    const std::string bytes = encode_model(tiny_model());
    expect_refused(bytes + '\n', "bytes follow the end of the model");
    expect_refused(bytes + bytes, "bytes follow the end of the model");
    OpenFile longer(bytes);
    longer.sections[format::leaf_covers] += std::string(8, '\0');
    expect_refused(longer.close(), "bytes that no section accounts for");
    OpenFile padding(bytes);
    padding.sections[format::leaf_covers] += 'x';
    expect_refused(padding.close(), "bytes that no section accounts for");
}

/// A model as version 1 wrote it, for ever: the forest of tiny_model() with names and colours of its own.
constexpr std::string_view golden_1 =
    "894c434d0d0a1a0a0100000040010000c8010000000000007b226e5f6665617475726573223a322c226e5f636c6173736573"
    "223a322c226e5f7472656573223a322c226e5f6e6f646573223a362c226e5f7468726573686f6c6473223a332c226e5f6469"
    "73747269627574696f6e73223a332c22636f766572223a227538222c226465707468223a322c226665617475726573223a5b"
    "22423034222c224e445649225d2c226c6567656e64223a5b7b22636f6465223a332c226e616d65223a22776f6f646c616e64"
    "222c22636f6c6f72223a2223333361303263227d2c7b22636f6465223a372c226e616d65223a227761746572222c22636f6c"
    "6f72223a2223303030306666227d5d2c22726563697065223a227b5c2266656174757265735c223a5b5c224230345c222c5c"
    "224e4456495c225d7d222c22747261696e696e67223a227b5c22736565645c223a34327d227d202020202020010000000200"
    "00000000a0400000803f0000204000000000ffff00000000ffff0080ff7f0000000005000000010000000002010202020000"
    "000001000000000000010201000000000301020600000000c6d898b35718031867851fc05812372ed5e981db428a5ac92cbf"
    "7686b8095749";

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char c : bytes) {
        hex += digits[static_cast<unsigned char>(c) >> 4U];
        hex += digits[static_cast<unsigned char>(c) & 15U];
    }
    return hex;
}

TEST(ModelFile, OfVersionOneIsReadForEver) { // FAULTS.md E14
    const Model model = decode_model(from_hex(golden_1), "golden");
    EXPECT_EQ(model.feature_names, (std::vector<std::string>{"B04", "NDVI"}));
    EXPECT_EQ(model.legend, ClassLegend({{.code = 3, .name = "woodland", .color = {51, 160, 44}},
                                         {.code = 7, .name = "water", .color = {0, 0, 255}}}));
    EXPECT_EQ(model.recipe_json, R"({"features":["B04","NDVI"]})");
    EXPECT_EQ(model.training_json, R"({"seed":42})");
    EXPECT_EQ(model.forest.trees(), tiny_model().forest.trees());
    // Tree 0: x0 <= 5, then x1 <= 2.5, then half and half; tree 1 is always for the second class.
    const LabelledRows rows{.columns = {{5, 6, 6}, {9, 2.5F, 3}}, .class_index = {0, 0, 0}};
    std::vector<std::uint32_t> sums(6);
    model.forest.predict_sums(rows.view(), sums);
    EXPECT_THAT(sums, ::testing::ElementsAre(65535, 65535, 0, 131070, 32768, 98302));
}

TEST(ModelFile, HasTheBytesOfVersionOne) {
    Model model = tiny_model();
    model.feature_names = {"B04", "NDVI"};
    model.legend = ClassLegend(
        {{.code = 3, .name = "woodland", .color = {51, 160, 44}}, {.code = 7, .name = "water", .color = {0, 0, 255}}});
    model.recipe_json = R"({"features":["B04","NDVI"]})";
    EXPECT_EQ(to_hex(encode_model(model)), golden_1);
}

TEST(ModelFile, NumbersDoNotDependOnTheLocale) { // FAULTS.md E13
    const std::string bytes = encode_model(tiny_model());
    const std::string before = std::setlocale(LC_ALL, nullptr);
    for (const char* name : {"de_DE.UTF-8", "de_DE", "C"}) {
        (void)std::setlocale(LC_ALL, name); // the file holds no decimal text, whether or not the locale is installed
        EXPECT_EQ(encode_model(tiny_model()), bytes);
        EXPECT_EQ(encode_model(decode_model(bytes, "m.lcm")), bytes);
    }
    (void)std::setlocale(LC_ALL, before.c_str());
}

} // namespace
} // namespace lcclass
