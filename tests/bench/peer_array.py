#!/usr/bin/python3
"""Single features as a script makes them: whole bands in memory by GDAL, NumPy and SciPy, or gdaldem.

  peer_array.py ndvi|evi|focal_mean|focal_max|median|gdaldem BANDS.tif OUT.tif
"""
import sys

import numpy as np
from osgeo import gdal
from scipy import ndimage

N_DATES = 6
BANDS = ("B02", "B03", "B04", "B08")
COMPRESSION = ["TILED=YES", "COMPRESS=ZSTD", "PREDICTOR=3"]


def read(path, name):
    raster = gdal.Open(path)  # a band does not keep its raster open
    return raster.GetRasterBand(BANDS.index(name) + 1).ReadAsArray().astype(np.float32) * np.float32(1e-4)


def write(path, like, plane):
    source = gdal.Open(like)
    raster = gdal.GetDriverByName("GTiff").Create(path, plane.shape[1], plane.shape[0], 1, gdal.GDT_Float32, COMPRESSION)
    raster.SetGeoTransform(source.GetGeoTransform())
    raster.SetProjection(source.GetProjection())
    raster.GetRasterBand(1).WriteArray(plane)
    raster.FlushCache()


def ndvi(path):
    nir, red = read(path, "B08"), read(path, "B04")
    return (nir - red) / (nir + red)


def evi(path):
    nir, red, blue = read(path, "B08"), read(path, "B04"), read(path, "B02")
    return 2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)


def median(path):
    return np.nanmedian(np.stack([read(path, "B08") for _ in range(N_DATES)]), axis=0)


MAKERS = dict(ndvi=ndvi, evi=evi, median=median,
              focal_mean=lambda path: ndimage.uniform_filter(read(path, "B08"), 7),
              focal_max=lambda path: ndimage.maximum_filter(read(path, "B08"), 31))


def main(task, path, out):
    gdal.UseExceptions()
    if task == "gdaldem":
        gdal.DEMProcessing(out, gdal.Open(path), "slope", band=BANDS.index("B08") + 1, computeEdges=True,
                           creationOptions=COMPRESSION)
    else:
        write(out, path, MAKERS[task](path))


if __name__ == "__main__":
    main(*sys.argv[1:])
