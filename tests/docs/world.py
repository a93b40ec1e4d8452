#!/usr/bin/env python3
"""Makes the store: a folder with small files under the very names that the documentation uses.

usage: world.py LCCLASS STORE

Everything comes from one simulated scene of 6 x 6 km and from a few rasters that are written here. Where a page shows
a real product (`S2A_MSIL2A_....SAFE`), the store has the simulated one under that name; scenes of other dates are
copies with other dates in their XML and file names."""
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

import rasters

SIZE = 600  # pixels of 10 m; the wrapper of run_page.py gives it to `simulate` where a page gives none
PRODUCT = "S2A_MSIL2A_20180512T100031_N0511_R122_T33UVQ_SIMULATED.SAFE"
UTM33 = ('PROJCS["WGS_1984_UTM_Zone_33N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,'
         '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
         'PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
         'PARAMETER["Central_Meridian",15.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],'
         'UNIT["Meter",1.0]]')
# Names of products on the pages, and the date of the scene that stands for each.
DATED = {
    "S2A_MSIL2A_20180421T100031_N0511_R122_T33UVQ_20180421T120000.SAFE": "20180421",
    "S2A_MSIL2A_20180506T100031_N0511_R122_T33UVQ_20180506T120000.SAFE": "20180506",
    "S2A_MSIL2A_20180615T100031_N0511_R122_T33UVQ_20180615T120000.SAFE": "20180615",
    "S2A_MSIL2A_20180710T100031_N0511_R122_T33UVQ_20180710T120000.SAFE": "20180710",
    "S2A_MSIL2A_20190505T100031_N0511_R122_T33UVQ_20190505T120000.SAFE": "20190505",
    "S2A_MSIL2A_20190614T100031_N0511_R122_T33UVQ_20190614T120000.SAFE": "20190614",
}
# Names with dots for what a reader fills in.
PLACEHOLDERS = ["S2_MSIL2A_T33UVQ_2018.SAFE", "S2A_MSIL2A_....SAFE", "S2A_MSIL2A_20180505T100031_....SAFE"]
LANDSAT = ["LC08_L2SP_192024_20180505_20200901_02_T1", "LC08_L2SP_192024_20180521_20200901_02_T1"]

# What a user brings along; everything else in the store is made by commands of the pages, and pages that are followed
# from their beginning (tutorials) have to make it themselves.
RAW = [PRODUCT, *DATED, *PLACEHOLDERS, *LANDSAT, "polygons.gpkg", "lucas.gpkg", "lucas_2018.gpkg", "landuse.shp",
       "landuse.dbf", "landuse.shx", "landuse.prj", "truth.tif", "dem.tif", "distance_to_road.tif", "red.tif",
       "nir.tif", "IMG_DATA", "S2_MSIL2A_T33UVQ_2018.SAFE", "gis_osm_landuse-water.gpkg", "lucas_2018_polygons.gpkg",
       "ESA_WorldCover_10m_2021_v200_N45E015_Map.tif"]
# Files that have to lie beside others.
TOGETHER = {"experiment.yml": [PRODUCT, "polygons.gpkg"],
            "landuse.shp": ["landuse.dbf", "landuse.shx", "landuse.prj"],
            "model.lcm": ["samples.gpkg"], "model_2018.lcm": ["samples_2018.gpkg"],
            "map.tif": ["map.tif.aux.xml", "samples.gpkg"]}


def copy_of_date(source, target, date):
    """The product with `date` (YYYYMMDD) for 12 May 2018 in its XML and in all names."""
    dashed = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    shutil.copytree(source, target)
    for path in sorted(target.rglob("*"), key=lambda p: -len(p.parts)):
        if path.suffix == ".xml":
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("20180512", date).replace("2018-05-12", dashed), encoding="utf-8")
        if "20180512" in path.name:
            path.rename(path.with_name(path.name.replace("20180512", date)))


def corner_of(product):
    """West and north edge of the scene, from its XML."""
    text = next(product.rglob("MTD_TL.xml")).read_text(encoding="utf-8")
    return (float(re.search(r"<ULX>([-\d.]+)</ULX>", text).group(1)),
            float(re.search(r"<ULY>([-\d.]+)</ULY>", text).group(1)))


def write_rasters(store, west, north):
    def write(name, value, kind="H", size=SIZE, pixel=10, **options):
        rasters.write_geotiff(store / name, size, size, rasters.plane(size, size, value, kind), west, north, pixel,
                              32633, **options)
    # A hill 200 m high, 30 m pixels.
    write("dem.tif", lambda c, r: 400 + 200 * (1 - ((c - 100) ** 2 + (r - 100) ** 2) / 20000), "f", SIZE // 3, 30,
          nodata="-9999")
    write("distance_to_road.tif", lambda c, r: 10.0 * abs(c - 300), "f", nodata="-9999")
    write("red.tif", lambda c, r: 1400 + (7 * c + 3 * r) % 500)
    write("nir.tif", lambda c, r: 3000 + (5 * c + 11 * r) % 1500)
    write("ESA_WorldCover_10m_2021_v200_N45E015_Map.tif", lambda c, r: (10, 30, 40, 50)[(c // 60 + r // 60) % 4])
    uses = ["forest", "farm", "orchard"]
    fields = [(west + 300 * i + 20, north - 300 * j - 180, west + 300 * i + 200, north - 300 * j - 20,
               uses[(i + j) % len(uses)]) for i in range(2, 18) for j in range(2, 18)]
    rasters.write_shapefile(store / "landuse", "fclass", fields, UTM33)


def write_landsat(store, west, north):
    for product in LANDSAT:
        folder = store / product
        folder.mkdir()
        size = SIZE // 3
        for band in [f"SR_B{n}" for n in range(1, 8)]:
            shift = 500 * int(band[-1])
            values = rasters.plane(size, size, lambda c, r: 8000 + shift + (7 * c + 3 * r) % 900)
            rasters.write_geotiff(folder / f"{product}_{band}.TIF", size, size, values, west, north, 30, 32633, "0")
        clear = rasters.plane(size, size, lambda c, r: 22280 if c < 20 else 21824)  # cloud (bit 3), clear
        rasters.write_geotiff(folder / f"{product}_QA_PIXEL.TIF", size, size, clear, west, north, 30, 32633, "1")
        scale = "".join(f"    REFLECTANCE_MULT_BAND_{n} = 2.75e-05\n    REFLECTANCE_ADD_BAND_{n} = -0.2\n"
                        for n in range(1, 8))
        date = product.split("_")[3]
        (folder / f"{product}_MTL.txt").write_text(
            "GROUP = LANDSAT_METADATA_FILE\n"
            "  GROUP = PRODUCT_CONTENTS\n    PROCESSING_LEVEL = \"L2SP\"\n  END_GROUP = PRODUCT_CONTENTS\n"
            "  GROUP = IMAGE_ATTRIBUTES\n    SPACECRAFT_ID = \"LANDSAT_8\"\n"
            f"    DATE_ACQUIRED = {date[:4]}-{date[4:6]}-{date[6:]}\n  END_GROUP = IMAGE_ATTRIBUTES\n"
            f"  GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS\n{scale}"
            "  END_GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS\n"
            "END_GROUP = LANDSAT_METADATA_FILE\nEND\n", encoding="utf-8")


def label_plan(path):
    """Plays the interpreter: gives every point of a plan the class of its stratum, every seventh that of another."""
    connection = sqlite3.connect(path)
    for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        connection.create_function(name, 1, lambda _: 0)  # of the triggers of a GeoPackage
    strata = [row[0] for row in connection.execute("SELECT DISTINCT stratum FROM plan ORDER BY stratum")]
    for number, stratum in connection.execute("SELECT id, stratum FROM plan").fetchall():
        label = stratum if number % 7 else strata[(strata.index(stratum) + 1) % len(strata)]
        connection.execute("UPDATE plan SET class = ? WHERE id = ?", (str(label), number))
    connection.commit()
    connection.close()


def make_results(lcclass, store):
    """What the commands of the pages leave behind, for pages that begin in the middle."""
    def run(*arguments):
        subprocess.run([lcclass, "-q", "--threads", "2", *arguments], cwd=store, check=True,
                       stdout=subprocess.DEVNULL)
    run("stack", "-i", PRODUCT, "--features", "B02,B03,B04,B08,NDVI,NDWI", "-o", "stack.tif")
    run("rasterize", "-i", "polygons.gpkg", "--class-field", "lc1_h", "--class-map", "lucas-level1", "--group-field",
        "point_id", "--like", "stack.tif", "-o", "labels.tif")
    run("sample", "--stack", "stack.tif", "--labels", "labels.tif", "--per-polygon", "20", "-o", "samples.gpkg")
    run("cv", "--samples", "samples.gpkg", "--schemes", "polygon,spatial-block", "--block-size", "1000", "--tune",
        "max_depth=10,none", "-o", "cv.json")
    run("train", "--samples", "samples.gpkg", "-o", "model.lcm")
    run("predict", "-m", "model.lcm", "-i", "stack.tif", "-o", "map.tif")
    run("explain", "-m", "model.lcm", "--samples", "samples.gpkg", "--permutation-repeats", "1", "-o", "explain.json")
    run("assess", "--plan", "--map", "map.tif", "--target-se", "0.03", "-o", "plan.gpkg")
    label_plan(store / "plan.gpkg")
    run("sample", "--stack", "stack.tif", "--labels", "labels.tif", "--per-polygon", "20", "-o", "samples.csv")
    header, rest = (store / "samples.csv").read_text(encoding="utf-8").split("\n", 1)
    table = header.replace("class_code", "landuse").replace("B04", "red").replace("B08", "nir")
    (store / "table.csv").write_text(f"{table}\n{rest}", encoding="utf-8")
    run("run", "-c", "experiment.yml")  # makes the folder `out`
    two_dates = [name for name, date in DATED.items() if date in ("20180506", "20180615")]
    run("stack", "-i", *two_dates, "--composite", "median", "--min-valid", "0", "--features", "B04,B08,NDVI", "-o",
        "stack_2018.tif")
    run("sample", "--stack", "stack_2018.tif", "--labels", "labels.tif", "--per-polygon", "20", "-o",
        "samples_2018.gpkg")
    run("train", "--samples", "samples_2018.gpkg", "--n-estimators", "20", "-o", "model_2018.lcm")


EXPERIMENT = f"""output_dir: out
stack: {{input: [{PRODUCT}], features: [B04, B08, NDVI]}}
rasterize: {{input: polygons.gpkg, class_field: lc1_h, class_map: lucas-level1}}
sample: {{per_polygon: 20}}
train: {{n_estimators: 20}}
predict:
"""


def main():
    lcclass = pathlib.Path(sys.argv[1]).resolve()
    store = pathlib.Path(sys.argv[2]).resolve()
    shutil.rmtree(store, ignore_errors=True)
    scratch = store.with_name(store.name + ".scene")
    shutil.rmtree(scratch, ignore_errors=True)
    store.mkdir(parents=True)
    subprocess.run([lcclass, "-q", "simulate", "-o", scratch, "--size", str(SIZE), "--clouds", "0.03"], check=True,
                   stdout=subprocess.DEVNULL)
    for name in (PRODUCT, "polygons.gpkg", "truth.tif"):
        (scratch / name).rename(store / name)
    shutil.rmtree(scratch)
    for name in ("lucas.gpkg", "lucas_2018.gpkg", "lucas_2018_polygons.gpkg", "gis_osm_landuse-water.gpkg"):
        shutil.copy(store / "polygons.gpkg", store / name)
    for name in PLACEHOLDERS:
        (store / name).symlink_to(PRODUCT)
    for name, date in DATED.items():
        copy_of_date(store / PRODUCT, store / name, date)
    (store / "IMG_DATA").symlink_to(next((store / PRODUCT).rglob("IMG_DATA")).relative_to(store))
    west, north = corner_of(store / PRODUCT)
    write_rasters(store, west, north)
    write_landsat(store, west, north)
    (store / "experiment.yml").write_text(EXPERIMENT, encoding="utf-8")
    make_results(lcclass, store)
    print(f"{store}: {len(list(store.iterdir()))} files; the scene begins at {west:.0f}, {north:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
