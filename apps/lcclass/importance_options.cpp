#include "importance_options.h"

#include "command_line.h"
#include "fold_run.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"
#include "training.h"

#include <algorithm>

namespace lcclass {

namespace {

constexpr WordTable<ImportanceKind, 5> kind_words = {{{ImportanceKind::impurity, "impurity"},
                                                      {ImportanceKind::out_of_bag, "out-of-bag"},
                                                      {ImportanceKind::permutation, "permutation"},
                                                      {ImportanceKind::grouped, "grouped"},
                                                      {ImportanceKind::conditional, "conditional"}}};

std::vector<std::string> importance_words() {
    std::vector<std::string> words = words_of(kind_words);
    words.emplace_back("none");
    return words;
}

[[noreturn]] void refuse(const std::string& field, const std::string& problem, const std::string& fix) {
    throw Error(ExitCode::configuration, {.where = {}, .field = field, .problem = problem, .fix = fix});
}

bool is_stated(const CLI::Option* option) {
    return option != nullptr && option->count() > 0;
}

/// Refits forests and shuffles features in folds.
bool is_of_folds(ImportanceKind kind) {
    return kind == ImportanceKind::permutation || kind == ImportanceKind::grouped ||
           kind == ImportanceKind::conditional;
}

[[noreturn]] void refuse_no_repeats(const std::string& needed_by) {
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = "--permutation-repeats=0",
                                         .problem = "shuffles nothing, for " + needed_by,
                                         .fix = "give a number of shuffles such as 5, or leave " + needed_by + " out"});
}

/// Without repeats those kinds that nobody has named are left out, as far as they need them.
std::vector<ImportanceKind> parse_kinds(const ImportanceArguments& arguments) {
    std::vector<ImportanceKind> kinds;
    if (arguments.kinds == std::vector<std::string>{"none"}) {
        return kinds;
    }
    for (const std::string& word : arguments.kinds) {
        const ImportanceKind kind = parse_word(kind_words, "importance", word, "a kind of importance (or none, alone)");
        if (!is_of_folds(kind) || arguments.repeats > 0) {
            kinds.push_back(kind);
        } else if (is_stated(arguments.declared_kinds)) {
            refuse_no_repeats("--importance " + word);
        }
    }
    return kinds;
}

/// Throws Error(command_line) unless `given`: kinds that `option` is for.
void require_kinds(bool given, const ImportanceArguments& arguments, const std::string& kinds,
                   const std::string& option) {
    if (!given && arguments.repeats == 0 && !is_stated(arguments.declared_kinds)) {
        refuse_no_repeats(option);
    }
    require_given(given, "--importance", kinds + ", for " + option);
}

/// Throws unless forests are refitted in folds, for `option`.
void require_folds(const ImportanceArguments& arguments, const ImportancePlan& plan, const std::string& option) {
    require_kinds(plan.wants_folds(), arguments, "permutation, grouped or conditional", option);
}

/// An option without effect is a misunderstanding.
void check_use(const ImportanceArguments& arguments, const ImportancePlan& plan) {
    const ImportanceArguments unset;
    if (!plan.groups.empty()) {
        require_kinds(plan.wants(ImportanceKind::grouped), arguments, "grouped", "--groups");
    }
    require_given(arguments.correlation == unset.correlation || plan.wants(ImportanceKind::conditional), "--importance",
                  "conditional, for --condition-correlation");
    if (plan.scheme_given) {
        require_folds(arguments, plan, "--scheme");
    }
    for (const std::string& detail : stated_fold_details(arguments.folds)) {
        require_folds(arguments, plan, detail);
    }
    if (is_stated(arguments.declared_repeats) && arguments.repeats > 0) {
        require_folds(arguments, plan, "--permutation-repeats");
    }
}

} // namespace

bool ImportancePlan::wants(ImportanceKind kind) const {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool ImportancePlan::wants_folds() const {
    return std::any_of(kinds.begin(), kinds.end(), is_of_folds);
}

void add_importance_options(CLI::App& app, ImportanceArguments& arguments) {
    const std::size_t n_before = options_of(app).size();
    arguments.declared_kinds =
        only_words(list_option(app, "--importance", arguments.kinds,
                               "any of " + join(words_of(kind_words), ", ") + ", as many as wanted; none for none"),
                   importance_words());
    only_words(app.add_option("--scheme", arguments.scheme,
                              "folds to shuffle features in: " + join(fold_scheme_words(), ", ") +
                                  " [polygon; random where polygons are not known]"),
               fold_scheme_words());
    add_fold_details(app, arguments.folds);
    arguments.declared_repeats = app.add_option("--permutation-repeats", arguments.repeats,
                                                "shuffles of a feature in each fold; 0: no kind that needs folds");
    map_option(app, "--groups", arguments.groups,
               "also features to shuffle together: 'visible=B02,B03,B04;texture=GLCM_*'");
    app.add_option("--condition-correlation", arguments.correlation,
                   "conditional: hold the features fixed whose rank correlation is at least this");
    const std::vector<CLI::Option*> options = options_of(app);
    for (std::size_t i = n_before; i < options.size(); ++i) {
        options[i]->group("Importance");
    }
}

ImportancePlan to_importance_plan(const ImportanceArguments& arguments, std::uint64_t seed) {
    if (arguments.repeats < 0) {
        refuse("--permutation-repeats=" + std::to_string(arguments.repeats), "is negative",
               "give a number of shuffles, or 0 for none");
    }
    if (arguments.folds.options.n_folds < 2) {
        refuse("--folds=" + std::to_string(arguments.folds.options.n_folds), "there must be 2 or more",
               "give a number such as 5");
    }
    if (!(arguments.correlation > 0 && arguments.correlation <= 1)) {
        refuse("--condition-correlation=" + format_number(arguments.correlation), "is no size of a correlation",
               "give a number above 0, up to 1, such as 0.5");
    }
    ImportancePlan plan{.kinds = parse_kinds(arguments),
                        .scheme_given = !arguments.scheme.empty(),
                        .folds = {},
                        .repeats = arguments.repeats,
                        .groups = arguments.groups,
                        .correlation = arguments.correlation};
    check_use(arguments, plan);
    plan.folds = to_single_fold_plan(arguments.folds, arguments.scheme, seed);
    return plan;
}

std::vector<std::filesystem::path> importance_inputs(const ImportancePlan& plan) {
    return plan.wants_folds() && !plan.folds.area.empty() ? std::vector{plan.folds.area}
                                                          : std::vector<std::filesystem::path>();
}

double importance_seconds(const ImportancePlan& plan, const PlanFacts& facts) {
    if (!plan.wants_folds()) {
        return 0;
    }
    RandomForestOptions options;
    options.n_estimators = facts.n_trees;
    // Measured: all features of a sample and tree take 3e-7 s per shuffle on two cores, whether 10 or 680.
    const double kinds = plan.wants(ImportanceKind::conditional) ? 3 : 2;
    const double shuffles = kinds * plan.repeats * static_cast<double>(facts.samples) * facts.n_trees;
    return expected_folds(plan.folds, facts.samples) * training_seconds(facts, options) + shuffles * 3e-7;
}

} // namespace lcclass
