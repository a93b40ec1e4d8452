/// Zips a folder with GDAL itself, for tests that read zipped products.
/// Belongs to one thread.
#pragma once

#include "lcclass/core/atomic_output.h"

#include <cpl_vsi.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace lcclass::test {

/// Writes `zip` with all files of `folder`, under the folder's own name.
inline void zip_folder(const std::filesystem::path& folder, const std::filesystem::path& zip) {
    // One handle stays open: GDAL would otherwise rewrite the archive's end for every file.
    VSILFILE* archive = VSIFOpenL(("/vsizip/" + zip.string()).c_str(), "wb");
    ASSERT_NE(archive, nullptr);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) {
            continue;
        }
        const std::string name = entry.path().lexically_relative(folder.parent_path()).string();
        const std::string bytes = read_file(entry.path());
        VSILFILE* file = VSIFOpenL(("/vsizip/" + zip.string() + "/" + name).c_str(), "wb");
        ASSERT_NE(file, nullptr) << name;
        ASSERT_EQ(VSIFWriteL(bytes.data(), 1, bytes.size(), file), bytes.size());
        VSIFCloseL(file);
    }
    VSIFCloseL(archive);
}

} // namespace lcclass::test
