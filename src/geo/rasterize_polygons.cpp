#include "geo/label_strips.h"
#include "geo/rasterize_common.h"
#include "lcclass/core/error.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/text.h"
#include "lcclass/geo/raster_file.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lcclass {

namespace {

[[noreturn]] void refuse(const std::string& where, std::string field, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = where, .field = std::move(field), .problem = std::move(problem), .fix = std::move(fix)});
}

/// Pixels per polygon after all overlaps are decided.
struct StripCounts {
    std::vector<std::int64_t> pixels; ///< by polygon_id - 1
    std::int64_t conflicting = 0;
    std::int64_t same_class = 0;
    std::optional<LabelConflict> first_conflict;
};

StripCounts count_strips(const LabelFeatures& labels, OverlapPolicy policy, const GridSpec& grid, Progress& progress) {
    StripCounts counts;
    counts.pixels.resize(labels.features.size(), 0);
    const PixelFrame frame{.width = static_cast<std::int32_t>(grid.width),
                           .height = static_cast<std::int32_t>(grid.height)};
    LabelStrips strips(labels, policy, frame);
    LabelStrip strip;
    progress.begin("burn polygons", grid.n_pixels());
    for (const Window& window : label_strips(grid)) {
        throw_if_stopped();
        strips.resolve(static_cast<std::int32_t>(window.y), static_cast<std::int32_t>(window.height), strip);
        for (std::size_t i = 0; i < strip.owner.size(); ++i) {
            if (strip.owner[i] > 0) {
                ++counts.pixels[static_cast<std::size_t>(strip.owner[i] - 1)];
            }
            counts.conflicting += (strip.shared[i] & 1U) != 0 ? 1 : 0;
            counts.same_class += (strip.shared[i] & 2U) != 0 ? 1 : 0;
        }
        progress.advance(window.n_pixels());
    }
    progress.end();
    counts.first_conflict = strips.first_conflict();
    return counts;
}

void require_agreement(const LabelFeatures& labels, const StripCounts& counts, OverlapPolicy policy) {
    if (policy != OverlapPolicy::error || !counts.first_conflict) {
        return;
    }
    const LabelConflict& at = *counts.first_conflict;
    refuse(labels.where, "overlap=error",
           with_thousands(counts.conflicting) + " pixels lie in polygons of different classes, first FID " +
               std::to_string(at.fid_a) + " (class " + std::to_string(at.class_a) + ") and FID " +
               std::to_string(at.fid_b) + " (class " + std::to_string(at.class_b) + ") at column " +
               std::to_string(at.col) + ", row " + std::to_string(at.row),
           "mend the polygons, or use --overlap drop, first or last");
}

/// Marks features that lost all their pixels to others and fills the account.
LabelAccounting make_account(LabelFeatures& labels, const StripCounts& counts) {
    LabelAccounting account;
    account.features = static_cast<std::int64_t>(labels.features.size());
    account.conflicting_pixels = counts.conflicting;
    account.notes = labels.notes;
    for (const LandCoverClass& entry : labels.legend.classes()) {
        account.classes.push_back({.class_code = entry.code});
    }
    for (std::size_t i = 0; i < labels.features.size(); ++i) {
        LabelFeature& feature = labels.features[i];
        if (feature.skip == SkipReason::none && counts.pixels[i] == 0) {
            feature.skip = SkipReason::covered;
        }
        const bool burned = feature.skip == SkipReason::none;
        account.burned += burned ? 1 : 0;
        account.clipped += burned && feature.clipped ? 1 : 0;
        if (!burned) {
            ++account.skipped[to_string(feature.skip)];
        }
        if (const auto index = labels.legend.index_of(feature.class_code)) {
            LabelAccounting::ClassCount& count = account.classes[static_cast<std::size_t>(*index)];
            count.polygons += burned ? 1 : 0;
            count.pixels += counts.pixels[i];
            count.without_pixel += burned ? 0 : 1;
            count.clipped += burned && feature.clipped ? 1 : 0;
        }
    }
    if (counts.same_class > 0) {
        account.notes.push_back(with_thousands(counts.same_class) +
                                " pixels lie in several polygons of the same class; the first polygon keeps them");
    }
    return account;
}

std::string describe_skipped(const LabelAccounting& account) {
    std::vector<std::string> parts;
    for (const auto& [reason, count] : account.skipped) {
        parts.push_back(with_thousands(count) + " " + reason);
    }
    return join(parts, ", ");
}

void require_inside(const LabelFeatures& labels, const GridSpec& grid) {
    bool any_outside = false;
    Bounds all{0, 0, 0, 0};
    for (const LabelFeature& feature : labels.features) {
        if (feature.skip == SkipReason::outside) {
            const Bounds& b = feature.bounds;
            all = any_outside ? Bounds{std::min(all.min_x, b.min_x), std::min(all.min_y, b.min_y),
                                       std::max(all.max_x, b.max_x), std::max(all.max_y, b.max_y)}
                              : b;
            any_outside = true;
        } else if (std::isfinite(feature.bounds.min_x) && std::isfinite(feature.bounds.max_x)) {
            return; // has a place on the grid; what has no class or geometry lies at infinity
        }
    }
    if (any_outside) {
        refuse(labels.where, "extent=" + describe(all),
               "no polygon meets the grid, extent " + describe(grid.bounds()) + " in " + crs_label(grid.crs_wkt),
               "check the reference systems and the area of both");
    }
}

/// Throws unless every class has a pixel.
void require_pixels(const LabelFeatures& labels, const LabelAccounting& account, const GridSpec& grid) {
    if (account.burned == 0) {
        require_inside(labels, grid);
        refuse(labels.where, {}, "no feature gave a pixel: " + describe_skipped(account),
               "check class field, geometries and pixel size");
    }
    for (const LabelAccounting::ClassCount& count : account.classes) {
        if (count.pixels == 0) {
            const auto index = labels.legend.index_of(count.class_code);
            refuse(labels.where, "class=" + labels.legend.at(*index).name,
                   "none of its " + with_thousands(count.without_pixel) +
                       " polygons gave a pixel (all features: " + describe_skipped(account) + ")",
                   "erode less, use --all-touched or finer pixels, or leave the class out with a class map");
        }
    }
}

std::vector<std::string> groups_of(const LabelFeatures& labels) {
    std::vector<std::string> groups;
    if (labels.groups.empty()) {
        return groups;
    }
    groups.reserve(labels.features.size());
    for (const LabelFeature& feature : labels.features) {
        groups.push_back(labels.groups[static_cast<std::size_t>(feature.group)]);
    }
    return groups;
}

} // namespace

RasterizeResult rasterize_polygons(const RasterizeOptions& options, const GridSpec& grid,
                                   const std::filesystem::path& output, Progress& progress) {
    LabelFeatures labels = read_label_features(options, grid, progress);
    const StripCounts counts = count_strips(labels, options.overlap, grid, progress);
    require_agreement(labels, counts, options.overlap);
    RasterizeResult result;
    result.accounting = make_account(labels, counts);
    require_pixels(labels, result.accounting, grid);
    result.info = {.legend = labels.legend, .polygon_group = groups_of(labels)};

    const PixelFrame frame{.width = static_cast<std::int32_t>(grid.width),
                           .height = static_cast<std::int32_t>(grid.height)};
    LabelStrips strips(labels, options.overlap, frame);
    LabelStrip strip;
    write_labels(
        output, grid, result, options.overwrite, progress,
        [&](const Window& window, std::span<float> class_code, std::span<float> polygon_id) {
            strips.resolve(static_cast<std::int32_t>(window.y), static_cast<std::int32_t>(window.height), strip);
            for (std::size_t i = 0; i < strip.owner.size(); ++i) {
                const std::int32_t owner = strip.owner[i];
                polygon_id[i] = static_cast<float>(owner);
                class_code[i] =
                    owner == 0 ? 0.0F
                               : static_cast<float>(labels.features[static_cast<std::size_t>(owner - 1)].class_code);
            }
        });
    return result;
}

} // namespace lcclass
