#include "features/feature_expression.h"

#include "features/feature_case.h"

namespace lcclass {
namespace {

using test::expect_error;
using test::feature_of;

std::string text_of(const char* text) {
    return parse_feature(text).text();
}

TEST(FeatureExpression, EqualExpressionsHaveOneText) {
    EXPECT_EQ(text_of(" ( B11 - B12 ) / (B11+B12)"), "(B11-B12)/(B11+B12)");
    EXPECT_EQ(text_of("FOCAL_MEAN( B08 , 7.0 )"), "FOCAL_MEAN(B08,7)");
    EXPECT_EQ(text_of("FOCAL_SD((B08-B04)/(B08+B04),3)@2018-05-06"), "FOCAL_SD((B08-B04)/(B08+B04),3)@2018-05-06");
}

TEST(FeatureExpression, DatesAndMinusSignsAreTold) {
    const FeatureExpression difference = parse_feature("NDVI@2018-05-06-NDVI@2018-08-01");
    ASSERT_EQ(difference.parts.size(), 2U);
    EXPECT_EQ(difference.parts[0].when, "2018-05-06");
    EXPECT_EQ(difference.parts[1].when, "2018-08-01");
    EXPECT_EQ(parse_feature("NDVI@median:2018-05-B04").parts[0].when, "median:2018-05");
    EXPECT_EQ(parse_feature("NDVI@p2.5:JJA").when, "p2.5:JJA");
    EXPECT_EQ(parse_feature("B04@mean:2018-04-01..2018-06-30").when, "mean:2018-04-01..2018-06-30");
}

TEST(FeatureExpression, ListsAreCutOutsideParentheses) {
    EXPECT_EQ(split_features("B04, FOCAL_MEAN(B08,7),NDVI"),
              (std::vector<std::string>{"B04", "FOCAL_MEAN(B08,7)", "NDVI"}));
}

TEST(FeatureExpression, WhatCannotBeUnderstoodIsNamed) {
    const auto refuses = [](const char* text, const std::string& problem) {
        expect_error([&] { parse_feature(text); }, ExitCode::configuration, problem);
    };
    refuses("", "is empty");
    refuses("1+2", "names no band");
    refuses("(B08-B04", "not closed");
    refuses("B08-", "ends too early");
    refuses("B08 B04", "no operator before 'B04'");
    refuses("B08 4", "no operator before '4'");
    refuses("B08,B04", "comma");
    refuses("FOKAL_MEAN(B08,7)", "did you mean 'FOCAL_MEAN'?");
    refuses("FOCAL_MEAN(B08,x)", "'x', which is not a number");
    refuses("FOCAL_MEAN()", "is given nothing");
    refuses("B08@", "neither a date nor a statistic");
    refuses("sqrt(B08,B04)", "too many arguments");
    refuses("B08 $ B04", "where none belongs");
}

TEST(FeatureExpression, DeepAndLongTextsAreRefused) {
    std::string deep = "B08";
    for (int i = 0; i < 100; ++i) {
        deep = "FOCAL_MEAN(" + deep + ",3)";
    }
    expect_error([&] { parse_feature(deep); }, ExitCode::configuration, "within more than");
    expect_error([] { parse_feature(std::string(5000, 'B')); }, ExitCode::configuration, "longer than");
}

TEST(Arithmetic, FollowsTheRulesOfPrecedence) {
    const test::NamedBands bands = {{"a", {2}}, {"b", {3}}};
    EXPECT_EQ(feature_of("a+b*a^2", bands).at(0), 14);
    EXPECT_EQ(feature_of("-a^2", bands).at(0), -4);
    EXPECT_EQ(feature_of("2^b^a", bands).at(0), 512) << "powers bind from the right";
    EXPECT_EQ(feature_of("b-a-a", bands).at(0), -1);
    EXPECT_EQ(feature_of("1e1*a/4", bands).at(0), 5);
    EXPECT_EQ(feature_of("if(a<b&&b>=3,max(a,b),min(a,b))", bands).at(0), 3);
    EXPECT_EQ(feature_of("sqrt(abs(a-6))+a!=b", bands).at(0), 1);
}

TEST(Arithmetic, FunctionsAgreeWithTheCLibrary) {
    const test::NamedBands bands = {{"a", {.37F}}};
    EXPECT_FLOAT_EQ(feature_of("ln(a)", bands).at(0), std::log(.37F));
    EXPECT_FLOAT_EQ(feature_of("log10(a)", bands).at(0), std::log10(.37F));
    EXPECT_FLOAT_EQ(feature_of("exp(a)", bands).at(0), std::exp(.37F));
    EXPECT_FLOAT_EQ(feature_of("a^2.5", bands).at(0), std::pow(.37F, 2.5F));
}

TEST(Arithmetic, WhatIsUndefinedIsNodata) {
    const test::NamedBands bands = {{"a", {-1, 0, 3e38F}}, {"one", {1, 1, 1}}};
    EXPECT_TRUE(std::isnan(feature_of("one/a", bands).at(0))) << "a negative denominator";
    EXPECT_TRUE(std::isnan(feature_of("one/a", bands).at(1)));
    EXPECT_TRUE(std::isnan(feature_of("sqrt(a)", bands).at(0)));
    EXPECT_TRUE(std::isnan(feature_of("ln(a)", bands).at(1)));
    EXPECT_TRUE(std::isnan(feature_of("a*a", bands).at(2))) << "no float is as large";
    EXPECT_TRUE(std::isnan(feature_of("a+one", {{"a", {test::no_value}}, {"one", {1}}}).at(0)));
}

TEST(Arithmetic, WhatRestsOnSomethingUndefinedIsNodata) {
    const test::NamedBands bands = {{"a", {1}}, {"zero", {0}}};
    for (const char* formula : {"if(a/zero>2,1,5)", "max(a,a/zero)", "max(a/zero,a)", "(a/zero)^0", "a/zero!=1",
                                "if(a/zero,7,9)", "a/zero>1||a>0"}) {
        EXPECT_TRUE(std::isnan(feature_of(formula, bands).at(0))) << formula;
    }
    EXPECT_EQ(feature_of("if(zero>0,a/zero,3)", bands).at(0), 3) << "what is not chosen may be undefined";
}

} // namespace
} // namespace lcclass
