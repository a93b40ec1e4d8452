#!/usr/bin/python3
"""Draws the scaling curves of bench.json.

usage: plot.py bench.json docs/images/performance.png       (Debian: python3-matplotlib)
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

TRAIN, PREDICT, GUIDE = "#1b6ca8", "#c8553d", "#999999"
CURVES = ("samples", "trees", "pixels")    # cost along a size: lines on logarithmic axes
BARS = ("depth", "features", "threads")    # a few settings: bars


def points_of(results, curve):
    entry = next(e for e in results["sections"]["scaling"]["entries"] if e["key"] == f"scaling {curve}")
    return list(entry["medians"].items())


def predict_cost(figures):
    return figures["predict_seconds"] / figures["predict_pixels"] * 1e6


def draw_line(axes, x, y, color, guide):
    axes.loglog(x, y, "o-", color=color)
    for point in zip(x, y):
        axes.annotate(f"{point[1]:.2g}", point, (0, 5), textcoords="offset points", ha="right", fontsize=8)
    if guide:
        axes.loglog(x, [y[-1] * value / x[-1] for value in x], ":", color=GUIDE, label="proportional")
        axes.legend(frameon=False, fontsize=8, loc="lower right")
    axes.set_xticks(x, [f"{value / 1000:g}k" if value >= 1000 else f"{value:g}" for value in x], fontsize=8)
    axes.minorticks_off()


def draw_bars(axes, labels, y, color):
    axes.bar(labels, y, color=color, width=.6)
    for i, value in enumerate(y):
        axes.annotate(f"{value:.2g}", (i, value), ha="center", va="bottom", fontsize=8)


def draw(results, path):
    figure, rows = pyplot.subplots(2, len(CURVES + BARS), figsize=(19, 6), constrained_layout=True)
    for column, curve in enumerate(CURVES + BARS):
        names, figures = zip(*points_of(results, curve))
        train = [f["seconds"] for f in figures]
        predict = [f["predict_seconds"] if curve == "pixels" else predict_cost(f) for f in figures]
        for axes, y, color in zip(rows[:, column], (train, predict), (TRAIN, PREDICT)):
            if curve in CURVES:
                per_pixel = color == PREDICT and curve == "samples"  # grows with the trees' depth only
                draw_line(axes, [float(name) for name in names], y, color, guide=not per_pixel)
            else:
                draw_bars(axes, ["none" if name == "0" else name for name in names], y, color)
            axes.set_xlabel(f"{curve} (limit)" if curve == "depth" else curve)
            axes.spines[["top", "right"]].set_visible(False)
        rows[1, column].set_ylabel("predict, s" if curve == "pixels" else "predict, s per Mpx")
        rows[0, column].set_ylabel("train, s")
    draw_model_size(rows[0, CURVES.index("pixels")], points_of(results, "samples"))
    figure.suptitle("Cost of lcclass around 200k samples, 6 features, 100 trees, unlimited depth")
    figure.savefig(path, dpi=110)


def draw_model_size(axes, points):
    """Training does not depend on the image: its place shows the model file."""
    axes.clear()
    draw_line(axes, [float(name) for name, _ in points], [f["model_mb"] for _, f in points], "#5b8c3a", guide=True)
    axes.set(xlabel="samples", ylabel="model, MB")
    axes.spines[["top", "right"]].set_visible(False)


def main(results_path, image_path):
    with open(results_path, encoding="utf-8") as file:
        results = json.load(file)
    if "scaling" not in results["sections"]:
        sys.exit(f"{results_path} has no section scaling; fix: run bench.py --only scaling")
    draw(results, image_path)


if __name__ == "__main__":
    main(*sys.argv[1:])
