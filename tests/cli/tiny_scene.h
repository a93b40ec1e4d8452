/// A scene of 40 x 40 pixels with 25 labelled fields, and what the binary makes of it, each made when first asked for.
/// Belongs to one thread.
#pragma once

#include "geo/raster_case.h"
#include "geo/vector_case.h"
#include "support/process.h"
#include "support/temporary_folder.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace lcclass::test {

using Arguments = std::vector<std::string>;

inline constexpr int tiny_size = 40;
inline constexpr const char* tiny_radiometry = "scale=0.0001,offset=-0.1";
inline constexpr const char* tiny_features = "B02,B03,B04,B08,NDVI";
inline constexpr const char* old_bytes = "what was there before";

/// Runs the binary in `folder`; one that hangs is stopped after a minute and has the exit code 124.
ProcessResult run_lcclass(const Arguments& arguments, const std::filesystem::path& folder,
                          const std::vector<std::string>& environment = {});

/// Fails the test when the program does not end well.
ProcessResult expect_success(const Arguments& arguments, const std::filesystem::path& folder,
                             const std::vector<std::string>& environment = {});

/// The exit code, and one line `lcclass: error: ...; fix: ...` with all `words` in it; no other text but our own log.
void expect_refusal(const ProcessResult& result, int code, const std::vector<std::string>& words);

/// Names in a folder, sorted.
std::vector<std::string> names_in(const std::filesystem::path& folder);

/// Where a pixel of the scene is in its values.
inline std::size_t tiny_index(int column, int row) {
    return static_cast<std::size_t>(row) * tiny_size + static_cast<std::size_t>(column);
}

/// Digital number of one pixel: its class shifts every band, and every pixel differs a little.
double tiny_number(int band, int column, int row);

/// One band of the scene; the caller changes what it wants.
RasterCase tiny_band(int band);

/// Class 1 to 3 of the field in `column`, `row` of 5 x 5 fields.
int tiny_class(int column, int row);

/// The 25 fields, 60 m wide with 20 m between them.
CaseLayer tiny_polygons();

/// `NAME=PATH` of the bands in `folder`, as many arguments.
Arguments band_inputs(const std::filesystem::path& folder);

/// Files that are made once per process and never changed.
class TinyScene {
public:
    static TinyScene& get();

    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path(); }
    std::string bands();
    std::string polygons();
    std::string stack();
    std::string labels();
    std::string samples();
    std::string model();

private:
    TinyScene() { set_up_gdal(std::int64_t{64} << 20); }
    std::string once(const std::string& name, const std::function<Arguments()>& command);

    TemporaryFolder m_folder;
};

/// A folder of its own for every test, with GDAL ready to make inputs.
class CliTest : public testing::Test {
protected:
    CliTest() { set_up_gdal(std::int64_t{64} << 20); }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder.path(); }
    [[nodiscard]] std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }
    ProcessResult run(const Arguments& arguments) const { return run_lcclass(arguments, folder()); }
    ProcessResult succeed(const Arguments& arguments) const { return expect_success(arguments, folder()); }
    [[nodiscard]] std::string bytes(const std::string& name) const { return read_file(path(name)); }

private:
    TemporaryFolder m_folder;
};

/// One fault of the catalogue: what is wrong, and what the program must say about it.
struct CliFault {
    std::string name; ///< row and fault, as in A22_TruncatedBand
    int code = 4;
    std::vector<std::string> words;
    /// Makes the inputs in a folder of its own; the command line without the output.
    std::function<Arguments(const std::filesystem::path&)> arrange;
    std::string output = "out.tif";
};

inline std::ostream& operator<<(std::ostream& stream, const CliFault& fault) {
    return stream << fault.name;
}

inline std::string name_of_fault(const testing::TestParamInfo<CliFault>& info) {
    return info.param.name;
}

/// Asks for `--overwrite` of an old file, and expects it to stay as it was, alone in its folder.
class FaultRow : public testing::TestWithParam<CliFault> {
protected:
    FaultRow() { set_up_gdal(std::int64_t{64} << 20); }
    void check() const;

private:
    TemporaryFolder m_folder;
};

} // namespace lcclass::test
