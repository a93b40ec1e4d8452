#include "explain_place.h"

#include "class_choice.h"
#include "command_line.h"
#include "explained_place.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/features/feature_units.h"
#include "lcclass/geo/raster_file.h"
#include "shap_background.h"
#include "shap_table.h"

namespace lcclass {

namespace {

ExplainedPlace explain_pixel(const PlaceTask& task, PlacePixel pixel) {
    const Model& model = task.model;
    ExplainedPlace place{.model = model,
                         .model_name = task.model_name,
                         .source_name = task.source_name,
                         .crs = crs_label(task.features.grid().crs_wkt),
                         .place_digits = is_geographic(task.features.grid().crs_wkt) ? 6 : 1,
                         .pixel = std::move(pixel),
                         .units = feature_units(model.recipe_json, model.feature_names, task.model_name),
                         .prediction = {},
                         .base = {},
                         .base_label =
                             task.shap.background_rows() == 0 ? "mean of the training" : "mean of the background",
                         .kind = shap_kind(task.shap),
                         .values = {}};
    FeatureView row{.columns = {}, .n_rows = 1};
    for (const float& value : place.pixel.values) {
        row.columns.push_back(&value);
    }
    place.prediction = predict_rows(model, row);
    place.base = task.shap.base();
    place.values.resize(place.base.size() * place.units.size());
    task.shap.explain(row, place.values);
    place.explained = static_cast<std::size_t>(task.only_class.empty() ? place.prediction.class_index[0]
                                                                       : find_class(model.legend, task.only_class));
    return place;
}

} // namespace

void add_place_options(CLI::App& app, PlaceArguments& arguments) {
    list_option(app, "--at", arguments.at, "X,Y: explain the pixel at this place instead of samples");
    app.add_option("--at-crs", arguments.crs, "reference system of --at, such as EPSG:4326 [that of the scene]");
    path_option(app, "--chart", arguments.chart, "also draw the explanation of --at, as one .html file");
}

void check_place_options(const PlaceArguments& arguments) {
    if (!arguments.given()) {
        const bool has_chart = !arguments.chart.empty();
        if (has_chart || !arguments.crs.empty()) {
            throw Error(ExitCode::command_line, {.where = {},
                                                 .field = has_chart ? "--chart" : "--at-crs",
                                                 .problem = "is for one place",
                                                 .fix = "add --at X,Y or leave it out"});
        }
        return;
    }
    if (arguments.at.size() != 2) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = "--at",
                                             .problem = "needs two numbers",
                                             .fix = "give x (easting, longitude) and y: --at 389250,5819870"});
    }
    const std::string ending = arguments.chart.extension().string();
    if (!arguments.chart.empty() && ending != ".html" && ending != ".htm") {
        throw Error(ExitCode::output, {.where = arguments.chart.string(),
                                       .field = "extension=" + ending,
                                       .problem = "charts are not drawn in this format",
                                       .fix = "end the name in .html"});
    }
}

void explain_place(const PlaceTask& task, const PlaceArguments& arguments, Context& context) {
    PlacePixel pixel =
        find_pixel(task.features, task.source_name, {.x = arguments.at[0], .y = arguments.at[1]}, arguments.crs);
    const ExplainedPlace place = explain_pixel(task, std::move(pixel));
    for (const std::string& line : place_lines(place)) {
        context.print(line);
    }
    if (!task.output.empty()) {
        write_file_atomically(task.output, place_json(place).dump(2) + "\n", context.globals.overwrite);
    }
    if (!arguments.chart.empty()) {
        write_file_atomically(arguments.chart, place_page(place), context.globals.overwrite);
    }
}

} // namespace lcclass
