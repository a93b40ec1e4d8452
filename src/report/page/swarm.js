"use strict";
// Rows of points over a common axis, spread where many are alike. Low values are rings, high ones discs: colour is not
// the only sign.
(() => {
  const { axis, axisTitle, labels, mixed, options } = lcclass.drawing;
  const rowHeight = 44;

  const colorOf = (theme, share) =>
    share < 0.5 ? mixed(theme.low, theme.middle, share * 2) : mixed(theme.middle, theme.high, share * 2 - 1);

  // Where the points of a row lie: those of one bin of pixels above and below the middle in turn, nearer together
  // where they would leave the row.
  const placed = (values, toPixel, radius) => {
    const bins = new Map();
    values.forEach((value, i) => {
      const bin = Math.round(toPixel(value) / (radius * 1.6));
      if (!bins.has(bin)) bins.set(bin, []);
      bins.get(bin).push(i);
    });
    const most = [...bins.values()].reduce((longest, bin) => Math.max(longest, bin.length), 1);
    const step = Math.min(radius * 1.9, (rowHeight - 8) / most);
    const offsets = new Array(values.length).fill(0);
    for (const bin of bins.values()) {
      bin.forEach((i, k) => (offsets[i] = (k % 2 ? 1 : -1) * Math.ceil(k / 2) * step));
    }
    return offsets;
  };

  const points = (figure, theme) => ({
    id: "points",
    afterDatasetsDraw(chart) {
      const { ctx: pen, chartArea: area, scales: { x, y } } = chart;
      pen.save();
      pen.strokeStyle = theme.quiet;
      pen.beginPath();
      pen.moveTo(x.getPixelForValue(0), area.top);
      pen.lineTo(x.getPixelForValue(0), area.bottom);
      pen.stroke();
      figure.rows.forEach((row, r) => {
        const radius = row.values.length > 300 ? 2 : 3;
        const offsets = placed(row.values, (value) => x.getPixelForValue(value), radius);
        row.values.forEach((value, i) => {
          pen.beginPath();
          pen.arc(x.getPixelForValue(value), y.getPixelForValue(r) + offsets[i], radius, 0, 2 * Math.PI);
          pen.fillStyle = pen.strokeStyle = colorOf(theme, row.colors[i]);
          pen.lineWidth = 1.2;
          if (row.colors[i] < 0.5) pen.stroke();
          else pen.fill();
        });
      });
      pen.restore();
    },
  });

  lcclass.kinds.swarm = {
    height: (figure) => figure.rows.length * rowHeight + 64,
    chart(figure, { theme, width }) {
      const all = figure.rows.flatMap((row) => row.values);
      const [low, high] = all.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [0, 0]);
      const edge = (high - low) * 0.02 || 1;
      const names = labels(figure.rows.map((row) => row.label), width);
      return {
        type: "bar", // of no bars: for an axis of names
        data: { labels: names, datasets: [{ data: figure.rows.map(() => null) }] },
        options: options(theme, {
          indexAxis: "y",
          layout: { padding: { right: 12 } },
          events: [],
          scales: {
            x: axis(theme, axisTitle(figure.axis, width * 0.5), { min: low - edge, max: high + edge }),
            y: axis(theme, "", { ticks: { autoSkip: false, callback: (_, i) => names[i], color: theme.text }, grid: { offset: true, color: theme.grid } }),
          },
        }),
        plugins: [points(figure, theme)],
      };
    },
    legend: (figure) => [{
      before: `${figure.color_name}: ${figure.color_low} (rings)`,
      name: `${figure.color_high} (discs)`,
      fixed: true,
      width: 90,
      paint(pen, theme, width, height) {
        const scale = pen.createLinearGradient(0, 0, width, 0);
        [0, 0.5, 1].forEach((share) => scale.addColorStop(share, colorOf(theme, share)));
        pen.fillStyle = scale;
        pen.fillRect(0, 3, width, height - 6);
      },
    }],
  };

  // All points, as data_of of figure.h has them.
  lcclass.swarmTable = (figure) => ({
    columns: [
      { name: "row" },
      { name: figure.axis },
      { name: `${figure.color_name} (0 ${figure.color_low}, 1 ${figure.color_high})` },
    ],
    rows: figure.rows.flatMap((row) => row.values.map((value, i) => [row.label, value, row.colors[i]])),
  });
})();
