"use strict";
// Numbers and texts as people and data files have them.
lcclass.text = (() => {
  const family = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";
  const font = (size, weight = 400) => `${weight} ${size}px ${family}`;

  // Rounded to even where two are equally near, as in the tables.
  const rounded = (value, digits) => {
    const [whole, fraction] = value.toFixed(100).split(".");
    const cut = digits > 0 ? `${whole}.${fraction.slice(0, digits)}` : whole;
    const isTie = /^50*$/.test(fraction.slice(digits));
    return isTie && Number(cut[cut.length - 1]) % 2 === 0 ? cut : value.toFixed(digits);
  };
  // As number_text of page_text.h, with a real minus sign.
  const number = (value, digits) => {
    let text = rounded(Math.abs(value), digits);
    if (Math.abs(value) >= 10000 && Math.abs(value) < 1e15) {
      text = text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
    }
    return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
  };
  const change = (value, digits) => {
    const text = number(value, digits);
    return text.startsWith("−") ? text : `+${text}`;
  };

  // `text` in at most `most` lines of `width` pixels, broken at spaces, and within words that are too long; a cut ends
  // in an ellipsis.
  const wrapped = (pen, text, width, most) => {
    const fits = (line) => pen.measureText(line).width <= width;
    const cut = (word) => {
      let end = word.length;
      while (end > 1 && !fits(word.slice(0, end))) --end;
      return end;
    };
    const lines = [];
    let rest = text.trim();
    while (rest && lines.length < most) {
      let end = fits(rest) ? rest.length : cut(rest);
      if (end < rest.length) {
        const space = rest.lastIndexOf(" ", end);
        end = space > 0 ? space : end;
      }
      lines.push(rest.slice(0, end).trim());
      rest = rest.slice(end).trim();
    }
    if (rest) {
      let last = lines[lines.length - 1];
      while (last.length > 1 && !fits(`${last}…`)) last = last.slice(0, -1);
      lines[lines.length - 1] = `${last}…`;
    }
    return lines;
  };

  const csvCell = (cell) => {
    if (cell === null) return "";
    const text = String(cell);
    return typeof cell === "string" && /[,;\t"\r\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  // RFC 4180 with a header line; numbers in full, NA as an empty cell; texts as csv_cell of csv_text.h.
  const csv = (table) =>
    [table.columns.map((column) => column.name), ...table.rows]
      .map((row) => `${row.map(csvCell).join(",")}\r\n`)
      .join("");

  return { family, font, number, change, wrapped, csv };
})();
