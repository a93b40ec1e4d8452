#include "lcclass/assess/confusion_matrix.h"

#include "lcclass/core/error.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>

namespace lcclass {

namespace {

[[noreturn]] void broken(std::string problem) {
    throw Error(
        ExitCode::internal,
        {.where = "confusion matrix", .field = {}, .problem = std::move(problem), .fix = "report this as a bug"});
}

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::nullopt : std::optional(static_cast<double>(part) / static_cast<double>(whole));
}

/// Cohen 1960: (observed - chance) / (1 - chance); 0 / 0 when one class is all there is on both sides.
std::optional<double> kappa_of(const ConfusionMatrix& matrix, std::int64_t agreed) {
    const std::int64_t n = matrix.total();
    double chance = 0;
    for (int k = 0; k < matrix.n_classes(); ++k) {
        if (matrix.reference_total(k) == n && matrix.predicted_total(k) == n) {
            return std::nullopt;
        }
        chance += static_cast<double>(matrix.reference_total(k)) / static_cast<double>(n) *
                  (static_cast<double>(matrix.predicted_total(k)) / static_cast<double>(n));
    }
    return (static_cast<double>(agreed) / static_cast<double>(n) - chance) / (1 - chance);
}

ClassAccuracy class_accuracy(const ConfusionMatrix& matrix, int k) {
    const std::int64_t reference = matrix.reference_total(k);
    const std::int64_t predicted = matrix.predicted_total(k);
    const std::int64_t hits = matrix.at(k, k);
    return {.precision = ratio(hits, predicted),
            .recall = ratio(hits, reference),
            .f1 = ratio(2 * hits, reference + predicted),
            .support = reference};
}

} // namespace

ConfusionMatrix::ConfusionMatrix(int n_classes)
    : m_n_classes(n_classes), m_counts(static_cast<std::size_t>(n_classes) * static_cast<std::size_t>(n_classes), 0) {}

void ConfusionMatrix::add(int reference, int predicted, std::int64_t count) {
    if (reference < 0 || reference >= m_n_classes || predicted < 0 || predicted >= m_n_classes) {
        broken("no cell (" + std::to_string(reference) + ", " + std::to_string(predicted) + ") for " +
               std::to_string(m_n_classes) + " classes");
    }
    m_counts[cell(reference, predicted)] += count;
}

ConfusionMatrix& ConfusionMatrix::operator+=(const ConfusionMatrix& other) {
    if (other.m_n_classes != m_n_classes) {
        broken("sum of " + std::to_string(m_n_classes) + " and " + std::to_string(other.m_n_classes) + " classes");
    }
    std::transform(m_counts.begin(), m_counts.end(), other.m_counts.begin(), m_counts.begin(), std::plus<>());
    return *this;
}

std::size_t ConfusionMatrix::cell(int reference, int predicted) const {
    return static_cast<std::size_t>(reference) * static_cast<std::size_t>(m_n_classes) +
           static_cast<std::size_t>(predicted);
}

std::int64_t ConfusionMatrix::at(int reference, int predicted) const {
    return m_counts.at(cell(reference, predicted));
}

std::int64_t ConfusionMatrix::total() const {
    return std::accumulate(m_counts.begin(), m_counts.end(), std::int64_t{0});
}

std::int64_t ConfusionMatrix::reference_total(int k) const {
    std::int64_t sum = 0;
    for (int j = 0; j < m_n_classes; ++j) {
        sum += at(k, j);
    }
    return sum;
}

std::int64_t ConfusionMatrix::predicted_total(int k) const {
    std::int64_t sum = 0;
    for (int i = 0; i < m_n_classes; ++i) {
        sum += at(i, k);
    }
    return sum;
}

AccuracyReport accuracy_of(const ConfusionMatrix& matrix) {
    AccuracyReport report;
    std::int64_t agreed = 0;
    double f1_sum = 0;
    double f1_weighted_sum = 0;
    int n_f1 = 0;
    for (int k = 0; k < matrix.n_classes(); ++k) {
        const ClassAccuracy& accuracy = report.per_class.emplace_back(class_accuracy(matrix, k));
        agreed += matrix.at(k, k);
        if (accuracy.f1) {
            f1_sum += *accuracy.f1;
            f1_weighted_sum += *accuracy.f1 * static_cast<double>(accuracy.support);
            ++n_f1;
        }
    }
    const std::int64_t n = matrix.total();
    if (n > 0) {
        report.overall_accuracy = ratio(agreed, n);
        report.kappa = kappa_of(matrix, agreed);
        report.f1_weighted = f1_weighted_sum / static_cast<double>(n);
        report.f1_macro = f1_sum / n_f1;
    }
    return report;
}

} // namespace lcclass
