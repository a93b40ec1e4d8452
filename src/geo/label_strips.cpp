#include "geo/label_strips.h"

#include <algorithm>

namespace lcclass {

namespace {

constexpr std::uint8_t other_class = 1;
constexpr std::uint8_t same_class = 2;

} // namespace

LabelStrips::LabelStrips(const LabelFeatures& labels, OverlapPolicy policy, const PixelFrame& frame)
    : m_labels(labels), m_policy(policy), m_frame(frame), m_next_span(labels.features.size(), 0) {
    for (std::size_t i = 0; i < labels.features.size(); ++i) {
        if (labels.features[i].n_spans > 0) {
            m_by_first_row.push_back(static_cast<std::int32_t>(i));
        }
    }
    const auto first_row = [&](std::int32_t i) {
        return labels.span_at(labels.features[static_cast<std::size_t>(i)], 0).row;
    };
    std::stable_sort(m_by_first_row.begin(), m_by_first_row.end(),
                     [&](std::int32_t a, std::int32_t b) { return first_row(a) < first_row(b); });
}

void LabelStrips::activate(std::int32_t end_row) {
    std::erase_if(m_active, [&](std::int32_t i) {
        const auto at = static_cast<std::size_t>(i);
        return m_next_span[at] == m_labels.features[at].n_spans;
    });
    const auto old_size = static_cast<std::ptrdiff_t>(m_active.size());
    for (; m_next < m_by_first_row.size(); ++m_next) {
        const std::int32_t i = m_by_first_row[m_next];
        if (m_labels.span_at(m_labels.features[static_cast<std::size_t>(i)], 0).row >= end_row) {
            break;
        }
        m_active.push_back(i);
    }
    std::sort(m_active.begin() + old_size, m_active.end());
    std::inplace_merge(m_active.begin(), m_active.begin() + old_size, m_active.end());
}

void LabelStrips::resolve(std::int32_t first_row, std::int32_t n_rows, LabelStrip& out) {
    out.first_row = first_row;
    out.n_rows = n_rows;
    const auto n = static_cast<std::size_t>(n_rows) * static_cast<std::size_t>(m_frame.width);
    out.owner.assign(n, 0);
    out.shared.assign(n, 0);
    activate(first_row + n_rows);
    for (const std::int32_t i : m_active) {
        const LabelFeature& feature = m_labels.features[static_cast<std::size_t>(i)];
        std::int32_t& next = m_next_span[static_cast<std::size_t>(i)];
        for (; next < feature.n_spans; ++next) {
            const PixelSpan& span = m_labels.span_at(feature, next);
            if (span.row >= first_row + n_rows) {
                break;
            }
            lay(i + 1, span, out);
        }
    }
    if (m_policy == OverlapPolicy::drop) {
        for (std::size_t pixel = 0; pixel < n; ++pixel) {
            if ((out.shared[pixel] & other_class) != 0) {
                out.owner[pixel] = 0;
            }
        }
    }
}

void LabelStrips::lay(std::int32_t polygon, const PixelSpan& span, LabelStrip& out) {
    const auto class_of = [&](std::int32_t id) {
        return m_labels.features[static_cast<std::size_t>(id - 1)].class_code;
    };
    const std::int32_t code = class_of(polygon);
    const std::size_t row_start =
        static_cast<std::size_t>(span.row - out.first_row) * static_cast<std::size_t>(m_frame.width);
    for (std::int32_t col = span.first; col < span.last; ++col) {
        const std::size_t pixel = row_start + static_cast<std::size_t>(col);
        std::int32_t& owner = out.owner[pixel];
        if (owner == 0) {
            owner = polygon;
        } else if (class_of(owner) == code) {
            out.shared[pixel] |= same_class;
        } else {
            out.shared[pixel] |= other_class;
            note_conflict(span.row, col, owner, polygon);
            owner = m_policy == OverlapPolicy::last ? polygon : owner;
        }
    }
}

void LabelStrips::note_conflict(std::int64_t row, std::int64_t col, std::int32_t owner, std::int32_t polygon) {
    if (m_conflict && (m_conflict->row < row || (m_conflict->row == row && m_conflict->col <= col))) {
        return;
    }
    const LabelFeature& a = m_labels.features[static_cast<std::size_t>(owner - 1)];
    const LabelFeature& b = m_labels.features[static_cast<std::size_t>(polygon - 1)];
    m_conflict = LabelConflict{
        .row = row, .col = col, .fid_a = a.fid, .fid_b = b.fid, .class_a = a.class_code, .class_b = b.class_code};
}

} // namespace lcclass
