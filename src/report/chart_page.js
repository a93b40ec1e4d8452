"use strict";
(() => {
  // Blue and orange of Okabe and Ito (2008), darker on white and lighter on black.
  const palettes = {
    light: { text: "#1b1b1b", grid: "#d9d9d9", total: "#6e6e6e", plain: "#8c8c8c", up: "#0072b2", down: "#d55e00" },
    dark: { text: "#ececec", grid: "#3a3d40", total: "#a6a6a6", plain: "#8c8c8c", up: "#56b4e9", down: "#e69f00" },
  };
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const longest = 44;
  const font = { family: "system-ui, 'Segoe UI', Roboto, sans-serif", size: 13 };

  const hatched = (color) => {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = color;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "rgba(255, 255, 255, 0.65)";
    pen.lineWidth = 1.5;
    for (const x of [-8, 0, 8]) {
      pen.moveTo(x, 8);
      pen.lineTo(x + 8, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  };

  const fill = (role, palette) => (role === "down" ? hatched(palette.down) : palette[role]);

  // Numbers beside the bars, and in a waterfall the lines that lead from one bar to the next.
  const annotations = (data, colors) => ({
    id: "annotations",
    afterDatasetsDraw(chart) {
      const pen = chart.ctx;
      const bars = chart.getDatasetMeta(0).data;
      const area = chart.chartArea;
      pen.save();
      pen.font = `${font.size}px ${font.family}`;
      pen.textBaseline = "middle";
      data.bars.forEach((bar, i) => {
        const from = chart.scales.x.getPixelForValue(bar.from);
        const to = chart.scales.x.getPixelForValue(bar.to);
        if (data.connected && i + 1 < bars.length) {
          pen.strokeStyle = colors.total;
          pen.beginPath();
          pen.moveTo(to, bars[i].y + bars[i].height / 2);
          pen.lineTo(to, bars[i + 1].y - bars[i + 1].height / 2);
          pen.stroke();
        }
        const right = Math.max(from, to) + 6;
        const fits = right + pen.measureText(bar.text).width <= area.right + 64;
        pen.fillStyle = colors.text;
        pen.textAlign = fits ? "left" : "right";
        pen.fillText(bar.text, fits ? right : Math.min(from, to) - 6, bars[i].y);
      });
      pen.restore();
    },
  });

  const options = (data, colors) => ({
    indexAxis: "y",
    animation: false,
    maintainAspectRatio: false,
    layout: { padding: { right: 64 } },
    plugins: {
      legend: { display: false },
      tooltip: { displayColors: false, callbacks: { label: (item) => data.bars[item.dataIndex].text } },
    },
    scales: {
      x: {
        beginAtZero: true,
        max: data.axis_end,
        title: { display: true, text: data.axis, color: colors.text, font },
        ticks: { color: colors.text, font },
        grid: { color: colors.grid, borderColor: colors.grid },
      },
      y: {
        ticks: { color: colors.text, font, autoSkip: false },
        grid: { display: false, borderColor: colors.grid },
      },
    },
  });

  const draw = (canvas, data, palette) =>
    new Chart(canvas, {
      type: "bar",
      data: {
        labels: data.bars.map((bar) => (bar.label.length > longest ? `${bar.label.slice(0, longest - 1)}…` : bar.label)),
        datasets: [
          {
            data: data.bars.map((bar) => [bar.from, bar.to]),
            backgroundColor: data.bars.map((bar) => fill(bar.role, palette)),
            borderSkipped: false,
            minBarLength: 2,
            categoryPercentage: 0.9,
            barPercentage: 0.8,
          },
        ],
      },
      options: options(data, palette),
      plugins: [annotations(data, palette)],
    });

  const content = JSON.parse(document.getElementById("charts").textContent);
  const canvases = [...document.querySelectorAll("canvas")];
  let charts = [];
  const redraw = (palette) => {
    charts.forEach((chart) => chart.destroy());
    charts = canvases.map((canvas, i) => draw(canvas, content[i], palette));
  };
  const onScreen = () => redraw(dark.matches ? palettes.dark : palettes.light);

  window.addEventListener("beforeprint", () => redraw(palettes.light));
  window.addEventListener("afterprint", onScreen);
  dark.addEventListener("change", onScreen);
  onScreen();
})();
