/// Sample tables as comma-separated text.
/// Pure functions on files; safe from any thread.
#pragma once

#include "geo/fold_columns.h"
#include "lcclass/core/sample_table.h"
#include "lcclass/geo/sample_file.h"

#include <filesystem>
#include <vector>

namespace lcclass {

/// First line: column names; comma, semicolon or tab between; quoted cells may hold anything. Throws Error(input)
/// naming row and column.
SampleTable read_csv_samples(const std::filesystem::path& path, const SampleFileOptions& options);

/// Numbers are the shortest text that reads back as the same number; `extra` columns come last. Throws Error(output).
void write_csv_samples(const std::filesystem::path& path, const SampleTable& samples,
                       const std::vector<ExtraColumn>& extra, bool overwrite);

} // namespace lcclass
