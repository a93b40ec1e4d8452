#!/usr/bin/python3
"""Makes the arrays that the benchmark works on; a file that is there is left as it is.

usage: workload.py [DIR]        (default bench-data; Debian: python3-numpy python3-scipy)

Reflectance of eight land cover classes with the statistics of Sentinel-2: per class a mixture of three surfaces, each
log-normal around its spectrum with four common factors (brightness, vigour, moisture, red edge) and noise per band.
  f6   B02 B03 B04 B08 NDVI NDWI
  f20  ten bands and ten indices, with more overlap
  f60  f20 on three dates: the same surfaces, other weather (for scaling only)
Reflectance is 1 to 10000, an index v is round((v + 1) x 10000). Files of each variant:
  X_train_<v>.npy, y_train_<v>.npy   1,000,000 rows (f60: 200,000) of uint16 features and of class codes 1 to 8
  X_test_<v>.npy, y_test_<v>.npy     200,000 rows drawn apart
  image_<v>.npy, labels_<v>.npy      2000 x 2000 pixels (f60: 1000 x 1000) in patches
Everything is drawn from fixed seeds. The best possible accuracy is 0.859 (f6) and 0.903 (f20).
"""
import os
import sys

import numpy as np
from scipy import ndimage

BANDS = ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")
SPECTRA = {  # mean reflectance x 10000, and the share of the class
    "water": (.10, (400, 350, 250, 220, 200, 190, 170, 150, 90, 60)),
    "built": (.10, (1100, 1250, 1400, 1500, 1650, 1750, 1800, 1850, 2000, 1750)),
    "bare": (.08, (900, 1150, 1500, 1700, 1850, 1950, 2050, 2150, 2700, 2300)),
    "crop": (.24, (400, 700, 450, 1000, 2700, 3300, 3500, 3650, 1800, 900)),
    "grass": (.16, (450, 750, 600, 1100, 2300, 2700, 2850, 3000, 2100, 1200)),
    "broadleaf": (.14, (250, 480, 280, 750, 2400, 3000, 3200, 3350, 1500, 650)),
    "conifer": (.10, (220, 380, 240, 550, 1500, 1850, 1950, 2050, 950, 430)),
    "shrub": (.08, (380, 600, 500, 850, 1500, 1750, 1850, 1950, 1500, 850)),
}
FACTORS = np.array((  # effect of each common factor on the logarithm of each band
    .17 * np.ones(10),
    .16 * np.array((-.8, -.4, -1, -.3, .5, .7, .8, .8, -.2, -.6)),
    .13 * np.array((0, 0, .1, .1, 0, 0, 0, .1, 1, 1.2)),
    .08 * np.array((.8, .4, .1, -.3, -.4, -.2, 0, 0, .2, .3))))
BAND_NOISE = .05
N_SURFACES = 3
SEED = 20240611
OVERLAP = {"f6": .62, "f20": 1.05, "f60": 1.5}
SIZES = {"f6": (1_000_000, 2000), "f20": (1_000_000, 2000), "f60": (200_000, 1000)}  # training rows, image side
N_TEST = 200_000
N_CLASSES = len(SPECTRA)
SHARES = np.array([share for share, _ in SPECTRA.values()])


def surface_spectra():
    """Logarithm of the spectrum of each surface: (class, surface, band)."""
    rng = np.random.default_rng(SEED)
    shift = rng.normal(0, 1, (N_CLASSES, N_SURFACES, len(FACTORS))) @ (.9 * FACTORS)
    shift += rng.normal(0, .04, (N_CLASSES, N_SURFACES, len(BANDS)))
    return np.log([spectrum for _, spectrum in SPECTRA.values()])[:, None, :] + shift


SURFACES = surface_spectra().astype(np.float32)


def reflectance(rng, classes, surfaces, factors, overlap):
    """uint16 bands of pixels with the given class, surface and value of the common factors."""
    noise = BAND_NOISE * rng.standard_normal((len(classes), len(BANDS)), np.float32)
    spread = overlap * (factors @ FACTORS.astype(np.float32) + noise)
    return np.clip(np.rint(np.exp(SURFACES[classes, surfaces] + spread)), 1, 10_000).astype(np.uint16)


def features_6(bands):
    b02, b03, b04, b08 = (bands[:, BANDS.index(name)].astype(np.float32) for name in ("B02", "B03", "B04", "B08"))
    indices = ((b08 - b04) / (b08 + b04), (b03 - b08) / (b03 + b08))
    return np.column_stack([b.astype(np.uint16) for b in (b02, b03, b04, b08)] + [stored(i) for i in indices])


def features_20(bands):
    b = {name: bands[:, i].astype(np.float32) / 10_000 for i, name in enumerate(BANDS)}

    def difference(one, other):
        return (b[one] - b[other]) / (b[one] + b[other])

    red, nir, bright, dark = b["B04"], b["B08"], b["B11"] + b["B04"], b["B08"] + b["B02"]
    pairs = ("B08 B04", "B03 B08", "B03 B11", "B11 B08", "B8A B05", "B8A B11", "B8A B12")
    indices = [difference(*pair.split()) for pair in pairs]
    indices += [1.5 * (nir - red) / (nir + red + .5), 2.5 * (nir - red) / (nir + 2.4 * red + 1),
                (bright - dark) / (bright + dark)]
    return np.column_stack([bands] + [stored(index) for index in indices])


def stored(index):
    return np.clip(np.rint((index + 1) * 10_000), 0, 20_000).astype(np.uint16)


def features(rng, variant, classes, surfaces, draw_factors):
    """Features of one date, or of three; `draw_factors(rng)` gives the common factors of a date."""
    def date():
        return reflectance(rng, classes, surfaces, draw_factors(rng), OVERLAP[variant])

    if variant == "f6":
        return features_6(date())
    return np.column_stack([features_20(date()) for _ in range(3 if variant == "f60" else 1)])


def draw_rows(rng, variant, n_rows, block=200_000):
    """Independent rows and their class codes."""
    parts, codes = [], []
    for n in [block] * (n_rows // block):
        classes = rng.choice(N_CLASSES, n, p=SHARES)
        surfaces = rng.integers(0, N_SURFACES, n)
        parts.append(features(rng, variant, classes, surfaces, lambda r, n=n: r.standard_normal((n, 4), np.float32)))
        codes.append((classes + 1).astype(np.uint8))
    return np.concatenate(parts), np.concatenate(codes)


def smooth_field(rng, side, cell):
    """Noise that varies over about `cell` pixels, with mean 0 and variance 1."""
    coarse = rng.standard_normal((side // cell + 4,) * 2).astype(np.float32)
    field = ndimage.zoom(coarse, cell, order=1)[:side, :side]
    return (field - field.mean()) / field.std()


def class_patches(rng, side):
    """Classes in patches; levels are shifted until every class covers its share."""
    fields = np.stack([.8 * smooth_field(rng, side, 80) + .6 * smooth_field(rng, side, 20) for _ in SPECTRA])
    level = np.zeros((N_CLASSES, 1, 1), np.float32)
    for _ in range(60):
        covered = np.bincount(np.argmax(fields[:, ::8, ::8] + level, 0).ravel(), minlength=N_CLASSES)
        covered = covered / covered.sum()
        level[:, 0, 0] += .5 * np.log((SHARES + 1e-3) / (covered + 1e-3))
    return np.argmax(fields + level, 0)


def draw_image(rng, variant, side, strip=100):
    classes = class_patches(rng, side)
    surfaces = np.argmax(np.stack([smooth_field(rng, side, 40) for _ in range(N_SURFACES)]), 0)
    weather = np.stack([smooth_field(rng, side, 10) for _ in FACTORS], -1)
    strips = []
    for top in range(0, side, strip):
        rows = slice(top, top + strip)
        common = .8 * weather[rows].reshape(-1, 4)
        pixels = features(rng, variant, classes[rows].ravel(), surfaces[rows].ravel(),
                          lambda r, c=common: c + np.float32(.6) * r.standard_normal(c.shape, np.float32))
        strips.append(pixels.reshape(-1, side, pixels.shape[1]))
    return np.concatenate(strips), (classes + 1).astype(np.uint8)


def make(folder):
    """Draws what is missing in the folder."""
    os.makedirs(folder, exist_ok=True)
    for number, (variant, (n_train, side)) in enumerate(SIZES.items()):
        draws = {"train": lambda r: draw_rows(r, variant, n_train), "test": lambda r: draw_rows(r, variant, N_TEST),
                 "image": lambda r: draw_image(r, variant, side)}
        for part, (name, draw) in enumerate(draws.items()):
            x, y = (("image", "labels") if name == "image" else (f"X_{name}", f"y_{name}"))
            paths = [f"{folder}/{array}_{variant}.npy" for array in (x, y)]
            if all(os.path.exists(path) for path in paths):
                continue
            print(f"drawing {paths[0]}", file=sys.stderr, flush=True)
            for path, array in zip(paths, draw(np.random.default_rng([SEED, number, part]))):
                np.save(path + ".part.npy", array)
                os.rename(path + ".part.npy", path)


if __name__ == "__main__":
    make(sys.argv[1] if len(sys.argv) > 1 else "bench-data")
