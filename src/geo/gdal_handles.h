/// Owners of GDAL's C handles, and the reference systems made from text: closed by their destructors.
/// A handle belongs to one thread at a time.
#pragma once

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <memory>
#include <string>
#include <type_traits>

namespace lcclass {

template <auto Close>
struct HandleCloser {
    template <class T>
    void operator()(T* handle) const noexcept {
        static_cast<void>(Close(handle));
    }
};

template <class Handle, auto Close>
using GdalHandle = std::unique_ptr<std::remove_pointer_t<Handle>, HandleCloser<Close>>;

using DatasetHandle = GdalHandle<GDALDatasetH, GDALClose>;
using SpatialReferenceHandle = GdalHandle<OGRSpatialReferenceH, OSRRelease>;
using TransformationHandle = GdalHandle<OGRCoordinateTransformationH, OCTDestroyCoordinateTransformation>;
using GeometryHandle = GdalHandle<OGRGeometryH, OGR_G_DestroyGeometry>;
using FeatureHandle = GdalHandle<OGRFeatureH, OGR_F_Destroy>;

/// The reference system of `wkt` (x = easting or longitude always: traditional GIS axis order).
/// Throws Error(input) naming `where` when it is empty or PROJ cannot read it.
SpatialReferenceHandle make_reference(const std::string& wkt, const std::string& where);

/// An own copy of `reference` (a layer's, say) in traditional GIS axis order. Requires: not null.
SpatialReferenceHandle clone_reference(OGRSpatialReferenceH reference);

/// WKT2 of `reference`. Throws Error(input) naming `where` when it has none.
std::string wkt_of(OGRSpatialReferenceH reference, const std::string& where);

/// From x, y in `from_wkt` to x, y in `to_wkt`. Throws Error(input) naming `where` when PROJ knows no way.
TransformationHandle make_transformation(const std::string& from_wkt, const std::string& to_wkt,
                                         const std::string& where);

} // namespace lcclass
