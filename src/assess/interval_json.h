/// Intervals and gaps of a CvReport as JSON.
/// Pure functions.
#pragma once

#include "lcclass/assess/cv_report.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace lcclass::assess {

/// `ci95`: the key of an interval at 95 %.
std::string interval_key(double confidence);

/// `[low, high]`, or null.
nlohmann::ordered_json interval_or_null(const IntervalEstimate& value);

/// A number of polygons; null where they are not known.
nlohmann::ordered_json number_of_polygons(const CrossValidation& cv, std::int64_t n);

/// Every figure (`figures_of`) with its value under `name`, `se`, the interval and `undefined`.
nlohmann::ordered_json estimates_json(const std::vector<IntervalEstimate>& figures, const CrossValidation& cv,
                                      const ClassLegend& legend, const char* name, const BootstrapOptions& options);

/// How they were made, then every pooled figure of scheme number `scheme` with `estimate`, `se`, the interval and
/// `undefined`. Requires: scheme < report.intervals.size().
nlohmann::ordered_json intervals_json(const CvReport& report, std::size_t scheme, const ClassLegend& legend);

/// Per other scheme and overall figure: `gap`, `se`, the interval and `undefined`.
nlohmann::ordered_json gaps_json(const CvReport& report);

} // namespace lcclass::assess
