#!/usr/bin/python3
"""The report of an experiment in a browser, from the program's own outputs: report_test.py LCCLASS [FOLDER [TEST...]].
FOLDER keeps the experiment and screenshots."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import page_checks

page_checks.skip_without_browser()

from selenium.webdriver.support.ui import Select  # noqa: E402: it is there only now

ROOT = pathlib.Path(__file__).resolve().parents[2]
BERLIN = pathlib.Path(os.environ.get("LCCLASS_SHARED_DATA", ROOT.parent / "shared/data")) / "berlin_s2l1c"
# A demo whose stages are all there, small enough for a test.
SIZE = 300


def lcclass(*arguments):
    return subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def demo(folder):
    lcclass("simulate", "-o", folder / "scene", "--size", SIZE, "--overwrite")
    return folder / "scene/lcclass.yml", folder / "scene/out"


def berlin(folder):
    """The example config on the real scene, with fewer trees."""
    config = (ROOT / "configs/berlin_2017.yml").read_text(encoding="utf-8")
    for old, new in (("path/to/berlin_s2l1c/IMG_DATA", BERLIN / "IMG_DATA"),
                     ("path/to/berlin_s2l1c/gis_osm_landuse-water.gpkg", next(BERLIN.glob("gis_osm*.gpkg"))),
                     ("n_estimators: 100", "n_estimators: 20"), ("total: 20000", "total: 5000"),
                     ("rows: 500", "rows: 100"), ("output_dir: berlin_2017", "output_dir: out"),
                     ("berlin_2017/", "out/")):
        assert old in config, old
        config = config.replace(old, str(new))
    (folder / "berlin.yml").write_text(config, encoding="utf-8")
    return folder / "berlin.yml", folder / "out"


class Checks:
    """What holds for the report of any experiment. Places are (column, row) of pixels that have a class."""

    @classmethod
    def setUpClass(cls):
        cls.folder = keep / cls.__name__ if keep else pathlib.Path(
            cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.folder.mkdir(parents=True, exist_ok=True)
        config, cls.out = cls.experiment(cls.folder)
        lcclass("run", "-c", config, "--overwrite")
        cls.cv = json.loads((cls.out / "cv.json").read_text())
        cls.driver = cls.enterClassContext(page_checks.browser())

    def open(self, **how):
        page_checks.open_page(self.driver, self.out / "report.html", **how)
        self.driver.set_script_timeout(60)
        self.driver.execute_async_script(
            "const done = arguments[0]; document.querySelector('[data-map]').lcclassMap.ready.then(() => done(1), done)")
        page_checks.draw_all(self.driver)

    def pane(self, script, *arguments):
        return self.driver.execute_script(
            "const pane = document.querySelector('[data-map]').lcclassMap;" + script, *arguments)

    def step(self):
        return self.pane("return pane.grid.step")

    def test_the_page_is_sound_at_any_width_in_both_themes(self):
        for width in (1400, 390):
            for dark in (False, True):
                with self.subTest(width=width, dark=dark):
                    self.open(width=width, dark=dark)
                    self.assertEqual(page_checks.overflow(self.driver), 0)
                    self.assertEqual(page_checks.contrast_failures(self.driver), [])
                    self.assertEqual(page_checks.console_errors(self.driver), [])
                    if keep:
                        page_checks.screenshot(self.driver, self.folder / f"report-{width}-{'dark' if dark else 'light'}.png")

    def test_charts_hold_the_numbers_of_cv_json(self):
        self.open()
        charts = self.driver.execute_script("""
            const chart = lcclass.page.charts.get("accuracy-by-scheme");
            return chart.data.datasets.map((dataset) => [dataset.label, dataset.data]);""")
        keys = ("overall_accuracy", "kappa", "f1_weighted", "f1_macro")
        self.assertEqual(charts, [[name, [scheme["pooled"][key] for key in keys]]
                                  for name, scheme in self.cv["schemes"].items()])
        scheme = self.cv["schemes"][self.cv["verdict"]["scheme"]]
        cells = self.driver.execute_script("""
            return [...document.querySelectorAll('[data-figure="confusion"] tbody tr')].map((row) =>
              [...row.cells].map((cell) => Number(cell.textContent.replaceAll(",", "")))
                            .filter((number) => !Number.isNaN(number)))""")
        self.assertEqual(cells[:len(scheme["confusion"]["matrix"])], scheme["confusion"]["matrix"])

    def test_a_click_tells_what_explain_tells_of_the_pixel(self):
        self.open()
        grid = json.loads(lcclass("info", "--json", self.out / "map.tif"))
        for column, row in self.places:
            with self.subTest(column=column, row=row):
                # Of a cell of several pixels, one is shown and told: the answer names it.
                shown_column, shown_row, told = self.pane("""
                    const t = pane.valueAt(arguments[0], arguments[1]);
                    return [t.column, t.row, t.layers.map]""", column, row)
                self.assertLess(max(abs(shown_column - column), abs(shown_row - row)), self.step())
                x = grid["bounds"][0] + (shown_column + 0.5) * grid["pixel_size"][0]
                y = grid["bounds"][3] - (shown_row + 0.5) * grid["pixel_size"][1]
                place = self.folder / f"place-{column}.json"
                lcclass("--overwrite", "explain", "-m", self.out / "model.lcm", "-i", self.out / "stack.tif", "--at",
                        f"{x},{y}", "-o", place)
                explained = json.loads(place.read_text())
                names = {entry["code"]: entry["name"] for entry in explained["classes"]}
                self.assertEqual(told, names[explained["predicted"]])

    def test_layers_switch_and_the_legend_hides_a_class(self):
        self.open()
        for layer in ("entropy", "map"):
            Select(self.driver.find_element("css selector", "select[data-role=top]")).select_by_value(layer)
            self.assertEqual(self.pane("return pane.top.id"), layer)
        opaque = """const canvas = pane.top.canvas;
                    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                    return data.filter((_, i) => i % 4 === 3 && data[i] > 0).length"""
        before = self.pane(opaque)
        self.driver.find_element("css selector", ".map-class").click()
        self.assertLess(self.pane(opaque), before)

    def test_what_belongs_together_is_there(self):
        markdown = (self.out / "report.md").read_text(encoding="utf-8")
        for picture in re.findall(r"\]\((report_files/[^)]+)\)", markdown):
            self.assertEqual((self.out / picture).read_bytes()[:4], b"\x89PNG", picture)
        self.assertIn("report_files/", markdown)
        self.assertTrue((self.out / "report.qgs").exists())
        self.assertLess((self.out / "report.html").stat().st_size, 8 << 20)
        self.assertNotIn("http://", re.sub(r"http://www\.w3\.org/\S*", "", " ".join(
            re.findall(r'(?:src|href)="([^"]*)"', (self.out / "report.html").read_text(encoding="utf-8")))))


class Demo(Checks, unittest.TestCase):
    experiment = staticmethod(demo)
    places = ((SIZE // 2, SIZE // 3), (SIZE - 7, SIZE - 20), (SIZE // 2, SIZE - 5))


@unittest.skipUnless(BERLIN.exists(), "the scene of Berlin is not beside the project")
class Berlin(Checks, unittest.TestCase):
    experiment = staticmethod(berlin)
    places = ((100, 100), (700, 300), (1200, 600))


if __name__ == "__main__":
    program = pathlib.Path(sys.argv[1]).resolve()
    keep = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
