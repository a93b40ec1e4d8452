"use strict";
// What drawings of all kinds share. A kind is an object in lcclass.kinds:
//   shown(figure), where it does not draw all: the part that is drawn, with a `note` that says so
//   height(figure, width): pixels that its drawing takes
//   chart(figure, {theme, width, hidden}): settings of Chart.js; `hidden` is a set of positions of series
//   legend(figure): [{name, paint(pen, theme, width, height), before?, width?, fixed?}]; fixed ones do not toggle
lcclass.drawing = (() => {
  const { font, family } = lcclass.text;
  const size = 13;
  const measure = document.createElement("canvas").getContext("2d");

  // Fills that differ without colour: plain, and lines or dots in the colour of the paper.
  const fill = (pen, color, pattern, paper) => {
    if (pattern % 4 === 0) return color;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const brush = tile.getContext("2d");
    brush.fillStyle = color;
    brush.fillRect(0, 0, 8, 8);
    brush.strokeStyle = brush.fillStyle = paper;
    brush.lineWidth = 1.5;
    const line = (x0, y0, x1, y1) => (brush.moveTo(x0, y0), brush.lineTo(x1, y1));
    if (pattern % 4 === 1) [-8, 0, 8].forEach((x) => line(x, 8, x + 8, 0));
    if (pattern % 4 === 2) brush.fillRect(1, 1, 2.5, 2.5), brush.fillRect(5, 5, 2.5, 2.5);
    if (pattern % 4 === 3) line(0, 0, 8, 8), line(0, 8, 8, 0);
    brush.stroke();
    return pen.createPattern(tile, "repeat");
  };

  const channels = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const mixed = (a, b, share) =>
    `#${channels(a).map((c, i) => Math.round(c + (channels(b)[i] - c) * share).toString(16).padStart(2, "0")).join("")}`;
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  // A colour of data moved towards that of the text until thin lines of it are seen on the paper (3:1, WCAG 1.4.11).
  const visible = (color, theme) => {
    const paper = luminance(theme.paper);
    for (let share = 0; share < 1; share += 0.1) {
      const tried = mixed(color, theme.text, share);
      const [low, high] = [luminance(tried), paper].sort((a, b) => a - b);
      if ((high + 0.05) / (low + 0.05) >= 3) return tried;
    }
    return theme.text;
  };

  // Labels of a vertical axis in two lines at most, in no more than two fifths of the width.
  const labels = (texts, width) => {
    measure.font = font(size);
    return texts.map((text) => lcclass.text.wrapped(measure, text, Math.min(width * 0.38, 260), 2));
  };
  const textWidth = (text) => ((measure.font = font(size)), measure.measureText(text).width);

  function tickText(...tick) {
    return Chart.Ticks.formatters.numeric.apply(this, tick).replace("-", "−");
  }
  const axis = (theme, title, more = {}) => ({
    title: { display: Boolean(title), text: title, color: theme.text, font: { family, size } },
    ticks: { color: theme.quiet, font: { family, size: 12 }, maxRotation: 0, autoSkipPadding: 12, includeBounds: false,
             callback: tickText, ...more.ticks },
    grid: { color: (context) => (context.tick?.value === 0 ? theme.quiet : theme.grid), borderColor: theme.line, ...more.grid },
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== "ticks" && key !== "grid")),
  });
  // The title of a horizontal axis, in lines no longer than the axis is; Chart.js would squeeze it.
  const axisTitle = (title, width) => ((measure.font = font(size)), lcclass.text.wrapped(measure, title, width, 3));

  const options = (theme, more) => ({
    animation: false,
    responsive: false,
    locale: "en-US",
    ...more,
    plugins: {
      legend: { display: false },
      ...more.plugins,
      tooltip: {
        backgroundColor: theme.text, titleColor: theme.paper, bodyColor: theme.paper, displayColors: false,
        titleFont: { family, size }, bodyFont: { family, size }, ...more.plugins?.tooltip,
      },
    },
  });

  // With a rim in `rim`, so that it is seen on bars of any colour.
  const whisker = (pen, from, to, at, vertical, rim) => {
    const point = (along, across) => (vertical ? [across, along] : [along, across]);
    pen.beginPath();
    for (const [a, b] of [[[from, at], [to, at]], [[from, at - 4], [from, at + 4]], [[to, at - 4], [to, at + 4]]]) {
      pen.moveTo(...point(...a));
      pen.lineTo(...point(...b));
    }
    if (rim) {
      pen.save();
      pen.strokeStyle = rim;
      pen.lineWidth += 2.5;
      pen.stroke();
      pen.restore();
    }
    pen.stroke();
  };

  return { size, fill, mixed, visible, labels, textWidth, axis, axisTitle, options, whisker };
})();
