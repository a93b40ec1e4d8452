#!/usr/bin/python3
"""scikit-learn's RandomForestClassifier (Debian: python3-sklearn); see worker.py."""
import sys

import joblib
import sklearn
import worker
from sklearn.ensemble import RandomForestClassifier


def version():
    return sklearn.__version__


def fit(x, y, job):
    forest = RandomForestClassifier(job.trees, max_depth=job.depth or None, max_features="sqrt", n_jobs=job.threads,
                                    random_state=job.seed)
    return forest.fit(x, y)


def save(forest, path):
    joblib.dump(forest, path)


def load(path, job):
    forest = joblib.load(path)
    forest.n_jobs = job.threads
    return forest


def classes(forest, x):
    return forest.predict(x)


def probabilities(forest, x):
    return forest.predict_proba(x)


def count_nodes(forest):
    return sum(tree.tree_.node_count for tree in forest.estimators_)


if __name__ == "__main__":
    worker.main(sys.modules[__name__], *sys.argv[1:])
