/// The text of a feature taken apart: names, functions that look around a pixel, and the arithmetic between them.
/// Values; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lcclass {

/// One of three: a name (`B04`, `NDVI@p10`), a call (`FOCAL_MEAN(B08,7)`), or arithmetic over parts that are.
struct FeatureExpression {
    enum class Kind { name, call, arithmetic };
    Kind kind = Kind::name;
    std::string name;                     ///< of the band, index or function; empty for arithmetic
    std::string when;                     ///< what follows the `@` of a name or call: a date, a statistic, or nothing
    std::vector<FeatureExpression> parts; ///< the argument of a call that is an expression, or what arithmetic is over
    std::vector<double> numbers;          ///< the arguments of a call that follow it
    std::string arithmetic;               ///< over v0, v1, ..., one per part

    /// The text in one way of writing, without spaces: equal expressions have equal texts.
    [[nodiscard]] std::string text() const;
};

/// The functions that make a feature of a band and its surroundings: `FOCAL_MEAN`, `GLCM_CONTRAST`, `SLOPE`, ...
const std::vector<std::string>& neighbourhood_functions();

/// Throws Error(configuration) naming the text and what cannot be understood in it.
FeatureExpression parse_feature(std::string_view text);

/// `a,FOCAL_MEAN(b,7),c` at the commas that are in no parentheses; `NAME=...` is kept whole.
std::vector<std::string> split_features(std::string_view text);

} // namespace lcclass
