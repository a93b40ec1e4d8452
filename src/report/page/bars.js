"use strict";
// Horizontal bars: grouped, with whiskers and their numbers; and waterfalls.
(() => {
  const { size, fill, labels, textWidth, axis, axisTitle, options, whisker } = lcclass.drawing;
  const { number, change, font } = lcclass.text;

  // Draws `text` beside what reaches from `left` to `right`: behind it, where there is room.
  const annotate = (chart, text, left, right, y, color) => {
    const pen = chart.ctx;
    pen.font = font(size - 1);
    pen.textBaseline = "middle";
    pen.fillStyle = color;
    const fits = right + 6 + pen.measureText(text).width <= chart.width;
    pen.textAlign = fits ? "left" : "right";
    pen.fillText(text, fits ? right + 6 : left - 6, y);
  };
  const scales = (theme, width, names, title, more) => ({
    x: axis(theme, axisTitle(title, width * 0.5), { beginAtZero: true, ...more }),
    y: axis(theme, "", { ticks: { autoSkip: false, callback: (_, i) => names[i], color: theme.text }, grid: { display: false } }),
  });
  const shownValue = (series, i, digits) => (series.values[i] === null ? "NA" : number(series.values[i], digits));

  // Colours and patterns repeat, but not together.
  const patternOf = (s, theme) => s + Math.floor(s / theme.series.length);
  const colorOf = (figure, theme, s, i) => figure.series[s].colors[i] || theme.series[s % theme.series.length];

  const marks = (figure, theme, shown) => ({
    id: "marks",
    afterDatasetsDraw(chart) {
      const x = (value) => Math.min(Math.max(chart.scales.x.getPixelForValue(value), chart.chartArea.left), chart.width);
      chart.ctx.save();
      chart.ctx.strokeStyle = theme.text;
      chart.ctx.lineWidth = 1.5;
      shown.forEach((s, dataset) => {
        const series = figure.series[s];
        chart.getDatasetMeta(dataset).data.forEach((bar, i) => {
          const ends = [x(0), x(series.values[i] ?? 0)];
          if (series.intervals[i]) {
            ends.push(...series.intervals[i].map(x));
            whisker(chart.ctx, ...series.intervals[i].map(x), bar.y, false, theme.paper);
          }
          const text = shownValue(series, i, figure.digits);
          annotate(chart, text, Math.min(...ends), Math.max(...ends), bar.y, text === "NA" ? theme.quiet : theme.text);
        });
      });
      chart.ctx.restore();
    },
  });

  const tooltip = (figure, shown) => ({
    callbacks: {
      title: (items) => figure.labels[items[0].dataIndex],
      label: (item) => {
        const series = figure.series[shown[item.datasetIndex]];
        const interval = series.intervals[item.dataIndex];
        return [
          `${series.name ? `${series.name}: ` : ""}${shownValue(series, item.dataIndex, figure.digits)}`,
          ...(interval ? [`${figure.interval_name}: ${interval.map((v) => number(v, figure.digits)).join(" to ")}`] : []),
        ];
      },
    },
  });

  // A canvas has a greatest height, and a reader of more bars than these reads the table.
  const mostLabels = 60;
  const strength = (figure, i) => Math.max(...figure.series.map((series) => Math.abs(series.values[i] ?? 0)));
  /// The figure with its strongest labels, in their order, and what is to be said of the others.
  const strongest = (figure) => {
    if (figure.labels.length <= mostLabels) return figure;
    const kept = figure.labels.map((_, i) => i)
      .sort((a, b) => strength(figure, b) - strength(figure, a) || a - b)
      .slice(0, mostLabels)
      .sort((a, b) => a - b);
    const pick = (list) => (list.length ? kept.map((i) => list[i]) : list);
    return {
      ...figure,
      labels: pick(figure.labels),
      series: figure.series.map((series) =>
        ({ ...series, values: pick(series.values), intervals: pick(series.intervals), colors: pick(series.colors) })),
      note: `The strongest ${mostLabels} of ${figure.labels.length} are drawn; all are in the table and in the CSV file.`,
    };
  };

  lcclass.kinds.bars = {
    shown: strongest,
    height: (figure) => figure.labels.length * Math.max(36, figure.series.length * 20 + 12) + 64,
    chart(figure, { theme, width, hidden }) {
      const shown = figure.series.map((_, s) => s).filter((s) => !hidden.has(s));
      const ends = figure.series.flatMap((series) => series.intervals.flatMap((interval) => interval || []));
      const room = Math.max(...figure.series.flatMap((series) =>
        series.values.map((_, i) => textWidth(shownValue(series, i, figure.digits)))), 0) + 10;
      const range = { suggestedMin: Math.min(0, ...ends), suggestedMax: Math.max(0, ...ends) || undefined };
      return {
        type: "bar",
        data: {
          labels: figure.labels,
          datasets: shown.map((s) => ({
            label: figure.series[s].name,
            data: figure.series[s].values,
            backgroundColor: (context) =>
              fill(context.chart.ctx, colorOf(figure, theme, s, context.dataIndex), patternOf(s, theme), theme.paper),
            borderColor: theme.quiet,
            borderWidth: (context) => (context.raw ? 1 : 0), // what is nearly 0 is a line, 0 is nothing
            borderSkipped: false,
            categoryPercentage: 0.86,
            barPercentage: 0.84,
            maxBarThickness: 24,
          })),
        },
        options: options(theme, {
          indexAxis: "y",
          layout: { padding: { right: room } },
          plugins: { tooltip: tooltip(figure, shown) },
          scales: scales(theme, width, labels(figure.labels, width), figure.axis,
                         figure.axis_end === null ? range : { ...range, max: figure.axis_end }),
        }),
        plugins: [marks(figure, theme, shown)],
      };
    },
    legend: (figure) =>
      (figure.series.length < 2 ? [] : figure.series.map((series, s) => ({
        name: series.name,
        paint(pen, theme, width, height) {
          pen.fillStyle = fill(pen, series.colors.length ? theme.total : theme.series[s % theme.series.length], patternOf(s, theme),
                               theme.paper);
          pen.strokeStyle = theme.quiet;
          pen.fillRect(1, 2, width - 2, height - 4);
          pen.strokeRect(1.5, 2.5, width - 3, height - 5);
        },
      }))).concat(figure.series.every((series) => series.intervals.every((interval) => !interval)) ? [] : [{
        name: figure.interval_name || "interval",
        fixed: true,
        paint(pen, theme, width, height) {
          pen.strokeStyle = theme.text;
          pen.lineWidth = 1.5;
          whisker(pen, 3, width - 3, height / 2, false);
        },
      }]),
  };

  // The bars of a waterfall: {label, from, to, text, role}.
  const waterfallBars = (figure) => {
    let level = figure.start;
    const bars = [{ label: figure.start_label, from: 0, to: level, text: number(level, figure.digits), role: "total" }];
    for (const step of figure.steps) {
      bars.push({
        label: step.label, from: level, to: level + step.change, text: change(step.change, figure.digits),
        role: step.change < 0 ? "down" : "up",
      });
      level += step.change;
    }
    bars.push({ label: figure.end_label, from: 0, to: level, text: number(level, figure.digits), role: "total" });
    return bars;
  };

  // Numbers beside the bars, and lines that lead from one bar to the next.
  const connections = (bars, theme) => ({
    id: "connections",
    afterDatasetsDraw(chart) {
      const drawn = chart.getDatasetMeta(0).data;
      chart.ctx.save();
      chart.ctx.strokeStyle = theme.quiet;
      bars.forEach((bar, i) => {
        const [from, to] = [bar.from, bar.to].map((value) => chart.scales.x.getPixelForValue(value));
        if (i + 1 < bars.length) {
          chart.ctx.beginPath();
          chart.ctx.moveTo(to, drawn[i].y + drawn[i].height / 2);
          chart.ctx.lineTo(to, drawn[i + 1].y - drawn[i + 1].height / 2);
          chart.ctx.stroke();
        }
        annotate(chart, bar.text, Math.min(from, to), Math.max(from, to), drawn[i].y, theme.text);
      });
      chart.ctx.restore();
    },
  });

  lcclass.kinds.waterfall = {
    height: (figure) => (figure.steps.length + 2) * 34 + 64,
    chart(figure, { theme, width }) {
      const bars = waterfallBars(figure);
      return {
        type: "bar",
        data: {
          labels: bars.map((bar) => bar.label),
          datasets: [{
            data: bars.map((bar) => [bar.from, bar.to]),
            backgroundColor: (context) => {
              const role = bars[context.dataIndex].role;
              return fill(context.chart.ctx, theme[role], role === "down" ? 1 : 0, theme.paper);
            },
            borderColor: bars.map((bar) => theme[bar.role]),
            borderWidth: 1,
            borderSkipped: false,
            minBarLength: 2,
            categoryPercentage: 0.9,
            barPercentage: 0.8,
          }],
        },
        options: options(theme, {
          indexAxis: "y",
          layout: { padding: { right: Math.max(...bars.map((bar) => textWidth(bar.text))) + 10 } },
          plugins: { tooltip: { callbacks: { title: (items) => bars[items[0].dataIndex].label,
                                             label: (item) => bars[item.dataIndex].text } } },
          scales: scales(theme, width, labels(bars.map((bar) => bar.label), width), figure.axis),
        }),
        plugins: [connections(bars, theme)],
      };
    },
    legend: (figure) =>
      [["increases", "up"], ["decreases", "down"]]
        .filter(([, role]) => figure.steps.some((step) => step.change < 0 === (role === "down")))
        .map(([name, role]) => ({
          name,
          fixed: true,
          paint(pen, theme, width, height) {
            pen.fillStyle = fill(pen, theme[role], role === "down" ? 1 : 0, theme.paper);
            pen.fillRect(1, 2, width - 2, height - 4);
          },
        })),
  };
})();
