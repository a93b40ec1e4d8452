#include "lcclass/sampling/sampling_design.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <array>
#include <utility>

namespace lcclass {

namespace {

constexpr WordTable<SamplingStrategy, 5> strategy_words = {{
    {SamplingStrategy::all, "all"},
    {SamplingStrategy::total, "total"},
    {SamplingStrategy::constant, "constant"},
    {SamplingStrategy::smallest, "smallest"},
    {SamplingStrategy::percent, "percent"},
}};

[[noreturn]] void refuse(std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::configuration,
                {.where = "sampling", .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

void check_cap(const std::string& name, std::int64_t value) {
    if (value < 0) {
        refuse(name + "=" + std::to_string(value), "is negative", "give a number of pixels, or 0 for no cap");
    }
}

void check_has_effect(bool given, const std::string& option, SamplingStrategy strategy, SamplingStrategy needed) {
    if (given && strategy != needed) {
        refuse(option, "has no effect with the strategy " + to_string(strategy),
               "leave it out, or use the strategy " + to_string(needed));
    }
}

} // namespace

std::string to_string(SamplingStrategy strategy) {
    return word_of(strategy_words, strategy);
}

SamplingStrategy parse_sampling_strategy(const std::string& word) {
    return parse_word(strategy_words, "strategy", word, "a sampling strategy");
}

void check_design(const SamplingDesign& design) {
    check_cap("per_class", design.per_class);
    check_cap("per_polygon", design.per_polygon);
    if (design.strategy == SamplingStrategy::total && design.total < 1) {
        refuse("total=" + std::to_string(design.total), "is no number of samples",
               "the strategy total needs --total of 1 or more");
    }
    if (design.strategy == SamplingStrategy::constant && design.per_class < 1) {
        refuse("per_class=" + std::to_string(design.per_class), "is no number of samples",
               "the strategy constant needs --per-class of 1 or more");
    }
    if (design.strategy == SamplingStrategy::percent && !(design.percent > 0 && design.percent <= 100)) {
        refuse("percent=" + format_number(design.percent), "is not above 0 and at most 100",
               "the strategy percent needs --percent, for example 10");
    }
    check_has_effect(design.total != 0, "total", design.strategy, SamplingStrategy::total);
    check_has_effect(design.percent != 0, "percent", design.strategy, SamplingStrategy::percent);
}

} // namespace lcclass
