"""What the sections `features` works on: four bands as GeoTIFF, a tile with heights, and features of each kind."""
import os

import harness
import numpy as np
import peers
import tile

SIDE = 4000
BANDS = ("B02", "B03", "B04", "B08")
RADIOMETRY = "scale=0.0001,offset=0"
GLCM = "7,32,0,0.6"
DATES = tuple(f"2018-{month:02}-15" for month in range(4, 10))

# Name of the work -> features, other words, and the task of peer_array.py that does the same.
WORKS = {
    "one band": ("B08", (), None),
    "NDVI": ("NDVI", (), "ndvi"),
    "EVI by a formula": ("E=2.5*(B08-B04)/(B08+6*B04-7.5*B02+1)", (), "evi"),
    "focal mean 7 x 7": ("FOCAL_MEAN(B08,7)", (), "focal_mean"),
    "focal maximum 31 x 31": ("FOCAL_MAX(B08,31)", (), "focal_max"),
    "slope": ("SLOPE(B08)", (), "gdaldem"),
    "texture contrast": (f"GLCM_CONTRAST(B08,{GLCM})", (), None),
    "texture, 9 statistics": (",".join(f"GLCM_{name}(B08,{GLCM})" for name in (
        "CONTRAST", "DISSIMILARITY", "HOMOGENEITY", "ASM", "ENERGY", "ENTROPY", "CORRELATION", "MEAN", "VARIANCE")),
        (), None),
    "first of 4 components": ("PC1", ("--pca", ",".join(BANDS)), None),
    "median of 6 dates": ("B08@median", ("dates",), "median"),
}
TILE_FEATURES = ("B02,B03,B04,B05,B06,B07,B08,B8A,B11,B12,NDVI,NDWI,MNDWI,NDBI,NDRE,EVI2,BSI,FOCAL_MEAN(B08,7),"
                 "GLCM_CONTRAST(B08,7,32,0,0.6),SLOPE(DEM)")


def write_raster(path, planes, names, transform, projection):
    from osgeo import gdal
    height, width = planes[0].shape
    kinds = {np.dtype(np.uint16): gdal.GDT_UInt16, np.dtype(np.float32): gdal.GDT_Float32}
    raster = gdal.GetDriverByName("GTiff").Create(path, width, height, len(planes), kinds[planes[0].dtype],
                                                  ["TILED=YES", "COMPRESS=ZSTD", "PREDICTOR=2"])
    raster.SetGeoTransform(transform)
    raster.SetProjection(projection)
    for number, (plane, name) in enumerate(zip(planes, names), 1):
        raster.GetRasterBand(number).WriteArray(plane)
        raster.GetRasterBand(number).SetDescription(name)
    raster.FlushCache()


def bands_file(options):
    """The workload's image, several times over; made once."""
    from osgeo import osr
    path = f"{options.data}/cache/features-{SIDE}.tif"
    if not os.path.exists(path):
        image = np.load(f"{options.data}/image_f6.npy", mmap_mode="r")
        times = [-(-SIDE // size) for size in image.shape[:2]]
        planes = [np.tile(image[:, :, b], times)[:SIDE, :SIDE].astype(np.uint16) for b in range(len(BANDS))]
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(32633)
        write_raster(path, planes, BANDS, (600000, 10, 0, 5100000, 0, -10), reference.ExportToWkt())
    return path


def heights_file(scene, folder):
    """Hills at 30 m, wider than the tile; made once."""
    from osgeo import gdal
    path = f"{folder}/heights-{scene.size}.tif"
    if not os.path.exists(path):
        tile_raster = gdal.Open(scene.stack)
        west, _, _, north, _, _ = tile_raster.GetGeoTransform()
        side = scene.size // 3 + 40
        y, x = np.mgrid[0:side, 0:side]
        hills = (400 + 200 * np.sin(x / 90) * np.cos(y / 70)).astype(np.float32)
        write_raster(path, [hills], ["DEM"], (west - 600, 30, 0, north + 600, 0, -30), tile_raster.GetProjection())
    return path


def inputs_of(path, words):
    if words != ("dates",):
        return ["-i", path, *words]
    return ["-i", *(f"B08@{date}={path}:{BANDS.index('B08') + 1}" for date in DATES), "--min-valid", "0"]


def ours(options, path, work, out):
    features, words, _ = WORKS[work]
    return tile.run_lcclass(options, "stack", *inputs_of(path, words), "--radiometry", RADIOMETRY, "--features",
                            features, "-o", out)


def theirs(options, path, work, out):
    return harness.run(["/usr/bin/python3", os.path.join(peers.HERE, "peer_array.py"), WORKS[work][2], path, out])


def stack_tile(options, scene, heights, out):
    return tile.run_lcclass(options, "stack", "-i", scene.product, f"DEM={heights}", "--like", scene.stack,
                            "--resampling", "bilinear,DEM=cubic", "--features", TILE_FEATURES, "-o", out)
