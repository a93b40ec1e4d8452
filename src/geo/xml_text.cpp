#include "geo/xml_text.h"

#include <cpl_conv.h>
#include <cpl_string.h>

namespace lcclass {

std::string escape_xml(const std::string& text) {
    char* escaped = CPLEscapeString(text.c_str(), static_cast<int>(text.size()), CPLES_XML);
    std::string result = escaped;
    CPLFree(escaped);
    return result;
}

} // namespace lcclass
