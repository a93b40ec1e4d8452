#include "lcclass/assess/class_separability.h"

#include "lcclass/core/quantile.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace lcclass {

namespace {

/// A pivot below this share of the largest means that a feature follows from the others.
constexpr double least_pivot = 1e-12;

std::vector<std::vector<std::size_t>> rows_by_class(const SampleTable& samples,
                                                    const std::vector<std::int32_t>& codes) {
    std::vector<std::vector<std::size_t>> rows(codes.size());
    for (std::size_t row = 0; row < samples.class_code.size(); ++row) {
        const auto found = std::find(codes.begin(), codes.end(), samples.class_code[row]);
        if (found != codes.end()) {
            rows[static_cast<std::size_t>(found - codes.begin())].push_back(row);
        }
    }
    return rows;
}

ClassSignature signature_of(const std::vector<float>& column, const std::vector<std::size_t>& rows) {
    std::vector<double> values;
    values.reserve(rows.size());
    double sum = 0;
    for (const std::size_t row : rows) {
        values.push_back(column[row]);
        sum += column[row];
    }
    std::sort(values.begin(), values.end());
    ClassSignature signature;
    const auto n = static_cast<double>(values.size());
    signature.mean = sum / n;
    double squares = 0;
    for (const double value : values) {
        squares += (value - signature.mean) * (value - signature.mean);
    }
    signature.sd = values.size() < 2 ? 0 : std::sqrt(squares / (n - 1));
    signature.low = quantile(values, 0.1);
    signature.median = quantile(values, 0.5);
    signature.high = quantile(values, 0.9);
    return signature;
}

/// Mean and covariance of a class, and the logarithm of the covariance's determinant.
struct Normal {
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;
    std::optional<double> log_determinant; ///< nothing: the covariance has no inverse
};

/// Of a positive definite matrix; nothing of others. Features of different units are brought to one scale first.
std::optional<double> log_determinant_of(const Eigen::MatrixXd& matrix) {
    const Eigen::VectorXd scale = matrix.diagonal().cwiseSqrt();
    if (scale.size() == 0 || !(scale.minCoeff() > 0)) {
        return std::nullopt;
    }
    const Eigen::MatrixXd scaled = scale.cwiseInverse().asDiagonal() * matrix * scale.cwiseInverse().asDiagonal();
    const Eigen::LDLT<Eigen::MatrixXd> parts(scaled);
    const Eigen::VectorXd pivots = parts.vectorD();
    if (parts.info() != Eigen::Success || !(pivots.minCoeff() > least_pivot * pivots.maxCoeff())) {
        return std::nullopt;
    }
    return pivots.array().log().sum() + 2 * scale.array().log().sum();
}

Normal normal_of(const SampleTable& samples, const std::vector<std::size_t>& rows) {
    const auto n_features = static_cast<Eigen::Index>(samples.features.size());
    Eigen::MatrixXd values(static_cast<Eigen::Index>(rows.size()), n_features);
    for (Eigen::Index f = 0; f < n_features; ++f) {
        const std::vector<float>& column = samples.features[static_cast<std::size_t>(f)];
        for (std::size_t i = 0; i < rows.size(); ++i) {
            values(static_cast<Eigen::Index>(i), f) = column[rows[i]];
        }
    }
    Normal normal{.mean = values.colwise().mean(), .covariance = {}, .log_determinant = {}};
    values.rowwise() -= normal.mean.transpose();
    normal.covariance = values.transpose() * values / std::max<double>(1, static_cast<double>(rows.size()) - 1);
    if (values.rows() > n_features) {
        normal.log_determinant = log_determinant_of(normal.covariance);
    }
    return normal;
}

std::optional<double> distance_between(const Normal& a, const Normal& b) {
    if (!a.log_determinant || !b.log_determinant) {
        return std::nullopt;
    }
    const Eigen::MatrixXd middle = (a.covariance + b.covariance) / 2;
    const std::optional<double> log_determinant = log_determinant_of(middle);
    if (!log_determinant) {
        return std::nullopt;
    }
    const Eigen::VectorXd difference = a.mean - b.mean;
    const double bhattacharyya = difference.dot(middle.ldlt().solve(difference)) / 8 +
                                 (*log_determinant - (*a.log_determinant + *b.log_determinant) / 2) / 2;
    return 2 * (1 - std::exp(-std::max(0.0, bhattacharyya)));
}

} // namespace

std::vector<std::vector<ClassSignature>> class_signatures(const SampleTable& samples,
                                                          const std::vector<std::int32_t>& codes) {
    std::vector<std::vector<ClassSignature>> signatures;
    for (const std::vector<std::size_t>& rows : rows_by_class(samples, codes)) {
        std::vector<ClassSignature>& of_class = signatures.emplace_back();
        for (const std::vector<float>& column : samples.features) {
            of_class.push_back(signature_of(column, rows));
        }
    }
    return signatures;
}

std::vector<std::vector<std::optional<double>>> jeffries_matusita(const SampleTable& samples,
                                                                  const std::vector<std::int32_t>& codes) {
    std::vector<Normal> normals;
    for (const std::vector<std::size_t>& rows : rows_by_class(samples, codes)) {
        normals.push_back(normal_of(samples, rows));
    }
    std::vector<std::vector<std::optional<double>>> distances(codes.size(),
                                                              std::vector<std::optional<double>>(codes.size()));
    for (std::size_t i = 0; i < codes.size(); ++i) {
        for (std::size_t j = i + 1; j < codes.size(); ++j) {
            distances[i][j] = distances[j][i] = distance_between(normals[i], normals[j]);
        }
    }
    return distances;
}

} // namespace lcclass
