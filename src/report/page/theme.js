"use strict";
// First script of the page: sets the theme before anything is shown. Colours are in colors.css and nowhere else.
window.lcclass = { kinds: {} };
lcclass.theme = (() => {
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];
  let chosen = null; // by the reader's click
  let printing = false;
  const name = () => (printing ? "light" : chosen || (wish.matches ? "dark" : "light"));
  const show = () => {
    document.documentElement.dataset.theme = name();
    listeners.forEach((listener) => listener());
  };

  // The colours of a theme: its CSS variables by name, those with numbers as lists.
  const colors = (themeName) => {
    const probe = document.createElement("div");
    probe.dataset.theme = themeName;
    document.body.append(probe);
    const style = getComputedStyle(probe);
    const value = (variable) => style.getPropertyValue(`--${variable}`).trim();
    const list = (variable, n) => Array.from({ length: n }, (_, i) => value(`${variable}-${i}`));
    const theme = { name: themeName, dark: themeName === "dark" };
    for (const variable of ["text", "quiet", "line", "paper", "panel", "accent", "grid", "total", "up", "down", "low",
                            "middle", "high"]) {
      theme[variable] = value(variable);
    }
    const ink = [0, 0, 0, 0, 0, 1, 1, 2, 2].map((i) => value(`ink-${["low", "mid", "high"][i]}`));
    Object.assign(theme, { series: list("series", 8), cool: list("cool", 9), warm: list("warm", 9), ink });
    probe.remove();
    return theme;
  };

  wish.addEventListener("change", show);
  window.addEventListener("beforeprint", () => ((printing = true), show()));
  window.addEventListener("afterprint", () => ((printing = false), show()));
  show();
  return {
    current: () => colors(name()),
    named: colors,
    isPrinting: () => printing,
    onChange: (listener) => listeners.push(listener),
    toggle: () => ((chosen = name() === "dark" ? "light" : "dark"), show()),
  };
})();
