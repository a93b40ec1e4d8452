"use strict";
// Files that are made in the page: pictures, tables, listings.
lcclass.save = (() => {
  const { font, wrapped } = lcclass.text;
  const margin = 24;
  const pictureWidth = 960;
  const finest = 2; // pixels of a picture per pixel of the page, for print
  const coarsest = 0.5; // texts can no longer be read
  // What every browser gives: Safari on phones has the smallest areas, Firefox the shortest sides.
  const mostPixels = 16e6;
  const longestSide = 32000;
  const scaleOf = (width, height) =>
    Math.min(finest, Math.sqrt(mostPixels / (width * height)), longestSide / Math.max(width, height));

  const blob = (name, content) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  const csv = (figure) =>
    new Blob([lcclass.text.csv(figure.data || lcclass.swarmTable(figure))], { type: "text/csv;charset=utf-8" });

  // Title and caption at the top of a picture; gives where they end, and without a `pen` only that.
  const heading = (pen, { title, caption }, theme, width) => {
    const brush = pen || document.createElement("canvas").getContext("2d");
    let y = margin;
    for (const [text, textFont, step, color] of [[title, font(20, 600), 26, theme.text],
                                                 [caption, font(14), 20, theme.quiet]]) {
      brush.font = textFont;
      brush.fillStyle = color;
      brush.textBaseline = "top";
      brush.textAlign = "left";
      for (const line of wrapped(brush, text, width, 6)) {
        if (pen) pen.fillText(line, margin, y);
        y += step;
      }
    }
    return y + 10;
  };

  const chartSize = (figure) => {
    const kind = lcclass.kinds[figure.kind];
    const width = kind.width ? kind.width(figure, pictureWidth) : pictureWidth;
    return { width, height: kind.height(figure, width) };
  };
  const chartCanvas = (figure, { width, height }, theme, hidden, scale) => {
    const kind = lcclass.kinds[figure.kind];
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const settings = kind.chart(figure, { theme, width, hidden });
    settings.options.devicePixelRatio = scale;
    const chart = new Chart(canvas, settings);
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    copy.getContext("2d").drawImage(canvas, 0, 0);
    chart.destroy();
    return copy;
  };

  // A figure with title, caption and legend on a canvas, as on paper whatever the theme of the page. Nothing when it is
  // too large for any browser to make it fine enough to be read.
  const picture = (figure, element, hidden) => {
    const theme = lcclass.theme.named("light");
    const kind = lcclass.kinds[figure.kind];
    const table = kind ? null : element.querySelector("table");
    const items = kind ? kind.legend(figure).filter((item, i) => !hidden.has(item.position ?? i) || item.fixed) : [];
    const size = table ? lcclass.tablePicture.size(table) : chartSize(figure);
    const width = Math.max(size.width, 480);
    const key = element.querySelector(".key");
    const words = { title: figure.title, caption: key ? `${figure.caption} ${key.textContent}` : figure.caption };
    const top = heading(null, words, theme, width);
    const legend = lcclass.legend.paint(null, items, theme, width, 0);
    const whole = { width: width + 2 * margin, height: top + legend + size.height + margin };
    const scale = scaleOf(whole.width, whole.height);
    if (scale < coarsest) return null;
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(whole.width * scale);
    canvas.height = Math.floor(whole.height * scale);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = theme.paper;
    pen.fillRect(0, 0, whole.width + 1, whole.height + 1);
    heading(pen, words, theme, width);
    pen.translate(margin, 0);
    lcclass.legend.paint(pen, items, theme, width, top);
    pen.translate(0, top + legend);
    if (table) lcclass.tablePicture.paint(pen, table, theme);
    else pen.drawImage(chartCanvas(figure, size, theme, hidden, scale), 0, 0, size.width, size.height);
    return canvas;
  };

  return { blob, csv, picture };
})();
