#!/usr/bin/python3
"""xgboost's boosting, `trees` rounds of depth 6 (Debian: python3-xgboost); see worker.py."""
import json
import sys

import numpy as np
import worker
import xgboost

N_CLASSES = 8
DEPTH = 6


def version():
    return xgboost.__version__


def fit(x, y, job):
    options = dict(objective="multi:softprob", num_class=N_CLASSES, tree_method="hist", max_depth=DEPTH, eta=.3,
                   nthread=job.threads, seed=job.seed)
    return xgboost.train(options, xgboost.DMatrix(x, y.astype(int) - 1, nthread=job.threads), job.trees)


def save(booster, path):
    booster.save_model(path)


def load(path, job):
    return xgboost.Booster({"nthread": job.threads}, model_file=path)


def classes(booster, x):
    return np.argmax(booster.inplace_predict(x), axis=1) + 1


def probabilities(booster, x):
    return booster.inplace_predict(x)


def count_nodes(booster):
    trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    return sum(int(tree["tree_param"]["num_nodes"]) for tree in trees)


if __name__ == "__main__":
    worker.main(sys.modules[__name__], *sys.argv[1:])
