#!/usr/bin/python3
"""Compares lcclass with every other tool that is installed, in one run: see docs/performance.md.

  bench.py --bin build/bin [--data bench-data] [--only train,predict,tile,applicability,tune,texture,shap,features,scaling,parity] [--out build/bench.json]

Prints its progress and, at the end, tables; writes every figure to bench.json. Sections that are not run keep their
figures from an earlier run. Data that is missing is made first. Tools that are missing are named.
"""
import argparse
import json
import os
import sys
import time

import harness
import peers
import report
import sections
import workload


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="folder of lcclass, forest_bench and kernel_bench")
    parser.add_argument("--data", default="bench-data", help="folder of the workload (%(default)s)")
    parser.add_argument("--out", default="bench.json", help="where the figures go (%(default)s)")
    parser.add_argument("--only", default=",".join(sections.ALL), help="sections (%(default)s)")
    parser.add_argument("--without", default="", help="tools to leave out, such as OTB,ranger")
    parser.add_argument("--threads", type=int, default=2, help="of every tool (%(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the median is taken (%(default)s)")
    parser.add_argument("--seeds", type=int, default=5, help="of the parity of accuracy (%(default)s)")
    parser.add_argument("--budget", type=float, default=120,
                        help="seconds that another tool may take for one work; two runs at least (%(default)s)")
    parser.add_argument("--trees", type=int, default=100, help="per forest (%(default)s)")
    parser.add_argument("--rows", type=int, default=1_000_000, help="training rows at most, to try it out")
    parser.add_argument("--pixels", type=int, default=4_000_000, help="pixels at most, to try it out")
    parser.add_argument("--tile", help="folder of `lcclass simulate`; made in the data folder otherwise")
    parser.add_argument("--tile-size", type=int, default=10980, help="pixels on a side (%(default)s)")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(sections.ALL)
    if unknown:
        parser.error(f"unknown section {', '.join(sorted(unknown))}; known: {', '.join(sections.ALL)}")
    return options


def find_peers(options):
    """Installed tools by name, their versions, and those that are missing with their package."""
    installed, versions, skipped = {}, {}, []
    for peer in peers.others():
        if peer.name in options.without.split(","):
            skipped.append(dict(tool=peer.name, why="left out"))
        elif version := peer.version():
            installed[peer.name], versions[peer.name] = peer, version
        else:
            skipped.append(dict(tool=peer.name, why=f"not installed: apt-get install {peer.package}"))
    return installed, versions, skipped


def read_results(path):
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    return dict(sections={})


def run_section(bench, name):
    harness.say(f"== {name}")
    before, start = harness.machine(), time.perf_counter()
    entries = sections.ALL[name](bench)
    settings = ("threads", "repeats", "seeds", "trees", "budget", "versions", "skipped")
    return dict(machine=before, load_after=os.getloadavg()[0], minutes=(time.perf_counter() - start) / 60,
                settings={key: getattr(bench.options, key) for key in settings}, entries=entries)


def main():
    options = parse_options()
    installed, versions, options.skipped = find_peers(options)
    ours = harness.run([f"{options.bin}/lcclass", "--version"]).output.split()[-1]
    options.versions = {"lcclass": ours, **versions}
    for missing in options.skipped:
        harness.say(f"skipped: {missing['tool']} ({missing['why']})")
    workload.make(options.data)
    bench = sections.Bench(options, peers.lcclass(f"{options.bin}/forest_bench"), installed)
    results = read_results(options.out)
    for name in options.only.split(","):
        results["sections"][name] = run_section(bench, name)
        results["ratios"] = report.ratios(results["sections"])
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    for title, table in report.tables(results).items():
        print(f"\n{title}\n\n{table}")
    print(f"\nfigures: {options.out}")


if __name__ == "__main__":
    try:
        main()
    except harness.Failed as failure:
        sys.exit(f"bench: {failure}")
