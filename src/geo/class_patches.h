/// Patches of a class raster: pixels of one class that touch along their edges (4-neighbours). Found row by row, so
/// that a raster of any size takes a bit per part of a patch and two rows, not a number per pixel.
/// Each object belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lcclass {

/// Neighbouring pixels of one class in a row: columns [first, last).
struct ClassRun {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int32_t code = 0;
    std::size_t part = 0; ///< number of the part of a patch that it belongs to
};

/// Numbers the parts of patches from the top down: a run without a neighbour of its class above begins a new part,
/// any other one belongs to the part of the first such neighbour. A patch has one part or more.
class ClassRuns {
public:
    /// The next row; code 0 is no class.
    void next(std::span<const std::int32_t> codes);

    [[nodiscard]] const std::vector<ClassRun>& above() const { return m_above; }
    [[nodiscard]] const std::vector<ClassRun>& here() const { return m_here; }
    /// Positions in `above()` of the neighbours of `here()[i]`.
    [[nodiscard]] std::span<const std::size_t> neighbours(std::size_t i) const;
    [[nodiscard]] std::size_t n_parts() const { return m_n_parts; }

private:
    void find_neighbours();

    std::vector<ClassRun> m_above;
    std::vector<ClassRun> m_here;
    std::vector<std::size_t> m_neighbours; ///< of all runs here, one after another
    std::vector<std::size_t> m_first;      ///< of run i in `m_neighbours`; one more at the end
    std::size_t m_n_parts = 0;
};

/// Finds the patches of at least `min_pixels` pixels. Give all rows from the top, then ask.
class PatchSizes {
public:
    explicit PatchSizes(std::int64_t min_pixels) : m_min_pixels(min_pixels) {}
    void next(std::span<const std::int32_t> codes);

    /// By part: whether its patch is large enough.
    [[nodiscard]] const std::vector<bool>& large() const { return m_large; }
    /// Patches that are not.
    [[nodiscard]] std::int64_t n_small() const;

private:
    /// What is known of a patch that reaches the current row.
    struct Patch {
        std::int64_t pixels = 0;
        std::vector<std::size_t> parts; ///< empty when they are known to be large
        std::size_t parent = 0;         ///< itself, or the patch that took it in
    };
    std::size_t root_of(std::size_t patch);
    std::size_t unite(std::size_t a, std::size_t b);
    void add_run(std::size_t i);
    void close_row();

    std::int64_t m_min_pixels;
    ClassRuns m_runs;
    std::vector<Patch> m_patches;
    std::vector<std::size_t> m_patch_above; ///< by run of the row above
    std::vector<std::size_t> m_patch_here;
    std::vector<bool> m_large;
    std::int64_t m_n_closed_small = 0;
};

/// Takes the class from pixels of patches that are too small. Give all rows from the top.
class PatchFilter {
public:
    /// Keeps a reference to `large`: what PatchSizes found in the same rows.
    explicit PatchFilter(const std::vector<bool>& large) : m_large(large) {}
    /// Sets the codes of small patches of the next row to 0.
    void next(std::span<std::int32_t> codes);

private:
    const std::vector<bool>& m_large;
    ClassRuns m_runs;
};

} // namespace lcclass
