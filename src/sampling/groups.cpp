#include "sampling/groups.h"

namespace lcclass::sampling {

int GroupTable::main_class(int group) const {
    int best = 0;
    for (int k = 1; k < n_classes; ++k) {
        if (count(group, k) > count(group, best)) {
            best = k;
        }
    }
    return best;
}

std::int64_t GroupTable::groups_with(int class_index) const {
    std::int64_t groups = 0;
    for (int g = 0; g < n_groups; ++g) {
        groups += count(g, class_index) > 0 ? 1 : 0;
    }
    return groups;
}

GroupTable group_table(const SampleTable& samples) {
    std::vector<std::int32_t> number(samples.group_names.size(), -1);
    for (const std::int32_t group : samples.group) {
        number.at(static_cast<std::size_t>(group)) = 0;
    }
    GroupTable table;
    for (std::int32_t& entry : number) {
        entry = entry < 0 ? -1 : table.n_groups++;
    }
    table.n_classes = samples.legend.size();
    const auto n_classes = static_cast<std::size_t>(table.n_classes);
    table.n_samples.resize(static_cast<std::size_t>(table.n_groups) * n_classes);
    table.of_sample.reserve(samples.group.size());
    const std::vector<std::int32_t> class_of = class_positions(samples.class_code, samples.legend);
    for (std::size_t row = 0; row < samples.group.size(); ++row) {
        const std::int32_t group = number[static_cast<std::size_t>(samples.group[row])];
        table.of_sample.push_back(group);
        ++table.n_samples[static_cast<std::size_t>(group) * n_classes + static_cast<std::size_t>(class_of[row])];
    }
    return table;
}

} // namespace lcclass::sampling
