// The forest of lcclass as one of the programs that bench.py compares: fits or predicts on .npy arrays, prints one
// JSON line. All of them understand the same words (worker.py):
//
//   forest_bench fit     data=DIR variant=f6 rows=N depth=D(0: unlimited) trees=T seed=S threads=P model=FILE
//   forest_bench predict data=DIR variant=f6 pixels=N what=classes|probabilities threads=P model=FILE
//   forest_bench explain data=DIR variant=f6 pixels=N array=image|X_test what=classes|winner threads=P model=FILE
//                        [values=FILE: 64-bit floats by row, class and feature]
//   forest_bench trees   threads=P model=FILE out=FILE (JSON, for tools that explain other programs' trees)
//
// DIR holds X_train_<v>.npy, y_train_<v>.npy, X_test_<v>.npy, y_test_<v>.npy, image_<v>.npy and labels_<v>.npy.

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/random_forest.h"
#include "lcclass/forest/tree_shap.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace lcclass;

using Words = std::map<std::string, std::string>;
using Figures = std::vector<std::pair<std::string, double>>;

constexpr int n_classes = 8;

// ---- What is measured. Calls of the forest are here and nowhere else.

constexpr std::int64_t chunk_rows = 65536;

std::vector<std::int32_t> predict_classes(const RandomForest& forest, const FeatureView& rows) {
    std::vector<std::int32_t> classes(static_cast<std::size_t>(rows.n_rows));
    forest.predict_classes(rows, classes);
    return classes;
}

std::vector<float> predict_probabilities(const RandomForest& forest, const FeatureView& rows) {
    const auto k = static_cast<std::size_t>(forest.n_classes());
    const float scale = 1.0F / (static_cast<float>(forest.n_trees()) * static_cast<float>(forest.probability_one));
    std::vector<std::uint32_t> sums(static_cast<std::size_t>(rows.n_rows) * k);
    forest.predict_sums(rows, sums);
    std::vector<float> probabilities(sums.size());
    tbb::parallel_for(std::size_t{0}, sums.size() / k, [&](std::size_t row) {
        for (std::size_t i = row * k; i < (row + 1) * k; ++i) {
            probabilities[i] = static_cast<float>(sums[i]) * scale;
        }
    });
    return probabilities;
}

TrainedForest fit_forest(const FeatureView& rows, std::span<const std::int32_t> classes, const Words& words) {
    const auto number = [&](const char* name) { return parse_int(words.at(name)).value(); };
    const RandomForestOptions options{.n_estimators = static_cast<int>(number("trees")),
                                      .max_depth = static_cast<int>(number("depth")),
                                      .oob_score = false,
                                      .seed = static_cast<std::uint64_t>(number("seed"))};
    return train_random_forest({.features = rows, .class_index = classes, .n_classes = n_classes}, options,
                               silent_progress());
}

/// Features are named f0, f1, ... and classes 1 to 8, as in the images of the workload.
std::string encode_forest(RandomForest forest) {
    std::vector<LandCoverClass> classes;
    for (int k = 0; k < forest.n_classes(); ++k) {
        classes.push_back({.code = k + 1, .name = "class " + std::to_string(k + 1), .color = default_color(k)});
    }
    std::vector<std::string> names;
    for (int f = 0; f < forest.n_features(); ++f) {
        names.push_back("f" + std::to_string(f));
    }
    return encode_model({.forest = std::move(forest),
                         .feature_names = std::move(names),
                         .legend = ClassLegend(std::move(classes)),
                         .recipe_json = {},
                         .training_json = {}});
}

RandomForest load_forest(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return decode_model(std::move(bytes).str(), path).forest;
}

// ---- Clocks

/// Wall and CPU seconds since it was made.
class Clock {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }
    [[nodiscard]] double cpu_seconds() const { return cpu_of_process() - m_cpu; }

private:
    static double cpu_of_process() {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    }

    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    double m_cpu = cpu_of_process();
};

/// Largest resident memory so far, in MiB. Not getrusage's figure: that one starts at what the parent process had.
double peak_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::stod(line.substr(6)) / 1024;
        }
    }
    throw std::runtime_error("/proc/self/status has no VmHWM");
}

// ---- Arrays

/// A one-byte or two-byte unsigned array of numpy, read from the front in rows of `n_columns`.
struct Array {
    std::int64_t n_rows = 1;
    std::int64_t n_columns = 1;
    std::size_t item_size = 2;
    std::ifstream file;

    [[nodiscard]] std::vector<std::uint16_t> read_rows(std::int64_t n) {
        const auto n_items = static_cast<std::size_t>(n * n_columns);
        std::vector<std::uint8_t> bytes(n_items * item_size);
        file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        std::vector<std::uint16_t> items(n_items);
        for (std::size_t i = 0; i < n_items; ++i) {
            items[i] = item_size == 1 ? bytes[i] : static_cast<std::uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8);
        }
        return items;
    }
};

Array open_npy(const std::string& path, bool last_axis_is_columns) {
    Array array;
    array.file.open(path, std::ios::binary);
    std::string start(10, '\0');
    array.file.read(start.data(), 10);
    if (!array.file || start.substr(1, 5) != "NUMPY") {
        throw std::runtime_error(path + " is not a .npy file; make it with workload.py");
    }
    const auto size = static_cast<unsigned char>(start[8]) + 256U * static_cast<unsigned char>(start[9]);
    std::string header(size, '\0');
    array.file.read(header.data(), size);
    array.item_size = header.find("u1") != std::string::npos ? 1 : 2;
    const std::size_t open = header.find('(');
    std::vector<std::int64_t> sizes;
    for (const std::string& part : split(header.substr(open + 1, header.find(')') - open - 1), ',')) {
        if (const auto axis = parse_int(trim(part))) {
            sizes.push_back(*axis);
        }
    }
    for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
        (last_axis_is_columns && axis + 1 == sizes.size() ? array.n_columns : array.n_rows) *= sizes[axis];
    }
    return array;
}

/// The first rows of an array as columns; 0: all.
struct Table {
    std::vector<std::vector<float>> columns;

    [[nodiscard]] FeatureView view(std::int64_t most_rows) const {
        FeatureView result;
        for (const auto& column : columns) {
            result.columns.push_back(column.data());
        }
        result.n_rows = std::min(most_rows, static_cast<std::int64_t>(columns[0].size()));
        return result;
    }
    [[nodiscard]] FeatureView view() const { return view(static_cast<std::int64_t>(columns[0].size())); }
};

Table read_features(const std::string& path, std::int64_t n_rows) {
    Array array = open_npy(path, true);
    const std::int64_t n = n_rows > 0 ? std::min(n_rows, array.n_rows) : array.n_rows;
    Table table;
    table.columns.assign(static_cast<std::size_t>(array.n_columns), std::vector<float>(static_cast<std::size_t>(n)));
    for (std::int64_t first = 0; first < n; first += chunk_rows) {
        const std::vector<std::uint16_t> items = array.read_rows(std::min(chunk_rows, n - first));
        for (std::size_t i = 0; i < items.size(); ++i) {
            table.columns[i % table.columns.size()][static_cast<std::size_t>(first) + i / table.columns.size()] =
                static_cast<float>(items[i]);
        }
    }
    return table;
}

/// Codes 1..8 as indices 0..7.
std::vector<std::int32_t> read_classes(const std::string& path, std::int64_t n_rows) {
    Array array = open_npy(path, false);
    const std::vector<std::uint16_t> codes =
        array.read_rows(n_rows > 0 ? std::min(n_rows, array.n_rows) : array.n_rows);
    std::vector<std::int32_t> classes(codes.size());
    std::transform(codes.begin(), codes.end(), classes.begin(), [](std::uint16_t code) { return code - 1; });
    return classes;
}

// ---- The commands

double accuracy(const std::vector<std::int32_t>& predicted, const std::vector<std::int32_t>& truth) {
    std::int64_t right = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        right += predicted[i] == truth[i] ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(truth.size());
}

std::string file_of(const Words& words, const std::string& array) {
    return words.at("data") + "/" + array + "_" + words.at("variant") + ".npy";
}

Figures fit(const Words& words) {
    const std::int64_t n_rows = parse_int(words.at("rows")).value();
    const Table rows = read_features(file_of(words, "X_train"), n_rows);
    const std::vector<std::int32_t> classes = read_classes(file_of(words, "y_train"), n_rows);
    const double data_mb = peak_mb();
    const Clock clock;
    TrainedForest trained = fit_forest(rows.view(), classes, words);
    Figures figures = {{"seconds", clock.seconds()},
                       {"cpu_seconds", clock.cpu_seconds()},
                       {"data_mb", data_mb},
                       {"peak_mb", peak_mb()},
                       {"nodes", static_cast<double>(trained.forest.n_nodes())}};
    const std::string bytes = encode_forest(std::move(trained.forest));
    std::ofstream(words.at("model"), std::ios::binary) << bytes;
    const Clock load_clock;
    const RandomForest forest = load_forest(words.at("model"));
    figures.emplace_back("load_seconds", load_clock.seconds());
    figures.emplace_back("model_mb", static_cast<double>(bytes.size()) / 1e6);
    const Table test = read_features(file_of(words, "X_test"), 0);
    const std::vector<std::int32_t> truth = read_classes(file_of(words, "y_test"), 0);
    figures.emplace_back("accuracy", accuracy(predict_classes(forest, test.view()), truth));
    return figures;
}

Figures predict(const Words& words) {
    const std::int64_t n_pixels = parse_int(words.at("pixels")).value();
    const RandomForest forest = load_forest(words.at("model"));
    const Table image = read_features(file_of(words, "image"), n_pixels);
    const std::vector<std::int32_t> truth = read_classes(file_of(words, "labels"), n_pixels);
    Figures figures = {{"pixels", static_cast<double>(truth.size())}};
    (void)predict_classes(forest, image.view(chunk_rows)); // touches the model, as every program here does
    const Clock clock;
    if (words.at("what") == "classes") {
        const std::vector<std::int32_t> map = predict_classes(forest, image.view());
        figures.insert(figures.end(), {{"seconds", clock.seconds()}, {"cpu_seconds", clock.cpu_seconds()}});
        figures.emplace_back("accuracy", accuracy(map, truth));
    } else {
        (void)predict_probabilities(forest, image.view());
        figures.insert(figures.end(), {{"seconds", clock.seconds()}, {"cpu_seconds", clock.cpu_seconds()}});
    }
    figures.emplace_back("peak_mb", peak_mb());
    return figures;
}

/// SHAP values of all classes, or of the winning one.
Figures explain(const Words& words) {
    const RandomForest forest = load_forest(words.at("model"));
    const Table rows = read_features(file_of(words, words.at("array")), parse_int(words.at("pixels")).value());
    const FeatureView view = rows.view();
    const auto n = static_cast<std::size_t>(view.n_rows);
    const bool all = words.at("what") == "classes";
    std::vector<double> values(n * rows.columns.size() * (all ? static_cast<std::size_t>(forest.n_classes()) : 1));
    const Clock load_clock;
    const TreeShap shap(forest);
    Figures figures = {{"rows", static_cast<double>(n)}, {"prepare_seconds", load_clock.seconds()}};
    const Clock clock;
    if (all) {
        shap.explain(view, values);
    } else {
        shap.explain_classes(view, predict_classes(forest, view), values);
    }
    figures.insert(figures.end(), {{"seconds", clock.seconds()}, {"cpu_seconds", clock.cpu_seconds()}});
    figures.emplace_back("peak_mb", peak_mb());
    if (words.contains("values")) {
        std::ofstream file(words.at("values"), std::ios::binary);
        file.write(reinterpret_cast<const char*>(values.data()),
                   static_cast<std::streamsize>(values.size() * sizeof(double)));
    }
    return figures;
}

template <class Value>
void write_list(std::ostream& out, const char* name, std::size_t n, const Value& value_of) {
    out << '"' << name << "\": [";
    for (std::size_t i = 0; i < n; ++i) {
        out << (i > 0 ? "," : "") << format_number(value_of(i));
    }
    out << "]";
}

void write_tree(std::ostream& out, const RandomForest& forest, const RandomForest::Tree& tree) {
    const auto node_list = [&](const char* name, const auto& of_inner, double of_leaf) {
        write_list(out, name, tree.nodes.size(), [&](std::size_t i) {
            return tree.nodes[i].is_leaf() ? of_leaf : static_cast<double>(of_inner(i, tree.nodes[i]));
        });
        out << ",\n";
    };
    using Node = RandomForest::Node;
    out << "{";
    node_list(
        "children_left", [](std::size_t i, const Node&) { return i + 1; }, -1);
    node_list(
        "children_right", [](std::size_t, const Node& node) { return node.right; }, -1);
    node_list(
        "features", [](std::size_t, const Node& node) { return node.feature(); }, -2);
    node_list(
        "thresholds", [&](std::size_t, const Node& node) { return forest.threshold(node); }, 0);
    write_list(out, "node_sample_weight", tree.nodes.size(), [&](std::size_t i) { return double{tree.cover[i]}; });
    out << ",\n\"values\": [";
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        out << (i > 0 ? "," : "") << "[";
        for (std::size_t k = 0; k < static_cast<std::size_t>(forest.n_classes()); ++k) {
            const bool is_leaf = tree.nodes[i].is_leaf();
            out << (k > 0 ? "," : "") << format_number(is_leaf ? forest.distribution(tree.nodes[i])[k] / 65535.0 : 0.0);
        }
        out << "]";
    }
    out << "]}";
}

Figures write_trees(const Words& words) {
    const RandomForest forest = load_forest(words.at("model"));
    std::ofstream out(words.at("out"));
    const char* separator = "[";
    for (const RandomForest::Tree& tree : forest.trees()) {
        out << std::exchange(separator, ",\n");
        write_tree(out, forest, tree);
    }
    out << "]\n";
    return {{"trees", static_cast<double>(forest.n_trees())}};
}

Words words_of(int argc, char** argv) {
    Words words;
    for (int i = 2; i < argc; ++i) {
        const std::string word = argv[i];
        words[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
    }
    return words;
}

void run(const std::string& command, const Words& words) {
    const std::map<std::string, Figures (*)(const Words&)> commands = {
        {"fit", fit}, {"predict", predict}, {"explain", explain}, {"trees", write_trees}};
    if (!commands.contains(command)) {
        throw std::runtime_error("usage: forest_bench fit|predict|explain|trees NAME=VALUE...");
    }
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                      static_cast<std::size_t>(parse_int(words.at("threads")).value()));
    const char* separator = "{";
    for (const auto& [name, value] : commands.at(command)(words)) {
        std::cout << std::exchange(separator, ", ") << '"' << name << "\": " << format_number(value);
    }
    std::cout << "}\n";
}

} // namespace

int main(int argc, char** argv) {
    try {
        run(argc > 1 ? argv[1] : "", words_of(argc, argv));
    } catch (const std::exception& error) {
        std::cerr << "forest_bench: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
