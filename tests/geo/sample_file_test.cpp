#include "lcclass/geo/sample_file.h"

#include "vector_case.h"

#include "lcclass/core/rng.h"

#include <gmock/gmock.h>

#include <cmath>
#include <ctime>

namespace lcclass {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

SampleTable table_of(std::size_t n) {
    SampleTable table;
    table.feature_names = {"B04", "NDVI"};
    table.features.resize(2);
    table.group_names = {"meadow, north", "two \"words\"", "plain"};
    table.legend = ClassLegend(
        {{.code = 3, .name = "woodland", .color = {51, 160, 44}}, {.code = 7, .name = "water", .color = {0, 0, 255}}});
    table.recipe_json = R"({"bands":["B04"]})";
    table.crs_wkt = parse_crs("EPSG:32633");
    Rng rng(1, 2);
    for (std::size_t i = 0; i < n; ++i) {
        table.features[0].push_back(static_cast<float>(rng.uniform()));
        table.features[1].push_back(static_cast<float>(rng.normal()) * 1e-7F);
        table.class_code.push_back(i % 2 == 0 ? 3 : 7);
        table.polygon_id.push_back(static_cast<std::int32_t>(i / 4 + 1));
        table.group.push_back(static_cast<std::int32_t>(i % 3));
        table.x.push_back(600005 + 10 * static_cast<double>(i));
        table.y.push_back(5100005.25);
    }
    return table;
}

void expect_same_rows(const SampleTable& a, const SampleTable& b) {
    EXPECT_EQ(a.feature_names, b.feature_names);
    EXPECT_EQ(a.features, b.features); // exactly, float by float
    EXPECT_EQ(a.class_code, b.class_code);
    EXPECT_EQ(a.polygon_id, b.polygon_id);
    EXPECT_EQ(a.group, b.group);
    EXPECT_EQ(a.group_names, b.group_names);
    EXPECT_EQ(a.x, b.x);
    EXPECT_EQ(a.y, b.y);
}

class SampleFile : public test::VectorCase {
protected:
    [[nodiscard]] SampleTable read_text(const std::string& text, const SampleFileOptions& choice = {}) const {
        write_file_atomically(path("table.csv"), text, true);
        return read_samples(path("table.csv"), choice);
    }

    [[nodiscard]] std::string failure_of(const std::string& text, const SampleFileOptions& choice = {}) const {
        try {
            static_cast<void>(read_text(text, choice));
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input);
            return error.what();
        }
        return "no error";
    }
};

TEST_F(SampleFile, GeopackageAndFlatgeobufKeepEverything) {
    const SampleTable table = table_of(50);
    for (const char* name : {"samples.gpkg", "samples.fgb"}) {
        write_samples(path(name), table, false);
        const SampleTable back = read_samples(path(name));
        expect_same_rows(table, back);
        EXPECT_EQ(back.legend, table.legend) << name;
        EXPECT_EQ(back.recipe_json, table.recipe_json) << name;
        EXPECT_TRUE(same_crs(back.crs_wkt, table.crs_wkt)) << name;
    }
}

TEST_F(SampleFile, CsvKeepsTheRows) {
    const SampleTable table = table_of(50);
    write_samples(path("samples.csv"), table, false);
    EXPECT_THAT(read_file(path("samples.csv")), testing::StartsWith("x,y,class_code,polygon_id,group,B04,NDVI\n"
                                                                    "600005,5100005.25,3,1,\"meadow, north\","));
    const SampleTable back = read_samples(path("samples.csv"));
    expect_same_rows(table, back);
    EXPECT_EQ(back.crs_wkt, "");
    EXPECT_EQ(back.legend.at(0).name, "3");
}

TEST_F(SampleFile, SameTableGivesTheSameBytes) {
    const SampleTable table = table_of(500);
    for (const char* name : {"samples.gpkg", "samples.fgb", "samples.csv"}) {
        write_samples(path(name), table, true);
        const std::string first = read_file(path(name));
        write_samples(path(name), table, true);
        EXPECT_EQ(first, read_file(path(name))) << name;
    }
}

TEST_F(SampleFile, TableWithoutReferenceSystemComesBackWithoutOne) {
    SampleTable table = table_of(4);
    table.crs_wkt.clear();
    table.recipe_json.clear();
    for (const char* name : {"samples.gpkg", "samples.fgb"}) {
        write_samples(path(name), table, false);
        EXPECT_EQ(read_samples(path(name)).crs_wkt, "") << name;
        EXPECT_EQ(read_samples(path(name)).recipe_json, "") << name;
    }
}

TEST_F(SampleFile, ExistingFileIsKeptUnlessOverwritten) {
    const SampleTable table = table_of(4);
    for (const char* name : {"samples.gpkg", "samples.fgb", "samples.csv"}) {
        write_samples(path(name), table, false);
        EXPECT_THROW(write_samples(path(name), table_of(8), false), Error);
        EXPECT_EQ(read_samples(path(name)).size(), 4);
        write_samples(path(name), table_of(8), true);
        EXPECT_EQ(read_samples(path(name)).size(), 8);
    }
    EXPECT_THROW(write_samples(path("samples.xlsx"), table, false), Error);
}

TEST_F(SampleFile, NothingElseIsLeftInTheFolder) {
    write_samples(path("samples.gpkg"), table_of(4), false);
    static_cast<void>(read_samples(path("samples.gpkg")));
    const std::filesystem::path folder = std::filesystem::path(path("samples.gpkg")).parent_path();
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()), 1);
}

TEST_F(SampleFile, FeatureNamesMustNotBeColumnsOfOurs) {
    for (const char* name : {"class_code", "X", "fid", "b04"}) {
        SampleTable table = table_of(4);
        table.feature_names[1] = name; // "b04" differs from "B04" by case alone
        try {
            write_samples(path("samples.gpkg"), table, false);
            FAIL() << name;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::output);
            EXPECT_THAT(error.what(), HasSubstr("feature=" + std::string(name)));
        }
    }
}

TEST_F(SampleFile, TableOfOthersLoadsWithoutPositions) {
    const SampleTable table = read_text("class_code,f0,f1\n2,1,0.5\n1,2,0.25\n2,3,0.125\n");
    EXPECT_THAT(table.feature_names, ElementsAre("f0", "f1"));
    EXPECT_THAT(table.features[1], ElementsAre(0.5F, 0.25F, 0.125F));
    EXPECT_THAT(table.class_code, ElementsAre(2, 1, 2));
    EXPECT_THAT(table.polygon_id, ElementsAre(0, 0, 0));
    EXPECT_THAT(table.group, ElementsAre(0, 1, 2));
    EXPECT_THAT(table.x, ElementsAre(0, 0, 0));
    EXPECT_EQ(table.crs_wkt, "");
    EXPECT_EQ(table.legend.size(), 2);
}

TEST_F(SampleFile, ChosenColumnsTextClassesAndGroups) {
    SampleFileOptions choice;
    choice.class_field = "cover";
    choice.features = {"f1"};
    choice.group_field = "site";
    const SampleTable table = read_text(
        "site,cover,note,f0,f1\r\na,water,\"x, y\",1,2\r\nb,forest,\"say \"\"hi\"\"\",3,4\r\na,water,,5,6\r\n", choice);
    EXPECT_THAT(table.class_code, ElementsAre(2, 1, 2));
    EXPECT_EQ(table.legend.at(0).name, "forest");
    EXPECT_THAT(table.features[0], ElementsAre(2, 4, 6));
    EXPECT_THAT(table.group_names, ElementsAre("a", "b"));
    EXPECT_THAT(table.polygon_id, ElementsAre(1, 2, 1));
}

TEST_F(SampleFile, ClassMapDecides) {
    write_file_atomically(path("map.yml"), "w: {code: 7, name: water}\nf: 3\n", true);
    SampleFileOptions choice;
    choice.class_map = path("map.yml");
    const SampleTable table = read_text("class_code,f0\nw,1\nf,2\n", choice);
    EXPECT_THAT(table.class_code, ElementsAre(7, 3));
    EXPECT_EQ(table.legend.at(1).name, "water");
    EXPECT_THAT(failure_of("class_code,f0\nw,1\nx,2\n", choice), AllOf(HasSubstr("row 2"), HasSubstr("class_code=x")));
}

TEST_F(SampleFile, SemicolonsAndByteOrderMarkAreUnderstood) {
    const SampleTable table = read_text("\xEF\xBB\xBF"
                                        "class_code;f0\n1;0.5\n2;1.5\n");
    EXPECT_THAT(table.features[0], ElementsAre(0.5F, 1.5F));
}

TEST_F(SampleFile, MistakesNameRowAndColumn) {
    EXPECT_THAT(failure_of("class_code,f0\n1,2\n1,abc\n"), AllOf(HasSubstr("table.csv:row 2"), HasSubstr("f0=abc")));
    EXPECT_THAT(failure_of("class_code,f0\n1,nan\n"), HasSubstr("row 1: f0=nan"));
    EXPECT_THAT(failure_of("class_code,f0\n1,1e99\n"), HasSubstr("row 1: f0=1e99"));
    EXPECT_THAT(failure_of("class_code,f0\n1,\n"), HasSubstr("the cell is empty"));
    EXPECT_THAT(failure_of("class_code,f0\n1,2,3\n"), HasSubstr("row 1: cells=3"));
    EXPECT_THAT(failure_of("class_code,f0\n0,2\n"), HasSubstr("class_code=0"));
    EXPECT_THAT(failure_of("class_code,f0\n,2\n"), HasSubstr("no class"));
    EXPECT_THAT(failure_of("clas_code,f0\n1,2\n"), HasSubstr("did you mean 'clas_code'?"));
    EXPECT_THAT(failure_of("class_code,f0,f0\n1,2,3\n"), HasSubstr("two columns have this name"));
    EXPECT_THAT(failure_of("class_code\n1\n"), HasSubstr("no feature column"));
    EXPECT_THAT(failure_of("class_code,f0\n"), HasSubstr("no rows"));
    EXPECT_THAT(failure_of(""), HasSubstr("is empty"));
    EXPECT_THAT(failure_of("class_code,f0\n1,\"2\n"), HasSubstr("quoted cell does not end"));
    EXPECT_THAT(failure_of("class_code,polygon_id,f0\n1,-1,2\n"), HasSubstr("polygon_id=-1"));
}

TEST_F(SampleFile, UnknownPolygonsStayUnknownWhenTheTableIsKept) {
    const SampleTable table = read_text("class_code,f0\n2,1\n1,2\n2,3\n");
    for (const char* name : {"kept.gpkg", "kept.csv"}) {
        write_samples(path(name), table, false);
        expect_same_rows(table, read_samples(path(name)));
    }
}

TEST_F(SampleFile, RowsOfUnknownPolygonsAreGroupsOfTheirOwn) {
    const SampleTable table = read_text("class_code,polygon_id,f0\n1,2,1\n1,0,2\n1,2,3\n1,0,4\n");
    EXPECT_THAT(table.polygon_id, ElementsAre(2, 0, 2, 0));
    EXPECT_THAT(table.group, ElementsAre(0, 1, 0, 2));
    EXPECT_THAT(table.group_names, ElementsAre("2", "row 2", "row 4"));
}

TEST_F(SampleFile, RealPolygonIdsMustBeWhole) {
    test::CaseLayer layer;
    layer.fields = {{"class_code", OFTInteger}, {"polygon_id", OFTReal}, {"f0", OFTReal}};
    const auto message_of = [&](const std::string& id) -> std::string {
        layer.features = {{test::box(0, 0, 40, 20), {"1", "2", "0.5"}}, {test::box(0, 0, 40, 20), {"1", id, "0.5"}}};
        std::filesystem::remove(path("table.fgb"));
        write(layer, "table.fgb");
        try {
            return "polygon " + std::to_string(read_samples(path("table.fgb")).polygon_id[1]);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::input);
            return error.what();
        }
    };
    EXPECT_EQ(message_of("3"), "polygon 3");
    EXPECT_THAT(message_of("1.7"), AllOf(HasSubstr("row 2"), HasSubstr("polygon_id=1.7: is not a whole number")));
    EXPECT_THAT(message_of("nan"), HasSubstr("polygon_id=nan: is not a whole number"));
    EXPECT_THAT(message_of("1e18"), HasSubstr("up to 2147483647"));
    EXPECT_THAT(message_of("-1"), HasSubstr("polygon_id=-1"));
}

TEST_F(SampleFile, PolygonLayersGiveCentroidsForFoldsAlone) {
    test::CaseLayer layer;
    layer.fields = {{"cid", OFTInteger}, {"note", OFTString}};
    layer.features = {{test::box(0, 0, 40, 20), {"1", "a"}}, {test::box(50, 0, 90, 40), {"2", "b"}}};
    write(layer);
    SampleFileOptions choice;
    choice.class_field = "cid";
    EXPECT_THROW(static_cast<void>(read_samples(path("labels.gpkg"), choice)), Error); // `note` is no number
    choice.without_features = true;
    const SampleTable table = read_samples(path("labels.gpkg"), choice);
    EXPECT_EQ(table.n_features(), 0);
    EXPECT_THAT(table.x, ElementsAre(600020, 600070));
    EXPECT_THAT(table.y, ElementsAre(5100010, 5100020));
    EXPECT_TRUE(same_crs(table.crs_wkt, parse_crs("EPSG:32633")));
}

TEST_F(SampleFile, LargeCsvReadsInAboutASecond) {
    std::string text = "class_code,f0,f1,f2,f3,f4,f5\n";
    for (int row = 0; row < 200'000; ++row) {
        text += std::to_string(row % 8 + 1);
        for (int f = 0; f < 6; ++f) {
            text += "," + std::to_string((row * 31 + f * 17) % 10000);
        }
        text += "\n";
    }
    write_file_atomically(path("table.csv"), text, true);
    const std::clock_t start = std::clock(); // of this process: others may be busy
    const SampleTable table = read_samples(path("table.csv"));
    const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    EXPECT_EQ(table.size(), 200'000);
    EXPECT_FLOAT_EQ(table.features[5][199'999], static_cast<float>((199'999 * 31 + 5 * 17) % 10000));
    EXPECT_LT(took, 2.0);
}

} // namespace
} // namespace lcclass
