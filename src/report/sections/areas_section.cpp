#include "lcclass/report/sections.h"

#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "report/sections/accuracy_parts.h"

#include <array>
#include <utility>

namespace lcclass::report {

namespace {

/// `0.912 [0.890, 0.934]`, or NA.
std::string estimate_text(const Json& estimate) {
    std::string text = three_digits(number(estimate, "estimate"));
    if (const auto interval = interval_of(estimate)) {
        text += " [" + fixed_digits(interval->first, 3) + ", " + fixed_digits(interval->second, 3) + "]";
    }
    return text;
}

std::optional<double> mapped_hectares(const Json& area, const std::optional<double>& pixel_hectares) {
    const auto pixels = number(area, "mapped_pixels");
    return pixels && pixel_hectares ? std::optional(*pixels * *pixel_hectares) : std::nullopt;
}

BarFigure area_figure(const Json& classes, const std::optional<double>& pixel_hectares) {
    const bool in_hectares = pixel_hectares.has_value();
    BarFigure figure{.text = {.id = "areas",
                              .title = "Area of each class",
                              .caption = "Estimated from the reference sample, beside the area that was mapped: where "
                                         "the mapped bar leaves the interval, counting pixels would mislead."},
                     .axis = in_hectares ? "area, ha" : "share of the area",
                     .label_name = "class",
                     .labels = keys_of(classes),
                     .series = {{.name = "estimated", .values = {}}, {.name = "mapped", .values = {}}},
                     .interval_name = {},
                     .digits = in_hectares ? 0 : 3};
    for (const Json& of_class : classes) {
        const Json& area = of_class.at("area");
        const Json& estimate = area.at(in_hectares ? "hectares" : "share");
        figure.interval_name = figure.interval_name.empty() ? interval_name(estimate) : std::move(figure.interval_name);
        figure.series[0].values.push_back({number(estimate, "estimate"), interval_of(estimate)});
        const auto mapped = in_hectares ? mapped_hectares(area, pixel_hectares) : number(area, "mapped_share");
        figure.series[1].values.push_back({mapped});
    }
    return figure;
}

BarFigure sample_class_figure(const Json& classes) {
    BarFigure figure{.text = {.id = "map-classes",
                              .title = "Accuracy of the map per class",
                              .caption =
                                  "User's accuracy: how much of what the map shows as the class is it. Producer's "
                                  "accuracy: how much of the class the map shows as it."},
                     .axis = "share of the area",
                     .label_name = "class",
                     .labels = keys_of(classes),
                     .series = {},
                     .axis_end = 1};
    constexpr std::array<std::pair<const char*, const char*>, 3> figures = {
        {{"users_accuracy", "user's accuracy"}, {"producers_accuracy", "producer's accuracy"}, {"f1", "F1"}}};
    for (const auto& [key, words] : figures) {
        BarFigure::Series series{.name = words, .values = {}};
        for (const Json& of_class : classes) {
            const Json& estimate = of_class.at(key);
            figure.interval_name =
                figure.interval_name.empty() ? interval_name(estimate) : std::move(figure.interval_name);
            series.values.push_back({number(estimate, "estimate"), interval_of(estimate)});
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

BarFigure census_class_figure(const Json& classes) {
    BarFigure figure{.text = {.id = "map-classes",
                              .title = "Accuracy of the map per class",
                              .caption =
                                  "Precision (user's accuracy): how much of what the map shows as the class is "
                                  "it. Recall (producer's accuracy): how much of the class the map shows as it."},
                     .axis = "share of the pixels",
                     .label_name = "class",
                     .labels = keys_of(classes),
                     .series = {},
                     .axis_end = 1};
    for (const auto& [key, words] : class_figure_names) {
        BarFigure::Series series{.name = words, .values = {}};
        for (const Json& of_class : classes) {
            series.values.push_back({number(of_class, key)});
        }
        figure.series.push_back(std::move(series));
    }
    return figure;
}

constexpr const char* confusion_caption = "Rows are what the reference says, columns the map.";

/// Units are not alike in a stratified sample: the shares of a row come from the estimated shares of the area.
MatrixFigure estimated_shares(const Json& content, MatrixFigure counts) {
    MatrixFigure figure = std::move(counts);
    figure.text = {.id = "map-confusion-shares",
                   .title = "Confusion of the map, in estimated shares of the reference",
                   .caption =
                       "By area, as the design of the sample has it. Every row adds up to 1: the diagonal is the "
                       "producer's accuracy of the class."};
    figure.value_name = "share of the area of the reference class";
    figure.digits = 2;
    figure.values.clear();
    for (const Json& row : list_of(content.at("proportions"), figure.rows.size())) {
        double total = 0;
        for (const Json& cell : list_of(row, figure.rows.size())) {
            total += number(cell).value_or(0);
        }
        auto& shares = figure.values.emplace_back();
        for (const Json& cell : row) {
            const auto share = number(cell);
            shares.push_back(share && total > 0 ? std::optional(*share / total) : std::nullopt);
        }
    }
    return figure;
}

void add_sample(const Json& content, std::vector<Block>& blocks) {
    const Json& design = content.at("design");
    blocks.emplace_back(Facts{{{"Reference", design.at("kind").get<std::string>() + " sample of " +
                                                 with_thousands(design.at("units").get<std::int64_t>()) + " units"},
                               {"Overall accuracy", estimate_text(content.at("overall_accuracy"))}}});
    if (design.at("training_samples_checked").is_null()) {
        blocks.emplace_back(Paragraph{"Whether the reference lies on training pixels could not be checked."});
    }
    const Json& classes = content.at("per_class");
    blocks.emplace_back(Figure(area_figure(classes, number(design, "pixel_hectares"))));
    blocks.emplace_back(Figure(sample_class_figure(classes)));
    MatrixFigure counts =
        confusion_figures(content.at("confusion"),
                          {.id = "map-confusion", .title = "Confusion of the map", .caption = confusion_caption})
            .first;
    counts.value_name = "pixels of the sample";
    blocks.emplace_back(Figure(counts));
    blocks.emplace_back(Figure(estimated_shares(content, std::move(counts))));
}

/// `1,234 of 5,678 mapped pixels (21.7 %) compared`.
std::string census_text(const Json& content) {
    const auto compared = content.at("pixels").get<std::int64_t>();
    const auto rest = content.at("unreferenced_pixels").get<std::int64_t>();
    if (rest == 0) {
        return "all " + with_thousands(compared) + " mapped pixels compared";
    }
    const double share = 100 * static_cast<double>(compared) / static_cast<double>(compared + rest);
    return with_thousands(compared) + " of " + with_thousands(compared + rest) + " mapped pixels (" +
           fixed_digits(share, 1) + " %) compared: the figures hold for these only";
}

void add_census(const Json& content, std::vector<Block>& blocks) {
    Facts facts{{{"Reference", "a raster, " + census_text(content)}}};
    for (const OverallFigure& overall : overall_figures) {
        facts.items.emplace_back(overall.name, three_digits(number(content, overall.key)));
    }
    blocks.emplace_back(std::move(facts));
    blocks.emplace_back(Figure(census_class_figure(content.at("per_class"))));
    auto [counts, shares] =
        confusion_figures(content.at("confusion"),
                          {.id = "map-confusion", .title = "Confusion of the map", .caption = confusion_caption});
    counts.value_name = "pixels";
    blocks.emplace_back(Figure(std::move(counts)));
    blocks.emplace_back(Figure(std::move(shares)));
    blocks.emplace_back(
        Missing{"Areas with intervals", "lcclass assess --plan, then lcclass assess --reference plan.gpkg"});
}

} // namespace

std::string judgement_of(const JsonFile& accuracy) {
    std::string text;
    static_cast<void>(section_from(accuracy, "assess", [&](const Json& content) {
        const Json& overall = content.at("overall_accuracy");
        text = overall.is_object() ? estimate_text(overall) + ", 95 % interval in brackets, by a reference sample"
                                   : three_digits(number(overall)) + ", by a reference raster: " + census_text(content);
        return Section{};
    }));
    return text;
}

Section areas_section(const JsonFile& accuracy) {
    return section_from(accuracy, "assess", [](const Json& content) {
        Section section{.id = "map-accuracy", .title = "How good the map is", .blocks = {}};
        if (content.at("mode") == "sample") {
            section.title += ", and how much there is of each class";
            add_sample(content, section.blocks);
        } else {
            add_census(content, section.blocks);
        }
        return section;
    });
}

} // namespace lcclass::report
