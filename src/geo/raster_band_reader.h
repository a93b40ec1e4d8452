/// Reads windows of bands from a pool of dataset handles: GDAL's handles are not thread-safe, so every reader
/// borrows one of its own.
/// DatasetPool and read_band are safe from any thread.
#pragma once

#include "geo/gdal_handles.h"
#include "geo/raster_dataset.h"
#include "lcclass/core/grid_spec.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// A dataset with what it reads from, closed in the right order.
struct PooledDataset {
    DatasetHandle base;    ///< what `dataset` is a view of; may be empty
    DatasetHandle dataset; ///< closed first
};

/// How many handles may wait open for the next window, in all pools that share it: a series of many dates has more
/// files times threads than a process may have open.
class IdleHandles {
public:
    explicit IdleHandles(int most) : m_left(most) {}
    /// True when there was room for one more.
    bool take() { return m_left.fetch_sub(1) > 0 || (m_left.fetch_add(1), false); }
    void give_back() { m_left.fetch_add(1); }

private:
    std::atomic<int> m_left;
};

class DatasetPool {
public:
    using Opener = std::function<PooledDataset()>;

    /// `open` makes one more handle; it is called by whichever thread needs one. Without `idle` all handles are kept.
    explicit DatasetPool(Opener open, std::shared_ptr<IdleHandles> idle = nullptr)
        : m_open(std::move(open)), m_idle(std::move(idle)) {}

    /// A handle for one thread, back in the pool when it goes.
    class Lease {
    public:
        Lease(DatasetPool& pool, PooledDataset dataset) : m_pool(pool), m_dataset(std::move(dataset)) {}
        ~Lease() { m_pool.give_back(std::move(m_dataset)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        [[nodiscard]] GDALDatasetH get() const { return m_dataset.dataset.get(); }

    private:
        DatasetPool& m_pool;
        PooledDataset m_dataset;
    };

    [[nodiscard]] Lease borrow();
    /// Adds a handle that is open already, or closes it when enough are idle.
    void give_back(PooledDataset dataset);

private:
    Opener m_open;
    std::shared_ptr<IdleHandles> m_idle;
    std::mutex m_mutex;
    std::vector<PooledDataset> m_free;
};

/// A band to read, with what error messages call it.
struct BandToRead {
    std::string path;
    int number = 1;
    RasterBandInfo info;
};

/// `window` of the band, row by row into `out`; nodata and masked pixels become NaN, values stay as stored.
/// Requires: out.size() == window.n_pixels(), `window` within the dataset.
/// Throws: Error(input) naming file, band and window when pixels cannot be read.
void read_band(GDALDatasetH dataset, const BandToRead& band, const Window& window, std::span<float> out);

} // namespace lcclass
