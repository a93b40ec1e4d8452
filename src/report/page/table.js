"use strict";
// Matrices and tables, which are HTML in the page, as a picture to be saved.
(() => {
  const { font, wrapped } = lcclass.text;
  const line = 18;
  const gap = 10;

  const shadeOf = (cell, theme) => {
    const [, name, level] = /(cool|warm)-(\d)/.exec(cell.className) || [];
    return name ? { paper: theme[name][level], ink: theme.ink[level] } : { paper: theme.paper, ink: theme.text };
  };

  const layout = (pen, table) => {
    const rows = [...table.rows].map((row) => [...row.cells]);
    pen.font = font(13);
    const columns = rows[0].map((_, c) => c);
    const widths = columns.map((c) =>
      Math.min(Math.max(...rows.map((row) => pen.measureText(row[c].textContent).width)),
               c === 0 || rows[0][c].classList.contains("text") ? 240 : 110) + 2 * gap);
    const lines = rows.map((row) => row.map((cell, c) => wrapped(pen, cell.textContent, widths[c] - 2 * gap + 1, 4)));
    const heights = lines.map((row) => Math.max(...row.map((cell) => cell.length), 1) * line + gap);
    return { rows, widths, lines, heights };
  };

  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

  lcclass.tablePicture = {
    size(table) {
      const { widths, heights } = layout(document.createElement("canvas").getContext("2d"), table);
      return { width: sum(widths), height: sum(heights) };
    },
    paint(pen, table, theme) {
      const { rows, widths, lines, heights } = layout(pen, table);
      pen.textBaseline = "middle";
      rows.forEach((row, r) => row.forEach((cell, c) => {
        const [x, y] = [sum(widths.slice(0, c)), sum(heights.slice(0, r))];
        const { paper, ink } = shadeOf(cell, theme);
        pen.fillStyle = paper;
        pen.fillRect(x + 1, y + 1, widths[c] - 2, heights[r] - 2);
        if (cell.classList.contains("right")) {
          pen.strokeStyle = theme.text;
          pen.strokeRect(x + 1.5, y + 1.5, widths[c] - 3, heights[r] - 3);
        }
        pen.fillStyle = r === 0 ? theme.quiet : ink;
        pen.font = font(13, cell.classList.contains("right") ? 700 : 400);
        const left = c === 0 || cell.classList.contains("text");
        pen.textAlign = left ? "left" : "right";
        lines[r][c].forEach((text, k) =>
          pen.fillText(text, left ? x + gap : x + widths[c] - gap, y + gap / 2 + (k + 0.5) * line));
      }));
    },
  };
})();
