/// Folds and predictions of samples as columns of a table.
/// Values that refer to what they were made of; const access is safe from any thread.
#pragma once

#include "geo/vector_writer.h"
#include "lcclass/geo/sample_file.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lcclass {

/// A column beside those of a sample table.
struct ExtraColumn {
    std::string name;
    bool is_integer = true; ///< otherwise values are floats
    std::function<double(std::size_t)> of_row;
};

/// The columns of `columns` in their order, as long as `samples` and `columns` live.
/// Throws Error(internal) when a scheme is there twice or does not have a value for every sample.
std::vector<ExtraColumn> extra_columns(const SampleTable& samples, const FoldColumns& columns);

/// True for the names that `extra_columns` can give.
bool is_fold_column(std::string_view name);

std::vector<VectorField> fields_of(const std::vector<ExtraColumn>& columns);
/// Sets the fields from `first` on to the values of `row`.
void fill_columns(OGRFeatureH feature, int first, const std::vector<ExtraColumn>& columns, std::size_t row);

} // namespace lcclass
