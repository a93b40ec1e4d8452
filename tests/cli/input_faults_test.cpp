#include "cli/tiny_scene.h"

#include "lcclass/core/atomic_output.h"

#include <sys/stat.h>

// Rows A of the catalogue of faults that end in a refusal of `lcclass stack`.

namespace lcclass {
namespace {

namespace fs = std::filesystem;

using test::Arguments;
using test::CliFault;
using test::RasterCase;
using test::tiny_band;
using test::write_raster;

/// `B02=b02.tif B03=b03.tif` of two rasters.
Arguments stack_of(const fs::path& folder, const RasterCase& first, const RasterCase& second,
                   const std::string& extension = "tif") {
    write_raster(folder / ("one." + extension), first);
    write_raster(folder / ("two." + extension), second);
    return {"stack", "--radiometry", test::tiny_radiometry, "-i", "B02=one." + extension, "B03=two." + extension};
}

/// Two bands, the second changed.
std::function<Arguments(const fs::path&)> with_second(const std::function<void(RasterCase&)>& change) {
    return [change](const fs::path& folder) {
        RasterCase second = tiny_band(1);
        change(second);
        return stack_of(folder, tiny_band(0), second);
    };
}

/// Two bands, both changed.
std::function<Arguments(const fs::path&)> with_both(const std::function<void(RasterCase&)>& change) {
    return [change](const fs::path& folder) {
        RasterCase both = tiny_band(0);
        change(both);
        return stack_of(folder, both, both);
    };
}

/// Two bands, the second file cut to a part of its bytes.
std::function<Arguments(const fs::path&)> cut_to(double part, const std::string& extension) {
    return [part, extension](const fs::path& folder) {
        Arguments arguments = stack_of(folder, tiny_band(0), tiny_band(1), extension);
        const fs::path file = folder / ("two." + extension);
        fs::resize_file(file, static_cast<std::uintmax_t>(part * static_cast<double>(fs::file_size(file))));
        return arguments;
    };
}

/// `B02` from what `make` leaves at `name`.
std::function<Arguments(const fs::path&)> from_file(const std::string& name,
                                                    const std::function<void(const fs::path&)>& make) {
    return [name, make](const fs::path& folder) {
        make(folder / name);
        return Arguments{"stack", "--radiometry", "none", "-i", "B02=" + name};
    };
}

Arguments esa_folder(const fs::path& folder, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        write_raster(folder / name, tiny_band(0));
    }
    return {"stack", "--radiometry", test::tiny_radiometry, "-i", "."};
}

std::vector<CliFault> missing_and_ambiguous() {
    return {
        {.name = "A01_BandMissingInFolder",
         .words = {"B11", "B02 (10", "B04 (10"},
         .arrange =
             [](const fs::path& folder) {
                 Arguments arguments =
                     esa_folder(folder, {"T33UUU_20170216T102101_B02.tif", "T33UUU_20170216T102101_B04.tif"});
                 arguments.insert(arguments.end(), {"--features", "B02,B11"});
                 return arguments;
             }},
        {.name = "A01_BandFileMissing",
         .words = {"gone.tif"},
         .arrange =
             [](const fs::path&) {
                 return Arguments{"stack", "--radiometry", "none", "-i", "B02=gone.tif"};
             }},
        {.name = "A02_TwoScenesInOneFolder",
         .words = {"B04", "T33UUU_20170216T102101_B04.tif", "T33UVU_20170216T102101_B04.tif", "--granule"},
         .arrange =
             [](const fs::path& folder) {
                 return esa_folder(folder, {"T33UUU_20170216T102101_B04.tif", "T33UVU_20170216T102101_B04.tif"});
             }},
        {.name = "A04_LooseBandsWithoutRadiometry",
         .words = {"one.tif", "radiometry=auto", "--radiometry scale="},
         .arrange =
             [](const fs::path& folder) {
                 write_raster(folder / "one.tif", tiny_band(0));
                 return Arguments{"stack", "-i", "B02=one.tif"};
             }},
        {.name = "A25_BandNamedTwiceInConfig",
         .code = 3,
         .words = {"features=B02", "twice"},
         .arrange =
             [](const fs::path& folder) {
                 write_raster(folder / "one.tif", tiny_band(0));
                 test::write_text(folder / "c.yml", "stack:\n  input: [B02=one.tif]\n  features: [B02, B02]\n"
                                                    "  radiometry: none\n");
                 return Arguments{"stack", "-c", "c.yml"};
             }},
        {.name = "F16_BandNameThatIsAPath",
         .words = {"../B02", "cannot be the name of a band"},
         .arrange =
             [](const fs::path& folder) {
                 write_raster(folder / "one.tif", tiny_band(0));
                 return Arguments{"stack", "--radiometry", "none", "-i", "../B02=one.tif"};
             }},
    };
}

std::vector<CliFault> grids() {
    return {
        {.name = "A16_HalfAPixelOff", .words = {"two.tif", "0.5"}, .arrange = with_second([](RasterCase& raster) {
                                                                       raster.origin_x += 5;
                                                                   })},
        {.name = "A17_OtherExtent",
         .words = {"two.tif", "intersection"},
         .arrange = with_second([](RasterCase& raster) { raster.origin_x += 100; })},
        {.name = "A17_EmptyIntersection",
         .words = {"two.tif"},
         .arrange =
             [](const fs::path& folder) {
                 Arguments arguments = with_second([](RasterCase& raster) { raster.origin_x += 10000; })(folder);
                 arguments.insert(arguments.end(), {"--extent", "intersection"});
                 return arguments;
             }},
        {.name = "A18_OtherZone",
         .words = {"two.tif", "EPSG:32632", "EPSG:32633"},
         .arrange = with_second([](RasterCase& raster) { raster.crs = "EPSG:32632"; })},
        {.name = "A19_NoReferenceSystem",
         .words = {"two.tif", "gdal_edit"},
         .arrange = with_second([](RasterCase& raster) { raster.crs.clear(); })},
        {.name = "A20_NoGeotransform", .words = {"two.tif"}, .arrange = with_second([](RasterCase& raster) {
                                                                 raster.georeferenced = false;
                                                             })},
        {.name = "A20_IdentityGeotransform", .words = {"two.tif"}, .arrange = with_second([](RasterCase& raster) {
                                                                       raster.transform = {0, 1, 0, 0, 0, 1};
                                                                   })},
        {.name = "A21_Rotated", .words = {"two.tif", "rotated"}, .arrange = with_second([](RasterCase& raster) {
                                                                     raster.transform = {600000, 9, 1, 5100400, 1, -9};
                                                                 })},
        {.name = "A21_SouthUp", .words = {"two.tif"}, .arrange = with_second([](RasterCase& raster) {
                                                          raster.transform = {600000, 10, 0, 5100000, 0, 10};
                                                      })},
        {.name = "A31_AllNodata", .words = {"valid pixels=0"}, .arrange = with_both([](RasterCase& raster) {
                                                                   std::ranges::fill(raster.bands[0], 0.0);
                                                               })},
    };
}

std::vector<CliFault> damaged() {
    return {
        {.name = "A22_TiffCutToAThird", .words = {"two.tif"}, .arrange = cut_to(0.33, "tif")},
        {.name = "A22_TiffLacksItsEnd", .words = {"two.tif", "band 1"}, .arrange = cut_to(0.95, "tif")},
        {.name = "A22_Jp2CutToAThird", .words = {"two.jp2"}, .arrange = cut_to(0.33, "jp2")},
        {.name = "A22_Jp2LacksItsEnd", .words = {"two.jp2"}, .arrange = cut_to(0.9, "jp2")},
        {.name = "A23_EmptyFile",
         .words = {"empty.jp2"},
         .arrange = from_file("empty.jp2", [](const fs::path& path) { test::write_text(path, ""); })},
        {.name = "A23_HtmlInsteadOfJp2",
         .words = {"page.jp2"},
         .arrange = from_file("page.jp2",
                              [](const fs::path& path) { test::write_text(path, "<html>Please log in</html>\n"); })},
        {.name = "A23_Folder",
         .words = {"folder.tif"},
         .arrange = from_file("folder.tif", [](const fs::path& path) { fs::create_directory(path); })},
        {.name = "A23_Pipe",
         .words = {"pipe.tif", "not a regular file"},
         .arrange = from_file("pipe.tif", [](const fs::path& path) { ASSERT_EQ(mkfifo(path.c_str(), 0600), 0); })},
        {.name = "A23_DevZero",
         .words = {"/dev/zero", "not a regular file"},
         .arrange = from_file("/dev/zero", [](const fs::path&) {})},
    };
}

using InputFault = test::FaultRow;

TEST_P(InputFault, IsRefusedAndLeavesTheOldFile) {
    check();
}

INSTANTIATE_TEST_SUITE_P(Scene, InputFault, testing::ValuesIn(missing_and_ambiguous()), test::name_of_fault);
INSTANTIATE_TEST_SUITE_P(Grid, InputFault, testing::ValuesIn(grids()), test::name_of_fault);
INSTANTIATE_TEST_SUITE_P(Damage, InputFault, testing::ValuesIn(damaged()), test::name_of_fault);

} // namespace
} // namespace lcclass
