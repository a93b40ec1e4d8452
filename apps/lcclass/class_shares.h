/// `--class-priors` and `--class-priors-from`: the class shares of the land that a map is made of.
/// Free functions of one thread.
#pragma once

#include "lcclass/core/class_legend.h"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lcclass {

struct ClassShareArguments {
    std::string stated; ///< `1=0.3;2=0.7`
    std::string from;   ///< `estimate` or a file

    [[nodiscard]] bool given() const { return !stated.empty() || !from.empty(); }
    [[nodiscard]] bool estimated() const { return from == "estimate"; }
};

void add_class_share_options(CLI::App& app, ClassShareArguments& arguments);
/// The file that is read, or an empty path. Throws Error(command_line) when both options are given.
std::filesystem::path class_share_file(const ClassShareArguments& arguments);

/// Shares in the order of `legend`, summing to 1, from what was stated or from the file: an `accuracy.json` of assess
/// with a reference sample, or a CSV with the columns `class_code` and `share`.
/// Throws Error(configuration) or, for a file, Error(input): a share that is no number from 0 to 1, a class that the
/// model does not know, that is missing or named twice, a sum that is off from 1 by more than 1e-6.
/// Requires: given, and not estimated.
std::vector<double> read_class_shares(const ClassShareArguments& arguments, const ClassLegend& legend);

/// `1=0.3;2=0.7`, for the record.
std::string class_shares_text(const std::vector<double>& shares, const ClassLegend& legend);

} // namespace lcclass
