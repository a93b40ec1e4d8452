#include "geo/raster_case.h"
#include "geo/sentinel2_case.h"
#include "geo/sentinel2_names.h"
#include "geo/sentinel2_product.h"

#include <gmock/gmock.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Sentinel2Names, BandStemAndResolutionAreRead) {
    const auto l1c = parse_esa_name("x/T33UUU_20170216T102101_B8A.jp2");
    ASSERT_TRUE(l1c);
    EXPECT_EQ(l1c->band, "B8A");
    EXPECT_EQ(l1c->stem, "T33UUU_20170216T102101");
    EXPECT_EQ(l1c->resolution, 0);
    const auto l2a = parse_esa_name("T33UUU_20230216T102101_B02_20m.jp2");
    ASSERT_TRUE(l2a);
    EXPECT_EQ(l2a->band, "B02");
    EXPECT_EQ(l2a->resolution, 20);
    EXPECT_EQ(parse_esa_name("B12.tif")->band, "B12");
}

TEST(Sentinel2Names, OtherFilesAreNotBands) {
    for (const char* name :
         {"MSK_CLASSI_B01.jp2", "T33UUU_20170216T102101_TCI.jp2", "T33UUU_SCL_20m.jp2", "LC08_L2SP_192023_B10.TIF",
          "T33UUU_B13.jp2", "T33UUU_B04.xml", "T33UUU_B04.jp2.aux.xml", "T33UUU_B4.jp2", "SUB04.tif"}) {
        EXPECT_FALSE(parse_esa_name(name)) << name;
    }
}

class Sentinel2ProductTest : public RasterTest {
protected:
    Sentinel2Product read(const ProductCase& product) {
        write_text(file(product.file_name()), product.xml());
        return read_product(file(product.file_name()));
    }
    std::string error(const ProductCase& product) {
        return error_of(ExitCode::input, [&] { static_cast<void>(read(product)); });
    }
};

TEST_F(Sentinel2ProductTest, OffsetsGoToBandsByTheProductsOwnMapping) {
    ProductCase product;
    product.bands = {{"7", "B4"}, {"2", "B8A"}}; // not ESA's usual numbers
    product.offsets = {{"2", "-900"}, {"7", "-1000"}};
    const Sentinel2Product read_back = read(product);
    EXPECT_EQ(read_back.baseline, "05.11");
    EXPECT_EQ(read_back.level, "L2A");
    EXPECT_EQ(read_back.radiometry_of("B04"), (Radiometry{1 / 10000.0, -1000 / 10000.0, "product"}));
    EXPECT_EQ(read_back.radiometry_of("B8A"), (Radiometry{1 / 10000.0, -900 / 10000.0, "product"}));
}

TEST_F(Sentinel2ProductTest, LevelOneUsesItsOwnElements) {
    ProductCase product;
    product.level = "L1C";
    EXPECT_EQ(read(product).radiometry_of("B04"), (Radiometry{1 / 10000.0, -1000 / 10000.0, "product"}));
}

TEST_F(Sentinel2ProductTest, BaselineBeforeFourWithoutOffsetsHasNone) {
    ProductCase product;
    product.baseline = "03.01";
    product.offsets.clear();
    EXPECT_EQ(read(product).radiometry_of("B04"), (Radiometry{1 / 10000.0, 0, "product"}));
}

TEST_F(Sentinel2ProductTest, BaselineFourAndLaterWithoutOffsetsIsRefused) {
    for (const char* baseline : {"04.00", "05.11", "10.00"}) {
        ProductCase product;
        product.baseline = baseline;
        product.offsets.clear();
        EXPECT_THAT(error(product), AllOf(HasSubstr("BOA_ADD_OFFSET"), HasSubstr(baseline), HasSubstr("fix:")));
    }
}

TEST_F(Sentinel2ProductTest, BandWithoutOffsetInTheListIsRefused) {
    ProductCase product;
    product.offsets = {{"3", "-1000"}};
    const Sentinel2Product read_back = read(product);
    EXPECT_NO_THROW(static_cast<void>(read_back.radiometry_of("B04")));
    EXPECT_THAT(error_of(ExitCode::input, [&] { static_cast<void>(read_back.radiometry_of("B08")); }),
                AllOf(HasSubstr("B08"), HasSubstr("BOA_ADD_OFFSET")));
}

TEST_F(Sentinel2ProductTest, QuantificationMustBeAPositiveNumber) {
    for (const char* text : {"0", "-10000", "nan", "ten thousand", "", "1e999"}) {
        ProductCase product;
        product.quantification = text;
        EXPECT_THAT(error(product), HasSubstr("/Level-2A_User_Product/General_Info/Product_Image_Characteristics/"
                                              "QUANTIFICATION_VALUES_LIST/BOA_QUANTIFICATION_VALUE"));
    }
}

TEST_F(Sentinel2ProductTest, OffsetsMustBeNumbersOfKnownBandsGivenOnce) {
    ProductCase product;
    product.offsets = {{"3", "minus"}};
    EXPECT_THAT(error(product), HasSubstr("BOA_ADD_OFFSET[@band_id='3']=minus: is not a number"));
    product.offsets = {{"99", "-1000"}};
    EXPECT_THAT(error(product), HasSubstr("BOA_ADD_OFFSET[@band_id='99']"));
    product.offsets = {{"3", "-1000"}, {"3", "-1000"}};
    EXPECT_THAT(error(product), HasSubstr("occurs twice"));
}

TEST_F(Sentinel2ProductTest, BrokenXmlIsRefused) {
    const std::string whole = ProductCase().xml();
    for (std::size_t part = 0; part < 20; ++part) {
        write_text(file("MTD_MSIL2A.xml"), whole.substr(0, whole.size() * part / 20));
        EXPECT_THAT(error_of(ExitCode::input, [&] { static_cast<void>(read_product(file("MTD_MSIL2A.xml"))); }),
                    HasSubstr("MTD_MSIL2A.xml"));
    }
    write_text(file("MTD_MSIL2A.xml"), "<a><b></b></a>");
    EXPECT_THAT(error_of(ExitCode::input, [&] { static_cast<void>(read_product(file("MTD_MSIL2A.xml"))); }),
                HasSubstr("/Level-2A_User_Product: is missing"));
}

TEST_F(Sentinel2ProductTest, MalformedBaselineIsRefused) {
    for (const char* baseline : {"", "5", "five.eleven"}) {
        ProductCase product;
        product.baseline = baseline;
        EXPECT_THAT(error(product), HasSubstr("PROCESSING_BASELINE"));
    }
}

TEST_F(Sentinel2ProductTest, SpecialValuesAreTheProductsOwn) {
    ProductCase product;
    product.saturated = "65000";
    const Sentinel2Product read_back = read(product);
    EXPECT_EQ(read_back.nodata_dn, 0);
    EXPECT_EQ(read_back.saturated_dn, 65000);
}

} // namespace
} // namespace lcclass::test
