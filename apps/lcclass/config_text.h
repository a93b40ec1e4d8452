/// The bytes of a config file made fit for the parsers, or refused.
/// A pure function; safe from any thread.
#pragma once

#include <string>

namespace lcclass {

/// `bytes` without BOM and with LF line ends. Throws: Error(configuration) with line and column for broken UTF-8,
/// NUL and other control characters, and tabs unless `tabs_allowed`.
std::string clean_config_text(std::string bytes, const std::string& name, bool tabs_allowed);

} // namespace lcclass
