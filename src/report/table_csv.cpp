#include "lcclass/core/csv_text.h"
#include "lcclass/core/text.h"
#include "lcclass/report/figure.h"

namespace lcclass::report {

namespace {

std::string csv_text(const Cell& cell) {
    if (const auto* const number = std::get_if<double>(&cell)) {
        return format_number(*number);
    }
    const auto* const text = std::get_if<std::string>(&cell);
    return text != nullptr ? csv_cell(*text) : std::string();
}

} // namespace

std::string to_csv(const Table& table) {
    std::string csv;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        csv += (i == 0 ? "" : ",") + csv_cell(table.columns[i].name);
    }
    csv += "\r\n";
    for (const std::vector<Cell>& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            csv += (i == 0 ? "" : ",") + csv_text(row[i]);
        }
        csv += "\r\n";
    }
    return csv;
}

} // namespace lcclass::report
