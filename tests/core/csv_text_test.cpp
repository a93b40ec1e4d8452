#include "lcclass/core/csv_text.h"

#include <gtest/gtest.h>

namespace lcclass {
namespace {

TEST(CsvCell, IsQuotedOnlyWhereAReaderWouldTakeItApart) {
    for (const std::string plain :
         {"", "B08", "NDVI@2018-05-06", "two words", "caf\u00e9", "B08-B04", "=A1+1", "+a", "-a", "@a"}) {
        EXPECT_EQ(csv_cell(plain), plain);
    }
    EXPECT_EQ(csv_cell("FOCAL_MEAN(B08,3)"), "\"FOCAL_MEAN(B08,3)\"");
    EXPECT_EQ(csv_cell("a;b"), "\"a;b\"");
    EXPECT_EQ(csv_cell("a\tb"), "\"a\tb\"");
    EXPECT_EQ(csv_cell("a\nb"), "\"a\nb\"");
    EXPECT_EQ(csv_cell(" a"), "\" a\"");
    EXPECT_EQ(csv_cell("a "), "\"a \"");
    EXPECT_EQ(csv_cell("say \"a\""), "\"say \"\"a\"\"\"");
}

} // namespace
} // namespace lcclass
