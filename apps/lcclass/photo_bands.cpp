#include "photo_bands.h"

#include <algorithm>
#include <optional>

namespace lcclass {

namespace {

using Triple = std::array<std::string, 3>;

std::optional<std::array<int, 3>> positions_of(const Triple& wanted, const std::string& image,
                                               const std::vector<std::string>& names) {
    std::array<int, 3> positions = {};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto at = std::ranges::find(names, wanted[i] + image);
        if (at == names.end()) {
            return std::nullopt;
        }
        positions[i] = static_cast<int>(at - names.begin());
    }
    return positions;
}

/// 0: one image; then composites; then single dates. Nothing for spreads, counts and the like, which are no image.
std::optional<int> rank_of(const std::string& image) {
    if (image.empty()) {
        return 0;
    }
    int rank = 1;
    for (const char* statistic : {"@median", "@medoid", "@p50", "@mean"}) {
        if (image.starts_with(statistic)) {
            return rank;
        }
        ++rank;
    }
    return image.size() > 1 && image[1] >= '0' && image[1] <= '9' ? std::optional(rank) : std::nullopt;
}

/// What stands from the `@` on in names of bands, the best image first.
std::vector<std::string> images_of(const std::vector<std::string>& names) {
    std::vector<std::string> images;
    for (const std::string& name : names) {
        const std::size_t at = name.find('@');
        const std::string image = at == std::string::npos ? "" : name.substr(at);
        if (rank_of(image) && std::ranges::find(images, image) == images.end()) {
            images.push_back(image);
        }
    }
    std::ranges::stable_sort(images, {}, [](const std::string& image) { return *rank_of(image); });
    return images;
}

std::optional<std::array<int, 3>> first_of(const std::vector<Triple>& triples, const std::vector<std::string>& names) {
    for (const std::string& image : images_of(names)) {
        for (const Triple& triple : triples) {
            if (const auto positions = positions_of(triple, image, names)) {
                return positions;
            }
        }
    }
    return std::nullopt;
}

} // namespace

std::vector<PhotoBands> photo_bands(const std::vector<std::string>& names) {
    std::vector<PhotoBands> photos;
    if (const auto bands = first_of({{"B04", "B03", "B02"}}, names)) {
        photos.push_back({.id = "true-colour", .title = "True colour", .bands = *bands});
    }
    if (const auto bands = first_of({{"B08", "B04", "B03"}, {"B8A", "B04", "B03"}}, names)) {
        photos.push_back({.id = "false-colour", .title = "False colour", .bands = *bands});
    }
    if (photos.empty() && names.size() >= 3) {
        photos.push_back({.id = "bands", .title = "Three bands", .bands = {2, 1, 0}});
    } else if (photos.empty() && !names.empty()) {
        photos.push_back({.id = "bands", .title = "One band", .bands = {0, 0, 0}});
    }
    return photos;
}

} // namespace lcclass
