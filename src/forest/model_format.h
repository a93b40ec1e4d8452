/// The layout of a model file, shared by its writer and its reader (docs/model_format.md).
/// Pure values and functions; safe from any thread.
#pragma once

#include "lcclass/core/sha256.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace lcclass::model_format {

static_assert(std::endian::native == std::endian::little, "the arrays of a model file are little-endian");

/// The high bit, the line ends and the DOS end-of-file catch transfers that alter bytes, as in PNG.
constexpr std::string_view magic = "\x89LCM\r\n\x1a\n";
constexpr std::uint32_t version = 2;              ///< the newest that is read
constexpr std::uint32_t uncalibrated_version = 1; ///< of a model without calibration, so that older programs read it
constexpr std::size_t preamble_size = 24;         ///< magic, version, header size, file size
constexpr std::size_t digest_size = 32;
constexpr std::size_t alignment = 8;

constexpr std::uint64_t padded(std::uint64_t size) {
    return (size + alignment - 1) / alignment * alignment;
}

template <class T>
T load(const char* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

/// Bytes of an unsigned integer that holds every value below `n_values`.
constexpr std::size_t width_for(std::uint64_t n_values) {
    return n_values <= 0x100U ? 1 : n_values <= 0x10000U ? 2 : 4;
}

/// How leaf covers are kept: `u8` and `u16` where all are such whole numbers, `f32` otherwise.
enum class CoverType { u8, u16, f32 };

constexpr std::array<std::string_view, 3> cover_words = {"u8", "u16", "f32"};
constexpr std::size_t width_of(CoverType type) {
    return type == CoverType::u8 ? 1 : type == CoverType::u16 ? 2 : 4;
}

/// Numbers that fix the size of every section.
struct Counts {
    std::uint64_t n_features = 0;
    std::uint64_t n_classes = 0;
    std::uint64_t n_trees = 0;
    std::uint64_t n_nodes = 0;
    std::uint64_t n_thresholds = 0;
    std::uint64_t n_distributions = 0;
    CoverType cover = CoverType::f32;

    [[nodiscard]] std::uint64_t n_leaves() const { return (n_nodes + n_trees) / 2; }
    [[nodiscard]] std::uint64_t n_inner() const { return n_nodes - n_leaves(); }
    /// A leaf has n_features in place of a feature.
    [[nodiscard]] std::size_t feature_width() const { return width_for(n_features + 1); }
    [[nodiscard]] std::size_t distribution_width() const { return width_for(n_distributions); }
};

/// Sections in file order, each padded with zeros to a multiple of 8 bytes.
enum Section {
    threshold_counts,
    thresholds,
    distributions,
    tree_sizes,
    features,
    cuts,
    leaf_distributions,
    leaf_covers
};
constexpr std::size_t n_sections = 8;

/// Unpadded bytes per section. Requires: counts small enough not to overflow (each below 2^40).
inline std::array<std::uint64_t, n_sections> section_sizes(const Counts& counts) {
    return {4 * counts.n_features,
            4 * counts.n_thresholds,
            2 * counts.n_distributions * counts.n_classes,
            4 * counts.n_trees,
            counts.feature_width() * counts.n_nodes,
            2 * counts.n_inner(),
            counts.distribution_width() * counts.n_leaves(),
            width_of(counts.cover) * counts.n_leaves()};
}

/// SHA-256 as 32 bytes.
inline std::string digest_of(std::string_view bytes) {
    Sha256 hash;
    hash.update(std::as_bytes(std::span(bytes.data(), bytes.size())));
    const std::string hex = hash.hex_digest();
    std::string digest;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const auto nibble = [&](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
        digest += static_cast<char>(nibble(hex[i]) * 16 + nibble(hex[i + 1]));
    }
    return digest;
}

} // namespace lcclass::model_format
