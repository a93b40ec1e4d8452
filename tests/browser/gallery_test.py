#!/usr/bin/python3
"""The gallery of all figures (gallery.cpp) in a browser, as readers use it: gallery_test.py REPORT_GALLERY"""
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

import page_checks

page_checks.skip_without_browser()

NOT_BLANK = """
return [...document.querySelectorAll("canvas")].map((canvas) => {
  const pixels = new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer));
  return pixels.size > (canvas.closest(".drawing") ? 10 : 1);
});
"""


def as_number(value):
    """A cell of CSV, a number as such: programs write the same number in more than one way."""
    try:
        return float(value)
    except ValueError:
        return value


def as_numbers(text):
    return [[as_number(value) for value in row] for row in csv.reader(io.StringIO(text, newline=""))]


class Gallery(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.downloads = cls.folder / "downloads"
        cls.downloads.mkdir()
        subprocess.run([program, cls.folder], check=True)
        cls.page = cls.folder / "gallery.html"
        text = cls.page.read_text(encoding="utf-8")
        cls.content = json.loads(re.search(r'id="page-data">(.*?)</script>', text, re.S).group(1))
        cls.driver = cls.enterClassContext(page_checks.browser(cls.downloads))

    def open(self, **how):
        page_checks.open_page(self.driver, self.page, **how)
        page_checks.draw_all(self.driver)

    def run_script(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def saved(self, name):
        """The bytes of a file that the page saved."""
        for _ in range(100):
            if (self.downloads / name).exists():
                return (self.downloads / name).read_bytes()
            time.sleep(0.1)
        self.fail(name + " was not saved")

    def click(self, figure, button):
        self.run_script("""
            const all = [...document.querySelectorAll(`${arguments[0]} button`)];
            all.find((button) => button.textContent === arguments[1]).click();""", figure, button)

    def test_pages_are_sound_at_any_width_in_both_themes(self):
        for width in (1400, 390):
            for dark in (False, True):
                with self.subTest(width=width, dark=dark):
                    self.open(width=width, dark=dark)
                    self.run_script("document.querySelectorAll('details').forEach((part) => (part.open = true))")
                    self.assertEqual(page_checks.overflow(self.driver), 0)
                    self.assertEqual(page_checks.contrast_failures(self.driver), [])
                    drawn = self.run_script(NOT_BLANK)
                    self.assertGreater(len(drawn), len(self.content["figures"]))
                    self.assertTrue(all(drawn), drawn)
                    self.assertEqual(page_checks.console_errors(self.driver), [])
                    self.assertEqual(self.driver.title, "Gallery of figures & <awkward> texts")

    def test_figures_are_drawn_when_they_come_into_view_and_all_for_print(self):
        page_checks.open_page(self.driver, self.page)
        n_drawings = len(self.driver.find_elements("css selector", ".drawing"))
        time.sleep(0.3)
        n_drawn = self.run_script("return lcclass.page.charts.size")
        self.assertGreater(n_drawn, 0)
        self.assertLess(n_drawn, n_drawings)
        page_checks.print_pdf(self.driver, self.folder / "gallery.pdf")
        self.assertEqual(self.run_script("return lcclass.page.charts.size"), n_drawings)
        self.assertEqual(page_checks.console_errors(self.driver), [])

    def test_paper_is_light_whatever_the_screen(self):
        self.open(dark=True)
        paper = "return getComputedStyle(document.body).backgroundColor"
        self.assertEqual(self.run_script(paper), "rgb(20, 23, 26)")
        self.run_script("window.dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(self.run_script(paper), "rgb(255, 255, 255)")
        self.run_script("window.dispatchEvent(new Event('afterprint'))")
        self.assertEqual(self.run_script(paper), "rgb(20, 23, 26)")

    def test_charts_hold_the_numbers_of_the_data(self):
        self.open()
        for figure_id, figure in self.content["figures"].items():
            with self.subTest(figure_id):
                datasets = self.run_script("""
                    return lcclass.page.charts.get(arguments[0])?.data.datasets.map((dataset) => dataset.data)""", figure_id)
                if figure_id == "many-bars":
                    # Of 0 to 99 and again 0 to 49, the strongest 60 are 50 to 99, and 45 to 49 twice.
                    self.assertEqual([abs(value) for value in datasets[0]], [*range(45, 100), *range(45, 50)])
                elif figure["kind"] == "bars":
                    self.assertEqual(datasets, [series["values"] for series in figure["series"]])
                elif figure["kind"] == "lines":
                    self.assertEqual(datasets, [[{"x": point["x"], "y": point["y"]} for point in series["points"]]
                                                for series in figure["series"]])
                elif figure["kind"] == "waterfall":
                    levels = [row[2] for row in figure["data"]["rows"]]
                    self.assertEqual(datasets[0], [[0, levels[0]]] +
                                     [list(pair) for pair in zip(levels, levels[1:-1])] + [[0, levels[-1]]])
                elif figure["kind"] != "swarm":
                    self.assertIsNone(datasets)

    def test_tables_hold_the_cells_of_the_data(self):
        self.open()
        for figure_id, figure in self.content["figures"].items():
            if figure["data"] is None:
                continue
            with self.subTest(figure_id):
                shown = self.run_script("""
                    return [...document.querySelectorAll(`[data-figure="${arguments[0]}"] tbody tr`)].map((row) =>
                      [...row.cells].map((cell) => cell.textContent))""", figure_id)
                rows = figure["data"]["rows"]
                self.assertEqual(len(shown), len(rows))
                for shown_row, row in zip(shown, rows):
                    for text, cell, column in zip(shown_row, row, figure["data"]["columns"]):
                        if isinstance(cell, (int, float)):
                            number = float(text.replace(",", "").replace("\u2212", "-"))
                            self.assertAlmostEqual(number, cell, delta=0.5000001 * 10 ** -column["digits"])
                        else:
                            self.assertEqual(text, "NA" if cell is None else cell)

    def test_numbers_are_saved_as_the_program_writes_them(self):
        self.open()
        for figure_id, figure in self.content["figures"].items():
            with self.subTest(figure_id):
                text = self.driver.execute_async_script("""
                    const [id, done] = arguments;
                    lcclass.save.csv(lcclass.page.content().figures[id]).text().then(done);""", figure_id)
                header, *rows = as_numbers(text)
                if figure["kind"] == "swarm":
                    points = [[row["label"], value, color] for row in figure["rows"]
                              for value, color in zip(row["values"], row["colors"])]
                    self.assertEqual(rows, points)
                    continue
                self.assertEqual(header, [column["name"] for column in figure["data"]["columns"]])
                self.assertEqual(rows, [[as_number("" if cell is None else cell) for cell in row]
                                        for row in figure["data"]["rows"]])

    def test_csv_is_quoted_as_the_program_does(self):
        self.open()
        text = self.run_script("""
            return lcclass.text.csv({columns: [{name: "fold"}, {name: "note, if any"}], rows: [
              ["one", "a \\"b\\""], ["two", null], [1 / 3, " a"], [1e6, "=A1+1"], [-0.5, "-a"]]});""")
        self.assertEqual(text, 'fold,"note, if any"\r\none,"a ""b"""\r\ntwo,\r\n'
                               '0.3333333333333333," a"\r\n1000000,=A1+1\r\n-0.5,-a\r\n')
        self.click("#figure-folds", "Data (CSV)")
        self.assertEqual(self.saved("folds.csv").decode("utf-8").split("\r\n")[0], 'fold,samples,"F1, weighted",note')

    def test_figures_are_saved_as_pictures_for_paper(self):
        self.open(dark=True, width=390)
        for figure_id in self.content["figures"]:
            if figure_id == "long-table":
                continue
            with self.subTest(figure_id):
                url, colors, corner = self.run_script("""
                    const canvas = lcclass.page.picture(arguments[0]);
                    const pen = canvas.getContext("2d");
                    const pixels = new Uint32Array(pen.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
                    return [canvas.toDataURL(), new Set(pixels).size, [...pen.getImageData(0, 0, 1, 1).data]];""", figure_id)
                self.assertTrue(url.startswith("data:image/png;base64,iVBORw0KGgo"))
                self.assertGreater(colors, 10)
                self.assertEqual(corner, [255, 255, 255, 255])
        self.click("#figure-roc", "Save as PNG")
        self.assertEqual(self.saved("roc.png")[:8], b"\x89PNG\r\n\x1a\n")

    def test_bars_that_are_not_drawn_are_told_and_in_the_table(self):
        self.open()
        note = self.driver.find_element("css selector", "#figure-many-bars .key").text
        self.assertEqual(note, "The strongest 60 of 150 are drawn; all are in the table and in the CSV file.")
        self.assertEqual(self.run_script("return document.querySelectorAll('#figure-many-bars tbody tr').length"), 150)
        self.assertEqual(self.run_script("return document.querySelectorAll('#figure-changes .key').length"), 0)

    def test_pictures_stay_within_what_browsers_can(self):
        self.open()
        long_side = self.run_script("""
            const rows = [...document.querySelectorAll("#figure-long-table tbody tr")];
            rows.slice(1000).forEach((row) => row.remove());
            const canvas = lcclass.page.picture("long-table");
            rows.slice(1000).forEach((row) => rows[0].parentElement.append(row));
            return [canvas.width * canvas.height <= 16e6, canvas.height <= 32000, canvas.height > 20000];""")
        self.assertEqual(long_side, [True, True, True])
        self.click("#figure-long-table", "Save as PNG")
        told = self.driver.find_element("css selector", "#figure-long-table .missing").text
        self.assertIn("too large for a picture", told)

    def test_files_are_saved_to_the_byte(self):
        self.open()
        self.click(".listing", "Save lcclass.yml")
        self.assertEqual(self.saved("lcclass.yml").decode("utf-8"), self.content["listings"]["0"]["text"])

    def test_theme_follows_the_reader_until_clicked(self):
        self.open(dark=True)
        colors = """return [getComputedStyle(document.body).backgroundColor, lcclass.theme.current().series[0],
            lcclass.page.charts.get("learning-curve").data.datasets[0].borderColor]"""
        dark = self.run_script(colors)
        self.run_script("document.querySelector('#page-theme button').click()")
        light = self.run_script(colors)
        self.assertEqual(light, ["rgb(255, 255, 255)", "#0072b2", "#0072b2"])
        self.assertEqual(dark, ["rgb(20, 23, 26)", "#56b4e9", "#56b4e9"])
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "light"}]})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.assertEqual(self.run_script(colors), light)

    def test_legend_hides_a_series_and_keeps_the_colours_of_the_others(self):
        self.open()
        names = """return lcclass.page.charts.get("learning-curve").data.datasets.map((one) => [one.label, one.borderColor])"""
        before = self.run_script(names)
        button = self.driver.find_elements("css selector", "#figure-learning-curve .legend button")[1]
        button.send_keys("\ue007")  # Enter: the keyboard reaches it
        self.assertEqual(self.run_script(names), before[:1] + before[2:])
        focused = self.driver.switch_to.active_element
        self.assertEqual((focused.text, focused.get_attribute("aria-pressed")), ("polygon", "false"))
        focused.send_keys("\ue007")
        self.assertEqual(self.run_script(names), before)

    def test_numbers_in_drawings_are_rounded_as_in_tables(self):
        self.open()
        numbers = self.run_script("""
            return [[0.0625, 3], [0.4375, 3], [0.5, 0], [1.5, 0], [-0.0004, 3], [12345.678, 1], [2018, 0], [1e6, 0]]
              .map(([value, digits]) => lcclass.text.number(value, digits));""")
        self.assertEqual(numbers, ["0.062", "0.438", "0", "2", "0.000", "12,345.7", "2018", "1,000,000"])

    def test_without_script_the_tables_are_there(self):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            page_checks.open_page(self.driver, self.page)
            body = self.driver.find_element("tag name", "body").text
            self.assertIn("The charts need JavaScript", body)
            self.assertIn("12,980", body)
            self.assertFalse(self.driver.find_element("css selector", ".drawing").is_displayed())
            self.driver.find_element("css selector", "#figure-why summary").click()
            self.assertIn("12 other features", self.driver.find_element("css selector", "#figure-why table").text)
        finally:
            self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


if __name__ == "__main__":
    program = sys.argv.pop(1)
    unittest.main()
