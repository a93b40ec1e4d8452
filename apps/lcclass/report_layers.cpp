#include "report_layers.h"

#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/report/quicklook.h"
#include "photo_bands.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

namespace lcclass {

using report::ClassLayer;
using report::QuicklookPlan;
using report::ScaleLayer;

namespace {

constexpr std::size_t most_entries = 255;
/// Numbers of one set of figures, less four for every cell of the view, which has several layers: with that, the report
/// of a full tile stays below 8 MB.
constexpr std::int64_t most_numbers = 4'000'000;
constexpr std::int64_t least_figures = 800'000;

int band_position(const RasterFile& file, const std::string& name) {
    const std::vector<std::string> names = band_names(*file.source);
    const auto at = std::ranges::find(names, name);
    return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

std::string share_text(std::int64_t part, std::int64_t all) {
    return fixed_digits(100 * static_cast<double>(part) / static_cast<double>(all), 1) + " %";
}

std::string hectares(double area) {
    return area < 10 ? fixed_digits(area, 1) + " ha" : with_thousands(std::llround(area)) + " ha";
}

/// A raster with one band more: the largest of the others, NaN where one has no value.
class WithLargest final : public RasterSource {
public:
    explicit WithLargest(std::shared_ptr<const RasterSource> source)
        : m_source(std::move(source)), m_bands(m_source->bands()) {
        m_bands.push_back({.name = "largest of all bands", .unit = {}, .radiometry = {}, .resampling = {}});
    }
    [[nodiscard]] const GridSpec& grid() const override { return m_source->grid(); }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_bands; }
    void read(const Window& window, PixelBlock& out) const override {
        PixelBlock all;
        m_source->read(window, all);
        out.reset(window, all.n_bands + 1);
        std::ranges::copy(all.values, out.values.begin());
        const std::span<float> largest = out.band(all.n_bands);
        for (std::size_t i = 0; i < largest.size(); ++i) {
            largest[i] = all.valid[i] == 1 ? all.band(0)[i] : std::numeric_limits<float>::quiet_NaN();
        }
        for (int band = 1; band < all.n_bands; ++band) {
            std::ranges::transform(largest, std::as_const(all).band(band), largest.begin(),
                                   [](float a, float b) { return std::isnan(a) ? a : std::max(a, b); });
        }
        out.update_valid();
    }

private:
    std::shared_ptr<const RasterSource> m_source;
    std::vector<BandSpec> m_bands;
};

/// Codes in the order of the legend, the 255 with most pixels when there are more.
std::vector<std::int32_t> shown_codes(const ClassLegend& legend, const std::map<std::int32_t, std::int64_t>& counts) {
    std::vector<std::int32_t> codes;
    for (const LandCoverClass& entry : legend.classes()) {
        codes.push_back(entry.code);
    }
    if (codes.size() > most_entries) {
        const auto pixels = [&](std::int32_t code) {
            const auto found = counts.find(code);
            return found == counts.end() ? std::int64_t{0} : found->second;
        };
        std::ranges::stable_sort(codes, std::ranges::greater(), pixels);
        codes.resize(most_entries);
        std::ranges::sort(codes);
    }
    return codes;
}

/// The legend of a class raster, and codes that are in the raster alone.
ClassLegend legend_of(const RasterFile& file, const std::map<std::int32_t, std::int64_t>& counts) {
    const ClassLegend known = file.legend.value_or(ClassLegend());
    std::vector<LandCoverClass> classes = known.classes();
    for (const auto& [code, pixels] : counts) {
        if (!known.index_of(code)) {
            classes.push_back({.code = code,
                               .name = std::to_string(code) + (known.empty() ? "" : " (not in the legend)"),
                               .color = default_color(static_cast<int>(classes.size()))});
        }
    }
    return ClassLegend(std::move(classes));
}

/// Largest dissimilarity of what is inside the area of applicability, when the raster knows it.
std::optional<double> threshold_of(const RasterFile& applicability) {
    const auto record = applicability.metadata.find("LCCLASS_APPLICABILITY");
    if (record == applicability.metadata.end()) {
        return std::nullopt;
    }
    const auto json = nlohmann::json::parse(record->second, nullptr, false);
    const auto found = json.is_object() ? json.find("threshold") : json.end();
    return found != json.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

} // namespace

/// A band as a layer; without `high`, 99 % of its cells are below the highest colour.
struct LayerReader::Scale {
    std::string band;
    ScaleLayer layer;
    bool high_from_cells = false;
};

std::optional<RasterFile> LayerReader::open(const std::filesystem::path& path, const std::string& what,
                                            const std::string& command) {
    if (path.empty()) {
        m_view.missing.push_back(what + ": not there; " + command + " makes it.");
        return std::nullopt;
    }
    RasterFile file = open_raster(path);
    const GridSpec& grid = file.source->grid();
    if (!same_lattice(grid, m_view.grid.full) || !same_crs(grid.crs_wkt, m_view.grid.full.crs_wkt)) {
        m_view.missing.push_back(what + ": " + path.filename().string() + " is left out, it has other pixels (" +
                                 describe(grid) + ") than the map (" + describe(m_view.grid.full) + ").");
        return std::nullopt;
    }
    return file;
}

void LayerReader::add_photos(const RasterFile& stack) {
    const std::vector<std::string> names = band_names(*stack.source);
    const std::vector<PhotoBands> chosen = photo_bands(names);
    QuicklookPlan plan;
    plan.photo_grid = m_view.grid;
    for (const PhotoBands& photo : chosen) {
        plan.photos.push_back(photo.bands);
    }
    const report::Quicklook read = read_quicklook(*stack.source, plan, m_progress);
    for (std::size_t p = 0; p < chosen.size(); ++p) {
        report::PhotoLayer layer{
            .id = chosen[p].id, .title = chosen[p].title, .caption = {}, .pixels = {}, .valid = {}};
        std::vector<std::string> shown;
        for (const int band : chosen[p].bands) {
            shown.push_back(names[static_cast<std::size_t>(band)]);
        }
        layer.caption = join(shown, ", ") + " as red, green, blue; darkest and brightest 2 % cut";
        report::stretch_photo(read.photos[p], layer);
        m_view.photos.push_back(std::move(layer));
    }
}

std::string LayerReader::area_note(std::int64_t pixels, std::int64_t all) const {
    if (pixels == 0 || all == 0) {
        return "none";
    }
    std::string note = share_text(pixels, all);
    if (m_view.metres_per_unit) {
        const GridSpec& grid = m_view.grid.full;
        const double side = *m_view.metres_per_unit;
        note += ", " + hectares(static_cast<double>(pixels) * grid.pixel_width * grid.pixel_height * side * side / 1e4);
    }
    return note;
}

void LayerReader::add_codes(const RasterFile& file, ClassLayer layer, const std::string& what) {
    QuicklookPlan plan;
    plan.exact = {{.grid = m_view.grid, .bands = {0}}};
    plan.counted = {0};
    const report::Quicklook read = read_quicklook(*file.source, plan, m_progress);
    const std::map<std::int32_t, std::int64_t>& counts = read.counts[0];
    const std::int64_t all = std::accumulate(counts.begin(), counts.end(), std::int64_t{0},
                                             [](std::int64_t sum, const auto& item) { return sum + item.second; });
    const ClassLegend legend = legend_of(file, counts);
    const std::vector<std::int32_t> codes = shown_codes(legend, counts);
    for (const std::int32_t code : codes) {
        const LandCoverClass& entry = legend.at(legend.index_of(code).value());
        const auto found = counts.find(code);
        layer.entries.push_back({.name = entry.name,
                                 .color = entry.color,
                                 .note = area_note(found == counts.end() ? 0 : found->second, all)});
    }
    if (codes.size() < static_cast<std::size_t>(legend.size())) {
        layer.caption += " Only the " + std::to_string(codes.size()) + " largest of " + std::to_string(legend.size()) +
                         " " + what + " are shown.";
    }
    layer.cells = report::class_cells(read.exact[0][0], codes);
    m_view.classes.push_back(std::move(layer));
}

void LayerReader::add_map(const RasterFile& map) {
    add_codes(map,
              {.id = "map",
               .title = "Land cover",
               .caption = "Shares and areas are of all pixels that have a class.",
               .entries = {},
               .cells = {}},
              "classes");
    const bool has_legend = map.legend && !map.legend->empty();
    m_n_classes = has_legend ? map.legend->size() : static_cast<int>(m_view.classes.back().entries.size());
}

void LayerReader::add_dominant_feature(const RasterFile& dominant) {
    add_codes(dominant,
              {.id = "dominant-feature",
               .title = "Dominant feature",
               .caption = "The feature that moved the probability of the pixel's class most; shares are of all pixels.",
               .entries = {},
               .cells = {}},
              "features");
}

void LayerReader::add_scales(const RasterFile& file, const std::vector<Scale>& scales) {
    QuicklookPlan plan;
    plan.exact = {{.grid = m_view.grid, .bands = {}}};
    for (const Scale& scale : scales) {
        plan.exact[0].bands.push_back(band_position(file, scale.band));
    }
    const report::Quicklook read = read_quicklook(*file.source, plan, m_progress);
    for (std::size_t s = 0; s < scales.size(); ++s) {
        ScaleLayer layer = scales[s].layer;
        if (scales[s].high_from_cells) {
            layer.high = std::max(layer.high, report::share_below(read.exact[0][s], 0.99).value_or(layer.high));
            layer.open_end = report::share_below(read.exact[0][s], 1).value_or(0) > layer.high;
        }
        layer.cells = report::scale_cells(read.exact[0][s], layer.low, layer.high);
        m_view.scales.push_back(std::move(layer));
    }
}

void LayerReader::add_uncertainty(const RasterFile& uncertainty) {
    const auto n_classes = static_cast<std::size_t>(std::max(2, m_n_classes));
    const std::vector<Scale> known = {
        {.band = "max_probability",
         .layer = {.id = "probability",
                   .title = "Probability of the class",
                   .caption = "What the model gives the class of the map, which is the most probable one."}},
        {.band = "margin",
         .layer = {.id = "margin",
                   .title = "Margin",
                   .caption = "By how much the most probable class is ahead of the next."}},
        {.band = "entropy",
         .layer = {.id = "entropy",
                   .title = "Uncertainty",
                   .caption = "Entropy of the probabilities: 0 is certain, the far end is every class alike.",
                   .high = std::log2(static_cast<double>(n_classes)),
                   .unit = "bits",
                   .more_is_worse = true}},
    };
    std::vector<Scale> there;
    std::ranges::copy_if(known, std::back_inserter(there),
                         [&](const Scale& scale) { return band_position(uncertainty, scale.band) >= 0; });
    add_scales(uncertainty, there);
}

void LayerReader::add_applicability(const RasterFile& applicability) {
    if (band_position(applicability, "inside") < 0 || band_position(applicability, "dissimilarity") < 0) {
        m_view.missing.emplace_back("Applicability: the raster has no bands inside and dissimilarity; lcclass predict "
                                    "--applicability FILE makes it.");
        return;
    }
    add_inside(applicability);
    add_dissimilarity(applicability);
}

void LayerReader::add_inside(const RasterFile& applicability) {
    QuicklookPlan plan;
    plan.exact = {{.grid = m_view.grid, .bands = {band_position(applicability, "inside")}}};
    std::vector<float> inside = read_quicklook(*applicability.source, plan, m_progress).exact[0][0];
    std::ranges::for_each(inside, [](float& value) { value += 1; }); // 2 is inside, 1 outside, NaN nothing
    ClassLayer layer{.id = "inside",
                     .title = "Applicability",
                     .caption = "Outside, pixels are unlike all training samples, and the accuracy of the "
                                "cross-validation does not hold. Shares are of the pixels shown.",
                     .entries = {},
                     .cells = report::class_cells(inside, std::vector<std::int32_t>{2, 1})};
    const auto n_inside = std::ranges::count(layer.cells, std::uint8_t{1});
    const auto n_outside = std::ranges::count(layer.cells, std::uint8_t{2});
    const auto share = [&](std::int64_t n) {
        return n_inside + n_outside == 0 ? std::string("none") : share_text(n, n_inside + n_outside);
    };
    layer.entries = {{.name = "inside", .color = {158, 202, 225}, .note = share(n_inside)},
                     {.name = "outside", .color = {213, 94, 0}, .note = share(n_outside)}};
    m_view.classes.push_back(std::move(layer));
}

void LayerReader::add_dissimilarity(const RasterFile& applicability) {
    const std::optional<double> threshold = threshold_of(applicability);
    std::string caption = "Distance of the pixel's features to the nearest training sample, in mean distances between "
                          "samples; 0 is the same.";
    if (threshold) {
        caption += " Outside the area of applicability above " + fixed_digits(*threshold, 3) + ".";
    }
    add_scales(applicability, {{.band = "dissimilarity",
                                .layer = {.id = "dissimilarity",
                                          .title = "Dissimilarity",
                                          .caption = std::move(caption),
                                          .high = std::max(1.5 * threshold.value_or(0), 1e-6),
                                          .more_is_worse = true},
                                .high_from_cells = true}});
}

/// An odd number of cells of the view goes into one of figures, so that its pixel is one that the view shows as well.
report::QuicklookGrid LayerReader::figure_grid(std::size_t n_names) const {
    report::QuicklookGrid grid = m_view.grid;
    const std::int64_t most = std::max(least_figures, most_numbers - 4 * grid.n_cells());
    for (std::int64_t factor = 3; grid.n_cells() * static_cast<std::int64_t>(n_names) > most; factor += 2) {
        grid.step = m_view.grid.step * factor;
        grid.columns = (grid.full.width + grid.step - 1) / grid.step;
        grid.rows = (grid.full.height + grid.step - 1) / grid.step;
    }
    return grid;
}

void LayerReader::add_probabilities(const RasterFile& probabilities, bool largest) {
    report::CellFigures figures{.title = "Probability of each class",
                                .unit = "probability",
                                .names = band_names(*probabilities.source),
                                .cells = {}};
    figures.grid = figure_grid(figures.names.size());
    QuicklookPlan plan;
    plan.exact = {{.grid = *figures.grid, .bands = all_bands(*probabilities.source)}};
    std::shared_ptr<const RasterSource> source = probabilities.source;
    if (largest) {
        source = std::make_shared<WithLargest>(source);
        plan.exact.push_back({.grid = m_view.grid, .bands = {static_cast<int>(figures.names.size())}});
    }
    const report::Quicklook read = read_quicklook(*source, plan, m_progress);
    for (const std::vector<float>& values : read.exact[0]) {
        figures.cells.push_back(report::scale_cells(values, figures.low, figures.high));
    }
    for (const std::string& name : figures.names) {
        const auto& entries = m_view.classes.front().entries;
        const auto found = std::ranges::find(entries, name, &ClassLayer::Entry::name);
        figures.colors.push_back(found == entries.end() ? Rgb{128, 128, 128} : found->color);
    }
    m_view.figures.push_back(std::move(figures));
    if (largest) {
        ScaleLayer layer{.id = "probability",
                         .title = "Probability of the class",
                         .caption = "What the model gives the most probable class.",
                         .cells = report::scale_cells(read.exact[1][0], 0, 1)};
        m_view.scales.push_back(std::move(layer));
    }
}

void LayerReader::add_contributions(const RasterFile& shap) {
    report::CellFigures figures;
    const auto explained = shap.metadata.find("LCCLASS_SHAP_CLASS");
    const bool of_one = explained != shap.metadata.end() && explained->second != "most probable";
    figures.title = "What each feature adds to the probability of " + (of_one ? explained->second : "the class");
    figures.unit = "probability";
    QuicklookPlan plan;
    plan.exact.emplace_back();
    for (const int band : all_bands(*shap.source)) {
        const std::string& name = shap.source->bands()[static_cast<std::size_t>(band)].name;
        if (name != "base") {
            figures.names.push_back(name);
            plan.exact[0].bands.push_back(band);
        }
    }
    figures.grid = figure_grid(figures.names.size());
    plan.exact[0].grid = *figures.grid;
    const report::Quicklook read = read_quicklook(*shap.source, plan, m_progress);
    double most = 1e-6;
    for (const std::vector<float>& values : read.exact[0]) {
        for (const float value : values) {
            most = std::isfinite(value) ? std::max(most, std::abs(static_cast<double>(value))) : most;
        }
    }
    figures.low = -most;
    figures.high = most;
    for (const std::vector<float>& values : read.exact[0]) {
        figures.cells.push_back(report::scale_cells(values, figures.low, figures.high));
    }
    m_view.figures.push_back(std::move(figures));
}

} // namespace lcclass
