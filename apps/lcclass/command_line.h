/// How commands declare options, and what the framework finds out about them afterwards: one definition serves the
/// command line, the config file, the help text and the manifest.
/// Everything here belongs to the thread that parses.
///
/// Inside `Command::add_options(CLI::App& app)`:
/// - flags, numbers and free texts: `app.add_flag("--all-touched", m_bool, help)` and
///   `app.add_option("--folds", m_int, help)` on an integer, double, bool (`true` or
///   `false`), std::string or std::optional of these. Leave
///   the type name that CLI11 gives them: config values are checked against it;
/// - lists, paths and the rest: the functions below;
/// - words: `only_words(app.add_option(...), {"gini", "entropy"})`;
/// - limits: CLI11 validators (`->check(CLI::Range(2, 100))`), so that a bad value in a config is reported with its
///   line. Never `required()`, `needs()` or `excludes()`: the value may come from the config or from `output_dir`,
///   which are merged after parsing; use `require_given` in `prepare`;
/// - a config key is the option's first long name in snake_case; defaults are shown in the help by themselves;
/// - last, `main_options(app, {...})` names those that the short help shows.
#pragma once

#include <CLI/App.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// One file or folder. Relative paths in a config are relative to the config file.
CLI::Option* path_option(CLI::App& app, const std::string& names, std::filesystem::path& target,
                         const std::string& help);
/// A built-in name, or a path when there is a file of that name (or when it looks like one: has a `/` or an ending).
CLI::Option* path_or_word_option(CLI::App& app, const std::string& names, std::string& target, const std::string& help);
/// `PATH` or `NAME=PATH[:BAND]`, several of them: `-i a.tif b.tif` or `-i a.tif -i b.tif`, a list in a config.
CLI::Option* inputs_option(CLI::App& app, const std::string& names, std::vector<std::string>& target,
                           const std::string& help);
/// A word or a number, kept as text: `sqrt` or `0.5`.
CLI::Option* value_option(CLI::App& app, const std::string& names, std::string& target, const std::string& help);
/// `key=1,2;other=3` on the command line, a map of values or lists in a config; kept as the former.
CLI::Option* map_option(CLI::App& app, const std::string& names, std::string& target, const std::string& help);
/// `a,b,c` as one argument, a list in a config.
template <class T>
CLI::Option* list_option(CLI::App& app, const std::string& names, std::vector<T>& target, const std::string& help) {
    return app.add_option(names, target, help)->delimiter(',')->allow_extra_args(false);
}

/// What a list option has cut at commas, put together where that was within parentheses: `FOCAL_MEAN(B08,7)`.
std::vector<std::string> whole_items(const std::vector<std::string>& pieces);

/// Throws Error(command_line) saying that `option` is needed, unless `given`. `fix` completes "add ...".
void require_given(bool given, const std::string& option, const std::string& fix);

/// What one value of an option is; `natural` is an integer without sign.
enum class ValueType { flag, boolean, integer, natural, real, text, value, path, path_or_word, input, map };

ValueType type_of(const CLI::Option& option);
/// True for options that take several values.
bool is_list(const CLI::Option& option);
/// `n_estimators` for `--n-estimators`.
std::string key_of(const CLI::Option& option);
/// `--n-estimators`, or the bare name of a positional.
std::string display_name(const CLI::Option& option);
/// The options of `app` in the order of declaration.
std::vector<CLI::Option*> options_of(CLI::App& app);

/// Tells what words `option` takes, and nothing else: checked with a "did you mean", and known to the help, the manual
/// pages and the completion. Returns `option`.
CLI::Option* only_words(CLI::Option* option, const std::vector<std::string>& words);
/// Words that `option` takes besides other texts: for help, manual pages and completion. Returns `option`.
CLI::Option* some_words(CLI::Option* option, const std::vector<std::string>& words);
/// The class maps that are built in.
std::vector<std::string> class_map_words();
/// The words that were told, or none.
std::vector<std::string> words_of(const CLI::Option& option);
/// What is wrong with `text` as one value of `option` that takes certain words only, or nothing.
std::optional<std::string> problem_with_word(const CLI::Option& option, const std::string& text);

/// Says which options a newcomer needs: `--help` shows these, `--help-all` shows all. To be called when all options of
/// `app` are declared; without a call all of them are main options. Requires: `names` are long names of options.
void main_options(CLI::App& app, const std::vector<std::string>& names);
bool is_main_option(const CLI::Option& option);

/// What is wrong with `text` as a value of `type`, or nothing: numbers are decimal and finite, whatever CLI11 takes.
std::optional<std::string> problem_with(ValueType type, const std::string& text);

/// `path` seen from `base`, so that it reads the same from any working directory; unchanged when `base` is empty.
std::string portable_path(const std::filesystem::path& path, const std::filesystem::path& base);
/// `value` of an option of `type` with the path in it, if there is one, resolved against `folder`.
std::string resolve_path_value(ValueType type, const std::string& value, const std::filesystem::path& folder);

/// The options as they stand (given, from the config, or the default): a JSON object with the config's keys. Paths
/// are written as seen from `base`.
std::string resolved_options_json(CLI::App& app, const std::filesystem::path& base = {});
/// `lcclass NAME --option value ...` that repeats the command with the values given to `app`, quoted for a shell.
std::string equivalent_command_line(CLI::App& app, const std::filesystem::path& base = {});

} // namespace lcclass
