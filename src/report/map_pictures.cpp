#include "report/map_part.h"

namespace lcclass::report {

std::vector<PictureFile> map_pictures(const MapView& /*view*/) {
    return {};
}

} // namespace lcclass::report
