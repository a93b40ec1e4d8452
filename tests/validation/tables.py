"""The figures of all experiments as two flat tables."""
import csv
import json
import os

SCHEME_COLUMNS = ("landscape", "design", "scheme", "n_samples", "n_polygons", "left_out_share", "w_m", "leave_one_out_w_m",
                  "figure", "truth", "estimate", "low", "high", "refused")
REFERENCE_COLUMNS = ("landscape", "design", "kind", "draw", "units", "figure", "mapped", "truth", "estimate", "low", "high")


def scheme_rows(record):
    left_out = sum(record["areas"].get(name, 0) for name in record["left_out"])
    for scheme, entry in record["schemes"].items():
        common = dict(landscape=record["landscape"], design=record["design"], scheme=scheme, left_out_share=left_out)
        for figure, truth in record["truth"].items():
            row = dict(common, figure=figure, truth=truth, refused=entry.get("refused", ""))
            if figure in entry:
                low, high = entry[figure]["ci95"] or (None, None)
                row.update({key: entry[key] for key in ("n_samples", "n_polygons", "w_m", "leave_one_out_w_m")},
                           estimate=entry[figure]["estimate"], low=low, high=high)
            yield row


def reference_rows(record):
    """A class that no unit found has the estimate 0 and an interval of no width."""
    for entry in record["references"]:
        common = {key: entry[key] for key in ("kind", "draw", "units")}
        common.update(landscape=record["landscape"], design=record["design"])
        estimate, interval = entry["overall_accuracy"]
        yield dict(common, figure="overall accuracy", mapped=1, truth=record["truth"]["overall_accuracy"],
                   estimate=estimate, low=interval[0], high=interval[1])
        for name, share in record["areas"].items():
            estimate, interval = entry["areas"].get(name, (0, (0, 0)))
            low, high = interval or (None, None)
            yield dict(common, figure=name, mapped=int(name not in record["left_out"]), truth=share, estimate=estimate,
                       low=low, high=high)


def write(paths, folder):
    records = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            records.append(json.load(file))
    for name, columns, rows_of in (("schemes.csv", SCHEME_COLUMNS, scheme_rows),
                                   ("references.csv", REFERENCE_COLUMNS, reference_rows)):
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            for record in records:
                writer.writerows(rows_of(record))
