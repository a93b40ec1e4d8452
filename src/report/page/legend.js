"use strict";
// Names of series beside what they look like: buttons that show and hide them.
lcclass.legend = (() => {
  const height = 18;
  const widthOf = (item) => item.width || 34;

  const swatch = (item, theme) => {
    const canvas = document.createElement("canvas");
    const scale = 2;
    canvas.width = widthOf(item) * scale;
    canvas.height = height * scale;
    canvas.style.width = `${widthOf(item)}px`;
    canvas.style.height = `${height}px`;
    canvas.setAttribute("aria-hidden", "true");
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    item.paint(pen, theme, widthOf(item), height);
    return canvas;
  };

  // Fills `place` with `items`; `toggle(position)` is called for a click. What had the focus keeps it.
  const show = (place, items, theme, hidden, toggle) => {
    const focused = [...place.children].indexOf(document.activeElement);
    place.replaceChildren(...items.map((item, i) => {
      const position = item.position ?? i;
      const entry = document.createElement(item.fixed ? "span" : "button");
      if (item.fixed) {
        entry.className = "entry";
      } else {
        entry.type = "button";
        entry.setAttribute("aria-pressed", String(!hidden.has(position)));
        entry.title = "Show or hide";
        entry.addEventListener("click", () => toggle(position));
      }
      entry.append(item.before || "", swatch(item, theme), item.name);
      return entry;
    }));
    if (focused >= 0) place.children[focused]?.focus();
  };

  // The same in a picture, from `top` in lines no wider than `width`; gives the height that it takes, and without a
  // `pen` only that.
  const paint = (pen, items, theme, width, top) => {
    const brush = pen || document.createElement("canvas").getContext("2d");
    brush.font = lcclass.text.font(13);
    brush.textBaseline = "middle";
    brush.textAlign = "left";
    let [x, y] = [0, 0];
    for (const item of items) {
      const before = item.before ? brush.measureText(item.before).width + 6 : 0;
      const [name] = lcclass.text.wrapped(brush, item.name, width - before - widthOf(item) - 6, 1);
      const total = before + widthOf(item) + 6 + brush.measureText(name).width + 22;
      if (x > 0 && x + total - 22 > width) [x, y] = [0, y + 24];
      if (pen) {
        pen.fillStyle = theme.text;
        pen.fillText(item.before || "", x, top + y + 9);
        pen.fillText(name, x + before + widthOf(item) + 6, top + y + 9);
        pen.drawImage(swatch(item, theme), x + before, top + y, widthOf(item), height);
      }
      x += total;
    }
    return items.length ? y + 30 : 0;
  };

  return { show, paint };
})();
