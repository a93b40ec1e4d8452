/// What the names of scenes, products and files tell: when they were sensed, and how far they were processed.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/core/date.h"

#include <filesystem>
#include <optional>
#include <string>

namespace lcclass {

/// The date in a name: of a Landsat scene id (`LE70350322008118EDC00`: day 118 of 2008), else the one that a `V` marks
/// in old Sentinel-2 names (`..._V20150813T102406_...`), else the first eight digits that are a day between 1970 and
/// 2099 and have no digit beside them.
std::optional<Date> date_in_name(const std::string& name);

/// True for Landsat scene ids and for the names of Landsat collections (`LC08_L2SP_...`).
bool is_landsat_name(const std::string& name);

enum class LandsatSensor { tm, oli };

/// What numbers the bands: TM and ETM+ of Landsat 4 to 7 alike, OLI of Landsat 8 and 9 otherwise. Nothing for names
/// that are not Landsat's.
std::optional<LandsatSensor> landsat_sensor(const std::string& name);

/// The name of the folder that `file` lies in, however its path is written.
std::string folder_name_of(const std::filesystem::path& file);

/// `L1C`, `L2A` or `L2SP` where a part of the path says so, as in `S2A_MSIL1C_20170216T102101...`; otherwise empty.
std::string level_in_path(const std::filesystem::path& path);

} // namespace lcclass
