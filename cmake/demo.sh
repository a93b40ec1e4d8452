#!/bin/sh
# demo.sh LCCLASS FOLDER: simulates a scene in FOLDER, maps it, and says how good the map is against the truth.
set -eu
lcclass=$1
folder=$2

echo "== a simulated Sentinel-2 scene: $folder"
"$lcclass" --overwrite simulate -o "$folder"
echo "== from bands and polygons to a map: $folder/lcclass.yml"
"$lcclass" run -c "$folder/lcclass.yml"
echo "== the map against the truth, which only a simulation knows"
"$lcclass" --overwrite assess --map "$folder/out/map.tif" --reference "$folder/truth.tif" -o "$folder/out/accuracy.json"
echo "== what cross-validation promised, and what is true"
cmake -DCV="$folder/out/cv.json" -DACCURACY="$folder/out/accuracy.json" -P "$(dirname "$0")/demo_summary.cmake"
echo
echo "The map: $folder/out/map.tif (opens in QGIS with its colours and class names; lcclass info tells its legend)"
