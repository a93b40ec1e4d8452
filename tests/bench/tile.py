"""A simulated Sentinel-2 tile, its stack and 200,000 samples of it; made once and kept in the cache folder."""
import glob
import os
from dataclasses import dataclass

import harness
import numpy as np

FEATURES = "B02,B03,B04,B08,NDVI,NDWI"
BANDS = ("B02", "B03", "B04", "B08")
SAMPLE_SIDE = 2000  # of the window in the middle that scikit-learn predicts


def run_lcclass(options, command, *words):
    return harness.run([f"{options.bin}/lcclass", command, "-q", "-t", options.threads, "--overwrite", *words])


@dataclass
class Scene:
    size: int
    n_samples: int
    product: str  # the .SAFE folder
    bands: list   # files of the four bands
    stack: str
    work: str     # folder of everything made from the product

    @property
    def model(self):
        return f"{self.work}/model.lcm"

    def predict(self, options, source):
        return run_lcclass(options, "predict", "-m", self.model, "-i", source, "-o", f"{self.work}/map.tif")

    def count_mapped(self):
        """Pixels of the last map that have a class."""
        from osgeo import gdal
        return int(np.count_nonzero(gdal.Open(f"{self.work}/map.tif").ReadAsArray()))


def prepare(options, n_samples):
    """Makes what is missing, and the model anew."""
    folder = options.tile or f"{options.data}/tile-{options.tile_size}"
    if not glob.glob(f"{folder}/*.SAFE/MTD_*.xml"):
        harness.say(f"simulating a tile of {options.tile_size} x {options.tile_size} pixels in {folder}, once")
        run_lcclass(options, "simulate", "--size", options.tile_size, "-o", folder)
    product = glob.glob(f"{folder}/*.SAFE")[0]
    bands = [glob.glob(f"{product}/GRANULE/*/IMG_DATA/R10m/*_{band}_10m.jp2")[0] for band in BANDS]
    work = f"{options.data}/cache/{os.path.basename(os.path.abspath(folder))}-{n_samples}"
    os.makedirs(work, exist_ok=True)
    scene = Scene(raster_width(f"{folder}/truth.tif"), n_samples, product, bands, f"{work}/stack.tif", work)
    for path, make in ((scene.stack, make_stack), (f"{work}/samples.gpkg", make_samples),
                       (f"{work}/labels_tile.npy", make_arrays)):
        if not os.path.exists(path):
            harness.say(f"making {path}, once")
            make(options, scene, folder)
    run_lcclass(options, "train", "--samples", f"{work}/samples.gpkg", "--n-estimators", options.trees, "-o",
                scene.model)
    return scene


def make_stack(options, scene, _):
    run_lcclass(options, "stack", "-i", scene.product, "--features", FEATURES, "-o", scene.stack)


def make_samples(options, scene, folder):
    """Pixels drawn at random from the whole truth."""
    labels = f"{scene.work}/labels.tif"
    run_lcclass(options, "rasterize", "-i", f"{folder}/truth.tif", "--like", scene.stack, "-o", labels)
    run_lcclass(options, "sample", "--stack", scene.stack, "--labels", labels, "--strategy", "total", "--total",
                scene.n_samples, "-o", f"{scene.work}/samples.gpkg")
    os.remove(labels)


def make_arrays(options, scene, folder):
    """The same samples, and the pixels in the middle of the stack, as the arrays that worker.py reads."""
    from osgeo import gdal, ogr
    gdal.UseExceptions()
    names = FEATURES.split(",")
    dataset = ogr.Open(f"{scene.work}/samples.gpkg")
    rows = np.array([[feature[name] for name in ("class_code", *names)] for feature in dataset.GetLayer(0)], np.float32)
    stack, truth = gdal.Open(scene.stack), gdal.Open(f"{folder}/truth.tif")
    side = min(SAMPLE_SIDE, scene.size)
    window = ((scene.size - side) // 2,) * 2 + (side, side)
    pixels = stack.ReadAsArray(*window).reshape(len(names), -1).T
    valid = np.isfinite(pixels).all(axis=1)
    arrays = dict(X_train=rows[:, 1:], y_train=rows[:, 0].astype(np.uint8), image=pixels[valid].astype(np.float32),
                  labels=truth.ReadAsArray(*window).ravel()[valid].astype(np.uint8))
    for name, array in arrays.items():
        np.save(f"{scene.work}/{name}_tile.npy", np.ascontiguousarray(array))


def raster_width(path):
    from osgeo import gdal
    return gdal.Open(path).RasterXSize

