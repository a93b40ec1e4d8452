/// The options of `stack` that say which features are made, and what the library calls them.
/// Values and free functions; the thread that parses.
#pragma once

#include "lcclass/features/feature_recipe.h"

#include <CLI/App.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace lcclass {

struct FeatureArguments {
    std::vector<std::string> features;
    std::vector<std::string> definitions;
    std::vector<std::string> masks;
    std::int64_t mask_dilation = 0;
    std::string composite;
    std::string period = "all";
    std::vector<std::string> gap_fill; ///< START,END,DAYS or dates
    std::string gap_fill_ends = "nodata";
    std::vector<std::string> components;
    int n_components = 3;
    bool standardize = false;
};

/// Headings of options in `stack --help`.
inline constexpr const char* features_group = "Features (docs/features.md)";
inline constexpr const char* several_dates_group = "Several dates";

/// `--features`, `--index`, `--mask`, ...
void add_feature_options(CLI::App& app, FeatureArguments& arguments);

/// Throws Error(command_line) naming an option and its value when it cannot be meant.
FeatureRequest to_feature_request(const FeatureArguments& arguments);

} // namespace lcclass
