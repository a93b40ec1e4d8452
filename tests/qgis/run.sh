#!/bin/sh
# run.sh LCCLASS FOLDER: makes a simulated experiment in FOLDER and opens it in QGIS, without a screen.
set -eu

export QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/tmp}"
# QGIS is built for Debian's own Python.
if ! /usr/bin/python3 -c 'import qgis.core' 2>/dev/null; then
    echo "skipped: Debian's python3-qgis and qgis-providers are not installed; make qgis-check installs them"
    exit 77
fi
lcclass=$1 folder=$2
rm -rf "$folder"
"$lcclass" -q simulate -o "$folder" --size 600 >/dev/null
sed -i 's|^  uncertainty: .*|&\n  applicability: out/applicability.tif|' \
    "$folder/lcclass.yml"
"$lcclass" -q run -c "$folder/lcclass.yml" >"$folder/run.txt"
out=$folder/out
"$lcclass" -q explain -m "$out/model.lcm" --samples "$out/samples.gpkg" --rows 200 --shap-values "$out/shap.gpkg" \
    -o "$folder/explain_samples.json" >>"$folder/run.txt"
"$lcclass" -q explain -m "$out/model.lcm" -i "$out/stack.tif" --shap-raster "$out/shap.tif" \
    --dominant-feature "$out/dominant.tif" >>"$folder/run.txt"
"$lcclass" -q assess --map "$out/map.tif" --plan --target-se 0.05 -o "$out/plan.gpkg" >>"$folder/run.txt"
set --
for name in stack.tif labels.tif samples.gpkg folds.gpkg map.tif probabilities.tif uncertainty.tif applicability.tif \
    shap.gpkg shap.tif dominant.tif; do
    set -- "$@" -i "$out/$name"
done
"$lcclass" -q report --output-dir "$out" "$@" -o "$out/project.html" >>"$folder/run.txt"
exec /usr/bin/python3 "$(dirname "$0")/open_in_qgis.py" "$out"
