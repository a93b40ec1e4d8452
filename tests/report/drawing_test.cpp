#include "report/drawing.h"

#include "lcclass/core/error.h"

#include <gtest/gtest.h>

#include <functional>

namespace lcclass::report {
namespace {

std::string drawn(const std::function<void(Drawing&)>& draw) {
    Drawing drawing(120, 60);
    draw(drawing);
    drawing.fill({.x = 100, .y = 40, .width = 10, .height = 10}, {200, 0, 0});
    return drawing.png();
}

TEST(Drawing, BytesThatAreNoTextAreReplacedAndTheRestIsDrawn) {
    const auto texts = [](const std::string& text) {
        return drawn([&](Drawing& drawing) {
            drawing.text(text, 2, 12, 10, 100);
            drawing.text_ending_at(text, 100, 24, 10);
            drawing.paragraph(text, 2, 36, 10, 100);
        });
    };
    EXPECT_EQ(texts("caf\xe9 b"), texts("caf\uFFFD b"));
    EXPECT_NE(texts("caf\xe9 b"), texts("caf"));
}

TEST(Drawing, IsRefusedWhenAPartOfItCouldNotBeDrawn) {
    // Cairo has no pictures of more than 32767 columns.
    const std::vector<Rgb> pixels(40000, {1, 2, 3});
    EXPECT_THROW(static_cast<void>(drawn([&](Drawing& drawing) {
                     drawing.picture(pixels, 40000, 1, {.x = 0, .y = 0, .width = 50, .height = 1});
                 })),
                 Error);
}

} // namespace
} // namespace lcclass::report
