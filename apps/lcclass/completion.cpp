#include "completion.h"

#include "command.h"
#include "command_line.h"
#include "option_text.h"
#include "parser.h"

#include "lcclass/core/text.h"

#include <algorithm>
#include <map>

namespace lcclass {

namespace {

/// What files of an option are called, for those options that are of one kind of file whatever the command.
std::vector<std::string> endings_of(const CLI::Option& option) {
    const std::vector<std::string> rasters = {"tif", "tiff"};
    const std::vector<std::string> tables = {"gpkg", "fgb", "csv"};
    static const std::map<std::string, std::vector<std::string>> endings = {
        {"config", {"yml", "yaml", "json"}},
        {"model", {"lcm"}},
        {"stack", rasters},
        {"labels", rasters},
        {"map", rasters},
        {"probabilities", rasters},
        {"uncertainty", rasters},
        {"applicability", rasters},
        {"shap_raster", rasters},
        {"dominant_feature", rasters},
        {"samples", tables},
        {"samples_output", tables},
        {"shap_values", tables},
        {"folds_output", {"gpkg"}},
        {"cv", {"json"}},
        {"tuned", {"json"}},
        {"scene_report", {"json"}},
        {"chart", {"html"}},
    };
    const auto found = endings.find(key_of(option));
    return found == endings.end() ? std::vector<std::string>() : found->second;
}

bool takes_path(const CLI::Option& option) {
    const ValueType type = type_of(option);
    return type == ValueType::path || type == ValueType::path_or_word || type == ValueType::input;
}

bool takes_value(const CLI::Option& option) {
    return type_of(option) != ValueType::flag && !option.get_lnames().empty();
}

std::string shell_text(const std::string& text) {
    std::string quoted;
    for (const char c : text) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted;
}

std::vector<std::string> all_names(CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : options_of(app)) {
        for (const std::string& name : names_of(*option)) {
            if (name.starts_with("-")) {
                names.push_back(name);
            }
        }
    }
    return names;
}

/// `        "stack -o"|"stack --output") ... ;;`: what stands for the values of one option.
std::string bash_case(const std::string& command, const CLI::Option& option) {
    std::vector<std::string> patterns;
    for (const std::string& name : names_of(option)) {
        patterns.push_back("'" + command + " " + name + "'");
    }
    std::string actions;
    if (const auto words = words_of(option); !words.empty()) {
        actions += " words='" + join(words, " ") + "'";
    } else if (type_of(option) == ValueType::boolean) {
        actions += " words='true false'";
    }
    if (takes_path(option)) {
        const auto endings = endings_of(option);
        actions += " files='" + (endings.empty() ? "*" : join(endings, " ")) + "'";
    }
    return "    " + join(patterns, " | ") + ")" + (actions.empty() ? " :" : actions) + " ;;\n";
}

std::string bash_cases(const std::string& command, CLI::App& app) {
    std::string text;
    for (const CLI::Option* option : options_of(app)) {
        text += takes_value(*option) ? bash_case(command, *option) : std::string();
    }
    return text;
}

constexpr const char* bash_body = R"sh(
# Files with one of the endings $1 (or all, for '*'), and folders, that begin with $2.
_lcclass_files() {
    local file ending
    while IFS= read -r file; do
        if [[ -d $file || $1 == '*' ]]; then
            COMPREPLY+=("$file")
            continue
        fi
        for ending in $1; do
            [[ $file == *".$ending" ]] && COMPREPLY+=("$file")
        done
    done < <(compgen -f -- "$2")
    compopt -o filenames 2>/dev/null
}

_lcclass() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' option words='' files=''
    local i word
    # bash cuts --option=value into three words
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $prev == '=' ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if _lcclass_has_value " $word"; then
            [[ ${COMP_WORDS[i + 1]} == '=' ]] && ((i++))
            ((i++))
        elif [[ " $_lcclass_commands " == *" $word "* ]]; then
            command=$word
            break
        fi
    done
    COMPREPLY=() words='' files=''
    if _lcclass_has_value "$command $prev" || _lcclass_has_value " $prev"; then
        # a list: what is before the last comma stays
        local head=''
        [[ $cur == *,* ]] && head=${cur%,*},
        COMPREPLY=($(compgen -P "$head" -W "$words" -- "${cur##*,}"))
        [[ -n $files ]] && _lcclass_files "$files" "$cur"
        return 0
    fi
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$(_lcclass_options "$command")" -- "$cur"))
    elif [[ -z $command ]]; then
        COMPREPLY=($(compgen -W "$_lcclass_commands" -- "$cur"))
    else
        _lcclass_files '*' "$cur"
    fi
}

complete -F _lcclass lcclass
)sh";

/// `'(-o --output)'{-o+,--output=}'[explanation]:PATH:_files -g "*.tif"'`
std::string zsh_option(const CLI::Option& option) {
    const std::vector<std::string> names = names_of(option);
    if (!names.back().starts_with("-")) {
        return "'*:" + names.back() + ":_files'";
    }
    std::string text = shell_text(explanation(option));
    for (const std::string bracket : {"[", "]", ":"}) {
        for (std::size_t at = text.find(bracket); at != std::string::npos; at = text.find(bracket, at + 2)) {
            text.insert(at, "\\");
        }
    }
    std::vector<std::string> forms;
    for (const std::string& name : names) {
        forms.push_back(!takes_value(option) ? name : name + (name.starts_with("--") ? "=" : "+"));
    }
    std::string spec =
        names.size() == 1 ? "'" + forms.front() : "'(" + join(names, " ") + ")'{" + join(forms, ",") + "}'";
    spec += "[" + text + "]";
    if (!takes_value(option)) {
        return spec + "'";
    }
    const auto words =
        type_of(option) == ValueType::boolean ? std::vector<std::string>{"true", "false"} : words_of(option);
    const auto endings = endings_of(option);
    spec += ":" + key_of(option) + ":";
    if (!words.empty() && !takes_path(option)) {
        spec += is_list(option) && option.get_delimiter() == ',' ? "_values -s , word " + join(words, " ")
                                                                 : "(" + join(words, " ") + ")";
    } else if (takes_path(option)) {
        const std::string files = endings.empty() ? "_files" : "_files -g \"*.(" + join(endings, "|") + ")\"";
        spec += words.empty() ? files : "{compadd -- " + join(words, " ") + "; " + files + "}";
    }
    return spec + "'";
}

std::string zsh_options(CLI::App& app, const std::string& indent) {
    std::string text;
    for (const CLI::Option* option : options_of(app)) {
        text += " \\\n" + indent + zsh_option(*option);
    }
    return text;
}

} // namespace

std::string bash_completion(const Parser& parser) {
    std::vector<std::string> commands;
    std::string options = "    '') echo '" + join(all_names(parser.root()), " ") + "' ;;\n";
    std::string cases = bash_cases({}, parser.root());
    for (const auto& command : parser.commands()) {
        CLI::App& app = *parser.root().get_subcommand(command->name());
        commands.push_back(command->name());
        options += "    " + command->name() + ") echo '" + join(all_names(app), " ") + " " +
                   join(all_names(parser.root()), " ") + "' ;;\n";
        cases += bash_cases(command->name(), app);
    }
    return "# Completion of lcclass " LCCLASS_VERSION " for bash; made by 'lcclass manual'.\n\n_lcclass_commands='" +
           join(commands, " ") + "'\n\n# The options of command $1.\n_lcclass_options() {\n    case $1 in\n" + options +
           "    esac\n}\n\n# True when \"COMMAND OPTION\" takes a value; says in words and files what it may be.\n"
           "_lcclass_has_value() {\n    case $1 in\n" +
           cases + "    *) return 1 ;;\n    esac\n}\n" + bash_body;
}

std::string zsh_completion(const Parser& parser) {
    std::string commands;
    std::string cases;
    for (const auto& command : parser.commands()) {
        CLI::App& app = *parser.root().get_subcommand(command->name());
        commands += "    '" + command->name() + ":" + shell_text(command->summary()) + "'\n";
        cases += "    " + command->name() + ")\n      _arguments -s $global" + zsh_options(app, "        ") + " ;;\n";
    }
    return "#compdef lcclass\n# Completion of lcclass " LCCLASS_VERSION " for zsh; made by 'lcclass manual'.\n\n"
           "_lcclass() {\n  local curcontext=\"$curcontext\" state line\n  local -a commands global\n  commands=(\n" +
           commands + "  )\n  global=(" + zsh_options(parser.root(), "    ") +
           "\n  )\n  _arguments -C $global '1:command:->command' '*::argument:->argument'\n  case $state in\n"
           "  command) _describe -t commands command commands ;;\n  argument)\n    case $words[1] in\n" +
           cases + "    esac ;;\n  esac\n}\n\n_lcclass \"$@\"\n";
}

} // namespace lcclass
