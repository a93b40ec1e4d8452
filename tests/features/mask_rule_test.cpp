#include "features/mask_rule.h"

#include "lcclass/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace lcclass {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

MaskRule rule_of(const std::string& text) {
    return parse_mask_rule(text, "--mask");
}

/// Which of `values` the rule masks.
std::vector<std::uint8_t> masked_by(const std::string& text, const std::vector<float>& values) {
    std::vector<std::uint8_t> masked(values.size());
    const MaskRule rule = rule_of(text);
    apply(rule, {.name = rule.band + "@2018-05-06", .values = values}, masked);
    return masked;
}

std::string message_of(const std::string& text, const std::vector<float>& values = {}) {
    try {
        masked_by(text, values);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), values.empty() ? ExitCode::command_line : ExitCode::input);
        return error.what();
    }
    return "no error";
}

using Masked = std::vector<std::uint8_t>;

TEST(MaskRule, SceneClassesGoByNameOrNumber) {
    const std::vector<float> classes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, nan};
    const Masked clouds = {0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0, 1};
    EXPECT_EQ(masked_by("SCL=cloud-shadow,cloud-medium,cloud-high,cirrus", classes), clouds);
    EXPECT_EQ(masked_by("SCL=3,8,9,10", classes), clouds);
    EXPECT_EQ(masked_by("SCL=8..10, cloud-shadow", classes), clouds);
    EXPECT_EQ(masked_by("SCL=!vegetation,not-vegetated,water", classes),
              (Masked{1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1}));
}

TEST(MaskRule, FmaskClassesGoByNameOrNumber) {
    const std::vector<float> classes = {0, 1, 2, 3, 4, 255};
    EXPECT_EQ(masked_by("FMASK=shadow,snow,cloud,fill", classes), (Masked{0, 0, 1, 1, 1, 1}));
    EXPECT_EQ(masked_by("FMASK=2,4,255", classes), (Masked{0, 0, 1, 0, 1, 1}));
}

TEST(MaskRule, LandsatQualityIsReadBitByBit) {
    // Values of Collection 2: 1 fill, 21824 clear, 21952 clear water, 22280 cloud, 23888 cloud shadow, 54596 cirrus,
    // 30048 snow. Its bit "clear" says: neither cloud nor dilated cloud.
    const std::vector<float> values = {1, 21824, 21952, 22280, 23888, 54596, 30048};
    EXPECT_EQ(masked_by("QA_PIXEL=fill,cloud,cloud-shadow,cirrus,dilated-cloud,snow", values),
              (Masked{1, 0, 0, 1, 1, 1, 1}));
    EXPECT_EQ(masked_by("QA_PIXEL=water", values), (Masked{0, 0, 1, 0, 0, 0, 0}));
    EXPECT_EQ(masked_by("QA_PIXEL=bit:7", values), (Masked{0, 0, 1, 0, 0, 0, 0}));
    EXPECT_EQ(masked_by("QA_PIXEL=!clear", values), (Masked{1, 0, 0, 1, 0, 0, 0}));
}

TEST(MaskRule, OtherBandsTakeNumbersRangesAndBits) {
    EXPECT_EQ(masked_by("CLM=1", {0, 1, 2, nan}), (Masked{0, 1, 0, 1}));
    EXPECT_EQ(masked_by("CLDPRB=40..100", {0, 39.9F, 40, 70, 100, 101}), (Masked{0, 0, 1, 1, 1, 0}));
    EXPECT_EQ(masked_by("DEPTH=-5..-0.1,3", {-6, -5, -.1F, 0, 3}), (Masked{0, 1, 1, 0, 1}));
    EXPECT_EQ(masked_by("QA60=bit:10,bit:11", {0, 1024, 2048, 3072, 512}), (Masked{0, 1, 1, 1, 0}));
}

TEST(MaskRule, RulesAddUp) {
    const std::vector<float> values = {0, 1, 2};
    Masked masked = {0, 0, 1};
    apply(rule_of("CLM=1"), {.name = "CLM", .values = values}, masked);
    EXPECT_EQ(masked, (Masked{0, 1, 1}));
}

TEST(MaskRule, TextIsCanonicalAndReadsBack) {
    const std::vector<std::pair<std::string, std::string>> texts = {
        {" SCL = 10, cloud-high,3,3", "SCL=cloud-shadow,cloud-high,cirrus"},
        {"SCL=!4..6", "SCL=!vegetation,not-vegetated,water"},
        {"FMASK=255,cloud,2", "FMASK=shadow,cloud,fill"},
        {"QA_PIXEL=bit:3,fill,bit:9", "QA_PIXEL=fill,cloud,bit:9"},
        {"CLDPRB=40..100,7.50", "CLDPRB=7.5,40..100"},
        {"QA60=bit:11,bit:10", "QA60=bit:10,bit:11"},
        {"DEPTH=!-5..-1", "DEPTH=!-5..-1"}};
    for (const auto& [text, canonical] : texts) {
        EXPECT_EQ(to_string(rule_of(text)), canonical);
        EXPECT_EQ(rule_of(canonical), rule_of(text));
    }
}

TEST(MaskRule, WhatCannotBeUnderstoodIsNamed) {
    using testing::HasSubstr;
    EXPECT_THAT(message_of("SCL"), HasSubstr("--mask=SCL: does not say which values"));
    EXPECT_THAT(message_of("=3"), HasSubstr("does not say"));
    EXPECT_THAT(message_of("SCL=!"), HasSubstr("does not say"));
    EXPECT_THAT(message_of("SCL=cloud_high"),
                HasSubstr("SCL=cloud_high: is no value of a mask (did you mean 'cloud-high'?)"));
    EXPECT_THAT(message_of("SCL=cloud-high,,cirrus"), HasSubstr("is no value"));
    EXPECT_THAT(message_of("SCL=12"), HasSubstr("SCL=12: is no class of this band"));
    EXPECT_THAT(message_of("SCL=1.5"), HasSubstr("is no class of this band"));
    EXPECT_THAT(message_of("SCL=bit:3"), HasSubstr("is a bit, but the numbers of this band are classes"));
    EXPECT_THAT(message_of("QA_PIXEL=21824"), HasSubstr("fix: use fill dilated-cloud"));
    EXPECT_THAT(message_of("QA60=bit:24"), HasSubstr("is no bit from 0 to 23"));
    EXPECT_THAT(message_of("CLDPRB=100..40"), HasSubstr("CLDPRB=100..40: is no value"));
    EXPECT_THAT(message_of("CLDPRB=40..inf"), HasSubstr("is no value"));
    EXPECT_THAT(message_of("CLM=cloud"), HasSubstr("fix: use numbers, ranges as 40..100, or bit:3"));
}

TEST(MaskRule, ValuesThatAreNoClassAreRefusedWithBandAndValue) {
    using testing::HasSubstr;
    EXPECT_THAT(message_of("SCL=cirrus", {4, 12}), HasSubstr("SCL@2018-05-06=12: is no class of SCL"));
    EXPECT_THAT(message_of("SCL=cirrus", {4, 5.5F}), HasSubstr("SCL@2018-05-06=5.5: is no class of SCL"));
    EXPECT_THAT(message_of("SCL=cirrus", {-1}), HasSubstr("=-1: is no class"));
    EXPECT_THAT(message_of("FMASK=cloud", {64}), HasSubstr("=64: is no class of FMASK"));
    EXPECT_THAT(message_of("QA_PIXEL=cloud", {.5F}), HasSubstr("=0.5: is no number made of bits"));
    EXPECT_THAT(message_of("QA60=bit:10", {-1}), HasSubstr("is no number made of bits"));
    EXPECT_THAT(message_of("QA60=bit:10", {3e7F}), HasSubstr("is no number made of bits"));
}

} // namespace
} // namespace lcclass
