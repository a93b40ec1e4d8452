/// The one block loop: windows are computed on all threads and consumed in order, with a bounded number in flight.
/// Uses the thread count that tbb::global_control allows.
#pragma once

#include "lcclass/core/grid_spec.h"
#include "lcclass/core/interrupt.h"
#include "lcclass/core/progress.h"

#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace lcclass {

/// Calls `compute(window) -> Result` for every window, in parallel, and `consume(Result&&)` on one thread at a time
/// in the order of `windows`. At most `max_in_flight` results exist at once. Progress counts pixels.
/// Exceptions of either function end the loop and are rethrown.
template <class Compute, class Consume>
void stream_blocks(std::span<const Window> windows, std::string_view what, Progress& progress,
                   std::size_t max_in_flight, Compute&& compute, Consume&& consume) {
    using Result = decltype(compute(windows[0]));
    struct Item {
        std::int64_t n_pixels;
        Result result;
    };
    std::int64_t total = 0;
    for (const Window& window : windows) {
        total += window.n_pixels();
    }
    progress.begin(what, total);
    std::size_t next = 0;
    tbb::parallel_pipeline(max_in_flight,
                           tbb::make_filter<void, Window>(tbb::filter_mode::serial_in_order,
                                                          [&](tbb::flow_control& control) -> Window {
                                                              if (next == windows.size()) {
                                                                  control.stop();
                                                                  return {};
                                                              }
                                                              throw_if_stopped();
                                                              return windows[next++];
                                                          }) &
                               tbb::make_filter<Window, std::shared_ptr<Item>>(
                                   tbb::filter_mode::parallel,
                                   [&](const Window& window) {
                                       return std::make_shared<Item>(Item{window.n_pixels(), compute(window)});
                                   }) &
                               tbb::make_filter<std::shared_ptr<Item>, void>(tbb::filter_mode::serial_in_order,
                                                                             [&](const std::shared_ptr<Item>& item) {
                                                                                 consume(std::move(item->result));
                                                                                 progress.advance(item->n_pixels);
                                                                             }));
    progress.end();
}

/// The same with twice the thread count of results at once, which keeps all threads busy while one consumes.
template <class Compute, class Consume>
void stream_blocks(std::span<const Window> windows, std::string_view what, Progress& progress, Compute&& compute,
                   Consume&& consume) {
    const auto threads = static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
    stream_blocks(windows, what, progress, 2 * threads, std::forward<Compute>(compute), std::forward<Consume>(consume));
}

} // namespace lcclass
