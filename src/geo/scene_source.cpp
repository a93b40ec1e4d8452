#include "geo/product_files.h"
#include "geo/scene_bands.h"
#include "geo/scene_grid.h"
#include "geo/warp_band.h"
#include "lcclass/core/error.h"
#include "lcclass/core/words.h"
#include "lcclass/geo/scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace lcclass {

namespace {

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();
constexpr WordTable<Resampling, 4> resampling_words = {{{Resampling::nearest, "nearest"},
                                                        {Resampling::bilinear, "bilinear"},
                                                        {Resampling::cubic, "cubic"},
                                                        {Resampling::average, "average"}}};

/// Enough for a scene of some dates on some threads, and half of what a process may open by default.
constexpr int most_idle_handles = 512;

/// The open handles of a scene's files; bands of one file share them.
class ScenePools {
public:
    explicit ScenePools(bool allow_vrt) : m_allow_vrt(allow_vrt) {}

    std::shared_ptr<DatasetPool> of_file(const std::string& path) {
        auto& pool = m_by_path[path];
        if (!pool) {
            pool = std::make_shared<DatasetPool>(
                [path, allow_vrt = m_allow_vrt] {
                    return PooledDataset{.base = nullptr, .dataset = open_scene_file(path, allow_vrt)};
                },
                m_idle);
        }
        return pool;
    }
    std::shared_ptr<DatasetPool> of_warped(const WarpSpec& warp) {
        auto pool = std::make_shared<DatasetPool>([warp] { return open_warped(warp); }, m_idle);
        pool->give_back(open_warped(warp)); // what cannot be warped is known now
        return pool;
    }

private:
    bool m_allow_vrt;
    std::shared_ptr<IdleHandles> m_idle = std::make_shared<IdleHandles>(most_idle_handles);
    std::map<std::string, std::shared_ptr<DatasetPool>> m_by_path;
};

/// One band of the scene on the scene's grid.
class BandOnGrid {
public:
    BandOnGrid(const OpenedBand& band, const GridSpec& grid, ScenePools& pools) : m_radiometry(band.band.radiometry) {
        if (const auto shift = shift_on_lattice(band.band.grid, grid)) {
            m_file = band.file;
            m_shift = *shift;
            m_width = band.band.grid.width;
            m_height = band.band.grid.height;
            m_masked = band.masked;
            m_pool = pools.of_file(band.file.path);
            return;
        }
        const WarpSpec warp{.file = band.file,
                            .from = band.band.grid,
                            .to = grid,
                            .resampling = band.resampling,
                            .masked = band.masked};
        m_warped = true;
        m_file = warped_band(warp);
        m_width = grid.width;
        m_height = grid.height;
        m_pool = pools.of_warped(warp);
    }

    [[nodiscard]] bool warped() const { return m_warped; }

    void read(const Window& window, std::span<float> out) const {
        read_stored(window, out);
        const bool as_stored = m_radiometry.scale == 1 && m_radiometry.offset == 0;
        for (float& value : out) {
            if (const auto why = m_masked.why(value)) {
                value = missing_value(*why);
            } else if (!as_stored) {
                value = static_cast<float>(static_cast<double>(value) * m_radiometry.scale + m_radiometry.offset);
            }
        }
    }

private:
    /// Stored numbers; NaN where the band does not reach.
    void read_stored(const Window& window, std::span<float> out) const {
        const DatasetPool::Lease dataset = m_pool->borrow();
        const Window wanted = {window.x + m_shift.columns, window.y + m_shift.rows, window.width, window.height};
        const std::int64_t left = std::max<std::int64_t>(wanted.x, 0);
        const std::int64_t top = std::max<std::int64_t>(wanted.y, 0);
        const Window part = {left, top, std::min(wanted.x + wanted.width, m_width) - left,
                             std::min(wanted.y + wanted.height, m_height) - top};
        if (part == wanted) {
            read_band(dataset.get(), m_file, wanted, out);
            return;
        }
        std::fill(out.begin(), out.end(), nan_value);
        if (part.width <= 0 || part.height <= 0) {
            return;
        }
        std::vector<float> values(static_cast<std::size_t>(part.n_pixels()));
        read_band(dataset.get(), m_file, part, values);
        for (std::int64_t row = 0; row < part.height; ++row) {
            std::copy_n(values.begin() + row * part.width, part.width,
                        out.begin() + (part.y - wanted.y + row) * wanted.width + part.x - wanted.x);
        }
    }

    Radiometry m_radiometry;
    BandToRead m_file;
    PixelShift m_shift;       ///< from the scene's grid to the dataset's pixels
    std::int64_t m_width = 0; ///< of the dataset
    std::int64_t m_height = 0;
    MaskedNumbers m_masked; ///< of bands that are read as they are; the warper masks its own
    bool m_warped = false;
    std::shared_ptr<DatasetPool> m_pool;
};

class SceneSource final : public RasterSource {
public:
    SceneSource(const SceneOptions& options, const std::vector<OpenedBand>& bands)
        : m_grid(choose_grid(options, bands)) {
        ScenePools pools(options.allow_vrt);
        for (const OpenedBand& band : bands) {
            m_files.emplace_back(band, m_grid, pools);
            m_bands.push_back({.name = band.band.name,
                               .unit = band.unit,
                               .radiometry = band.band.radiometry,
                               .resampling = m_files.back().warped() ? to_string(band.resampling) : "",
                               .level = band.band.level,
                               .sensed = band.band.date});
        }
    }

    [[nodiscard]] const GridSpec& grid() const override { return m_grid; }
    [[nodiscard]] const std::vector<BandSpec>& bands() const override { return m_bands; }

    void read(const Window& window, PixelBlock& out) const override { read_bands(window, all_bands(*this), out); }

    void read_bands(const Window& window, std::span<const int> chosen, PixelBlock& out) const override {
        out.reset(window, static_cast<int>(chosen.size()));
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            m_files[static_cast<std::size_t>(chosen[i])].read(window, out.band(static_cast<int>(i)));
        }
        out.update_valid();
    }

private:
    GridSpec m_grid;
    std::vector<BandSpec> m_bands;
    std::vector<BandOnGrid> m_files;
};

} // namespace

std::string to_string(Resampling resampling) {
    return word_of(resampling_words, resampling);
}

Resampling parse_resampling(const std::string& word) {
    return parse_word(resampling_words, "resampling", word, "a way of resampling");
}

std::shared_ptr<const RasterSource> open_scene(const SceneOptions& options, const std::vector<std::string>& names) {
    std::set<std::string> unique;
    for (const std::string& name : names) {
        if (!unique.insert(name).second) {
            throw Error(
                ExitCode::configuration,
                {.where = {}, .field = "band=" + name, .problem = "is asked for twice", .fix = "name every band once"});
        }
    }
    if (names.empty()) {
        throw Error(ExitCode::configuration,
                    {.where = {}, .field = "bands", .problem = "none is asked for", .fix = "name at least one band"});
    }
    const std::vector<OpenedBand> bands = select_bands(open_bands(options), names, options.inputs);
    require_one_level(bands);
    require_one_sensor(bands);
    return std::make_shared<SceneSource>(options, bands);
}

} // namespace lcclass
