#include "features/feature_call.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/words.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace lcclass {

namespace {

constexpr WordTable<FocalStatistic, 5> focal_words = {{{FocalStatistic::mean, "FOCAL_MEAN"},
                                                       {FocalStatistic::sd, "FOCAL_SD"},
                                                       {FocalStatistic::min, "FOCAL_MIN"},
                                                       {FocalStatistic::max, "FOCAL_MAX"},
                                                       {FocalStatistic::range, "FOCAL_RANGE"}}};
constexpr WordTable<TextureStatistic, 9> texture_words = {{{TextureStatistic::contrast, "GLCM_CONTRAST"},
                                                           {TextureStatistic::dissimilarity, "GLCM_DISSIMILARITY"},
                                                           {TextureStatistic::homogeneity, "GLCM_HOMOGENEITY"},
                                                           {TextureStatistic::asm_, "GLCM_ASM"},
                                                           {TextureStatistic::energy, "GLCM_ENERGY"},
                                                           {TextureStatistic::entropy, "GLCM_ENTROPY"},
                                                           {TextureStatistic::correlation, "GLCM_CORRELATION"},
                                                           {TextureStatistic::mean, "GLCM_MEAN"},
                                                           {TextureStatistic::variance, "GLCM_VARIANCE"}}};
constexpr WordTable<TerrainKind, 5> terrain_words = {{{TerrainKind::slope, "SLOPE"},
                                                      {TerrainKind::aspect, "ASPECT"},
                                                      {TerrainKind::northness, "NORTHNESS"},
                                                      {TerrainKind::eastness, "EASTNESS"},
                                                      {TerrainKind::hillshade, "HILLSHADE"}}};
const char* const standardize_word = "STANDARDIZE";

template <class Enum, std::size_t n>
std::optional<Enum> find_word(const WordTable<Enum, n>& table, const std::string& word) {
    for (const auto& [value, known] : table) {
        if (word == known) {
            return value;
        }
    }
    return std::nullopt;
}

/// The numbers of a call, taken one by one.
class Numbers {
public:
    explicit Numbers(const FeatureExpression& call) : m_call(call) {}

    [[noreturn]] void fail(const std::string& problem, const std::string& fix) const {
        throw Error(ExitCode::configuration,
                    {.where = {}, .field = "feature=" + m_call.text(), .problem = problem, .fix = fix});
    }

    [[nodiscard]] bool has_more() const { return m_next < m_call.numbers.size(); }

    double take() { return m_call.numbers[m_next++]; }

    int take_whole(const std::string& what, int least, int most) {
        const double number = take();
        if (number != std::floor(number) || number < least || number > most) {
            fail(what + " " + format_number(number) + " is no whole number from " + std::to_string(least) + " to " +
                     std::to_string(most),
                 "write one");
        }
        return static_cast<int>(number);
    }

    int take_window(int most) {
        if (!has_more()) {
            fail("does not say the size of its window", "add it in pixels, as in (B08,7)");
        }
        const int size = take_whole("window", 3, most);
        if (size % 2 == 0) {
            fail("window " + std::to_string(size) + " has no pixel in its middle", "take an odd number of pixels");
        }
        return size;
    }

    void require_no_more(const std::string& usage) const {
        if (has_more()) {
            fail("has more numbers than it takes", "write " + usage);
        }
    }

private:
    const FeatureExpression& m_call;
    std::size_t m_next = 0;
};

TextureCall read_texture(TextureStatistic statistic, Numbers numbers) {
    TextureCall result{.statistic = statistic};
    result.options.size = numbers.take_window(largest_texture_size);
    if (numbers.has_more()) {
        result.options.levels = numbers.take_whole("number of levels", 2, largest_texture_levels);
    }
    if (numbers.has_more()) {
        result.options.low = numbers.take();
        result.options.high = numbers.has_more() ? numbers.take() : result.options.low;
        result.has_range = true;
        if (!(result.options.high > result.options.low)) {
            numbers.fail("its range of values is empty", "give low and high, as in (B08,7,32,0,0.5)");
        }
    }
    if (numbers.has_more()) {
        result.options.distance = numbers.take_whole("distance", 1, result.options.size - 1);
    }
    numbers.require_no_more("GLCM_...(BAND,window,levels,low,high,distance)");
    return result;
}

} // namespace

const std::vector<std::string>& neighbourhood_functions() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all = words_of(focal_words);
        for (const auto& more : {words_of(texture_words), words_of(terrain_words)}) {
            all.insert(all.end(), more.begin(), more.end());
        }
        all.emplace_back(standardize_word);
        return all;
    }();
    return names;
}

FeatureCall read_call(const FeatureExpression& call) {
    Numbers numbers(call);
    if (const auto statistic = find_word(focal_words, call.name)) {
        const FocalCall focal{.statistic = *statistic, .size = numbers.take_window(largest_focal_size)};
        numbers.require_no_more(call.name + "(BAND,window)");
        return focal;
    }
    if (const auto statistic = find_word(texture_words, call.name)) {
        return read_texture(*statistic, numbers);
    }
    numbers.require_no_more(call.name + "(BAND)");
    if (const auto kind = find_word(terrain_words, call.name)) {
        return TerrainCall{.kind = *kind};
    }
    return StandardizeCall{};
}

} // namespace lcclass
