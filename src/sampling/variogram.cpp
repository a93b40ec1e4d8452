#include "lcclass/sampling/variogram.h"

#include "lcclass/core/interrupt.h"
#include "lcclass/core/rng.h"
#include "sampling/groups.h"
#include "sampling/places.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace lcclass {

namespace {

using sampling::GroupTable;

constexpr std::size_t most_rows_per_group = 32; ///< that take part in pairs
constexpr std::int64_t wanted_pairs = 1'000'000;
constexpr std::int64_t most_draws = 16;         ///< of a pair of samples from the same two groups
constexpr std::int64_t fewest_group_pairs = 30; ///< per lag, the rule of Journel and Huijbregts 1978

/// The rows that are paired, group by group.
struct PairedRows {
    std::vector<std::int64_t> row;
    std::vector<std::size_t> first; ///< per group, its first place in `row`; and the end of the last one

    [[nodiscard]] std::size_t n_groups() const { return first.size() - 1; }
    [[nodiscard]] std::size_t size_of(std::size_t group) const { return first[group + 1] - first[group]; }
};

/// `count` of `items`, drawn by `rng`, in random order.
template <class T>
void keep_some(std::vector<T>& items, std::size_t count, Rng rng) {
    const std::size_t n = std::min(items.size(), count);
    for (std::size_t i = 0; i < n; ++i) {
        std::swap(items[i], items[i + rng.below(items.size() - i)]);
    }
    items.resize(n);
}

PairedRows choose_rows(const SampleTable& samples, const VariogramOptions& options) {
    const GroupTable groups = sampling::group_table(samples);
    std::vector<std::vector<std::int64_t>> rows(static_cast<std::size_t>(groups.n_groups));
    for (std::size_t row = 0; row < groups.of_sample.size(); ++row) {
        rows[static_cast<std::size_t>(groups.of_sample[row])].push_back(static_cast<std::int64_t>(row));
    }
    std::vector<std::size_t> chosen(rows.size());
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    keep_some(chosen, static_cast<std::size_t>(options.most_groups), Rng(options.seed, 0));
    std::sort(chosen.begin(), chosen.end());
    PairedRows paired{.row = {}, .first = {0}};
    for (const std::size_t group : chosen) {
        keep_some(rows[group], most_rows_per_group, Rng(mix64(options.seed, 1), group));
        paired.row.insert(paired.row.end(), rows[group].begin(), rows[group].end());
        paired.first.push_back(paired.row.size());
    }
    return paired;
}

/// Sums of squared differences by lag, of several values at once.
struct LagSums {
    std::vector<std::int64_t> pairs; ///< per lag
    std::vector<double> distance;    ///< per lag
    std::vector<double> squares;     ///< [lag * n_values + value]
    std::vector<double> within;      ///< per value, mean over groups of half the mean squared difference
    std::int64_t n_within = 0;       ///< groups with two rows or more
};

/// Values of the paired rows, [place in `row` * n_values + value].
struct PairedValues {
    std::size_t n_values = 0;
    std::vector<double> value;

    [[nodiscard]] const double* at(std::size_t place) const { return value.data() + place * n_values; }
};

class PairSums {
public:
    PairSums(const SampleTable& samples, const PairedRows& rows, const PairedValues& values,
             const VariogramOptions& options, double cutoff)
        : m_samples(samples), m_rows(rows), m_values(values), m_cutoff(cutoff), m_n_lags(options.n_lags),
          m_seed(mix64(options.seed, 2)) {
        const auto lags = static_cast<std::size_t>(options.n_lags);
        m_sums.pairs.resize(lags);
        m_sums.distance.resize(lags);
        m_sums.squares.resize(lags * values.n_values);
        m_sums.within.resize(values.n_values);
    }

    LagSums run(std::int64_t draws) {
        for (std::size_t i = 0; i < m_rows.n_groups(); ++i) {
            throw_if_stopped();
            Rng rng(m_seed, i);
            for (std::size_t j = i + 1; j < m_rows.n_groups(); ++j) {
                for (std::int64_t draw = 0; draw < draws; ++draw) {
                    add_pair(m_rows.first[i] + rng.below(m_rows.size_of(i)),
                             m_rows.first[j] + rng.below(m_rows.size_of(j)));
                }
            }
            add_within(i);
        }
        return std::move(m_sums);
    }

private:
    void add_pair(std::size_t a, std::size_t b) {
        const auto row_a = static_cast<std::size_t>(m_rows.row[a]);
        const auto row_b = static_cast<std::size_t>(m_rows.row[b]);
        const double dx = m_samples.x[row_a] - m_samples.x[row_b];
        const double dy = m_samples.y[row_a] - m_samples.y[row_b];
        const double distance = std::sqrt(dx * dx + dy * dy);
        if (distance >= m_cutoff) {
            return;
        }
        const auto lag = std::min<std::size_t>(static_cast<std::size_t>(distance / m_cutoff * m_n_lags),
                                               static_cast<std::size_t>(m_n_lags - 1));
        ++m_sums.pairs[lag];
        m_sums.distance[lag] += distance;
        double* squares = m_sums.squares.data() + lag * m_values.n_values;
        for (std::size_t v = 0; v < m_values.n_values; ++v) {
            const double off = m_values.at(a)[v] - m_values.at(b)[v];
            squares[v] += off * off;
        }
    }

    /// Rows are in random order, so neighbours in it are random pairs.
    void add_within(std::size_t group) {
        const std::size_t n = m_rows.size_of(group);
        if (n < 2) {
            return;
        }
        ++m_sums.n_within;
        for (std::size_t v = 0; v < m_values.n_values; ++v) {
            double squares = 0;
            for (std::size_t place = m_rows.first[group]; place + 1 < m_rows.first[group + 1]; ++place) {
                const double off = m_values.at(place)[v] - m_values.at(place + 1)[v];
                squares += off * off;
            }
            m_sums.within[v] += squares / static_cast<double>(2 * (n - 1));
        }
    }

    const SampleTable& m_samples;
    const PairedRows& m_rows;
    const PairedValues& m_values;
    double m_cutoff;
    int m_n_lags;
    std::uint64_t m_seed;
    LagSums m_sums;
};

double cutoff_of(const SampleTable& samples, const VariogramOptions& options) {
    const auto extent = [](const std::vector<double>& values) {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        return *high - *low;
    };
    const double width = extent(samples.x);
    const double height = extent(samples.y);
    return options.cutoff_share * std::sqrt(width * width + height * height);
}

/// Draws per pair of groups: few groups are paired several times over.
std::int64_t draws_of(const PairedRows& rows) {
    const auto n = static_cast<std::int64_t>(rows.n_groups());
    return std::clamp<std::int64_t>(wanted_pairs / std::max<std::int64_t>(1, n * (n - 1) / 2), 1, most_draws);
}

/// One variogram per value, with its model.
std::vector<Variogram> variograms_from(const LagSums& sums, std::size_t n_values, double cutoff, std::int64_t draws) {
    std::vector<Variogram> result(n_values);
    for (std::size_t v = 0; v < n_values; ++v) {
        for (std::size_t lag = 0; lag < sums.pairs.size(); ++lag) {
            if (sums.pairs[lag] > 0) {
                const auto n = static_cast<double>(sums.pairs[lag]);
                result[v].lags.push_back({.distance_m = sums.distance[lag] / n,
                                          .semivariance = sums.squares[lag * n_values + v] / (2 * n),
                                          .pairs = sums.pairs[lag]});
            }
        }
        if (sums.n_within > 0) {
            result[v].within_groups = sums.within[v] / static_cast<double>(sums.n_within);
        }
        fit_model(result[v], cutoff, fewest_group_pairs * draws);
    }
    return result;
}

/// Mean 0 and variance 1, every group counting the same; false when the values are all the same.
bool standardise(PairedValues& values, std::size_t v, const PairedRows& rows) {
    const auto mean_by_group = [&](auto&& of_value) {
        double sum = 0;
        for (std::size_t group = 0; group < rows.n_groups(); ++group) {
            double of_group = 0;
            for (std::size_t place = rows.first[group]; place < rows.first[group + 1]; ++place) {
                of_group += of_value(values.at(place)[v]);
            }
            sum += of_group / static_cast<double>(rows.size_of(group));
        }
        return sum / static_cast<double>(rows.n_groups());
    };
    const double first = values.at(0)[v];
    bool constant = true;
    for (std::size_t place = 0; place < rows.row.size(); ++place) {
        constant = constant && values.at(place)[v] == first;
    }
    if (constant) {
        return false;
    }
    const double mean = mean_by_group([](double value) { return value; });
    const double sd = std::sqrt(mean_by_group([&](double value) { return (value - mean) * (value - mean); }));
    for (std::size_t place = 0; place < rows.row.size(); ++place) {
        double& value = values.value[place * values.n_values + v];
        value = (value - mean) / sd;
    }
    return true;
}

PairedValues gather(const std::vector<std::span<const float>>& columns, const PairedRows& rows) {
    PairedValues values{.n_values = columns.size(), .value = {}};
    values.value.reserve(rows.row.size() * columns.size());
    for (const std::int64_t row : rows.row) {
        for (const std::span<const float> column : columns) {
            values.value.push_back(static_cast<double>(column[static_cast<std::size_t>(row)]));
        }
    }
    return values;
}

Variogram mean_of(const std::vector<Variogram>& variograms, double cutoff, std::int64_t draws) {
    Variogram mean{.name = "mean of features"};
    double n = 0;
    double within = 0;
    for (const Variogram& variogram : variograms) {
        if (variogram.finding == VariogramFinding::constant) {
            continue;
        }
        ++n;
        within += variogram.within_groups.value_or(0);
        mean.within_groups = variogram.within_groups ? std::optional(within / n) : std::nullopt;
        if (mean.lags.empty()) {
            mean.lags = variogram.lags;
            continue;
        }
        for (std::size_t lag = 0; lag < mean.lags.size(); ++lag) {
            mean.lags[lag].semivariance += variogram.lags[lag].semivariance;
        }
    }
    for (VariogramLag& lag : mean.lags) {
        lag.semivariance /= n;
    }
    fit_model(mean, cutoff, fewest_group_pairs * draws);
    return mean;
}

} // namespace

VariogramSet feature_variograms(const SampleTable& samples, const VariogramOptions& options) {
    sampling::require_positions(samples, "a variogram");
    const PairedRows rows = choose_rows(samples, options);
    const std::vector<std::span<const float>> columns(samples.features.begin(), samples.features.end());
    PairedValues values = gather(columns, rows);
    std::vector<bool> varies;
    for (std::size_t v = 0; v < values.n_values; ++v) {
        varies.push_back(standardise(values, v, rows));
    }
    VariogramSet set{.cutoff_m = cutoff_of(samples, options),
                     .n_groups = static_cast<std::int64_t>(rows.n_groups()),
                     .groups_known = knows_groups(samples),
                     .features = {},
                     .mean = {},
                     .error = {},
                     .error_scheme = {}};
    const std::int64_t draws = draws_of(rows);
    const LagSums sums = PairSums(samples, rows, values, options, set.cutoff_m).run(draws);
    set.features = variograms_from(sums, values.n_values, set.cutoff_m, draws);
    for (std::size_t v = 0; v < varies.size(); ++v) {
        set.features[v].name = samples.feature_names[v];
        if (!varies[v]) {
            set.features[v].finding = VariogramFinding::constant;
        }
    }
    if (set.features.size() > 1 && std::find(varies.begin(), varies.end(), true) != varies.end()) {
        set.mean = mean_of(set.features, set.cutoff_m, draws);
    }
    return set;
}

bool has_positions(const SampleTable& samples) {
    const auto differ = [](const std::vector<double>& values) {
        return std::any_of(values.begin(), values.end(), [&](double value) { return value != values.front(); });
    };
    return differ(samples.x) || differ(samples.y);
}

Variogram variogram_of(const SampleTable& samples, std::span<const float> values, const std::string& name,
                       const VariogramOptions& options) {
    sampling::require_positions(samples, "a variogram");
    const PairedRows rows = choose_rows(samples, options);
    const PairedValues paired = gather({values}, rows);
    const double cutoff = cutoff_of(samples, options);
    const std::int64_t draws = draws_of(rows);
    const LagSums sums = PairSums(samples, rows, paired, options, cutoff).run(draws);
    Variogram variogram = variograms_from(sums, 1, cutoff, draws).front();
    variogram.name = name;
    return variogram;
}

} // namespace lcclass
