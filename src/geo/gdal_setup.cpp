#include "lcclass/geo/gdal_setup.h"

#include "geo/gdal_errors.h"
#include "geo/gdal_handles.h"
#include "lcclass/core/error.h"

#include <cpl_conv.h>

namespace lcclass {

namespace {

void require_proj_database() {
    const GdalErrorScope gdal;
    const SpatialReferenceHandle reference(OSRNewSpatialReference(nullptr));
    if (OSRImportFromEPSG(reference.get(), 4326) != OGRERR_NONE) {
        throw Error(ExitCode::input,
                    {.where = "proj.db",
                     .field = {},
                     .problem = gdal.explain("PROJ's database cannot be used"),
                     .fix = "install proj-data, and unset PROJ_LIB and PROJ_DATA if they point elsewhere"});
    }
}

} // namespace

void set_up_gdal(std::int64_t cache_bytes) {
    collect_gdal_errors();
    // Results must not depend on plugins, side files or a network that happen to be around.
    CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");
    CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
    CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    CPLSetConfigOption("GDAL_VRT_ENABLE_PYTHON", "NO");
    OSRSetPROJEnableNetwork(0);
    GDALAllRegister();
    GDALSetCacheMax64(cache_bytes);
    require_proj_database();
}

} // namespace lcclass
