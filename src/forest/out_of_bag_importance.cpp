#include "forest/out_of_bag_votes.h"
#include "forest/tree_sample.h"
#include "forest/tree_visits.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/rng.h"
#include "lcclass/forest/importance.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>

namespace lcclass {

namespace {

constexpr std::uint64_t out_of_bag_stream = 0x6F6F627368756666ULL;

/// What every tree is tested on.
struct Rows {
    const RandomForest& forest;
    const TrainingSet& data;
    BootstrapPlan bootstrap;
    std::uint64_t seed = 0;
    std::vector<std::uint16_t> codes;

    [[nodiscard]] const std::uint16_t* codes_of(std::uint32_t row) const {
        return codes.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(forest.n_features());
    }
};

/// One thread's work on trees, one after the other.
class TreeTest {
public:
    explicit TreeTest(const Rows& rows)
        : m_rows(rows), m_visits(static_cast<std::size_t>(rows.forest.n_features())),
          m_changes(static_cast<std::size_t>(rows.forest.n_features())) {}

    /// Accuracy lost on the rows outside the bag, per feature; nothing when all are in it.
    std::vector<double> run(int tree, OutOfBagVotes& votes) {
        const RandomForest::Tree& nodes = m_rows.forest.trees()[static_cast<std::size_t>(tree)];
        draw_sample(m_rows.bootstrap, tree, m_sample);
        const std::vector<std::uint32_t>& rows = m_sample.out_of_bag;
        if (rows.empty()) {
            return {};
        }
        m_is_right.resize(rows.size());
        for (std::uint32_t i = 0; i < rows.size(); ++i) {
            const std::uint32_t leaf = m_visits.walk(nodes, m_rows.codes_of(rows[i]), i);
            votes.add(rows[i], m_rows.forest.distribution(nodes.nodes[leaf]));
            m_is_right[i] = is_right(nodes, leaf, rows[i]) ? 1 : 0;
        }
        std::vector<double> decreases(m_changes.size(), 0.0);
        for (std::size_t feature = 0; feature < decreases.size(); ++feature) {
            if (!m_visits.of(feature).empty()) {
                decreases[feature] = static_cast<double>(lost(tree, feature)) / static_cast<double>(rows.size());
            }
        }
        m_visits.clear();
        return decreases;
    }

private:
    [[nodiscard]] bool is_right(const RandomForest::Tree& tree, std::uint32_t leaf, std::uint32_t row) const {
        const auto distribution = m_rows.forest.distribution(tree.nodes[leaf]);
        const auto vote = std::max_element(distribution.begin(), distribution.end()) - distribution.begin();
        return vote == m_rows.data.class_index[row];
    }

    /// Rows that are right no more when `feature` is shuffled, less those that come to be.
    std::int64_t lost(int tree, std::size_t feature) {
        const RandomForest::Tree& nodes = m_rows.forest.trees()[static_cast<std::size_t>(tree)];
        const std::vector<std::uint32_t>& rows = m_sample.out_of_bag;
        m_partner = rows;
        Rng(mix64(mix64(m_rows.seed, out_of_bag_stream), static_cast<std::uint64_t>(tree)), feature)
            .shuffle(std::span(m_partner));
        m_changes[feature] = 1;
        std::int64_t n = 0;
        for (const Meeting& meeting : m_visits.of(feature)) {
            const std::uint32_t row = rows[meeting.row];
            const std::uint32_t leaf = walk_mixed(nodes, meeting.node, m_rows.codes_of(row),
                                                  m_rows.codes_of(m_partner[meeting.row]), m_changes.data());
            n += m_is_right[meeting.row] - (is_right(nodes, leaf, row) ? 1 : 0);
        }
        m_changes[feature] = 0;
        return n;
    }

    const Rows& m_rows;
    TreeSample m_sample;
    TreeVisits m_visits;
    std::vector<std::uint8_t> m_changes; ///< per feature: 1 while it is shuffled
    std::vector<std::uint8_t> m_is_right;
    std::vector<std::uint32_t> m_partner;
};

} // namespace

OutOfBagImportance out_of_bag_importance(const RandomForest& forest, const TrainingSet& data,
                                         const RandomForestOptions& options, std::uint64_t seed, Progress& progress) {
    const auto p = static_cast<std::size_t>(forest.n_features());
    if (!options.bootstrap || data.features.n_rows == 0) {
        return {.score = std::nullopt, .features = summarize_decreases(std::vector<std::vector<double>>(p))};
    }
    const Rows rows{.forest = forest,
                    .data = data,
                    .bootstrap = {.class_index = data.class_index,
                                  .n_classes = data.n_classes,
                                  .n_draws = draws_per_tree(options, data.features.n_rows),
                                  .bootstrap = true,
                                  .class_weight = ClassWeight::none, // the rows in the bags are the same with weights
                                  .seed = options.seed},
                    .seed = seed,
                    .codes = encode_rows(forest, data.features)};
    OutOfBagVotes votes(data.features.n_rows, data.n_classes);
    std::vector<std::vector<double>> of_tree(static_cast<std::size_t>(forest.n_trees()));
    tbb::enumerable_thread_specific<TreeTest> tests([&] { return TreeTest(rows); });
    progress.begin("out-of-bag importance", forest.n_trees());
    tbb::parallel_for(0, forest.n_trees(), [&](int tree) {
        throw_if_stopped();
        of_tree[static_cast<std::size_t>(tree)] = tests.local().run(tree, votes);
        progress.advance(1);
    });
    progress.end();
    std::vector<std::vector<double>> decreases(p);
    for (const std::vector<double>& values : of_tree) {
        for (std::size_t f = 0; f < values.size(); ++f) {
            decreases[f].push_back(values[f]);
        }
    }
    return {.score = votes.score(data.class_index), .features = summarize_decreases(decreases)};
}

} // namespace lcclass
