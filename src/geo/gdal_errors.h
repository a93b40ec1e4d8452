/// What GDAL complained about: its texts are kept for our own messages instead of being printed.
/// The handler collects from every thread; a scope belongs to the thread that made it.
#pragma once

#include <cstdint>
#include <string>

namespace lcclass {

/// Makes GDAL hand its errors of all threads to us. `set_up_gdal` calls it.
void collect_gdal_errors();

/// Looks at the failures that GDAL reports while the object lives.
class GdalErrorScope {
public:
    GdalErrorScope();

    /// Failures on any thread since construction (workers that compress tiles report on their own).
    [[nodiscard]] std::int64_t n_failures() const;
    /// Failures on this thread since construction.
    [[nodiscard]] std::int64_t n_own_failures() const;
    /// GDAL's last text since construction: of this thread, else of any; empty when it said nothing.
    [[nodiscard]] std::string text() const;
    /// `problem (GDAL: text)`, or `problem` alone when GDAL said nothing.
    [[nodiscard]] std::string explain(const std::string& problem) const;

private:
    std::int64_t m_first_any;
    std::int64_t m_first_own;
};

} // namespace lcclass
