#include "assess_sample.h"
#include "file_kind.h"

#include "lcclass/assess/map_pixels.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/report/qgis_style.h"
#include "training_pixels.h"

#include <algorithm>

namespace lcclass {

namespace {

void set_expectations(const AssessArguments& arguments, std::vector<PlanStratum>& strata) {
    for (PlanStratum& stratum : strata) {
        stratum.expected_users_accuracy = arguments.expected_ua;
    }
    if (arguments.expected_ua_of.empty()) {
        return;
    }
    for (const auto& [name, accuracy] : parse_numbers(arguments.expected_ua_of, "--expected-ua-of")) {
        const auto found = std::find_if(strata.begin(), strata.end(), [&name = name](const PlanStratum& stratum) {
            return stratum.name == name || std::to_string(stratum.code) == name;
        });
        if (found == strata.end()) {
            std::vector<std::string> names;
            for (const PlanStratum& stratum : strata) {
                names.push_back(stratum.name);
            }
            throw Error(ExitCode::configuration, {.where = {},
                                                  .field = "--expected-ua-of=" + name,
                                                  .problem = "is not a class on the map" + did_you_mean(name, names),
                                                  .fix = "name classes by code or name: " + join(names, ", ")});
        }
        found->expected_users_accuracy = accuracy;
    }
}

std::vector<PlanStratum> strata_of_map(const RasterFile& map, const ClassLegend& legend, const std::string& where,
                                       const std::vector<std::int64_t>& training, Context& context) {
    std::vector<PlanStratum> strata;
    for (const auto& [code, pixels] : count_codes(*map.source, *map.source, context.progress)) {
        const auto index = legend.index_of(code);
        strata.push_back({.code = code,
                          .name = index ? legend.at(*index).name : std::to_string(code),
                          .pixels = pixels,
                          .excluded = 0});
    }
    if (strata.empty()) {
        throw Error(ExitCode::input, {.where = where,
                                      .field = "pixels=0",
                                      .problem = "the map holds no class",
                                      .fix = "name a map that lcclass predict made"});
    }
    for (const std::int32_t code : codes_at(*map.source, training, context.progress)) {
        for (PlanStratum& stratum : strata) {
            stratum.excluded += stratum.code == code ? 1 : 0;
        }
    }
    return strata;
}

void print_plan(const std::vector<PlanStratum>& strata, const SamplePlan& plan, const PlanOptions& options,
                const TrainingPixels& training, Context& context) {
    context.print("code  class                           pixels   share  expected user's   units    +-95 %");
    double total = 0;
    for (const PlanStratum& stratum : strata) {
        total += static_cast<double>(stratum.pixels);
    }
    for (std::size_t h = 0; h < strata.size(); ++h) {
        const PlanStratum& stratum = strata[h];
        context.print(to_right(std::to_string(stratum.code), 4) + "  " + name_cell(stratum.name, 24) +
                      to_right(with_thousands(stratum.pixels), 14) +
                      to_right(fixed_digits(100 * static_cast<double>(stratum.pixels) / total, 1), 6) + " %" +
                      to_right(fixed_digits(stratum.expected_users_accuracy, 2), 17) +
                      to_right(with_thousands(plan.units[h]), 8) +
                      to_right(fixed_digits(1.96 * plan.expected_users_se[h], 3), 10));
    }
    context.print(with_thousands(plan.total()) + " units: expected standard error of overall accuracy " +
                  fixed_digits(plan.expected_se, 4) + ", target " + fixed_digits(options.target_se, 4));
    context.print("shared out best, " + with_thousands(plan.optimum_units) + " units would do; here every class has " +
                  std::to_string(options.min_per_stratum) +
                  (plan.is_below(options.min_per_stratum) ? ", or all there are to draw" : " or more") +
                  ", the others by area");
    if (!training.name.empty()) {
        context.print("no point is on a pixel of " + training.name);
    }
}

/// Labels are hours of work: no option replaces them.
void check_without_labels(const std::filesystem::path& output) {
    std::error_code status;
    if (!std::filesystem::exists(output, status) || file_kind(output) != "plan") {
        return;
    }
    std::int64_t labelled = 0;
    for (const auto& [code, stratum] : read_plan(output, "plan").strata) {
        labelled += stratum.labelled;
    }
    if (labelled > 0) {
        throw Error(ExitCode::output, {.where = output.string(),
                                       .field = "class",
                                       .problem = "holds labels of " + with_thousands(labelled) + " points",
                                       .fix = "give the new plan another name, or move this one away"});
    }
}

} // namespace

void plan_sample_of(const AssessArguments& arguments, const RasterFile& map, Context& context) {
    check_without_labels(arguments.output);
    const ClassLegend& legend = require_legend(map, arguments.map);
    const GridSpec& grid = map.source->grid();
    const TrainingPixels training = find_training_pixels(arguments.samples, map, arguments.map, context);
    std::vector<PlanStratum> strata = strata_of_map(map, legend, arguments.map.string(), training.pixels, context);
    set_expectations(arguments, strata);
    const SamplePlan plan = plan_sample(strata, arguments.plan_options);
    std::map<std::int32_t, std::int64_t> per_code;
    std::map<std::int32_t, std::int64_t> pixels;
    for (std::size_t h = 0; h < strata.size(); ++h) {
        per_code[strata[h].code] = plan.units[h];
        pixels[strata[h].code] = strata[h].pixels;
    }
    std::vector<PlannedUnit> units;
    for (const DrawnPixel& drawn :
         draw_pixels(*map.source, per_code, training.pixels, context.globals.seed, context.progress)) {
        units.push_back({.id = std::ssize(units) + 1,
                         .stratum = drawn.code,
                         .x = grid.center_x(drawn.pixel % grid.width),
                         .y = grid.center_y(drawn.pixel / grid.width)});
    }
    write_plan(arguments.output, units, pixels, grid.crs_wkt, context.globals.overwrite,
               {{.layer = "plan", .qml = report::to_qml(report::plan_style())}});
    print_plan(strata, plan, arguments.plan_options, training, context);
    context.print(arguments.output.string() + ": fill in the field 'class' (code or name) without looking at the map");
}

} // namespace lcclass
