#include "features/principal_components.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lcclass {

namespace {

double mean_of(const std::vector<float>& column) {
    return std::accumulate(column.begin(), column.end(), 0.0) / static_cast<double>(column.size());
}

double covariance(const std::vector<float>& a, double mean_a, const std::vector<float>& b, double mean_b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += (static_cast<double>(a[i]) - mean_a) * (static_cast<double>(b[i]) - mean_b);
    }
    return sum / static_cast<double>(a.size() - 1);
}

} // namespace

void fit_components(std::span<const std::vector<float>> columns, PrincipalComponents& components) {
    const auto n = static_cast<Eigen::Index>(columns.size());
    components.mean.clear();
    for (const std::vector<float>& column : columns) {
        components.mean.push_back(mean_of(column));
    }
    Eigen::MatrixXd matrix(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index j = 0; j <= i; ++j) {
            const auto a = static_cast<std::size_t>(i);
            const auto b = static_cast<std::size_t>(j);
            matrix(i, j) = matrix(j, i) = covariance(columns[a], components.mean[a], columns[b], components.mean[b]);
        }
    }
    components.scale.assign(columns.size(), 1);
    if (components.standardize) {
        const auto n_rows = static_cast<double>(columns[0].size());
        for (Eigen::Index i = 0; i < n; ++i) {
            const double sd = std::sqrt(matrix(i, i) * (n_rows - 1) / n_rows); // of the population, as STANDARDIZE
            components.scale[static_cast<std::size_t>(i)] = sd > 0 ? sd : 1;
        }
        for (Eigen::Index i = 0; i < n; ++i) {
            for (Eigen::Index j = 0; j < n; ++j) {
                matrix(i, j) /=
                    components.scale[static_cast<std::size_t>(i)] * components.scale[static_cast<std::size_t>(j)];
            }
        }
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix); // eigenvalues rise
    const double total = matrix.trace();
    components.loadings.clear();
    components.explained_variance.clear();
    components.explained_variance_ratio.clear();
    for (int k = 0; k < components.n_components; ++k) {
        const Eigen::Index column = n - 1 - k;
        Eigen::VectorXd vector = solver.eigenvectors().col(column);
        Eigen::Index largest = 0;
        vector.cwiseAbs().maxCoeff(&largest);
        vector *= vector[largest] < 0 ? -1 : 1;
        components.loadings.emplace_back(vector.begin(), vector.end());
        const double variance = std::max(0.0, solver.eigenvalues()[column]);
        components.explained_variance.push_back(variance);
        components.explained_variance_ratio.push_back(total > 0 ? variance / total : 0);
    }
    components.n_pixels = static_cast<std::int64_t>(columns[0].size());
}

} // namespace lcclass
