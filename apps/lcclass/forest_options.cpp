#include "forest_options.h"

#include "command_line.h"

namespace lcclass {

void add_forest_options(CLI::App& app, ForestArguments& arguments) {
    RandomForestOptions& options = arguments.options;
    app.add_option("--n-estimators", options.n_estimators, "trees");
    app.add_option("--max-depth", options.max_depth, "levels below the root, 0: no limit");
    some_words(
        value_option(app, "--max-features", options.max_features.text, "sqrt, log2, all, a fraction (0.5) or a count"),
        {"sqrt", "log2", "all"});
    app.add_option("--min-samples-split", options.min_samples_split, "rows a node needs to be split");
    app.add_option("--min-samples-leaf", options.min_samples_leaf, "rows a leaf must keep");
    app.add_option("--max-samples", options.max_samples, "draws per tree: fraction up to 1, or count; 0: all rows");
    app.add_option("--bootstrap", options.bootstrap, "draw rows with replacement");
    only_words(app.add_option("--class-weight", arguments.class_weight, "none, balanced or balanced_subsample"),
               {"none", "balanced", "balanced_subsample"});
    only_words(app.add_option("--criterion", arguments.criterion, "gini or entropy"), {"gini", "entropy"});
    app.add_option("--max-bins", options.max_bins, "distinct values kept per feature");
}

RandomForestOptions to_forest_options(const ForestArguments& arguments, std::uint64_t seed) {
    RandomForestOptions options = arguments.options;
    options.class_weight = parse_class_weight(arguments.class_weight);
    options.criterion = parse_split_criterion(arguments.criterion);
    options.seed = seed;
    check_options(options, 0);
    return options;
}

SampleFileOptions file_options(const SampleArguments& arguments) {
    SampleFileOptions options = arguments.file;
    options.features = whole_items(options.features);
    return options;
}

void add_sample_options(CLI::App& app, SampleArguments& arguments) {
    path_option(app, "--samples", arguments.samples, "sample table: .gpkg, .fgb or .csv [samples.gpkg]");
    list_option(app, "--features", arguments.file.features, "columns to use [all that sample wrote]");
    add_sample_column_options(app, arguments);
}

void add_sample_column_options(CLI::App& app, SampleArguments& arguments) {
    app.add_option("--layer", arguments.file.layer, "layer of the table, when it has several");
    app.add_option("--class-field", arguments.file.class_field, "column with the class [class_code]");
    app.add_option("--group-field", arguments.file.group_field, "column whose values must not straddle folds");
    some_words(path_or_word_option(app, "--class-map", arguments.file.class_map, "file, lucas-level1 or lucas-level2"),
               class_map_words());
}

} // namespace lcclass
