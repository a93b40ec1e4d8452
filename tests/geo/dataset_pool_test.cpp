#include "geo/raster_band_reader.h"

#include <gtest/gtest.h>

#include <memory>

namespace lcclass {
namespace {

TEST(DatasetPool, HandlesAreKeptForTheNextReader) {
    int opened = 0;
    DatasetPool pool([&] {
        ++opened;
        return PooledDataset{};
    });
    for (int i = 0; i < 5; ++i) {
        const DatasetPool::Lease lease = pool.borrow();
    }
    EXPECT_EQ(opened, 1);
}

TEST(DatasetPool, PoolsShareTheNumberOfIdleHandles) {
    const auto idle = std::make_shared<IdleHandles>(2);
    int opened = 0;
    const auto open = [&] {
        ++opened;
        return PooledDataset{};
    };
    DatasetPool one(open, idle);
    DatasetPool two(open, idle);
    for (int i = 0; i < 3; ++i) { // three handles at once, of which two may stay
        const DatasetPool::Lease a = one.borrow();
        const DatasetPool::Lease b = one.borrow();
        const DatasetPool::Lease c = two.borrow();
    }
    EXPECT_EQ(opened, 3 + 1 + 1);
    const DatasetPool::Lease a = one.borrow();
    const DatasetPool::Lease b = two.borrow();
    EXPECT_EQ(opened, 5);
}

} // namespace
} // namespace lcclass
