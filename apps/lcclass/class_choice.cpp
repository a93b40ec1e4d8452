#include "class_choice.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lcclass {

int find_class(const ClassLegend& legend, const std::string& word) {
    const std::optional<std::int64_t> number = parse_int(word);
    std::optional<int> found;
    if (number && *number > 0 && *number <= largest_class_code) {
        found = legend.index_of(static_cast<std::int32_t>(*number));
    }
    if (const std::optional<std::int32_t> code = legend.code_of(word); !found && code) {
        found = legend.index_of(*code);
    }
    if (found) {
        return *found;
    }
    std::vector<std::string> names;
    std::vector<std::string> labels;
    for (const LandCoverClass& entry : legend.classes()) {
        names.push_back(entry.name);
        labels.push_back(class_label(entry));
    }
    throw Error(ExitCode::command_line, {.where = {},
                                         .field = "--class=" + word,
                                         .problem = "is not a class of the model" + did_you_mean(word, names),
                                         .fix = "give the code or name of one: " + join(labels, ", ")});
}

std::string class_label(const LandCoverClass& entry) {
    return entry.name + " (" + std::to_string(entry.code) + ")";
}

} // namespace lcclass
