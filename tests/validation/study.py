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
    parser.add_argument("--jobs", type=int, default=2, help="experiments at a time (%(default)s)")
    options = parser.parse_args()
    unknown = set(options.designs.split(",")) - set(experiment.DESIGNS)
    if unknown:
        parser.error(f"unknown design {', '.join(sorted(unknown))}; known: {', '.join(experiment.DESIGNS)}")
    return options


def is_made(path, settings):
    """True when the file is there and was made with the same settings."""
    if not os.path.exists(path):
        return False
    with open(path, encoding="utf-8") as file:
        return json.load(file)["settings"] == settings.figures()


def make(settings, landscape, design, path):
    """One file of figures, whole or not at all."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        record = experiment.Experiment(settings, landscape, design, folder).record()
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
        file.write("\n")
    os.replace(path + ".part", path)
    print(f"[{time.strftime('%H:%M:%S')}] landscape {landscape}, {design}: {time.perf_counter() - start:.0f} s", flush=True)


def main():
    options = parse_options()
    os.makedirs(options.out, exist_ok=True)
    settings = experiment.Settings(program=os.path.abspath(options.bin))
    paths = []
    with ThreadPoolExecutor(options.jobs) as pool:
        running = []
        for landscape in range(1, options.landscapes + 1):
            for design in options.designs.split(","):
                paths.append(os.path.join(options.out, f"{landscape:03d}-{design}.json"))
                if not is_made(paths[-1], settings):
                    running.append(pool.submit(make, settings, landscape, design, paths[-1]))
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
