#include "lcclass/report/sections.h"

#include "report/sections/json_reading.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace lcclass::report {

namespace {

struct Kind {
    const char* key;
    const char* name;
};
/// Those that measure a loss of accuracy and can stand on one axis.
constexpr std::array<Kind, 3> losses = {
    {{"permutation", "permutation"}, {"conditional", "conditional"}, {"out_of_bag", "out of bag"}}};

std::optional<double> level_of(const Json& entry) {
    return entry.is_object() ? number(entry, "mean") : number(entry);
}

/// Out-of-bag importance has a spread over trees instead of an interval.
Interval spread_over_trees(const Json& entry) {
    const auto mean = number(entry, "mean");
    const auto sd = number(entry, "sd");
    return mean && sd ? Interval(std::pair(*mean - *sd, *mean + *sd)) : std::nullopt;
}

/// The features of `values`, the most important first.
std::vector<std::string> ordered_features(const Json& values) {
    std::vector<std::string> names = keys_of(values);
    std::ranges::stable_sort(names, std::ranges::greater{}, [&](const std::string& name) {
        return level_of(values.at(name)).value_or(-std::numeric_limits<double>::infinity()); // NA comes last
    });
    return names;
}

/// Says of the figure's whiskers what they are, each kind once.
void add_interval_name(const std::string& name, BarFigure& figure) {
    if (!name.empty() && figure.interval_name.find(name) == std::string::npos) {
        figure.interval_name += (figure.interval_name.empty() ? "" : "; ") + name;
    }
}

std::optional<BarFigure> loss_figure(const Json& importance) {
    BarFigure figure{.text = {.id = "importance",
                              .title = "Importance of features",
                              .caption = "How much accuracy is lost when a feature's values are shuffled. Conditional "
                                         "importance keeps features that resemble it in place: 0 there means that the "
                                         "others can stand in for it."},
                     .axis = "loss of accuracy",
                     .label_name = "feature",
                     .labels = {},
                     .series = {}};
    for (const Kind& kind : losses) {
        const Json& values = member(importance, kind.key);
        if (!values.is_object()) {
            continue;
        }
        if (figure.labels.empty()) {
            figure.labels = ordered_features(values);
        }
        BarFigure::Series series{.name = kind.name, .values = {}};
        for (const std::string& label : figure.labels) {
            const Json& entry = member(values, label);
            const bool over_trees = std::string_view(kind.key) == "out_of_bag";
            series.values.push_back({level_of(entry), over_trees ? spread_over_trees(entry) : interval_of(entry)});
            add_interval_name(over_trees ? "out of bag: ± 1 sd over trees" : interval_name(entry), figure);
        }
        figure.series.push_back(std::move(series));
    }
    return figure.series.empty() ? std::nullopt : std::optional(std::move(figure));
}

std::optional<BarFigure> impurity_figure(const Json& importance) {
    const Json& values = member(importance, "impurity");
    if (!values.is_object()) {
        return std::nullopt;
    }
    BarFigure figure{.text = {.id = "impurity",
                              .title = "Importance by impurity",
                              .caption = "What the splits of a feature gain in training. It costs nothing, but it is "
                                         "told by the training data itself and favours features of many values."},
                     .axis = "share of all that splits gained",
                     .label_name = "feature",
                     .labels = ordered_features(values),
                     .series = {{.name = "impurity", .values = {}}}};
    for (const std::string& label : figure.labels) {
        figure.series[0].values.push_back({level_of(values.at(label))});
    }
    return figure;
}

/// A figure per kind of group: bands, dates, functions, groups of the user.
std::vector<BarFigure> group_figures(const Json& groups) {
    std::vector<BarFigure> figures;
    for (const Json& group : groups) {
        const std::string kind = group.at("kind").get<std::string>();
        auto found = std::ranges::find(figures, "groups-" + kind, [](const BarFigure& f) { return f.text.id; });
        if (found == figures.end()) {
            found = figures.insert(
                figures.end(),
                BarFigure{.text = {.id = "groups-" + kind,
                                   .title = "Importance of groups: " + kind,
                                   .caption = "All features of a group are shuffled together, so that none can stand "
                                              "in for another of the group."},
                          .axis = "loss of accuracy",
                          .label_name = kind,
                          .labels = {},
                          .series = {{.name = "grouped permutation", .values = {}}}});
        }
        found->labels.push_back(group.at("name").get<std::string>());
        found->series[0].values.push_back({level_of(group), interval_of(group)});
        add_interval_name(interval_name(group), *found);
    }
    return figures;
}

std::optional<MatrixFigure> date_figure(const Json& by_date) {
    for (const Kind& kind : losses) {
        const Json& rows = member(by_date, kind.key);
        if (!rows.is_array()) {
            continue;
        }
        MatrixFigure figure{.text = {.id = "importance-by-date",
                                     .title = "Importance by band and date",
                                     .caption = "Which band mattered when: loss of accuracy when the band of that "
                                                "date is shuffled (" +
                                                std::string(kind.name) + ")."},
                            .row_axis = "band",
                            .column_axis = "date",
                            .value_name = "loss of accuracy",
                            .rows = by_date.at("features").get<std::vector<std::string>>(),
                            .columns = by_date.at("dates").get<std::vector<std::string>>(),
                            .values = {},
                            .digits = 3,
                            .diverging = true};
        for (const Json& row : list_of(rows, figure.rows.size())) {
            auto& cells = figure.values.emplace_back();
            for (const Json& cell : list_of(row, figure.columns.size())) {
                cells.push_back(level_of(cell));
            }
        }
        return figure;
    }
    return std::nullopt;
}

} // namespace

Section importance_section(const JsonFile& explain) {
    return section_from(explain, "explain", [](const Json& content) {
        Section section{.id = "importance", .title = "What it rests on", .blocks = {}};
        const Json& importance = content.at("importance");
        if (auto figure = loss_figure(importance)) {
            section.blocks.emplace_back(Figure(std::move(*figure)));
        } else {
            section.blocks.emplace_back(
                Missing{"The importance of features", "lcclass explain --importance permutation,conditional"});
        }
        const Json& groups = member(importance, "grouped");
        if (groups.is_array()) {
            for (BarFigure& figure : group_figures(groups)) {
                section.blocks.emplace_back(Figure(std::move(figure)));
            }
        } else {
            section.blocks.emplace_back(
                Missing{"The importance of groups of features",
                        "lcclass explain --importance permutation,grouped --groups 'visible=B02,B03,B04'"});
        }
        if (auto figure = date_figure(member(importance, "by_date"))) {
            section.blocks.emplace_back(Figure(std::move(*figure)));
        }
        if (auto figure = impurity_figure(importance)) {
            section.blocks.emplace_back(Figure(std::move(*figure)));
        }
        return section;
    });
}

} // namespace lcclass::report
