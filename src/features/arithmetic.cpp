#include "features/arithmetic.h"

#include "lcclass/core/error.h"
#include "lcclass/core/portable_exp.h"
#include "lcclass/core/portable_log.h"
#include "lcclass/core/text.h"

#include <muParser.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace lcclass {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double add(double a, double b) {
    return a + b;
}
double subtract(double a, double b) {
    return a - b;
}
double multiply(double a, double b) {
    return a * b;
}
/// Denominators of indices are sums of reflectances: where they are not positive, there is no index.
double divide(double a, double b) {
    return b > 0 ? a / b : undefined;
}
double natural_logarithm(double a) {
    return a >= std::numeric_limits<double>::min() ? portable_log(a) : undefined;
}
double exponential(double a) {
    return portable_exp(a);
}
double decimal_logarithm(double a) {
    return natural_logarithm(a) / 2.302585092994046;
}
/// Whole exponents multiply, so that B04^2 is B04*B04 to the bit.
double power(double base, double exponent) {
    if (std::isnan(base) || std::isnan(exponent)) {
        return undefined;
    }
    constexpr double most = 64;
    if (exponent == std::floor(exponent) && std::abs(exponent) <= most) {
        double product = 1;
        for (int i = 0; i < static_cast<int>(std::abs(exponent)); ++i) {
            product = i == 0 ? base : product * base;
        }
        return exponent < 0 ? divide(1, product) : product;
    }
    return base > 0 ? portable_exp(exponent * natural_logarithm(base)) : base == 0 && exponent > 0 ? 0 : undefined;
}
double absolute(double a) {
    return std::abs(a);
}
double square_root(double a) {
    return std::sqrt(a);
}
/// What compares with something undefined is undefined.
double unless_undefined(double a, double b, double value) {
    return std::isnan(a) || std::isnan(b) ? undefined : value;
}
double smaller(double a, double b) {
    return unless_undefined(a, b, std::min(a, b));
}
double larger(double a, double b) {
    return unless_undefined(a, b, std::max(a, b));
}
/// The part that is not chosen may be undefined: it is what the condition guards.
double choose(double condition, double if_true, double if_false) {
    return unless_undefined(condition, condition, condition != 0 ? if_true : if_false);
}
double is_less(double a, double b) {
    return unless_undefined(a, b, a < b ? 1 : 0);
}
double is_greater(double a, double b) {
    return unless_undefined(a, b, a > b ? 1 : 0);
}
double is_at_most(double a, double b) {
    return unless_undefined(a, b, a <= b ? 1 : 0);
}
double is_at_least(double a, double b) {
    return unless_undefined(a, b, a >= b ? 1 : 0);
}
double is_equal(double a, double b) {
    return unless_undefined(a, b, a == b ? 1 : 0);
}
double differs(double a, double b) {
    return unless_undefined(a, b, a != b ? 1 : 0);
}
double both(double a, double b) {
    return unless_undefined(a, b, a != 0 && b != 0 ? 1 : 0);
}
double either(double a, double b) {
    return unless_undefined(a, b, a != 0 || b != 0 ? 1 : 0);
}

/// A parser that knows what is above and nothing else: muParser's own division and logarithms give infinities, and the
/// C library's functions have other last digits elsewhere.
void set_up(mu::Parser& parser) {
    parser.EnableBuiltInOprt(false);
    parser.ClearFun();
    parser.ClearConst();
    const std::vector<std::pair<const char*, double (*)(double, double)>> sums = {{"+", add}, {"-", subtract}};
    for (const auto& [sign, function] : sums) {
        parser.DefineOprt(sign, function, mu::prADD_SUB, mu::oaLEFT, true);
    }
    parser.DefineOprt("*", multiply, mu::prMUL_DIV, mu::oaLEFT, true);
    parser.DefineOprt("/", divide, mu::prMUL_DIV, mu::oaLEFT, true);
    parser.DefineOprt("^", power, mu::prPOW, mu::oaRIGHT, true);
    const std::vector<std::pair<const char*, double (*)(double, double)>> comparisons = {
        {"<", is_less}, {">", is_greater}, {"<=", is_at_most}, {">=", is_at_least}, {"==", is_equal}, {"!=", differs}};
    for (const auto& [sign, function] : comparisons) {
        parser.DefineOprt(sign, function, mu::prCMP, mu::oaLEFT, true);
    }
    parser.DefineOprt("&&", both, mu::prLAND, mu::oaLEFT, true);
    parser.DefineOprt("||", either, mu::prLOR, mu::oaLEFT, true);
    parser.DefineFun("abs", absolute);
    parser.DefineFun("exp", exponential);
    parser.DefineFun("ln", natural_logarithm);
    parser.DefineFun("log10", decimal_logarithm);
    parser.DefineFun("sqrt", square_root);
    parser.DefineFun("min", smaller);
    parser.DefineFun("max", larger);
    parser.DefineFun("if", choose);
}

std::string variable(std::size_t i) {
    return "v" + std::to_string(i);
}

void bind(mu::Parser& parser, const std::string& text, std::vector<double>& values) {
    set_up(parser);
    for (std::size_t i = 0; i < values.size(); ++i) {
        parser.DefineVar(variable(i), &values[i]);
    }
    parser.SetExpr(text);
}

/// What muParser objects to, in the user's words: it knows neither the names nor the positions of the text he wrote.
std::string complaint(const mu::ParserError& error, const std::vector<std::string>& inputs) {
    std::string token = error.GetToken();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        token = token == variable(i) ? inputs[i] : token;
    }
    switch (error.GetCode()) {
    case mu::ecUNEXPECTED_EOF:
        return "ends too early";
    case mu::ecMISSING_PARENS:
        return "has a parenthesis that is not closed";
    case mu::ecUNEXPECTED_PARENS:
        return "has a '" + token + "' where none belongs";
    case mu::ecTOO_MANY_PARAMS:
        return "gives " + token + " too many arguments";
    case mu::ecTOO_FEW_PARAMS:
        return "gives " + token + " too few arguments";
    case mu::ecUNASSIGNABLE_TOKEN:
        return "cannot be understood at '" + token + "'";
    default:
        return token.empty() ? "is no formula" : "has a '" + token + "' where none belongs";
    }
}

} // namespace

const std::vector<std::string>& arithmetic_functions() {
    static const std::vector<std::string> names = {"abs", "exp", "if", "ln", "log10", "max", "min", "sqrt"};
    return names;
}

Arithmetic::Arithmetic(std::string text, std::vector<std::string> inputs, const std::string& shown)
    : m_text(std::move(text)), m_n_inputs(inputs.size()) {
    std::vector<double> values(m_n_inputs, 1);
    try {
        mu::Parser parser;
        bind(parser, m_text, values);
        int n_results = 0;
        parser.Eval(n_results);
        if (n_results == 1) {
            return;
        }
    } catch (const mu::ParserError& error) {
        throw Error(ExitCode::configuration, {.where = {},
                                              .field = "formula=" + shown,
                                              .problem = complaint(error, inputs),
                                              .fix = "write it with names, numbers, + - * / ^ ( ), comparisons and " +
                                                     join(arithmetic_functions(), " ")});
    }
    throw Error(ExitCode::configuration, {.where = {},
                                          .field = "formula=" + shown,
                                          .problem = "has a comma outside a function",
                                          .fix = "write one formula"});
}

void Arithmetic::evaluate(std::span<const PlaneView> inputs, const PlaneOut& out) const {
    std::vector<double> values(m_n_inputs);
    std::vector<std::span<const float>> rows(m_n_inputs);
    mu::Parser parser;
    bind(parser, m_text, values);
    for (std::int64_t y = out.window.y; y < out.window.y + out.window.height; ++y) {
        for (std::size_t i = 0; i < m_n_inputs; ++i) {
            rows[i] = inputs[i].row(y).subspan(static_cast<std::size_t>(out.window.x - inputs[i].window.x));
        }
        const auto target = out.row(y);
        for (std::size_t x = 0; x < target.size(); ++x) {
            bool complete = true;
            for (std::size_t i = 0; i < m_n_inputs; ++i) {
                values[i] = static_cast<double>(rows[i][x]);
                complete = complete && !std::isnan(rows[i][x]);
            }
            const float value = complete ? static_cast<float>(parser.Eval()) : std::numeric_limits<float>::quiet_NaN();
            target[x] = std::isfinite(value) ? value : std::numeric_limits<float>::quiet_NaN();
        }
    }
}

} // namespace lcclass
