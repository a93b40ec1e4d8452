/// The forest's options and those of sample tables, as `cv`, `train` and `explain` share them.
/// Belongs to one thread.
#pragma once

#include "lcclass/forest/random_forest.h"
#include "lcclass/geo/sample_file.h"

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace lcclass {

/// scikit-learn's parameters, as texts where the command line has words.
struct ForestArguments {
    RandomForestOptions options;
    std::string class_weight = "none";
    std::string criterion = "gini";
};

void add_forest_options(CLI::App& app, ForestArguments& arguments);
/// Throws Error(command_line) for unknown words, Error(configuration) for values out of range.
RandomForestOptions to_forest_options(const ForestArguments& arguments, std::uint64_t seed);

struct SampleArguments {
    std::filesystem::path samples;
    SampleFileOptions file;
};

/// `--samples`, and for tables that `sample` did not make `--layer`, `--class-field`, `--features`, `--group-field`,
/// `--class-map`.
void add_sample_options(CLI::App& app, SampleArguments& arguments);
/// The latter but `--features`, for commands that know the table and its features from a model.
void add_sample_column_options(CLI::App& app, SampleArguments& arguments);

/// How the table is to be read.
SampleFileOptions file_options(const SampleArguments& arguments);

} // namespace lcclass
