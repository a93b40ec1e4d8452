#include "geo/raster_pixels.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lcclass {

namespace {

template <class Function>
auto with_type(PixelType type, Function&& function) {
    switch (type) {
    case PixelType::uint8:
        return function(std::uint8_t{});
    case PixelType::uint16:
        return function(std::uint16_t{});
    case PixelType::int32:
        return function(std::int32_t{});
    case PixelType::float32:
        break;
    }
    return function(float{});
}

[[noreturn]] void refuse_value(float value, PixelType type, double nodata, const std::string& where) {
    const bool is_nodata = static_cast<double>(value) == nodata;
    throw Error(ExitCode::internal, {.where = where,
                                     .field = "value=" + format_number(static_cast<double>(value)),
                                     .problem = is_nodata ? "a value is the same as nodata"
                                                          : std::string("does not fit pixels of type ") +
                                                                GDALGetDataTypeName(gdal_type(type)),
                                     .fix = "choose another nodata value or pixel type"});
}

} // namespace

GDALDataType gdal_type(PixelType type) {
    switch (type) {
    case PixelType::uint8:
        return GDT_Byte;
    case PixelType::uint16:
        return GDT_UInt16;
    case PixelType::int32:
        return GDT_Int32;
    case PixelType::float32:
        break;
    }
    return GDT_Float32;
}

std::size_t bytes_per_pixel(PixelType type) {
    return with_type(type, [](auto zero) { return sizeof(zero); });
}

bool fits(double value, PixelType type) {
    return with_type(type, [&](auto zero) {
        using T = decltype(zero);
        if constexpr (std::is_floating_point_v<T>) {
            return !std::isfinite(value) || std::abs(value) <= static_cast<double>(std::numeric_limits<T>::max());
        } else {
            return value >= static_cast<double>(std::numeric_limits<T>::min()) &&
                   value <= static_cast<double>(std::numeric_limits<T>::max()) && value == std::floor(value);
        }
    });
}

void fill_pixels(double value, PixelType type, std::int64_t n, std::byte* out) {
    with_type(type, [&](auto zero) {
        using T = decltype(zero);
        std::fill_n(reinterpret_cast<T*>(out), n, static_cast<T>(value));
    });
}

void encode_pixels(std::span<const float> values, PixelType type, double nodata, std::byte* out,
                   const std::string& where) {
    with_type(type, [&](auto zero) {
        using T = decltype(zero);
        const auto no_value = static_cast<T>(nodata);
        auto* pixels = reinterpret_cast<T*>(out);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const float value = values[i];
            if (std::isnan(value)) {
                pixels[i] = no_value;
                continue;
            }
            if (!fits(static_cast<double>(value), type)) {
                refuse_value(value, type, nodata, where);
            }
            pixels[i] = static_cast<T>(value);
            if (pixels[i] == no_value) {
                refuse_value(value, type, nodata, where);
            }
        }
    });
}

PixelStatistics statistics_of(const std::byte* pixels, PixelType type, double nodata, const Window& area,
                              std::int64_t row_pixels) {
    return with_type(type, [&](auto zero) {
        using T = decltype(zero);
        const auto no_value = static_cast<T>(nodata);
        const auto for_each = [&](auto&& use) {
            for (std::int64_t row = 0; row < area.height; ++row) {
                const T* first = reinterpret_cast<const T*>(pixels) + row * row_pixels;
                for (const T pixel : std::span(first, static_cast<std::size_t>(area.width))) {
                    if (!std::isnan(static_cast<double>(pixel)) && pixel != no_value) {
                        use(static_cast<double>(pixel));
                    }
                }
            }
        };
        PixelStatistics result;
        for_each([&](double value) {
            result.minimum = result.n == 0 ? value : std::min(result.minimum, value);
            result.maximum = result.n == 0 ? value : std::max(result.maximum, value);
            result.mean += value;
            ++result.n;
        });
        result.mean /= static_cast<double>(std::max<std::int64_t>(result.n, 1));
        for_each([&](double value) { result.squared_deviations += (value - result.mean) * (value - result.mean); });
        return result;
    });
}

PixelStatistics& PixelStatistics::operator+=(const PixelStatistics& other) {
    if (other.n == 0) {
        return *this;
    }
    if (n == 0) {
        return *this = other;
    }
    const auto a = static_cast<double>(n);
    const auto b = static_cast<double>(other.n);
    const double difference = other.mean - mean;
    minimum = std::min(minimum, other.minimum);
    maximum = std::max(maximum, other.maximum);
    squared_deviations += other.squared_deviations + difference * difference * a * b / (a + b);
    mean += difference * b / (a + b);
    n += other.n;
    return *this;
}

} // namespace lcclass
