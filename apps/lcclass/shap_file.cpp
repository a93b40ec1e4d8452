#include "shap_file.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/csv_text.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"
#include "lcclass/geo/point_file.h"
#include "lcclass/report/qgis_style.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace lcclass {

namespace {

constexpr WordTable<ShapColumns, 2> column_words = {{{ShapColumns::predicted, "predicted"}, {ShapColumns::all, "all"}}};

const LandCoverClass& class_at(const Model& model, std::size_t k) {
    return model.legend.at(static_cast<int>(k));
}

double prediction_of(const ShapTable& table, std::size_t row, std::size_t k) {
    const auto values = table.of(row, k);
    return std::accumulate(values.begin(), values.end(), table.base[k]);
}

/// `row,class_code,base,<features...>,prediction`, one line per sample and class.
std::string shap_csv(const ShapTable& table, const Model& model, std::optional<std::size_t> only_class) {
    std::string csv = "row,class_code,base,";
    for (const std::string& name : model.feature_names) {
        csv += csv_cell(name) + ",";
    }
    csv += "prediction\n";
    for (std::size_t row = 0; row < table.n_rows(); ++row) {
        for (std::size_t k = 0; k < table.n_classes; ++k) {
            if (only_class.value_or(k) != k) {
                continue;
            }
            csv += std::to_string(table.rows[row] + 1) + "," + std::to_string(class_at(model, k).code) + "," +
                   format_number(table.base[k]);
            for (const double value : table.of(row, k)) {
                csv += "," + format_number(value);
            }
            csv += "," + format_number(prediction_of(table, row, k)) + "\n";
        }
    }
    return csv;
}

/// The columns of a point layer, made one after the other.
class PointColumns {
public:
    PointColumns(const ShapTable& table, const Model& model) : m_table(table), m_model(model) {}

    template <class Value>
    void add(const std::string& name, const std::function<Value(std::size_t)>& of_row) {
        std::vector<Value> values;
        for (std::size_t row = 0; row < m_table.n_rows(); ++row) {
            values.push_back(of_row(row));
        }
        m_columns.push_back({.name = name, .values = std::move(values)});
    }

    /// Code and name of a class per row, given by its position in the legend.
    void add_class(const std::string& code_name, const std::string& name_name,
                   const std::function<std::size_t(std::size_t)>& of_row) {
        add<std::int32_t>(code_name, [&](std::size_t row) { return class_at(m_model, of_row(row)).code; });
        add<std::string>(name_name, [&](std::size_t row) { return class_at(m_model, of_row(row)).name; });
    }

    /// Base, contributions and what they come to, of a class per row; names end in `suffix`.
    void add_contributions(const std::string& suffix, const std::function<std::size_t(std::size_t)>& class_of) {
        add<double>("base" + suffix, [&](std::size_t row) { return m_table.base[class_of(row)]; });
        for (std::size_t f = 0; f < m_table.n_features; ++f) {
            add<double>("shap_" + m_model.feature_names[f] + suffix,
                        [&](std::size_t row) { return m_table.of(row, class_of(row))[f]; });
        }
        add<double>("prediction" + suffix, [&](std::size_t row) { return prediction_of(m_table, row, class_of(row)); });
    }

    std::vector<PointColumn> take() { return std::move(m_columns); }

private:
    const ShapTable& m_table;
    const Model& m_model;
    std::vector<PointColumn> m_columns;
};

/// The feature that moves the probability most.
const std::string& strongest(const ShapTable& table, const Model& model, std::size_t row, std::size_t k) {
    const auto values = table.of(row, k);
    const auto most = std::ranges::max_element(values, {}, [](double value) { return std::abs(value); });
    return model.feature_names[static_cast<std::size_t>(most - values.begin())];
}

std::vector<PointColumn> point_columns(const ShapTable& table, const Model& model, const ShapFileOptions& options) {
    PointColumns columns(table, model);
    const auto predicted = [&](std::size_t row) {
        return static_cast<std::size_t>(table.predictions.class_index[row]);
    };
    const auto explained = [&](std::size_t row) { return options.only_class.value_or(predicted(row)); };
    const auto labelled = [&](std::size_t row) {
        return static_cast<std::size_t>(*model.legend.index_of(table.samples.class_code[row]));
    };
    columns.add<std::int32_t>("row", [&](std::size_t row) { return static_cast<std::int32_t>(table.rows[row] + 1); });
    columns.add_class("class_code", "class", labelled);
    columns.add_class("predicted_code", "predicted", predicted);
    columns.add<std::int32_t>("right", [&](std::size_t row) { return predicted(row) == labelled(row) ? 1 : 0; });
    columns.add_class("explained_code", "explained", explained);
    columns.add<double>("probability", [&](std::size_t row) {
        return table.predictions.probabilities[row * table.n_classes + explained(row)];
    });
    columns.add<std::string>("strongest",
                             [&](std::size_t row) { return strongest(table, model, row, explained(row)); });
    if (options.columns == ShapColumns::predicted) {
        columns.add_contributions("", explained);
    } else {
        for (std::size_t k = 0; k < table.n_classes; ++k) {
            columns.add_contributions("_" + std::to_string(class_at(model, k).code), [k](std::size_t) { return k; });
        }
    }
    for (std::size_t f = 0; f < table.n_features; ++f) {
        columns.add<double>("value_" + model.feature_names[f],
                            [&](std::size_t row) { return static_cast<double>(table.values_of(f)[row]); });
    }
    return columns.take();
}

void require_positions(const ShapTable& table, const std::filesystem::path& path) {
    const auto is_zero = [](double number) { return number == 0; };
    if (table.samples.crs_wkt.empty() && std::ranges::all_of(table.samples.x, is_zero) &&
        std::ranges::all_of(table.samples.y, is_zero)) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = "--shap-values",
                                      .problem = "the samples have no positions, so there are no points",
                                      .fix = "end the name in .csv, or use samples with positions"});
    }
}

} // namespace

std::string to_string(ShapColumns columns) {
    return word_of(column_words, columns);
}

ShapColumns parse_shap_columns(const std::string& word) {
    return parse_word(column_words, "--shap-columns", word, "a choice of columns");
}

void write_shap_values(const ShapTable& table, const Model& model, const ShapFileOptions& options) {
    if (options.path.extension() == ".csv") {
        write_file_atomically(options.path, shap_csv(table, model, options.only_class), options.overwrite);
        return;
    }
    require_positions(table, options.path);
    write_point_table(options.path,
                      {.kind = "shap_values",
                       .x = table.samples.x,
                       .y = table.samples.y,
                       .crs_wkt = table.samples.crs_wkt,
                       .columns = point_columns(table, model, options),
                       .qml = report::to_qml(report::strongest_feature_style(model.feature_names))},
                      options.overwrite);
}

} // namespace lcclass
