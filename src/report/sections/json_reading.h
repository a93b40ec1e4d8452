/// Reading the JSON files of other stages: what is not there, and what is null, is nothing.
/// Free functions; safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"
#include "lcclass/report/figure.h"
#include "lcclass/report/sections.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace lcclass::report {

using Json = nlohmann::ordered_json;
using Interval = std::optional<std::pair<double, double>>;

/// Calls `build` with the file's content. Throws: Error(input) saying that `file` was not made by `command`, for text
/// that is no JSON object and for content that `build` cannot read.
Section section_from(const JsonFile& file, const std::string& command,
                     const std::function<Section(const Json&)>& build);

/// `json[key]`, or null when it is not there.
const Json& member(const Json& json, const std::string& key);

std::optional<double> number(const Json& json);
std::optional<double> number(const Json& json, const std::string& key);

/// The member `ci95` (or of another confidence) of an estimate; nothing without both ends.
Interval interval_of(const Json& estimate);

/// `95 % interval` of an estimate that has one, else nothing.
std::string interval_name(const Json& estimate);

/// Throws std::out_of_range, which `section_from` takes for a damaged file, unless `list` has `n` items.
const Json& list_of(const Json& list, std::size_t n);

/// Names of the members, in order.
std::vector<std::string> keys_of(const Json& object);

/// The colour of a class by code; nothing when the legend does not know it.
std::optional<Rgb> color_of(const ClassLegend& legend, const Json& class_code);

/// The name of a class by code, or the code.
std::string class_name(const ClassLegend& legend, const std::string& code);

/// Counts as they are, and as shares of their row. `text` is of the counts; the other has `-shares` in its id.
std::pair<MatrixFigure, MatrixFigure> confusion_figures(const Json& confusion, const FigureText& text);

} // namespace lcclass::report
