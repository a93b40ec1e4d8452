#include "geo/sample_file_csv.h"

#include "geo/sample_file_builder.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/csv_text.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <array>
#include <charconv>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lcclass {

namespace {

/// Splits text into rows of cells; cells are views into the text, or into `m_unquoted` when quotes were undone.
class CsvReader {
public:
    CsvReader(std::string_view text, char separator, std::string where)
        : m_text(text), m_separator(separator), m_where(std::move(where)) {}

    /// False at the end of the text. The cells live until the next call.
    bool next(std::vector<std::string_view>& cells) {
        cells.clear();
        while (m_at < m_text.size() && (m_text[m_at] == '\n' || m_text[m_at] == '\r')) {
            ++m_at; // empty lines
        }
        if (m_at >= m_text.size()) {
            return false;
        }
        m_unquoted.clear();
        while (true) {
            cells.push_back(read_cell());
            if (m_at >= m_text.size()) {
                return true;
            }
            const char end = m_text[m_at++];
            if (end == m_separator) {
                continue;
            }
            if (end == '\r' && m_at < m_text.size() && m_text[m_at] == '\n') {
                ++m_at;
            }
            return true;
        }
    }

private:
    [[nodiscard]] bool ends_cell(char c) const { return c == m_separator || c == '\n' || c == '\r'; }

    std::string_view read_cell() {
        if (m_at < m_text.size() && m_text[m_at] == '"') {
            return read_quoted();
        }
        const std::size_t start = m_at;
        while (m_at < m_text.size() && !ends_cell(m_text[m_at])) {
            ++m_at;
        }
        return trim_blanks(m_text.substr(start, m_at - start));
    }

    std::string_view read_quoted() {
        std::string cell;
        ++m_at;
        while (true) {
            const std::size_t quote = m_text.find('"', m_at);
            if (quote == std::string_view::npos) {
                throw Error(ExitCode::input, {.where = m_where,
                                              .field = {},
                                              .problem = "a quoted cell does not end",
                                              .fix = "close the quotes"});
            }
            cell += m_text.substr(m_at, quote - m_at);
            m_at = quote + 1;
            if (m_at >= m_text.size() || m_text[m_at] != '"') {
                break;
            }
            cell += '"';
            ++m_at;
        }
        if (m_at < m_text.size() && !ends_cell(m_text[m_at])) {
            throw Error(ExitCode::input, {.where = m_where,
                                          .field = "cell=" + cell,
                                          .problem = "text follows the closing quote",
                                          .fix = "double the quotes inside a quoted cell"});
        }
        m_unquoted.push_back(std::make_unique<std::string>(std::move(cell)));
        return *m_unquoted.back();
    }

    static std::string_view trim_blanks(std::string_view cell) {
        while (!cell.empty() && cell.front() == ' ') {
            cell.remove_prefix(1);
        }
        while (!cell.empty() && cell.back() == ' ') {
            cell.remove_suffix(1);
        }
        return cell;
    }

    std::string_view m_text;
    char m_separator;
    std::string m_where;
    std::size_t m_at = 0;
    std::vector<std::unique_ptr<std::string>> m_unquoted;
};

/// The separator that the first line uses.
char separator_of(std::string_view text) {
    const std::string_view header = text.substr(0, text.find('\n'));
    for (const char candidate : {',', ';', '\t'}) {
        if (header.find(candidate) != std::string_view::npos) {
            return candidate;
        }
    }
    return ',';
}

template <class Number>
Number number_in(std::string_view cell, const std::string& column, const SampleBuilder& row) {
    Number value{};
    const auto [end, status] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (status != std::errc{} || end != cell.data() + cell.size()) {
        const bool whole = std::is_integral_v<Number>;
        row.refuse(column + "=" + std::string(cell),
                   cell.empty() ? "the cell is empty" : (whole ? "is not a whole number" : "is not a number"),
                   "drop the row or mend the cell; name --features when the column is none");
    }
    return value;
}

template <class Number>
void append_number(std::string& line, Number value) {
    std::array<char, 64> buffer{};
    const auto [end, status] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    line.append(buffer.data(), status == std::errc{} ? end : buffer.data());
}

void append_row(std::string& line, const SampleTable& samples, const std::vector<ExtraColumn>& extra, std::size_t row) {
    append_number(line, samples.x[row]);
    line += ',';
    append_number(line, samples.y[row]);
    line += ',';
    append_number(line, samples.class_code[row]);
    line += ',';
    append_number(line, samples.polygon_id[row]);
    line += ',';
    line += csv_cell(samples.group_names[static_cast<std::size_t>(samples.group[row])]);
    for (const auto& column : samples.features) {
        line += ',';
        append_number(line, column[row]);
    }
    for (const ExtraColumn& column : extra) {
        line += ',';
        append_number(line, static_cast<float>(column.of_row(row))); // classes are below 2^24
    }
    line += '\n';
}

void read_row(const std::vector<std::string_view>& cells, const std::vector<std::string>& header,
              const SampleColumns& columns, SampleBuilder& row) {
    if (cells.size() != header.size()) {
        row.refuse("cells=" + std::to_string(cells.size()),
                   "the header has " + std::to_string(header.size()) + " columns", "mend the row");
    }
    const auto cell = [&](int column) { return cells[static_cast<std::size_t>(column)]; };
    const auto name = [&](int column) -> const std::string& { return header[static_cast<std::size_t>(column)]; };
    for (std::size_t i = 0; i < columns.features.size(); ++i) {
        const int column = columns.features[i];
        row.add_feature(i, number_in<float>(cell(column), name(column), row));
    }
    if (columns.polygon_id >= 0) {
        row.set_polygon(number_in<std::int64_t>(cell(columns.polygon_id), name(columns.polygon_id), row));
    }
    if (columns.group >= 0) {
        row.set_group(cell(columns.group));
    }
    if (columns.x >= 0) {
        row.set_position(number_in<double>(cell(columns.x), "x", row), number_in<double>(cell(columns.y), "y", row));
    }
    row.set_class(std::string(cell(columns.class_code)));
    row.end_row();
}

} // namespace

SampleTable read_csv_samples(const std::filesystem::path& path, const SampleFileOptions& options) {
    const std::string content = read_file(path);
    std::string_view text = content;
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    CsvReader reader(text, separator_of(text), path.string());
    std::vector<std::string_view> cells;
    if (!reader.next(cells)) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = {},
                                      .problem = "is empty",
                                      .fix = "the first line holds the column names"});
    }
    const std::vector<std::string> header(cells.begin(), cells.end());
    const SampleColumns columns = find_columns(header, options, path.string());
    SampleBuilder row(header, columns, options, path.string());
    while (reader.next(cells)) {
        read_row(cells, header, columns, row);
    }
    return row.finish({});
}

void write_csv_samples(const std::filesystem::path& path, const SampleTable& samples,
                       const std::vector<ExtraColumn>& extra, bool overwrite) {
    constexpr std::size_t buffer_size = std::size_t{1} << 20;
    AtomicOutput output(path, overwrite);
    std::ofstream file(output.temporary(), std::ios::binary | std::ios::trunc);
    std::string buffer = "x,y,class_code,polygon_id,group";
    for (const std::string& name : samples.feature_names) {
        buffer += ',' + csv_cell(name);
    }
    for (const ExtraColumn& column : extra) {
        buffer += ',' + column.name;
    }
    buffer += '\n';
    for (std::size_t row = 0; row < samples.class_code.size(); ++row) {
        append_row(buffer, samples, extra, row);
        if (buffer.size() > buffer_size) {
            file << buffer;
            buffer.clear();
        }
    }
    file << buffer;
    file.close();
    if (!file) {
        throw Error(ExitCode::output, {.where = path.string(),
                                       .field = {},
                                       .problem = "cannot be written",
                                       .fix = "check free space, quota and permissions of its folder"});
    }
    output.commit();
}

} // namespace lcclass
