#include "report/map_part.h"

namespace lcclass::report {

MapPart map_part(const MapView& /*view*/) {
    return {};
}

std::vector<PictureFile> map_pictures(const MapView& /*view*/) {
    return {};
}

} // namespace lcclass::report
