"""One landscape and one way to label it, from the scene to the map, its true accuracy and every estimate of it."""
import json
import re
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

import reference

DESIGNS = ("random-points", "random-polygons", "clustered-polygons")
SCHEMES = ("random", "stratified", "polygon", "spatial-block", "cluster", "knndm", "nndm")
FIGURES = ("overall_accuracy", "f1_macro")
LETTERS = "ABCDEFGH"  # of LUCAS codes, in the order of class codes from 1
PARTS = ("schemes", "references")
REFUSED = (3, 4)      # exit codes: folds that these samples do not allow


class Failed(Exception):
    """A program that did not do its work."""


@dataclass(frozen=True)
class Settings:
    """What is the same for all landscapes."""
    program: str
    size: int = 800            # pixels of 10 m on a side
    classes: int = 7
    labels: int = 400          # points or polygons
    per_polygon: int = 20      # samples of one polygon at most
    trees: int = 100
    folds: int = 5
    fewest_labels: int = 10    # a class with fewer is left out: two in every fold
    draws: int = 5             # reference samples of every kind, for every map

    @property
    def block_size_m(self):
        return 10 * self.size // self.folds

    def figures(self):
        return {key: value for key, value in asdict(self).items() if key != "program"}


class Experiment:
    def __init__(self, settings, landscape, design, folder):
        self.settings, self.landscape, self.design, self.folder = settings, landscape, design, Path(folder)

    def run(self, *arguments, may_refuse=False):
        """Standard output; None when the program refuses, and that is allowed. The refusal is then in `self.refusal`."""
        command = [self.settings.program, *map(str, arguments), "-q", "-t", "1", "--overwrite"]
        if "--seed" not in command:
            command += ["--seed", str(self.landscape)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if may_refuse and done.returncode in REFUSED:
            self.refusal = done.stderr.strip().splitlines()[-1]
            return None
        if done.returncode != 0:
            raise Failed(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def read(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def record(self, schemes, known):
        """All that is known in the end, as one JSON object; what `known` has of `schemes` and references is kept."""
        left_out = self.make_samples()
        self.run("train", "--samples", "samples.gpkg", "--n-estimators", self.settings.trees, "-o", "model.lcm")
        self.run("predict", "-m", "model.lcm", "-i", "stack.tif", "-o", "map.tif")
        self.run("assess", "--map", "map.tif", "--reference", "scene/truth.tif", "-o", "truth.json")
        census = self.read("truth.json")
        areas = {name: entry["support"] / census["pixels"] for name, entry in census["per_class"].items()}
        made = dict(settings=self.settings.figures(), landscape=self.landscape, design=self.design,
                    truth={figure: census[figure] for figure in FIGURES}, areas=areas, left_out=left_out,
                    confusion=census["confusion"]["matrix"])
        estimates = known.get("schemes", {})
        made["schemes"] = {scheme: estimates.get(scheme) or self.estimate(scheme) for scheme in SCHEMES
                           if scheme in estimates or scheme in schemes}
        made["references"] = known.get("references") or list(self.references(census))
        return made

    def make_samples(self):
        """Gives the classes that have too few polygons to be learned and tested, and how many they have."""
        settings = self.settings
        text = self.run("simulate", "-o", "scene", "--size", settings.size, "--classes", settings.classes, "--clouds", 0,
                        "--polygons", settings.labels, "--sampling", self.design)
        counts = {(int(code), name): int(n) for code, name, n in
                  re.findall(r"^(\d) (.+): .* % of the area, (\d+) polygons$", text, flags=re.MULTILINE)}
        rare = {key: n for key, n in counts.items() if n < settings.fewest_labels}
        condition = ["obs_type = 1"] + [f"lc1_h NOT LIKE '{LETTERS[code - 1]}%'" for code, _ in rare]
        product = next((self.folder / "scene").glob("*.SAFE")).name
        self.run("stack", "-i", f"scene/{product}", "--features", "B02,B03,B04,B08,NDVI,NDWI", "-o", "stack.tif")
        self.run("rasterize", "-i", "scene/polygons.gpkg", "--class-field", "lc1_h", "--class-map", "lucas-level1",
                 "--group-field", "point_id", "--where", " AND ".join(condition), "--like", "stack.tif",
                 "-o", "labels.tif")
        self.run("sample", "--stack", "stack.tif", "--labels", "labels.tif", "--per-polygon", settings.per_polygon,
                 "-o", "samples.gpkg")
        return {name: n for (_, name), n in rare.items()}

    def estimate(self, scheme):
        settings = self.settings
        if self.run("cv", "--samples", "samples.gpkg", "--schemes", scheme, "--folds", settings.folds, "--block-size",
                    settings.block_size_m, "--prediction-area", "stack.tif", "--n-estimators", settings.trees,
                    "-o", "cv.json", may_refuse=True) is None:
            return dict(refused=self.refusal)
        entry = self.read("cv.json")["schemes"][scheme]
        estimate = {key: entry["settings"].get(key) for key in ("n_samples", "n_polygons", "w_m", "leave_one_out_w_m")}
        for figure in FIGURES:
            interval = entry.get("intervals", {}).get(figure, {})
            estimate[figure] = dict(estimate=entry["pooled"][figure], ci95=interval.get("ci95"))
        return estimate

    def references(self, census):
        """Every reference sample that is drawn, labelled from the truth, and what `assess` makes of it."""
        scene = reference.Scene(self.folder)
        names = {entry["class_code"]: name for name, entry in census["per_class"].items()}
        for number, (kind, sample) in enumerate(reference.KINDS.items()):
            for draw in range(1, self.settings.draws + 1):
                # Pixels are drawn by seed and place: no two maps and kinds may share one.
                seed = 10000 * self.landscape + 1000 * DESIGNS.index(self.design) + 100 * number + draw
                if sample.target_se:
                    self.run("assess", "--plan", "--map", "map.tif", "--target-se", sample.target_se, "--seed", seed,
                             "-o", "reference.gpkg")
                    scene.label(self.folder / "reference.gpkg")
                else:
                    scene.draw(self.folder / "reference.gpkg", sample.units, seed)
                self.run("assess", "--map", "map.tif", "--reference", "reference.gpkg", "--design", sample.design,
                         "-o", "accuracy.json")
                yield dict(kind=kind, draw=draw, **intervals(self.read("accuracy.json"), names))


def intervals(accuracy, names):
    """Of overall accuracy and area; a class that the map does not have goes by its code there."""
    overall = accuracy["overall_accuracy"]
    shares = {names[entry["class_code"]]: entry["area"]["share"] for entry in accuracy["per_class"].values()}
    return dict(units=accuracy["design"]["units"], overall_accuracy=[overall["estimate"], overall["ci95"]],
                areas={name: [share["estimate"], share["ci95"]] for name, share in shares.items()})
