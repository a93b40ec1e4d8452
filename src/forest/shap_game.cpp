#include "forest/shap_game.h"

#include "forest/packed_forest.h"
#include "forest/quadrature.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cmath>
#include <string>

namespace lcclass {

void check_shap_sum(double sum, double prediction, std::size_t row) {
    constexpr double largest_error = 1e-9;
    const double error = std::abs(sum - prediction);
    if (!(error <= largest_error)) {
        throw Error(ExitCode::internal,
                    {.where = "SHAP",
                     .field = "row=" + std::to_string(row),
                     .problem = "base and contributions miss the prediction by " + format_number(error),
                     .fix = "report this"});
    }
}

ShapRules::ShapRules() : rules(ShapLeaves::most_lanes + 1) {
    for (std::size_t sides = 1; sides < rules.size(); ++sides) {
        for (const QuadratureNode& node : quadrature_nodes((sides + 1) / 2)) {
            rules[sides].t.push_back(node.t);
            rules[sides].rest.push_back(1 - node.t);
            rules[sides].weight.push_back(node.weight);
        }
    }
}

ShapBackground::ShapBackground(const RandomForest& forest, const FeatureView& rows)
    : n_rows(static_cast<std::size_t>(rows.n_rows)),
      stride((rows.columns.size() + ShapLeaves::group - 1) / ShapLeaves::group * ShapLeaves::group),
      codes(n_rows * stride), base(static_cast<std::size_t>(forest.n_classes())),
      m_weights((ShapLeaves::most_lanes + 1) * (ShapLeaves::most_lanes + 1)) {
    const std::vector<CodeTable>& tables = forest.packed().tables();
    for (std::size_t i = 0; i < n_rows; ++i) {
        for (std::size_t f = 0; f < tables.size(); ++f) {
            codes[i * stride + f] = PackedForest::shifted(tables[f].code(rows.columns[f][i]));
        }
    }
    std::vector<std::uint32_t> votes(n_rows * base.size());
    forest.predict_sums(rows, votes);
    const double one = static_cast<double>(forest.n_trees()) * RandomForest::probability_one;
    for (std::size_t i = 0; i < votes.size(); ++i) {
        base[i % base.size()] += votes[i] / one / static_cast<double>(n_rows);
    }
    constexpr std::size_t most = ShapLeaves::most_lanes;
    for (std::size_t ours = 1; ours <= most; ++ours) {
        // (ours - 1)! theirs! / (ours + theirs)!, from theirs = 0 on.
        double weight = 1 / static_cast<double>(ours);
        for (std::size_t theirs = 0; theirs <= most; ++theirs) {
            m_weights[ours * (most + 1) + theirs] = weight / static_cast<double>(n_rows);
            weight *= static_cast<double>(theirs + 1) / static_cast<double>(ours + theirs + 1);
        }
    }
}

} // namespace lcclass
