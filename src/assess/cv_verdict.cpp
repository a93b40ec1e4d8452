#include "assess/cv_verdict.h"

#include "assess/cv_figures.h"
#include "assess/cv_interval_table.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace lcclass::assess {

namespace {

/// Of the schemes that keep polygons whole the one with the smallest W, the first of equals; null without W.
const CrossValidation* best_matched(const CvReport& report) {
    const CrossValidation* best = nullptr;
    for (const CrossValidation& cv : report.schemes) {
        if (keeps_groups_whole(cv.scheme) && cv.match && (best == nullptr || cv.match->w_m < best->match->w_m)) {
            best = &cv;
        }
    }
    return best;
}

/// The gap to `scheme`, or null.
const SchemeGap* gap_to(const CvReport& report, FoldScheme scheme) {
    const auto found =
        std::find_if(report.gaps.begin(), report.gaps.end(), [&](const auto& gap) { return gap.other == scheme; });
    return found == report.gaps.end() ? nullptr : &*found;
}

/// The scheme to believe; without W the one that was least off, whatever the sampling, of those that can do without a
/// prediction area. Nothing without any that keeps polygons whole.
std::optional<FoldScheme> telling_scheme(const CvReport& report) {
    if (const CrossValidation* best = best_matched(report)) {
        return best->scheme;
    }
    constexpr std::array<FoldScheme, 4> order = {FoldScheme::spatial_block, FoldScheme::cluster,
                                                 FoldScheme::leave_group_out, FoldScheme::polygon};
    for (const FoldScheme scheme : order) {
        if (find_scheme(report.schemes, scheme) != nullptr) {
            return scheme;
        }
    }
    return std::nullopt;
}

/// The gap from random folds to that scheme. Null without either.
const SchemeGap* telling_gap(const CvReport& report) {
    const std::optional<FoldScheme> scheme = telling_scheme(report);
    return scheme ? gap_to(report, *scheme) : nullptr;
}

/// What the interval of the gap allows to say, and nothing more.
std::string gap_meaning(const CvReport& report, const CrossValidation& other, const IntervalEstimate& gap) {
    if (!gap.low) {
        const std::string reason =
            report.bootstrap.replicates == 0
                ? std::string("without bootstrap replicates")
                : "with fewer than " + std::to_string(fewest_bootstrap_groups) + " " + group_word(other);
        return ", of which " + reason + " nobody can say whether it is more than chance.";
    }
    const std::string interval =
        ", " + interval_words(report) + " " + three_digits(gap.low) + " to " + three_digits(gap.high);
    if (*gap.low > 0) {
        return interval + ". Test samples that have neighbours in training flatter the random figure.";
    }
    if (*gap.high < 0) {
        return interval + ". Random folds do worse here, so nothing flatters their figure.";
    }
    return interval + ", which holds 0: these samples do not show that neighbours in training flatter the random "
                      "figure.";
}

std::string gap_sentence(const CvReport& report) {
    const SchemeGap* gap = telling_gap(report);
    const CrossValidation* random = find_scheme(report.schemes, FoldScheme::random);
    if (gap == nullptr || random == nullptr || !gap->figures.at(f1_weighted_position).estimate) {
        return {};
    }
    const CrossValidation& other = *find_scheme(report.schemes, gap->other);
    const IntervalEstimate& difference = gap->figures[f1_weighted_position];
    return "The weighted F1 is " + three_digits(random->pooled.f1_weighted) + " on random folds and " +
           three_digits(other.pooled.f1_weighted) + " on " + to_string(gap->other) + " folds: a gap of " +
           three_digits(difference.estimate) + gap_meaning(report, other, difference);
}

/// Which scheme to believe, as docs/validation.md has it.
std::string belief_sentence(const CvReport& report) {
    const CrossValidation* best = best_matched(report);
    const CrossValidation* knndm = find_scheme(report.schemes, FoldScheme::knndm);
    if (best == nullptr) {
        return telling_gap(report) == nullptr ? std::string()
                                              : "To know which scheme to believe, give a --prediction-area and run "
                                                "knndm too (docs/validation.md).";
    }
    std::string text = "Believe " + to_string(best->scheme) + ": of the schemes that keep polygons whole it has the " +
                       "smallest W, " + with_thousands(std::llround(best->match->w_m)) + " m (docs/validation.md).";
    if (knndm == nullptr && best->scheme != FoldScheme::nndm) {
        text += " knndm, which fits its folds to the prediction area, was not run.";
    } else if (knndm != nullptr && knndm->match && knndm->match->n_clusters > 0) {
        text += " But these samples are clustered: the truth may lie some points to either side, outside the "
                "interval too. Only a reference sample tells (lcclass assess).";
    }
    return text;
}

} // namespace

Verdict verdict(const CvReport& report) {
    Verdict result{.scheme = telling_scheme(report), .sentences = {}};
    for (std::string sentence : {gap_sentence(report), belief_sentence(report)}) {
        if (!sentence.empty()) {
            result.sentences.push_back(std::move(sentence));
        }
    }
    return result;
}

} // namespace lcclass::assess
