#include "lcclass/mapping/class_priors.h"

#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/probability_correction.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace lcclass {

namespace {

constexpr std::int64_t most_pixels = 200'000;
constexpr std::int64_t most_numbers = std::int64_t{1} << 22U; ///< of the lattice's probabilities
constexpr std::size_t rows_per_task = 4096;                   ///< fixed, so that sums have one order
constexpr std::int64_t least_side = 64;                       ///< of blocks, where memory is scarce
constexpr double least_won = 0.001;                           ///< share of the pixels that makes a class count
constexpr double least_kept = 0.01;                           ///< of the share won

/// Every step-th pixel in both directions.
struct Lattice {
    std::int64_t step = 1;
    std::int64_t width = 0;
    std::int64_t height = 0;

    Lattice(const GridSpec& grid, std::int64_t most) {
        while (((grid.width - 1) / step + 1) * ((grid.height - 1) / step + 1) > most) {
            ++step;
        }
        width = (grid.width - 1) / step + 1;
        height = (grid.height - 1) / step + 1;
    }
};

Lattice lattice_of(const Model& model, const GridSpec& grid) {
    return {grid, std::min(most_pixels, most_numbers / model.forest.n_classes())};
}

std::int64_t lattice_memory(const Model& model, const Lattice& lattice) {
    return lattice.width * lattice.height * model.forest.n_classes() * static_cast<std::int64_t>(sizeof(double));
}

/// Bytes of a block that is read, all of it on the lattice: values as read, as features and as growing columns;
/// validity and position; votes as sums and shares, and probabilities.
std::int64_t block_memory(const Model& model, std::int64_t side) {
    const std::int64_t of_pixel =
        std::int64_t{4} * 4 * model.forest.n_features() + 1 + 8 + std::int64_t{4 + 8 + 8} * model.forest.n_classes();
    return side * side * of_pixel;
}

struct ReadingPlan {
    std::int64_t side = 0;      ///< of a block, in pixels
    std::int64_t in_flight = 0; ///< blocks
};

/// Smaller blocks before fewer at once, so that all threads have something to read.
ReadingPlan plan_reading(const Model& model, const Lattice& lattice, const PriorOptions& options) {
    ReadingPlan plan{.side = options.block_size,
                     .in_flight = 2 * std::int64_t{tbb::this_task_arena::max_concurrency()}};
    if (options.memory <= 0) {
        return plan;
    }
    const std::int64_t memory = options.memory - lattice_memory(model, lattice);
    while (plan.side > least_side && plan.in_flight * block_memory(model, plan.side) > memory) {
        plan.side = std::max(least_side, plan.side / 2);
    }
    plan.in_flight = std::clamp(memory / block_memory(model, plan.side), std::int64_t{1}, plan.in_flight);
    return plan;
}

/// The pixels of a block that are on the lattice and have a value in every feature.
struct LatticePixels {
    std::vector<std::size_t> position; ///< on the lattice, row by row
    std::vector<double> probabilities; ///< n_classes per pixel
};

LatticePixels read_pixels(const Model& model, const RasterSource& features, const ProbabilityCorrection& correction,
                          const Lattice& lattice, const Window& window) {
    PixelBlock block;
    features.read(window, block);
    LatticePixels found;
    std::vector<std::vector<float>> columns(static_cast<std::size_t>(block.n_bands));
    for (std::size_t i = 0; i < block.valid.size(); ++i) {
        const std::int64_t x = window.x + static_cast<std::int64_t>(i) % window.width;
        const std::int64_t y = window.y + static_cast<std::int64_t>(i) / window.width;
        if (block.valid[i] == 0 || x % lattice.step != 0 || y % lattice.step != 0) {
            continue;
        }
        found.position.push_back(static_cast<std::size_t>(y / lattice.step * lattice.width + x / lattice.step));
        for (int b = 0; b < block.n_bands; ++b) {
            columns[static_cast<std::size_t>(b)].push_back(std::as_const(block).band(b)[i]);
        }
    }
    FeatureView view{.columns = {}, .n_rows = static_cast<std::int64_t>(found.position.size())};
    for (const auto& column : columns) {
        view.columns.push_back(column.data());
    }
    const auto n_classes = static_cast<std::size_t>(model.forest.n_classes());
    std::vector<std::uint32_t> sums(found.position.size() * n_classes);
    model.forest.predict_sums(view, sums);
    const double votes_one = static_cast<double>(RandomForest::probability_one) * model.forest.n_trees();
    std::vector<double> votes(sums.size());
    std::transform(sums.begin(), sums.end(), votes.begin(), [&](std::uint32_t sum) { return sum / votes_one; });
    found.probabilities.resize(sums.size());
    for (std::size_t at = 0; at < sums.size(); at += n_classes) {
        correction.calibrate(std::span<const double>(votes).subspan(at, n_classes),
                             std::span(found.probabilities).subspan(at, n_classes));
    }
    return found;
}

/// Adds to `sums` the probabilities of rows [first, end) under `ratios` of mapped to training shares.
void add_posteriors(std::span<const double> probabilities, const std::vector<double>& ratios, std::size_t first,
                    std::size_t end, std::vector<double>& sums) {
    const std::size_t n_classes = ratios.size();
    for (std::size_t row = first; row < end; ++row) {
        const auto of_row = probabilities.subspan(row * n_classes, n_classes);
        double whole = 0;
        for (std::size_t k = 0; k < n_classes; ++k) {
            whole += of_row[k] * ratios[k];
        }
        for (std::size_t k = 0; k < n_classes; ++k) {
            sums[k] += of_row[k] * ratios[k] / whole;
        }
    }
}

std::vector<double> mean_posteriors(std::span<const double> probabilities, const std::vector<double>& ratios) {
    const std::size_t n_rows = probabilities.size() / ratios.size();
    const std::size_t n_tasks = (n_rows + rows_per_task - 1) / rows_per_task;
    std::vector<std::vector<double>> parts(n_tasks, std::vector<double>(ratios.size()));
    tbb::parallel_for(std::size_t{0}, n_tasks, [&](std::size_t task) {
        const std::size_t first = task * rows_per_task;
        add_posteriors(probabilities, ratios, first, std::min(first + rows_per_task, n_rows), parts[task]);
    });
    std::vector<double> means(ratios.size());
    for (const std::vector<double>& part : parts) {
        for (std::size_t k = 0; k < means.size(); ++k) {
            means[k] += part[k] / static_cast<double>(n_rows);
        }
    }
    return means;
}

/// Per class, the rows it is the most probable of, the lowest on ties.
std::vector<std::int64_t> count_won(std::span<const double> probabilities, std::size_t n_classes) {
    std::vector<std::int64_t> won(n_classes);
    for (std::size_t at = 0; at < probabilities.size(); at += n_classes) {
        const auto of_row = probabilities.subspan(at, n_classes);
        ++won[static_cast<std::size_t>(std::max_element(of_row.begin(), of_row.end()) - of_row.begin())];
    }
    return won;
}

[[noreturn]] void refuse_estimate(const Model& model, const std::string& problem) {
    const bool calibrated = model.calibration.method != CalibrationMethod::none;
    throw Error(ExitCode::input, {.where = {},
                                  .field = "--class-priors-from=estimate",
                                  .problem = problem,
                                  .fix = std::string("state the shares with --class-priors, or ") +
                                         (calibrated ? "use a model without --calibrate" : "leave them out")});
}

} // namespace

PriorEstimate estimate_priors(std::span<const double> probabilities, std::span<const double> training) {
    constexpr int most_iterations = 2000;
    constexpr double least_move = 1e-8;
    PriorEstimate estimate{.priors = {training.begin(), training.end()},
                           .n_pixels = static_cast<std::int64_t>(probabilities.size() / training.size()),
                           .pixels_won = count_won(probabilities, training.size())};
    while (!estimate.converged && estimate.iterations < most_iterations) {
        std::vector<double> ratios;
        for (std::size_t k = 0; k < training.size(); ++k) {
            ratios.push_back(estimate.priors[k] / training[k]);
        }
        const std::vector<double> next = mean_posteriors(probabilities, ratios);
        double move = 0;
        for (std::size_t k = 0; k < next.size(); ++k) {
            move = std::max(move, std::abs(next[k] - estimate.priors[k]));
        }
        estimate.priors = next;
        estimate.converged = move <= least_move;
        ++estimate.iterations;
    }
    return estimate;
}

std::int64_t least_prior_memory(const Model& model, const GridSpec& grid) {
    return lattice_memory(model, lattice_of(model, grid)) + block_memory(model, least_side);
}

PriorEstimate estimate_priors(const Model& model, const RasterSource& features, const PriorOptions& options,
                              Progress& progress) {
    const std::int64_t n_classes = model.forest.n_classes();
    const Lattice lattice = lattice_of(model, features.grid());
    const ReadingPlan plan = plan_reading(model, lattice, options);
    const ProbabilityCorrection correction(model.calibration, {}, static_cast<std::size_t>(n_classes));
    constexpr double unknown = -1;
    std::vector<double> probabilities(static_cast<std::size_t>(lattice.width * lattice.height * n_classes), unknown);
    const auto row_size = static_cast<std::ptrdiff_t>(n_classes);
    stream_blocks(
        block_windows(features.grid().extent(), plan.side, plan.side), "class shares", progress,
        static_cast<std::size_t>(plan.in_flight),
        [&](const Window& window) { return read_pixels(model, features, correction, lattice, window); },
        [&](LatticePixels&& pixels) {
            auto from = pixels.probabilities.begin();
            for (const std::size_t position : pixels.position) {
                std::copy_n(from, row_size, probabilities.begin() + static_cast<std::ptrdiff_t>(position) * row_size);
                from += row_size;
            }
        });
    probabilities.erase(std::remove(probabilities.begin(), probabilities.end(), unknown), probabilities.end());
    if (probabilities.empty()) {
        throw Error(ExitCode::input, {.where = "class priors",
                                      .field = {},
                                      .problem = "cannot be estimated: no pixel has a value in every feature",
                                      .fix = "state the shares with --class-priors, or give a scene with values"});
    }
    return estimate_priors(probabilities, model.training_priors);
}

std::vector<int> collapsed_classes(const PriorEstimate& estimate) {
    const auto n_pixels = static_cast<double>(estimate.n_pixels);
    std::vector<int> collapsed;
    for (std::size_t k = 0; k < estimate.priors.size(); ++k) {
        const double won = static_cast<double>(estimate.pixels_won[k]) / n_pixels;
        if (won >= least_won && estimate.priors[k] < std::max(1 / n_pixels, least_kept * won)) {
            collapsed.push_back(static_cast<int>(k));
        }
    }
    return collapsed;
}

void check_estimate(const PriorEstimate& estimate, const Model& model) {
    std::vector<std::string> lost;
    for (const int k : collapsed_classes(estimate)) {
        const double won = static_cast<double>(estimate.pixels_won[static_cast<std::size_t>(k)]);
        const LandCoverClass& entry = model.legend.at(k);
        lost.push_back(std::to_string(entry.code) + " (" + entry.name + ", " +
                       format_number(std::round(won / static_cast<double>(estimate.n_pixels) * 1000) / 10) + " %)");
    }
    if (!lost.empty()) {
        refuse_estimate(model,
                        "leaves next to nothing of classes that pixels are mapped as without it: " + join(lost, ", "));
    }
    if (!estimate.converged) {
        refuse_estimate(model, "still moves after " + with_thousands(estimate.iterations) +
                                   " iterations: some classes look too much alike");
    }
}

} // namespace lcclass
