#include "lcclass/core/error.h"
#include "lcclass/forest/random_forest.h"

#include <gtest/gtest.h>

namespace lcclass {
namespace {

void expect_rejected(const RandomForestOptions& options, const std::string& field) {
    try {
        check_options(options, 6);
        FAIL() << field << " was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::configuration);
        EXPECT_EQ(error.fault().field, field);
        EXPECT_FALSE(error.fault().fix.empty());
    }
}

TEST(ForestOptions, DefaultsAreValid) {
    EXPECT_NO_THROW(check_options({}, 6));
    EXPECT_NO_THROW(check_options({}, 0));
}

TEST(ForestOptions, ValuesOutsideTheirRangeAreNamed) { // FAULTS.md D04
    expect_rejected({.n_estimators = 0}, "n_estimators=0");
    expect_rejected({.n_estimators = 1'000'000'000}, "n_estimators=1000000000");
    expect_rejected({.max_depth = -1}, "max_depth=-1");
    expect_rejected({.min_samples_split = 1}, "min_samples_split=1");
    expect_rejected({.min_samples_leaf = 0}, "min_samples_leaf=0");
    expect_rejected({.max_samples = -0.5}, "max_samples=-0.5");
    expect_rejected({.max_samples = 2.5}, "max_samples=2.5");
    expect_rejected({.max_samples = 0.5, .bootstrap = false}, "max_samples=0.5");
    expect_rejected({.max_bins = 1}, "max_bins=1");
    expect_rejected({.max_bins = 65536}, "max_bins=65536");
}

TEST(ForestOptions, MaxFeaturesOutsideItsRangeIsNamed) { // FAULTS.md D04
    for (const char* text : {"0", "7", "-1", "0.0", "1.5", "nan", "some", "", "2x", ".", "1e-1"}) {
        expect_rejected({.max_features = {text}}, std::string("max_features=") + text);
    }
}

TEST(ForestOptions, MaxFeaturesRoundsAsScikitLearn) {
    // scikit-learn 1.2: max(1, int(sqrt(p))), max(1, int(log2(p))), max(1, int(fraction * p)).
    EXPECT_EQ(MaxFeatures{"sqrt"}.resolve(6), 2);
    EXPECT_EQ(MaxFeatures{"sqrt"}.resolve(20), 4);
    EXPECT_EQ(MaxFeatures{"sqrt"}.resolve(1), 1);
    EXPECT_EQ(MaxFeatures{"log2"}.resolve(6), 2);
    EXPECT_EQ(MaxFeatures{"log2"}.resolve(1), 1);
    EXPECT_EQ(MaxFeatures{"0.5"}.resolve(5), 2);
    EXPECT_EQ(MaxFeatures{"0.1"}.resolve(5), 1);
    EXPECT_EQ(MaxFeatures{"1.0"}.resolve(5), 5);
    EXPECT_EQ(MaxFeatures{"all"}.resolve(5), 5);
    EXPECT_EQ(MaxFeatures{"3"}.resolve(5), 3);
}

TEST(ForestOptions, WordsGoBothWays) {
    for (const auto criterion : {SplitCriterion::gini, SplitCriterion::entropy}) {
        EXPECT_EQ(parse_split_criterion(to_string(criterion)), criterion);
    }
    for (const auto weight : {ClassWeight::none, ClassWeight::balanced, ClassWeight::balanced_subsample}) {
        EXPECT_EQ(parse_class_weight(to_string(weight)), weight);
    }
    try {
        (void)parse_split_criterion("ginni");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::command_line);
        EXPECT_STREQ(error.what(),
                     "criterion=ginni: unknown word (did you mean 'gini'?); fix: use one of gini, entropy");
    }
    EXPECT_THROW((void)parse_class_weight("Balanced"), Error);
}

} // namespace
} // namespace lcclass
