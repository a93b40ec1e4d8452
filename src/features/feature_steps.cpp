#include "features/feature_steps.h"

#include "features/gap_fill.h"
#include "features/medoid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lcclass {

namespace {

constexpr float no_value = std::numeric_limits<float>::quiet_NaN();

/// The part of `row` of `plane` that lies in `window`.
std::span<const float> row_in(const PlaneView& plane, const Window& window, std::int64_t y) {
    return plane.row(y).subspan(static_cast<std::size_t>(window.x - plane.window.x),
                                static_cast<std::size_t>(window.width));
}

/// Planes of dates as the kernels over time take them, which know no margins: a view, or a copy of the part.
class Series {
public:
    Series(std::span<const Date> dates, std::span<const PlaneView> planes, const Window& window)
        : m_view{.dates = dates, .planes = {}, .n_pixels = window.n_pixels()} {
        m_copies.reserve(planes.size());
        for (const PlaneView& plane : planes) {
            if (plane.window == window) {
                m_view.planes.push_back(plane.values.data());
                continue;
            }
            std::vector<float>& copy = m_copies.emplace_back();
            copy.reserve(static_cast<std::size_t>(window.n_pixels()));
            for (std::int64_t y = window.y; y < window.y + window.height; ++y) {
                const auto row = row_in(plane, window, y);
                copy.insert(copy.end(), row.begin(), row.end());
            }
            m_view.planes.push_back(copy.data());
        }
    }

    [[nodiscard]] const SeriesView& view() const { return m_view; }

private:
    SeriesView m_view;
    std::vector<std::vector<float>> m_copies;
};

} // namespace

void ArithmeticStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    m_arithmetic.evaluate(inputs, outputs[0]);
}

void FocalStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    focal(m_statistic, m_size, inputs[0], outputs[0]);
}

void TextureStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    std::vector<TextureRequest> requests;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        requests.push_back({.statistic = m_statistics[i], .out = outputs[i]});
    }
    texture(m_options, inputs[0], requests);
}

void TerrainStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    terrain(m_kind, m_scale, inputs[0], outputs[0]);
}

void StandardizeStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    const PlaneOut& out = outputs[0];
    for (std::int64_t y = out.window.y; y < out.window.y + out.window.height; ++y) {
        std::ranges::transform(row_in(inputs[0], out.window, y), out.row(y).begin(), [&](float value) {
            return static_cast<float>((static_cast<double>(value) - m_mean) / m_sd);
        });
    }
}

void ComponentStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    const Window window = outputs[0].window;
    const std::size_t n = inputs.size();
    std::vector<std::span<const float>> rows(n);
    std::vector<double> centred(n);
    for (std::int64_t y = window.y; y < window.y + window.height; ++y) {
        for (std::size_t i = 0; i < n; ++i) {
            rows[i] = row_in(inputs[i], window, y);
        }
        for (std::size_t x = 0; x < rows[0].size(); ++x) {
            for (std::size_t i = 0; i < n; ++i) {
                centred[i] = (static_cast<double>(rows[i][x]) - m_components.mean[i]) / m_components.scale[i];
            }
            for (std::size_t k = 0; k < outputs.size(); ++k) {
                const auto& loadings = m_components.loadings[static_cast<std::size_t>(m_numbers[k] - 1)];
                outputs[k].row(y)[x] =
                    static_cast<float>(std::inner_product(centred.begin(), centred.end(), loadings.begin(), 0.0));
            }
        }
    }
}

void TimeStatisticStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    const Series series(m_dates, inputs, outputs[0].window);
    std::vector<StatisticRequest> requests;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        requests.push_back({.statistic = m_statistics[i], .out = outputs[i].values});
    }
    time_statistics(series.view(), requests);
}

void GapFillStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    const Series series(m_dates, inputs, outputs[0].window);
    std::vector<std::size_t> order(outputs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return m_targets[i]; });
    std::vector<Date> dates;
    std::vector<std::span<float>> planes;
    for (const std::size_t i : order) {
        dates.push_back(m_targets[i]);
        planes.push_back(outputs[i].values);
    }
    fill_gaps(series.view(), {.dates = dates, .out = planes, .hold_ends = m_hold_ends});
}

void MedoidStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    const Window window = outputs[0].window;
    std::vector<Series> series;
    std::vector<SeriesView> views;
    series.reserve(inputs.size() / m_dates.size());
    for (std::size_t first = 0; first < inputs.size(); first += m_dates.size()) {
        series.emplace_back(m_dates, inputs.subspan(first, m_dates.size()), window);
        views.push_back(series.back().view());
    }
    std::vector<std::int32_t> chosen(outputs[0].values.size());
    find_medoids(views, chosen);
    std::ranges::transform(chosen, outputs[0].values.begin(),
                           [](std::int32_t date) { return date == no_date ? no_value : static_cast<float>(date); });
}

void GatherStep::run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const {
    const PlaneOut& out = outputs[0];
    const Series series(m_dates, inputs.subspan(1), out.window);
    std::vector<std::int32_t> chosen;
    for (std::int64_t y = out.window.y; y < out.window.y + out.window.height; ++y) {
        for (const float date : row_in(inputs[0], out.window, y)) {
            chosen.push_back(std::isnan(date) ? no_date : static_cast<std::int32_t>(date));
        }
    }
    gather(series.view(), chosen, out.values);
}

} // namespace lcclass
