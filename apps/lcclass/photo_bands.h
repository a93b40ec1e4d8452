/// Which bands of a stack make a photo.
/// Pure functions; safe from any thread.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace lcclass {

struct PhotoBands {
    std::string id;
    std::string title;
    std::array<int, 3> bands = {}; ///< red, green, blue: positions in the stack
};

/// True colour (B04, B03, B02) and false colour (B08 or B8A, B04, B03) of one image: bands without a date, a composite
/// (`B04@median`), or else the first date that has them. A stack without such bands gets one photo of its first three
/// bands, the third as red, or of its only one in grey. Empty for a stack without bands.
std::vector<PhotoBands> photo_bands(const std::vector<std::string>& names);

} // namespace lcclass
