#include "sampling/quotas.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lcclass::sampling {

namespace {

__extension__ using Wide = unsigned __int128;

std::int64_t smallest_class(const std::vector<std::int64_t>& available) {
    std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t size : available) {
        smallest = size > 0 ? std::min(smallest, size) : smallest;
    }
    return smallest;
}

std::int64_t percent_of(double percent, std::int64_t size) {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(size) * percent / 100));
}

} // namespace

std::vector<std::int64_t> proportional_shares(std::int64_t total, const std::vector<std::int64_t>& sizes) {
    const auto sum = static_cast<Wide>(std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}));
    if (static_cast<Wide>(total) >= sum) {
        return sizes;
    }
    std::vector<std::int64_t> shares;
    std::vector<Wide> remainder;
    for (const std::int64_t size : sizes) {
        const Wide product = static_cast<Wide>(total) * static_cast<Wide>(size);
        shares.push_back(static_cast<std::int64_t>(product / sum));
        remainder.push_back(product % sum);
    }
    std::vector<std::size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
    std::int64_t left = total - std::accumulate(shares.begin(), shares.end(), std::int64_t{0});
    for (std::size_t i = 0; left > 0; ++i, --left) {
        ++shares[order[i]];
    }
    return shares;
}

std::vector<std::int64_t> class_quotas(const SamplingDesign& design, const std::vector<std::int64_t>& available) {
    std::vector<std::int64_t> quotas = available;
    switch (design.strategy) {
    case SamplingStrategy::all:
        break;
    case SamplingStrategy::total:
        quotas = proportional_shares(design.total, available);
        break;
    case SamplingStrategy::constant:
        std::fill(quotas.begin(), quotas.end(), design.per_class);
        break;
    case SamplingStrategy::smallest:
        std::fill(quotas.begin(), quotas.end(), smallest_class(available));
        break;
    case SamplingStrategy::percent:
        std::transform(quotas.begin(), quotas.end(), quotas.begin(),
                       [&](std::int64_t size) { return percent_of(design.percent, size); });
        break;
    }
    for (std::size_t k = 0; k < quotas.size(); ++k) {
        const bool capped = design.per_class > 0;
        quotas[k] = available[k] == 0 ? 0 : capped ? std::min(quotas[k], design.per_class) : quotas[k];
    }
    return quotas;
}

} // namespace lcclass::sampling
