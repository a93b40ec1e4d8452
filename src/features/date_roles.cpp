#include "features/date_roles.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace lcclass {

namespace {

constexpr int largest_shift_days = 30; ///< of a date within its year

std::string list_of(const std::vector<Acquisition>& dates) {
    std::vector<std::string> texts;
    std::ranges::transform(dates, std::back_inserter(texts), [](Acquisition date) { return to_string(date); });
    return texts.empty() ? "none" : join(texts, " ");
}

double mean_day(const std::vector<Acquisition>& dates) {
    const double sum = std::accumulate(dates.begin(), dates.end(), 0.0, [](double total, Acquisition date) {
        return total + static_cast<double>(date.date.days);
    });
    return sum / static_cast<double>(dates.size());
}

[[noreturn]] void refuse(const std::string& problem, const std::string& fix) {
    throw Error(ExitCode::model, {.where = {}, .field = "dates", .problem = problem, .fix = fix});
}

Date moved(Date date, int years) {
    const bool is_open = date.days == std::numeric_limits<int>::min() || date.days == std::numeric_limits<int>::max();
    return is_open ? date : shifted_by_years(date, years);
}

} // namespace

DateRoles::DateRoles(const FeatureRecipe& recipe, std::vector<Acquisition> observed)
    : m_of_recipe(recipe.dates), m_observed(std::move(observed)) {
    if (m_of_recipe.empty() || m_of_recipe == m_observed) {
        return;
    }
    if (m_observed.empty()) {
        refuse("the scene has none, and the features are made of " + list_of(m_of_recipe),
               "name scenes of several dates");
    }
    constexpr double days_per_year = 365.25;
    m_years = static_cast<int>(std::lround((mean_day(m_observed) - mean_day(m_of_recipe)) / days_per_year));
}

void DateRoles::require_same_seasons() const {
    if (m_observed.size() != m_of_recipe.size()) {
        refuse("there are " + std::to_string(m_observed.size()) + " (" + list_of(m_observed) +
                   "), and the features are made of " + std::to_string(m_of_recipe.size()) + ": " +
                   list_of(m_of_recipe),
               "name as many scenes, of the same times of the year");
    }
    for (std::size_t i = 0; i < m_observed.size(); ++i) {
        const Date wanted = shifted_by_years(m_of_recipe[i].date, m_years);
        if (std::abs(m_observed[i].date.days - wanted.days) > largest_shift_days) {
            refuse(to_string(m_observed[i]) + " would take the part of " + to_string(m_of_recipe[i]) + ", more than " +
                       std::to_string(largest_shift_days) + " days off in the year",
                   "name scenes of the same times of the year");
        }
    }
}

Acquisition DateRoles::observation_of(Acquisition of_recipe) const {
    const auto found = std::lower_bound(m_of_recipe.begin(), m_of_recipe.end(), of_recipe);
    if (found == m_of_recipe.end() || *found != of_recipe) {
        throw Error(ExitCode::configuration, {.where = {},
                                              .field = "features=...@" + to_string(of_recipe),
                                              .problem = "no scene is of that day",
                                              .fix = "dates there are: " + list_of(m_of_recipe)});
    }
    if (m_of_recipe != m_observed) {
        require_same_seasons();
    }
    return m_observed[static_cast<std::size_t>(found - m_of_recipe.begin())];
}

std::vector<Acquisition> DateRoles::observations_in(const Period& of_recipe) const {
    Period period = of_recipe;
    period.first = moved(period.first, m_years);
    period.last = moved(period.last, m_years);
    std::vector<Acquisition> dates;
    std::copy_if(m_observed.begin(), m_observed.end(), std::back_inserter(dates),
                 [&](Acquisition date) { return period.contains(date.date); });
    if (dates.empty()) {
        refuse("no scene is of the period " + of_recipe.text +
                   (m_years == 0 ? "" : ", moved by " + std::to_string(m_years) + " years"),
               "dates there are: " + list_of(m_observed));
    }
    return dates;
}

} // namespace lcclass
