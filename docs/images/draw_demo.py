#!/usr/bin/python3
"""Draws docs/images/demo.png from the folder that `make demo` fills: scene, map, uncertainty, accuracies.

usage: draw_demo.py demo docs/images/demo.png   (Debian: python3-gdal python3-matplotlib)
"""
import json
import sys

import numpy as np
from osgeo import gdal, ogr, osr
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.patches import Patch
gdal.UseExceptions()
demo, out = sys.argv[1], sys.argv[2]
stack = gdal.Open(f"{demo}/out/stack.tif"); names = [stack.GetRasterBand(i+1).GetDescription() for i in range(stack.RasterCount)]
band = lambda n: stack.GetRasterBand(names.index(n)+1).ReadAsArray()
rgb = np.dstack([np.clip(band(n)/0.22, 0, 1)**0.8 for n in ("B04","B03","B02")]); rgb[np.isnan(rgb)] = 1
gt = stack.GetGeoTransform(); ext = [gt[0], gt[0]+gt[1]*stack.RasterXSize, gt[3]+gt[5]*stack.RasterYSize, gt[3]]
m = gdal.Open(f"{demo}/out/map.tif"); a = m.ReadAsArray(); legend = json.loads(m.GetMetadataItem("LCCLASS_LEGEND"))
img = np.ones(a.shape+(3,))
for c in legend:
    img[a == c["code"]] = [int(c["color"][i:i+2], 16)/255 for i in (1,3,5)]
u = gdal.Open(f"{demo}/out/uncertainty.tif"); unc = u.GetRasterBand(2).ReadAsArray()
cv = json.load(open(f"{demo}/out/cv.json")); acc = json.load(open(f"{demo}/out/accuracy.json"))
fig, ax = plt.subplots(1, 4, figsize=(17, 4.6), gridspec_kw={"width_ratios": [1,1,1,.8]}, constrained_layout=True)
ax[0].imshow(rgb, extent=ext); ax[0].set_title("scene (simulated), training polygons in yellow")
src = ogr.Open(f"{demo}/polygons.gpkg"); lay = src.GetLayer(0)
to = osr.SpatialReference(wkt=stack.GetProjection()); frm = lay.GetSpatialRef()
for s in (to, frm): s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
tr = osr.CoordinateTransformation(frm, to)
for f in lay:
    g = f.GetGeometryRef(); g.Transform(tr)
    for k in range(g.GetGeometryCount()):
        r = g.GetGeometryRef(k); r = r.GetGeometryRef(0) if r.GetGeometryCount() else r
        p = np.array(r.GetPoints())[:, :2]; ax[0].plot(p[:,0], p[:,1], color="yellow", lw=.7)
ax[0].set_xlim(ext[:2]); ax[0].set_ylim(ext[2:])
ax[1].imshow(img, extent=ext); ax[1].set_title("land cover map")
ax[1].legend(handles=[Patch(color=c["color"], label=c["name"]) for c in legend], loc="upper center", bbox_to_anchor=(.5,-.02), ncol=3, fontsize=8, frameon=False)
i = ax[2].imshow(unc, extent=ext, cmap="viridis", vmin=0, vmax=1); ax[2].set_title("margin: lead of the first class over the second"); fig.colorbar(i, ax=ax[2], shrink=.6, orientation="horizontal", pad=.02, aspect=40)
for x in ax[:3]: x.set_anchor("N"); x.set_xticks([]); x.set_yticks([])
rows = [(s, cv["schemes"][s]["mean"]["test"]["overall_accuracy"], cv["schemes"][s]["sd"]["test"]["overall_accuracy"]) for s in cv["schemes"]]
y = np.arange(len(rows)); ax[3].barh(y, [r[1]*100 for r in rows], xerr=[r[2]*100 for r in rows], color=["#999999","#5b8db8","#2b5f8a"])
for k, r in enumerate(rows): ax[3].text(61, k, f"{r[0]}: {r[1]*100:.1f} %", va="center", color="white", fontsize=10)
t = acc["overall_accuracy"]*100; ax[3].axvline(t, color="#c0392b", lw=2); ax[3].text(t+.6, 2.62, f"true: {t:.1f} %", color="#c0392b", ha="left")
ax[3].set_yticks([]); ax[3].set_xlim(60, 95); ax[3].set_ylim(2.8, -.5); ax[3].set_xlabel("overall accuracy, %"); ax[3].set_title("what the folds promised")
for s in ("top","right"): ax[3].spines[s].set_visible(False)
fig.savefig(out, dpi=75)
