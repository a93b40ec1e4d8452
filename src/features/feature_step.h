/// One step on the way from bands to features: planes in, planes out.
/// A step is safe to run from any thread.
#pragma once

#include "features/plane.h"

#include <span>

namespace lcclass {

class FeatureStep {
public:
    virtual ~FeatureStep() = default;
    /// Pixels around a pixel that its result depends on.
    [[nodiscard]] virtual std::int64_t margin() const { return 0; }
    /// True when the result is a formula's: a pixel whose inputs all have values may still have none.
    [[nodiscard]] virtual bool may_be_undefined() const { return false; }
    /// Fills the outputs, which share one window; every input covers that window and the margin around it, as far as
    /// the grid reaches. An output's pixels depend on their surroundings alone, not on where the window begins.
    virtual void run(std::span<const PlaneView> inputs, std::span<const PlaneOut> outputs) const = 0;
};

} // namespace lcclass
