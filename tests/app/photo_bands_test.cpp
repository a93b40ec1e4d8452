#include "photo_bands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lcclass {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(PhotoBands, AreTrueAndFalseColourWhereTheStackHasThem) {
    const auto photos = photo_bands({"NDVI", "B02", "B03", "B04", "B08"});
    ASSERT_THAT(photos, SizeIs(2));
    EXPECT_EQ(photos[0].title, "True colour");
    EXPECT_THAT(photos[0].bands, ElementsAre(3, 2, 1));
    EXPECT_EQ(photos[1].title, "False colour");
    EXPECT_THAT(photos[1].bands, ElementsAre(4, 3, 2));
    EXPECT_THAT(photo_bands({"B03", "B04", "B8A"}), SizeIs(1));
}

TEST(PhotoBands, AreOfOneImageACompositeBeforeASingleDate) {
    const std::vector<std::string> names = {"B02@2018-05-06", "B03@2018-05-06", "B04@2018-05-06", "B02@median",
                                            "B03@median",     "B04@median",     "B04@count"};
    EXPECT_THAT(photo_bands(names)[0].bands, ElementsAre(5, 4, 3));
    EXPECT_THAT(
        photo_bands({"B04@2018-05-06", "B03@2018-05-06", "B02@2018-06-15", "B03@2018-06-15", "B04@2018-06-15"})[0]
            .bands,
        ElementsAre(4, 3, 2))
        << "the first date lacks B02";
}

TEST(PhotoBands, TakeWhatIsThereElse) {
    const auto three = photo_bands({"b3", "b4", "b5", "b7"});
    ASSERT_THAT(three, SizeIs(1));
    EXPECT_EQ(three[0].title, "Three bands");
    EXPECT_THAT(three[0].bands, ElementsAre(2, 1, 0));
    EXPECT_THAT(photo_bands({"NDVI", "NDWI"})[0].bands, ElementsAre(0, 0, 0));
    EXPECT_THAT(photo_bands({}), IsEmpty());
}

} // namespace
} // namespace lcclass
