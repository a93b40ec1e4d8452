#include "geo/gdal_errors.h"

#include <cpl_error.h>

#include <mutex>

namespace lcclass {

namespace {

struct Failures {
    std::int64_t count = 0;
    std::string last_text;
};

std::mutex any_thread_mutex;
Failures any_thread;

Failures& own_thread() {
    thread_local Failures failures;
    return failures;
}

void CPL_STDCALL collect(CPLErr severity, CPLErrorNum, const char* text) {
    if (severity != CE_Failure && severity != CE_Fatal) {
        return;
    }
    const std::string message = text == nullptr ? "" : text;
    Failures& own = own_thread();
    ++own.count;
    own.last_text = message;
    const std::lock_guard lock(any_thread_mutex);
    ++any_thread.count;
    any_thread.last_text = message;
}

} // namespace

void collect_gdal_errors() {
    CPLSetErrorHandler(collect);
}

GdalErrorScope::GdalErrorScope() : m_first_any(0), m_first_own(own_thread().count) {
    const std::lock_guard lock(any_thread_mutex);
    m_first_any = any_thread.count;
}

std::int64_t GdalErrorScope::n_failures() const {
    const std::lock_guard lock(any_thread_mutex);
    return any_thread.count - m_first_any;
}

std::int64_t GdalErrorScope::n_own_failures() const {
    return own_thread().count - m_first_own;
}

std::string GdalErrorScope::text() const {
    if (n_own_failures() > 0) {
        return own_thread().last_text;
    }
    const std::lock_guard lock(any_thread_mutex);
    return any_thread.count > m_first_any ? any_thread.last_text : std::string();
}

std::string GdalErrorScope::explain(const std::string& problem) const {
    const std::string said = text();
    return said.empty() ? problem : problem + " (GDAL: " + said + ")";
}

} // namespace lcclass
