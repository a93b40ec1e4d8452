#include "stage_files.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <tbb/task_arena.h>

#include <cmath>

namespace lcclass {

std::filesystem::path path_or_default(const std::filesystem::path& given, const GlobalOptions& globals,
                                      const std::string& name, const std::string& option) {
    if (!given.empty()) {
        return given;
    }
    if (globals.output_dir.empty()) {
        throw Error(ExitCode::command_line, {.where = {},
                                             .field = option,
                                             .problem = "is required",
                                             .fix = "name the file, or set output_dir in a config (" + name + ")"});
    }
    return globals.output_dir / name;
}

void require_same_grid(const GridSpec& grid, const std::string& name, const GridSpec& expected,
                       const std::string& expected_name) {
    if (!same_crs(grid.crs_wkt, expected.crs_wkt)) {
        throw Error(ExitCode::input, {.where = name,
                                      .field = "crs=" + crs_label(grid.crs_wkt),
                                      .problem = "differs from " + crs_label(expected.crs_wkt) + " of " + expected_name,
                                      .fix = "make both on one grid (--like)"});
    }
    if (!same_lattice(grid, expected)) {
        throw Error(ExitCode::input, {.where = name,
                                      .field = "grid=" + describe(grid),
                                      .problem = "differs from " + describe(expected) + " of " + expected_name,
                                      .fix = "make both on one grid (--like)"});
    }
}

std::map<std::string, std::string> provenance(const std::string& kind) {
    return {{"LCCLASS_KIND", kind}, {"LCCLASS_VERSION", LCCLASS_VERSION}};
}

const std::string& require_metadata(const RasterFile& file, const std::string& key, const std::filesystem::path& path,
                                    const std::string& made_by) {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end()) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = key,
                                      .problem = "is not in the file: it was not made by lcclass " + made_by,
                                      .fix = "run lcclass " + made_by + " first"});
    }
    return found->second;
}

std::string percent(double share) {
    return format_number(std::round(share * 1000) / 10) + " %";
}

std::string size_text(const GridSpec& grid) {
    return with_thousands(grid.width) + " x " + with_thousands(grid.height) + " px";
}

std::string count_text(std::int64_t count, const std::string& unit) {
    return with_thousands(count) + " " + unit + (count == 1 ? "" : "s");
}

std::int64_t block_memory(int n_bands, std::int64_t block_size) {
    const auto in_flight = 2 * static_cast<std::int64_t>(tbb::this_task_arena::max_concurrency());
    return in_flight * 2 * n_bands * block_size * block_size * 4 + program_memory;
}

void require_memory(std::int64_t needed, const GlobalOptions& globals, const std::string& fix) {
    if (globals.memory_bytes > 0 && needed > globals.memory_bytes) {
        const auto mebibytes = [](std::int64_t bytes) { return with_thousands(bytes >> 20U) + " MiB"; };
        throw Error(ExitCode::resources, {.where = {},
                                          .field = "--memory=" + mebibytes(globals.memory_bytes),
                                          .problem = "the blocks in flight take " + mebibytes(needed),
                                          .fix = fix});
    }
}

} // namespace lcclass
