#include "style_files.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/pixel_block.h"
#include "lcclass/core/quantile.h"
#include "lcclass/core/sha256.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view mark_start = "<!-- lcclass wrote this; sha256 of what is above: ";
constexpr std::string_view mark_end = " -->\n";

std::string mark_of(const std::string& qml) {
    return std::string(mark_start) + sha256_of(qml) + std::string(mark_end);
}

/// True for a style that is not as lcclass wrote it.
bool is_changed_style(const fs::path& style) {
    const std::string text = read_file(style);
    const std::size_t start = text.rfind(mark_start);
    return start == std::string::npos || text.substr(start) != mark_of(text.substr(0, start));
}

/// Makes way for a new style; the new name of one that somebody changed.
std::optional<fs::path> clear_style(const fs::path& style) {
    std::error_code status;
    if (!fs::exists(fs::symlink_status(style, status))) {
        return std::nullopt;
    }
    if (fs::exists(style, status) && !is_changed_style(style)) {
        fs::remove(style, status);
        return std::nullopt;
    }
    fs::path aside = style.string() + ".bak";
    for (int i = 2; fs::exists(fs::symlink_status(aside, status)); ++i) {
        aside = style.string() + ".bak" + std::to_string(i);
    }
    fs::rename(style, aside, status);
    if (status) {
        throw Error(ExitCode::output, {.where = style.string(),
                                       .field = {},
                                       .problem = "was changed by hand and cannot be put aside: " + status.message(),
                                       .fix = "move it to another folder"});
    }
    return aside;
}

void make_way(const fs::path& raster, const Context& context) {
    const fs::path style = style_path(raster);
    if (!context.globals.overwrite) {
        return;
    }
    if (const auto aside = clear_style(style)) {
        context.inform(style.string() + ": was changed by hand, now " + aside->string());
    }
}

/// Windows whose pixels stand for all.
std::vector<Window> display_windows(const GridSpec& grid) {
    constexpr std::int64_t per_side = 6;
    constexpr std::int64_t size = 48;
    if (grid.n_pixels() <= per_side * per_side * size * size) {
        return {grid.extent()};
    }
    std::vector<Window> windows;
    for (std::int64_t row = 0; row < per_side; ++row) {
        for (std::int64_t column = 0; column < per_side; ++column) {
            const std::int64_t width = std::min(size, grid.width);
            const std::int64_t height = std::min(size, grid.height);
            windows.push_back({.x = (grid.width - width) * (2 * column + 1) / (2 * per_side),
                               .y = (grid.height - height) * (2 * row + 1) / (2 * per_side),
                               .width = width,
                               .height = height});
        }
    }
    return windows;
}

/// Finite values per band, ascending.
std::vector<std::vector<double>> display_values(const RasterSource& source, const std::vector<int>& bands) {
    std::vector<std::vector<double>> values(bands.size());
    PixelBlock block;
    for (const Window& window : display_windows(source.grid())) {
        source.read_bands(window, bands, block);
        for (std::size_t b = 0; b < bands.size(); ++b) {
            for (const float value : block.band(static_cast<int>(b))) {
                if (std::isfinite(value)) {
                    values[b].push_back(static_cast<double>(value));
                }
            }
        }
    }
    for (std::vector<double>& of_band : values) {
        std::ranges::sort(of_band);
    }
    return values;
}

using Limits = std::pair<double, double>;

std::vector<Limits> display_limits(const RasterSource& source, const std::vector<int>& bands) {
    constexpr Limits usual = {0, 0.3}; // reflectance of land
    std::vector<Limits> limits;
    for (const std::vector<double>& values : display_values(source, bands)) {
        limits.push_back(values.empty() ? usual : Limits(quantile(values, 0.02), quantile(values, 0.98)));
    }
    return limits;
}

} // namespace

fs::path style_path(const fs::path& raster) {
    return fs::path(raster).replace_extension(".qml");
}

void write_style(const fs::path& raster, const report::QgisStyle& style, const Context& context) {
    make_way(raster, context);
    const std::string qml = report::to_qml(style);
    write_file_atomically(style_path(raster), qml + mark_of(qml), context.globals.overwrite);
}

void commit_with_style(RasterSink& sink, const fs::path& raster, const std::function<report::QgisStyle()>& style,
                       const Context& context) {
    make_way(raster, context);
    sink.commit();
    write_style(raster, style(), context);
}

report::QgisStyle stack_style(const RasterSource& stack) {
    const auto bands = report::true_color_bands(band_names(stack));
    if (!bands) {
        return report::GrayStyle{.limits = display_limits(stack, {0}).front()};
    }
    report::TrueColorStyle style{.bands = *bands};
    const auto limits = display_limits(stack, {(*bands)[0] - 1, (*bands)[1] - 1, (*bands)[2] - 1});
    std::ranges::copy(limits, style.limits.begin());
    return style;
}

report::QgisStyle shap_raster_style(const RasterSource& shap) {
    std::vector<int> features(shap.bands().size() - 1); // without the base
    std::iota(features.begin(), features.end(), 0);
    std::vector<double> sizes;
    for (const std::vector<double>& values : display_values(shap, features)) {
        for (const double value : values) {
            sizes.push_back(std::abs(value));
        }
    }
    std::ranges::sort(sizes);
    constexpr double least = 0.01;
    const double reached = sizes.empty() ? least : quantile(sizes, 0.98);
    return report::shap_style(std::max(least, std::ceil(reached * 100) / 100));
}

} // namespace lcclass
