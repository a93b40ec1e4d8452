#include "feature_options.h"

#include "command_line.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"
#include "lcclass/features/masked_bands.h"
#include "lcclass/features/spectral_index.h"

#include <algorithm>

namespace lcclass {

namespace {

constexpr std::size_t most_fill_dates = 1000;

[[noreturn]] void refuse(const std::string& field, const std::string& problem, const std::string& fix) {
    throw Error(ExitCode::command_line, {.where = {}, .field = field, .problem = problem, .fix = fix});
}

void require_word(const std::string& option, const std::string& word, const std::string& what,
                  const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), word) == known.end()) {
        refuse_word(option, word, what, known);
    }
}

Date parse_option_date(const std::string& option, const std::string& text) {
    const auto date = parse_date(text);
    if (!date) {
        refuse(option + "=" + text, "is no date", "write year, month and day, as in 2018-05-06");
    }
    return *date;
}

/// `START,END,DAYS` spread out, or the dates as they are listed.
std::vector<Date> parse_fill_dates(const std::vector<std::string>& texts) {
    const std::string option = "--gap-fill";
    std::vector<Date> dates;
    const auto days = texts.size() == 3 ? parse_int(texts[2]) : std::nullopt;
    if (!days || parse_date(texts[2])) {
        for (const std::string& text : texts) {
            dates.push_back(parse_option_date(option, text));
        }
    } else {
        const Date last = parse_option_date(option, texts[1]);
        if (*days < 1) {
            refuse(option + "=" + join(texts, ","), "has no days between its dates", "write START,END,DAYS");
        }
        for (Date date = parse_option_date(option, texts[0]); date <= last && dates.size() <= most_fill_dates;
             date.days += static_cast<int>(*days)) {
            dates.push_back(date);
        }
    }
    const bool ascending = std::adjacent_find(dates.begin(), dates.end(), std::greater_equal<>()) == dates.end();
    if (dates.empty() || !ascending || dates.size() > most_fill_dates) {
        refuse(option + "=" + join(texts, ","),
               dates.size() > most_fill_dates ? "makes more than " + std::to_string(most_fill_dates) + " dates"
                                              : "has no dates in ascending order",
               "write START,END,DAYS, as in 2018-04-01,2018-10-01,10, or dates from early to late");
    }
    return dates;
}

std::string known_indices() {
    std::vector<std::string> names;
    for (const SpectralIndex& index : spectral_indices()) {
        names.push_back(index.name);
    }
    return join(names, " ");
}

void add_mask_options(CLI::App& app, FeatureArguments& arguments) {
    const std::string group = "Masks";
    app.add_option("--mask", arguments.masks,
                   "take pixels out: SCL=cloud-shadow,cloud-medium,cloud-high,cirrus, QA_PIXEL=cloud,cloud-shadow, "
                   "NAME=1,40..100; NAME=!VALUES keeps these alone")
        ->group(group);
    app.add_option("--mask-dilate", arguments.mask_dilation, "pixels around masked ones that are masked too")
        ->check(CLI::Range(0, 100))
        ->group(group);
}

void add_date_options(CLI::App& app, FeatureArguments& arguments) {
    const std::string group = several_dates_group;
    some_words(
        app.add_option("--composite", arguments.composite,
                       "one image of all dates instead of one of each: median, medoid, mean, min, max, p25, ..."),
        {"median", "medoid", "mean", "min", "max"})
        ->group(group);
    only_words(
        app.add_option("--period", arguments.period, "one composite for all dates, or one per month, season or year"),
        {"all", "month", "season", "year"})
        ->group(group);
    list_option(app, "--gap-fill", arguments.gap_fill,
                "START,END,DAYS: values at regular dates, interpolated between the clear observations")
        ->group(group);
    only_words(app.add_option("--gap-fill-ends", arguments.gap_fill_ends,
                              "before the first and after the last clear observation: nodata, or hold its value"),
               {"nodata", "hold"})
        ->group(group);
}

/// An option that would change nothing was meant for something.
void refuse_without_effect(const FeatureArguments& arguments) {
    if (arguments.composite.empty() && arguments.period != "all") {
        refuse("--period=" + arguments.period, "is of composites, and none is asked for", "add --composite median");
    }
    if (arguments.gap_fill.empty() && arguments.gap_fill_ends != "nodata") {
        refuse("--gap-fill-ends=" + arguments.gap_fill_ends, "is of filled gaps, and none is asked to be filled",
               "add --gap-fill START,END,DAYS");
    }
    if (arguments.masks.empty() && arguments.mask_dilation > 0) {
        refuse("--mask-dilate=" + std::to_string(arguments.mask_dilation), "widens masks, and there is none",
               "add --mask NAME=VALUES");
    }
    const FeatureArguments defaults;
    if (arguments.components.empty() && (arguments.standardize || arguments.n_components != defaults.n_components)) {
        refuse(arguments.standardize ? "--pca-standardize"
                                     : "--pca-components=" + std::to_string(arguments.n_components),
               "is of components, and no bands are named to make them of", "add --pca B02,B03,B04,B08");
    }
}

} // namespace

void add_feature_options(CLI::App& app, FeatureArguments& arguments) {
    list_option(app, "--features", arguments.features,
                "bands and what is made of them, in order: B08, NDVI, RATIO=B08/B04, FOCAL_MEAN(B08,7), "
                "GLCM_CONTRAST(B08,7), SLOPE(DEM), PC1; of several dates NDVI@2018-05-06, NDVI@p10 [all bands]")
        ->group(features_group);
    app.add_option("--index", arguments.definitions,
                   "an index of your own: 'NAME=FORMULA' or 'NAME=FORMULA [UNIT]'; there are " + known_indices())
        ->group(features_group);
    list_option(app, "--pca", arguments.components, "bands or indices to make the components PC1, PC2, ... of")
        ->group(features_group);
    app.add_option("--pca-components", arguments.n_components, "how many")
        ->check(CLI::Range(1, 100))
        ->group(features_group);
    app.add_flag("--pca-standardize", arguments.standardize, "divide by standard deviations before")
        ->group(features_group);
    add_mask_options(app, arguments);
    add_date_options(app, arguments);
}

FeatureRequest to_feature_request(const FeatureArguments& arguments) {
    require_word("--period", arguments.period, "a period of composites", {"all", "month", "season", "year"});
    require_word("--gap-fill-ends", arguments.gap_fill_ends, "a way to end", {"nodata", "hold"});
    if (!arguments.composite.empty() && !arguments.gap_fill.empty()) {
        refuse("--composite=" + arguments.composite, "and --gap-fill both say what features without a date are",
               "give one of the two");
    }
    refuse_without_effect(arguments);
    FeatureRequest request{.features = whole_items(arguments.features),
                           .definitions = arguments.definitions,
                           .masks = arguments.masks,
                           .mask_dilation = arguments.mask_dilation,
                           .composite = arguments.composite,
                           .period = arguments.period,
                           .gap_fill = {},
                           .components = {}};
    for (const std::string& rule : request.masks) {
        static_cast<void>(mask_band_of(rule)); // a rule that cannot be understood is refused before anything is read
    }
    if (!arguments.gap_fill.empty()) {
        request.gap_fill = {.dates = parse_fill_dates(arguments.gap_fill),
                            .hold_ends = arguments.gap_fill_ends == "hold"};
    }
    if (!arguments.components.empty()) {
        request.components.emplace();
        request.components->inputs = whole_items(arguments.components);
        request.components->n_components = arguments.n_components;
        request.components->standardize = arguments.standardize;
    }
    return request;
}

} // namespace lcclass
