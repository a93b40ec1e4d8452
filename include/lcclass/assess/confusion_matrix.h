/// Counts of reference class by predicted class, and every accuracy figure that follows from them.
/// A value; matrices of parts add up: `total += part`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

/// Rows are the reference, columns the prediction; indices are positions in the list of classes compared.
class ConfusionMatrix {
public:
    explicit ConfusionMatrix(int n_classes);

    void add(int reference, int predicted, std::int64_t count = 1);
    ConfusionMatrix& operator+=(const ConfusionMatrix& other);

    [[nodiscard]] int n_classes() const { return m_n_classes; }
    [[nodiscard]] std::int64_t at(int reference, int predicted) const;
    [[nodiscard]] std::int64_t total() const;
    [[nodiscard]] std::int64_t reference_total(int k) const;
    [[nodiscard]] std::int64_t predicted_total(int k) const;

private:
    [[nodiscard]] std::size_t cell(int reference, int predicted) const;

    int m_n_classes;
    std::vector<std::int64_t> m_counts;
};

/// Nothing stands where a figure is undefined (0 / 0): it is reported as NA, never as 0.
struct ClassAccuracy {
    std::optional<double> precision; ///< user's accuracy; nothing when the class was never predicted
    std::optional<double> recall;    ///< producer's accuracy; nothing when the class is not in the reference
    std::optional<double> f1;        ///< nothing when the class is in neither
    std::int64_t support = 0;        ///< reference count
};

struct AccuracyReport {
    std::optional<double> overall_accuracy;
    std::optional<double> kappa;       ///< Cohen 1960
    std::optional<double> f1_weighted; ///< weighted by reference counts, as scikit-learn
    std::optional<double> f1_macro;    ///< mean over the classes that have an f1
    std::vector<ClassAccuracy> per_class;
};

AccuracyReport accuracy_of(const ConfusionMatrix& matrix);

} // namespace lcclass
