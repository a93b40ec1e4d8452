// One random-forest configuration on the bench workload; prints one JSON line.
// usage: BENCH_DATA=DIR forest_bench VARIANT N DEPTH(0=unlimited) TREES SEEDS [THREADS [oob]]
// DIR holds X_train_<v>.npy, y_train_<v>.npy, X_test_<v>.npy, y_test_<v>.npy, image_<v>.npy and labels_<v>.npy.

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/random_forest.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace lcclass;

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// CPU seconds of the process: comparable also while others use the machine.
double cpu_now() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

double peak_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// A two-byte or one-byte unsigned array of numpy, rows by columns (images are flattened to rows).
struct Array {
    std::int64_t n_rows = 1;
    std::int64_t n_columns = 1;
    std::size_t item_size = 2;
    std::ifstream file;

    [[nodiscard]] std::uint32_t next() {
        std::uint32_t value = 0;
        file.read(reinterpret_cast<char*>(&value), static_cast<std::streamsize>(item_size));
        return value;
    }
};

Array open_npy(const std::string& path, bool last_axis_is_columns) {
    Array array;
    array.file.open(path, std::ios::binary);
    std::string start(10, '\0');
    array.file.read(start.data(), 10);
    if (!array.file || start.substr(1, 5) != "NUMPY") {
        throw std::runtime_error(path + " is not a .npy file; make it with gen_data.py");
    }
    std::string header(
        static_cast<std::size_t>(static_cast<unsigned char>(start[8]) + 256 * static_cast<unsigned char>(start[9])),
        '\0');
    array.file.read(header.data(), static_cast<std::streamsize>(header.size()));
    array.item_size = header.find("u1") != std::string::npos ? 1 : 2;
    const std::size_t open = header.find('(');
    const std::vector<std::string> shape = split(header.substr(open + 1, header.find(')') - open - 1), ',');
    std::vector<std::int64_t> sizes;
    for (const std::string& part : shape) {
        if (const auto size = parse_int(trim(part))) {
            sizes.push_back(*size);
        }
    }
    for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
        (last_axis_is_columns && axis + 1 == sizes.size() ? array.n_columns : array.n_rows) *= sizes[axis];
    }
    return array;
}

struct Table {
    std::vector<std::vector<float>> columns;
    [[nodiscard]] FeatureView view() const {
        FeatureView result;
        for (const auto& column : columns) {
            result.columns.push_back(column.data());
        }
        result.n_rows = static_cast<std::int64_t>(columns[0].size());
        return result;
    }
};

Table read_features(const std::string& path, std::int64_t n_rows) {
    Array array = open_npy(path, true);
    const std::int64_t n = n_rows > 0 ? std::min(n_rows, array.n_rows) : array.n_rows;
    Table table;
    table.columns.resize(static_cast<std::size_t>(array.n_columns));
    for (auto& column : table.columns) {
        column.reserve(static_cast<std::size_t>(n));
    }
    for (std::int64_t i = 0; i < n; ++i) {
        for (auto& column : table.columns) {
            column.push_back(static_cast<float>(array.next()));
        }
    }
    return table;
}

/// Codes 1..8 as indices 0..7.
std::vector<std::int32_t> read_classes(const std::string& path, std::int64_t n_rows) {
    Array array = open_npy(path, false);
    const std::int64_t n = n_rows > 0 ? std::min(n_rows, array.n_rows) : array.n_rows;
    std::vector<std::int32_t> classes;
    for (std::int64_t i = 0; i < n; ++i) {
        classes.push_back(static_cast<std::int32_t>(array.next()) - 1);
    }
    return classes;
}

void predict_in_parallel(const RandomForest& forest, const FeatureView& rows, std::vector<std::int32_t>& out) {
    constexpr std::int64_t chunk = 65536;
    tbb::parallel_for(
        tbb::blocked_range<std::int64_t>(0, rows.n_rows, chunk), [&](const tbb::blocked_range<std::int64_t>& range) {
            FeatureView part = rows;
            for (const float*& column : part.columns) {
                column += range.begin();
            }
            part.n_rows = static_cast<std::int64_t>(range.size());
            forest.predict_classes(part, std::span(out).subspan(static_cast<std::size_t>(range.begin()), range.size()));
        });
}

double accuracy(const std::vector<std::int32_t>& predicted, const std::vector<std::int32_t>& truth) {
    std::int64_t right = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        right += predicted[i] == truth[i] ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(truth.size());
}

std::string list_of(const std::vector<double>& values) {
    std::string text;
    for (const double value : values) {
        text += (text.empty() ? "" : ", ") + format_number(value);
    }
    return "[" + text + "]";
}

Model model_of(RandomForest forest) {
    Model model{.forest = std::move(forest), .feature_names = {}, .legend = {}, .recipe_json = {}, .training_json = {}};
    for (int f = 0; f < model.forest.n_features(); ++f) {
        model.feature_names.push_back(std::string("f").append(std::to_string(f)));
    }
    std::vector<LandCoverClass> classes;
    for (int k = 0; k < model.forest.n_classes(); ++k) {
        classes.push_back(
            {.code = k + 1, .name = std::string("class ").append(std::to_string(k + 1)), .color = default_color(k)});
    }
    model.legend = ClassLegend(std::move(classes));
    return model;
}

void run(const std::vector<std::string>& arguments) {
    const char* folder = std::getenv("BENCH_DATA");
    const std::string data = folder != nullptr ? folder : "bench-data";
    const std::string& variant = arguments.at(0);
    const auto number = [&](std::size_t i) { return parse_int(arguments.at(i)).value(); };
    const std::int64_t n = number(1);
    const bool oob = arguments.size() > 6 && arguments[6] == "oob";
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                      arguments.size() > 5 ? static_cast<std::size_t>(number(5)) : 2);
    const Table train = read_features(data + "/X_train_" + variant + ".npy", n);
    const std::vector<std::int32_t> train_class = read_classes(data + "/y_train_" + variant + ".npy", n);
    const Table test = read_features(data + "/X_test_" + variant + ".npy", 0);
    const std::vector<std::int32_t> test_class = read_classes(data + "/y_test_" + variant + ".npy", 0);
    const double data_mb = peak_mb();

    RandomForestOptions options{.n_estimators = static_cast<int>(number(3)), .max_depth = static_cast<int>(number(2))};
    options.oob_score = oob;
    std::vector<double> fit;
    std::vector<double> fit_cpu;
    std::vector<double> oa;
    std::optional<TrainedForest> trained;
    for (std::int64_t seed = 0; seed < number(4); ++seed) {
        trained.reset();
        options.seed = static_cast<std::uint64_t>(seed);
        const double cpu = cpu_now();
        const double start = seconds_now();
        trained = train_random_forest({.features = train.view(), .class_index = train_class, .n_classes = 8}, options,
                                      silent_progress());
        fit.push_back(seconds_now() - start);
        fit_cpu.push_back(cpu_now() - cpu);
        std::vector<std::int32_t> predicted(test_class.size());
        predict_in_parallel(trained->forest, test.view(), predicted);
        oa.push_back(accuracy(predicted, test_class));
    }
    const double fit_mb = peak_mb();
    const double oob_accuracy = trained->out_of_bag ? trained->out_of_bag->accuracy : 0;
    const Model model = model_of(std::move(trained->forest));
    double start = seconds_now();
    const std::string bytes = encode_model(model);
    const double encode_seconds = seconds_now() - start;
    start = seconds_now();
    const Model loaded = decode_model(bytes, "model");
    const double decode_seconds = seconds_now() - start;

    const Table image = read_features(data + "/image_" + variant + ".npy", 1'000'000);
    const std::vector<std::int32_t> labels = read_classes(data + "/labels_" + variant + ".npy", 1'000'000);
    std::vector<std::int32_t> map(labels.size());
    std::vector<double> speed;
    std::vector<double> predict_cpu;
    for (int repeat = 0; repeat < 3; ++repeat) {
        const double cpu = cpu_now();
        start = seconds_now();
        predict_in_parallel(loaded.forest, image.view(), map);
        speed.push_back(static_cast<double>(map.size()) / 1e6 / (seconds_now() - start));
        predict_cpu.push_back((cpu_now() - cpu) / (static_cast<double>(map.size()) / 1e6));
    }
    std::cout << "{\"tool\": \"lcclass\", \"v\": \"" << variant << "\", \"n\": " << n << ", \"depth\": " << number(2)
              << ", \"trees\": " << number(3) << ", \"fit\": " << list_of(fit) << ", \"fit_cpu\": " << list_of(fit_cpu)
              << ", \"oa\": " << list_of(oa) << ", \"oob\": " << format_number(oob_accuracy)
              << ", \"nodes\": " << loaded.forest.n_nodes() << ", \"max_depth\": " << loaded.forest.depth()
              << ", \"model_mb\": " << format_number(static_cast<double>(bytes.size()) / 1e6)
              << ", \"encode_s\": " << format_number(encode_seconds)
              << ", \"decode_s\": " << format_number(decode_seconds) << ", \"pred_mpxs\": " << list_of(speed)
              << ", \"pred_cpu_s_per_mpx\": " << list_of(predict_cpu)
              << ", \"oa_image\": " << format_number(accuracy(map, labels))
              << ", \"rss_data\": " << format_number(data_mb) << ", \"rss_fit\": " << format_number(fit_mb) << "}\n";
}

} // namespace

int main(int argc, char** argv) {
    try {
        run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << "forest_bench: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
