// Signatures and separability of classes, against hand and numpy.
#include "lcclass/assess/class_separability.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lcclass {
namespace {

SampleTable table_of(std::vector<std::vector<float>> features, std::vector<std::int32_t> codes) {
    SampleTable table;
    table.features = std::move(features);
    table.class_code = std::move(codes);
    return table;
}

TEST(ClassSignatures, AreMeanSpreadAndPercentilesPerClassAndFeature) {
    const auto signatures = class_signatures(table_of({{1, 2, 3, 10}}, {5, 5, 5, 7}), {5, 7});
    ASSERT_EQ(signatures.size(), 2U);
    EXPECT_DOUBLE_EQ(signatures[0][0].mean, 2);
    EXPECT_DOUBLE_EQ(signatures[0][0].sd, 1);
    EXPECT_DOUBLE_EQ(signatures[0][0].low, 1.2);
    EXPECT_DOUBLE_EQ(signatures[0][0].median, 2);
    EXPECT_DOUBLE_EQ(signatures[0][0].high, 2.8);
    EXPECT_DOUBLE_EQ(signatures[1][0].mean, 10);
    EXPECT_DOUBLE_EQ(signatures[1][0].sd, 0);
}

TEST(JeffriesMatusita, OfOneFeatureFollowsFromMeansAndVariances) {
    // Means 0 and 2, both variances 2: B = 2^2 / 2 / 8.
    const auto distances = jeffries_matusita(table_of({{-1, 1, 1, 3}}, {1, 1, 2, 2}), {1, 2});
    EXPECT_FALSE(distances[0][0]);
    EXPECT_NEAR(distances[0][1].value(), 2 * (1 - std::exp(-0.25)), 1e-15);
    EXPECT_EQ(distances[0][1], distances[1][0]);
}

TEST(JeffriesMatusita, OfTwoFeaturesAgreesWithNumpy) {
    const auto distances = jeffries_matusita(
        table_of({{1, 2, 3, 4, 6, 7, 9, 8, 5}, {2, 1, 5, 3, 2, 4, 3, 8, 1}}, {1, 1, 1, 1, 2, 2, 2, 2, 2}), {1, 2});
    EXPECT_NEAR(distances[0][1].value(), 1.6038700692430568, 1e-12);
}

TEST(JeffriesMatusita, DoesNotDependOnTheUnitsOfFeatures) {
    const std::vector<std::int32_t> codes = {1, 1, 1, 1, 2, 2, 2, 2, 2};
    const std::vector<float> first = {1, 2, 3, 4, 6, 7, 9, 8, 5};
    const auto plain = jeffries_matusita(table_of({first, {2, 1, 5, 3, 2, 4, 3, 8, 1}}, codes), {1, 2});
    std::vector<float> scaled;
    for (const float value : {2.F, 1.F, 5.F, 3.F, 2.F, 4.F, 3.F, 8.F, 1.F}) {
        scaled.push_back(value * 0x1p-20F);
    }
    const auto other_unit = jeffries_matusita(table_of({first, scaled}, codes), {1, 2});
    EXPECT_NEAR(plain[0][1].value(), other_unit[0][1].value(), 1e-12);
}

TEST(JeffriesMatusita, IsNotKnownWhereACovarianceHasNoInverse) {
    const std::vector<std::int32_t> codes = {1, 1, 1, 1, 2, 2, 2, 2};
    const std::vector<float> feature = {1, 2, 3, 5, 6, 7, 9, 8};
    std::vector<float> copy;
    for (const float value : feature) {
        copy.push_back(value * 3 + 1);
    }
    EXPECT_FALSE(jeffries_matusita(table_of({feature, copy}, codes), {1, 2})[0][1]) << "one follows from the other";
    EXPECT_FALSE(jeffries_matusita(table_of({{1, 1, 1, 1, 6, 7, 9, 8}}, codes), {1, 2})[0][1]) << "constant in a class";
    EXPECT_FALSE(jeffries_matusita(table_of({{1, 2, 3}, {1, 5, 2}}, {1, 1, 2}), {1, 2})[0][1]) << "too few samples";
}

} // namespace
} // namespace lcclass
