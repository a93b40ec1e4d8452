/// Pixels as records of 16-bit numbers that are moved about while they are sorted into boxes.
/// Plain views; moving records of disjoint parts is safe from several threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lcclass {

/// Pixels as records of `units` x 8 numbers: the shifted codes of the features, and in the last two numbers of the
/// record where the results go.
struct PixelRecords {
    std::int16_t* data = nullptr;
    std::size_t n_pixels = 0;
    std::size_t units = 0;

    static constexpr std::size_t unit = 8;
    static std::size_t units_for(std::size_t n_features) { return (n_features + 2 + unit - 1) / unit; }
    [[nodiscard]] std::size_t stride() const { return units * unit; }
    [[nodiscard]] std::int16_t* at(std::size_t i) const { return data + i * stride(); }
    [[nodiscard]] std::uint32_t pixel(std::size_t i) const {
        std::uint32_t number = 0;
        std::memcpy(&number, at(i) + stride() - 2, sizeof number);
        return number;
    }
    void set_pixel(std::size_t i, std::uint32_t pixel) const {
        std::memcpy(at(i) + stride() - 2, &pixel, sizeof pixel);
    }
    [[nodiscard]] PixelRecords part(std::size_t first, std::size_t n) const {
        return {.data = at(first), .n_pixels = n, .units = units};
    }
};

/// Calls `work(std::integral_constant<units>)` so that records of usual size are moved as a few vectors.
template <class Work>
decltype(auto) with_units(std::size_t units, Work&& work) {
    switch (units) {
    case 1:
        return work(std::integral_constant<std::size_t, 1>());
    case 2:
        return work(std::integral_constant<std::size_t, 2>());
    case 3:
        return work(std::integral_constant<std::size_t, 3>());
    case 4:
        return work(std::integral_constant<std::size_t, 4>());
    default:
        return work(units);
    }
}

template <class Units>
void copy_record(const std::int16_t* from, std::int16_t* to, Units units) {
    std::memcpy(to, from, units * PixelRecords::unit * sizeof(std::int16_t));
}

/// Moves the records to `scratch`, those with number[feature] <= cut first; returns how many those are.
/// Every record goes to both ends of what is free; the next one overwrites it at the wrong end.
inline std::size_t split_at_cut(const PixelRecords& pixels, const PixelRecords& scratch, std::size_t feature,
                                std::int16_t cut) {
    return with_units(pixels.units, [&](auto units) {
        const std::size_t stride = units * PixelRecords::unit;
        std::int16_t* left = scratch.data;
        std::int16_t* right = scratch.data + pixels.n_pixels * stride;
        const std::int16_t* const end = pixels.data + pixels.n_pixels * stride;
        for (const std::int16_t* record = pixels.data; record != end; record += stride) {
            const std::size_t goes_left = record[feature] <= cut ? stride : 0;
            copy_record(record, right - stride, units);
            copy_record(record, left, units);
            left += goes_left;
            right -= stride - goes_left;
        }
        return static_cast<std::size_t>(left - scratch.data) / stride;
    });
}

} // namespace lcclass
