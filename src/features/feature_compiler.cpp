#include "features/feature_compiler.h"

#include "features/feature_call.h"
#include "features/feature_steps.h"
#include "features/recipe_walk.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace lcclass {

namespace {

std::vector<Acquisition> dates_of(const std::vector<std::string>& band_names) {
    return AvailableBands(band_names).dates();
}

std::vector<Date> days_of(const std::vector<Acquisition>& acquisitions) {
    std::vector<Date> days;
    std::ranges::transform(acquisitions, std::back_inserter(days), &Acquisition::date);
    return days;
}

/// What tells a plane from all others.
std::string key_of(const FeatureExpression& expression, std::optional<Acquisition> scope) {
    return expression.text() + (scope ? " on " + to_string(*scope) : "");
}

/// Formulas of a broken file may refer to themselves.
class DepthGuard {
public:
    DepthGuard(int& depth, const std::string& feature) : m_depth(depth) {
        constexpr int deepest = 200;
        if (++m_depth > deepest) {
            throw Error(ExitCode::input, {.where = "recipe",
                                          .field = feature,
                                          .problem = "is defined by itself",
                                          .fix = "make the file again with lcclass stack"});
        }
    }
    ~DepthGuard() { --m_depth; }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;

private:
    int& m_depth;
};

std::string list_key(const std::vector<int>& planes) {
    std::string key;
    for (const int plane : planes) {
        key += " " + std::to_string(plane);
    }
    return key;
}

} // namespace

FeatureCompiler::FeatureCompiler(const FeatureRecipe& recipe, const RasterSource& bands)
    : m_recipe(recipe), m_band_names(band_names(bands)), m_definitions(recipe.definitions),
      m_roles(recipe, recipe.dates.empty() ? std::vector<Acquisition>() : dates_of(m_band_names)),
      m_n_planes(static_cast<int>(m_band_names.size())) {
    const AvailableBands available(m_band_names);
    if (recipe.dates.empty() && available.dates().size() == 1) {
        m_only_date = available.dates().front();
    }
    for (const FeatureRecipe::Band& band : recipe.bands) {
        if (!available.holds(band.spec.name)) {
            throw Error(ExitCode::input, {.where = "scene",
                                          .field = "band=" + band.spec.name,
                                          .problem = "is missing" + did_you_mean(band.spec.name, m_band_names),
                                          .fix = "bands there are: " + join(available.names(), " ")});
        }
    }
}

std::optional<std::size_t> FeatureCompiler::band_of(int plane) const {
    const auto band = static_cast<std::size_t>(plane);
    return band < m_band_names.size() ? std::optional(band) : std::nullopt;
}

std::optional<int> FeatureCompiler::compile(const std::string& formula) {
    return compile(expression_of(m_recipe, formula), std::nullopt);
}

std::optional<int> FeatureCompiler::compile(const FeatureExpression& expression, Scope scope) {
    const std::string key = key_of(expression, scope);
    const DepthGuard guard(m_depth, key);
    if (const auto known = m_planes.find(key); known != m_planes.end()) {
        return known->second;
    }
    std::optional<int> plane;
    if (!expression.when.empty()) {
        plane = compile_when(expression);
    } else if (expression.kind == FeatureExpression::Kind::name) {
        plane = compile_name(expression.name, scope);
    } else if (expression.kind == FeatureExpression::Kind::call) {
        plane = compile_call(expression, scope);
    } else if (const auto inputs = compile_all(expression.parts, scope)) {
        std::vector<std::string> names;
        for (const FeatureExpression& part : expression.parts) {
            names.push_back(part.text());
        }
        plane = add_step(std::make_unique<ArithmeticStep>(Arithmetic(expression.arithmetic, names, expression.text())),
                         *inputs);
    }
    if (plane) {
        m_planes.emplace(key, *plane);
    }
    return plane;
}

std::optional<std::vector<int>> FeatureCompiler::compile_all(const std::vector<FeatureExpression>& expressions,
                                                             Scope scope) {
    std::vector<int> planes;
    for (const FeatureExpression& expression : expressions) {
        const auto plane = compile(expression, scope);
        if (plane) {
            planes.push_back(*plane);
        }
    }
    return planes.size() == expressions.size() ? std::optional(planes) : std::nullopt;
}

std::optional<std::vector<int>> FeatureCompiler::compile_on(const FeatureExpression& expression,
                                                            const std::vector<Acquisition>& dates) {
    std::vector<int> planes;
    for (const Acquisition date : dates) {
        const auto plane = compile(expression, date);
        if (plane) {
            planes.push_back(*plane);
        }
    }
    return planes.size() == dates.size() ? std::optional(planes) : std::nullopt;
}

std::optional<int> FeatureCompiler::compile_when(const FeatureExpression& expression) {
    FeatureExpression undated = expression;
    undated.when.clear();
    const std::string what = undated.text();
    if (const auto date = parse_acquisition(expression.when)) {
        if (!m_recipe.gap_fill) {
            return compile(undated, m_roles.observation_of(*date));
        }
        const auto inputs = compile_on(undated, m_roles.observed());
        if (!inputs) {
            return std::nullopt;
        }
        const Date target = shifted_by_years(date->date, m_roles.years());
        return add_output<GapFillStep>("fill " + what, target, to_string(target), *inputs, [&] {
            return std::make_unique<GapFillStep>(days_of(m_roles.observed()), m_recipe.gap_fill->hold_ends);
        });
    }
    const std::size_t colon = expression.when.find(':');
    const std::string word = expression.when.substr(0, colon);
    const std::string period = colon == std::string::npos ? "all" : expression.when.substr(colon + 1);
    const std::vector<Acquisition> dates = m_roles.observations_in(parse_period(period).value_or(Period{}));
    if (word == "medoid") {
        return compile_medoid(undated, dates);
    }
    const auto inputs = compile_on(undated, dates);
    if (!inputs) {
        return std::nullopt;
    }
    return add_output<TimeStatisticStep>("statistic of " + what + " over " + period,
                                         parse_time_statistic(word).value_or(TimeStatistic{}), word, *inputs,
                                         [&] { return std::make_unique<TimeStatisticStep>(days_of(dates)); });
}

std::optional<int> FeatureCompiler::compile_medoid(const FeatureExpression& expression,
                                                   const std::vector<Acquisition>& dates) {
    std::vector<int> bands;
    for (const FeatureRecipe::Band& band : m_recipe.bands) {
        const auto planes = band.dated ? compile_on({.name = band.spec.name}, dates) : std::vector<int>();
        bands.insert(bands.end(), planes->begin(), planes->end());
    }
    const std::string key = "medoid" + list_key(bands);
    auto chosen = m_planes.find(key);
    if (chosen == m_planes.end()) {
        chosen = m_planes.emplace(key, add_step(std::make_unique<MedoidStep>(days_of(dates)), bands)).first;
    }
    const auto values = compile_on(expression, dates);
    if (!values) {
        return std::nullopt;
    }
    std::vector<int> inputs = {chosen->second};
    inputs.insert(inputs.end(), values->begin(), values->end());
    return add_step(std::make_unique<GatherStep>(days_of(dates)), inputs);
}

std::optional<int> FeatureCompiler::compile_name(const std::string& name, Scope scope) {
    for (const std::string& candidate : {dated_band_name(name, scope ? scope : m_only_date), name}) {
        const auto found = std::find(m_band_names.begin(), m_band_names.end(), candidate);
        if (found != m_band_names.end()) {
            return static_cast<int>(found - m_band_names.begin());
        }
    }
    if (const FeatureExpression* definition = m_definitions.find(name)) {
        return compile(*definition, scope);
    }
    const auto number = component_number(name);
    if (number && m_recipe.components && *number <= m_recipe.components->n_components) {
        return compile_component(*number);
    }
    throw Error(ExitCode::input, {.where = "scene",
                                  .field = "band=" + dated_band_name(name, scope),
                                  .problem = "is missing" + did_you_mean(name, m_band_names),
                                  .fix = "bands there are: " + join(m_band_names, " ")});
}

std::optional<int> FeatureCompiler::compile_component(int number) {
    std::vector<FeatureExpression> inputs;
    for (const std::string& input : m_recipe.components->inputs) {
        inputs.push_back(expression_of(m_recipe, input));
    }
    const auto planes = compile_all(inputs, std::nullopt);
    if (!planes) {
        return std::nullopt;
    }
    if (m_recipe.components->mean.empty()) {
        request(FitRequest::Kind::components, "", *planes);
        return std::nullopt;
    }
    return add_output<ComponentStep>("components", number, std::to_string(number), *planes,
                                     [&] { return std::make_unique<ComponentStep>(*m_recipe.components); });
}

std::optional<int> FeatureCompiler::compile_call(const FeatureExpression& call, Scope scope) {
    const auto inputs = compile_all(call.parts, scope);
    if (!inputs) {
        return std::nullopt;
    }
    const std::string of = call.parts.front().text();
    const FeatureCall parameters = read_call(call);
    if (const auto* focal = std::get_if<FocalCall>(&parameters)) {
        return add_step(std::make_unique<FocalStep>(focal->statistic, focal->size), *inputs);
    }
    if (const auto* terrain = std::get_if<TerrainCall>(&parameters)) {
        const TerrainScale scale{.pixel_width = m_recipe.pixel_width * m_recipe.metres_per_unit,
                                 .pixel_height = m_recipe.pixel_height * m_recipe.metres_per_unit};
        return add_step(std::make_unique<TerrainStep>(terrain->kind, scale), *inputs);
    }
    if (std::holds_alternative<StandardizeCall>(parameters)) {
        const auto standard = fitted(FitRequest::Kind::standard, of, inputs->front());
        return standard ? std::optional(
                              add_step(std::make_unique<StandardizeStep>(standard->first, standard->second), *inputs))
                        : std::nullopt;
    }
    auto texture = std::get<TextureCall>(parameters);
    if (!texture.has_range) {
        const auto range = fitted(FitRequest::Kind::range, of, inputs->front());
        if (!range) {
            return std::nullopt;
        }
        texture.options.low = range->first;
        texture.options.high = range->second;
    }
    const TextureOptions& options = texture.options;
    std::string family = "texture" + list_key(*inputs);
    for (const double number : {static_cast<double>(options.size), static_cast<double>(options.levels), options.low,
                                options.high, static_cast<double>(options.distance)}) {
        family += "," + format_number(number);
    }
    return add_output<TextureStep>(family, texture.statistic, call.name, *inputs,
                                   [&] { return std::make_unique<TextureStep>(texture.options); });
}

std::optional<FeatureRecipe::Fitted> FeatureCompiler::fitted(FitRequest::Kind kind, const std::string& key, int plane) {
    const auto& known = kind == FitRequest::Kind::range ? m_recipe.ranges : m_recipe.standards;
    if (const auto found = known.find(key); found != known.end()) {
        return found->second;
    }
    request(kind, key, {plane});
    return std::nullopt;
}

void FeatureCompiler::request(FitRequest::Kind kind, const std::string& key, const std::vector<int>& planes) {
    const auto same = std::find_if(m_requests.begin(), m_requests.end(),
                                   [&](const FitRequest& other) { return other.kind == kind && other.key == key; });
    if (same == m_requests.end()) {
        m_requests.push_back({.kind = kind, .key = key, .planes = planes});
    } else if (kind != FitRequest::Kind::components) { // the same band on another date
        same->planes.insert(same->planes.end(), planes.begin(), planes.end());
    }
}

int FeatureCompiler::add_step(std::unique_ptr<FeatureStep> step, std::vector<int> inputs) {
    m_instructions.push_back({.step = std::move(step), .inputs = std::move(inputs), .outputs = {m_n_planes}});
    return m_n_planes++;
}

template <class Step, class Output, class Make>
int FeatureCompiler::add_output(const std::string& family, const Output& output, const std::string& word,
                                std::vector<int> inputs, Make make) {
    const std::string key = family + ": " + word;
    if (const auto known = m_planes.find(key); known != m_planes.end()) {
        return known->second;
    }
    const auto [instruction, is_new] = m_families.emplace(family, m_instructions.size());
    if (is_new) {
        m_instructions.push_back({.step = make(), .inputs = std::move(inputs), .outputs = {}});
    }
    FeatureProgram::Instruction& shared = m_instructions[instruction->second];
    static_cast<Step&>(*shared.step).add(output);
    shared.outputs.push_back(m_n_planes);
    m_planes.emplace(key, m_n_planes);
    return m_n_planes++;
}

FeatureProgram FeatureCompiler::finish(std::vector<int> results) {
    return {static_cast<int>(m_band_names.size()), m_n_planes, std::move(m_instructions), std::move(results)};
}

} // namespace lcclass
