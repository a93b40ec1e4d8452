"""What the section `texture` works on: near infrared of a real scene, and how two programs agree on a crop of it."""
import os

import harness
import numpy as np

OPTIONS = dict(size=7, levels=32, distance=1, low=0, high=.5)
STATISTICS = ("contrast", "dissimilarity", "homogeneity", "ASM", "energy", "entropy", "correlation", "mean", "variance")
WORKS = {"contrast": STATISTICS[:1], "nine statistics": STATISTICS}
CROP_SIDE = 200  # pixels that scikit-image gets: it takes a second for some thousand
HERE = os.path.dirname(os.path.abspath(__file__))
SHARED_DATA = os.environ.get("LCCLASS_SHARED_DATA", os.path.join(HERE, "../../../shared/data"))
SCENE = f"{SHARED_DATA}/berlin_s2l1c/IMG_DATA/T33UUU_20170216T102101_B08.jp2"


def reflectance(data):
    """Of a real scene, or of the workload's image where there is none."""
    if os.path.exists(SCENE):
        from osgeo import gdal
        return gdal.Open(SCENE).ReadAsArray() * 1e-4
    harness.say(f"no {SCENE}: texture of the workload's image instead; fix: set LCCLASS_SHARED_DATA")
    return np.load(f"{data}/image_f6.npy", mmap_mode="r")[:, :, 3] * 1e-4


def planes(data):
    """The whole band and the crop in its middle, as files of 32-bit floats; made anew."""
    band = reflectance(data).astype(np.float32)
    y, x = ((size - CROP_SIDE) // 2 for size in band.shape)
    return [write(f"{data}/cache/texture-{name}.f32", part)
            for name, part in (("band", band), ("crop", band[y:y + CROP_SIDE, x:x + CROP_SIDE]))]


def write(path, plane):
    np.ascontiguousarray(plane).tofile(path)
    height, width = plane.shape
    return dict(plane=path, width=width, height=height)


def job(statistics, plane, out):
    return dict(OPTIONS, **plane, statistics=",".join(statistics), out=out)


def ours(options, statistics, plane, out):
    words = [f"{name}={value}" for name, value in job(statistics, plane, out).items()]
    return harness.run([f"{options.bin}/kernel_bench", "texture", *words]).answer()


def largest_difference(ours_file, theirs_file):
    """Over all pixels and statistics; of values beyond 1 relative to them, as ours are floats."""
    one, other = np.fromfile(ours_file, np.float32), np.fromfile(theirs_file, np.float64)
    if one.size != other.size or np.isnan(one).any():
        raise harness.Failed(f"{ours_file} and {theirs_file} do not hold the same pixels")
    return float((np.abs(one - other) / np.maximum(1, np.abs(other))).max())
