"use strict";
/* Drawn with Leaflet 1.7, (c) 2010-2019 Vladimir Agafonkin, (c) 2010-2011 CloudMade, under the BSD 2-clause licence. */
(() => {
  const lcclass = (window.lcclass = window.lcclass || {});
  const cornerUnits = 10; // of outlines, per pixel
  const mostBars = 10;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "text") element.textContent = value;
      else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };

  const digits = (value, n) => value.toFixed(n).replace(/^-0(\.0*)?$/, (text) => text.slice(1)).replace("-", "\u2212");

  const { Unreadable, readCells, readPhoto, paint, scaleValue } = lcclass.mapCells;

  class Pane {
    constructor(element, data, theme) {
      this.element = element;
      this.data = data;
      this.grid = data.grid;
      this.tops = [...data.classes, ...data.scales].map((layer) => Object.assign(layer, { hidden: new Set() }));
      this.top = null;
      this.photo = null;
      this.opacity = 1;
      this.state = "loading"; // then "ready" or "failed"
      this.build();
      this.makeMap();
      this.redraw(theme);
      this.ready = this.load();
    }

    async load() {
      try {
        await Promise.all([
          ...this.data.photos.map(async (photo) => (photo.canvas = await readPhoto(photo, this.grid))),
          ...this.tops.map(async (layer) => (layer.cells = await readCells(layer.image, this.grid))),
          ...this.data.figures.map(
            async (f) => (f.cells = await Promise.all(f.images.map((image) => readCells(image, f.grid))))),
        ]);
      } catch (error) {
        this.fail(error);
        return;
      }
      this.state = "ready";
      this.choices.disabled = false;
      this.status.textContent = "";
      this.setBackground((this.data.photos[0] || { id: "" }).id);
      this.show((this.tops[0] || { id: "" }).id);
      for (const overlay of this.data.overlays) if (overlay.shown) this.toggleOverlay(overlay.id, true);
    }

    /// What the reader gets instead of the map.
    fail(error) {
      this.state = "failed";
      const told = error instanceof Unreadable ? error.message : `The map cannot be shown: ${error.message}.`;
      this.element.replaceChildren(make("p", { class: "map-failed", role: "alert", text: told }));
    }

    // Where things are: latitude is minus y from the upper edge, longitude x from the left one, in units of the map.
    place(column, row) {
      return L.latLng(-row * this.grid.pixel[1], column * this.grid.pixel[0]);
    }
    bounds() {
      return L.latLngBounds(this.place(0, this.grid.height), this.place(this.grid.width, 0));
    }
    cellBounds() {
      const { columns, rows, step } = this.grid;
      return L.latLngBounds(this.place(0, rows * step), this.place(columns * step, 0));
    }
    /// The pixel that the cell over a place shows; nothing outside.
    pixelAt(place) {
      const { pixel, step, width, height, columns } = this.grid;
      const column = Math.floor(place.lng / pixel[0]);
      const row = Math.floor(-place.lat / pixel[1]);
      if (column < 0 || row < 0 || column >= width || row >= height) return null;
      return this.pixelOf(this.grid, Math.floor(column / step), Math.floor(row / step), columns);
    }
    pixelOf(grid, i, j) {
      const shown = (cell, size) => Math.min(cell * grid.step + Math.floor(grid.step / 2), size - 1);
      return { cell: j * grid.columns + i, column: shown(i, grid.width), row: shown(j, grid.height) };
    }

    makeMap() {
      this.map = L.map(this.mapElement, {
        crs: L.CRS.Simple,
        attributionControl: false,
        zoomControl: false,
        zoomSnap: 0.25,
        zoomDelta: 0.75,
        minZoom: -30,
        scrollWheelZoom: false,
        renderer: L.canvas({ padding: 0.3, tolerance: 4 }),
      });
      this.map.createPane("photo").style.zIndex = 200;
      this.map.createPane("top").style.zIndex = 300;
      this.map.on("click", (event) => this.ask(event.latlng));
      // A wheel over the map scrolls the page until the map is made use of.
      this.map.on("focus", () => this.map.scrollWheelZoom.enable());
      this.map.on("blur", () => this.map.scrollWheelZoom.disable());
      this.mapElement.addEventListener("pointerdown", () => this.mapElement.classList.remove("map-by-keys"));
      this.mapElement.addEventListener("keyup", () => this.mapElement.classList.add("map-by-keys"));
      this.mapElement.addEventListener("keydown", (event) => {
        if (event.target !== this.mapElement || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        this.ask(this.map.getCenter());
      });
      L.control.zoom({ position: "bottomright" }).addTo(this.map);
      this.addScale();
      this.fit();
      let width = this.mapElement.clientWidth;
      new ResizeObserver(() => {
        if (this.state === "failed") return;
        const seen = this.mapElement.clientWidth;
        this.map.invalidateSize({ animate: false });
        if (width === 0 && seen > 0) this.fit();
        width = seen;
      }).observe(this.mapElement);
      window.matchMedia("print").addEventListener("change", () => this.keepView());
    }
    fit() {
      this.map.fitBounds(this.bounds(), { animate: false, padding: [8, 8] });
      const fitted = this.map.getZoom();
      const cell = Math.log2(48 / (this.grid.step * this.grid.pixel[0]));
      this.map.setMinZoom(fitted - 1).setMaxZoom(Math.max(cell, fitted + 1));
      const { width, height, pixel } = this.grid; // room around the map for an answer about its edge
      const room = Math.max(width * pixel[0], height * pixel[1]) / Math.min(width * pixel[0], height * pixel[1]);
      this.map.setMaxBounds(this.bounds().pad(room));
    }
    keepView() {
      if (this.state === "failed") return;
      const bounds = this.map.getBounds();
      this.map.invalidateSize({ animate: false }).fitBounds(bounds, { animate: false });
    }

    addScale() {
      const bar = make("div", { class: "map-scale-bar" });
      const text = make("span");
      const box = make("div", { class: "map-scale" }, make("span", { class: "map-north", text: "N \u2191", title: "north is up" }));
      if (this.data.metres_per_unit) box.append(make("span", {}, text, bar));
      const control = L.control({ position: "bottomleft" });
      control.onAdd = () => box;
      control.addTo(this.map);
      const update = () => {
        const metresPerPixel = this.data.metres_per_unit / 2 ** this.map.getZoom();
        const most = 110 * metresPerPixel;
        const power = 10 ** Math.floor(Math.log10(most));
        const length = [5, 2, 1].find((n) => n * power <= most) * power;
        bar.style.width = `${length / metresPerPixel}px`;
        text.textContent = length >= 1000 ? `${length / 1000} km` : `${length} m`;
      };
      if (this.data.metres_per_unit) this.map.on("zoom zoomend", update);
    }

    // The controls beside the map.
    build() {
      const { data, grid } = this;
      this.mapElement = make("div", {
        class: "map-canvas",
        tabindex: "0",
        role: "application",
        "aria-label": `${data.title}: arrow keys move, plus and minus zoom, Enter tells about the pixel in the middle`,
      });
      const aspect = (grid.width * grid.pixel[0]) / (grid.height * grid.pixel[1]);
      this.mapElement.style.aspectRatio = Math.min(Math.max(aspect, 0.7), 2);
      this.cross = make("div", { class: "map-cross", "aria-hidden": "true" });
      this.status = make("p", { class: "map-status", role: "status", text: "The map is being drawn \u2026" });
      this.legend = make("div", { class: "map-legend" });
      this.overlayLegends = make("div", { class: "map-legend" });
      const slider = make("input", { type: "range", min: "0", max: "100", value: "100", step: "5",
        oninput: () => this.setOpacity(slider.value / 100) });
      this.slider = slider;
      this.choices = make("fieldset", { class: "map-choices", "aria-label": "What the map shows", disabled: true },
        this.select("Map", "top", [...this.tops, { id: "", title: "None" }], (id) => this.show(id)),
        make("label", {}, make("span", { text: "Opacity" }), slider),
        this.select("Background", "photo", [...data.photos, { id: "", title: "Plain" }], (id) => this.setBackground(id)));
      if (data.overlays.length) this.choices.append(this.checks());
      this.spoken = make("p", { class: "unseen", role: "status" }); // what a click tells, for those who hear the page
      this.element.replaceChildren(
        make("div", { class: "map-frame" }, this.mapElement, this.cross),
        make("div", { class: "map-panel" }, this.status, this.spoken, this.choices, this.legend, this.overlayLegends));
    }
    select(title, role, layers, choose) {
      const box = make("select", { "data-role": role, onchange: () => choose(box.value) },
        ...layers.map((layer) => make("option", { value: layer.id, text: layer.title })));
      return make("label", {}, make("span", { text: title }), box);
    }
    checks() {
      return make("fieldset", { "data-role": "overlays" }, make("legend", { text: "On top" }),
        ...this.data.overlays.map((overlay) =>
          make("label", {},
            make("input", { type: "checkbox", value: overlay.id,
              onchange: (event) => this.toggleOverlay(overlay.id, event.target.checked) }),
            make("span", { text: overlay.title }))));
    }
    choose(role, id) {
      this.element.querySelector(`select[data-role="${role}"]`).value = id;
    }

    // What is shown.
    overlayImage(canvas, pane, opacity) {
      // A canvas that was shown before keeps its opacity until told: the option of an overlay only tells less than 1.
      return L.svgOverlay(canvas, this.cellBounds(), { pane, className: `map-${pane}` }).addTo(this.map).setOpacity(opacity);
    }
    show(id) {
      if (this.topImage) this.topImage.remove();
      this.top = this.tops.find((layer) => layer.id === id) || null;
      if (this.top && !this.top.canvas) paint(this.top, this.grid);
      this.topImage = this.top && this.overlayImage(this.top.canvas, "top", this.opacity);
      this.choose("top", id);
      this.fillLegend();
    }
    setBackground(id) {
      if (this.photoImage) this.photoImage.remove();
      this.photo = this.data.photos.find((photo) => photo.id === id) || null;
      this.photoImage = this.photo && this.overlayImage(this.photo.canvas, "photo", 1);
      this.choose("photo", id);
      this.fillLegend();
    }
    setOpacity(opacity) {
      this.opacity = opacity;
      this.slider.value = Math.round(100 * opacity);
      if (this.topImage) this.topImage.setOpacity(opacity);
    }
    hideClass(id, position, hidden = true) {
      const layer = this.tops.find((candidate) => candidate.id === id);
      layer.hidden[hidden ? "add" : "delete"](position);
      paint(layer, this.grid);
      this.fillLegend();
    }

    fillLegend() {
      const parts = [];
      if (this.top) {
        parts.push(make("h4", { text: this.top.title }), make("p", { text: this.top.caption }));
        parts.push(this.top.entries ? this.classLegend(this.top) : this.colorBar(this.top));
      }
      if (this.photo) parts.push(make("p", { class: "map-photo-note", text: `Background: ${this.photo.title} (${this.photo.caption})` }));
      const focused = this.legend.contains(document.activeElement) && document.activeElement.dataset.position;
      this.legend.replaceChildren(...parts);
      if (focused) this.legend.querySelector(`[data-position="${focused}"]`).focus();
    }
    classLegend(layer) {
      const rows = layer.entries.map((entry, i) =>
        make("button", {
          type: "button", class: "map-class", "data-position": i + 1,
          "aria-pressed": layer.hidden.has(i + 1) ? "false" : "true",
          title: layer.hidden.has(i + 1) ? "show" : "hide",
          onclick: () => this.hideClass(layer.id, i + 1, !layer.hidden.has(i + 1)),
        }, ...this.entryParts(entry)));
      return make("div", { class: "map-classes", role: "group", "aria-label": `${layer.title}: shown classes` }, ...rows);
    }
    entryParts(entry) {
      const swatch = make("i", { class: "map-swatch" });
      swatch.style.backgroundColor = entry.color;
      return [swatch, make("span", { text: entry.name }), make("small", { text: entry.note })];
    }
    colorBar(layer) {
      const bar = make("div", { class: "map-color-bar", role: "img",
        "aria-label": `colours from ${digits(layer.low, layer.digits)} to ${digits(layer.high, layer.digits)} ${layer.unit}` });
      bar.style.backgroundImage = `linear-gradient(to right, ${layer.colors.join(", ")})`;
      const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) =>
        make("span", { text: this.scaleText(layer.low + share * (layer.high - layer.low), layer) }));
      return make("div", {}, bar, make("div", { class: "map-ticks" }, ...ticks), make("small", { text: layer.unit }));
    }

    scaleText(value, layer) {
      return (layer.open_end && value >= layer.high - 1e-12 ? "\u2265 " : "") + digits(value, layer.digits);
    }

    // Outlines and points.
    toggleOverlay(id, shown) {
      const overlay = this.data.overlays.find((candidate) => candidate.id === id);
      overlay.group = overlay.group || this.drawOverlay(overlay);
      overlay.visible = shown;
      if (shown) overlay.group.addTo(this.map);
      else overlay.group.remove();
      for (const box of this.element.querySelectorAll("[data-role=overlays] input")) {
        if (box.value === id) box.checked = shown;
      }
      this.overlayLegends.replaceChildren(...this.data.overlays.filter((o) => o.visible).flatMap((o) => [
        make("h4", { text: o.title }),
        make("p", { text: o.caption }),
        make("div", { class: "map-classes" }, ...o.categories.map((entry) => make("div", { class: "map-class" }, ...this.entryParts(entry)))),
      ]));
    }
    corners(ring) {
      let [x, y] = [0, 0];
      const places = [];
      for (let i = 0; i < ring.length; i += 2) {
        x += ring[i];
        y += ring[i + 1];
        places.push(this.place(x / cornerUnits, y / cornerUnits));
      }
      return places;
    }
    drawOverlay(overlay) {
      const casing = [];
      const shapes = overlay.shapes.map(([category, note, rings]) => {
        const places = rings.map((ring) => this.corners(ring));
        const { color } = overlay.categories[category];
        const isPoint = places.length === 1 && places[0].length === 1;
        if (!isPoint) casing.push(...places.map((ring) => [...ring, ring[0]]));
        const shape = isPoint
          ? L.circleMarker(places[0][0], { radius: 6, color: "#000000", weight: 1.5, fillColor: color, fillOpacity: 1 })
          : L.polygon(places, { color, weight: 2, fillOpacity: 0.1 });
        shape.bindTooltip(() => make("span", { text: note }), { sticky: true });
        return shape.on("click", () => (this.pointed = `${overlay.title}: ${note}`));
      });
      const below = L.polyline(casing, { color: "#000000", opacity: 0.75, weight: 4, interactive: false });
      return L.featureGroup(casing.length ? [below, ...shapes] : shapes);
    }

    // What a click tells.
    valueAt(column, row) {
      const { grid } = this;
      const [i, j] = [Math.floor(column / grid.step), Math.floor(row / grid.step)];
      const pixel = this.pixelOf(grid, i, j);
      const told = { column: pixel.column, row: pixel.row, layers: {}, figures: [] };
      told.x = grid.origin[0] + (pixel.column + 0.5) * grid.pixel[0];
      told.y = grid.origin[1] - (pixel.row + 0.5) * grid.pixel[1];
      for (const layer of this.tops) {
        const cell = layer.cells[pixel.cell];
        told.layers[layer.id] = cell === 0 ? null : layer.entries ? layer.entries[cell - 1].name : scaleValue(cell, layer);
      }
      for (const figure of this.data.figures) {
        const at = this.pixelOf(figure.grid, Math.floor(pixel.column / figure.grid.step), Math.floor(pixel.row / figure.grid.step));
        const values = figure.cells.map((cells) => cells[at.cell]).map((cell) => (cell ? scaleValue(cell, figure) : null));
        told.figures.push({ figure, column: at.column, row: at.row, values });
      }
      return told;
    }
    ask(place) {
      const pixel = this.pixelAt(place);
      const pointed = this.pointed;
      this.pointed = null;
      if (!pixel || this.state !== "ready") return;
      const told = this.valueAt(pixel.column, pixel.row);
      this.told = told;
      const answer = this.answer(told, pointed);
      L.popup({ maxWidth: Math.min(300, this.mapElement.clientWidth - 60), maxHeight: Math.max(140, this.mapElement.clientHeight - 90), className: "map-popup" })
        .setLatLng(this.place(told.column + 0.5, told.row + 0.5))
        .setContent(answer)
        .openOn(this.map);
      this.spoken.textContent = answer.innerText.replace(/\s*\n\s*/g, "; ").replace(/\s+/g, " ");
    }
    answer(told, pointed) {
      const n = this.data.metres_per_unit ? 1 : 6;
      const number = (value) => digits(value, n).replace(/\.0$/, "");
      const box = make("div", {},
        make("p", { class: "map-place", text: `${number(told.x)}, ${number(told.y)} (${this.data.crs})` }),
        make("p", { class: "map-pixel", text: `pixel: column ${told.column}, row ${told.row}` +
          (this.grid.step > 1 ? ` (one of ${this.grid.step} \u00d7 ${this.grid.step} is shown)` : "") }));
      if (pointed) box.append(make("p", { text: pointed }));
      const rows = this.tops.map((layer) => {
        const value = told.layers[layer.id];
        const entry = layer.entries && layer.entries.find((candidate) => candidate.name === value);
        const text = value === null ? "no data" : entry ? value : `${this.scaleText(value, layer)} ${layer.unit}`.trim();
        return make("tr", {}, make("th", { scope: "row", text: layer.title }),
          make("td", {}, ...(entry ? this.entryParts({ ...entry, note: "" }) : [text])));
      });
      box.append(make("table", {}, ...rows));
      let last = told;
      for (const part of told.figures) {
        box.append(this.bars(part, last));
        last = part;
      }
      return box;
    }
    bars({ figure, column, row, values }, last) {
      const known = values.map((value, i) => ({ value, i })).filter((item) => item.value !== null);
      const box = make("div", { class: "map-bars" }, make("h5", { text: figure.title }));
      if (column !== last.column || row !== last.row) {
        box.prepend(make("p", { class: "map-pixel", text: `below: the pixel at column ${column}, row ${row}, the one of ` +
          `${figure.grid.step} \u00d7 ${figure.grid.step} that is kept in full` }));
      }
      if (!known.length) box.append(make("p", { text: "no data" }));
      known.sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.i - b.i);
      const reach = Math.max(Math.abs(figure.low), Math.abs(figure.high));
      const zero = figure.low < 0 ? 50 : 0;
      for (const { value, i } of known.slice(0, mostBars)) {
        const fill = make("i", { class: value < 0 ? "map-bar map-down" : "map-bar" });
        const length = (Math.abs(value) / reach) * (100 - zero);
        fill.style.width = `${length}%`;
        fill.style.marginLeft = `${value < 0 ? zero - length : zero}%`;
        if (figure.colors.length) fill.style.backgroundColor = figure.colors[i];
        const sign = figure.low < 0 && value > 0 ? "+" : "";
        box.append(make("div", { class: "map-bar-row" }, make("span", { text: figure.names[i] }),
          make("span", { class: "map-track" }, fill), make("b", { text: sign + digits(value, figure.digits) })));
      }
      if (known.length > mostBars) box.append(make("p", { text: `and ${known.length - mostBars} smaller ones` }));
      return box;
    }

    redraw(theme) {
      const dark = theme === "dark" || Boolean(theme && (theme.dark === true || theme.name === "dark"));
      this.element.dataset.theme = dark ? "dark" : "light";
    }
  }

  /// Fills `element` (or the part of it that has `data-map`) with the map that `data` describes.
  lcclass.map = (element, data, theme) => {
    const target = element.matches("[data-map]") ? element : element.querySelector("[data-map]") || element;
    const pane = new Pane(target, data, theme);
    element.lcclassMap = target.lcclassMap = pane;
    return { redraw: (next) => pane.redraw(next), ready: pane.ready };
  };
})();
