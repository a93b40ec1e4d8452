#!/usr/bin/python3
"""shap's TreeExplainer (from PyPI: in no Debian; another Python than this by LCCLASS_BENCH_SHAP_PYTHON), path-dependent, on one thread.

  peer_shap.py version
  peer_shap.py explain data=DIR variant=f6 array=image|X_test rows=N trees_file=FILE values=FILE

`trees_file` holds the trees of a forest as `forest_bench trees` writes them; `values` gets the SHAP values as 64-bit
floats by row, class and feature.
"""
import json
import sys
import warnings

import numpy as np
import shap
import worker

warnings.filterwarnings("ignore")


def read_trees(path):
    with open(path, encoding="ascii") as file:
        return [{name: np.array(values) for name, values in tree.items()} for tree in json.load(file)]


def explain(job):
    rows = worker.load_array(job, job.array, job.rows).astype(np.float64)
    trees = read_trees(job.trees_file)
    for tree in trees:
        tree["children_default"] = tree["children_left"]
        tree["values"] = tree["values"] / len(trees)
    explainer = shap.TreeExplainer({"trees": trees, "input_dtype": np.float64, "internal_dtype": np.float64,
                                    "objective": "binary_crossentropy", "tree_output": "probability",
                                    "base_offset": 0})
    clock = worker.Clock()
    values = explainer.shap_values(rows, check_additivity=False)
    result = dict(rows=len(rows), **clock.read(), peak_mb=worker.peak_mb())
    values = np.asarray(values)
    by_class = np.moveaxis(values, 0, 1) if values.shape[0] != len(rows) else np.moveaxis(values, 2, 1)
    np.ascontiguousarray(by_class).tofile(job.values)
    return result


if __name__ == "__main__":
    worker.serve(dict(version=lambda job: dict(version=shap.__version__), explain=explain), *sys.argv[1:])
