#include "lcclass/assess/bootstrap.h"

#include "assess/normal_distribution.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/quantile.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <compare>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

namespace lcclass {

namespace {

constexpr std::uint64_t bootstrap_stream = 0x626F6F74ULL;
constexpr std::size_t most_jackknife_parts = 2000;
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// A cell of a confusion matrix that is not empty.
struct Cell {
    std::int32_t reference;
    std::int32_t predicted;
    std::int64_t count;
    auto operator<=>(const Cell&) const = default;
};

/// A confusion matrix per group. Groups with the same matrix are of one kind, so that single samples, which are of a
/// few kinds only, are drawn as fast as polygons.
class GroupMatrices {
public:
    explicit GroupMatrices(const GroupedPredictions& predictions) : m_n_classes(predictions.n_classes) {
        std::vector<std::size_t> rows(predictions.group.size());
        std::iota(rows.begin(), rows.end(), std::size_t{0});
        const auto key = [&](std::size_t row) {
            return std::tuple(predictions.group[row], predictions.reference[row], predictions.predicted[row]);
        };
        std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
        std::map<std::vector<Cell>, std::uint32_t> kinds;
        std::vector<Cell> cells;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (cells.empty() || key(rows[i]) != key(rows[i - 1])) {
                cells.push_back({predictions.reference[rows[i]], predictions.predicted[rows[i]], 0});
            }
            ++cells.back().count;
            if (i + 1 == rows.size() || predictions.group[rows[i + 1]] != predictions.group[rows[i]]) {
                const auto [kind, is_new] = kinds.emplace(cells, static_cast<std::uint32_t>(m_kinds.size()));
                if (is_new) {
                    m_kinds.push_back(cells);
                }
                m_kind_of_group.push_back(kind->second);
                cells.clear();
            }
        }
    }

    [[nodiscard]] std::size_t size() const { return m_kind_of_group.size(); }
    [[nodiscard]] int n_classes() const { return m_n_classes; }
    [[nodiscard]] std::size_t n_kinds() const { return m_kinds.size(); }
    [[nodiscard]] std::size_t kind_of(std::size_t group) const { return m_kind_of_group[group]; }
    [[nodiscard]] const std::vector<Cell>& cells_of_kind(std::size_t kind) const { return m_kinds[kind]; }
    [[nodiscard]] const std::vector<Cell>& cells_of(std::size_t group) const { return m_kinds[kind_of(group)]; }

private:
    int m_n_classes;
    std::vector<std::vector<Cell>> m_kinds;
    std::vector<std::uint32_t> m_kind_of_group;
};

void add_cells(ConfusionMatrix& matrix, const std::vector<Cell>& cells, std::int64_t times) {
    for (const Cell& cell : cells) {
        matrix.add(cell.reference, cell.predicted, times * cell.count);
    }
}

std::size_t n_figures(int n_classes) {
    return n_overall_figures + 3 * static_cast<std::size_t>(n_classes);
}

/// Writes the figures of `matrix` to position `at` of every list.
void keep_figures(const ConfusionMatrix& matrix, std::size_t at, std::vector<double> FigureSample::*list,
                  std::vector<FigureSample>& figures) {
    const auto values = figures_of(accuracy_of(matrix));
    for (std::size_t f = 0; f < values.size(); ++f) {
        (figures[f].*list)[at] = values[f].value_or(undefined);
    }
}

/// Groups that hold, that were taken for, and that hold or were taken for a class, as far as they count.
void count_groups(const GroupMatrices& groups, std::vector<FigureSample>& figures) {
    const auto k = static_cast<std::size_t>(groups.n_classes());
    for (std::size_t f = 0; f < n_overall_figures; ++f) {
        figures[f].n_groups = static_cast<std::int64_t>(groups.size());
    }
    std::vector<bool> held(k);
    std::vector<bool> taken(k);
    for (std::size_t g = 0; g < groups.size(); ++g) {
        held.assign(k, false);
        taken.assign(k, false);
        for (const Cell& cell : groups.cells_of(g)) {
            held[static_cast<std::size_t>(cell.reference)] = true;
            taken[static_cast<std::size_t>(cell.predicted)] = true;
        }
        for (std::size_t c = 0; c < k; ++c) {
            figures[n_overall_figures + 3 * c].n_groups += taken[c] ? 1 : 0;
            figures[n_overall_figures + 3 * c + 1].n_groups += held[c] ? 1 : 0;
            figures[n_overall_figures + 3 * c + 2].n_groups += held[c] || taken[c] ? 1 : 0;
        }
    }
}

void draw_replicates(const GroupMatrices& groups, const BootstrapOptions& options, std::vector<FigureSample>& figures) {
    const std::uint64_t key = mix64(options.seed, bootstrap_stream);
    tbb::parallel_for(0, options.replicates, [&](int replicate) {
        throw_if_stopped();
        Rng rng(key, static_cast<std::uint64_t>(replicate));
        std::vector<std::int64_t> times(groups.n_kinds(), 0);
        for (std::size_t draw = 0; draw < groups.size(); ++draw) {
            ++times[groups.kind_of(rng.below(groups.size()))];
        }
        ConfusionMatrix matrix(groups.n_classes());
        for (std::size_t kind = 0; kind < times.size(); ++kind) {
            if (times[kind] > 0) {
                add_cells(matrix, groups.cells_of_kind(kind), times[kind]);
            }
        }
        keep_figures(matrix, static_cast<std::size_t>(replicate), &FigureSample::replicates, figures);
    });
}

void leave_out_parts(const GroupMatrices& groups, const ConfusionMatrix& total, std::vector<FigureSample>& figures) {
    const std::size_t n_parts = figures.front().jackknife.size();
    tbb::parallel_for(std::size_t{0}, n_parts, [&](std::size_t part) {
        ConfusionMatrix matrix = total;
        for (std::size_t g = part; g < groups.size(); g += n_parts) {
            add_cells(matrix, groups.cells_of(g), -1);
        }
        keep_figures(matrix, part, &FigureSample::jackknife, figures);
    });
}

/// A sixth of the skewness of the jackknife values, turned round (Efron & Tibshirani 1993, eq. 14.15).
double acceleration_of(const std::vector<double>& jackknife) {
    double mean = 0;
    std::int64_t n = 0;
    for (const double value : jackknife) {
        mean += std::isnan(value) ? 0 : value;
        n += std::isnan(value) ? 0 : 1;
    }
    mean /= static_cast<double>(n);
    double squares = 0;
    double cubes = 0;
    for (const double value : jackknife) {
        const double off = std::isnan(value) ? 0 : mean - value;
        squares += off * off;
        cubes += off * off * off;
    }
    return squares > 0 ? cubes / (6 * squares * std::sqrt(squares)) : 0;
}

/// z0: how far the estimate is from the median of the replicates, ties halved (eq. 14.14).
double bias_correction(const std::vector<double>& sorted, double estimate) {
    const auto below = std::lower_bound(sorted.begin(), sorted.end(), estimate) - sorted.begin();
    const auto not_above = std::upper_bound(sorted.begin(), sorted.end(), estimate) - sorted.begin();
    const auto n = static_cast<double>(sorted.size());
    // All replicates on one side would be infinitely far: half a replicate stands for the other side.
    const double share = std::clamp(static_cast<double>(below + not_above) / (2 * n), 0.5 / n, 1 - 0.5 / n);
    return assess::normal_quantile(share);
}

/// Share of the replicates below the end of the interval that would be at `z` without corrections (eq. 14.10).
double corrected_share(double z, double z0, double acceleration) {
    const double shifted = z0 + z;
    const double denominator = 1 - acceleration * shifted;
    const double share =
        denominator > 0 ? assess::normal_share_below(z0 + shifted / denominator) : assess::normal_share_below(z);
    // The last digits of erfc differ between C libraries.
    return std::round(share * 1e9) / 1e9;
}

std::vector<double> defined_sorted(const std::vector<double>& values) {
    std::vector<double> sorted;
    std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](double v) { return !std::isnan(v); });
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

double standard_deviation(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double value : values) {
        squares += (value - mean) * (value - mean);
    }
    return std::sqrt(squares / (n - 1));
}

} // namespace

void check_options(const BootstrapOptions& options) {
    const auto refuse = [](const std::string& field, const std::string& problem, const std::string& fix) {
        throw Error(ExitCode::configuration, {.where = {}, .field = field, .problem = problem, .fix = fix});
    };
    if (options.replicates != 0 && (options.replicates < 100 || options.replicates > 1000000)) {
        refuse("bootstrap_replicates=" + std::to_string(options.replicates), "must be 100 to 1000000, or 0 for none",
               "1000 are enough for 95 % intervals");
    }
    if (!(options.confidence >= 0.5 && options.confidence <= 0.999)) {
        refuse("confidence=" + format_number(options.confidence), "must be 0.5 to 0.999", "give a share such as 0.95");
    }
}

std::vector<std::optional<double>> figures_of(const AccuracyReport& report) {
    std::vector<std::optional<double>> figures = {report.overall_accuracy, report.kappa, report.f1_weighted,
                                                  report.f1_macro};
    for (const ClassAccuracy& accuracy : report.per_class) {
        figures.insert(figures.end(), {accuracy.precision, accuracy.recall, accuracy.f1});
    }
    return figures;
}

std::vector<FigureSample> bootstrap_figures(const GroupedPredictions& predictions, const BootstrapOptions& options) {
    const GroupMatrices groups(predictions);
    ConfusionMatrix total(predictions.n_classes);
    for (std::size_t g = 0; g < groups.size(); ++g) {
        add_cells(total, groups.cells_of(g), 1);
    }
    const auto estimates = figures_of(accuracy_of(total));
    std::vector<FigureSample> figures(n_figures(predictions.n_classes));
    const bool resample = options.replicates > 0 && std::ssize(predictions.group) > 0;
    for (std::size_t f = 0; f < figures.size(); ++f) {
        figures[f].estimate = estimates[f];
        figures[f].replicates.resize(resample ? static_cast<std::size_t>(options.replicates) : 0);
        figures[f].jackknife.resize(resample ? std::min(groups.size(), most_jackknife_parts) : 0);
    }
    count_groups(groups, figures);
    if (resample) {
        draw_replicates(groups, options, figures);
        leave_out_parts(groups, total, figures);
    }
    return figures;
}

IntervalEstimate interval_of(const FigureSample& figure, double confidence) {
    IntervalEstimate result{.estimate = figure.estimate, .se = {}, .low = {}, .high = {}};
    const std::vector<double> sorted = defined_sorted(figure.replicates);
    result.n_undefined = std::ssize(figure.replicates) - std::ssize(sorted);
    if (!figure.estimate || figure.n_groups < fewest_bootstrap_groups || std::ssize(sorted) < 2 ||
        result.n_undefined > std::ssize(sorted)) {
        return result;
    }
    const double z = assess::normal_quantile((1 + confidence) / 2);
    const double z0 = bias_correction(sorted, *figure.estimate);
    const double acceleration = acceleration_of(figure.jackknife);
    result.se = standard_deviation(sorted);
    result.low = quantile(sorted, corrected_share(-z, z0, acceleration));
    result.high = quantile(sorted, corrected_share(z, z0, acceleration));
    return result;
}

FigureSample difference(const FigureSample& a, const FigureSample& b) {
    const auto subtract = [](const std::vector<double>& x, const std::vector<double>& y) {
        std::vector<double> result(x.size());
        std::transform(x.begin(), x.end(), y.begin(), result.begin(), std::minus<>());
        return result;
    };
    return {.estimate = a.estimate && b.estimate ? std::optional(*a.estimate - *b.estimate) : std::nullopt,
            .replicates = subtract(a.replicates, b.replicates),
            .jackknife = subtract(a.jackknife, b.jackknife),
            .n_groups = std::min(a.n_groups, b.n_groups)};
}

} // namespace lcclass
