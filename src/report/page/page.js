"use strict";
// The page itself: draws what comes into view, and gives the reader theme, contents and files.
(() => {
  const printWidth = 680; // of A4 between its margins
  const drawn = new Map(); // id of a figure: its chart
  const hidden = new Map(); // id: positions of series that the reader hid
  const maps = [];
  let content = { figures: {}, listings: {}, maps: {} };
  let theme = null;

  const place = (id) => document.querySelector(`figure[data-figure="${id}"]`);
  const button = (text, what, act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.setAttribute("aria-label", `${text}: ${what}`);
    element.addEventListener("click", act);
    return element;
  };

  // Width and height that a drawing takes now. The space is there before it is drawn: links to sections land right.
  const reserve = (figure, drawing) => {
    const kind = lcclass.kinds[figure.kind];
    const full = lcclass.theme.isPrinting() ? printWidth : Math.max(drawing.clientWidth, 200);
    const width = Math.floor(kind.width ? kind.width(figure, full) : full);
    const height = Math.round(kind.height(figure, width));
    drawing.style.height = `${height}px`;
    return { width, height };
  };

  const draw = (id) => {
    const figure = content.figures[id];
    const kind = lcclass.kinds[figure.kind];
    const drawing = place(id).querySelector(".drawing");
    const canvas = drawing.querySelector("canvas");
    const { width, height } = reserve(figure, drawing);
    drawn.get(id)?.destroy();
    Object.assign(canvas, { width, height });
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    drawn.set(id, new Chart(canvas, kind.chart(figure, { theme, width, hidden: hidden.get(id) })));
    lcclass.legend.show(place(id).querySelector(".legend"), kind.legend(figure), theme, hidden.get(id), (position) => {
      const all = hidden.get(id);
      if (!all.delete(position)) all.add(position);
      draw(id);
    });
  };

  const isDrawing = (id) => Boolean(lcclass.kinds[content.figures[id].kind]);
  const ids = () => Object.keys(content.figures).filter(isDrawing);
  const drawAll = () => ids().forEach(draw);

  const showTheme = () => {
    theme = lcclass.theme.current();
    toggle.textContent = theme.dark ? "Light theme" : "Dark theme";
    if (lcclass.theme.isPrinting()) drawAll();
    else [...drawn.keys()].forEach(draw);
    maps.forEach((map) => map.redraw(theme));
  };
  const toggle = button("", "theme", () => lcclass.theme.toggle());
  toggle.removeAttribute("aria-label");

  const picture = (id) => lcclass.save.picture(content.figures[id], place(id), hidden.get(id));
  const savePicture = (id) => {
    const actions = place(id).querySelector(".actions");
    actions.querySelector(".missing")?.remove();
    const save = (png) => {
      if (png) return lcclass.save.blob(`${id}.png`, png);
      const told = document.createElement("p");
      told.className = "missing";
      told.setAttribute("role", "alert");
      told.textContent = "This figure is too large for a picture; its numbers are in the table and in the CSV file.";
      actions.append(told);
    };
    const canvas = picture(id);
    if (canvas) canvas.toBlob(save);
    else save(null);
  };
  // Of figures that are too large, a part is drawn; the table and the CSV file keep all.
  const chooseShown = () => {
    for (const id of ids()) {
      const figure = lcclass.kinds[content.figures[id].kind].shown?.(content.figures[id]);
      if (!figure?.note) continue;
      content.figures[id] = figure;
      const note = document.createElement("p");
      note.className = "key";
      note.textContent = figure.note;
      place(id).querySelector(".drawing").before(note);
    }
  };

  const offerFiles = () => {
    for (const [id, figure] of Object.entries(content.figures)) {
      const element = place(id);
      element.querySelector(".actions").append(
        button("Save as PNG", figure.title, () => savePicture(id)),
        button("Data (CSV)", figure.title, () => lcclass.save.blob(`${id}.csv`, lcclass.save.csv(figure))),
      );
    }
    for (const [number, { file_name: name, text }] of Object.entries(content.listings)) {
      document.querySelector(`[data-listing="${number}"] .actions`).append(
        button(`Save ${name}`, "file", () => lcclass.save.blob(name, new Blob([text], { type: "text/plain;charset=utf-8" }))));
    }
  };

  // Drawings are made when they are near the screen, and again when its width changes.
  const watch = () => {
    const near = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        const id = target.dataset.figure;
        if (isIntersecting && !drawn.has(id)) draw(id);
      }
    }, { rootMargin: "800px" });
    ids().forEach((id) => near.observe(place(id)));
    const main = document.querySelector("main");
    let width = main.clientWidth;
    new ResizeObserver(() => {
      if (main.clientWidth === width || lcclass.theme.isPrinting()) return;
      width = main.clientWidth;
      for (const id of ids()) {
        if (drawn.has(id)) draw(id);
        else reserve(content.figures[id], place(id).querySelector(".drawing"));
      }
    }).observe(main);
  };

  // Folded where it would push the page down; marks the section that is being read.
  const showContents = () => {
    const details = document.querySelector("nav details");
    if (!details) return;
    const wide = window.matchMedia("(min-width: 66rem)");
    const fit = () => (details.open = wide.matches);
    wide.addEventListener("change", fit);
    fit();
    const links = new Map([...details.querySelectorAll("a")].map((a) => [a.getAttribute("href").slice(1), a]));
    const sections = [...document.querySelectorAll("section")];
    const mark = () => {
      const above = sections.filter((section) => section.getBoundingClientRect().top < 120);
      const current = (above[above.length - 1] || sections[0]).id;
      links.forEach((link, id) => (id === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    };
    window.addEventListener("scroll", mark, { passive: true });
    mark();
  };

  document.addEventListener("DOMContentLoaded", () => {
    content = JSON.parse(document.getElementById("page-data").textContent);
    theme = lcclass.theme.current();
    Object.keys(content.figures).forEach((id) => hidden.set(id, new Set()));
    document.getElementById("page-theme").append(toggle);
    showContents();
    chooseShown();
    ids().forEach((id) => reserve(content.figures[id], place(id).querySelector(".drawing")));
    offerFiles();
    // page/map.js finds its element within the view's part of the page.
    for (const [id, data] of Object.entries(content.maps)) {
      if (data) maps.push(lcclass.map(document.querySelector(`[data-view="${id}"]`), data, theme));
    }
    showTheme();
    lcclass.theme.onChange(showTheme);
    watch();
  });

  lcclass.page = { content: () => content, charts: drawn, drawAll, picture };
})();
