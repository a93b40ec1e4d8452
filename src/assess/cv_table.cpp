#include "assess/cv_figures.h"
#include "assess/tuning_report.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <span>

namespace lcclass {

namespace {

using assess::class_figures;
using assess::overall_figures;

constexpr std::size_t label_width = 20;
constexpr std::size_t polygons_width = 9;
constexpr std::size_t pixels_width = 11;
constexpr std::size_t scheme_width = 20;
constexpr std::size_t schemes_per_table = 3;
constexpr std::size_t line_width = 100;

/// Characters of UTF-8 text: bytes that do not continue one.
std::size_t n_characters(const std::string& text) {
    std::size_t n = 0;
    for (const char c : text) {
        n += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : 1;
    }
    return n;
}

/// `text` in at most `width` characters; a cut is marked with `~`.
std::string shorten(std::string text, std::size_t width) {
    if (n_characters(text) <= width) {
        return text;
    }
    while (n_characters(text) > width - 1) {
        while ((static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
            text.pop_back();
        }
        text.pop_back();
    }
    return text + "~";
}

std::string to_left(const std::string& text, std::size_t width) {
    const std::size_t n = n_characters(text);
    return text + std::string(n < width ? width - n : 0, ' ');
}

std::string to_right(const std::string& text, std::size_t width) {
    const std::size_t n = n_characters(text);
    return std::string(n < width ? width - n : 0, ' ') + text;
}

std::string three_digits(const std::optional<double>& value) {
    if (!value) {
        return "NA";
    }
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.3f", *value);
    std::string text = buffer.data();
    if (const auto comma = text.find(','); comma != std::string::npos) {
        text[comma] = '.'; // a locale that was set outside must not show
    }
    return text == "-0.000" ? "0.000" : text;
}

std::string with_spread(const FoldSpread& spread) {
    return spread.sd ? three_digits(spread.mean) + " +- " + three_digits(spread.sd) : three_digits(spread.mean);
}

using Schemes = std::span<const CrossValidation>;

/// One row: a label, and a cell per scheme made by `cell(cv)`.
template <class Cell>
std::string row_of(const std::string& label, Schemes schemes, Cell&& cell) {
    std::string line = to_left(label, label_width);
    for (const CrossValidation& cv : schemes) {
        line += to_right(cell(cv), scheme_width);
    }
    return line + "\n";
}

/// Rows that only some runs have: samples left out of training, and the match of distances.
std::string distance_rows(Schemes schemes) {
    const auto left_out = [](const CrossValidation& cv) {
        std::int64_t sum = 0;
        for (const FoldResult& fold : cv.folds) {
            sum += fold.n_excluded;
        }
        return sum;
    };
    std::string text;
    if (std::any_of(schemes.begin(), schemes.end(), [&](const auto& cv) { return left_out(cv) > 0; })) {
        text += row_of("left out per fold", schemes, [&](const CrossValidation& cv) {
            return with_thousands(left_out(cv) / std::max<std::int64_t>(1, std::ssize(cv.folds)));
        });
    }
    if (std::any_of(schemes.begin(), schemes.end(), [](const auto& cv) { return cv.match.has_value(); })) {
        text += row_of("W of distances, m", schemes, [](const CrossValidation& cv) {
            return cv.match ? with_thousands(std::llround(cv.match->w_m)) : std::string("-");
        });
    }
    return text;
}

std::string overall_table(Schemes schemes) {
    std::string text = row_of("", schemes, [](const CrossValidation& cv) { return to_string(cv.scheme); });
    for (const auto& figure : overall_figures) {
        text += row_of(figure.label, schemes, [&](const CrossValidation& cv) {
            return with_spread(assess::spread_of_overall(cv, &FoldResult::test, figure));
        });
    }
    text += row_of("folds", schemes, [](const CrossValidation& cv) { return std::to_string(cv.folds.size()); });
    text += row_of("blocks", schemes, [](const CrossValidation& cv) {
        const std::string side =
            cv.record.block_size_m > 0 ? " of " + format_number(cv.record.block_size_m) + " m" : std::string();
        return cv.n_blocks > 0 ? with_thousands(cv.n_blocks) + side : "-";
    });
    text += row_of("polygons", schemes, [](const CrossValidation& cv) { return with_thousands(cv.n_polygons); });
    text +=
        row_of("pixels", schemes, [](const CrossValidation& cv) { return with_thousands(std::ssize(cv.predicted)); });
    return text + distance_rows(schemes);
}

std::string class_table(Schemes schemes, const ClassLegend& legend) {
    const std::string indent(label_width + polygons_width + pixels_width, ' ');
    std::string names = indent;
    std::string heads =
        to_left("class", label_width) + to_right("polygons", polygons_width) + to_right("pixels", pixels_width);
    for (const CrossValidation& cv : schemes) {
        names += to_right(to_string(cv.scheme), scheme_width);
        heads += to_right("prec.  rec.    F1", scheme_width);
    }
    std::string text = names + "\n" + heads + "\n";
    const CrossValidation& first = schemes.front();
    for (std::size_t k = 0; k < first.classes.size(); ++k) {
        const ClassCount& entry = first.classes[k];
        const std::string name = escape_control(assess::class_name(legend, entry.class_code));
        text += to_left(shorten(name, label_width - 1), label_width) +
                to_right(with_thousands(entry.polygons), polygons_width) +
                to_right(with_thousands(entry.pixels), pixels_width);
        for (const CrossValidation& cv : schemes) {
            std::string cell;
            for (const auto& figure : class_figures) {
                cell += to_right(three_digits(cv.pooled.per_class.at(k).*figure.value), 6);
            }
            text += to_right(cell, scheme_width);
        }
        text += "\n";
    }
    return text;
}

/// Breaks `text` at spaces into lines of at most `line_width` characters.
std::string wrap(const std::string& text) {
    std::string result;
    std::size_t used = 0;
    for (const std::string& word : split(text, ' ')) {
        if (used > 0) {
            const bool fits = used + 1 + word.size() <= line_width;
            result += fits ? " " : "\n";
            used = fits ? used + 1 : 0;
        }
        result += word;
        used += word.size();
    }
    return result + "\n";
}

/// What the gap between random and spatial folds means; empty unless both were run.
std::string gap_sentence(const std::vector<CrossValidation>& schemes) {
    const auto& figure = overall_figures[2];
    const auto gap = assess::optimism_of(schemes, figure);
    if (!gap) {
        return {};
    }
    const auto of_scheme = [&](FoldScheme scheme) {
        return assess::spread_of_overall(*assess::find_scheme(schemes, scheme), &FoldResult::test, figure);
    };
    const FoldSpread spatial = of_scheme(FoldScheme::spatial_block);
    const std::string figures = "The weighted F1 is " + three_digits(of_scheme(FoldScheme::random).mean) +
                                " on random folds and " + three_digits(spatial.mean) + " on spatial blocks: ";
    if (*gap < 0.0005) {
        return wrap(figures + "no sign here that neighbours of the test pixels in training flatter the random figure.");
    }
    const std::string size = "a gap of " + three_digits(gap);
    if (spatial.sd && *gap < *spatial.sd) {
        return wrap(figures + size + ", within the spread over folds (" + three_digits(spatial.sd) +
                    "), so hardly a sign that neighbours of the test pixels in training flatter the random figure.");
    }
    return wrap(figures + size +
                ", as arises when test pixels have neighbours in training. Expect the spatial figure where the map "
                "shows land without samples.");
}

std::string without_trailing_spaces(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') {
            result.erase(result.find_last_not_of(' ') + 1);
        }
        result += c;
    }
    return result;
}

} // namespace

std::string to_table(const std::vector<CrossValidation>& schemes, const ClassLegend& legend) {
    std::string overall = "Accuracy on the test folds: mean +- standard deviation over folds\n";
    std::string by_class = "\nPer class, all test folds pooled: precision (user's accuracy), recall (producer's), F1\n";
    for (std::size_t from = 0; from < schemes.size(); from += schemes_per_table) {
        const auto part = Schemes(schemes).subspan(from, std::min(schemes_per_table, schemes.size() - from));
        overall.append(from == 0 ? "" : "\n").append(overall_table(part));
        by_class.append(from == 0 ? "" : "\n").append(class_table(part, legend));
    }
    const std::string gap = gap_sentence(schemes);
    return without_trailing_spaces(
        overall.append(by_class).append(assess::tuning_table(schemes)).append(gap.empty() ? "" : "\n").append(gap));
}

} // namespace lcclass
