#include "forest/model_format.h"
#include "lcclass/core/error.h"
#include "lcclass/forest/model.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <span>

namespace lcclass {

namespace {

using namespace model_format;

template <class T>
void put(std::string& bytes, T value) {
    std::array<char, sizeof value> raw{};
    std::memcpy(raw.data(), &value, sizeof value);
    bytes.append(raw.data(), raw.size());
}

void put_unsigned(std::string& bytes, std::uint32_t value, std::size_t width) {
    std::array<char, sizeof value> raw{};
    std::memcpy(raw.data(), &value, sizeof value);
    bytes.append(raw.data(), width);
}

void pad(std::string& bytes) {
    bytes.resize(padded(bytes.size()), '\0');
}

template <class Visit>
void for_each_node(const RandomForest& forest, Visit&& visit) {
    for (const RandomForest::Tree& tree : forest.trees()) {
        for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
            visit(tree.nodes[i], tree.cover[i]);
        }
    }
}

Counts count(const RandomForest& forest) {
    Counts counts{.n_features = static_cast<std::uint64_t>(forest.n_features()),
                  .n_classes = static_cast<std::uint64_t>(forest.n_classes()),
                  .n_trees = static_cast<std::uint64_t>(forest.n_trees()),
                  .n_nodes = static_cast<std::uint64_t>(forest.n_nodes()),
                  .n_distributions = forest.distributions().size() / static_cast<std::size_t>(forest.n_classes()),
                  .cover = CoverType::u8};
    for (const auto& list : forest.thresholds()) {
        counts.n_thresholds += list.size();
    }
    for_each_node(forest, [&](const RandomForest::Node& node, float cover) {
        if (node.is_leaf()) {
            const bool whole = cover == std::floor(cover) && cover <= 65535;
            counts.cover = std::max(counts.cover, !whole        ? CoverType::f32
                                                  : cover > 255 ? CoverType::u16
                                                                : CoverType::u8);
        }
    });
    return counts;
}

nlohmann::ordered_json calibration_of(const ProbabilityCalibration& calibration) {
    auto json = nlohmann::ordered_json();
    json["method"] = to_string(calibration.method);
    for (const CalibrationCurve& curve : calibration.curves) {
        auto& entry = json["curves"].emplace_back();
        if (calibration.method == CalibrationMethod::isotonic) {
            entry["votes"] = curve.votes;
            entry["probability"] = curve.probability;
        } else {
            entry["slope"] = curve.slope;
            entry["intercept"] = curve.intercept;
        }
    }
    return json;
}

std::string header_of(const Model& model, const Counts& counts) {
    auto header = nlohmann::ordered_json();
    header["n_features"] = counts.n_features;
    header["n_classes"] = counts.n_classes;
    header["n_trees"] = counts.n_trees;
    header["n_nodes"] = counts.n_nodes;
    header["n_thresholds"] = counts.n_thresholds;
    header["n_distributions"] = counts.n_distributions;
    header["cover"] = cover_words[static_cast<std::size_t>(counts.cover)];
    header["depth"] = model.forest.depth();
    header["features"] = model.feature_names;
    header["legend"] = nlohmann::ordered_json::parse(model.legend.to_json());
    header["recipe"] = model.recipe_json;
    header["training"] = model.training_json;
    if (!model.training_priors.empty()) {
        header["training_priors"] = model.training_priors;
    }
    if (model.calibration.method != CalibrationMethod::none) {
        header["calibration"] = calibration_of(model.calibration);
    }
    return header.dump();
}

void put_tables(std::string& bytes, const RandomForest& forest) {
    for (const auto& list : forest.thresholds()) {
        put(bytes, static_cast<std::uint32_t>(list.size()));
    }
    pad(bytes);
    for (const auto& list : forest.thresholds()) {
        for (const float threshold : list) {
            put(bytes, threshold);
        }
    }
    pad(bytes);
    for (const std::uint16_t value : forest.distributions()) {
        put(bytes, value);
    }
    pad(bytes);
}

void put_nodes(std::string& bytes, const RandomForest& forest, const Counts& counts) {
    for (const RandomForest::Tree& tree : forest.trees()) {
        put(bytes, static_cast<std::uint32_t>(tree.nodes.size()));
    }
    pad(bytes);
    for_each_node(forest, [&](const RandomForest::Node& node, float) {
        const auto leaf_mark = static_cast<std::uint32_t>(counts.n_features);
        put_unsigned(bytes, node.is_leaf() ? leaf_mark : node.feature(), counts.feature_width());
    });
    pad(bytes);
    for_each_node(forest, [&](const RandomForest::Node& node, float) {
        if (!node.is_leaf()) {
            put_unsigned(bytes, node.cut(), 2);
        }
    });
    pad(bytes);
    for_each_node(forest, [&](const RandomForest::Node& node, float) {
        if (node.is_leaf()) {
            put_unsigned(bytes, node.distribution(), counts.distribution_width());
        }
    });
    pad(bytes);
    for_each_node(forest, [&](const RandomForest::Node& node, float cover) {
        if (node.is_leaf() && counts.cover == CoverType::f32) {
            put(bytes, cover);
        } else if (node.is_leaf()) {
            put_unsigned(bytes, static_cast<std::uint32_t>(cover), width_of(counts.cover));
        }
    });
    pad(bytes);
}

} // namespace

std::string encode_model(const Model& model) {
    const Counts counts = count(model.forest);
    if (model.feature_names.size() != counts.n_features ||
        static_cast<std::uint64_t>(model.legend.size()) != counts.n_classes) {
        throw Error(ExitCode::internal, {.where = "model",
                                         .field = "features=" + std::to_string(model.feature_names.size()) +
                                                  ", classes=" + std::to_string(model.legend.size()),
                                         .problem = "names and legend do not match the forest",
                                         .fix = "report this"});
    }
    std::string header = header_of(model, counts);
    header.resize(padded(header.size()), ' ');
    std::uint64_t size = preamble_size + header.size() + digest_size;
    for (const std::uint64_t section : section_sizes(counts)) {
        size += padded(section);
    }
    std::string bytes;
    bytes.reserve(size);
    bytes += magic;
    put(bytes, model.calibration.method == CalibrationMethod::none ? uncalibrated_version : version);
    put(bytes, static_cast<std::uint32_t>(header.size()));
    put(bytes, size);
    bytes += header;
    put_tables(bytes, model.forest);
    put_nodes(bytes, model.forest, counts);
    bytes += digest_of(bytes);
    return bytes;
}

} // namespace lcclass
