#!/usr/bin/python3
"""scikit-image's graycomatrix and graycoprops (Debian: python3-skimage), window by window.

  peer_scikit_image.py version
  peer_scikit_image.py texture statistics=contrast,... size=7 levels=32 distance=1 low=0 high=0.5 plane=FILE
                               width=W height=H out=FILE

`plane` holds 32-bit floats row by row; `out` gets the statistics as 64-bit floats, one plane after another.
"""
import sys

import numpy as np
import skimage
import worker
from skimage.feature import graycomatrix, graycoprops

ANGLES = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
# Not in graycoprops of every version: the mean over the directions, each of them a matrix in the last axis.
OWN = {
    "mean": lambda p, i: (i * p).sum(axis=(0, 1)).mean(),
    "variance": lambda p, i: (p * (i - (i * p).sum(axis=(0, 1))) ** 2).sum(axis=(0, 1)).mean(),
    "entropy": lambda p, _: -(p * np.log(p, where=p > 0, out=np.zeros_like(p))).sum(axis=(0, 1)).mean(),
}


def quantise(job):
    plane = np.fromfile(job.plane, np.float32).reshape(job.height, job.width).astype(np.float64)
    low, high = float(job.low), float(job.high)
    return np.clip(np.floor((plane - low) / (high - low) * job.levels), 0, job.levels - 1).astype(np.uint8)


def texture(job):
    statistics, levels, radius = job.statistics.split(","), quantise(job), job.size // 2
    i = np.arange(job.levels).reshape(-1, 1, 1)
    result = np.empty((len(statistics), job.height, job.width))
    clock = worker.Clock()
    for y, x in np.ndindex(levels.shape):
        window = levels[max(0, y - radius):y + radius + 1, max(0, x - radius):x + radius + 1]
        p = graycomatrix(window, [job.distance], ANGLES, levels=job.levels, symmetric=True, normed=True)
        for s, name in enumerate(statistics):
            result[s, y, x] = OWN[name](p[:, :, 0], i) if name in OWN else graycoprops(p, name).mean()
    figures = clock.read()
    result.tofile(job.out)
    return dict(figures, pixels=levels.size)


if __name__ == "__main__":
    worker.serve(dict(version=lambda job: dict(version=skimage.__version__), texture=texture), *sys.argv[1:])
