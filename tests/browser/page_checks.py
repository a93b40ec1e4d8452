"""Checks of a page as a browser shows it, for tests of any report. (Debian: chromium chromium-driver python3-selenium)

  with page_checks.browser() as driver:
      page_checks.open_page(driver, "report.html", width=390, dark=True)
      assert not page_checks.console_errors(driver)
"""
import base64
import contextlib
import pathlib
import shutil
import sys
import tempfile

SKIPPED = 77  # what ctest takes for "skipped"

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None


def skip_without_browser():
    """Ends the program as skipped where there is no browser to test with."""
    missing = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    if webdriver is None:
        missing.append("python3-selenium")
    if missing:
        print("skipped: no " + ", ".join(missing) + " (Debian: chromium chromium-driver python3-selenium)")
        sys.exit(SKIPPED)


@contextlib.contextmanager
def browser(downloads=None):
    """A headless Chromium that reaches no network; files that pages save land in `downloads`."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars",
                     "disable-extensions", "disable-background-networking", "no-first-run", "lang=en-US",
                     "proxy-server=127.0.0.1:9"):
        options.add_argument("--" + argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with tempfile.TemporaryDirectory() as profile:
        options.add_argument("--user-data-dir=" + profile)
        driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        try:
            if downloads:
                driver.execute_cdp_cmd("Browser.setDownloadBehavior",
                                       {"behavior": "allow", "downloadPath": str(downloads)})
            yield driver
        finally:
            driver.quit()


def open_page(driver, path, width=1400, dark=False, height=900):
    """Opens the file in a window of that many CSS pixels, for a reader who likes it light or dark."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
    driver.get_log("browser")  # of the page before
    driver.get(pathlib.Path(path).resolve().as_uri())


def draw_all(driver):
    """Draws the figures that wait until they come into view."""
    driver.execute_script("lcclass.page.drawAll()")


def console_errors(driver):
    """What the browser complained about since the page was opened."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def overflow(driver):
    """Pixels by which the page is wider than the window: 0 when nothing has to be scrolled sideways."""
    return driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")


_CONTRAST = """
const numbers = (color) => {
  const at = color.match(/[\\d.]+/g).map(Number);
  return at.length === 3 ? [...at, 1] : at;
};
const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
const light = (color) => {
  const [r, g, b] = color.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.push(numbers(getComputedStyle(at).backgroundColor));
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
};
const failures = [];
let checked = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.textContent.trim() || element.closest("script, style, noscript, [aria-hidden=true]")) continue;
  if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const below = ground(element);
  const [low, high] = [light(over(numbers(style.color), below)), light(below)].sort((a, b) => a - b);
  const contrast = (high + 0.05) / (low + 0.05);
  ++checked;
  if (contrast < (large ? 3 : 4.5)) {
    failures.push(`${contrast.toFixed(2)}: ${style.color} on rgb(${below.map(Math.round)}): ${node.textContent.trim().slice(0, 60)}`);
  }
}
return { failures, checked };
"""


def contrast_failures(driver):
    """Visible texts with less contrast than WCAG 2 AA asks for (4.5, of large ones 3), computed from their styles."""
    result = driver.execute_script(_CONTRAST)
    assert result["checked"] > 0, "no text to check"
    return result["failures"]


def screenshot(driver, path):
    """A PNG of the whole page, however long."""
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
    png = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    pathlib.Path(path).write_bytes(base64.b64decode(png["data"]))


def print_pdf(driver, path):
    """The page on A4 paper."""
    pdf = driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True})
    pathlib.Path(path).write_bytes(base64.b64decode(pdf["data"]))
