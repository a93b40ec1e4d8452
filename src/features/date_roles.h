/// Which observations of a scene play the part of the dates that a recipe was made with: a model of one year maps
/// another.
/// A value; const access is safe from any thread.
#pragma once

#include "features/period.h"
#include "lcclass/features/feature_recipe.h"

#include <vector>

namespace lcclass {

class DateRoles {
public:
    /// `observed` ascending. Throws Error(model) when it is empty and the recipe has dates.
    DateRoles(const FeatureRecipe& recipe, std::vector<Acquisition> observed);

    [[nodiscard]] const std::vector<Acquisition>& observed() const { return m_observed; }
    /// Whole years from the recipe's dates to the observed.
    [[nodiscard]] int years() const { return m_years; }
    /// The observation for a date of the recipe: the n-th for the n-th. Throws Error(configuration) naming the date
    /// when the recipe has none of that day; Error(model) when there are too few or too many observations for single
    /// ones to have parts, or one is of another time of the year.
    [[nodiscard]] Acquisition observation_of(Acquisition of_recipe) const;
    /// The observations in a period of the recipe, moved by `years`. Throws Error(model) when there are none.
    [[nodiscard]] std::vector<Acquisition> observations_in(const Period& of_recipe) const;

private:
    void require_same_seasons() const;

    std::vector<Acquisition> m_of_recipe;
    std::vector<Acquisition> m_observed;
    int m_years = 0;
};

} // namespace lcclass
