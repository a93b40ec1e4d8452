"use strict";
// Lines or points over a common x axis. Series differ by colour, dashes and marks.
(() => {
  const { axis, axisTitle, options, visible, whisker } = lcclass.drawing;
  const { number } = lcclass.text;
  const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
  const shapes = ["circle", "triangle", "rect", "rectRot", "crossRot", "star", "cross", "rectRounded"];
  const mostMarks = 12; // per line; more would hide it

  const look = (figure, theme, s) => {
    const own = figure.series[s].color;
    const other = s + Math.floor(s / theme.series.length);
    return {
      // Colours, dashes and marks repeat, but not together.
      color: own ? visible(own, theme) : theme.series[s % theme.series.length],
      dash: figure.points_only ? [] : dashes[other % dashes.length],
      shape: shapes[other % shapes.length],
    };
  };

  // Bands around lines, whiskers through single points, and the diagonal, all below the lines.
  const background = (figure, theme, shown) => ({
    id: "background",
    beforeDatasetsDraw(chart) {
      const { ctx: pen, chartArea: area, scales: { x, y } } = chart;
      const at = (point, value) => [x.getPixelForValue(point.x), y.getPixelForValue(value)];
      pen.save();
      pen.beginPath();
      pen.rect(area.left, area.top, area.width, area.height);
      pen.clip();
      if (figure.diagonal) {
        pen.strokeStyle = theme.quiet;
        pen.setLineDash([4, 4]);
        pen.beginPath();
        [Math.max(x.min, y.min), Math.min(x.max, y.max)].forEach((v) => pen.lineTo(...at({ x: v }, v)));
        pen.stroke();
        pen.setLineDash([]);
      }
      for (const s of shown) {
        const points = figure.series[s].points.filter((point) => point.interval);
        pen.fillStyle = pen.strokeStyle = look(figure, theme, s).color;
        if (figure.points_only) {
          points.forEach((point) =>
            whisker(pen, ...point.interval.map((v) => y.getPixelForValue(v)), x.getPixelForValue(point.x), true));
        } else {
          pen.globalAlpha = 0.18;
          pen.beginPath();
          points.forEach((point) => pen.lineTo(...at(point, point.interval[0])));
          [...points].reverse().forEach((point) => pen.lineTo(...at(point, point.interval[1])));
          pen.fill();
          pen.globalAlpha = 1;
        }
      }
      pen.restore();
    },
  });

  const dataset = (figure, theme, s) => {
    const { color, dash, shape } = look(figure, theme, s);
    const points = figure.series[s].points;
    const every = Math.ceil(points.length / mostMarks);
    const radius = 4;
    return {
      label: figure.series[s].name,
      data: points.map(({ x, y }) => ({ x, y })),
      borderColor: color,
      backgroundColor: color,
      borderDash: dash,
      borderWidth: 2,
      showLine: !figure.points_only,
      stepped: figure.steps ? "before" : false,
      pointStyle: shape,
      pointBorderColor: color,
      pointBorderWidth: 1.5,
      pointRadius: points.map((_, i) => (figure.points_only || i % every === Math.floor(every / 2) ? radius : 0)),
      pointHitRadius: 8,
    };
  };

  const tooltip = (figure, shown) => ({
    callbacks: {
      title: (items) => figure.x_names[items[0].raw.x] ?? `${figure.x_axis}: ${items[0].label}`,
      label: (item) => {
        const series = figure.series[shown[item.datasetIndex]];
        const interval = series.points[item.dataIndex].interval;
        return [
          `${series.name ? `${series.name}: ` : ""}${number(item.raw.y, figure.digits)}`,
          ...(interval ? [`${figure.interval_name}: ${interval.map((v) => number(v, figure.digits)).join(" to ")}`] : []),
        ];
      },
    },
  });

  const ranges = (figure, theme) => {
    if (figure.unit_square) return { x: { min: 0, max: 1 }, y: { min: 0, max: 1 } };
    const points = figure.series.flatMap((series) => series.points);
    if (!points.length) return { x: {}, y: {} };
    const least = (values) => values.reduce((a, b) => Math.min(a, b));
    const most = (values) => values.reduce((a, b) => Math.max(a, b));
    const xs = points.map((point) => point.x);
    const ends = points.flatMap((point) => [point.y, ...(point.interval || [])]);
    const y = { suggestedMin: least(ends), suggestedMax: most(ends), grace: "4%" };
    if (figure.x_names.length) {
      return {
        x: { min: -0.3, max: figure.x_names.length - 0.7,
             afterBuildTicks: (scale) => (scale.ticks = figure.x_names.map((_, value) => ({ value }))),
             grid: { color: theme.grid },
             ticks: { callback: (value) => figure.x_names[value], maxRotation: 60, autoSkip: true } },
        y,
      };
    }
    return { x: least(xs) < most(xs) ? { min: least(xs), max: most(xs) } : {}, y };
  };

  lcclass.kinds.lines = {
    width: (figure, width) => (figure.unit_square ? Math.min(width, 560) : width),
    height: (figure, width) => (figure.unit_square ? Math.min(width, 560) : Math.max(280, Math.min(400, width * 0.5))),
    chart(figure, { theme, width, hidden }) {
      const shown = figure.series.map((_, s) => s).filter((s) => !hidden.has(s));
      const range = ranges(figure, theme);
      return {
        type: "scatter",
        data: { datasets: shown.map((s) => dataset(figure, theme, s)) },
        options: options(theme, {
          interaction: { mode: "nearest", intersect: true },
          plugins: { tooltip: tooltip(figure, shown) },
          layout: { padding: { right: 12 } },
          scales: {
            x: axis(theme, axisTitle(figure.x_axis, width - 80), range.x),
            y: axis(theme, figure.y_axis, range.y),
          },
        }),
        plugins: [background(figure, theme, shown)],
      };
    },
    legend: (figure) =>
      figure.series.filter((series) => series.name).map((series) => {
        const s = figure.series.indexOf(series);
        return {
          name: series.name,
          position: s,
          paint(pen, theme, width, height) {
            const { color, dash, shape } = look(figure, theme, s);
            pen.strokeStyle = pen.fillStyle = color;
            pen.lineWidth = 2;
            if (!figure.points_only) {
              pen.setLineDash(dash);
              pen.beginPath();
              pen.moveTo(1, height / 2);
              pen.lineTo(width - 1, height / 2);
              pen.stroke();
              pen.setLineDash([]);
            }
            Chart.helpers.drawPoint(pen, { pointStyle: shape, radius: 4, borderWidth: 1.5 }, width / 2, height / 2);
          },
        };
      }).concat(figure.diagonal ? [{
        name: "both axes equal",
        fixed: true,
        paint(pen, theme, width, height) {
          pen.strokeStyle = theme.quiet;
          pen.setLineDash([4, 4]);
          pen.beginPath();
          pen.moveTo(1, height - 2);
          pen.lineTo(width - 1, 2);
          pen.stroke();
        },
      }] : []),
  };
})();
