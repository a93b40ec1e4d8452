#!/usr/bin/python3
"""How long GDAL alone needs to decode rasters: every block of the first band, once, kept nowhere. Prints one JSON line.

  decode.py THREADS FILE...       (Debian: python3-gdal)

Threads take the blocks of the files in turn, each through a handle of its own; GDAL starts no threads besides, and
its bindings for Python let other threads run while they read.
"""
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import worker
from osgeo import gdal

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_NUM_THREADS", "1")
handles = threading.local()


def blocks_of(path):
    dataset = gdal.Open(path)
    width, height = dataset.GetRasterBand(1).GetBlockSize()
    return [(path, x, y, min(width, dataset.RasterXSize - x), min(height, dataset.RasterYSize - y))
            for y in range(0, dataset.RasterYSize, height) for x in range(0, dataset.RasterXSize, width)]


def read_block(block):
    """Reads one block through the block cache, as any reader of a window does; returns its pixels."""
    path, *window = block
    if getattr(handles, "path", None) != path:
        handles.path, handles.dataset = path, gdal.Open(path)
    return handles.dataset.GetRasterBand(1).ReadAsArray(*window).size


def main(threads, *paths):
    blocks = [block for path in paths for block in blocks_of(path)]
    clock = worker.Clock()
    with ThreadPoolExecutor(int(threads)) as pool:
        pixels = sum(pool.map(read_block, blocks))
    print(json.dumps(dict(clock.read(), pixels=pixels, peak_mb=worker.peak_mb())))


if __name__ == "__main__":
    main(*sys.argv[1:])
