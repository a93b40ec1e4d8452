#include "lcclass/core/sample_table.h"

#include "lcclass/core/error.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

namespace {

template <class T>
std::vector<T> pick(const std::vector<T>& column, const std::vector<std::int64_t>& rows) {
    std::vector<T> result;
    result.reserve(rows.size());
    for (const std::int64_t row : rows) {
        result.push_back(column[static_cast<std::size_t>(row)]);
    }
    return result;
}

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

void check_lengths(const SampleTable& samples, const std::string& where) {
    const auto n = static_cast<std::size_t>(samples.size());
    bool equal = samples.polygon_id.size() == n && samples.group.size() == n && samples.x.size() == n &&
                 samples.y.size() == n && samples.features.size() == samples.feature_names.size();
    for (const auto& column : samples.features) {
        equal = equal && column.size() == n;
    }
    if (!equal) {
        refuse(where, {}, "columns have different lengths", "make the table again");
    }
}

} // namespace

FeatureView view_of(const SampleTable& samples) {
    FeatureView view;
    view.n_rows = samples.size();
    for (const auto& column : samples.features) {
        view.columns.push_back(column.data());
    }
    return view;
}

bool knows_groups(const SampleTable& samples) {
    if (std::any_of(samples.polygon_id.begin(), samples.polygon_id.end(), [](std::int32_t id) { return id != 0; })) {
        return true;
    }
    std::vector<bool> seen(samples.group_names.size());
    return std::any_of(samples.group.begin(), samples.group.end(), [&](std::int32_t group) {
        const bool before = seen.at(static_cast<std::size_t>(group));
        seen[static_cast<std::size_t>(group)] = true;
        return before;
    });
}

SampleTable select_rows(const SampleTable& samples, const std::vector<std::int64_t>& rows) {
    SampleTable result;
    result.feature_names = samples.feature_names;
    for (const auto& column : samples.features) {
        result.features.push_back(pick(column, rows));
    }
    result.class_code = pick(samples.class_code, rows);
    result.polygon_id = pick(samples.polygon_id, rows);
    result.group = pick(samples.group, rows);
    result.group_names = samples.group_names;
    result.x = pick(samples.x, rows);
    result.y = pick(samples.y, rows);
    result.crs_wkt = samples.crs_wkt;
    result.legend = samples.legend;
    result.recipe_json = samples.recipe_json;
    return result;
}

std::vector<std::int32_t> class_positions(std::span<const std::int32_t> codes, std::span<const std::int32_t> known,
                                          const UnknownClass& unknown) {
    std::vector<std::int32_t> positions;
    positions.reserve(codes.size());
    for (std::size_t row = 0; row < codes.size(); ++row) {
        const auto at = std::lower_bound(known.begin(), known.end(), codes[row]);
        if (at == known.end() || *at != codes[row]) {
            refuse("samples:row " + std::to_string(row + 1), "class_code=" + std::to_string(codes[row]),
                   unknown.problem, unknown.fix);
        }
        positions.push_back(static_cast<std::int32_t>(at - known.begin()));
    }
    return positions;
}

std::vector<std::int32_t> class_positions(std::span<const std::int32_t> codes, const ClassLegend& legend,
                                          const UnknownClass& unknown) {
    std::vector<std::int32_t> known;
    for (const LandCoverClass& entry : legend.classes()) {
        known.push_back(entry.code);
    }
    return class_positions(codes, known, unknown);
}

void check_samples(const SampleTable& samples, const std::string& where) {
    check_lengths(samples, where);
    for (std::size_t f = 0; f < samples.features.size(); ++f) {
        const auto& column = samples.features[f];
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (!std::isfinite(column[row])) {
                refuse(where + ":row " + std::to_string(row + 1),
                       samples.feature_names[f] + "=" + std::to_string(column[row]), "is not a finite number",
                       "drop the row, or mask nodata before sampling");
            }
        }
    }
    for (std::size_t row = 0; row < samples.class_code.size(); ++row) {
        const std::string here = where + ":row " + std::to_string(row + 1);
        if (!samples.legend.index_of(samples.class_code[row])) {
            refuse(here, "class_code=" + std::to_string(samples.class_code[row]), "is not in the legend",
                   "class codes are 1 and above and need an entry in the class map");
        }
        const std::int32_t group = samples.group[row];
        if (group < 0 || static_cast<std::size_t>(group) >= samples.group_names.size()) {
            refuse(here, "group=" + std::to_string(group), "has no name", "make the table again");
        }
    }
}

} // namespace lcclass
