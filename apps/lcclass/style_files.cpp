#include "style_files.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/pixel_block.h"
#include "lcclass/core/quantile.h"
#include "lcclass/core/sha256.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
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

/// A style that makes way for a new one. One that somebody changed is put aside for good, any other until the new one
/// has its raster; both come back when the raster cannot be written.
class OldStyle {
public:
    OldStyle(fs::path style, const Context& context);
    /// Puts back what `give_up` was not called for.
    ~OldStyle();
    OldStyle(const OldStyle&) = delete;
    OldStyle& operator=(const OldStyle&) = delete;
    void give_up();

private:
    fs::path m_style;
    fs::path m_aside; ///< empty: there was none
    bool m_is_changed = false;
};

OldStyle::OldStyle(fs::path style, const Context& context) : m_style(std::move(style)) {
    std::error_code status;
    if (!context.globals.overwrite || !fs::exists(fs::symlink_status(m_style, status))) {
        return;
    }
    m_is_changed = !fs::exists(m_style, status) || is_changed_style(m_style);
    const std::string end = m_is_changed ? ".bak" : ".old";
    fs::path aside = m_style.string() + end;
    for (int i = 2; fs::exists(fs::symlink_status(aside, status)); ++i) {
        aside = m_style.string() + end + std::to_string(i);
    }
    fs::rename(m_style, aside, status);
    if (status) {
        throw Error(ExitCode::output, {.where = m_style.string(),
                                       .field = {},
                                       .problem = "cannot be put aside: " + status.message(),
                                       .fix = "move it to another folder"});
    }
    m_aside = aside;
    if (m_is_changed) {
        context.inform(escape_control(m_style.string()) + ": was changed by hand, now " +
                       escape_control(m_aside.string()));
    }
}

OldStyle::~OldStyle() {
    std::error_code ignored;
    if (!m_aside.empty()) {
        fs::rename(m_aside, m_style, ignored);
    }
}

void OldStyle::give_up() {
    std::error_code ignored;
    if (!m_aside.empty() && !m_is_changed) {
        fs::remove(m_aside, ignored);
    }
    m_aside.clear();
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
    OldStyle old(style_path(raster), context);
    const std::string qml = report::to_qml(style);
    write_file_atomically(style_path(raster), qml + mark_of(qml), context.globals.overwrite);
    old.give_up();
}

void commit_with_style(RasterSink& sink, const fs::path& raster, const std::function<report::QgisStyle()>& style,
                       const Context& context) {
    OldStyle old(style_path(raster), context);
    sink.commit();
    old.give_up();
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
