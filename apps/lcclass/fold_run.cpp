#include "fold_run.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <algorithm>

namespace lcclass {

namespace {

FoldScheme parse_scheme(const std::string& word) {
    const std::vector<std::string> known = fold_scheme_words();
    if (std::find(known.begin(), known.end(), word) == known.end()) {
        refuse_word("scheme", word, "a fold scheme", known);
    }
    return parse_fold_scheme(word);
}

[[noreturn]] void refuse_detail(const std::string& detail, FoldScheme scheme, const std::string& fix) {
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = detail,
                                         .problem = "has no effect on " + to_string(scheme) + " folds",
                                         .fix = fix + " or leave it out"});
}

/// With several schemes a detail is for some of them; with one it would be ignored in silence.
void check_details(const FoldArguments& arguments, FoldScheme scheme) {
    const bool needs_area = scheme == FoldScheme::nndm || scheme == FoldScheme::knndm;
    for (const std::string& detail : stated_fold_details(arguments)) {
        if (detail.starts_with("--block-") && scheme != FoldScheme::spatial_block) {
            refuse_detail(detail, scheme, "add --scheme spatial-block");
        }
        if (detail.starts_with("--prediction-") && !needs_area) {
            refuse_detail(detail, scheme, "add --scheme knndm (or nndm)");
        }
        if (detail == "--folds" && tests_single_groups(scheme)) {
            refuse_detail(detail, scheme, "take a scheme that parts groups into folds, such as polygon,");
        }
    }
}

} // namespace

FoldPlan to_single_fold_plan(const FoldArguments& arguments, const std::string& scheme, std::uint64_t seed) {
    const FoldScheme parsed = scheme.empty() ? FoldScheme::polygon : parse_scheme(scheme);
    check_details(arguments, parsed);
    FoldArguments single = arguments;
    single.schemes = {to_string(parsed)};
    return to_fold_plan(single, seed);
}

FoldAssignment make_single_folds(const SingleFolds& folds, const SampleTable& samples,
                                 const std::filesystem::path& where, Context& context) {
    FoldPlan& plan = folds.plan;
    if (!folds.scheme_given && !knows_groups(samples)) {
        context.warn(where.string() + " says neither polygon nor group (--group-field): " + folds.if_random);
        plan.schemes = {FoldScheme::random};
    }
    if (plan.block_size_auto) {
        check_metric(plan, samples, where); // variograms in degrees would only cost time
        choose_blocks(plan, samples, feature_variograms(samples, {.seed = plan.options.seed}), where);
        context.print("block size: " + format_number(plan.options.block_size_m) + " m, " + plan.block_size_from);
    }
    fit_plan(plan, samples, where);
    return make_folds(plan, samples).front();
}

nlohmann::ordered_json record_of_folds(const FoldPlan& plan, const FoldAssignment& folds) {
    const FoldRecord record = record_of(plan, folds.scheme);
    nlohmann::ordered_json json = {
        {"scheme", to_string(folds.scheme)}, {"n_folds", folds.n_folds}, {"seed", plan.options.seed}};
    if (record.block_size_m > 0) {
        json["block_size_m"] = record.block_size_m;
        if (!record.block_size_from.empty()) {
            json["block_size_from"] = record.block_size_from;
        }
        json["block_assignment"] = record.block_assignment;
        json["block_shape"] = record.block_shape;
    }
    if (folds.buffer_m > 0) {
        json["buffer_m"] = folds.buffer_m;
    }
    return json;
}

} // namespace lcclass
