#include "lcclass/core/progress.h"

namespace lcclass {

namespace {

class SilentProgress final : public Progress {
public:
    void begin(std::string_view /*what*/, std::int64_t /*total*/) override {}
    void advance(std::int64_t /*units*/) override {}
    void end() override {}
};

} // namespace

Progress& silent_progress() {
    static SilentProgress progress;
    return progress;
}

} // namespace lcclass
