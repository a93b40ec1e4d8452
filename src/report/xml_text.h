/// Text inside XML documents.
/// Pure function; safe from any thread.
#pragma once

#include <string>

namespace lcclass::report {

/// `text` with markup as entities; bytes that are no UTF-8, and control characters, which XML forbids, are replaced.
std::string xml_text(const std::string& text);

} // namespace lcclass::report
