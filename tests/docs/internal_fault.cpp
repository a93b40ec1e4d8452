// Loaded before lcclass (LD_PRELOAD), so that a bug can be shown without having one: GDAL's first call throws what no
// part of the program expects.
#include <stdexcept>

extern "C" __attribute__((visibility("default"))) void GDALAllRegister() {
    throw std::logic_error("a counter is negative");
}
