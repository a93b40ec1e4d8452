/// How long work tells the person waiting for it how far it is.
/// `advance` may be called from several threads at once; `begin` and `end` from the thread that owns the work.
#pragma once

#include <cstdint>
#include <string_view>

namespace lcclass {

class Progress {
public:
    virtual ~Progress() = default;
    /// A piece of work of `total` units starts. Pieces do not nest.
    virtual void begin(std::string_view what, std::int64_t total) = 0;
    virtual void advance(std::int64_t units) = 0;
    virtual void end() = 0;
};

/// A Progress that says nothing.
Progress& silent_progress();

} // namespace lcclass
