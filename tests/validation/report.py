#!/usr/bin/python3
"""Tables from the figures of study.py; into a page between `<!-- validation: NAME -->` and `<!-- validation end -->`.

usage: report.py validation-data docs/validation.md
"""
import csv
import math
import re
import statistics
import sys
from collections import defaultdict

from experiment import DESIGNS, SCHEMES

FIGURE = "overall_accuracy"
NUMBERS = ("truth", "estimate", "low", "high", "w_m", "leave_one_out_w_m", "left_out_share")
LEAST, MOST = .90, .98  # share of 95 % intervals that must hold the truth


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for key in NUMBERS:
            if key in row:
                row[key] = float(row[key]) if row[key] else None
    return rows


def grouped(rows, *keys):
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def mean(values):
    values = list(values)
    return statistics.fmean(values) if values else math.nan


def sd(values):
    values = list(values)
    return statistics.stdev(values) if len(values) > 1 else math.nan


def errors(rows):
    """Estimate minus truth, in points (hundredths)."""
    return [100 * (row["estimate"] - row["truth"]) for row in rows if row["estimate"] is not None]


def errors_on_learned(rows):
    """The same against the accuracy on the land of classes that the map has."""
    return [100 * (row["estimate"] - row["truth"] / (1 - row["left_out_share"])) for row in rows
            if row["estimate"] is not None]


def rmse(values):
    return math.sqrt(mean(value ** 2 for value in values))


def covered(rows):
    """1 for every interval that holds the truth, 0 for others; none for rows without an interval."""
    return [float(row["low"] <= row["truth"] <= row["high"]) for row in rows if row["low"] is not None]


def share(values):
    return f"{100 * mean(values):.1f} %" if values else "NA"


def half_width(rows):
    return mean(50 * (row["high"] - row["low"]) for row in rows if row["low"] is not None)


def number(value, digits=1, sign=""):
    return "NA" if math.isnan(value) else f"{value:{sign}.{digits}f}"


def table(header, rows):
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def scheme_table(rows, design):
    made = []
    for scheme in SCHEMES:
        all_rows = [row for row in rows if (row["design"], row["scheme"], row["figure"]) == (design, scheme, FIGURE)]
        here = [row for row in all_rows if not row["refused"]]
        if not here:
            continue
        off = errors(here)
        made.append([f"`{scheme}`", len(here), len(all_rows) - len(here),
                     f"{number(mean(off), sign='+')} ± {number(sd(off) / math.sqrt(len(off)))}",
                     number(mean(errors_on_learned(here)), sign="+"), number(sd(off)), number(rmse(off)),
                     share(covered(here)), "± " + number(half_width(here)), number(mean(row["w_m"] for row in here), 0)])
    return table(["scheme", "landscapes", "refused", "bias ± se", "bias on learned classes", "sd", "rmse", "95 % interval holds the truth",
                  "half width", "W, m"], made)


def paired(rows, keep):
    """By landscape and design the estimates of all schemes that gave one, for those that `keep` wants."""
    pairs = defaultdict(dict)
    for row in rows:
        if row["figure"] == FIGURE and not row["refused"] and row["scheme"] in keep:
            pairs[row["landscape"], row["design"]][row["scheme"]] = row
    return pairs


def smallest_w(schemes):
    return min(schemes.values(), key=lambda row: (row["w_m"], SCHEMES.index(row["scheme"])))


def choice_table(rows):
    """How far off one is who always believes one scheme, or the one with the smallest W; nndm is not on all landscapes."""
    pairs = paired(rows, SCHEMES[:-1])
    whole = SCHEMES[2:-1]
    rules = {f"`{scheme}`": lambda found, scheme=scheme: found.get(scheme) for scheme in SCHEMES[:-1]}
    rules["smallest W of those that keep polygons whole"] = lambda found: smallest_w(
        {scheme: row for scheme, row in found.items() if scheme in whole})
    made = []
    for name, rule in rules.items():
        chosen = [row for row in map(rule, pairs.values()) if row]
        made.append([name, *(number(rmse(errors(r for r in chosen if r["design"] == design))) for design in DESIGNS),
                     number(rmse(errors(chosen))), share([float(abs(off) <= 3) for off in errors(chosen)]),
                     share([float(off > 3) for off in errors(chosen)])])
    return table(["who believes", *(f"is off by (rmse): {design}" for design in DESIGNS), "all", "within 3 points",
                  "more than 3 too good"], made)


def truth_table(rows):
    made = []
    for design in DESIGNS:
        here = [row for row in rows if (row["design"], row["figure"]) == (design, FIGURE) and row["scheme"] == "polygon"]
        truths = [100 * row["truth"] for row in here]
        made.append([f"`{design}`", len(here), number(mean(truths)), f"{min(truths):.1f} to {max(truths):.1f}",
                     number(mean(float(row["n_samples"]) for row in here if row["n_samples"]), 0),
                     number(mean(100 * row["left_out_share"] for row in here)) + " %",
                     number(mean(row["leave_one_out_w_m"] for row in here if row["leave_one_out_w_m"] is not None), 0)])
    return table(["sampling", "landscapes", "true accuracy of the map, mean, %", "range", "samples",
                  "land of classes left out", "W if every label were tested by all others, m"], made)


def coverage(rows):
    """In bold where it is not what was asked."""
    hits = covered(rows)
    inside = hits and LEAST <= mean(hits) <= MOST
    return share(hits) if inside or not hits else f"**{share(hits)}**"


def reference_table(rows):
    """Classes that the map does not have, because they had too few labels, are one row."""
    for row in rows:
        row["figure"] = row["figure"] if row["mapped"] == "1" else "classes not on the map"
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    by_figure = sorted(grouped(rows, "figure").items(),
                       key=lambda item: (item[0][0] == "classes not on the map", -mean(r["truth"] for r in item[1])))
    made = []
    for (figure,), here in by_figure:
        cells = [figure, len(here) // len(kinds), number(mean(100 * row["truth"] for row in here))]
        for kind in kinds:
            drawn = [row for row in here if row["kind"] == kind]
            cells += [number(mean(errors(drawn)), 2, "+"), "± " + number(half_width(drawn), 2), coverage(drawn)]
        made.append(cells)
    header = ["figure", "samples of each kind", "truth, %"]
    for kind in kinds:
        header += [f"{kind}: bias", "half width", "hold the truth"]
    return table(header, made)


def tables(folder):
    schemes, references = read(f"{folder}/schemes.csv"), read(f"{folder}/references.csv")
    made = {f"schemes {design}": scheme_table(schemes, design) for design in DESIGNS}
    return dict(made, truth=truth_table(schemes), choice=choice_table(schemes), references=reference_table(references))


def fill(page, made):
    for name, text in made.items():
        page = re.sub(rf"(<!-- validation: {name} -->\n).*?(<!-- validation end -->)",
                      lambda found, text=text: f"{found[1]}{text}\n{found[2]}", page, flags=re.DOTALL)
    return page


def main(folder, page_path):
    with open(page_path, encoding="utf-8") as file:
        page = fill(file.read(), tables(folder))
    with open(page_path, "w", encoding="utf-8") as file:
        file.write(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
