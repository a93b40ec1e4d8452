/// A report apart from its form: sections of text, figures and a map, written as one HTML page or as Markdown.
/// Values and pure functions; safe from any thread.
#pragma once

#include "lcclass/report/figure.h"
#include "lcclass/report/map_view.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lcclass::report {

struct Paragraph {
    std::string text; ///< plain
};

/// Names and what they are, such as place and model.
struct Facts {
    std::vector<std::pair<std::string, std::string>> items;
};

/// A part that is not there, and the command that makes it.
struct Missing {
    std::string what;    ///< `Areas with intervals`
    std::string command; ///< `lcclass assess --plan ...`
};

/// A file shown as it is, folded, and to be saved: the config, the commands.
struct Listing {
    std::string title;
    std::string file_name; ///< that it is saved as
    std::string text;
};

using Block = std::variant<Paragraph, Facts, Missing, Listing, Figure, MapView>;

struct Section {
    std::string id; ///< `a-z0-9-`
    std::string title;
    std::vector<Block> blocks;
};

struct Document {
    std::string title;
    std::string summary;
    std::vector<Section> sections; ///< a single one without a title has no heading and no table of contents
};

/// One file that a browser shows without a network: data, pictures, styles and libraries are in it. Light or dark as
/// the reader has it, light on paper. Every figure can be saved as PNG and its numbers as CSV. Texts are plain: what
/// looks like HTML in them is shown, not obeyed; bytes that are no UTF-8 are replaced. The same document gives the
/// same bytes. Requires: finite numbers; ids that are unique.
std::string to_html(const Document& document);

/// A picture that Markdown refers to.
struct PictureFile {
    std::string name;  ///< `map.png`
    std::string title; ///< what it shows: `Land cover`
    std::string png;
};

struct MarkdownReport {
    std::string text;
    std::vector<PictureFile> pictures; ///< of the maps, with legend, scale bar and north arrow
};

/// The same tables and texts, for papers and pull requests. Pictures are referred to as `<picture_folder>/<name>`.
MarkdownReport to_markdown(const Document& document, const std::string& picture_folder);

} // namespace lcclass::report
