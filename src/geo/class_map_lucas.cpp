#include "geo/class_map_lucas.h"

#include <array>

namespace lcclass {

namespace {

// The same texts as data/lucas_level1.yml and data/lucas_level2.yml; a test compares them.
// clang-format off
constexpr std::string_view lucas_level1 = R"yaml(# LUCAS land cover (LC1), level 1: the letter is the class. In a key # stands for one digit.
# x or X as second letter: seen on imagery only (Bx1 arable land, Cx1 woodland).
A: {code: 1, name: artificial land, color: "#ff0000"}
"A#": 1
"A##": 1
"Ax": 1
"Ax#": 1
"AX": 1
"AX#": 1
"AXX#": 1
B: {code: 2, name: cropland, color: "#ffff00"}
"B#": 2
"B##": 2
"Bx": 2
"Bx#": 2
"BX": 2
"BX#": 2
"BXX#": 2
C: {code: 3, name: woodland, color: "#33a02c"}
"C#": 3
"C##": 3
"Cx": 3
"Cx#": 3
"CX": 3
"CX#": 3
"CXX#": 3
D: {code: 4, name: shrubland, color: "#dfdf8a"}
"D#": 4
"D##": 4
"Dx": 4
"Dx#": 4
"DX": 4
"DX#": 4
"DXX#": 4
E: {code: 5, name: grassland, color: "#00df00"}
"E#": 5
"E##": 5
"Ex": 5
"Ex#": 5
"EX": 5
"EX#": 5
"EXX#": 5
F: {code: 6, name: bare land and lichens, color: "#d3d3d3"}
"F#": 6
"F##": 6
"Fx": 6
"Fx#": 6
"FX": 6
"FX#": 6
"FXX#": 6
G: {code: 7, name: water, color: "#0000ff"}
"G#": 7
"G##": 7
"Gx": 7
"Gx#": 7
"GX": 7
"GX#": 7
"GXX#": 7
H: {code: 8, name: wetlands, color: "#ee82ee"}
"H#": 8
"H##": 8
"Hx": 8
"Hx#": 8
"HX": 8
"HX#": 8
"HXX#": 8
"": drop       # not surveyed
"-1": drop     # not relevant
"8": drop      # not relevant
"X": drop      # no land cover observed
"X#": drop
"X##": drop
)yaml";

constexpr std::string_view lucas_level2 = R"yaml(# LUCAS land cover (LC1), level 2: letter and first digit; the code is the level-1 code times ten plus the digit.
# In a key # stands for one digit. What was seen on imagery only (Bx1, Cx1) has no class on this level.
A1: {code: 11, name: roofed built-up areas, color: "#ff0000"}
"A1#": 11
A2: {code: 12, name: artificial non-built-up areas, color: "#d40000"}
"A2#": 12
A3: {code: 13, name: other artificial areas, color: "#aa0000"}
"A3#": 13
B1: {code: 21, name: cereals, color: "#ffff00"}
"B1#": 21
B2: {code: 22, name: root crops, color: "#eded00"}
"B2#": 22
B3: {code: 23, name: non-permanent industrial crops, color: "#dbdb00"}
"B3#": 23
B4: {code: 24, name: "dry pulses, vegetables and flowers", color: "#c8c800"}
"B4#": 24
B5: {code: 25, name: fodder crops, color: "#b6b600"}
"B5#": 25
B7: {code: 27, name: fruit trees, color: "#a4a400"}
"B7#": 27
B8: {code: 28, name: other permanent crops, color: "#929200"}
"B8#": 28
C1: {code: 31, name: broadleaved woodland, color: "#33a02c"}
"C1#": 31
C2: {code: 32, name: coniferous woodland, color: "#2a8525"}
"C2#": 32
C3: {code: 33, name: mixed woodland, color: "#226b1d"}
"C3#": 33
D1: {code: 41, name: shrubland with sparse tree cover, color: "#dfdf8a"}
"D1#": 41
D2: {code: 42, name: shrubland without tree cover, color: "#a7a768"}
"D2#": 42
E1: {code: 51, name: grassland with sparse tree or shrub cover, color: "#00df00"}
"E1#": 51
E2: {code: 52, name: grassland without tree or shrub cover, color: "#00ba00"}
"E2#": 52
E3: {code: 53, name: spontaneously re-vegetated surfaces, color: "#009500"}
"E3#": 53
F1: {code: 61, name: rocks and stones, color: "#d3d3d3"}
"F1#": 61
F2: {code: 62, name: sand, color: "#b9b9b9"}
"F2#": 62
F3: {code: 63, name: lichens and moss, color: "#9e9e9e"}
"F3#": 63
F4: {code: 64, name: other bare soil, color: "#848484"}
"F4#": 64
G1: {code: 71, name: inland water bodies, color: "#0000ff"}
"G1#": 71
G2: {code: 72, name: inland running water, color: "#0000e6"}
"G2#": 72
G3: {code: 73, name: transitional water bodies, color: "#0000cc"}
"G3#": 73
G4: {code: 74, name: sea and ocean, color: "#0000b2"}
"G4#": 74
G5: {code: 75, name: glaciers and permanent snow, color: "#000099"}
"G5#": 75
H1: {code: 81, name: inland wetlands, color: "#ee82ee"}
"H1#": 81
H2: {code: 82, name: coastal wetlands, color: "#b262b2"}
"H2#": 82
"Ax": drop
"Ax#": drop
"AX": drop
"AX#": drop
"AXX#": drop
"Bx": drop
"Bx#": drop
"BX": drop
"BX#": drop
"BXX#": drop
"Cx": drop
"Cx#": drop
"CX": drop
"CX#": drop
"CXX#": drop
"Dx": drop
"Dx#": drop
"DX": drop
"DX#": drop
"DXX#": drop
"Ex": drop
"Ex#": drop
"EX": drop
"EX#": drop
"EXX#": drop
"Fx": drop
"Fx#": drop
"FX": drop
"FX#": drop
"FXX#": drop
"Gx": drop
"Gx#": drop
"GX": drop
"GX#": drop
"GXX#": drop
"Hx": drop
"Hx#": drop
"HX": drop
"HX#": drop
"HXX#": drop
"": drop       # not surveyed
"-1": drop     # not relevant
"8": drop      # not relevant
"X": drop      # no land cover observed
"X#": drop
"X##": drop
)yaml";
// clang-format on

constexpr std::array<BuiltinClassMap, 2> maps = {{{"lucas-level1", lucas_level1}, {"lucas-level2", lucas_level2}}};

} // namespace

std::span<const BuiltinClassMap> builtin_class_maps() {
    return maps;
}

} // namespace lcclass
