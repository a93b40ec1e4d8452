/// Small tables and forests that several tests of the forest layer use.
#pragma once

#include "lcclass/core/rng.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/random_forest.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace lcclass::test {

/// Rows with features in columns and a class each.
struct LabelledRows {
    std::vector<std::vector<float>> columns;
    std::vector<std::int32_t> class_index;
    int n_classes = 2;

    [[nodiscard]] FeatureView view() const {
        FeatureView result;
        for (const auto& column : columns) {
            result.columns.push_back(column.data());
        }
        result.n_rows = static_cast<std::int64_t>(class_index.size());
        return result;
    }
    [[nodiscard]] TrainingSet training_set() const {
        return {.features = view(), .class_index = class_index, .n_classes = n_classes};
    }
};

/// `n_features` uniform features on 0..levels-1; the class is the octant of the first three, with 20 % of labels at
/// random, so that deep trees and mixed leaves occur.
inline LabelledRows noisy_octants(std::size_t n_rows, std::size_t n_features, std::uint64_t levels,
                                  std::uint64_t seed) {
    LabelledRows rows;
    rows.n_classes = 8;
    rows.columns.resize(n_features);
    Rng rng(seed, 0);
    for (std::size_t i = 0; i < n_rows; ++i) {
        std::int32_t octant = 0;
        for (std::size_t f = 0; f < n_features; ++f) {
            const std::uint64_t value = rng.below(levels);
            rows.columns[f].push_back(static_cast<float>(value));
            if (f < 3 && 2 * value >= levels) {
                octant += 1 << f;
            }
        }
        const bool noise = rng.below(5) == 0;
        const auto random_class = static_cast<std::int32_t>(rng.below(8));
        rows.class_index.push_back(noise ? random_class : octant);
    }
    return rows;
}

inline TrainedForest train(const LabelledRows& rows, const RandomForestOptions& options) {
    return train_random_forest(rows.training_set(), options, silent_progress());
}

inline std::vector<double> probabilities(const RandomForest& forest, const FeatureView& rows) {
    std::vector<std::uint32_t> sums(static_cast<std::size_t>(rows.n_rows * forest.n_classes()));
    forest.predict_sums(rows, sums);
    std::vector<double> result;
    for (const std::uint32_t sum : sums) {
        result.push_back(sum / (static_cast<double>(forest.n_trees()) * RandomForest::probability_one));
    }
    return result;
}

/// Everything of a tree that does not depend on how the forest numbers thresholds and distributions.
inline std::string describe_tree(const RandomForest& forest, std::size_t tree, int max_depth) {
    struct Item {
        std::uint32_t node;
        int depth;
    };
    const RandomForest::Tree& t = forest.trees()[tree];
    std::string text;
    std::vector<Item> stack = {{.node = 0, .depth = 0}};
    while (!stack.empty()) {
        const Item item = stack.back();
        stack.pop_back();
        const RandomForest::Node& node = t.nodes[item.node];
        text += std::to_string(t.cover[item.node]);
        if (node.is_leaf() || item.depth == max_depth) {
            text += item.depth == max_depth ? " cut\n" : " leaf";
            if (item.depth != max_depth) {
                for (const std::uint16_t value : forest.distribution(node)) {
                    text += ' ' + std::to_string(value);
                }
                text += '\n';
            }
            continue;
        }
        text += " x" + std::to_string(node.feature()) + " <= " + std::to_string(forest.threshold(node)) + '\n';
        stack.push_back({.node = node.right, .depth = item.depth + 1});
        stack.push_back({.node = item.node + 1, .depth = item.depth + 1});
    }
    return text;
}

/// A forest with names and a legend: codes 1..n_classes.
inline Model model_of(RandomForest forest) {
    std::vector<std::string> names;
    for (int f = 0; f < forest.n_features(); ++f) {
        names.push_back(std::string("B0").append(std::to_string(f + 1)));
    }
    std::vector<LandCoverClass> classes;
    for (int k = 0; k < forest.n_classes(); ++k) {
        classes.push_back(
            {.code = k + 1, .name = std::string("class ").append(std::to_string(k + 1)), .color = default_color(k)});
    }
    return {.forest = std::move(forest),
            .feature_names = std::move(names),
            .legend = ClassLegend(std::move(classes)),
            .recipe_json = R"({"features":["B01"]})",
            .training_json = R"({"seed":42})"};
}

} // namespace lcclass::test
