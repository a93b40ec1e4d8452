#!/usr/bin/python3
"""What the section `applicability` works on: a simulated tile and its samples. As a program: dissimilarity and local
point density of some of its pixels by SciPy's k-d tree, as one line of JSON.

  applicability.py FOLDER APPLICABILITY.tif PIXELS THREADS
"""
import json
import os
import sys
import time

import numpy as np

SCIPY_PIXELS = 200_000  # evenly from the window in the middle
FEATURES = "B02,B03,B04,B08,NDVI,NDWI"


def ours(options, scene, out):
    import tile
    return tile.run_lcclass(options, "predict", "-m", scene.model, "-i", scene.stack, "-o", f"{scene.work}/map.tif",
                            "--samples", f"{scene.work}/samples.gpkg", "--scheme", "random", "--applicability", out)


def theirs(options, scene, out):
    import harness
    return harness.run([sys.executable, os.path.abspath(__file__), scene.work, out,
                        min(SCIPY_PIXELS, options.pixels), options.threads])


def middle_of(path, side):
    """Bands of the window in the middle, a row per valid pixel."""
    from osgeo import gdal
    gdal.UseExceptions()
    raster = gdal.Open(path)
    side = min(side, raster.RasterXSize)
    corner = (raster.RasterXSize - side) // 2
    bands = raster.ReadAsArray(corner, corner, side, side).reshape(raster.RasterCount, -1).T
    return bands[np.isfinite(bands).all(axis=1)], json.loads(raster.GetMetadataItem("LCCLASS_APPLICABILITY"))


def main(folder, path, n_pixels, threads):
    from scipy.spatial import cKDTree
    import tile
    samples = np.load(f"{folder}/X_train_tile.npy").astype(float)
    written, record = middle_of(path, tile.SAMPLE_SIDE)
    pixels = np.load(f"{folder}/image_tile.npy", mmap_mode="r")
    step = max(1, len(pixels) // int(n_pixels))
    weights = np.array([record["weights"][name] for name in FEATURES.split(",")])
    mean, sd = samples.mean(axis=0), samples.std(axis=0, ddof=1)
    samples, pixels = ((rows - mean) / sd * weights for rows in (samples, pixels[::step].astype(float)))
    start, cpu = time.perf_counter(), time.process_time()
    tree = cKDTree(samples)
    nearest, _ = tree.query(pixels, workers=int(threads))
    density = tree.query_ball_point(pixels, record["threshold"] * record["mean_distance"], workers=int(threads),
                                    return_length=True)
    done = dict(seconds=time.perf_counter() - start, cpu_seconds=time.process_time() - cpu, pixels=len(pixels))
    found, counted = written[::step, 0], written[::step, 2]
    print(json.dumps(dict(done, difference=float(np.abs(found - nearest / record["mean_distance"]).max()),
                          differing_counts=int((counted != density).sum()))))


if __name__ == "__main__":
    main(*sys.argv[1:])
