#include "geo/product_files.h"
#include "geo/scene_case.h"
#include "geo/zip_case.h"

#include <gmock/gmock.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class SceneZipTest : public SceneTest {
protected:
    /// `S2A.SAFE` and `S2A.SAFE.zip` of the same content.
    void make_zipped(const ProductCase& product) {
        make_safe("S2A.SAFE", product);
        zip_folder(file("S2A.SAFE"), file("S2A.SAFE.zip"));
    }
};

TEST_F(SceneZipTest, ZipAndFolderOfferTheSame) {
    ProductCase product;
    product.start_time = "2023-02-16T10:21:01.024Z";
    product.offsets[2].second = "-900";
    make_zipped(product);
    const auto folder = list_bands(options({"S2A.SAFE"}, "auto"));
    const auto zip = list_bands(options({"S2A.SAFE.zip"}, "auto"));
    ASSERT_EQ(zip.size(), folder.size());
    for (std::size_t i = 0; i < zip.size(); ++i) {
        EXPECT_EQ(zip[i].name, folder[i].name);
        EXPECT_EQ(zip[i].grid.width, folder[i].grid.width);
        EXPECT_EQ(zip[i].radiometry, folder[i].radiometry);
        EXPECT_EQ(zip[i].date, folder[i].date);
        EXPECT_EQ(zip[i].level, "L2A");
        EXPECT_THAT(zip[i].path, HasSubstr("S2A.SAFE.zip/S2A.SAFE/GRANULE/"));
    }
    EXPECT_FLOAT_EQ(first_pixel(options({"S2A.SAFE.zip"}, "auto"), "B04"), 0.31F);
}

TEST_F(SceneZipTest, BandsOfAZipAreResampledAsOthers) {
    make_zipped({});
    for (const char* name : {"B02", "B05", "SCL"}) {
        const auto zip = open_scene(options({"S2A.SAFE.zip"}, "auto"), {"B04", name});
        const auto folder = open_scene(options({"S2A.SAFE"}, "auto"), {"B04", name});
        EXPECT_EQ(read_all(*zip).values, read_all(*folder).values) << name;
    }
}

TEST_F(SceneZipTest, AZipMayBeDatedAndHaveLooseBands) {
    write_band(file("in/B02.tif"), 2);
    write_band(file("in/B04.tif"), 4);
    zip_folder(file("in"), file("bands.zip"));
    EXPECT_THAT(names_of(options({"@2018-05-06=bands.zip"})), ElementsAre("B02@2018-05-06", "B04@2018-05-06"));
}

TEST_F(SceneZipTest, ZipsThatAreCutShortAreRefusedAtAnyLength) {
    make_zipped({});
    const std::string whole = read_file(file("S2A.SAFE.zip"));
    for (int part = 0; part < 10; ++part) {
        write_text(file("cut.zip"), whole.substr(0, whole.size() * static_cast<std::size_t>(part) / 10));
        EXPECT_THAT(list_error(options({"cut.zip"}, "auto")), AllOf(HasSubstr("cut.zip"), HasSubstr("fix:"))) << part;
        fs::remove(file("cut.zip"));
    }
}

TEST_F(SceneZipTest, DamageInsideAZipIsNamedByTheFileInIt) {
    make_zipped({});
    std::string bytes = read_file(file("S2A.SAFE.zip"));
    const std::string name = "T33UUU_20230216T102101_B04_10m.jp2";
    const std::size_t at = bytes.find(name);
    ASSERT_NE(at, std::string::npos);
    for (std::size_t i = at + name.size() + 120; i < at + name.size() + 200; ++i) {
        bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
    }
    write_text(file("damaged.zip"), bytes);
    const std::string error = error_of(
        ExitCode::input, [&] { static_cast<void>(read_all(*open_scene(options({"damaged.zip"}, "auto"), {"B04"}))); });
    EXPECT_THAT(error, HasSubstr("B04_10m.jp2"));
}

TEST_F(SceneZipTest, ZippedProductsInAFolderAreInputsOfTheirOwn) {
    const std::string name = "S2A_MSIL2A_20230216T102101_N0509_R065_T33UUU_20230217T102204";
    make_safe("in/" + name + ".SAFE", {});
    zip_folder(file("in") / (name + ".SAFE"), file("in") / (name + ".zip"));
    write_text(file("in/manuals.zip"), "");
    EXPECT_EQ(list_bands(options({"in"}, "auto")).size(), 4U); // beside what was unpacked from it
    fs::remove_all(file("in") / (name + ".SAFE"));
    write_band(file("in/T33UUU_20170216T102101_B04.jp2"), 4);
    EXPECT_THAT(list_error(options({"in"})), AllOf(HasSubstr(name + ".zip"), HasSubstr("input of its own")));
    EXPECT_THAT(names_of(options({"in/" + name + ".zip", "in/T33UUU_20170216T102101_B04.jp2"})),
                ::testing::Contains("B04@2017-02-16"));
}

TEST_F(SceneZipTest, ZipsWithoutBandsAreRefused) {
    write_text(file("in/notes.txt"), "B04");
    zip_folder(file("in"), file("notes.zip"));
    EXPECT_THAT(list_error(options({"notes.zip"})), AllOf(HasSubstr("notes.zip"), HasSubstr("holds no band files")));
    write_text(file("page.zip"), "<html>Please log in</html>");
    EXPECT_THAT(list_error(options({"page.zip"})), AllOf(HasSubstr("page.zip"), HasSubstr("no zip")));
}

TEST(ProductFiles, PathsInZipsAreShownAsPaths) {
    EXPECT_EQ(shown(inside_zip("/a/S2A.zip") / "S2A.SAFE" / "MTD_MSIL2A.xml"), "/a/S2A.zip/S2A.SAFE/MTD_MSIL2A.xml");
    EXPECT_EQ(shown("/a/b}/c.tif"), "/a/b}/c.tif");
}

} // namespace
} // namespace lcclass::test
