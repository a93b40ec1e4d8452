#include "lcclass/assess/design_estimates.h"

#include "lcclass/core/error.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace lcclass {

namespace {

/// As the papers print it; tables of intervals agree to the digit only with it.
constexpr double normal_95 = 1.96;
/// Of a share of the area: far below what one unit of any sample makes.
constexpr double no_variance = 1e-24;

/// Weight of one cluster in one cell of the matrix.
struct Entry {
    int stratum = 0;
    std::int32_t cluster = 0;
    std::size_t cell = 0; ///< reference * n_classes + map
    double weight = 0;
};

struct StratumSums {
    double raw_weight = 0; ///< before the weights are brought to the stratum's size
    double weight = 0;
    std::int64_t clusters = 0;
};

/// The sample as weights by cluster and cell, which all figures are linear in.
class WeightedSample {
public:
    explicit WeightedSample(const DesignSample& sample)
        : m_strata(sample.strata), m_sums(sample.strata.size()),
          m_n_classes(static_cast<std::size_t>(sample.n_classes)) {
        for (const DesignElement& element : sample.elements) {
            sums_of(element.stratum).raw_weight += element.weight;
        }
        require_filled();
        for (const DesignElement& element : sample.elements) {
            const auto cell = static_cast<std::size_t>(element.reference_class) * m_n_classes +
                              static_cast<std::size_t>(element.map_class);
            m_entries.push_back({element.stratum, element.cluster, cell, element.weight * scale(element.stratum)});
        }
        merge_entries();
    }

    /// Sum of weight x value over the cells.
    [[nodiscard]] double total(const std::vector<double>& cell_values) const {
        double sum = 0;
        for (const Entry& entry : m_entries) {
            sum += entry.weight * cell_values[entry.cell];
        }
        return sum;
    }

    /// Variance of `total`; nothing when a stratum has one cluster and is not known in full.
    [[nodiscard]] std::optional<double> variance(const std::vector<double>& cell_values) const {
        std::optional<double> sum = 0;
        for_each_stratum([&](std::size_t first, std::size_t last) {
            const auto part = variance_within(first, last, cell_values);
            sum = sum && part ? std::optional(*sum + *part) : std::nullopt;
        });
        return sum;
    }

    /// The same if every stratum had one more cluster: of all classes in equal parts, mapped as the others are.
    [[nodiscard]] double variance_with_one_more(const std::vector<double>& cell_values) const {
        double sum = 0;
        for_each_stratum([&](std::size_t first, std::size_t last) {
            const auto h = static_cast<std::size_t>(m_entries[first].stratum);
            const auto n = static_cast<double>(m_sums[h].clusters);
            const auto classes = static_cast<double>(m_n_classes);
            double mean = 0;
            double mean_square = 0;
            for (std::size_t i = first; i < last; ++i) {
                const double share = m_entries[i].weight / m_sums[h].weight;
                const auto add = [&](std::size_t cell, double probability) {
                    mean += probability * cell_values[cell];
                    mean_square += probability * cell_values[cell] * cell_values[cell];
                };
                add(m_entries[i].cell, share * n / (n + 1));
                for (std::size_t cell = m_entries[i].cell % m_n_classes; cell < n_cells(); cell += m_n_classes) {
                    add(cell, share / classes / (n + 1));
                }
            }
            sum += unseen_share(h) * m_sums[h].weight * m_sums[h].weight * (mean_square - mean * mean) / n;
        });
        return sum;
    }

    [[nodiscard]] std::size_t n_cells() const { return m_n_classes * m_n_classes; }
    [[nodiscard]] std::vector<std::int64_t> clusters() const {
        std::vector<std::int64_t> counts;
        for (const StratumSums& sums : m_sums) {
            counts.push_back(sums.clusters);
        }
        return counts;
    }

private:
    [[nodiscard]] StratumSums& sums_of(int stratum) { return m_sums[static_cast<std::size_t>(stratum)]; }

    void require_filled() const {
        for (std::size_t h = 0; h < m_strata.size(); ++h) {
            if (m_sums[h].raw_weight == 0 && m_strata[h].size.value_or(0) > 0) {
                throw Error(ExitCode::input, {.where = "reference",
                                              .field = "stratum=" + m_strata[h].name,
                                              .problem = "has no reference unit, so nothing is known of its area",
                                              .fix = "label at least 2 units in every stratum, or merge strata"});
            }
        }
    }

    [[nodiscard]] double scale(int stratum) const {
        const auto h = static_cast<std::size_t>(stratum);
        return m_strata[h].size ? *m_strata[h].size / m_sums[h].raw_weight : 1;
    }

    void merge_entries() {
        std::sort(m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) {
            return std::tie(a.stratum, a.cluster, a.cell, a.weight) < std::tie(b.stratum, b.cluster, b.cell, b.weight);
        });
        std::vector<Entry> merged;
        for (const Entry& entry : m_entries) {
            const bool same_stratum = !merged.empty() && merged.back().stratum == entry.stratum;
            const bool same_cluster = same_stratum && merged.back().cluster == entry.cluster;
            sums_of(entry.stratum).weight += entry.weight;
            sums_of(entry.stratum).clusters += same_cluster ? 0 : 1;
            if (same_cluster && merged.back().cell == entry.cell) {
                merged.back().weight += entry.weight;
            } else {
                merged.push_back(entry);
            }
        }
        m_entries = std::move(merged);
    }

    /// Calls `visit(first, last)` with the entries of every stratum that has any.
    template <class Visit>
    void for_each_stratum(const Visit& visit) const {
        for (std::size_t i = 0; i < m_entries.size();) {
            std::size_t end = i;
            while (end < m_entries.size() && m_entries[end].stratum == m_entries[i].stratum) {
                ++end;
            }
            visit(i, end);
            i = end;
        }
    }

    /// What of the stratum was not drawn, where it is known how many there were to draw; else all of it.
    [[nodiscard]] double unseen_share(std::size_t h) const {
        return m_strata[h].finite ? std::max(0.0, 1 - static_cast<double>(m_sums[h].clusters) / *m_strata[h].size) : 1;
    }

    /// Entries [first, last) are those of one stratum, cluster after cluster.
    [[nodiscard]] std::optional<double> variance_within(std::size_t first, std::size_t last,
                                                        const std::vector<double>& cell_values) const {
        const auto h = static_cast<std::size_t>(m_entries[first].stratum);
        const auto n = static_cast<double>(m_sums[h].clusters);
        const double unseen = unseen_share(h);
        if (unseen == 0) {
            return 0;
        }
        if (m_sums[h].clusters < 2) {
            return std::nullopt;
        }
        std::vector<double> cluster_totals;
        double total = 0;
        double mean = 0; // of the values: what weights that were brought to a known size take out
        if (m_strata[h].size) {
            for (std::size_t i = first; i < last; ++i) {
                mean += m_entries[i].weight * cell_values[m_entries[i].cell] / m_sums[h].weight;
            }
        }
        for (std::size_t i = first; i < last; ++i) {
            if (i == first || m_entries[i].cluster != m_entries[i - 1].cluster) {
                cluster_totals.push_back(0);
            }
            const double residual = m_entries[i].weight * (cell_values[m_entries[i].cell] - mean);
            cluster_totals.back() += residual;
            total += residual;
        }
        double squares = 0;
        for (const double cluster_total : cluster_totals) {
            squares += (cluster_total - total / n) * (cluster_total - total / n);
        }
        return unseen * n / (n - 1) * squares;
    }

    const std::vector<DesignStratum>& m_strata;
    std::vector<StratumSums> m_sums;
    std::size_t m_n_classes;
    std::vector<Entry> m_entries; ///< by stratum, cluster and cell
};

/// Total of `numerator` over total of `denominator`, both given per cell.
DesignFigure ratio(const WeightedSample& sample, const std::vector<double>& numerator,
                   const std::vector<double>& denominator) {
    const double below = sample.total(denominator);
    if (below == 0) {
        return {};
    }
    const double value = sample.total(numerator) / below;
    std::vector<double> linearised(numerator.size());
    for (std::size_t cell = 0; cell < linearised.size(); ++cell) {
        linearised[cell] = (numerator[cell] - value * denominator[cell]) / below;
    }
    const auto variance = sample.variance(linearised);
    if (!variance) {
        return {.value = value, .se = std::nullopt, .margin95 = std::nullopt};
    }
    // Rounding leaves next to nothing where all clusters of a stratum agree.
    const double of_interval = *variance > no_variance ? *variance : sample.variance_with_one_more(linearised);
    return {.value = value, .se = std::sqrt(*variance), .margin95 = normal_95 * std::sqrt(std::max(0.0, of_interval))};
}

/// 1 in the cells of which `holds(reference, map)`.
template <class Condition>
std::vector<double> cells_where(int n_classes, Condition holds) {
    std::vector<double> cells;
    for (int reference = 0; reference < n_classes; ++reference) {
        for (int map = 0; map < n_classes; ++map) {
            cells.push_back(holds(reference, map) ? 1 : 0);
        }
    }
    return cells;
}

DesignClassFigures figures_of_class(const WeightedSample& sample, int n_classes, int k) {
    const auto mapped = cells_where(n_classes, [k](int, int map) { return map == k; });
    const auto present = cells_where(n_classes, [k](int reference, int) { return reference == k; });
    const auto right = cells_where(n_classes, [k](int reference, int map) { return reference == k && map == k; });
    std::vector<double> twice_right;
    std::vector<double> either;
    for (std::size_t cell = 0; cell < right.size(); ++cell) {
        twice_right.push_back(2 * right[cell]);
        either.push_back(mapped[cell] + present[cell]);
    }
    return {.users_accuracy = ratio(sample, right, mapped),
            .producers_accuracy = ratio(sample, right, present),
            .f1 = ratio(sample, twice_right, either),
            .area = ratio(sample, present, std::vector<double>(right.size(), 1))};
}

} // namespace

std::optional<std::array<double, 2>> DesignFigure::interval95() const {
    if (!value || !margin95) {
        return std::nullopt;
    }
    return std::array{std::max(0.0, *value - *margin95), std::min(1.0, *value + *margin95)};
}

DesignEstimates estimate_design(const DesignSample& sample) {
    const WeightedSample weighted(sample);
    const int n = sample.n_classes;
    const std::vector<double> everywhere(weighted.n_cells(), 1);
    const double total = weighted.total(everywhere);
    DesignEstimates result;
    result.overall_accuracy =
        ratio(weighted, cells_where(n, [](int reference, int map) { return reference == map; }), everywhere);
    for (int k = 0; k < n; ++k) {
        result.classes.push_back(figures_of_class(weighted, n, k));
        std::vector<double>& row = result.proportions.emplace_back();
        for (int map = 0; map < n; ++map) {
            const auto cell =
                cells_where(n, [k, map](int reference, int other) { return reference == k && other == map; });
            row.push_back(weighted.total(cell) / total);
        }
    }
    result.clusters = weighted.clusters();
    return result;
}

} // namespace lcclass
