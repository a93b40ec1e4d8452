/// Which features belong together, by their names: all of one band, of one date, all textures; and their table by band
/// and date.
/// Pure functions; safe from any thread.
#pragma once

#include <string>
#include <vector>

namespace lcclass {

struct FeatureGroup {
    std::string name;          ///< `B08`, `2018-05-06`, `M05`, `median`, `texture`, or the user's
    std::string kind;          ///< `band`, `date`, `month`, `statistic`, `function` or `user`
    std::vector<int> features; ///< positions among the names, ascending
};

/// Groups of two features or more that are not all there are:
/// - band: made of one band or index on whatever date, by whatever statistic or function of surroundings;
/// - date, statistic: with the same text behind their `@`, or behind that of the one band that a function is of;
/// - month: of any date in that month, whatever the year;
/// - function: `texture`, `surroundings`, `terrain`, `components`.
/// Of groups with the same features the first stays. Names that are no feature of ours are in no group.
std::vector<FeatureGroup> groups_by_name(const std::vector<std::string>& names);

/// What a user writes: `visible=B02,B03,B04;texture=GLCM_*`. An item is the name of a feature, or its name without
/// `@` and what is behind it; `*` stands for any text. Throws Error(configuration) naming a group without features or
/// named twice, and an item that no feature has.
std::vector<FeatureGroup> groups_by_user(const std::string& text, const std::vector<std::string>& names);

/// Features by what they are of and when.
struct DateTable {
    std::vector<std::string> features;   ///< names without date, in the order of the names
    std::vector<std::string> dates;      ///< ascending
    std::vector<std::vector<int>> cells; ///< cells[feature][date]: position among the names, -1: none
};

/// The features that are of a single date; empty when these are fewer than two dates.
DateTable features_by_date(const std::vector<std::string>& names);

} // namespace lcclass
