"""What the section `shap` works on: forests, rows that are alike (an image) or not (independent test rows), and how two
programs agree."""
import harness
import numpy as np

FOREST_ROWS = 50_000
PIXELS = 1_000_000
INDEPENDENT_ROWS = 32_768
# Forest, and the rows that shap gets: it takes seconds for them.
FORESTS = {"f6 depth 10": ("f6", 10, 400), "f6 depth 20": ("f6", 20, 40), "f20 depth 10": ("f20", 10, 200)}
CURVES = {  # of f6 at depth 10 on the image
    "depth": (5, 10, 15, 20),
    "pixels": (1_024, 16_384, 131_072, 1_000_000),
}


def ours(options, model, variant, array, pixels, what="classes", **more):
    words = dict(data=options.data, variant=variant, array=array, pixels=pixels, what=what, threads=options.threads,
                 model=model, **more)
    figures = harness.run([f"{options.bin}/forest_bench", "explain", *[f"{k}={v}" for k, v in words.items()]]).answer()
    return with_rate(figures)


def with_rate(figures):
    return dict(figures, rows_per_second=figures["rows"] / figures["seconds"])


def write_trees(options, model, path):
    harness.run([f"{options.bin}/forest_bench", "trees", f"model={model}", f"out={path}", f"threads={options.threads}"])


def largest_difference(one, other):
    ours_values, theirs = np.fromfile(one), np.fromfile(other)
    if ours_values.size != theirs.size:
        raise harness.Failed(f"{one} and {other} do not hold values of the same rows")
    return float(np.abs(ours_values - theirs).max())
