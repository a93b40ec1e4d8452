/// What SHAP values are reckoned against: the training draws of the forest, or samples as a background.
/// Belongs to one thread.
#pragma once

#include "forest_options.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/tree_shap.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

struct BackgroundArguments {
    std::int64_t rows = 0; ///< 0: path-dependent values
};

void add_background_options(CLI::App& app, BackgroundArguments& arguments);
/// Throws Error(configuration) for a number out of range.
void check_background_options(const BackgroundArguments& arguments);

/// Interventional against so many of the samples, drawn by the seed, or path-dependent without. Keeps a reference to
/// the forest of `model`. Throws Error(model) when the samples lack features of the model.
std::unique_ptr<const TreeShap> make_tree_shap(const Model& model, const SampleTable& samples,
                                               const std::filesystem::path& samples_path,
                                               const BackgroundArguments& arguments, std::uint64_t seed);

/// `path-dependent`, or `interventional, 100 background rows`.
std::string shap_kind(const TreeShap& shap);

/// `wanted` of `n` rows without replacement, ascending, by seed and stream; 0 wants all.
std::vector<std::int64_t> draw_rows(std::int64_t n, std::int64_t wanted, std::uint64_t seed, std::uint64_t stream);

} // namespace lcclass
