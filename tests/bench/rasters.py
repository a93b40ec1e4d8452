"""Arrays of the workload as GeoTIFFs, for programs that read files."""
import os

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()


def image_file(data, variant, n_pixels):
    """A tiled GeoTIFF of the first rows of the image, bands described f0, f1, ...; made once and kept."""
    path = f"{data}/cache/image_{variant}_{n_pixels}.tif"
    if not os.path.exists(path):
        image = np.load(f"{data}/image_{variant}.npy", mmap_mode="r")
        n_columns = min(image.shape[1], n_pixels)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_bands(path + ".part", image[:n_pixels // n_columns, :n_columns])
        os.rename(path + ".part", path)
    return path


def write_bands(path, image):
    """Bands one after another, 256 x 256 tiles, not compressed, in UTM zone 32."""
    n_rows, n_columns, n_bands = image.shape
    layout = ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "INTERLEAVE=BAND"]
    dataset = gdal.GetDriverByName("GTiff").Create(path, n_columns, n_rows, n_bands, gdal.GDT_UInt16, layout)
    dataset.SetGeoTransform((600_000, 10, 0, 5_100_000, 0, -10))
    system = osr.SpatialReference()
    system.ImportFromEPSG(32632)
    dataset.SetProjection(system.ExportToWkt())
    for i in range(n_bands):
        dataset.GetRasterBand(i + 1).SetDescription(f"f{i}")
        dataset.GetRasterBand(i + 1).WriteArray(image[:, :, i])
    dataset.FlushCache()
