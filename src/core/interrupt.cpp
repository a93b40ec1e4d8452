#include "lcclass/core/interrupt.h"

#include "lcclass/core/error.h"

#include <atomic>
#include <string>

namespace lcclass {

namespace {

std::atomic<int> stop_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "signal handlers may only touch lock-free atomics");

} // namespace

void request_stop(int signal_number) noexcept {
    stop_signal.store(signal_number, std::memory_order_relaxed);
}

void throw_if_stopped() {
    const int signal_number = stop_signal.load(std::memory_order_relaxed);
    if (signal_number != 0) {
        throw Error(ExitCode::interrupted,
                    {.where = {},
                     .field = "signal=" + std::to_string(signal_number),
                     .problem = "stopped before the work was done; nothing half-written was left",
                     .fix = "run the same command again"});
    }
}

} // namespace lcclass
