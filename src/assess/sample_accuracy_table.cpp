#include "lcclass/assess/sample_accuracy.h"
#include "lcclass/core/text.h"

#include <array>
#include <cmath>
#include <cstdio>

// What `assess` says of a sample, for people.

namespace lcclass {

namespace {

constexpr std::size_t line_length = 160;

template <class... Values>
std::string formatted(const char* format, Values... values) {
    std::array<char, line_length> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

/// `0.880 +-0.074`
std::string with_margin(const DesignFigure& figure) {
    if (!figure.value) {
        return "NA";
    }
    return formatted("%.3f ", *figure.value) + (figure.margin95 ? formatted("+-%.3f", *figure.margin95) : "+-NA");
}

/// Whole hectares, or with two digits where all of the map is small.
std::string area_text(double area, double of) {
    return of < 1000 ? formatted("%.2f", area) : with_thousands(std::llround(area));
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
    const char* unit = accuracy.pixel_hectares ? "ha" : "%";
    std::string table =
        formatted("%4s %-16s %6s %13s %13s %13s %19s %9s\n", "code", "class", "units", "user's", "producer's", "F1",
                  (std::string("area, ") + unit).c_str(), (std::string("map, ") + unit).c_str());
    for (std::size_t k = 0; k < accuracy.estimates.classes.size(); ++k) {
        const LandCoverClass& entry = accuracy.legend.at(static_cast<int>(k));
        const DesignClassFigures& figures = accuracy.estimates.classes[k];
        const auto areas = area_texts(accuracy, k);
        table += formatted("%4d %-16.16s %6s %13s %13s %13s %19s %9s\n", entry.code, entry.name.c_str(),
                           with_thousands(accuracy.class_units[k]).c_str(), with_margin(figures.users_accuracy).c_str(),
                           with_margin(figures.producers_accuracy).c_str(), with_margin(figures.f1).c_str(),
                           areas[0].c_str(), areas[1].c_str());
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
        table += formatted("%-18.18s %12s %9s%s\n", stratum.name.c_str(),
                           stratum.size ? with_thousands(std::llround(*stratum.size)).c_str() : "NA",
                           with_thousands(accuracy.estimates.clusters[h]).c_str(),
                           accuracy.estimates.clusters[h] == 1 ? "  one unit: no standard errors" : "");
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
    table += overall.se ? formatted(", standard error %.4f\n\n", *overall.se) : "\n\n";
    return table + class_rows(accuracy) + strata_rows(accuracy) + notes(accuracy);
}

} // namespace lcclass
