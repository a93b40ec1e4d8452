/// Which values of a mask band (scene classes, quality bits, cloud probability) take a pixel out: `--mask NAME=VALUES`.
/// A value; functions are safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lcclass {

/// What `VALUES` lists: whole numbers and ranges, both ends included, and bits counted from 0.
struct MaskRule {
    struct Range {
        double first = 0;
        double last = 0;
        auto operator<=>(const Range&) const = default;
    };
    std::string band;          ///< `SCL`, without a date
    bool keep = false;         ///< `!`: what is listed stays, everything else is masked
    std::vector<Range> ranges; ///< ascending, none twice
    std::uint32_t bits = 0;    ///< any of them
    bool operator==(const MaskRule&) const = default;
};

/// Understands `NAME=VALUE,VALUE,...` and `NAME=!VALUE,...`. A value is a number, a range `40..100`, a bit `bit:3`, or
/// for these bands a name:
/// - `SCL` (Sentinel-2 Level-2A): nodata saturated dark cloud-shadow vegetation not-vegetated water unclassified
///   cloud-medium cloud-high cirrus snow;
/// - `FMASK` (Zhu et al. 2015): clear water shadow snow cloud fill;
/// - `QA_PIXEL` (bits of Landsat Collection 2): fill dilated-cloud cirrus cloud cloud-shadow snow clear water, where
///   clear is neither cloud nor dilated-cloud, but maybe shadow.
/// Throws Error(command_line) naming `option` and the value that cannot be understood.
MaskRule parse_mask_rule(const std::string& text, const std::string& option);

/// The rule as `parse_mask_rule` reads it, with names where there are names, in ascending order.
std::string to_string(const MaskRule& rule);

/// A mask band over a window, and its name for messages: `SCL@2018-05-06`.
struct MaskBand {
    std::string name;
    std::span<const float> values;
};

/// Sets `masked` to 1 where the rule masks and where the band has no value; leaves the rest as it is, so that rules
/// add up. Throws Error(input) naming band and value for what is no class of SCL or FMASK, and for a number that has
/// no bits though the rule asks for some.
void apply(const MaskRule& rule, const MaskBand& band, std::span<std::uint8_t> masked);

} // namespace lcclass
