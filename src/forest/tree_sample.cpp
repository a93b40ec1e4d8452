#include "forest/tree_sample.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lcclass {

namespace {

constexpr std::uint64_t bootstrap_stream = 0x626F6F7473747270ULL; // keeps draws apart from the nodes' random numbers

/// scikit-learn's `balanced`: n / (classes present x rows of the class).
std::vector<double> balanced_weights(const std::vector<std::int64_t>& class_draws) {
    std::int64_t total = 0;
    std::int64_t present = 0;
    for (const std::int64_t n : class_draws) {
        total += n;
        present += n > 0 ? 1 : 0;
    }
    std::vector<double> weights;
    for (const std::int64_t n : class_draws) {
        weights.push_back(n > 0 ? static_cast<double>(total) / (static_cast<double>(present) * static_cast<double>(n))
                                : 0.0);
    }
    return weights;
}

void set_class_weights(const BootstrapPlan& plan, TreeSample& sample) {
    sample.class_weight.assign(static_cast<std::size_t>(plan.n_classes), 1.0);
    if (plan.class_weight == ClassWeight::none) {
        return;
    }
    const bool by_draws = plan.class_weight == ClassWeight::balanced_subsample && plan.bootstrap;
    std::vector<std::int64_t> class_draws(static_cast<std::size_t>(plan.n_classes));
    for (std::size_t i = 0; i < plan.class_index.size(); ++i) {
        class_draws[static_cast<std::size_t>(plan.class_index[i])] += by_draws ? sample.counts[i] : 1;
    }
    sample.class_weight = balanced_weights(class_draws);
}

} // namespace

std::int64_t draws_per_tree(const RandomForestOptions& options, std::int64_t n_rows) {
    if (options.max_samples == 0) {
        return n_rows;
    }
    if (options.max_samples <= 1) {
        const double wanted = std::nearbyint(static_cast<double>(n_rows) * options.max_samples);
        return std::max<std::int64_t>(1, static_cast<std::int64_t>(wanted));
    }
    if (options.max_samples > static_cast<double>(n_rows)) {
        throw Error(ExitCode::configuration, {.where = {},
                                              .field = "max_samples=" + format_number(options.max_samples),
                                              .problem = "there are only " + with_thousands(n_rows) + " rows to draw",
                                              .fix = "give a fraction, or a count up to that"});
    }
    return static_cast<std::int64_t>(options.max_samples);
}

void draw_sample(const BootstrapPlan& plan, int tree, TreeSample& sample) {
    const std::size_t n_rows = plan.class_index.size();
    sample.counts.assign(n_rows, plan.bootstrap ? 0 : 1);
    if (plan.bootstrap) {
        Rng rng(mix64(plan.seed, bootstrap_stream), static_cast<std::uint64_t>(tree));
        for (std::int64_t draw = 0; draw < plan.n_draws; ++draw) {
            std::uint16_t& count = sample.counts[rng.below(n_rows)];
            count = static_cast<std::uint16_t>(count + (count < std::numeric_limits<std::uint16_t>::max() ? 1 : 0));
        }
    }
    // Whether a row was drawn cannot be foreseen: every row is written to both lists, and counted in one.
    sample.bag.resize(n_rows);
    sample.out_of_bag.resize(n_rows);
    std::size_t n_bag = 0;
    std::size_t n_out = 0;
    for (std::size_t i = 0; i < n_rows; ++i) {
        const std::uint16_t count = sample.counts[i];
        sample.bag[n_bag] = {.row = static_cast<std::uint32_t>(i),
                             .class_index = static_cast<std::uint16_t>(plan.class_index[i]),
                             .count = count};
        sample.out_of_bag[n_out] = static_cast<std::uint32_t>(i);
        n_bag += count > 0 ? 1 : 0;
        n_out += count > 0 ? 0 : 1;
    }
    sample.bag.resize(n_bag);
    sample.out_of_bag.resize(n_out);
    set_class_weights(plan, sample);
}

} // namespace lcclass
