#include "geo/product_files.h"

#include "geo/gdal_errors.h"
#include "geo/raster_dataset.h"
#include "geo/virtual_raster.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"

#include <cpl_string.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

/// With braces, so that GDAL does not look for the end of the zip's own name.
constexpr std::string_view zip_prefix = "/vsizip/{";

[[noreturn]] void refuse(const fs::path& where, std::string problem, std::string fix) {
    throw Error(ExitCode::input,
                {.where = shown(where), .field = {}, .problem = std::move(problem), .fix = std::move(fix)});
}

struct CloseFile {
    void operator()(VSILFILE* file) const { VSIFCloseL(file); }
};

bool is_file_in_zip(const fs::path& path) {
    VSIStatBufL status;
    return VSIStatExL(path.c_str(), &status, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG) == 0 &&
           VSI_ISREG(status.st_mode) != 0;
}

std::vector<fs::path> listed_in_zip(const fs::path& folder, bool recursive) {
    const GdalErrorScope gdal;
    const CPLStringList names(recursive ? VSIReadDirRecursive(folder.c_str()) : VSIReadDir(folder.c_str()));
    if (names.List() == nullptr && recursive) {
        refuse(folder, gdal.explain("cannot be listed: it is cut short or no zip"), "download it again");
    }
    std::vector<fs::path> files;
    for (int i = 0; i < names.size(); ++i) {
        const fs::path file = folder / names[i];
        if (is_file_in_zip(file)) {
            files.push_back(file);
        }
    }
    return files;
}

std::vector<fs::path> listed_on_disk(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code status;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, status);
    for (; !status && entry != fs::recursive_directory_iterator(); entry.increment(status)) {
        std::error_code ignored;
        if (!entry->is_directory(ignored)) {
            files.push_back(entry->path());
        } else if (entry->path().filename().string().starts_with(".")) {
            entry.disable_recursion_pending();
        }
    }
    if (status) {
        refuse(folder, "cannot be listed: " + status.message(), "check its permissions");
    }
    return files;
}

} // namespace

bool is_zip(const fs::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::error_code ignored;
    return extension == ".zip" && fs::is_regular_file(path, ignored);
}

fs::path inside_zip(const fs::path& zip) {
    return std::string(zip_prefix) + fs::absolute(zip).lexically_normal().string() + "}";
}

bool is_in_zip(const fs::path& path) {
    return path.string().starts_with(zip_prefix);
}

std::string shown(const fs::path& path) {
    std::string text = path.string();
    const std::size_t end = text.rfind('}');
    if (!is_in_zip(path) || end == std::string::npos) {
        return text;
    }
    return text.substr(zip_prefix.size(), end - zip_prefix.size()) + text.substr(end + 1);
}

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files = is_in_zip(folder) ? listed_in_zip(folder, true) : listed_on_disk(folder);
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    if (is_in_zip(folder)) {
        files = listed_in_zip(folder, false);
    } else {
        std::error_code status;
        for (const auto& entry : fs::directory_iterator(folder, status)) {
            std::error_code ignored;
            if (entry.is_regular_file(ignored)) {
                files.push_back(entry.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool is_product_file(const fs::path& path) {
    std::error_code ignored;
    return is_in_zip(path) ? is_file_in_zip(path) : fs::is_regular_file(path, ignored);
}

std::string read_product_text(const fs::path& file, std::uintmax_t largest) {
    if (!is_in_zip(file)) {
        return read_file(file, largest);
    }
    const GdalErrorScope gdal;
    VSIStatBufL status;
    const bool found = VSIStatL(file.c_str(), &status) == 0 && status.st_size >= 0;
    if (!found || static_cast<std::uintmax_t>(status.st_size) > largest) {
        refuse(file, gdal.explain(found ? "is too large" : "cannot be read"), "download the zip again");
    }
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    const std::unique_ptr<VSILFILE, CloseFile> handle(VSIFOpenL(file.c_str(), "rb"));
    if (!handle || VSIFReadL(text.data(), 1, text.size(), handle.get()) != text.size() || gdal.n_own_failures() > 0) {
        refuse(file, gdal.explain("cannot be read: the zip is damaged or cut short"), "download the zip again");
    }
    return text;
}

DatasetHandle open_scene_file(const fs::path& path, bool allow_vrt) {
    if (is_in_zip(path)) {
        return open_zipped_dataset(path.string(), shown(path));
    }
    return allow_vrt && is_virtual_raster(path) ? open_virtual_raster(path) : open_raster_dataset(path);
}

} // namespace lcclass
