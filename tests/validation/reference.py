"""Reference samples of a simulated scene: drawn by chance, and labelled from the truth."""
import random
from dataclasses import dataclass

import numpy
from osgeo import gdal, ogr

gdal.UseExceptions()
ogr.UseExceptions()


@dataclass(frozen=True)
class Kind:
    design: str
    target_se: float = 0  # of the plan that draws it; 0: a number of pixels, all with the same chance
    units: int = 0


KINDS = {"plan, target 0.01": Kind("stratified", target_se=.01),
         "plan, target 0.02": Kind("stratified", target_se=.02),
         "simple, 500 points": Kind("simple", units=500)}


class Scene:
    """The truth of a scene, and the pixels of its map that the model was not trained on."""

    def __init__(self, folder):
        truth = gdal.Open(str(folder / "scene" / "truth.tif"))
        self.left, self.width, _, self.top, _, self.height = truth.GetGeoTransform()
        self.crs = truth.GetSpatialRef().Clone()
        self.truth = truth.GetRasterBand(1).ReadAsArray()
        map_file = gdal.Open(str(folder / "map.tif"))
        mapped = map_file.GetRasterBand(1).ReadAsArray() > 0
        samples = ogr.Open(str(folder / "samples.gpkg"))
        for feature in samples.GetLayer("samples"):
            mapped[self.pixel(feature)] = False
        self.free = numpy.flatnonzero(mapped).tolist()

    def pixel(self, feature):
        """Row and column that the point is in."""
        point = feature.GetGeometryRef()
        return int((point.GetY() - self.top) / self.height), int((point.GetX() - self.left) / self.width)

    def label(self, path):
        """Fills in the classes of the points of a plan."""
        plan = ogr.Open(str(path), update=1)
        layer = plan.GetLayer("plan")
        layer.StartTransaction()
        for feature in list(layer):
            feature["class"] = str(self.truth[self.pixel(feature)])
            layer.SetFeature(feature)
        layer.CommitTransaction()

    def draw(self, path, n, seed):
        """Writes `n` labelled pixels, all with the same chance."""
        path.unlink(missing_ok=True)
        file = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        layer = file.CreateLayer("reference", self.crs, ogr.wkbPoint)
        layer.CreateField(ogr.FieldDefn("class", ogr.OFTString))
        layer.StartTransaction()
        for index in sorted(random.Random(seed).sample(self.free, n)):
            row, column = divmod(index, self.truth.shape[1])
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["class"] = str(self.truth[row, column])
            point = ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(self.left + (column + .5) * self.width, self.top + (row + .5) * self.height)
            feature.SetGeometry(point)
            layer.CreateFeature(feature)
        layer.CommitTransaction()
