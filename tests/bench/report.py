#!/usr/bin/python3
"""Tables from bench.json; into a page between `<!-- bench: NAME -->` and `<!-- bench end -->`.

usage: report.py bench.json docs/performance.md
"""
import json
import re
import sys
from dataclasses import dataclass

OURS = "lcclass"
MIB_PER_GIB = 1024
LOWEST_DIFFERENCE = -0.001  # of mean accuracy, ours less theirs


@dataclass(frozen=True)
class Ask:
    """A bound on a figure: how many times better than the peer's ours must be, or how large it may be."""
    work: str                 # key of an entry
    figure: str
    peer: str = ""            # none: the figure itself is bounded
    at_least: float = None
    at_most: float = None
    ours: str = OURS


ASKED = (
    Ask("train f6 200k unlimited", "seconds", "scikit-learn", at_least=10),
    Ask("train f6 200k unlimited", "seconds", "ranger", at_least=10),
    Ask("train f6 1M unlimited", "seconds", "scikit-learn", at_least=12),
    Ask("train f6 1M unlimited", "peak_mb", "scikit-learn", at_least=5),
    Ask("train f20 200k unlimited", "seconds", "scikit-learn", at_least=10),
    Ask("train f6 200k unlimited", "model_mb", "scikit-learn", at_least=10),
    Ask("train f6 200k unlimited", "load_seconds", at_most=.3),
    Ask("predict classes", "mpx_per_second", "scikit-learn", at_least=40),
    Ask("predict classes", "mpx_per_second", "OTB", at_least=80),
    Ask("predict classes", "mpx_per_second", "xgboost", at_least=8),
    Ask("predict probabilities", "mpx_per_second", "scikit-learn", at_least=20),
    Ask("tile safe", "seconds", "GDAL decoding", at_most=1.6),
    Ask("tile stack", "mpx_per_second", "scikit-learn", at_least=25),
    Ask("tile stack", "peak_mb", at_most=MIB_PER_GIB),
    Ask("applicability", "seconds", at_most=900),
    Ask("applicability", "peak_mb", at_most=MIB_PER_GIB),
    Ask("tune", "seconds", "scikit-learn", at_least=60),
    Ask("texture contrast", "mpx_per_second", "scikit-image", at_least=50),
    Ask("texture contrast", "difference", at_most=1e-6),
    Ask("texture nine statistics", "mpx_per_second", "scikit-image", at_least=50),
    Ask("texture nine statistics", "difference", at_most=1e-6),
    Ask("shap f6 depth 10 image", "rows_per_second", "shap", at_least=1500),
    Ask("shap f6 depth 20 image", "rows_per_second", "shap", at_least=1500),
    Ask("shap f20 depth 10 image", "rows_per_second", "shap", at_least=120),
    Ask("shap f6 depth 10 independent", "rows_per_second", "shap", at_least=400),
    Ask("shap f20 depth 10 independent", "rows_per_second", "shap", at_least=80),
    Ask("shap f6 depth 10 image", "difference", at_most=1e-6),
    Ask("shap f6 depth 20 image", "difference", at_most=1e-6),
    Ask("shap f20 depth 10 image", "difference", at_most=1e-6),
    Ask("features tile", "peak_mb", at_most=MIB_PER_GIB),
    Ask("scaling threads", "seconds", "1", at_least=1.85, ours="2"),
    Ask("scaling threads", "predict_seconds", "1", at_least=1.85, ours="2"),
)
NAMES = dict(seconds="s", mpx_per_second="Mpx/s", rows_per_second="rows/s", peak_mb="peak MiB", model_mb="model MB", load_seconds="load s",
             predict_seconds="s of predict", difference="largest difference")
SPEEDS = dict(mpx_per_second="pixels", rows_per_second="rows")  # and what they count
CPU = dict(seconds="cpu_seconds", predict_seconds="predict_cpu_seconds")


def all_entries(sections):
    return {entry["key"]: entry for section in sections.values() for entry in section["entries"]}


def times_better(ask, ours, theirs):
    """Of speed the larger is better, of everything else the smaller. With `at_most`: how many times theirs ours is."""
    larger_is_better = ask.figure in SPEEDS or ask.at_most is not None
    return ours / theirs if larger_is_better else theirs / ours


def cpu_ratio(ask, ours, theirs):
    """The same from CPU time, which other programs on the machine disturb less."""
    if ask.figure in SPEEDS:
        count = SPEEDS[ask.figure]
        return theirs["cpu_seconds"] / theirs[count] / (ours["cpu_seconds"] / ours[count])
    figure = CPU.get(ask.figure)
    return times_better(ask, ours[figure], theirs[figure]) if figure and ask.ours == OURS else None


def judge(ask, entry):
    """What was asked beside what was measured; nothing when one side was not run."""
    medians, runs = entry["medians"], entry["runs"]
    if ask.figure not in medians.get(ask.ours, {}) or (ask.peer and ask.peer not in medians):
        return None
    ours = medians[ask.ours]
    row = dict(work=entry["work"], figure=ask.figure, ours=ours[ask.figure], runs=[len(runs[ask.ours])])
    if ask.peer:
        theirs = medians[ask.peer]
        row.update(peer=ask.peer, theirs=theirs[ask.figure], ratio=times_better(ask, ours[ask.figure],
                   theirs[ask.figure]), cpu_ratio=cpu_ratio(ask, ours, theirs))
        row["runs"].append(len(runs[ask.peer]))
    value = row.get("ratio", row["ours"])
    met = value >= ask.at_least if ask.at_least is not None else value <= ask.at_most
    return dict(row, at_least=ask.at_least, at_most=ask.at_most, met=met)


def ratios(sections):
    entries = all_entries(sections)
    rows = [judge(ask, entries[ask.work]) for ask in ASKED if ask.work in entries]
    parity = sections.get("parity", {}).get("entries")
    return [row for row in rows if row] + ([judge_parity(parity)] if parity else [])


def judge_parity(entries):
    worst = min(entries, key=lambda entry: entry["difference"])
    return dict(work=f"{worst['work']}, the worst of {len(entries)}", figure="accuracy difference",
                ours=worst["difference"], at_least=LOWEST_DIFFERENCE, met=worst["difference"] >= LOWEST_DIFFERENCE,
                runs=[len(runs) for runs in worst["runs"].values()])


def number(value, digits=3):
    """Three significant digits, no exponent."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"


def table(header, rows):
    """A Markdown table that is also readable as it is."""
    rows = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def asked_table(results):
    rows = []
    for row in results["ratios"]:
        bound = f"at least {row['at_least']:g}" if row["at_least"] is not None else f"at most {row['at_most']:g}"
        theirs = f"{number(row['theirs'])} ({row['peer']})" if "peer" in row else ""
        rows.append([row["work"], NAMES.get(row["figure"], row["figure"]), number(row["ours"]), theirs, number(row.get("ratio")),
                     number(row.get("cpu_ratio")), bound, "yes" if row["met"] else "NO",
                     " / ".join(str(n) for n in row["runs"])])
    return table(["work", "figure", OURS, "other", "ratio", "CPU ratio", "asked", "met", "runs"], rows)


def tools_table(section, figures):
    """Every tool of every work; figures that a tool has not got stay empty."""
    rows = []
    for entry in section["entries"]:
        for tool, median in entry["medians"].items():
            rows.append([entry["work"], tool, len(entry["runs"][tool])] + [number(median.get(f), 4) for f in figures])
    return table(["work", "tool", "runs", *figures.values()], rows)


TRAIN = dict(seconds="s", cpu_seconds="CPU s", peak_mb="peak MiB", nodes="nodes", model_mb="model MB",
             load_seconds="load s", accuracy="accuracy")
PREDICT = dict(pixels="pixels", seconds="s", cpu_seconds="CPU s", mpx_per_second="Mpx/s", startup_seconds="start-up s",
               peak_mb="peak MiB", accuracy="accuracy")
APPLICABILITY = dict(pixels="pixels", seconds="s", cpu_seconds="CPU s", mpx_per_second="Mpx/s", peak_mb="peak MiB",
                     difference="largest difference", differing_counts="differing counts")
TUNE = dict(seconds="s", cpu_seconds="CPU s", peak_mb="peak MiB", accuracy="accuracy")
TEXTURE = dict(pixels="pixels", seconds="s", cpu_seconds="CPU s", us_per_pixel="µs per pixel",
               difference="largest difference")
SHAP = dict(rows="rows", leaves="leaves", seconds="s", cpu_seconds="CPU s", rows_per_second="rows/s", peak_mb="peak MiB",
            difference="largest difference")
FEATURES = dict(seconds="s", cpu_seconds="CPU s", mpx_per_second="Mpx/s", peak_mb="peak MiB")
SCALING = dict(seconds="train s", cpu_seconds="train CPU s", peak_mb="peak MiB", model_mb="model MB",
               predict_seconds="predict s", predict_pixels="pixels", predict_mpx_per_second="predict Mpx/s",
               accuracy="accuracy")


def scaling_table(section):
    rows = [[entry["key"].removeprefix("scaling "), "unlimited" if point == "0" else number(float(point), 9)] +
            [number(median.get(figure), 4) for figure in SCALING]
            for entry in section["entries"] for point, median in entry["medians"].items()]
    return table(["over", "at", *SCALING.values()], rows)


def parity_table(section):
    rows = [[entry["work"], *(f"{mean:.5f}" for mean in entry["means"].values()), f"{entry['difference']:+.5f}",
             "WORSE" if entry["difference"] < LOWEST_DIFFERENCE else "no", " / ".join(str(len(runs)) for runs in entry["runs"].values())]
            for entry in section["entries"]]
    return table(["work", OURS, "scikit-learn", "difference", "worse", "seeds"], rows)


def machine_text(results):
    """What the sections ran on, once when it was the same for all, and the load of the machine beside each."""
    facts, rows = {}, []
    for name, section in results["sections"].items():
        machine, settings = section["machine"], section["settings"]
        fact = [f"{machine['processor']}, {machine['processors']} processors, {machine['memory_gib']:g} GiB, "
                f"{machine['system']}", ", ".join(f"{tool} {version}" for tool, version in settings["versions"].items())]
        fact += [f"skipped: {missing['tool']} ({missing['why']})" for missing in settings["skipped"]]
        facts.update(dict.fromkeys(fact))
        rows.append([name, settings["threads"], settings["trees"], f"{machine['load']:.2f}",
                     f"{section['load_after']:.2f}", number(section["minutes"])])
    header = ["section", "threads", "trees", "load before", "load after", "minutes"]
    return "\n".join(f"- {fact}" for fact in facts) + "\n\n" + table(header, rows)


def tables(results):
    made = {"asked": asked_table(results)}
    writers = dict(train=lambda s: tools_table(s, TRAIN), predict=lambda s: tools_table(s, PREDICT),
                   tile=lambda s: tools_table(s, PREDICT),
                   applicability=lambda s: tools_table(s, APPLICABILITY), tune=lambda s: tools_table(s, TUNE),
                   texture=lambda s: tools_table(s, TEXTURE), shap=lambda s: tools_table(s, SHAP),
                    features=lambda s: tools_table(s, FEATURES), scaling=scaling_table, parity=parity_table)
    made.update({name: writers[name](section) for name, section in results["sections"].items()})
    return dict(made, machine=machine_text(results))


def fill(page, results):
    """The page with the tables that there are figures for."""
    for name, text in tables(results).items():
        page = re.sub(rf"(<!-- bench: {name} -->\n).*?(<!-- bench end -->)",
                      lambda found, text=text: f"{found[1]}{text}\n{found[2]}", page, flags=re.DOTALL)
    return page


def main(results_path, page_path):
    with open(results_path, encoding="utf-8") as file:
        results = json.load(file)
    with open(page_path, encoding="utf-8") as file:
        page = fill(file.read(), results)
    with open(page_path, "w", encoding="utf-8") as file:
        file.write(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
