/// One area of a scene on its way from features to what is written of it.
/// Owned by one thread, which takes others to help.
#pragma once

#include "lcclass/core/raster_source.h"
#include "lcclass/forest/model.h"
#include "lcclass/forest/prediction_batch.h"
#include "lcclass/forest/probability_correction.h"
#include "lcclass/mapping/predict_map.h"
#include "mapping/applicability_batch.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lcclass {

constexpr int n_uncertainty_bands = 3;
constexpr int n_applicability_bands = 3;

/// One classified area, ready to be written. Blocks that nobody wants have no bands.
struct MappedBlock {
    PixelBlock map;
    PixelBlock probabilities;
    PixelBlock uncertainty;
    PixelBlock applicability;
    std::int64_t nodata_pixels = 0;
    std::vector<std::int64_t> class_pixels;
    std::vector<std::int64_t> class_pixels_without_priors;
    std::vector<std::int64_t> class_pixels_outside;
};

class AreaMapper {
public:
    /// All that is referred to must outlive the mapper.
    AreaMapper(const Model& model, const ProbabilityCorrection& correction, const Window& area,
               const MapOutputs& outputs, const Applicability* applicability);

    MappedBlock run(const RasterSource& features, std::int64_t block_size);

private:
    void classify(const RasterSource& features, std::int64_t block_size);
    void read(const RasterSource& features, std::int64_t block_size, PredictionBatch& batch,
              std::optional<ApplicabilityBatch>& places);
    void find_applicability(ApplicabilityBatch& places);
    [[nodiscard]] bool wants_sums() const;
    void fill_pixels(std::size_t first, std::size_t end);
    void correct_pixel(std::size_t pixel, std::span<double> votes, std::span<double> probabilities);
    template <class T>
    void fill_figures(std::size_t pixel, std::span<const T> parts, double whole);
    [[nodiscard]] std::vector<std::int64_t> count_classes(const std::vector<std::int32_t>& classes) const;
    [[nodiscard]] std::vector<std::int64_t> count_outside() const;
    [[nodiscard]] std::span<const std::uint32_t> sums_of(std::size_t pixel) const;
    [[nodiscard]] double votes_one() const;

    const Model& m_model;
    const ProbabilityCorrection& m_correction;
    const Applicability* m_applicability; ///< null: not wanted
    Window m_area;
    std::size_t m_n_classes;
    std::size_t m_n_pixels;
    std::vector<std::int32_t> m_classes;                ///< per pixel of the area
    std::vector<std::int32_t> m_classes_without_priors; ///< empty without priors
    std::vector<std::uint32_t> m_sums; ///< empty when only the classes that the trees vote for are needed
    MappedBlock m_out;
};

} // namespace lcclass
