/// Text for XML documents.
/// Safe from any thread.
#pragma once

#include <string>

namespace lcclass {

/// `text` with `&`, `<`, `>` and `"` as entities.
std::string escape_xml(const std::string& text);

} // namespace lcclass
