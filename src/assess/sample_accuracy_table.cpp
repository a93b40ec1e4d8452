#include "lcclass/assess/sample_accuracy.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"

#include <array>
#include <cmath>

// What `assess` says of a sample, for people.

namespace lcclass {

namespace {

/// Widths of the columns after code and class: units, user's, producer's, F1, area, mapped area.
constexpr std::array<std::size_t, 6> class_widths = {7, 14, 14, 14, 20, 10};
constexpr std::size_t class_width = 16;
constexpr std::size_t stratum_width = 18;

std::string class_row(const std::string& code, const std::string& name, const std::array<std::string, 6>& cells) {
    std::string row = to_right(code, 4) + " " + name_cell(name, class_width);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        row += to_right(cells[i], class_widths[i]);
    }
    return row + "\n";
}

/// `0.880 +-0.074`
std::string with_margin(const DesignFigure& figure) {
    if (!figure.value) {
        return "NA";
    }
    return three_digits(figure.value) + " +-" + three_digits(figure.margin95);
}

/// Whole hectares, or with two digits where all of the map is small.
std::string area_text(double area, double of) {
    return of < 1000 ? fixed_digits(area, 2) : with_thousands(std::llround(area));
}

/// The error-adjusted area of class k, then the mapped one; hectares, or per cent of the area.
std::array<std::string, 2> area_texts(const SampleAccuracy& accuracy, std::size_t k) {
    const double unit = accuracy.pixel_hectares ? *accuracy.pixel_hectares * accuracy.frame_pixels : 100;
    const double of_mapped = accuracy.pixel_hectares ? *accuracy.pixel_hectares : 100 / accuracy.frame_pixels;
    const DesignFigure& area = accuracy.estimates.classes[k].area;
    const std::string margin = area.margin95 ? area_text(*area.margin95 * unit, unit) : "NA";
    return {area.value ? area_text(*area.value * unit, unit) + " +-" + margin : "NA",
            area_text(static_cast<double>(accuracy.mapped[k]) * of_mapped, unit)};
}

std::string class_rows(const SampleAccuracy& accuracy) {
    const std::string unit = accuracy.pixel_hectares ? "ha" : "%";
    std::string table =
        class_row("code", "class", {"units", "user's", "producer's", "F1", "area, " + unit, "map, " + unit});
    for (std::size_t k = 0; k < accuracy.estimates.classes.size(); ++k) {
        const LandCoverClass& entry = accuracy.legend.at(static_cast<int>(k));
        const DesignClassFigures& figures = accuracy.estimates.classes[k];
        const auto areas = area_texts(accuracy, k);
        table += class_row(std::to_string(entry.code), entry.name,
                           {with_thousands(accuracy.class_units[k]), with_margin(figures.users_accuracy),
                            with_margin(figures.producers_accuracy), with_margin(figures.f1), areas[0], areas[1]});
    }
    return table;
}

std::string strata_rows(const SampleAccuracy& accuracy) {
    if (accuracy.strata.size() < 2) {
        return {};
    }
    std::string table = "\nstratum                    size     units\n";
    for (std::size_t h = 0; h < accuracy.strata.size(); ++h) {
        const DesignStratum& stratum = accuracy.strata[h];
        table += name_cell(stratum.name, stratum_width) +
                 to_right(stratum.size ? with_thousands(std::llround(*stratum.size)) : "NA", 13) +
                 to_right(with_thousands(accuracy.estimates.clusters[h]), 10) +
                 (accuracy.estimates.clusters[h] == 1 ? "  one unit: no standard errors\n" : "\n");
    }
    return table;
}

std::string notes(const SampleAccuracy& accuracy) {
    std::string text = "\n" + with_thousands(accuracy.units) + " reference units";
    if (accuracy.clusters != accuracy.units) {
        text += " in " + with_thousands(accuracy.clusters) + " clusters";
    }
    if (accuracy.matrix.total() != accuracy.units) {
        text += ", " + with_thousands(accuracy.matrix.total()) + " pixels";
    }
    text += "; +- is half of the 95 % interval (1.96 standard errors or more)";
    const auto left_out = [&](std::int64_t count, const char* why) {
        text += count == 0 ? "" : "\nleft out: " + with_thousands(count) + " units " + why;
    };
    left_out(accuracy.outside, "outside the map");
    left_out(accuracy.unlabelled, "without a class");
    left_out(accuracy.dropped, "of classes that the class map drops");
    text += accuracy.checked_against.empty() ? "\nnot checked against training samples (--samples)"
                                             : "\nno unit lies on a pixel of " + accuracy.checked_against;
    return text;
}

} // namespace

std::string to_table(const SampleAccuracy& accuracy) {
    const DesignFigure& overall = accuracy.estimates.overall_accuracy;
    std::string table =
        "design             " + to_string(accuracy.design) + ", strata: " + accuracy.strata_source + "\n";
    table += "overall accuracy   " + with_margin(overall);
    table += overall.se ? ", standard error " + fixed_digits(*overall.se, 4) + "\n\n" : "\n\n";
    return table + class_rows(accuracy) + strata_rows(accuracy) + notes(accuracy);
}

} // namespace lcclass
