/// How the features of a stack are made: from which bands, by which formulas and windows, of which dates, under which
/// masks, with which fitted numbers, radiometry and pixel size. A model keeps it, and the same features can be made of
/// another scene.
/// A value; const access is safe from any thread.
#pragma once

#include "lcclass/core/date.h"
#include "lcclass/core/raster_source.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// A name for a formula: a spectral index, or what the user defines.
struct FeatureDefinition {
    std::string name;
    std::string formula;
    std::string unit; ///< of the values; empty when they have none
    bool operator==(const FeatureDefinition&) const = default;
};

/// Values at regular dates by linear interpolation in time between the observations that are not masked.
struct GapFilling {
    std::vector<Date> dates; ///< ascending
    bool hold_ends = false;  ///< before the first and after the last observation: its value instead of nodata
    bool operator==(const GapFilling&) const = default;
};

/// Principal components as fitted once: component c = sum of loadings[c][i] x (input i - mean[i]) / scale[i].
struct PrincipalComponents {
    std::vector<std::string> inputs; ///< names of bands or indices
    int n_components = 3;
    bool standardize = false; ///< divide by the standard deviations: components of the correlations
    std::vector<double> mean; ///< per input; empty until fitted, like the rest
    std::vector<double> scale;
    std::vector<std::vector<double>> loadings;
    std::vector<double> explained_variance;
    std::vector<double> explained_variance_ratio;
    std::int64_t n_pixels = 0; ///< that it was fitted to
    bool operator==(const PrincipalComponents&) const = default;
};

struct FeatureRecipe {
    struct Feature {
        std::string name;
        std::string formula; ///< the name itself for a band; `(B08-B04)/(B08+B04)`, `FOCAL_MEAN(B08,7)`, `NDVI@p10`
        bool operator==(const Feature&) const = default;
    };
    struct Band {
        BandSpec spec;      ///< name without its date
        bool dated = false; ///< there once per date
    };
    struct Fitted {
        double first = 0;  ///< low end of a range, or mean
        double second = 1; ///< high end of a range, or standard deviation
        bool operator==(const Fitted&) const = default;
    };

    std::vector<Band> bands;        ///< that the features need, once each
    std::vector<Acquisition> dates; ///< of the dated bands, ascending
    std::vector<FeatureDefinition> definitions;
    std::vector<Feature> features;  ///< in the order of the stack
    std::vector<std::string> masks; ///< rules such as `SCL=cloud-medium,cloud-high`
    std::int64_t mask_dilation = 0; ///< pixels
    double min_valid = 0;           ///< of several dates, those with a smaller share of valid pixels are left out
    std::optional<GapFilling> gap_fill;
    std::optional<PrincipalComponents> components;
    std::map<std::string, Fitted> ranges;    ///< of grey levels, by what the texture is of
    std::map<std::string, Fitted> standards; ///< mean and standard deviation, by what is standardized
    double pixel_width = 0;                  ///< CRS units
    double pixel_height = 0;
    double metres_per_unit = 1; ///< of the CRS

    [[nodiscard]] std::vector<std::string> feature_names() const;
    [[nodiscard]] std::string to_json() const;
    /// Throws Error(input) naming `where` when the text is not a recipe of this version.
    static FeatureRecipe from_json(const std::string& text, const std::string& where);
};

/// What a user asks of `stack`, before it is known which bands and dates there are.
struct FeatureRequest {
    /// `B04`, `NDVI`, `FOCAL_MEAN(B08,7)`, `NDVI@p10`, `NAME=FORMULA`.
    std::vector<std::string> features;
    std::vector<std::string> definitions; ///< `NAME=FORMULA` or `NAME=FORMULA [UNIT]`
    std::vector<std::string> masks;
    std::int64_t mask_dilation = 0;
    std::string composite;      ///< `median`, `medoid`, `p25`, ...: what a feature without date is; empty: every date
    std::string period = "all"; ///< one composite of `all` dates, or one per `month`, `season` or `year`
    std::optional<GapFilling> gap_fill;
    std::optional<PrincipalComponents> components; ///< inputs, number and standardize alone
};

/// The recipe that makes what is asked of the bands `available` (`B04`, or `B04@2018-05-06` once per date); without the
/// specifications of the bands and what is fitted. Features that say no date are spread over the dates, or over the
/// composites. Throws Error(configuration) naming a feature that is no band, index or formula (with the nearest name),
/// one that is asked for twice, and the bands that one lacks.
FeatureRecipe plan_recipe(const FeatureRequest& request, const std::vector<std::string>& available);

/// The names, among `available`, of the bands that `recipe` takes: of all dates there are, those of masks included.
/// Throws Error(input) naming `where` and what is missing.
std::vector<std::string> bands_to_read(const FeatureRecipe& recipe, const std::vector<std::string>& available,
                                       const std::string& where);

/// Takes specifications and pixel size over from the bands that are read. Requires: `bands` offers what the recipe
/// takes.
void describe_bands(FeatureRecipe& recipe, const RasterSource& bands);

/// The part of `recipe` that makes `features`, in their order. Throws Error(input) naming `where` and the first
/// feature that the recipe does not make.
FeatureRecipe narrow_recipe(const FeatureRecipe& recipe, const std::vector<std::string>& features,
                            const std::string& where);

/// True when the recipe depends on which dates were observed: composites, statistics, gap filling.
bool uses_time(const FeatureRecipe& recipe);
/// True when the recipe needs to know the pixel size in metres.
bool uses_terrain(const FeatureRecipe& recipe);

/// Throws Error(model) naming what differs when features made by `offered` would not mean what the ones made by
/// `expected` mean: a feature that is missing, another formula, mask or fitted number, another pixel size, level or
/// radiometry (unless both come from product metadata). Order and additional features do not matter.
void require_compatible(const FeatureRecipe& expected, const FeatureRecipe& offered, const std::string& where);

/// Throws Error(input) naming what differs when values of `filling` cannot stand for those of `recipe` in the features
/// that both make: another formula or fitted number, pixel size or radiometry. Dates and masks may differ.
void require_fillable(const FeatureRecipe& recipe, const FeatureRecipe& filling, const std::string& where);

} // namespace lcclass
