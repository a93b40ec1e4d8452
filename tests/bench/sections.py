"""What is measured, section by section. Every section is a function of the Bench that returns its entries:
dictionaries with the work in words, the figures of every run per tool, and their medians."""
import json
import os
import statistics
import sys

import applicability
import explanation
import features
import harness
import peers
import texture
import tile
import tuning

UNLIMITED = 0
PARITY_PEER = "scikit-learn"
TEXTURE_PEER = "scikit-image"
SHAP_PEER = "shap"
TRAINING = (("f6", 200_000, ("scikit-learn", "ranger", "xgboost", "OTB")), ("f6", 1_000_000, ("scikit-learn",)),
            ("f20", 200_000, ("scikit-learn",)))
CURVES = {
    "threads": None,  # 1 to as many as the run uses
    "samples": (50_000, 100_000, 200_000, 500_000, 1_000_000),
    "trees": (25, 50, 100, 200),
    "depth": (5, 10, 15, 20, 30, UNLIMITED),
    "features": (6, 20, 60),
    "pixels": (250_000, 500_000, 1_000_000, 2_000_000, 4_000_000),
}
SKLEARN_TILE_PIXELS = 4_000_000
CURVE_REPEATS = 3
CURVE_PIXELS = 1_000_000


def short(n):
    return f"{n / 1e6:g}M" if n >= 1_000_000 else f"{n / 1e3:g}k"


def describe(variant, rows, depth):
    return f"{variant} {short(rows)} {'unlimited' if depth == UNLIMITED else f'depth {depth}'}"


class Bench:
    """Settings, tools and folders of a run, and the two things that tools are asked: fit and predict."""

    def __init__(self, options, ours, peers):
        self.options, self.ours, self.peers = options, ours, peers
        self.cache = os.path.join(options.data, "cache")
        self.fitted = set()
        self.accuracies = {}
        os.makedirs(self.cache, exist_ok=True)
        if os.path.exists(f"{self.cache}/accuracy.json"):
            with open(f"{self.cache}/accuracy.json", encoding="utf-8") as file:
                self.accuracies = json.load(file)

    def peers_of(self, names):
        return [self.peers[name] for name in names if name in self.peers]

    def rows(self, n):
        return min(n, self.options.rows)

    def pixels(self, n):
        return min(n, self.options.pixels)

    def job(self, **words):
        return dict(dict(data=self.options.data, threads=self.options.threads, trees=self.options.trees, seed=0,
                         depth=UNLIMITED, variant="f6", rows=self.rows(200_000)), **words)

    def fit(self, tool, model=None, **words):
        """Figures of one fit. The model is kept when its path is given."""
        path = model or f"{self.cache}/passing.{tool.suffix}"
        figures = tool.run("fit", self.job(**words, model=path))
        if model is None:
            os.remove(path)
        else:
            self.fitted.add(path)
        return figures

    def predict(self, tool, what, model, pixels, **words):
        figures = tool.run("predict", self.job(**words, what=what, model=model, pixels=self.pixels(pixels)))
        return with_speed(figures, figures["pixels"])

    def models(self, tools):
        """Models to predict with, by tool: ours of this run, another tool's also of an earlier one."""
        found = {}
        for tool in tools:
            path = self.model_path(tool)
            try:
                if path not in self.fitted and (tool is self.ours or not os.path.exists(path)):
                    harness.say(f"{tool.name}: fits a model to predict with")
                    self.fit(tool, path)
                found[tool.name] = path
            except harness.Failed as failure:
                if tool is self.ours:
                    raise
                harness.say(f"{tool.name} is left out: {failure}")
        return found

    def model_path(self, tool):
        job, version = self.job(), self.options.versions[tool.name]
        name = "-".join(str(job[word]) for word in ("variant", "rows", "depth", "trees", "seed"))
        return f"{self.cache}/{tool.name}-{version}-{name}.{tool.suffix}"

    def remember(self, tool, words, figures):
        """Keeps the accuracy of another tool's forest for later runs: it does not depend on the machine."""
        if tool is not self.ours:
            self.accuracies[self.accuracy_key(tool, words)] = {f: figures[f] for f in ("seconds", "accuracy")}
            with open(f"{self.cache}/accuracy.json", "w", encoding="utf-8") as file:
                json.dump(self.accuracies, file, indent=1)

    def recall(self, tool, words):
        return self.accuracies.get(self.accuracy_key(tool, words))

    def accuracy_key(self, tool, words):
        job = self.job(**words)
        drawn = os.stat(f"{job['data']}/X_train_{job['variant']}.npy").st_mtime_ns
        return json.dumps([tool.name, self.options.versions[tool.name], drawn, job["variant"], job["rows"],
                           job["depth"], job["trees"], job["seed"]])

    def compare(self, title, works, repeats=None, **limits):
        runs = harness.interleave(title, works, repeats or self.options.repeats, self.options.budget, **limits)
        return dict(work=title, runs=runs, medians=harness.medians(runs))


def with_speed(figures, pixels):
    return dict(figures, pixels=pixels, mpx_per_second=pixels / 1e6 / figures["seconds"])


def train(bench):
    """Fits, each of a process of its own; run k of every tool has seed k."""
    entries = []
    for variant, rows, names in TRAINING:
        tools = [bench.ours] + bench.peers_of(names)
        words = dict(variant=variant, rows=bench.rows(rows))

        def fit(tool, seed):
            kept = (variant, rows, seed) == ("f6", 200_000, 0)  # for `predict`
            figures = bench.fit(tool, bench.model_path(tool) if kept else None, seed=seed, **words)
            if tool.name == PARITY_PEER:
                bench.remember(tool, dict(words, seed=seed), figures)
            return figures

        works = {tool.name: lambda seed, tool=tool: fit(tool, seed) for tool in tools}
        entry = bench.compare("train " + describe(depth=UNLIMITED, **words), works,
                              most={tool.name: tool.most_fits for tool in tools})
        entries.append(dict(entry, key=f"train {describe(variant, rows, UNLIMITED)}"))
    return entries


def predict(bench):
    """The first pixels of the f6 image, in memory; OTB and `lcclass predict` from a GeoTIFF, start-up apart."""
    entries = []
    for what, names in (("classes", ("scikit-learn", "ranger", "xgboost", "OTB")),
                        ("probabilities", ("scikit-learn", "xgboost"))):
        tools = [bench.ours] + bench.peers_of(names)
        models = bench.models(tools)
        works = {tool.name: lambda _, tool=tool: bench.predict(tool, what, models[tool.name], tool.pixels)
                 for tool in tools if tool.name in models}
        if what == "classes":
            works["lcclass, GeoTIFF to map"] = lambda _: predict_file(bench, models["lcclass"])
        title = f"predict {what} {describe('f6', bench.rows(200_000), UNLIMITED)}"
        entries.append(dict(bench.compare(title, works), key=f"predict {what}"))
    return entries


def predict_file(bench, model):
    """`lcclass predict` on the image as GeoTIFF, less what it takes for ten pixels."""
    import rasters  # GDAL's bindings are needed by what works on files only
    n_pixels, small = bench.pixels(bench.ours.pixels), 10
    done = {n: tile.run_lcclass(bench.options, "predict", "-m", model, "--radiometry", "none", "-o",
                                f"{bench.cache}/map.tif", "-i", rasters.image_file(bench.options.data, "f6", n))
            for n in (small, n_pixels)}
    return with_speed(done[n_pixels].less(done[small]), n_pixels)


def map_tile(bench):
    """A simulated Sentinel-2 tile to a map: whole commands, against decoding alone and predicting alone."""
    options = bench.options
    scene = tile.prepare(options, bench.rows(200_000))
    decode = [sys.executable, os.path.join(peers.HERE, "decode.py"), options.threads, *scene.bands]
    title = f"tile {scene.size} x {scene.size}"

    def map_of(source):
        figures = scene.predict(options, source).figures()
        return with_speed(figures, scene.count_mapped())

    works = {"lcclass": lambda _: map_of(scene.product), "GDAL decoding": lambda _: harness.run(decode).answer()}
    entries = [dict(bench.compare(f"{title}, .SAFE to map", works, least=options.repeats), key="tile safe")]
    works = {"lcclass": lambda _: map_of(scene.stack)}
    for tool in bench.peers_of(["scikit-learn"]):
        words = dict(data=scene.work, variant="tile", rows=scene.n_samples)
        model = f"{scene.work}/model.{tool.suffix}"
        bench.fit(tool, model, **words)
        works[tool.name] = lambda _: bench.predict(tool, "classes", model, SKLEARN_TILE_PIXELS, **words)
    return entries + [dict(bench.compare(f"{title}, ZSTD stack to map", works), key="tile stack")]


def judge_tile(bench):
    """The map of a tile with where the model should not be trusted: the whole command, beside SciPy's k-d tree from
    memory to memory. `difference` is the largest in dissimilarity between the two."""
    options = bench.options
    scene = tile.prepare(options, bench.rows(200_000))
    out = f"{bench.cache}/applicability.tif"

    def ours(_):
        return with_speed(applicability.ours(options, scene, out).figures(), scene.count_mapped())

    def theirs(_):
        figures = applicability.theirs(options, scene, out).answer()
        return with_speed(figures, figures["pixels"])

    works = {"lcclass": ours, "SciPy": theirs}
    entry = bench.compare(f"applicability of a tile of {scene.size} x {scene.size}", works)
    os.remove(out)
    return [dict(entry, key="applicability")]


def tune(bench):
    """Nested cross-validation with a grid in every fold: whole commands, with start-up and reading."""
    options, rows = bench.options, bench.rows(50_000)
    samples, output = tuning.sample_table(options.data, "f6", rows), f"{bench.cache}/cv.json"

    def ours(_):
        done = tile.run_lcclass(options, "cv", *tuning.lcclass_words(samples, output))
        return dict(done.figures(), accuracy=tuning.accuracy_of(output))

    def theirs(_):
        job = [f"data={options.data}", "variant=f6", f"rows={rows}", f"threads={options.threads}"]
        done = harness.run([sys.executable, os.path.join(peers.HERE, "tuning.py"), *job])
        return dict(done.figures(), accuracy=done.answer()["accuracy"])

    works = {"lcclass": ours, **{tool.name: theirs for tool in bench.peers_of([PARITY_PEER])}}
    return [dict(bench.compare(f"tune f6 {short(rows)}, 155 fits", works, least=1), key="tune")]


def map_texture(bench):
    """Grey-level co-occurrence on one thread from memory to memory: ours of a band, scikit-image's of a crop of it.
    `difference` is the largest between the two over the crop."""
    (band, crop), entries = texture.planes(bench.options.data), []
    ours_file, theirs_file = (f"{bench.cache}/texture-{name}.out" for name in ("ours", "theirs"))

    def per_pixel(figures):
        return dict(with_speed(figures, figures["pixels"]), us_per_pixel=figures["seconds"] / figures["pixels"] * 1e6)

    for name, statistics in texture.WORKS.items():
        works = {"lcclass": lambda _, s=statistics: per_pixel(texture.ours(bench.options, s, band, ours_file))}
        for tool in bench.peers_of([TEXTURE_PEER]):
            works[tool.name] = lambda _, s=statistics, t=tool: per_pixel(
                t.run("texture", texture.job(s, crop, theirs_file)))
        size, levels = texture.OPTIONS["size"], texture.OPTIONS["levels"]
        entry = bench.compare(f"texture {size} x {size}, {levels} levels: {name}", works)
        if entry["runs"].get(TEXTURE_PEER):
            texture.ours(bench.options, statistics, crop, ours_file)
            entry["medians"]["lcclass"]["difference"] = texture.largest_difference(ours_file, theirs_file)
        entries.append(dict(entry, key=f"texture {name}"))
    return entries


def make_features(bench):
    """`lcclass stack` of single features, whole commands from and to compressed files, beside scripts of arrays; then
    20 features of a simulated tile."""
    options, entries = bench.options, []
    path, out = features.bands_file(options), f"{bench.cache}/features-out.tif"
    n_pixels = features.SIDE * features.SIDE
    for name, (_, _, task) in features.WORKS.items():
        works = {"lcclass": lambda _, w=name: with_speed(features.ours(options, path, w, out).figures(), n_pixels)}
        if task:
            peer = "gdaldem" if task == "gdaldem" else "NumPy, SciPy"
            works[peer] = lambda _, w=name: with_speed(features.theirs(options, path, w, out).figures(), n_pixels)
        entries.append(dict(bench.compare(f"features: {name}", works), key=f"features {name}"))
    scene = tile.prepare(options, bench.rows(200_000))
    heights = features.heights_file(scene, bench.cache)

    def stack(_):
        return with_speed(features.stack_tile(options, scene, heights, out).figures(), scene.size * scene.size)

    title = f"features: 20 of a tile of {scene.size} x {scene.size}"
    entries.append(dict(bench.compare(title, {"lcclass": stack}, repeats=1), key="features tile"))
    os.remove(out)
    return entries


def scaling(bench):
    """Cost of lcclass along one axis at a time, from f6, 200k samples, unlimited depth."""
    entries = []
    for curve, points in CURVES.items():
        points = points or range(1, bench.options.threads + 1)
        points = sorted({bench.rows(p) if curve == "samples" else bench.pixels(p) if curve == "pixels" else p
                         for p in points}, key=lambda p: p or float("inf"))
        works = {str(point): lambda seed, point=point: scaling_point(bench, curve, point, seed) for point in points}
        repeats = bench.options.repeats if curve == "threads" else min(CURVE_REPEATS, bench.options.repeats)
        entries.append(dict(bench.compare(f"scaling over {curve}", works, repeats, least=repeats), key=f"scaling {curve}"))
    return entries


def scaling_point(bench, curve, point, seed):
    words = {"samples": dict(rows=point), "features": dict(variant=f"f{point}"), "pixels": {}}.get(
        curve, {curve: point})
    model = f"{bench.cache}/scaling.lcm"
    figures = bench.fit(bench.ours, model, seed=seed, **words)
    n_pixels = {"pixels": point, "threads": bench.ours.pixels}.get(curve, CURVE_PIXELS)
    predicted = bench.predict(bench.ours, "classes", model, n_pixels, **words)
    return dict(figures, **{f"predict_{name}": value for name, value in predicted.items()})


def parity(bench):
    """Mean accuracy on the test rows over seeds. That of scikit-learn, which takes an hour, is kept between runs."""
    if PARITY_PEER not in bench.peers:
        return []
    entries = []
    for variant in ("f6", "f20"):
        for rows in sorted({bench.rows(n) for n in (50_000, 200_000, 1_000_000)}):
            for depth in (20, UNLIMITED):
                words = dict(variant=variant, rows=rows, depth=depth)
                works = {name: lambda seed, tool=tool: accuracy(bench, tool, dict(words, seed=seed))
                         for name, tool in (("lcclass", bench.ours), (PARITY_PEER, bench.peers[PARITY_PEER]))}
                entry = bench.compare("parity " + describe(**words), works, bench.options.seeds, least=1)
                if not all(entry["runs"].values()):
                    continue
                means = {name: statistics.fmean(run["accuracy"] for run in runs)
                         for name, runs in entry["runs"].items()}
                difference = means["lcclass"] - means[PARITY_PEER]
                entries.append(dict(entry, key=entry["work"], means=means, difference=difference))
    return entries


def accuracy(bench, tool, words):
    known = bench.recall(tool, words)
    if known is None or tool is bench.ours:
        known = bench.fit(tool, **words)
        bench.remember(tool, words, known)
    return known


def explain_rows(bench):
    """SHAP values of all classes: ours with all threads, shap's of some rows with one, of the same forest. `difference`
    is the largest between the two over those rows."""
    entries, models = [], {}
    values = [f"{bench.cache}/shap-{name}.out" for name in ("ours", "theirs")]
    for name, (variant, depth, few) in explanation.FORESTS.items():
        model = models[name] = f"{bench.cache}/shap-{variant}-{depth}.lcm"
        bench.fit(bench.ours, model, variant=variant, rows=bench.rows(explanation.FOREST_ROWS), depth=depth)
        trees = f"{bench.cache}/shap-{variant}-{depth}.json"
        explanation.write_trees(bench.options, model, trees)
        works = [("image", explanation.PIXELS)]
        works += [("X_test", explanation.INDEPENDENT_ROWS)] if depth == 10 else []
        for array, rows in works:
            entries.append(explain_forest(bench, f"shap {name} {'image' if array == 'image' else 'independent'}",
                                          dict(model=model, variant=variant, array=array), rows, few, trees, values))
    entry = bench.compare("shap f6 depth 10 image, the winning class alone", {
        "lcclass": lambda _: explanation.ours(bench.options, models["f6 depth 10"], "f6", "image",
                                              bench.pixels(explanation.PIXELS), "winner")})
    return [*entries, dict(entry, key="shap winner"), *explanation_curves(bench, models["f6 depth 10"])]


def explain_forest(bench, key, job, rows, few, trees, values):
    ours_file, theirs_file = values
    works = {"lcclass": lambda _: explanation.ours(bench.options, pixels=bench.pixels(rows), **job)}
    for tool in bench.peers_of([SHAP_PEER]):
        works[tool.name] = lambda _, t=tool: explanation.with_rate(
            t.run("explain", dict(data=bench.options.data, variant=job["variant"], array=job["array"], rows=few,
                                  trees_file=trees, values=theirs_file)))
    entry = bench.compare(key, works)
    if entry["runs"].get(SHAP_PEER):
        explanation.ours(bench.options, pixels=few, values=ours_file, **job)
        entry["medians"]["lcclass"]["difference"] = explanation.largest_difference(ours_file, theirs_file)
    return dict(entry, key=key)


def explanation_curves(bench, model):
    """How the cost grows with the depth of the trees and falls with the pixels that are explained at once."""
    def of_depth(depth):
        path = f"{bench.cache}/shap-curve.lcm"
        fitted = bench.fit(bench.ours, path, rows=bench.rows(explanation.FOREST_ROWS), depth=depth)
        figures = explanation.ours(bench.options, path, "f6", "image", bench.pixels(131_072))
        return dict(figures, leaves=(fitted["nodes"] + bench.options.trees) / 2)

    points = dict(
        depth={f"depth {d}": lambda _, d=d: of_depth(d) for d in explanation.CURVES["depth"]},
        pixels={f"{short(n)} pixels at once": lambda _, n=n: explanation.ours(bench.options, model, "f6", "image",
                                                                             bench.pixels(n))
                for n in explanation.CURVES["pixels"]})
    return [dict(bench.compare(f"shap f6 image, by {name}", works, repeats=1), key=f"shap by {name}")
            for name, works in points.items()]


ALL = dict(train=train, predict=predict, tile=map_tile, applicability=judge_tile, tune=tune, texture=map_texture, shap=explain_rows, features=make_features, scaling=scaling, parity=parity)
