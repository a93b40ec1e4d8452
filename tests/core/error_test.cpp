#include "lcclass/core/error.h"

#include <gtest/gtest.h>

namespace lcclass {
namespace {

TEST(Error, LineHoldsWhereFieldProblemAndFixInThatOrder) {
    const Error error(ExitCode::input,
                      {.where = "a.tif:band 2", .field = "nodata=7", .problem = "is bad", .fix = "mend it"});
    EXPECT_STREQ(error.what(), "a.tif:band 2: nodata=7: is bad; fix: mend it");
    EXPECT_EQ(static_cast<int>(error.code()), 4);
}

TEST(Error, EmptyPartsAreLeftOut) {
    EXPECT_STREQ(Error(ExitCode::internal, {.where = {}, .field = {}, .problem = "broke", .fix = {}}).what(), "broke");
}

TEST(Error, ControlCharactersOfNamesAreEscaped) {
    const Error error(ExitCode::input, {.where = "a\n\x1b[31m.tif", .field = {}, .problem = "p", .fix = {}});
    EXPECT_STREQ(error.what(), "a\\n\\x1b[31m.tif: p");
}

TEST(Error, ALongPathLosesItsBeginningAndNoCharacterIsCut) {
    std::string umlauts;
    for (int i = 0; i < 400; ++i) {
        umlauts += "\xc3\xa4";
    }
    const std::string line =
        Error(ExitCode::input, {.where = umlauts + ".tif", .field = "f=1", .problem = "p", .fix = "shorten"}).what();
    EXPECT_LE(line.size(), 300U);
    EXPECT_TRUE(line.starts_with("...\xc3\xa4")) << line;
    EXPECT_TRUE(line.ends_with(".tif: f=1: p; fix: shorten")) << line;
}

TEST(Error, EveryPartOfAnOverlongLineIsStillThere) {
    const std::string many(500, 'x');
    const std::string line =
        Error(ExitCode::input, {.where = many, .field = many, .problem = many, .fix = many}).what();
    EXPECT_LE(line.size(), 300U);
    EXPECT_NE(line.find("; fix: x"), std::string::npos);
}

} // namespace
} // namespace lcclass
