/// What a map holds: pixels per class, the class at single pixels, and a seeded draw of pixels from every class.
/// One call uses all threads; results depend neither on their number nor on the blocks.
#pragma once

#include "lcclass/core/progress.h"
#include "lcclass/core/raster_source.h"

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace lcclass {

/// Pixels per code of the first band of `codes`, where the first band of `map` has a value. The two may be one raster.
/// Requires: the same lattice. Throws: Error(input) for a value that is no whole number.
std::map<std::int32_t, std::int64_t> count_codes(const RasterSource& map, const RasterSource& codes,
                                                 Progress& progress);

/// Code at every one of `pixels` (row * width + column), 0 where there is none. Reads only the blocks they are in.
std::vector<std::int32_t> codes_at(const RasterSource& raster, std::span<const std::int64_t> pixels,
                                   Progress& progress);

struct CodedPixel {
    std::int64_t pixel = 0;
    std::int32_t code = 0;
};

/// The pixels of the first band that have a code, in order. Throws: Error(input) when there are more than `limit`.
std::vector<CodedPixel> coded_pixels(const RasterSource& raster, std::int64_t limit, Progress& progress);

struct DrawnPixel {
    std::int64_t pixel = 0;
    std::int32_t code = 0;
    std::uint64_t key = 0; ///< random; the smallest of a class were drawn
};

/// A simple random sample without replacement of `per_code[code]` pixels of every code, or all where there are fewer,
/// by key: pixels of all codes in random order. `excluded` (sorted) are not drawn.
std::vector<DrawnPixel> draw_pixels(const RasterSource& map, const std::map<std::int32_t, std::int64_t>& per_code,
                                    std::span<const std::int64_t> excluded, std::uint64_t seed, Progress& progress);

} // namespace lcclass
