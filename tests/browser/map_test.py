#!/usr/bin/env python3
"""The map of a report in a browser: map_test.py GALLERY_BINARY [FOLDER]. FOLDER keeps screenshots. Skipped (77) without
chromium and selenium."""
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.support.ui import Select
except ImportError:
    print("python3-selenium is not there: skipped")
    sys.exit(77)

failures = []


def check(found, expected, what):
    if found != expected:
        failures.append(f"{what}: {found!r} instead of {expected!r}")


def start_browser():
    driver_path = shutil.which("chromedriver")
    chromium = shutil.which("chromium")
    if not driver_path or not chromium:
        print("chromium is not there: skipped")
        sys.exit(77)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(driver_path), options=options)


class Page:
    def __init__(self, browser, path):
        self.browser = browser
        self.path = path

    def open(self, width, height, scheme="light"):
        # Windows of a desktop have a least width; the device metrics have not.
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                     {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.get()
        self.wait()

    def get(self):
        self.browser.get(self.path.as_uri())

    def before_pages(self, script):
        """Runs `script` before those of every page; gives what ends that."""
        return self.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})

    def wait(self):
        self.browser.set_script_timeout(60)
        self.browser.execute_async_script(
            "const done = arguments[0]; document.querySelector('[data-map]').lcclassMap.ready.then(() => done(1), done)")

    def js(self, code, *arguments):
        return self.browser.execute_script(
            "const pane = document.querySelector('[data-map]').lcclassMap;" + code, *arguments)

    def pixel(self, layer, column, row):
        """Red, green, blue and alpha of a cell of the layer's canvas."""
        return self.js("const layer = pane.tops.find((l) => l.id === arguments[0]);"
                       "return [...layer.canvas.getContext('2d').getImageData(arguments[1], arguments[2], 1, 1).data]",
                       layer, column, row)

    def screen_place(self, column, row):
        """Where that pixel of the raster is on the screen, with the whole map in view and no answer over it."""
        self.js("pane.map.stop(); pane.map.closePopup(); pane.map.fitBounds(pane.bounds(), {animate: false})")
        self.browser.execute_async_script("setTimeout(arguments[0], 400)")
        return self.js("const p = pane.map.latLngToContainerPoint(pane.place(arguments[0] + 0.5, arguments[1] + 0.5));"
                       "const e = pane.mapElement, box = e.getBoundingClientRect();"
                       "return [box.x + e.clientLeft + p.x, box.y + e.clientTop + p.y]", column, row)

    def click_pixel(self, column, row):
        x, y = self.screen_place(column, row)
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.execute_cdp_cmd("Input.dispatchMouseEvent",
                                         {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})
        self.browser.execute_async_script("setTimeout(arguments[0], 100)")

    def popup(self):
        """Its lines, also those that have to be scrolled to."""
        return self.js("const found = document.querySelectorAll('.map-popup .leaflet-popup-content');"
                       "return found.length ? found[found.length - 1].innerText : ''").replace("\t", " ")

    def popup_is_in_view(self):
        self.browser.execute_async_script("setTimeout(arguments[0], 600)")
        return self.js("const [p, m] = ['.map-popup', '.map-canvas'].map((s) => document.querySelector(s).getBoundingClientRect());"
                       "return p.top >= m.top && p.left >= m.left && p.right <= m.right")

    def shot(self, path):
        self.browser.save_screenshot(str(path))

    def console(self):
        return [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def choose(page, role, title):
    Select(page.browser.find_element(By.CSS_SELECTOR, f"select[data-role={role}]")).select_by_visible_text(title)


def check_layers(page):
    check(page.js("return pane.top.id"), "map", "layer at first")
    check(page.js("return pane.photo.id"), "true-colour", "background at first")
    choose(page, "top", "Uncertainty")
    check(page.js("return pane.top.id"), "entropy", "layer that was chosen")
    check(page.js("return document.querySelectorAll('.leaflet-top-pane canvas').length"), 1, "layers that are drawn")
    check("2.00" in page.browser.find_element(By.CSS_SELECTOR, ".map-ticks").text, True, "numbers of the colour bar")
    check(page.pixel("entropy", 0, 0), [255, 255, 204, 255], "lowest colour")
    choose(page, "photo", "False colour")
    check(page.js("return pane.photo.id"), "false-colour", "background that was chosen")
    choose(page, "top", "None")
    check(page.js("return document.querySelectorAll('.leaflet-top-pane canvas').length"), 0, "no layer")
    choose(page, "top", "Land cover")
    page.js("pane.setOpacity(0.4)")
    check(page.js("return pane.top.canvas.style.opacity"), "0.4", "opacity")
    choose(page, "top", "Uncertainty")
    check(page.js("return pane.top.canvas.style.opacity"), "0.4", "opacity of the next layer")
    page.js("pane.setOpacity(1)")
    choose(page, "top", "Land cover")
    check(page.js("return [pane.top.canvas.style.opacity, pane.slider.value]"), ["1", "100"], "opacity of a layer shown again")


def check_legend(page):
    check(page.pixel("map", 15, 5), [230, 190, 60, 255], "cropland")
    check(page.pixel("map", 5, 5)[3], 0, "no class is clear")
    button = page.browser.find_element(By.CSS_SELECTOR, ".map-class[data-position='1']")
    check("33.3 %, 720 ha" in button.text, True, "share in the legend")
    button.click()
    check(page.pixel("map", 15, 5)[3], 0, "hidden class is clear")
    check(page.pixel("map", 25, 5), [20, 120, 50, 255], "other classes stay")
    focused = page.js("return document.activeElement.dataset.position")
    check(focused, "1", "keyboard stays where it was")
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    check(page.pixel("map", 15, 5), [230, 190, 60, 255], "class that is shown again")


def check_clicks(page):
    # Cell (15, 5) shows the pixel (31, 11); its figures are those of cell (5, 1) of 6 x 6 pixels, pixel (33, 9).
    page.click_pixel(31, 11)
    text = page.popup()
    check("600315, 5099885 (EPSG:32633)" in text, True, f"place in {text!r}")
    check("column 31, row 11" in text, True, f"pixel in {text!r}")
    check("cropland" in text, True, f"class in {text!r}")
    check("column 33, row 9" in text, True, f"pixel of the figures in {text!r}")
    check(page.popup_is_in_view(), True, "the answer is in view")
    spoken = page.js("return [...document.querySelectorAll('.map-panel [role=status]')].map((e) => e.textContent).join('')")
    check("pixel: column 31, row 11" in spoken and "Land cover cropland; " in spoken, True, f"spoken {spoken!r}")
    told = page.js("const t = pane.valueAt(31, 11); return [t.layers.map, t.layers.entropy, t.figures[0].values, t.figures[1].values]")
    check(told[0], "cropland", "class of the pixel")
    check(math.isclose(told[1], 2 * 15 / 254, abs_tol=1e-9), True, f"entropy {told[1]}")
    check([round(value, 4) for value in told[2]], [round(40 / 254, 4), round(10 / 254, 4), 0.5], "probabilities")
    check([round(value, 4) for value in told[3]], [0.5, round(-0.5 + 64 / 254, 4)], "contributions")
    check("+0.50" in text and "\u22120.25" in text, True, f"contributions in {text!r}")
    check(len(page.browser.find_elements(By.CSS_SELECTOR, ".map-popup .map-bar")), 5, "bars")
    for i, j in ((3, 3), (44, 31), (80, 59), (60, 12)):
        page.click_pixel(2 * i + 1, 2 * j + 1)
        expected = ["no data", "cropland", "woodland", "water"][(i // 10 + j // 10) % 4]
        check(" ".join(page.popup().split()).find(f"Land cover {expected}") > 0, True, f"class at {i}, {j}")


def check_overlays(page):
    box = page.browser.find_element(By.CSS_SELECTOR, "[data-role=overlays] input[value=polygons]")
    box.click()
    check(page.js("return pane.map.hasLayer(pane.data.overlays[0].group)"), True, "polygons are drawn")
    page.click_pixel(31, 31)
    check("water, polygon 7" in page.popup(), True, f"polygon in {page.popup()!r}")
    box.click()
    check(page.js("return pane.map.hasLayer(pane.data.overlays[0].group)"), False, "polygons are gone")


def check_keyboard(page):
    page.js("pane.map.closePopup(); pane.mapElement.focus()")
    before = page.js("return pane.map.getZoom()")
    page.browser.switch_to.active_element.send_keys("+")
    page.browser.execute_async_script("setTimeout(arguments[0], 600)")
    check(page.js("return pane.map.getZoom()") > before, True, "plus zooms in")
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    check("EPSG:32633" in page.popup(), True, "Enter tells about the middle")
    unlabelled = page.js("return [...document.querySelectorAll('input, button, select')].filter((e) => "
                         "!(e.closest('label') || e.textContent || e.getAttribute('aria-label'))).length")
    check(unlabelled, 0, "controls without a label")


def check_narrow(page):
    page.open(390, 844, "dark")
    check(page.js("return document.documentElement.scrollWidth"), 390, "width of the page on a phone")
    boxes = page.js("return ['.map-canvas', '.map-panel'].map((s) => document.querySelector(s).getBoundingClientRect().top)")
    check(boxes[0] < boxes[1], True, "controls are below the map")
    check(page.js("return document.querySelector('[data-map]').dataset.theme"), "dark", "theme")


def check_touch(page):
    page.browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
    page.open(390, 844)
    x, y = page.screen_place(31, 11)
    page.browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    page.browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.browser.execute_async_script("setTimeout(arguments[0], 600)")
    check("cropland" in page.popup(), True, f"answer to a tap {page.popup()!r}")
    page.browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def check_loading(page):
    """Until its pictures are there, the map does nothing and breaks nothing."""
    added = page.before_pages("""
        const Loaded = window.Image;
        window.Image = function () {
          const image = new Loaded();
          const later = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src").set;
          Object.defineProperty(image, "src", { set: (url) => setTimeout(() => later.call(image, url), 1500) });
          return image;
        };""")
    page.get()
    check(page.js("return pane.state"), "loading", "state at first")
    check(page.js("return [...document.querySelectorAll('.map-choices select, .map-choices input')].every((e) => e.matches(':disabled'))"),
          True, "controls are off")
    page.click_pixel(31, 11)
    check(page.js("return [pane.state, document.querySelectorAll('.map-popup').length]"), ["loading", 0], "no answer yet")
    page.wait()
    check(page.js("return [pane.state, document.querySelectorAll(':disabled').length]"), ["ready", 0], "controls are on")
    page.click_pixel(31, 11)
    check("cropland" in page.popup(), True, "answer when the map is there")
    page.browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def check_altered_pictures(page):
    """One number off by one, as browsers do that guard against being recognized: no map rather than a wrong one."""
    added = page.before_pages("""
        const read = CanvasRenderingContext2D.prototype.getImageData;
        CanvasRenderingContext2D.prototype.getImageData = function (...box) {
          const picture = read.apply(this, box);
          picture.data[4 * 777] ^= 1;
          return picture;
        };""")
    page.open(1400, 1000)
    text = page.browser.find_element(By.CSS_SELECTOR, ".map-figure").text
    check("This browser alters pictures, so the map cannot be shown here" in text, True, f"instead of the map {text!r}")
    check("Click for the numbers" in text, True, "the caption stays")
    check(page.js("return document.querySelectorAll('.map-canvas, .map-choices').length"), 0, "nothing of the map is there")
    page.js("pane.redraw('light'); pane.keepView()")
    page.browser.set_window_size(900, 700)
    page.browser.execute_async_script("setTimeout(arguments[0], 300)")
    page.browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def main():
    browser = start_browser()
    try:
        with tempfile.TemporaryDirectory() as folder:
            keep = Path(sys.argv[2]) if len(sys.argv) > 2 else None
            path = Path(folder) / "gallery.html"
            subprocess.run([sys.argv[1], str(path)], check=True)
            page = Page(browser, path)
            page.open(1400, 1000)
            for step in (check_layers, check_legend, check_clicks, check_overlays, check_keyboard):
                step(page)
            if keep:
                page.shot(keep / "map_light.png")
            check_narrow(page)
            if keep:
                page.shot(keep / "map_narrow.png")
            check_touch(page)
            check_loading(page)
            check_altered_pictures(page)
            if keep:
                page.shot(keep / "map_altered.png")
            check(page.console(), [], "messages on the console")
    finally:
        browser.quit()
    print("\n".join(failures) or "the map works")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
