#!/usr/bin/python3
"""Is the forest as accurate as scikit-learn's? Both learn the same rows with the same options in one run.

usage: BENCH_DATA=DIR parity.py FOREST_BENCH [--out bench.json] [--rows N] [--trees N] [--seeds N] [--variants f6,f20]
                                             [--depths 0,20]
Prints a table (means over seeds; CPU seconds beside wall seconds, since they bear comparison on a busy machine too)
and writes every figure to bench.json. Fails when a mean test accuracy is more than 0.001 below scikit-learn's.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import time

TOLERANCE = 0.001


def run_sklearn(variant, rows, depth, trees, seeds):
    """One configuration in this process; prints one JSON line."""
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier

    data = os.environ.get("BENCH_DATA", "bench-data")
    x = np.load(f"{data}/X_train_{variant}.npy", mmap_mode="r")[:rows].copy()
    y = np.load(f"{data}/y_train_{variant}.npy")[:rows]
    x_test = np.load(f"{data}/X_test_{variant}.npy")
    y_test = np.load(f"{data}/y_test_{variant}.npy")
    fit, fit_cpu, accuracy, forest = [], [], [], None
    for seed in range(seeds):
        forest = RandomForestClassifier(trees, max_depth=depth or None, n_jobs=2, random_state=seed)
        cpu, wall = time.process_time(), time.perf_counter()
        forest.fit(x, y)
        fit.append(time.perf_counter() - wall)
        fit_cpu.append(time.process_time() - cpu)
        accuracy.append(float((forest.predict(x_test) == y_test).mean()))
    image = np.load(f"{data}/image_{variant}.npy", mmap_mode="r").reshape(-1, x.shape[1])[:250_000]
    cpu, wall = time.process_time(), time.perf_counter()
    forest.predict(np.asarray(image))
    predict, predict_cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps(dict(tool="scikit-learn", v=variant, n=rows, depth=depth, trees=trees, fit=fit, fit_cpu=fit_cpu,
                          oa=accuracy, nodes=sum(e.tree_.node_count for e in forest.estimators_),
                          pred_mpxs=[0.25 / predict], pred_cpu_s_per_mpx=[predict_cpu / 0.25],
                          rss_fit=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))


def run_tool(command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


def mean(values):
    return sum(values) / len(values)


def compare(ours, theirs):
    return dict(v=ours["v"], depth=ours["depth"], oa_lcclass=mean(ours["oa"]), oa_sklearn=mean(theirs["oa"]),
                oa_difference=mean(ours["oa"]) - mean(theirs["oa"]),
                fit_ratio=mean(theirs["fit"]) / mean(ours["fit"]),
                fit_cpu_ratio=mean(theirs["fit_cpu"]) / mean(ours["fit_cpu"]),
                predict_ratio=max(ours["pred_mpxs"]) / max(theirs["pred_mpxs"]),
                predict_cpu_ratio=min(theirs["pred_cpu_s_per_mpx"]) / min(ours["pred_cpu_s_per_mpx"]),
                memory_ratio=theirs["rss_fit"] / ours["rss_fit"], lcclass=ours, sklearn=theirs)


def print_row(c):
    depth = c["depth"] or "none"
    print(f"{c['v']:4} {depth!s:>5} | {c['oa_lcclass']:.5f} {c['oa_sklearn']:.5f} {c['oa_difference']:+.5f} | "
          f"{mean(c['lcclass']['fit']):7.2f} {mean(c['sklearn']['fit']):7.2f} {c['fit_ratio']:5.1f} | "
          f"{mean(c['lcclass']['fit_cpu']):7.2f} {mean(c['sklearn']['fit_cpu']):7.2f} {c['fit_cpu_ratio']:5.1f} | "
          f"{c['predict_ratio']:5.1f} {c['predict_cpu_ratio']:5.1f} | {c['memory_ratio']:5.1f} "
          f"{c['lcclass']['model_mb']:7.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("forest_bench")
    parser.add_argument("--out", default="bench.json")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--variants", default="f6,f20")
    parser.add_argument("--depths", default="0,20")
    options = parser.parse_args()
    print("data depth | OA lcclass, sklearn, difference | fit s: lcclass, sklearn, ratio | fit CPU s: the same | "
          "predict ratio: wall, CPU | memory ratio, model MB", flush=True)
    results = []
    for variant in options.variants.split(","):
        for depth in [int(word) for word in options.depths.split(",")]:
            configuration = [variant, options.rows, depth, options.trees, options.seeds]
            ours = run_tool([options.forest_bench, *configuration])
            theirs = run_tool([sys.executable, os.path.abspath(__file__), "--sklearn", *configuration])
            results.append(compare(ours, theirs))
            print_row(results[-1])
            with open(options.out, "w", encoding="utf-8") as file:
                json.dump(results, file, indent=1)
    below = [f"{c['v']} depth {c['depth']}" for c in results if c["oa_difference"] < -TOLERANCE]
    if below:
        sys.exit(f"accuracy is more than {TOLERANCE} below scikit-learn's: {', '.join(below)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--sklearn"]:
        run_sklearn(sys.argv[2], *(int(word) for word in sys.argv[3:7]))
    else:
        main()
