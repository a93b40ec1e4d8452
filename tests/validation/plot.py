#!/usr/bin/python3
"""Draws how far every scheme's estimate is from the truth.

usage: plot.py validation-data docs/images/validation.png       (Debian: python3-matplotlib)
"""
import statistics
import sys
import zlib

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

import report
from experiment import DESIGNS, SCHEMES

# Okabe and Ito (2008): told apart with any colour vision. Folds of samples, of polygons, of places, by distance.
COLORS = dict(zip(SCHEMES, ("#D55E00", "#D55E00", "#009E73", "#0072B2", "#0072B2", "#CC79A7", "#CC79A7")))


def jitter(row):
    """The same for the same landscape and scheme."""
    return (zlib.crc32((row["landscape"] + row["scheme"]).encode()) % 1000 / 1000 - .5) * .44


def draw_design(axes, rows):
    n_landscapes = len({row["landscape"] for row in rows})
    for place, scheme in enumerate(SCHEMES):
        here = [row for row in rows if row["scheme"] == scheme and not row["refused"]]
        if not here:
            continue
        y = len(SCHEMES) - place
        off = report.errors(here)
        axes.scatter(off, [y + jitter(row) for row in here], s=14, color=COLORS[scheme], alpha=.7, linewidths=0)
        axes.boxplot([off], positions=[y], vert=False, widths=.62, showfliers=False, patch_artist=True,
                     boxprops=dict(facecolor="none", edgecolor="#333333"), medianprops=dict(color="black", linewidth=1.6),
                     whiskerprops=dict(color="#333333"), capprops=dict(color="#333333"), manage_ticks=False)
        few = f"  n = {len(off)}" if len(off) < .9 * n_landscapes else ""
        axes.annotate(f"{statistics.fmean(off):+.1f}{few}", (1, y), (4, 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", va="center", fontsize=10)
    axes.axvline(0, color="black", linewidth=1)
    axes.set_ylim(.4, len(SCHEMES) + .6)
    axes.grid(axis="x", color="#dddddd", linewidth=.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def draw(rows, path):
    figure, panels = pyplot.subplots(1, len(DESIGNS), figsize=(13, 4.6), sharex=True, sharey=True,
                                     constrained_layout=True)
    for axes, design in zip(panels, DESIGNS):
        draw_design(axes, [row for row in rows if row["design"] == design])
        axes.set_title(design.replace("-", " "), fontsize=12)
        axes.annotate("mean", (1, 1), (4, 2), xycoords="axes fraction", textcoords="offset points", fontsize=9)
    panels[0].set_yticks([len(SCHEMES) - i for i in range(len(SCHEMES))], SCHEMES, fontsize=11)
    figure.supxlabel("estimate minus true overall accuracy of the map, points (right of 0: too good)", fontsize=11)
    figure.savefig(path, dpi=110)


def main(folder, image_path):
    draw([row for row in report.read(f"{folder}/schemes.csv") if row["figure"] == report.FIGURE], image_path)


if __name__ == "__main__":
    main(*sys.argv[1:])
