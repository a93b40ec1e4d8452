#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/sampling/variogram.h"

#include <algorithm>
#include <cmath>
#include <exception>

namespace lcclass {

namespace {

constexpr int blocks_per_fold = 2; ///< at least, so that there is a choice which fold gets which
constexpr double step = 0.9;
constexpr int most_steps = 100; // down to some millionths of the range

/// Down to two digits: 1,270 m says more than is known.
double two_digits(double length) {
    double unit = 1;
    while (length / unit >= 100) {
        unit *= 10;
    }
    while (length / unit < 10) {
        unit /= 10;
    }
    return std::floor(length / unit) * unit;
}

/// True when `size` makes folds with room; keeps the first refusal.
bool makes_folds(const SampleTable& samples, FoldOptions options, double size, std::exception_ptr& refusal) {
    options.scheme = FoldScheme::spatial_block;
    options.block_size_m = size;
    options.prediction = {};
    try {
        return std::ssize(assign_folds(samples, options).blocks) >= std::int64_t{blocks_per_fold} * options.n_folds;
    } catch (const Error&) {
        refusal = refusal ? refusal : std::current_exception();
        return false;
    }
}

std::string metres(double length) {
    return with_thousands(std::llround(length)) + " m";
}

} // namespace

BlockSize choose_block_size(const SampleTable& samples, const VariogramSet& variograms, const FoldOptions& options,
                            double smallest_m) {
    const auto range = median_range(variograms);
    if (!range) {
        throw Error(ExitCode::configuration,
                    {.where = "folds",
                     .field = "block_size=auto",
                     .problem = reason_without_range(variograms) + ": variograms give no size",
                     .fix = "give the side of a block in metres, for example --block-size 1000"});
    }
    const double wanted = std::max(two_digits(*range), smallest_m);
    std::string from = "median range of " + features_with_range(variograms) + ", " + metres(*range);
    if (two_digits(*range) < smallest_m) {
        from += ", raised to " + format_number(smallest_m) + " m, the smallest size";
    }
    std::exception_ptr refusal;
    double size = wanted;
    for (int i = 0; i < most_steps && size >= smallest_m; ++i) {
        if (makes_folds(samples, options, size, refusal)) {
            return {.size_m = size, .from = size < wanted ? from + ", reduced so that folds have blocks enough" : from};
        }
        size = two_digits(size * step);
    }
    if (refusal) {
        std::rethrow_exception(refusal);
    }
    throw Error(ExitCode::configuration,
                {.where = "folds",
                 .field = "block_size=auto",
                 .problem = "no size from " + metres(wanted) + " down to " + metres(std::max(smallest_m, size)) +
                            " makes " + std::to_string(blocks_per_fold * options.n_folds) + " blocks with samples",
                 .fix = "use fewer folds"});
}

} // namespace lcclass
