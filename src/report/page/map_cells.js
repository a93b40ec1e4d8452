"use strict";
// Pictures of a map: cells read from them and painted in colours.
(() => {
  const lcclass = (window.lcclass = window.lcclass || {});

  /// An error that the reader of the page is told, as a sentence.
  class Unreadable extends Error {}

  // Pictures: cells travel as the grey of a PNG.
  const loadImage = (url) =>
    new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image);
      image.onerror = () => reject(new Unreadable("A picture of the map cannot be read, so the map cannot be shown here."));
      image.src = url;
    });
  const canvasOf = (grid) => Object.assign(document.createElement("canvas"), { width: grid.columns, height: grid.rows });
  const drawn = async (url, grid) => {
    const pen = canvasOf(grid).getContext("2d", { willReadFrequently: true });
    pen.drawImage(await loadImage(url), 0, 0);
    return pen;
  };

  const crcTable = Uint32Array.from({ length: 256 }, (_, k) => {
    for (let bit = 0; bit < 8; ++bit) k = k & 1 ? (k >>> 1) ^ 0xedb88320 : k >>> 1;
    return k;
  });
  /// CRC-32 as zlib's.
  const crc32 = (bytes) => {
    let crc = 0xffffffff;
    for (let i = 0; i < bytes.length; ++i) crc = crcTable[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
  };
  /// The cells of `{png, crc32}`. Browsers that guard against being recognized alter what scripts read from a canvas:
  /// one number off is another class, so nothing is shown then.
  const readCells = async (image, grid) => {
    const rgba = (await drawn(image.png, grid)).getImageData(0, 0, grid.columns, grid.rows).data;
    const cells = new Uint8Array(grid.columns * grid.rows);
    for (let i = 0; i < cells.length; ++i) cells[i] = rgba[4 * i];
    if (crc32(cells) !== image.crc32) {
      throw new Unreadable("This browser alters pictures, so the map cannot be shown here. Another browser shows it, or " +
        "this one when it lets the page read canvas data.");
    }
    return cells;
  };
  const readPhoto = async (photo, grid) => {
    const pen = await drawn(photo.image, grid);
    if (photo.valid) {
      const valid = await readCells(photo.valid, grid);
      const picture = pen.getImageData(0, 0, grid.columns, grid.rows);
      valid.forEach((seen, i) => (picture.data[4 * i + 3] = seen ? 255 : 0));
      pen.putImageData(picture, 0, 0);
    }
    return pen.canvas;
  };

  const rgbOf = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const mixed = (stops, share) => {
    const position = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
    const at = Math.min(Math.floor(position), stops.length - 2);
    const [from, to] = [rgbOf(stops[at]), rgbOf(stops[at + 1])];
    return from.map((value, i) => Math.round(value + (position - at) * (to[i] - value)));
  };
  /// Red, green, blue and opacity of each of the 256 numbers that a cell can be, as one number each.
  const colorTable = (layer) => {
    const bytes = new Uint8Array(4 * 256);
    for (let k = 1; k < 256; ++k) {
      const shown = layer.entries ? k <= layer.entries.length && !layer.hidden.has(k) : true;
      if (!shown) continue;
      bytes.set(layer.entries ? rgbOf(layer.entries[k - 1].color) : mixed(layer.colors, (k - 1) / 254), 4 * k);
      bytes[4 * k + 3] = 255;
    }
    return new Uint32Array(bytes.buffer);
  };
  const paint = (layer, grid) => {
    layer.canvas = layer.canvas || canvasOf(grid);
    const pen = layer.canvas.getContext("2d", { willReadFrequently: true });
    const picture = pen.createImageData(grid.columns, grid.rows);
    const pixels = new Uint32Array(picture.data.buffer);
    const table = colorTable(layer);
    for (let i = 0; i < pixels.length; ++i) pixels[i] = table[layer.cells[i]];
    pen.putImageData(picture, 0, 0);
  };

  const scaleValue = (cell, scale) => scale.low + ((scale.high - scale.low) * (cell - 1)) / 254;

  lcclass.mapCells = { Unreadable, readCells, readPhoto, paint, scaleValue };
})();
