#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/forest/random_forest.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lcclass {

namespace {

constexpr int most_bins = 65535;

[[noreturn]] void reject(const std::string& name, const std::string& value, const std::string& problem) {
    throw Error(ExitCode::configuration,
                {.where = {}, .field = name + "=" + value, .problem = problem, .fix = "choose a value in that range"});
}

[[noreturn]] void reject_word(const std::string& name, const std::string& word, std::span<const std::string> known) {
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = name + "=" + word,
                                         .problem = "unknown word" + did_you_mean(word, known),
                                         .fix = "use one of " + join(known, ", ")});
}

const std::array<std::string, 2> criterion_words = {"gini", "entropy"};
const std::array<std::string, 3> weight_words = {"none", "balanced", "balanced_subsample"};

/// The value of `max_features` before it meets a number of features: a fraction, a count, or nothing for a word.
struct ParsedMaxFeatures {
    double fraction = 0;
    std::int64_t count = 0;
};

ParsedMaxFeatures parse_max_features(const std::string& text) {
    constexpr const char* range = "must be sqrt, log2, all, a fraction in (0, 1] written with a point, or a count";
    if (text == "sqrt" || text == "log2" || text == "all") {
        return {};
    }
    if (text.find('.') != std::string::npos) {
        const auto fraction = parse_double(text);
        if (!fraction || !(*fraction > 0 && *fraction <= 1)) {
            reject("max_features", text, range);
        }
        return {.fraction = *fraction, .count = 0};
    }
    const auto count = parse_int(text);
    if (!count || *count < 1) {
        reject("max_features", text, range);
    }
    return {.fraction = 0, .count = *count};
}

void check_max_samples(const RandomForestOptions& options) {
    const double value = options.max_samples;
    const bool fraction = value >= 0 && value <= 1;
    const bool count = value > 1 && value < 4294967296.0 && value == std::floor(value);
    if (!fraction && !count) {
        reject("max_samples", format_number(value), "must be 0 (as many as rows), a fraction in (0, 1] or a count");
    }
    if (value != 0 && !options.bootstrap) {
        throw Error(ExitCode::configuration, {.where = {},
                                              .field = "max_samples=" + format_number(value),
                                              .problem = "has no meaning without bootstrap",
                                              .fix = "leave it out, or turn bootstrap on"});
    }
}

} // namespace

std::string to_string(SplitCriterion criterion) {
    return criterion_words[static_cast<std::size_t>(criterion)];
}

std::string to_string(ClassWeight weight) {
    return weight_words[static_cast<std::size_t>(weight)];
}

SplitCriterion parse_split_criterion(const std::string& word) {
    const auto found = std::find(criterion_words.begin(), criterion_words.end(), word);
    if (found == criterion_words.end()) {
        reject_word("criterion", word, criterion_words);
    }
    return static_cast<SplitCriterion>(found - criterion_words.begin());
}

ClassWeight parse_class_weight(const std::string& word) {
    const auto found = std::find(weight_words.begin(), weight_words.end(), word);
    if (found == weight_words.end()) {
        reject_word("class_weight", word, weight_words);
    }
    return static_cast<ClassWeight>(found - weight_words.begin());
}

int MaxFeatures::resolve(int n_features) const {
    const ParsedMaxFeatures parsed = parse_max_features(text);
    if (parsed.count > n_features) {
        reject("max_features", text, "there are only " + std::to_string(n_features) + " features");
    }
    double wanted = n_features;
    if (parsed.count > 0) {
        wanted = static_cast<double>(parsed.count);
    } else if (parsed.fraction > 0) {
        wanted = parsed.fraction * n_features;
    } else if (text == "sqrt") {
        wanted = std::sqrt(n_features);
    } else if (text == "log2") {
        wanted = std::log2(n_features);
    }
    return std::max(1, static_cast<int>(wanted));
}

void check_options(const RandomForestOptions& options, int n_features) {
    if (options.n_estimators < 1 || options.n_estimators > RandomForest::max_trees) {
        reject("n_estimators", std::to_string(options.n_estimators), "must be 1 to 65536");
    }
    if (options.max_depth < 0) {
        reject("max_depth", std::to_string(options.max_depth), "must be 1 or more, or 0 for unlimited");
    }
    if (options.min_samples_split < 2) {
        reject("min_samples_split", std::to_string(options.min_samples_split), "must be 2 or more");
    }
    if (options.min_samples_leaf < 1) {
        reject("min_samples_leaf", std::to_string(options.min_samples_leaf), "must be 1 or more");
    }
    if (options.max_bins < 2 || options.max_bins > most_bins) {
        reject("max_bins", std::to_string(options.max_bins), "must be 2 to 65535");
    }
    check_max_samples(options);
    if (n_features > 0) {
        (void)options.max_features.resolve(n_features);
    } else {
        (void)parse_max_features(options.max_features.text);
    }
}

} // namespace lcclass
