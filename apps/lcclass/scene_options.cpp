#include "scene_options.h"

#include "command_line.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <algorithm>
#include <cmath>

namespace lcclass {

void add_scene_options(CLI::App& app, SceneArguments& arguments, const std::string& when_unstated) {
    inputs_option(app, "-i,--input", arguments.inputs,
                  "NAME=PATH[:BAND], .SAFE folder or .zip, band folder, MTD_MSIL*.xml, band file or raster with named "
                  "bands; NAME@2018-05-06=PATH or @2018-05-06=PATH say the date");
    app.add_flag("--allow-vrt", arguments.allow_vrt, "read virtual rasters whose sources lie in their folder or below");
    app.add_option("--granule", arguments.granule, "tile or name of the granule, where a product has several");
    only_words(app.add_option("--level", arguments.level,
                              "L1C, L2A, L2SP or L2SR: refuse products of another level [any, not mixed]"),
               {"L1C", "L2A", "L2SP", "L2SR"});
    list_option(app, "--rename", arguments.rename, "NEW=OLD, as in B08=SR_B5: call bands as formulas know them");
    some_words(app.add_option(
                   "--radiometry", arguments.radiometry,
                   "auto, none, or scale=S,offset=O: value = DN x S + O (new baselines: scale=0.0001,offset=-0.1) [" +
                       (when_unstated.empty() ? "auto" : when_unstated) + "]"),
               {"auto", "none"});
    app.add_option("--min-valid-dn", arguments.min_valid_dn,
                   "lower digital numbers of Sentinel-2 and Landsat bands are nodata");
    some_words(app.add_option("--resampling", arguments.resampling,
                              "nearest, bilinear, cubic or average, for bands of another pixel size; for single bands "
                              "NAME=METHOD, with commas between [" +
                                  (when_unstated.empty() ? "bilinear" : when_unstated) + "]"),
               {"nearest", "bilinear", "cubic", "average"});
    only_words(
        app.add_option("--extent", arguments.extent, "same: refuse bands that cover different areas; or intersection"),
        {"same", "intersection"});
    app.add_flag("--reproject", arguments.reproject, "warp bands of another CRS instead of refusing them");
}

void add_extent_options(CLI::App& app, SceneArguments& arguments) {
    list_option(app, "--bounds", arguments.bounds, "xmin,ymin,xmax,ymax in CRS units, snapped outwards to pixel edges");
    path_option(app, "--like", arguments.like, "a raster whose grid to use");
}

bool says_how_to_read_bands(const SceneArguments& arguments) {
    const SceneArguments untouched;
    return !arguments.radiometry.empty() || !arguments.resampling.empty() || arguments.reproject ||
           arguments.extent != untouched.extent || !arguments.bounds.empty() || !arguments.like.empty() ||
           arguments.allow_vrt || !arguments.granule.empty() || !arguments.level.empty() || !arguments.rename.empty() ||
           arguments.min_valid_dn != untouched.min_valid_dn;
}

namespace {

std::optional<Bounds> to_bounds(const std::vector<double>& values) {
    if (values.empty()) {
        return std::nullopt;
    }
    if (values.size() != 4) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--bounds",
                                             .problem = "has " + std::to_string(values.size()) + " numbers",
                                             .fix = "give four: xmin,ymin,xmax,ymax"});
    }
    const Bounds bounds{.min_x = values.at(0), .min_y = values.at(1), .max_x = values.at(2), .max_y = values.at(3)};
    const bool finite = std::isfinite(bounds.max_x - bounds.min_x) && std::isfinite(bounds.max_y - bounds.min_y);
    if (!finite || bounds.min_x >= bounds.max_x || bounds.min_y >= bounds.max_y) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--bounds=" + describe(bounds),
                                             .problem = "is empty",
                                             .fix = "give xmin,ymin,xmax,ymax with xmin < xmax and ymin < ymax"});
    }
    return bounds;
}

/// `bilinear,DEM=cubic`: the way for all bands, and for single ones.
void parse_resamplings(const std::string& text, SceneOptions& options) {
    bool has_default = false;
    for (const TextPair& part : split_pairs(text, ',')) {
        const bool is_new = part.value ? !options.band_resampling.contains(part.name) : !has_default;
        if (!is_new || (part.value && part.name.empty())) {
            throw Error(ExitCode::command_line, {.where = {},
                                                 .field = "--resampling=" + text,
                                                 .problem = is_new ? "'" + part.text + "' names no band"
                                                                   : "'" + part.text + "' says it a second time",
                                                 .fix = "write one method, and NAME=METHOD once per band"});
        }
        if (part.value) {
            options.band_resampling[part.name] = parse_resampling(*part.value);
        } else {
            options.resampling = parse_resampling(part.name);
            has_default = true;
        }
    }
}

void check_level(const std::string& level) {
    static const std::vector<std::string> known = {"L1C", "L2A", "L2SP", "L2SR"};
    if (!level.empty() && std::find(known.begin(), known.end(), level) == known.end()) {
        refuse_word("--level", level, "a level", known);
    }
}

void check_min_valid_dn(std::int64_t number) {
    if (number < 0) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--min-valid-dn=" + std::to_string(number),
                                             .problem = "is no digital number",
                                             .fix = "give the lowest one that is a measurement, 0 or more"});
    }
}

} // namespace

SceneOptions to_scene_options(const SceneArguments& arguments) {
    require_given(!arguments.inputs.empty(), "--input",
                  "a .SAFE, a band folder, a raster or bands, as in -i B04=red.tif B08=nir.tif");
    if (arguments.extent != "same" && arguments.extent != "intersection") {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--extent=" + arguments.extent,
                                             .problem = "is not known",
                                             .fix = "same or intersection"});
    }
    const bool bad_resolution = !std::isfinite(arguments.resolution) || arguments.resolution < 0;
    if (bad_resolution) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--resolution=" + std::to_string(arguments.resolution),
                                             .problem = "is not a pixel size",
                                             .fix = "give a positive number of CRS units, as in --resolution 10"});
    }
    SceneOptions options;
    options.inputs = arguments.inputs;
    options.radiometry = arguments.radiometry.empty() ? "auto" : arguments.radiometry;
    parse_resamplings(arguments.resampling.empty() ? "bilinear" : arguments.resampling, options);
    check_level(arguments.level);
    check_min_valid_dn(arguments.min_valid_dn);
    options.allow_vrt = arguments.allow_vrt;
    options.granule = arguments.granule;
    options.level = arguments.level;
    options.min_valid_dn = arguments.min_valid_dn;
    options.rename = arguments.rename;
    options.intersection = arguments.extent == "intersection";
    options.reproject = arguments.reproject;
    options.like = arguments.like.string();
    options.bounds = to_bounds(arguments.bounds);
    if (arguments.resolution > 0) {
        options.resolution = arguments.resolution;
    }
    return options;
}

namespace {

bool is_metadata(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    return (name.find("MTD") != std::string::npos && name.ends_with(".xml")) || name.ends_with("_MTL.xml") ||
           name.ends_with("_MTL.txt");
}

/// The metadata in a `.SAFE` above the file, or a Landsat product's beside it.
bool belongs_to(const std::filesystem::path& metadata, const std::filesystem::path& file) {
    const std::string name = metadata.filename().string();
    const std::string product = name.substr(0, name.rfind("_MTL."));
    return metadata.parent_path().extension() == ".SAFE" ||
           (product != name && file.filename().string().starts_with(product));
}

/// The files of a product belong together: its metadata says how its bands are to be read.
void add_product(const std::filesystem::path& path, std::vector<std::filesystem::path>& paths) {
    if (is_metadata(path)) {
        paths.push_back(path.has_parent_path() ? path.parent_path() : ".");
        return;
    }
    paths.push_back(path);
    for (auto folder = std::filesystem::absolute(path).parent_path(); folder != folder.root_path();
         folder = folder.parent_path()) {
        if (folder.extension() != ".SAFE" && folder != std::filesystem::absolute(path).parent_path()) {
            continue;
        }
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
            if (is_metadata(entry.path()) && belongs_to(entry.path(), path)) {
                paths.push_back(entry.path());
            }
        }
    }
}

} // namespace

std::vector<std::filesystem::path> input_paths(const std::vector<std::string>& inputs) {
    std::vector<std::filesystem::path> paths;
    for (const std::string& input : inputs) {
        std::string path = input;
        if (!std::filesystem::exists(path)) {
            path = path.substr(path.find('=') == std::string::npos ? 0 : path.find('=') + 1);
        }
        if (!std::filesystem::exists(path)) {
            path = path.substr(0, path.rfind(':'));
        }
        add_product(path, paths);
    }
    return paths;
}

} // namespace lcclass
