/// Which polygon owns each pixel, strip of rows by strip of rows, with every overlap decided and counted.
/// A LabelStrips belongs to one thread.
#pragma once

#include "geo/label_features.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lcclass {

/// One strip over the whole width of the grid. `owner` is a polygon_id, 0 for none.
struct LabelStrip {
    std::int32_t first_row = 0;
    std::int32_t n_rows = 0;
    std::vector<std::int32_t> owner;
    std::vector<std::uint8_t> shared; ///< 1 where polygons of different classes meet, 2 where ones of the same do
};

/// The first pixel, by row and column, that two classes claim.
struct LabelConflict {
    std::int64_t row = 0;
    std::int64_t col = 0;
    std::int64_t fid_a = 0;
    std::int64_t fid_b = 0;
    std::int32_t class_a = 0;
    std::int32_t class_b = 0;
};

/// Polygons are laid down in the order of their polygon_id. Where one meets pixels of another class, `first` leaves
/// them (the lower class code wins), `last` takes them (the higher one wins), `drop` takes them from both for good
/// and `error` leaves them. Where it meets its own class, the polygon that came first keeps the pixel.
class LabelStrips {
public:
    /// Keeps a reference to `labels`.
    LabelStrips(const LabelFeatures& labels, OverlapPolicy policy, const PixelFrame& frame);

    /// Requires: strips are asked for from the top down.
    void resolve(std::int32_t first_row, std::int32_t n_rows, LabelStrip& out);
    [[nodiscard]] const std::optional<LabelConflict>& first_conflict() const { return m_conflict; }

private:
    void activate(std::int32_t end_row);
    void lay(std::int32_t polygon, const PixelSpan& span, LabelStrip& out);
    void note_conflict(std::int64_t row, std::int64_t col, std::int32_t owner, std::int32_t polygon);

    const LabelFeatures& m_labels;
    OverlapPolicy m_policy;
    PixelFrame m_frame;
    std::vector<std::int32_t> m_by_first_row; ///< positions of features that have pixels
    std::size_t m_next = 0;
    std::vector<std::int32_t> m_active;    ///< positions, ascending
    std::vector<std::int32_t> m_next_span; ///< per feature
    std::optional<LabelConflict> m_conflict;
};

} // namespace lcclass
