#!/bin/sh
# demo.sh LCCLASS FOLDER: simulates a scene in FOLDER, maps it, and says how good the map is against the truth.
set -eu
lcclass=$1
folder=$2

echo "== a simulated Sentinel-2 scene: $folder"
"$lcclass" --overwrite simulate -o "$folder"
echo "== from bands and polygons to a map, and the map against the truth: $folder/lcclass.yml"
"$lcclass" run -c "$folder/lcclass.yml"
echo
echo "The report: $folder/out/report.html (open it in a browser)"
echo "The map: $folder/out/map.tif (all layers in QGIS: $folder/out/report.qgs)"
