#include "lcclass/core/block_loop.h"
#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "lcclass/core/text.h"
#include "lcclass/sampling/sampling_design.h"
#include "sampling/quotas.h"
#include "sampling/reservoir.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace lcclass {

namespace {

using sampling::Candidate;
using sampling::FeaturePool;
using sampling::Reservoir;

/// Labels come as floats, which hold whole numbers up to here.
constexpr float largest_polygon_id = 16777216.0F;
constexpr std::int64_t block_width = 512;
constexpr std::int64_t block_height = 256;

[[noreturn]] void refuse(std::string where, std::string field, std::string problem, std::string fix) {
    throw Error(
        ExitCode::input,
        {.where = std::move(where), .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

int band_index(const RasterSource& labels, const std::string& name) {
    const std::vector<std::string> names = band_names(labels);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        refuse("labels", "band=" + name, "is not among the bands " + join(names, ", "),
               "make the labels with lcclass rasterize");
    }
    return static_cast<int>(found - names.begin());
}

/// The labelled pixels of one block that have all features, and counts of all labelled ones.
struct LabelledBlock {
    std::vector<Candidate> candidates;
    std::vector<float> features; ///< row-major, n_features per candidate
    std::vector<std::int64_t> labelled;
    std::vector<std::int64_t> nodata;
};

/// Reads blocks of labels and, where there are any, of features.
class LabelReader {
public:
    LabelReader(const RasterSource& stack, const RasterSource& labels, const LabelInfo& info, std::uint64_t seed)
        : m_stack(stack), m_labels(labels), m_info(info), m_seed(seed), m_class_band(band_index(labels, "class_code")),
          m_polygon_band(band_index(labels, "polygon_id")) {}

    [[nodiscard]] LabelledBlock read(const Window& window) const {
        LabelledBlock result;
        result.labelled.resize(static_cast<std::size_t>(m_info.legend.size()));
        result.nodata.resize(result.labelled.size());
        PixelBlock labels;
        m_labels.read(window, labels);
        const auto codes = labels.band(m_class_band);
        const bool any = std::any_of(codes.begin(), codes.end(), [](float code) { return is_label(code); });
        if (!any) {
            return result;
        }
        PixelBlock features;
        m_stack.read(window, features);
        for (std::size_t i = 0; i < codes.size(); ++i) {
            if (is_label(codes[i])) {
                take(i, labels, features, result);
            }
        }
        return result;
    }

private:
    static bool is_label(float code) { return !std::isnan(code) && code != 0; }

    void take(std::size_t i, const PixelBlock& labels, const PixelBlock& features, LabelledBlock& result) const {
        const std::int64_t row = labels.window.y + static_cast<std::int64_t>(i) / labels.window.width;
        const std::int64_t col = labels.window.x + static_cast<std::int64_t>(i) % labels.window.width;
        const int k = class_index(labels.band(m_class_band)[i], row, col);
        const std::int32_t polygon = polygon_id(labels.band(m_polygon_band)[i], row, col);
        ++result.labelled[static_cast<std::size_t>(k)];
        if (features.valid[i] == 0) {
            ++result.nodata[static_cast<std::size_t>(k)];
            return;
        }
        const std::int64_t pixel = row * m_stack.grid().width + col;
        result.candidates.push_back({.key = mix64(m_seed, static_cast<std::uint64_t>(pixel)),
                                     .pixel = pixel,
                                     .class_index = k,
                                     .polygon_id = polygon,
                                     .slot = 0});
        for (int b = 0; b < features.n_bands; ++b) {
            result.features.push_back(features.band(b)[i]);
        }
    }

    static std::string where(std::int64_t row, std::int64_t col) {
        return "labels:row " + std::to_string(row) + ", column " + std::to_string(col);
    }

    [[nodiscard]] int class_index(float code, std::int64_t row, std::int64_t col) const {
        const bool whole = std::abs(code) < 1e6F && std::floor(code) == code;
        const auto index = whole ? m_info.legend.index_of(static_cast<std::int32_t>(code)) : std::nullopt;
        if (!index) {
            refuse(where(row, col), "class_code=" + format_number(static_cast<double>(code)), "is not in the legend",
                   "add the class to the class map and rasterize again");
        }
        return *index;
    }

    [[nodiscard]] std::int32_t polygon_id(float id, std::int64_t row, std::int64_t col) const {
        const auto& groups = m_info.polygon_group;
        const bool known = id >= 1 && id <= largest_polygon_id && std::floor(id) == id &&
                           (groups.empty() || static_cast<std::size_t>(id) <= groups.size());
        if (!known) {
            refuse(where(row, col),
                   "polygon_id=" + (std::isnan(id) ? std::string("nodata") : format_number(static_cast<double>(id))),
                   "a labelled pixel must name its polygon", "make the labels with lcclass rasterize");
        }
        return static_cast<std::int32_t>(id);
    }

    const RasterSource& m_stack;
    const RasterSource& m_labels;
    const LabelInfo& m_info;
    std::uint64_t m_seed;
    int m_class_band;
    int m_polygon_band;
};

/// Merges blocks into reservoirs, one per polygon where polygons are capped, else one per class.
class Draw {
public:
    Draw(const SamplingDesign& design, std::size_t n_classes, std::size_t n_features)
        : labelled(n_classes), nodata(n_classes), pool(n_features), m_design(design), m_n_features(n_features) {}

    void add(const LabelledBlock& block) {
        for (std::size_t k = 0; k < labelled.size(); ++k) {
            labelled[k] += block.labelled[k];
            nodata[k] += block.nodata[k];
        }
        for (std::size_t i = 0; i < block.candidates.size(); ++i) {
            const Candidate& candidate = block.candidates[i];
            const auto features = std::span(block.features).subspan(i * m_n_features, m_n_features);
            reservoir_of(candidate).offer(candidate, features, pool);
        }
    }

    /// The samples taken, by pixel; `asked` becomes what the strategy wanted of each class.
    std::vector<Candidate> take(std::vector<std::int64_t>& asked) const {
        std::vector<std::vector<Candidate>> by_class(labelled.size());
        std::vector<std::int64_t> available(labelled.size());
        for (const auto& [key, reservoir] : m_reservoirs) {
            const auto k = static_cast<std::size_t>(key.first);
            by_class[k].insert(by_class[k].end(), reservoir.kept().begin(), reservoir.kept().end());
            const std::int64_t offered = reservoir.n_offered();
            available[k] += m_design.per_polygon > 0 ? std::min(offered, m_design.per_polygon) : offered;
        }
        asked = sampling::class_quotas(m_design, available);
        std::vector<Candidate> taken;
        for (std::size_t k = 0; k < by_class.size(); ++k) {
            auto& candidates = by_class[k];
            const auto n = std::min<std::int64_t>(asked[k], std::ssize(candidates));
            std::nth_element(candidates.begin(), candidates.begin() + n, candidates.end(), Reservoir::by_key);
            taken.insert(taken.end(), candidates.begin(), candidates.begin() + n);
        }
        std::sort(taken.begin(), taken.end(), [](const Candidate& a, const Candidate& b) { return a.pixel < b.pixel; });
        return taken;
    }

    std::vector<std::int64_t> labelled;
    std::vector<std::int64_t> nodata;
    FeaturePool pool;

private:
    using Key = std::pair<std::int32_t, std::int32_t>; ///< class, and polygon where polygons are capped

    Reservoir& reservoir_of(const Candidate& candidate) {
        const bool by_polygon = m_design.per_polygon > 0;
        const Key key{candidate.class_index, by_polygon ? candidate.polygon_id : 0};
        return m_reservoirs.try_emplace(key, limit()).first->second;
    }

    /// The most that any strategy can take from one reservoir.
    [[nodiscard]] std::int64_t limit() const {
        std::int64_t most = std::numeric_limits<std::int64_t>::max();
        const std::int64_t total = m_design.strategy == SamplingStrategy::total ? m_design.total : 0;
        for (const std::int64_t cap : {m_design.per_polygon, m_design.per_class, total}) {
            most = cap > 0 ? std::min(most, cap) : most;
        }
        return most;
    }

    const SamplingDesign& m_design;
    std::size_t m_n_features;
    std::map<Key, Reservoir> m_reservoirs;
};

/// Groups get numbers in the order of their first sampled polygon.
void number_groups(const LabelInfo& info, SampleTable& samples) {
    const std::set<std::int32_t> polygons(samples.polygon_id.begin(), samples.polygon_id.end());
    std::map<std::int32_t, std::int32_t> of_polygon;
    std::map<std::string, std::int32_t> of_name;
    for (const std::int32_t polygon : polygons) {
        const std::string name = info.polygon_group.empty() ? std::to_string(polygon)
                                                            : info.polygon_group[static_cast<std::size_t>(polygon) - 1];
        const auto [entry, is_new] = of_name.try_emplace(name, static_cast<std::int32_t>(samples.group_names.size()));
        if (is_new) {
            samples.group_names.push_back(name);
        }
        of_polygon[polygon] = entry->second;
    }
    for (const std::int32_t polygon : samples.polygon_id) {
        samples.group.push_back(of_polygon.at(polygon));
    }
}

SampleTable make_table(const RasterSource& stack, const LabelInfo& info, const std::vector<Candidate>& taken,
                       const FeaturePool& pool) {
    const GridSpec& grid = stack.grid();
    SampleTable samples;
    samples.feature_names = band_names(stack);
    samples.features.resize(samples.feature_names.size());
    samples.legend = info.legend;
    samples.crs_wkt = grid.crs_wkt;
    for (const Candidate& candidate : taken) {
        samples.class_code.push_back(info.legend.at(candidate.class_index).code);
        samples.polygon_id.push_back(candidate.polygon_id);
        samples.x.push_back(grid.center_x(candidate.pixel % grid.width));
        samples.y.push_back(grid.center_y(candidate.pixel / grid.width));
        const auto row = pool.row(candidate.slot);
        for (std::size_t f = 0; f < row.size(); ++f) {
            samples.features[f].push_back(row[f]);
        }
    }
    number_groups(info, samples);
    return samples;
}

SamplingReport make_report(const LabelInfo& info, const Draw& draw, const std::vector<std::int64_t>& asked,
                           const std::vector<Candidate>& taken) {
    SamplingReport report;
    std::vector<std::set<std::int32_t>> polygons(asked.size());
    for (std::size_t k = 0; k < asked.size(); ++k) {
        report.classes.push_back({.class_code = info.legend.at(static_cast<int>(k)).code,
                                  .polygons = 0,
                                  .labelled = draw.labelled[k],
                                  .nodata = draw.nodata[k],
                                  .asked = asked[k],
                                  .taken = 0});
    }
    for (const Candidate& candidate : taken) {
        const auto k = static_cast<std::size_t>(candidate.class_index);
        ++report.classes[k].taken;
        polygons[k].insert(candidate.polygon_id);
    }
    for (std::size_t k = 0; k < polygons.size(); ++k) {
        report.classes[k].polygons = std::ssize(polygons[k]);
    }
    return report;
}

void check_grids(const RasterSource& stack, const RasterSource& labels) {
    if (!same_lattice(stack.grid(), labels.grid())) {
        refuse("labels", "grid=" + describe(labels.grid()), "differs from the stack's " + describe(stack.grid()),
               "rasterize with --like and this stack");
    }
}

void check_not_empty(const std::vector<Candidate>& taken, const Draw& draw) {
    if (!taken.empty()) {
        return;
    }
    std::int64_t labelled = 0;
    for (const std::int64_t count : draw.labelled) {
        labelled += count;
    }
    if (labelled == 0) {
        refuse("labels", {}, "no pixel carries a label", "check that the polygons overlap the stack");
    }
    refuse("stack", {}, "has nodata in some feature at all " + with_thousands(labelled) + " labelled pixels",
           "check the features' nodata and masks, and that the polygons lie where there is data");
}

} // namespace

SamplingResult draw_samples(const RasterSource& stack, const RasterSource& labels, const LabelInfo& info,
                            const SamplingDesign& design, Progress& progress) {
    check_design(design);
    check_grids(stack, labels);
    const LabelReader reader(stack, labels, info, design.seed);
    Draw draw(design, static_cast<std::size_t>(info.legend.size()), stack.bands().size());
    const std::vector<Window> windows = block_windows(stack.grid().extent(), block_width, block_height);
    stream_blocks(
        windows, "sample", progress, [&](const Window& window) { return reader.read(window); },
        [&](LabelledBlock&& block) { draw.add(block); });
    std::vector<std::int64_t> asked;
    const std::vector<Candidate> taken = draw.take(asked);
    check_not_empty(taken, draw);
    return {.samples = make_table(stack, info, taken, draw.pool), .report = make_report(info, draw, asked, taken)};
}

} // namespace lcclass
