#include "report/image_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <turbojpeg.h>

#include <cmath>
#include <memory>

namespace lcclass::report {
namespace {

std::vector<std::uint8_t> decoded_grey(const std::string& png, std::int64_t width, std::int64_t height) {
    png_image image = {};
    image.version = PNG_IMAGE_VERSION;
    EXPECT_NE(png_image_begin_read_from_memory(&image, png.data(), png.size()), 0);
    EXPECT_EQ(image.format, static_cast<png_uint_32>(PNG_FORMAT_GRAY));
    EXPECT_EQ(image.width, width);
    EXPECT_EQ(image.height, height);
    std::vector<std::uint8_t> cells(static_cast<std::size_t>(width * height));
    EXPECT_NE(png_image_finish_read(&image, nullptr, cells.data(), 0, nullptr), 0);
    return cells;
}

TEST(ImageCodec, GreyPngGivesEveryNumberBack) {
    std::vector<std::uint8_t> codes; // far apart, best packed as they are
    std::vector<std::uint8_t> ramp;  // smooth, best packed as differences
    for (int i = 0; i < 70 * 33; ++i) {
        codes.push_back(static_cast<std::uint8_t>(i * i % 7 * 36));
        ramp.push_back(static_cast<std::uint8_t>(i % 70 + i / 70 + i % 2));
    }
    EXPECT_EQ(decoded_grey(grey_png(codes, 70, 33), 70, 33), codes);
    EXPECT_EQ(decoded_grey(grey_png(ramp, 70, 33), 70, 33), ramp);
    EXPECT_EQ(grey_png(ramp, 70, 33), grey_png(ramp, 70, 33));
}

TEST(ImageCodec, GreyPngSaysNothingThatChangesNumbersOnACanvas) {
    const std::string png = grey_png(std::vector<std::uint8_t>(4, 7), 2, 2);
    for (const char* chunk : {"gAMA", "iCCP", "sRGB", "cHRM", "tIME"}) {
        EXPECT_EQ(png.find(chunk), std::string::npos) << chunk;
    }
}

TEST(ImageCodec, JpegIsCloseToThePhoto) {
    std::vector<Rgb> pixels;
    for (int i = 0; i < 64 * 48; ++i) {
        pixels.push_back({static_cast<std::uint8_t>(2 * (i % 64)), static_cast<std::uint8_t>(3 * (i / 64)), 90});
    }
    const std::string jpeg = color_jpeg(pixels, 64, 48, 80);
    std::vector<Rgb> decoded(pixels.size());
    const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
    ASSERT_EQ(tjDecompress2(decoder.get(), reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size(),
                            reinterpret_cast<unsigned char*>(decoded.data()), 64, 0, 48, TJPF_RGB, 0),
              0);
    double error = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        error += std::abs(pixels[i].red - decoded[i].red) + std::abs(pixels[i].green - decoded[i].green) +
                 std::abs(pixels[i].blue - decoded[i].blue);
    }
    EXPECT_LT(error / static_cast<double>(3 * pixels.size()), 4);
    EXPECT_LT(jpeg.size(), 3 * pixels.size() / 4);
}

TEST(ImageCodec, Base64OfRfc4648) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

} // namespace
} // namespace lcclass::report
