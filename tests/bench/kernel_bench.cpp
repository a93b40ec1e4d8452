// The kernels of the features layer from memory to memory, block by block; prints one JSON line with its seconds.
//
//   kernel_bench texture statistics=contrast,entropy size=7 levels=32 distance=1 low=0 high=0.5 PLANE
//   kernel_bench focal statistics=mean,sd size=7 PLANE
//   kernel_bench terrain statistics=slope,aspect pixel=10 PLANE
//
// PLANE is plane=FILE width=W height=H [block=512] [threads=1] [out=FILE]: 32-bit floats row by row, NaN without a
// value. What was computed goes to `out`, one plane per statistic in their order.

#include "features/focal.h"
#include "features/terrain.h"
#include "features/texture.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for_each.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace lcclass;

using Words = std::map<std::string, std::string>;

struct Plane {
    Window window;
    std::vector<float> values;

    explicit Plane(const Window& area) : window(area), values(static_cast<std::size_t>(area.n_pixels())) {}

    [[nodiscard]] PlaneView view() const { return {window, values}; }
    PlaneOut out() { return {window, values}; }

    /// Copies the pixels of `from` that lie in this one.
    void take(const Plane& from) {
        const auto width = static_cast<std::size_t>(window.width);
        for (std::int64_t y = window.y; y < window.y + window.height; ++y) {
            const auto row = from.view().row(y).subspan(static_cast<std::size_t>(window.x - from.window.x), width);
            std::copy(row.begin(), row.end(), out().row(y).begin());
        }
    }
    /// Copies all of `from` into its place in this one.
    void put(const Plane& from) {
        for (std::int64_t y = from.window.y; y < from.window.y + from.window.height; ++y) {
            const auto row = from.view().row(y);
            std::copy(row.begin(), row.end(), out().row(y).begin() + (from.window.x - window.x));
        }
    }
};

using Planes = std::vector<Plane>;

/// All statistics of a block at once, and how far around it they look.
struct Kernel {
    std::int64_t margin = 1;
    std::function<void(const PlaneView& in, Planes& out)> compute;
};

int whole(const Words& words, const char* name) {
    return static_cast<int>(parse_int(words.at(name)).value());
}

double real(const Words& words, const char* name) {
    return parse_double(words.at(name)).value();
}

template <class Enum, std::size_t n>
std::vector<Enum> parse_all(const WordTable<Enum, n>& table, const Words& words) {
    std::vector<Enum> statistics;
    for (const std::string& word : split(words.at("statistics"), ',')) {
        statistics.push_back(parse_word(table, "statistics", word, "a statistic"));
    }
    return statistics;
}

Kernel texture_kernel(const Words& words) {
    using enum TextureStatistic;
    const WordTable<TextureStatistic, 9> table = {{{contrast, "contrast"},
                                                   {dissimilarity, "dissimilarity"},
                                                   {homogeneity, "homogeneity"},
                                                   {asm_, "ASM"},
                                                   {energy, "energy"},
                                                   {entropy, "entropy"},
                                                   {correlation, "correlation"},
                                                   {mean, "mean"},
                                                   {variance, "variance"}}};
    const TextureOptions options{.size = whole(words, "size"),
                                 .levels = whole(words, "levels"),
                                 .distance = whole(words, "distance"),
                                 .low = real(words, "low"),
                                 .high = real(words, "high")};
    return {options.size / 2, [options, statistics = parse_all(table, words)](const PlaneView& in, Planes& out) {
                std::vector<TextureRequest> requests;
                for (std::size_t i = 0; i < statistics.size(); ++i) {
                    requests.push_back({statistics[i], out[i].out()});
                }
                texture(options, in, requests);
            }};
}

Kernel focal_kernel(const Words& words) {
    using enum FocalStatistic;
    const WordTable<FocalStatistic, 5> table = {
        {{mean, "mean"}, {sd, "sd"}, {min, "min"}, {max, "max"}, {range, "range"}}};
    const int size = whole(words, "size");
    return {size / 2, [size, statistics = parse_all(table, words)](const PlaneView& in, Planes& out) {
                for (std::size_t i = 0; i < statistics.size(); ++i) {
                    focal(statistics[i], size, in, out[i].out());
                }
            }};
}

Kernel terrain_kernel(const Words& words) {
    using enum TerrainKind;
    const WordTable<TerrainKind, 5> table = {{{slope, "slope"},
                                              {aspect, "aspect"},
                                              {northness, "northness"},
                                              {eastness, "eastness"},
                                              {hillshade, "hillshade"}}};
    const TerrainScale scale{real(words, "pixel"), real(words, "pixel")};
    return {1, [scale, statistics = parse_all(table, words)](const PlaneView& in, Planes& out) {
                for (std::size_t i = 0; i < statistics.size(); ++i) {
                    terrain(statistics[i], scale, in, out[i].out());
                }
            }};
}

Kernel kernel_of(const std::string& name, const Words& words) {
    if (name == "texture") {
        return texture_kernel(words);
    }
    if (name == "focal") {
        return focal_kernel(words);
    }
    if (name == "terrain") {
        return terrain_kernel(words);
    }
    throw std::runtime_error("usage: kernel_bench texture|focal|terrain NAME=VALUE...");
}

Window widened(const Window& block, std::int64_t margin, const Window& grid) {
    const std::int64_t x = std::max<std::int64_t>(0, block.x - margin);
    const std::int64_t y = std::max<std::int64_t>(0, block.y - margin);
    return {x, y, std::min(grid.width, block.x + block.width + margin) - x,
            std::min(grid.height, block.y + block.height + margin) - y};
}

void compute_blocks(const Kernel& kernel, const Plane& plane, std::int64_t block_size, Planes& results) {
    const std::vector<Window> blocks = block_windows(plane.window, block_size, block_size);
    tbb::parallel_for_each(blocks.begin(), blocks.end(), [&](const Window& block) {
        Plane in(widened(block, kernel.margin, plane.window));
        in.take(plane);
        Planes out(results.size(), Plane(block));
        kernel.compute(in.view(), out);
        for (std::size_t i = 0; i < results.size(); ++i) {
            results[i].put(out[i]);
        }
    });
}

void run(const std::string& name, Words words) {
    words.insert({{"block", "512"}, {"threads", "1"}, {"out", ""}});
    const Kernel kernel = kernel_of(name, words);
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                      static_cast<std::size_t>(whole(words, "threads")));
    Plane plane(Window{0, 0, whole(words, "width"), whole(words, "height")});
    const auto n_bytes = static_cast<std::streamsize>(plane.values.size() * sizeof(float));
    if (!std::ifstream(words.at("plane"), std::ios::binary)
             .read(reinterpret_cast<char*>(plane.values.data()), n_bytes)) {
        throw std::runtime_error(words.at("plane") + ": fewer than width x height values");
    }
    Planes results(split(words.at("statistics"), ',').size(), Plane(plane.window));
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu_start = std::clock();
    compute_blocks(kernel, plane, whole(words, "block"), results);
    const double cpu_seconds = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    if (!words.at("out").empty()) {
        std::ofstream file(words.at("out"), std::ios::binary);
        for (const Plane& result : results) {
            file.write(reinterpret_cast<const char*>(result.values.data()), n_bytes);
        }
    }
    std::cout << "{\"seconds\": " << format_number(seconds.count())
              << ", \"cpu_seconds\": " << format_number(cpu_seconds) << ", \"pixels\": " << plane.window.n_pixels()
              << "}\n";
}

} // namespace

int main(int argc, char** argv) {
    try {
        Words words;
        for (int i = 2; i < argc; ++i) {
            const std::string word = argv[i];
            words[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
        }
        run(argc > 1 ? argv[1] : "", words);
    } catch (const std::exception& error) {
        std::cerr << "kernel_bench: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
