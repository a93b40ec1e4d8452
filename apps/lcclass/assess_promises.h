/// What cross-validation said of a map before there was a reference, beside what the reference says.
/// Free functions; safe from any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// Figures over the test samples of all folds of a scheme; nothing where they are not defined.
struct CvPromise {
    std::string scheme;
    std::optional<double> overall_accuracy;
    std::optional<double> f1_weighted;
};

/// The pooled figures of every scheme of a `cv.json`. Throws Error(input) for anything else.
std::vector<CvPromise> read_promises(const std::filesystem::path& path);

/// Lines for people: every promise with its difference to `overall_accuracy` in percentage points, then the reference.
/// Without a census there is no weighted F1 of the map.
std::string promises_table(const std::vector<CvPromise>& promises, double overall_accuracy,
                           const std::optional<double>& f1_weighted);

} // namespace lcclass
