/// Importance as text for a terminal.
/// Pure functions.
#pragma once

#include "importance_results.h"

#include <string>
#include <vector>

namespace lcclass {

/// At most so many features and groups are printed; the file has all.
inline constexpr std::size_t most_importance_rows = 20;

/// Lines: the features by importance, the groups, and the table by band and date where there are dates.
std::vector<std::string> importance_lines(const ImportanceResults& results);

/// An empty line after a table, if there is one.
void add_blank(std::vector<std::string>& lines);

/// What features are sorted by, and what stands in the table by band and date: the first kind there is of permutation,
/// conditional, out-of-bag and impurity.
struct MainImportance {
    std::string name;
    std::vector<double> values; ///< NaN: not available; empty: no kind was computed
};
MainImportance main_importance(const ImportanceResults& results);

} // namespace lcclass
