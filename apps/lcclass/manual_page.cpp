#include "manual_page.h"

#include "command_line.h"
#include "commands.h"
#include "option_text.h"
#include "parser.h"

#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace lcclass {

namespace {

/// `text` so that roff prints it as it is; hyphens stay hyphens of the command line.
std::string literal(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '\\') {
            escaped += "\\(rs";
        } else if (c == '-') {
            escaped += "\\-";
        } else if (c == '\'') {
            escaped += "\\(aq";
        } else if (c == '`') {
            escaped += "\\(ga";
        } else if (c == '^') {
            escaped += "\\(ha";
        } else if (c == '~') {
            escaped += "\\(ti";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

/// A line of running text; one that begins with a dot would be a request.
std::string line(const std::string& text) {
    return (text.starts_with(".") ? "\\&" : "") + literal(text) + "\n";
}

std::string sentence(std::string text) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return line(text.ends_with('.') ? text : text + ".");
}

std::string bold(const std::string& text) {
    return "\\fB" + literal(text) + "\\fR";
}

std::string italic(const std::string& text) {
    return "\\fI" + literal(text) + "\\fR";
}

std::string heading(const std::string& page) {
    std::string upper = page;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    return ".\\\" Made by 'lcclass manual'.\n.TH " + literal(upper) +
           " 1 \"\" \"lcclass " LCCLASS_VERSION "\" \"Manual of lcclass\"\n.nh\n.ad l\n";
}

std::string option_item(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const std::string& name : names_of(option)) {
        names.push_back(bold(name));
    }
    const std::string value = option.get_lnames().empty() ? std::string() : metavar(option);
    std::string text = ".TP\n" + join(names, ", ") + (value.empty() ? "" : " " + italic(value)) + "\n";
    text += line(option.get_description());
    if (const std::string standard = default_value(option); !standard.empty()) {
        text += ".br\n" + line("Default: " + standard);
    }
    if (const auto words = words_of(option); !words.empty()) {
        text += ".br\n" + line("Words: " + join(words, ", "));
    }
    return text;
}

std::string options_section(CLI::App& app) {
    std::string text = ".SH OPTIONS\n";
    for (const OptionGroup& group : option_groups(app)) {
        text += group.title == "Options" ? std::string() : ".SS " + literal(group.title) + "\n";
        for (const CLI::Option* option : group.options) {
            text += option_item(*option);
        }
    }
    return text;
}

/// The file name in ` [stack.tif]` at the end of an option's explanation.
std::optional<std::string> default_file(const CLI::Option& option) {
    const std::string& text = option.get_description();
    const std::size_t open = text.rfind('[');
    const bool path = type_of(option) == ValueType::path;
    if (!path || open == std::string::npos || !text.ends_with(']')) {
        return std::nullopt;
    }
    const std::string name = text.substr(open + 1, text.find_first_of(" ;]", open) - open - 1);
    return name.find('.') == std::string::npos ? std::nullopt : std::optional(name);
}

std::string files_section(CLI::App& app) {
    std::string text;
    for (const CLI::Option* option : options_of(app)) {
        if (const auto name = default_file(*option)) {
            text += ".TP\n" + italic(*name) + "\n" +
                    line("What " + display_name(*option) + " is when it is not given, in the folder of --output-dir.");
        }
    }
    return text.empty() ? text : ".SH FILES\n" + text;
}

std::string exit_section() {
    constexpr std::array<std::pair<const char*, const char*>, 9> codes = {{
        {"0", "Done, and the outputs are verified."},
        {"2", "The command line is wrong."},
        {"3", "The config file is wrong."},
        {"4", "An input is missing, damaged, or does not fit."},
        {"5", "The model is damaged or does not fit."},
        {"6", "An output cannot be written, the disk is full, or it exists already."},
        {"7", "Not enough memory, threads or open files."},
        {"70", "A bug of lcclass."},
        {"75", "Interrupted; can be run again."},
    }};
    std::string text = ".SH EXIT STATUS\n";
    for (const auto& [code, meaning] : codes) {
        text += ".TP\n" + bold(code) + "\n" + line(meaning);
    }
    return text;
}

std::string see_also(const Parser& parser, const std::string& but) {
    std::vector<std::string> pages;
    if (!but.empty()) {
        pages.push_back(bold("lcclass") + "(1)");
    }
    for (const auto& command : parser.commands()) {
        if (command->name() != but) {
            pages.push_back(bold("lcclass-" + command->name()) + "(1)");
        }
    }
    return ".SH SEE ALSO\n" + join(pages, ",\n") + "\n";
}

std::string example_section(const std::string& example) {
    return ".SH EXAMPLE\n.nf\n" + literal(example) + "\n.fi\n";
}

} // namespace

std::string program_page(const Parser& parser) {
    std::string text =
        heading("lcclass") + ".SH NAME\nlcclass \\- land cover maps with an accuracy their author can defend\n" +
        ".SH SYNOPSIS\n" + bold("lcclass") + " [" + italic("options") + "] " + italic("COMMAND") + " [" +
        italic("options") + "]\n.SH DESCRIPTION\n" + sentence(parser.root().get_description()) + ".SH COMMANDS\n";
    for (const auto& command : parser.commands()) {
        text += ".TP\n" + bold(command->name()) + "\n" + sentence(command->summary());
    }
    return text + example_section("lcclass run -c experiment.yml") + options_section(parser.root()) + exit_section() +
           see_also(parser, {});
}

std::string command_page(const Parser& parser, const Command& command) {
    const std::string page = "lcclass-" + command.name();
    CLI::App& app = *parser.root().get_subcommand(command.name());
    return heading(page) + ".SH NAME\n" + literal(page) + " \\- " + literal(command.summary()) + "\n.SH SYNOPSIS\n" +
           bold("lcclass " + command.name()) + " [" + italic("options") + "]\n" + ".SH DESCRIPTION\n" +
           sentence(command.summary()) +
           line("The options of every command are in lcclass(1). Options that the command line leaves open are taken "
                "from the section '" +
                command.name() + "' of a config file (-c), where --long-option is written long_option.") +
           example_section(command.example()) + options_section(app) + files_section(app) + exit_section() +
           see_also(parser, command.name());
}

} // namespace lcclass
