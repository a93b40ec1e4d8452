/// The steps that features are made of, each a kernel of this layer with its parameters.
/// Const access is safe from any thread.
#pragma once

#include "features/arithmetic.h"
#include "features/feature_step.h"
#include "features/focal.h"
#include "features/period.h"
#include "features/terrain.h"
#include "features/texture.h"
#include "features/time_series.h"
#include "lcclass/features/feature_recipe.h"

#include <utility>
#include <vector>

namespace lcclass {

class ArithmeticStep final : public FeatureStep {
public:
    explicit ArithmeticStep(Arithmetic arithmetic) : m_arithmetic(std::move(arithmetic)) {}
    [[nodiscard]] bool may_be_undefined() const override { return true; }
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    Arithmetic m_arithmetic;
};

class FocalStep final : public FeatureStep {
public:
    FocalStep(FocalStatistic statistic, int size) : m_statistic(statistic), m_size(size) {}
    [[nodiscard]] std::int64_t margin() const override { return m_size / 2; }
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    FocalStatistic m_statistic;
    int m_size;
};

/// One output per statistic, all in one pass.
class TextureStep final : public FeatureStep {
public:
    explicit TextureStep(const TextureOptions& options) : m_options(options) {}
    void add(TextureStatistic statistic) { m_statistics.push_back(statistic); }
    [[nodiscard]] std::int64_t margin() const override { return m_options.size / 2; }
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    TextureOptions m_options;
    std::vector<TextureStatistic> m_statistics;
};

class TerrainStep final : public FeatureStep {
public:
    TerrainStep(TerrainKind kind, const TerrainScale& scale) : m_kind(kind), m_scale(scale) {}
    [[nodiscard]] std::int64_t margin() const override { return 1; }
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    TerrainKind m_kind;
    TerrainScale m_scale;
};

/// (value - mean) / sd.
class StandardizeStep final : public FeatureStep {
public:
    StandardizeStep(double mean, double sd) : m_mean(mean), m_sd(sd) {}
    [[nodiscard]] bool may_be_undefined() const override { return true; }
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    double m_mean;
    double m_sd;
};

/// One output per component that is asked for; without a value where any input has none.
class ComponentStep final : public FeatureStep {
public:
    explicit ComponentStep(PrincipalComponents components) : m_components(std::move(components)) {}
    /// Counts from 1.
    void add(int component) { m_numbers.push_back(component); }
    [[nodiscard]] bool may_be_undefined() const override { return true; }
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    PrincipalComponents m_components;
    std::vector<int> m_numbers;
};

/// Inputs: one plane per date. One output per statistic.
class TimeStatisticStep final : public FeatureStep {
public:
    explicit TimeStatisticStep(std::vector<Date> dates) : m_dates(std::move(dates)) {}
    void add(const TimeStatistic& statistic) { m_statistics.push_back(statistic); }
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    std::vector<Date> m_dates;
    std::vector<TimeStatistic> m_statistics;
};

/// Inputs: one plane per observation. One output per date of the regular grid.
class GapFillStep final : public FeatureStep {
public:
    GapFillStep(std::vector<Date> dates, bool hold_ends) : m_dates(std::move(dates)), m_hold_ends(hold_ends) {}
    void add(Date date) { m_targets.push_back(date); }
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    std::vector<Date> m_dates;
    bool m_hold_ends;
    std::vector<Date> m_targets; ///< in the order of the outputs
};

/// Inputs: all dates of the first band, all of the second, ...; the output is the number of the chosen date.
class MedoidStep final : public FeatureStep {
public:
    explicit MedoidStep(std::vector<Date> dates) : m_dates(std::move(dates)) {}
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    std::vector<Date> m_dates;
};

/// Inputs: what MedoidStep chose, then one plane per date.
class GatherStep final : public FeatureStep {
public:
    explicit GatherStep(std::vector<Date> dates) : m_dates(std::move(dates)) {}
    void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const override;

private:
    std::vector<Date> m_dates;
};

} // namespace lcclass
