"""The programs under comparison. Each answers to `version`, and most to `fit` and `predict`, as worker.py describes."""
import os
import sys
from dataclasses import dataclass

import harness

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass(frozen=True)
class Peer:
    name: str
    command: tuple
    suffix: str               # of its model file
    pixels: int               # that it predicts in one run, so that a run takes seconds
    package: str = ""         # of Debian
    most_fits: int = 1000     # in one comparison

    def version(self):
        """Nothing when it is not installed."""
        try:
            return harness.run([*self.command, "version"]).answer()["version"]
        except harness.Failed:
            return None

    def run(self, command, job):
        """Figures of `fit` or `predict`; `job` holds the words of worker.py."""
        return harness.run([*self.command, command, *[f"{name}={value}" for name, value in job.items()]]).answer()


def lcclass(forest_bench):
    return Peer("lcclass", (forest_bench,), "lcm", 4_000_000)


def others():
    def python(script, interpreter=sys.executable):
        return (interpreter, os.path.join(HERE, script))

    return [
        Peer("scikit-learn", python("peer_scikit_learn.py"), "joblib", 500_000, "python3-sklearn"),
        Peer("ranger", ("Rscript", os.path.join(HERE, "peer_ranger.R")), "rds", 200_000, "r-cran-ranger"),
        Peer("xgboost", python("peer_xgboost.py"), "ubj", 1_000_000, "python3-xgboost"),
        Peer("scikit-image", python("peer_scikit_image.py"), "", 0, "python3-skimage"),
        Peer("shap", python("peer_shap.py", os.environ.get("LCCLASS_BENCH_SHAP_PYTHON", sys.executable)), "", 0,
             "shap from PyPI"),
        Peer("OTB", python("peer_otb.py"), "rf", 400_000, "otb-bin", most_fits=1),
    ]
