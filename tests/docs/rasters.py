"""Small GeoTIFFs and shapefiles, written with nothing but the standard library."""
import array
import struct

DOUBLE, SHORT, LONG, ASCII = 12, 3, 4, 2
SIZES = {DOUBLE: 8, SHORT: 2, LONG: 4, ASCII: 1}
CODES = {DOUBLE: "d", SHORT: "H", LONG: "I"}


def write_geotiff(path, width, height, values, west, north, pixel, epsg, nodata=None):
    """One band of uint16 (`values`: array "H") or float32 (array "f") in one uncompressed strip."""
    is_float = values.typecode == "f"
    data = values.tobytes()
    tags = [(256, LONG, [width]), (257, LONG, [height]), (258, SHORT, [32 if is_float else 16]), (259, SHORT, [1]),
            (262, SHORT, [1]), (273, LONG, [8]), (277, SHORT, [1]), (278, LONG, [height]), (279, LONG, [len(data)]),
            (339, SHORT, [3 if is_float else 1]), (33550, DOUBLE, [pixel, pixel, 0.0]),
            (33922, DOUBLE, [0.0, 0.0, 0.0, west, north, 0.0]),
            (34735, SHORT, [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg])]
    if nodata is not None:
        tags.append((42113, ASCII, nodata.encode() + b"\0"))
    extra, entries = b"", b""
    offset = 8 + len(data) + 2 + 12 * len(tags) + 4
    for tag, kind, content in tags:
        packed = content if kind == ASCII else struct.pack(f"<{len(content)}{CODES[kind]}", *content)
        count = len(packed) // SIZES[kind]
        if len(packed) <= 4:
            entries += struct.pack("<HHI", tag, kind, count) + packed.ljust(4, b"\0")
        else:
            entries += struct.pack("<HHII", tag, kind, count, offset + len(extra))
            extra += packed + b"\0" * (len(packed) % 2)
    with open(path, "wb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, 8 + len(data)) + data)
        file.write(struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0) + extra)


def plane(width, height, value, kind="H"):
    """Values of `value(column, row)`."""
    return array.array(kind, [value(column, row) for row in range(height) for column in range(width)])


def write_shapefile(stem, field, rectangles, wkt):
    """Polygons (west, south, east, north, text) with one text field."""
    shapes, index, table = b"", b"", b""
    xs = [x for r in rectangles for x in (r[0], r[2])]
    ys = [y for r in rectangles for y in (r[1], r[3])]
    for number, (west, south, east, north, text) in enumerate(rectangles, 1):
        ring = [(west, south), (west, north), (east, north), (east, south), (west, south)]
        record = struct.pack("<i4d3i", 5, west, south, east, north, 1, len(ring), 0)
        record += b"".join(struct.pack("<2d", *point) for point in ring)
        index += struct.pack(">2i", (100 + len(shapes)) // 2, len(record) // 2)
        shapes += struct.pack(">2i", number, len(record) // 2) + record
        table += b" " + text.encode().ljust(20)

    def header(body):
        return (struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2) +
                struct.pack("<2i8d", 1000, 5, min(xs), min(ys), max(xs), max(ys), 0, 0, 0, 0))

    dbf = struct.pack("<4BIHH20x", 3, 126, 1, 1, len(rectangles), 32 + 32 + 1, 21)
    dbf += field.encode().ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([20, 0]) + b"\0" * 14 + b"\r"
    for name, content in [(".shp", header(shapes) + shapes), (".shx", header(index) + index),
                          (".dbf", dbf + table + b"\x1a"), (".prj", wkt.encode())]:
        with open(f"{stem}{name}", "wb") as file:
            file.write(content)
