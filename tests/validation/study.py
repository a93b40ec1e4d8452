#!/usr/bin/python3
"""Estimates of accuracy beside the truth in simulated landscapes: see docs/validation.md.

  study.py --bin build/bin/lcclass --out validation-data [--landscapes 30] [--jobs 2]

Writes a JSON file per landscape and design, and skips those that are there already with the same settings. Ends with `schemes.csv` and
`references.csv`, a line per estimate. The same settings give the same files.     (Debian: python3-gdal python3-numpy)
"""
import argparse
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import experiment
import tables


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="the program lcclass")
    parser.add_argument("--out", default="validation-data", help="folder of the figures (%(default)s)")
    parser.add_argument("--landscapes", type=int, default=30, help="seeds 1 to this (%(default)s)")
    parser.add_argument("--designs", default=",".join(experiment.DESIGNS), help="(%(default)s)")
    parser.add_argument("--nndm", type=int, default=8,
                        help="of these, how many with nndm: one forest per polygon takes its time (%(default)s)")
    parser.add_argument("--again", default="", help="parts to do again: schemes, references")
    parser.add_argument("--jobs", type=int, default=2, help="experiments at a time (%(default)s)")
    options = parser.parse_args()
    for given, known in ((options.designs, experiment.DESIGNS), (options.again, ("", *experiment.PARTS))):
        if unknown := set(given.split(",")) - set(known):
            parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    return options


def read(path, settings):
    """What the file has, or nothing when it is missing or was made with other settings."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        record = json.load(file)
    return record if record["settings"] == settings.figures() else {}


def is_whole(record, schemes):
    return "references" in record and set(schemes) <= set(record.get("schemes", {}))


def make(settings, landscape, design, path, schemes, known):
    """One file of figures, whole or not at all."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        record = experiment.Experiment(settings, landscape, design, folder).record(schemes, known)
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
        file.write("\n")
    os.replace(path + ".part", path)
    print(f"[{time.strftime('%H:%M:%S')}] landscape {landscape}, {design}: {time.perf_counter() - start:.0f} s", flush=True)


def main():
    options = parse_options()
    os.makedirs(options.out, exist_ok=True)
    settings = experiment.Settings(program=os.path.abspath(options.bin))
    again = options.again.split(",")
    paths = []
    with ThreadPoolExecutor(options.jobs) as pool:
        running = []
        for landscape in range(1, options.landscapes + 1):
            for design in options.designs.split(","):
                paths.append(os.path.join(options.out, f"{landscape:03d}-{design}.json"))
                known = {part: made for part, made in read(paths[-1], settings).items() if part not in again}
                schemes = experiment.SCHEMES if landscape <= options.nndm else experiment.SCHEMES[:-1]
                if not is_whole(known, schemes):
                    running.append(pool.submit(make, settings, landscape, design, paths[-1], schemes, known))
        try:
            for task in running:
                task.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    tables.write(paths, options.out)
    print(f"figures: {options.out}/schemes.csv, {options.out}/references.csv")


if __name__ == "__main__":
    try:
        main()
    except experiment.Failed as failure:
        sys.exit(f"study: {failure}")
