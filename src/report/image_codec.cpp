#include "report/image_codec.h"

#include "lcclass/core/error.h"

#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <memory>

namespace lcclass::report {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw Error(ExitCode::internal, {.where = {}, .field = {}, .problem = what, .fix = "report this as a bug"});
}

/// The picture `rows` of `row_bytes` each, with one set of PNG's filters.
std::string png_with(const std::uint8_t* rows, std::size_t row_bytes, std::int64_t width, std::int64_t height,
                     int color_type, int filters, int level = 9) {
    std::string out;
    // libpng's error function must not return; here it throws, through C that Debian builds with unwind tables.
    png_structp png = png_create_write_struct(
        PNG_LIBPNG_VER_STRING, nullptr,
        [](png_structp /*png*/, png_const_charp text) { fail(std::string("a PNG cannot be written: ") + text); },
        [](png_structp /*png*/, png_const_charp /*text*/) {});
    png_infop info = png_create_info_struct(png);
    const auto destroy = [&info](png_structp p) { png_destroy_write_struct(&p, &info); };
    const std::unique_ptr<png_struct, decltype(destroy)> owner(png, destroy);
    png_set_write_fn(
        png, &out,
        [](png_structp p, png_bytep bytes, png_size_t n) {
            static_cast<std::string*>(png_get_io_ptr(p))->append(reinterpret_cast<const char*>(bytes), n);
        },
        [](png_structp /*png*/) {});
    png_set_compression_level(png, level);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, filters);
    png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8, color_type,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (std::int64_t row = 0; row < height; ++row) {
        png_write_row(png, rows + static_cast<std::size_t>(row) * row_bytes);
    }
    png_write_end(png, nullptr);
    return out;
}

} // namespace

std::string grey_png(std::span<const std::uint8_t> cells, std::int64_t width, std::int64_t height) {
    const auto row_bytes = static_cast<std::size_t>(width);
    // Codes pack best as they are, smooth quantities by their differences.
    std::string plain = png_with(cells.data(), row_bytes, width, height, PNG_COLOR_TYPE_GRAY, PNG_FILTER_NONE);
    std::string smooth = png_with(cells.data(), row_bytes, width, height, PNG_COLOR_TYPE_GRAY, PNG_ALL_FILTERS);
    return smooth.size() < plain.size() ? smooth : plain;
}

std::string color_png(std::span<const Rgb> pixels, std::int64_t width, std::int64_t height) {
    static_assert(sizeof(Rgb) == 3);
    return png_with(reinterpret_cast<const std::uint8_t*>(pixels.data()), 3 * static_cast<std::size_t>(width), width,
                    height, PNG_COLOR_TYPE_RGB, PNG_ALL_FILTERS, 6);
}

std::string color_jpeg(std::span<const Rgb> pixels, std::int64_t width, std::int64_t height, int quality) {
    const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
    if (!encoder) {
        fail("a JPEG cannot be begun");
    }
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const int status =
        tjCompress2(encoder.get(), reinterpret_cast<const unsigned char*>(pixels.data()), static_cast<int>(width), 0,
                    static_cast<int>(height), TJPF_RGB, &bytes, &size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(bytes, tjFree);
    if (status != 0) {
        fail(std::string("a JPEG cannot be written: ") + tjGetErrorStr2(encoder.get()));
    }
    return {reinterpret_cast<const char*>(bytes), size};
}

std::string base64(std::string_view bytes) {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8U | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= n ? letters[group >> (18U - 6U * static_cast<unsigned>(k)) & 63U] : '=';
        }
    }
    return text;
}

} // namespace lcclass::report
