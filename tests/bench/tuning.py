"""The course protocol: 5 folds, in each of them 3 inner folds that choose among 10 forests, 155 fits in all.

As a program, it is the same work in scikit-learn, every fit on its own: GridSearchCV within StratifiedKFold.

  tuning.py data=DIR variant=f6 rows=N threads=P
"""
import json
import os
import sys

import numpy as np
import worker

FOLDS, INNER_FOLDS = 5, 3
GRID = dict(n_estimators=[100, 200], max_depth=[10, 20, 30, 50, 100])
SCORING = "accuracy"


def grid_search(job):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    x, y = worker.load_array(job, "X_train", job.rows), worker.load_array(job, "y_train", job.rows)
    scores = []
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(x, y):
        search = GridSearchCV(RandomForestClassifier(random_state=0), GRID, scoring=SCORING, cv=INNER_FOLDS,
                              n_jobs=job.threads)
        search.fit(x[train], y[train])
        scores.append(search.score(x[test], y[test]))
    return dict(accuracy=np.mean(scores))


def lcclass_words(samples, output):
    """The command line of `lcclass cv` for the same work."""
    grid = ";".join(f"{name}={','.join(map(str, values))}" for name, values in GRID.items())
    return ["--samples", samples, "--schemes", "stratified", "--folds", FOLDS, "--inner-folds", INNER_FOLDS,
            "--scoring", SCORING, "--tune", grid, "--bootstrap-replicates", 0, "-o", output]


def sample_table(data, variant, rows):
    """The first training rows as the CSV file that `lcclass cv` reads; made once."""
    path = f"{data}/cache/train-{variant}-{rows}.csv"
    if not os.path.exists(path):
        x = np.load(f"{data}/X_train_{variant}.npy", mmap_mode="r")[:rows]
        y = np.load(f"{data}/y_train_{variant}.npy", mmap_mode="r")[:rows]
        header = ",".join(["class_code", *(f"f{i}" for i in range(x.shape[1]))])
        np.savetxt(path, np.column_stack([y, x]), fmt="%d", delimiter=",", header=header, comments="")
    return path


def accuracy_of(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["schemes"]["stratified"]["mean"]["test"]["overall_accuracy"]


if __name__ == "__main__":
    worker.serve(dict(tune=grid_search), "tune", *sys.argv[1:])
