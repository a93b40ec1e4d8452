#include "geo/scene_case.h"

#include <gmock/gmock.h>

namespace lcclass::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// A VRT of 4 x 4 pixels with `content` in its band.
std::string vrt(const std::string& content, const std::string& band_attributes = "") {
    return "<VRTDataset rasterXSize=\"4\" rasterYSize=\"4\"><SRS>EPSG:32633</SRS>"
           "<GeoTransform>600000,10,0,5100000,0,-10</GeoTransform>"
           "<VRTRasterBand dataType=\"UInt16\" band=\"1\"" +
           band_attributes + "><Description>red</Description>" + content + "</VRTRasterBand></VRTDataset>";
}

std::string source(const std::string& file, const std::string& relative = "1") {
    return "<SimpleSource><SourceFilename relativeToVRT=\"" + relative + "\">" + file +
           "</SourceFilename><SourceBand>1</SourceBand></SimpleSource>";
}

class VirtualRasterTest : public SceneTest {
protected:
    VirtualRasterTest() {
        write_band(file("in/red.tif"), 7);
        write_band(file("outside.tif"), 8);
    }
    SceneOptions scene_of(const std::string& xml, bool allowed = true) {
        write_text(file("in/a.vrt"), xml);
        SceneOptions scene = options({"in/a.vrt"}, "auto");
        scene.allow_vrt = allowed;
        return scene;
    }
    std::string error_with(const std::string& xml) { return list_error(scene_of(xml)); }
};

TEST_F(VirtualRasterTest, NeedPermission) {
    EXPECT_THAT(list_error(scene_of(vrt(source("red.tif")), false)),
                AllOf(HasSubstr("a.vrt"), HasSubstr("--allow-vrt")));
    EXPECT_EQ(first_pixel(scene_of(vrt(source("red.tif"))), "red"), 7);
    fs::rename(file("in/a.vrt"), file("in/b.tif")); // what it is counts, not what it is called
    EXPECT_THAT(list_error(options({"in/b.tif"}, "auto")), HasSubstr("--allow-vrt"));
}

TEST_F(VirtualRasterTest, AreResampledAsOthers) {
    write_raster(file("in/coarse.tif"), {.width = 2, .height = 2, .pixel = 20, .bands = {{0, 100, 0, 100}}});
    std::string xml = vrt(source("coarse.tif"));
    xml.replace(xml.find("rasterXSize=\"4\" rasterYSize=\"4\""), 31, "rasterXSize=\"2\" rasterYSize=\"2\"");
    xml.replace(xml.find("600000,10,0,5100000,0,-10"), 25, "600000,20,0,5100000,0,-20");
    SceneOptions scene = scene_of(xml);
    scene.inputs.push_back("B02=" + file("in/red.tif").string());
    scene.radiometry = "none";
    EXPECT_EQ(read_all(*open_scene(scene, {"B02", "red"})).band(1)[1], 25);
}

TEST_F(VirtualRasterTest, SourcesAreNotNamedAsVirtualRastersWithoutAFile) {
    write_band(file("in/plain.tif"), 7);
    fs::rename(file("in/plain.tif"), file("in/<VRTDataset>.tif"));
    EXPECT_THAT(error_with(vrt(source("&lt;VRTDataset&gt;.tif"))), AllOf(HasSubstr("a.vrt"), HasSubstr("'<'")));
}

TEST_F(VirtualRasterTest, SourcesLieInTheirFolder) {
    const std::string inside = (file("in") / "red.tif").string();
    for (const std::string& name : {inside, file("outside.tif").string(), std::string("../outside.tif"),
                                    std::string("/vsicurl/http://example.com/a.tif"), std::string("http://x.org/a.tif"),
                                    std::string("absent.tif"), std::string("GTIFF_DIR:1:red.tif"), std::string("")}) {
        EXPECT_THAT(error_with(vrt(source(name))), AllOf(HasSubstr("a.vrt"), HasSubstr("SourceFilename=" + name)));
    }
    EXPECT_THAT(error_with(vrt(source(inside, "0"))), HasSubstr("not named relative"));
    fs::create_symlink(file("outside.tif"), file("in/link.tif"));
    EXPECT_THAT(error_with(vrt(source("link.tif"))), HasSubstr("outside of the virtual raster's folder"));
    write_text(file("in/page.tif"), "<html/>");
    EXPECT_THAT(error_with(vrt(source("page.tif"))), HasSubstr("no GeoTIFF"));
}

TEST_F(VirtualRasterTest, SpellingIsNoWayAround) {
    const std::string path = file("outside.tif").string();
    EXPECT_THAT(error_with(vrt("<simplesource><SOURCEFILENAME relativetovrt=\"0\">" + path +
                               "</SOURCEFILENAME><SourceBand>1</SourceBand></simplesource>")),
                HasSubstr("not named relative"));
    EXPECT_THAT(error_with(vrt("<SimpleSource SourceFilename=\"" + path +
                               "\"><SourceBand>1</SourceBand>"
                               "</SimpleSource>")),
                HasSubstr("not named relative"));
}

TEST_F(VirtualRasterTest, NestedOnesFollowTheSameRules) {
    write_text(file("in/sub/inner.vrt"), vrt(source("../red.tif")));
    EXPECT_EQ(first_pixel(scene_of(vrt(source("sub/inner.vrt"))), "red"), 7);
    write_text(file("in/sub/inner.vrt"), vrt(source("../../outside.tif")));
    EXPECT_THAT(error_with(vrt(source("sub/inner.vrt"))), AllOf(HasSubstr("inner.vrt"), HasSubstr("outside of")));
    EXPECT_THAT(error_with(vrt(source("a.vrt"))), HasSubstr("nested more than"));
}

TEST_F(VirtualRasterTest, CodeAndOtherKindsAreRefused) {
    const std::string python = "<PixelFunctionType>f</PixelFunctionType><PixelFunctionLanguage>Python"
                               "</PixelFunctionLanguage><PixelFunctionCode>def f(): pass</PixelFunctionCode>";
    EXPECT_THAT(error_with(vrt(python + source("red.tif"), " subClass=\"VRTDerivedRasterBand\"")),
                HasSubstr("PixelFunctionLanguage"));
    EXPECT_THAT(error_with(vrt("<SourceFilename relativeToVRT=\"1\">red.tif</SourceFilename>",
                               " subClass=\"VRTRawRasterBand\"")),
                HasSubstr("VRTRawRasterBand"));
    std::string warped = vrt(source("red.tif"));
    warped.insert(warped.find(" rasterXSize"), " subClass=\"VRTWarpedDataset\"");
    EXPECT_THAT(error_with(warped), HasSubstr("VRTWarpedDataset"));
    EXPECT_THAT(error_with("<VRTDataset rasterXSize=\"4\""), HasSubstr("well-formed"));
}

} // namespace
} // namespace lcclass::test
