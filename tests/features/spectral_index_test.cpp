#include "lcclass/features/spectral_index.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace lcclass {
namespace {

double value_of(const char* name, std::vector<double> bands) {
    return find_spectral_index(name)->evaluate(bands);
}

TEST(SpectralIndex, EveryIndexAgreesWithAHandComputedValue) {
    // Reflectances: B02 .05, B03 .08, B04 .06, B05 .12, B06 .28, B07 .33, B08 .36, B11 .20, B12 .10.
    EXPECT_NEAR(value_of("NDVI", {.36, .06}), .30 / .42, 1e-15);
    EXPECT_NEAR(value_of("NDWI", {.08, .36}), -.28 / .44, 1e-15);
    EXPECT_NEAR(value_of("MNDWI", {.08, .20}), -.12 / .28, 1e-15);
    EXPECT_NEAR(value_of("NDBI", {.20, .36}), -.16 / .56, 1e-15);
    EXPECT_NEAR(value_of("NDMI", {.36, .20}), .16 / .56, 1e-15);
    EXPECT_NEAR(value_of("NDTI", {.20, .10}), .10 / .30, 1e-15);
    EXPECT_NEAR(value_of("NDSI", {.08, .20}), -.12 / .28, 1e-15);
    EXPECT_NEAR(value_of("NDRE", {.36, .12}), .24 / .48, 1e-15);
    EXPECT_NEAR(value_of("EVI", {.36, .06, .05}), 2.5 * .30 / (.36 + .36 - .375 + 1), 1e-15);
    EXPECT_NEAR(value_of("EVI2", {.36, .06}), 2.5 * .30 / (.36 + .144 + 1), 1e-15);
    EXPECT_NEAR(value_of("SAVI", {.36, .06}), 1.5 * .30 / .92, 1e-15);
    EXPECT_NEAR(value_of("BI2", {.06, .08, .36}), std::sqrt((.0036 + .0064 + .1296) / 3), 1e-15);
    EXPECT_NEAR(value_of("BSI", {.20, .06, .36, .05}), (.26 - .41) / (.26 + .41), 1e-15);
    EXPECT_NEAR(value_of("S2REP", {.33, .06, .12, .28}), 705 + 35 * (.195 - .12) / .16, 1e-12);
}

TEST(SpectralIndex, NdviOfMoreRedThanInfraredIsNegative) {
    EXPECT_NEAR(value_of("NDVI", {.1000, .2000}), -1.0 / 3, 1e-15);
}

TEST(SpectralIndex, ZeroAndNegativeDenominatorsAreUndefined) {
    EXPECT_TRUE(std::isnan(value_of("NDVI", {0, 0})));
    EXPECT_TRUE(std::isnan(value_of("NDVI", {.01, -.01})));
    EXPECT_TRUE(std::isnan(value_of("NDVI", {.01, -.02})));
    EXPECT_TRUE(std::isnan(value_of("S2REP", {.3, .1, .2, .2})));
}

TEST(SpectralIndex, NamesAreUniqueAndFormulasNameTheirBands) {
    std::set<std::string> names;
    for (const SpectralIndex& index : spectral_indices()) {
        EXPECT_TRUE(names.insert(index.name).second);
        for (const std::string& band : index.bands) {
            EXPECT_NE(index.formula.find(band), std::string::npos) << index.name;
        }
    }
    EXPECT_EQ(find_spectral_index("ndvi"), nullptr);
}

} // namespace
} // namespace lcclass
