#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/report/document.h"
#include "report/map_part.h"
#include "report/page_text.h"

#include <algorithm>
#include <cctype>

namespace lcclass::report {

namespace {

/// Longer tables, such as the points of a ROC curve, are folded.
constexpr std::size_t most_rows_unfolded = 40;

bool is_space(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

/// Whether a character would begin markup where it stands: of emphasis, code, links, HTML, entities, tables and
/// formulas anywhere; of lists and headings at the begin; of addresses and emoji before something.
bool needs_escape(const std::string& text, std::size_t at) {
    static const std::string anywhere = "\\`*_{}[]<>|~#&$^";
    const char c = text[at];
    if (anywhere.find(c) != std::string::npos) {
        return true;
    }
    const bool is_first_word =
        std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char before) { return std::isdigit(static_cast<unsigned char>(before)); });
    if (is_first_word && (c == '-' || c == '+' || c == '=')) {
        return at == 0;
    }
    if (is_first_word && (c == '.' || c == ')')) {
        return at > 0 && (at + 1 == text.size() || is_space(text[at + 1]));
    }
    return (c == ':' || c == '@') && at + 1 < text.size() && !is_space(text[at + 1]);
}

/// `text` on one line, with only whole UTF-8 characters.
std::string one_line(const std::string& text) {
    std::string line;
    for (const char c : valid_text(text)) {
        const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        line += is_control ? ' ' : c;
    }
    return std::string(trim(line));
}

/// `text` as Markdown that shows it.
std::string escaped(const std::string& text) {
    const std::string line = one_line(text);
    std::string markdown;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (needs_escape(line, i)) {
            markdown += '\\';
        }
        markdown += line[i];
    }
    return markdown;
}

/// More backticks than `text` has in a row, and `fewest` at least.
std::string fence_for(const std::string& text, std::size_t fewest) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return std::string(std::max(longest + 1, fewest), '`');
}

std::string code(const std::string& text) {
    const std::string line = one_line(text);
    const std::string fence = fence_for(line, 1);
    const std::string space = line.starts_with('`') || line.ends_with('`') ? " " : "";
    return fence + space + line + space + fence;
}

std::string cell_markdown(const Cell& cell, int digits) {
    if (const auto* const number = std::get_if<double>(&cell)) {
        return number_text(*number, digits);
    }
    const auto* const text = std::get_if<std::string>(&cell);
    return text != nullptr ? escaped(*text) : "NA";
}

std::string table_markdown(const Table& table) {
    std::string head = "|";
    std::string rule = "|";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const bool is_text = i == 0 || std::ranges::any_of(table.rows, [&](const auto& row) {
                                 return std::holds_alternative<std::string>(row.at(i));
                             });
        head += " " + escaped(table.columns[i].name) + " |";
        rule += is_text ? " --- |" : " ---: |";
    }
    std::string markdown = head + "\n" + rule + "\n";
    for (const std::vector<Cell>& row : table.rows) {
        markdown += "|";
        for (std::size_t i = 0; i < row.size(); ++i) {
            markdown += " " + cell_markdown(row[i], table.columns[i].digits) + " |";
        }
        markdown += "\n";
    }
    return markdown + "\n";
}

/// `path` as the target of a link: what would end it is percent-encoded.
std::string target(const std::string& path) {
    static const std::string hexadecimal = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || std::string_view("/._-~").find(c) != std::string_view::npos || byte >= 0x80) {
            encoded += c;
        } else {
            encoded += {'%', hexadecimal[byte >> 4U], hexadecimal[byte & 15U]};
        }
    }
    return encoded;
}

class Writer {
public:
    explicit Writer(const std::string& picture_folder) : m_picture_folder(picture_folder) {}

    MarkdownReport report;

    void operator()(const Paragraph& paragraph) { report.text += escaped(paragraph.text) + "\n\n"; }

    void operator()(const Facts& facts) {
        for (const auto& [name, value] : facts.items) {
            report.text += "- " + escaped(name) + ": " + escaped(value) + "\n";
        }
        report.text += "\n";
    }

    void operator()(const Missing& missing) {
        report.text += escaped(missing.what) + ": not here. To have it: " + code(missing.command) + "\n\n";
    }

    void operator()(const Listing& listing) {
        const std::string text = valid_text(listing.text);
        const std::string fence = fence_for(text, 3);
        report.text += escaped(listing.title) + " (" + code(listing.file_name) + "):\n\n" + fence + "text\n" + text +
                       (text.empty() || text.ends_with('\n') ? "" : "\n") + fence + "\n\n";
    }

    void operator()(const Figure& figure) {
        heading(text_of(figure).title, text_of(figure).caption);
        const Table table = table_of(figure);
        const bool is_long = table.rows.size() > most_rows_unfolded;
        report.text += is_long ? "<details><summary>Figures</summary>\n\n" : "";
        report.text += table_markdown(table);
        report.text += is_long ? "</details>\n\n" : "";
    }

    void operator()(const MapView& view) {
        heading(view.title, view.caption);
        for (PictureFile& picture : map_pictures(view)) {
            report.text += "![" + escaped(picture.title) + "](" +
                           target(m_picture_folder.empty() ? picture.name : m_picture_folder + "/" + picture.name) +
                           ")\n\n";
            report.pictures.push_back(std::move(picture));
        }
        for (const std::string& sentence : view.missing) {
            report.text += escaped(sentence) + "\n\n";
        }
    }

private:
    void heading(const std::string& title, const std::string& caption) {
        report.text += "### " + escaped(title) + "\n\n";
        if (!caption.empty()) {
            report.text += escaped(caption) + "\n\n";
        }
    }

    std::string m_picture_folder;
};

} // namespace

MarkdownReport to_markdown(const Document& document, const std::string& picture_folder) {
    Writer writer(picture_folder);
    writer.report.text = "# " + escaped(document.title) + "\n\n";
    if (!document.summary.empty()) {
        writer.report.text += escaped(document.summary) + "\n\n";
    }
    for (const Section& section : document.sections) {
        if (!section.title.empty()) {
            writer.report.text += "## " + escaped(section.title) + "\n\n";
        }
        for (const Block& block : section.blocks) {
            std::visit(writer, block);
        }
    }
    while (writer.report.text.ends_with("\n\n")) {
        writer.report.text.pop_back();
    }
    return std::move(writer.report);
}

} // namespace lcclass::report
