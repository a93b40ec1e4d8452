#include "lcclass/features/spectral_index.h"

#include "features/feature_case.h"

#include <cmath>
#include <set>

namespace lcclass {
namespace {

/// Reflectances of one pixel.
const test::NamedBands surface = {{"B02", {.05F}}, {"B03", {.08F}}, {"B04", {.06F}}, {"B05", {.12F}}, {"B06", {.28F}},
                                  {"B07", {.33F}}, {"B08", {.36F}}, {"B11", {.20F}}, {"B12", {.10F}}};

double value_of(const std::string& name, const test::NamedBands& bands = surface) {
    return static_cast<double>(test::feature_of(name, bands).at(0));
}

TEST(SpectralIndex, EveryIndexAgreesWithAHandComputedValue) {
    EXPECT_NEAR(value_of("NDVI"), .30 / .42, 1e-7);
    EXPECT_NEAR(value_of("NDWI"), -.28 / .44, 1e-7);
    EXPECT_NEAR(value_of("MNDWI"), -.12 / .28, 1e-7);
    EXPECT_NEAR(value_of("NDBI"), -.16 / .56, 1e-7);
    EXPECT_NEAR(value_of("NDMI"), .16 / .56, 1e-7);
    EXPECT_NEAR(value_of("NDTI"), .10 / .30, 1e-7);
    EXPECT_NEAR(value_of("NDSI"), -.12 / .28, 1e-7);
    EXPECT_NEAR(value_of("NDRE"), .24 / .48, 1e-7);
    EXPECT_NEAR(value_of("EVI"), 2.5 * .30 / (.36 + .36 - .375 + 1), 1e-7);
    EXPECT_NEAR(value_of("EVI2"), 2.5 * .30 / (.36 + .144 + 1), 1e-7);
    EXPECT_NEAR(value_of("SAVI"), 1.5 * .30 / .92, 1e-7);
    EXPECT_NEAR(value_of("BI2"), std::sqrt((.0036 + .0064 + .1296) / 3), 1e-7);
    EXPECT_NEAR(value_of("BSI"), (.26 - .41) / (.26 + .41), 1e-7);
    EXPECT_NEAR(value_of("S2REP"), 705 + 35 * (.195 - .12) / .16, 1e-4);
}

TEST(SpectralIndex, NdviOfMoreRedThanInfraredIsNegative) {
    EXPECT_NEAR(value_of("NDVI", {{"B08", {.1F}}, {"B04", {.2F}}}), -1.0 / 3, 1e-7);
}

TEST(SpectralIndex, ZeroAndNegativeDenominatorsAreUndefined) {
    EXPECT_TRUE(std::isnan(value_of("NDVI", {{"B08", {0}}, {"B04", {0}}})));
    EXPECT_TRUE(std::isnan(value_of("NDVI", {{"B08", {.01F}}, {"B04", {-.01F}}})));
    EXPECT_TRUE(std::isnan(value_of("NDVI", {{"B08", {.01F}}, {"B04", {-.02F}}})));
    EXPECT_TRUE(std::isnan(value_of("S2REP", {{"B07", {.3F}}, {"B04", {.1F}}, {"B05", {.2F}}, {"B06", {.2F}}})));
}

TEST(SpectralIndex, NamesAreUnique) {
    std::set<std::string> names;
    for (const SpectralIndex& index : spectral_indices()) {
        EXPECT_TRUE(names.insert(index.name).second);
    }
    EXPECT_EQ(find_spectral_index("ndvi"), nullptr);
}

} // namespace
} // namespace lcclass
