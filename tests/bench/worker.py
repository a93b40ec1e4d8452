"""What every program under comparison does, for the tools that Python reaches; each prints one JSON line.

  TOOL version
  TOOL fit     data=DIR variant=f6 rows=N depth=D(0: unlimited) trees=T seed=S threads=P model=FILE
  TOOL predict data=DIR variant=f6 pixels=N what=classes|probabilities threads=P model=FILE

A tool has version(), fit(x, y, job) -> model, save(model, path), load(path, job) -> model,
classes(model, x) -> codes, probabilities(model, x) and count_nodes(model). Only fit, load, classes and
probabilities are timed; peak memory is that of the process up to the end of the fit, training rows included.
"""
import json
import os
import time
from types import SimpleNamespace

import numpy as np


class Clock:
    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self):
        return dict(seconds=time.perf_counter() - self.wall, cpu_seconds=time.process_time() - self.cpu)


def peak_mb():
    """In MiB. Not getrusage's figure: that one starts at what the parent process had."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def load_array(job, name, n=None):
    """The first n rows (pixels of an image) in memory."""
    array = np.load(f"{job.data}/{name}_{job.variant}.npy", mmap_mode="r")
    array = array.reshape(-1, array.shape[-1]) if array.ndim == 3 else array
    return np.array(array[:n])


def fit(tool, job):
    x, y = load_array(job, "X_train", job.rows), load_array(job, "y_train", job.rows)
    result = dict(data_mb=peak_mb())
    clock = Clock()
    model = tool.fit(x, y, job)
    result.update(clock.read(), peak_mb=peak_mb())
    tool.save(model, job.model)
    result.update(model_mb=os.path.getsize(job.model) / 1e6, nodes=tool.count_nodes(model))
    del model
    clock = Clock()
    model = tool.load(job.model, job)
    result["load_seconds"] = clock.read()["seconds"]
    if os.path.exists(f"{job.data}/X_test_{job.variant}.npy"):
        result["accuracy"] = np.mean(tool.classes(model, load_array(job, "X_test")) == load_array(job, "y_test"))
    return result


def predict(tool, job):
    model, x = tool.load(job.model, job), load_array(job, "image", job.pixels)
    work = getattr(tool, job.what)
    work(model, x[:10_000])  # touches the model, as every program here does
    clock = Clock()
    answer = work(model, x)
    result = dict(pixels=len(x), **clock.read(), peak_mb=peak_mb())
    if job.what == "classes":
        result["accuracy"] = np.mean(answer == load_array(job, "labels").ravel()[:len(x)])
    return result


def serve(commands, command, *words):
    """Runs one command of a dictionary on the job that the words describe."""
    words = (word.split("=", 1) for word in words)
    job = SimpleNamespace(**{name: int(value) if value.isdigit() else value for name, value in words})
    print(json.dumps(commands[command](job), default=float))


def main(tool, *words):
    serve(dict(version=lambda job: dict(version=tool.version()), fit=lambda job: fit(tool, job),
               predict=lambda job: predict(tool, job)), *words)
