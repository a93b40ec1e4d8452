#!/usr/bin/python3
"""Orfeo ToolBox's TrainVectorClassifier and ImageClassifier with its forest, which is OpenCV's (Debian: otb-bin
python3-gdal); commands and figures are those of worker.py.

OTB works on files: fit takes a GeoPackage of the rows, predict a GeoTIFF of the pixels; both are made beforehand and
not timed. Times of predict are those of the whole program less its start-up, which is what it takes for ten pixels:
reading the model above all. OpenCV's trees end at depth 25, which stands for unlimited depth.
"""
import os
import re
import sys

import harness
import numpy as np
import rasters
import worker
from osgeo import gdal, ogr

gdal.UseExceptions()
DEEPEST_TREE = 25


def version(_):
    """The program takes a question for its version for a failure, but answers it."""
    try:
        text = harness.run(["otbcli_ImageClassifier", "-version"]).output
    except harness.Failed as failure:
        text = str(failure)
    return dict(version=re.search(r"version (\d[\d.]*)", text).group(1))


def run_application(name, threads, *words):
    environment = dict(OMP_NUM_THREADS=threads, ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS=threads)
    return harness.run([f"otbcli_{name}", *words], environment)


def write_points(path, x, codes):
    """Rows as points with the fields f0, f1, ... and class; where the points are does not matter."""
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = dataset.CreateLayer("samples", None, ogr.wkbPoint)
    names = [f"f{i}" for i in range(x.shape[1])]
    for name in names:
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal))
    layer.CreateField(ogr.FieldDefn("class", ogr.OFTInteger))
    layer.StartTransaction()
    for row, code in zip(x.tolist(), codes.tolist()):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt("POINT (0 0)"))
        for i, value in enumerate(row):
            feature.SetField(i, value)
        feature.SetField(len(row), code)
        layer.CreateFeature(feature)
    layer.CommitTransaction()


def fit(job):
    points = f"{job.model}.gpkg"
    x = worker.load_array(job, "X_train", job.rows)
    write_points(points, x, worker.load_array(job, "y_train", job.rows))
    options = dict(max=job.depth or DEEPEST_TREE, min=2, var=int(x.shape[1] ** .5), nbtrees=job.trees, acc=0)
    words = [word for name, value in options.items() for word in (f"-classifier.rf.{name}", value)]
    done = run_application("TrainVectorClassifier", job.threads, "-io.vd", points, "-io.out", job.model, "-feat",
                           *[f"f{i}" for i in range(x.shape[1])], "-cfield", "class", "-classifier", "rf", *words)
    os.remove(points)
    return dict(done.figures(), model_mb=os.path.getsize(job.model) / 1e6)


def predict(job):
    out = f"{job.model}.map.tif"
    small, done = (run_application("ImageClassifier", job.threads, "-in", rasters.image_file(job.data, job.variant, n),
                                   "-model", job.model, "-out", out, "uint8") for n in (10, job.pixels))
    codes = gdal.Open(out).ReadAsArray().ravel()
    truth = worker.load_array(job, "labels").ravel()[:len(codes)]
    return dict(done.less(small), pixels=len(codes), accuracy=np.mean(codes == truth))


if __name__ == "__main__":
    worker.serve(dict(version=version, fit=fit, predict=predict), *sys.argv[1:])
