#!/usr/bin/python3
"""Opens what an experiment left in a folder in QGIS, as somebody does who drags the files there, and checks what is seen.

open_in_qgis.py FOLDER: reads project.qgs and the files beside it, writes project.png, prints every check that fails.
"""

import json
import os
import sys

from osgeo import gdal
from qgis.core import (Qgis, QgsApplication, QgsExpressionContextUtils, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsProject, QgsRasterLayer, QgsRenderContext, QgsVectorLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

failures = []


def check(what, actual, expected):
    if actual != expected:
        failures.append(f"{what}: {actual!r}, expected {expected!r}")


def legend_of(layer):
    """The classes as lcclass wrote them into the raster: (code, name, colour)."""
    dataset = gdal.Open(layer.source())
    return [(c["code"], c["name"], c["color"]) for c in json.loads(dataset.GetMetadataItem("LCCLASS_LEGEND"))]


def palette_of(layer):
    return [(int(c.value), c.label, c.color.name()) for c in layer.renderer().classes()]


def check_rasters(folder):
    """Each raster takes the style beside it."""
    kinds = {"map": "paletted", "labels": "paletted", "dominant": "paletted", "applicability": "paletted",
             "uncertainty": "singlebandpseudocolor", "probabilities": "singlebandpseudocolor",
             "shap": "singlebandpseudocolor", "stack": "multibandcolor"}
    layers = {name: QgsRasterLayer(f"{folder}/{name}.tif", name) for name in kinds}
    for name, kind in kinds.items():
        check(f"{name}.tif valid", layers[name].isValid(), True)
        check(f"{name}.tif renderer", layers[name].renderer().type(), kind)
    for name in ("map", "labels"):
        check(f"{name}.tif classes", palette_of(layers[name]), legend_of(layers["map"]))
    entropy = layers["uncertainty"].renderer()
    check("uncertainty band", layers["uncertainty"].bandName(entropy.usesBands()[0]), "Band 3: entropy")
    shap = layers["shap"].renderer().shader().rasterShaderFunction()
    check("shap limits", shap.minimumValue(), -shap.maximumValue())
    stack = layers["stack"]
    bands = [stack.bandName(b).split(": ")[1] for b in stack.renderer().usesBands()]
    check("stack bands", bands, ["B04", "B03", "B02"])
    red = stack.renderer().redContrastEnhancement()
    check("stack limits rise", red.minimumValue() < red.maximumValue(), True)


def check_vectors(folder):
    """Each layer of a GeoPackage takes the style inside it."""
    expected = {("folds.gpkg", "blocks"): '"fold"', ("folds.gpkg", "samples"): '"spatial_block_right"',
                ("samples.gpkg", "samples"): '"class_code"', ("shap.gpkg", "shap_values"): '"strongest"',
                ("plan.gpkg", "plan"): None}
    for (name, table), expression in expected.items():
        layer = QgsVectorLayer(f"{folder}/{name}|layername={table}", table, "ogr")
        check(f"{name} {table} valid", layer.isValid(), True)
        renderer = layer.renderer()
        check(f"{name} {table} renderer", renderer.type(), "categorizedSymbol")
        if expression:
            check(f"{name} {table} by", renderer.classAttribute(), expression)
        check_all_drawn(layer, f"{name} {table}")


def check_all_drawn(layer, name):
    """No feature is without a category, so that none is invisible."""
    context = QgsRenderContext()
    context.expressionContext().appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    missing = 0
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        missing += renderer.symbolForFeature(feature, context) is None
    renderer.stopRender(context)
    check(f"{name} features without a symbol", missing, 0)


def check_project(folder):
    project = QgsProject.instance()
    check("project opens", project.read(f"{folder}/project.qgs"), True)
    layers = project.layerTreeRoot().layerOrder()
    check("layers", [layer.name() for layer in layers],
          ["Training polygons", "Blocks by fold", "Samples, right or wrong in cross-validation", "Samples by class",
           "Samples by strongest feature", "Land cover", "Applicability: outside of what the samples know",
           "Uncertainty: entropy, bit", "Probabilities, a band per class", "Feature that decides",
           "SHAP values, a band per feature", "Labels", "Scene"])
    for layer in layers:
        check(f"{layer.name()} valid", layer.isValid(), True)
        check(f"{layer.name()} has a CRS", layer.crs().isValid(), True)
    check("project CRS", project.crs().authid(), layers[-1].crs().authid())
    by_name = {layer.name(): layer for layer in layers}
    check("map in project", palette_of(by_name["Land cover"]), legend_of(by_name["Land cover"]))
    check("samples in project", by_name["Samples by class"].renderer().type(), "categorizedSymbol")
    check("paths are relative", project.readEntry("Paths", "Absolute")[0], "false")
    shown = [layer.name() for layer in project.layerTreeRoot().checkedLayers()]
    check("shown", shown, ["Training polygons", "Blocks by fold", "Land cover", "Scene"])
    view = project.viewSettings().defaultViewExtent()
    extent = by_name["Land cover"].extent()
    check("opens on the map", [round(v) for v in (view.xMinimum(), view.yMinimum(), view.xMaximum(), view.yMaximum())],
          [round(v) for v in (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())])
    return project


def draw(layers, crs, extent, file):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(900, 900))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(file)
    return image


def check_colours(project, folder):
    """A pixel in the middle of the map has the colour of its class."""
    land = [layer for layer in project.mapLayers().values() if layer.name() == "Land cover"][0]
    image = draw([land], project.crs(), land.extent(), f"{folder}/map.png")
    colours = {colour for _, _, colour in legend_of(land)}
    seen = {image.pixelColor(x, y).name() for x in range(20, 900, 40) for y in range(20, 900, 40)}
    check("colours that are of no class", seen - colours - {"#ffffff"}, set())
    check("colours of classes are seen", len(seen & colours) > 1, True)


def main(folder):
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    check_rasters(folder)
    check_vectors(folder)
    project = check_project(folder)
    check_colours(project, folder)
    view = project.viewSettings().defaultViewExtent()
    draw(project.layerTreeRoot().checkedLayers(), project.crs(), view, f"{folder}/project.png")
    for name, layer in [(layer.name(), layer) for layer in project.layerTreeRoot().layerOrder()]:
        draw([layer], project.crs(), view, f"{folder}/layer {name.split(',')[0].split(':')[0]}.png")
    print(f"QGIS {Qgis.QGIS_VERSION}: {len(failures)} checks failed")
    for failure in failures:
        print("failed:", failure)
    sys.stdout.flush()
    os._exit(1 if failures else 0)  # QGIS without a screen may crash while it takes itself apart


main(os.path.abspath(sys.argv[1]))
