#include "report_overlays.h"

#include "lcclass/core/error.h"
#include "lcclass/core/text.h"
#include "lcclass/core/text_table.h"
#include "lcclass/geo/outlines.h"

#include <algorithm>
#include <map>

namespace lcclass {

using report::OverlayLayer;

namespace {

constexpr std::size_t most_points = 5000;
constexpr Rgb blue{0, 114, 178};
constexpr Rgb yellow{240, 228, 66};
constexpr Rgb orange{213, 94, 0};

/// `spatial-block`, as on the command line.
std::string scheme_word(std::string column) {
    std::ranges::replace(column, '_', '-');
    return column;
}

std::string caption_of(const LabelOutlines& outlines) {
    std::string caption = "Polygons as they were burned: pixels that the model may have learned from.";
    if (outlines.tolerance > 0) {
        caption += " Drawn simpler, off by " + format_number(outlines.tolerance) + " pixels at most.";
    }
    if (outlines.n_left_out > 0) {
        caption += " The " + with_thousands(outlines.n_left_out) + " smallest are left out.";
    }
    return caption;
}

/// Which group has how many samples right.
std::string note_of(const GroupJudgement& group) {
    return "group " + group.group + ": " + with_thousands(group.n_right) + " of " + with_thousands(group.n_samples) +
           " samples right";
}

OverlayLayer errors_of(const SchemeJudgement& judged) {
    const std::string scheme = scheme_word(judged.scheme);
    OverlayLayer layer{.id = "errors-" + scheme,
                       .title = "Errors, " + scheme + " folds",
                       .caption = "Each point is a polygon or group at the mean position of its samples, judged by a "
                                  "model that did not see them.",
                       .categories = {{.name = "all right", .color = blue, .note = {}},
                                      {.name = "partly wrong", .color = yellow, .note = {}},
                                      {.name = "mostly wrong", .color = orange, .note = {}}},
                       .shapes = {},
                       .shown = false};
    const std::size_t every = (judged.groups.size() + most_points - 1) / most_points;
    std::array<std::int64_t, 3> counts = {};
    for (std::size_t i = 0; i < judged.groups.size(); ++i) {
        const GroupJudgement& group = judged.groups[i];
        const int wrong = 2 * group.n_right >= group.n_samples ? 1 : 2;
        const int category = group.n_right == group.n_samples ? 0 : wrong;
        ++counts[static_cast<std::size_t>(category)];
        if (i % every == 0) {
            layer.shapes.push_back({.rings = {{{group.x, group.y}}}, .category = category, .note = note_of(group)});
        }
    }
    for (std::size_t k = 0; k < counts.size(); ++k) {
        layer.categories[k].note = with_thousands(counts[k]);
    }
    if (every > 1) {
        layer.caption += " One in " + std::to_string(every) + " is drawn.";
    }
    return layer;
}

/// A fold has a block at least, so that its number is none above theirs.
void check_fold(const BlockOutline& block, std::size_t n_blocks, const std::filesystem::path& folds) {
    if (block.fold < 1 || static_cast<std::size_t>(block.fold) > n_blocks) {
        throw Error(ExitCode::input, {.where = folds.string() + ":blocks",
                                      .field = "fold=" + std::to_string(block.fold),
                                      .problem = "folds of " + std::to_string(n_blocks) + " blocks go from 1 to " +
                                                 std::to_string(n_blocks),
                                      .fix = "make the file again with lcclass cv"});
    }
}

/// How many folds have a colour of their own.
std::size_t n_colors() {
    int n = 1;
    while (default_color(n) != default_color(0)) {
        ++n;
    }
    return static_cast<std::size_t>(n);
}

} // namespace

void add_polygons(const RasterFile& labels, const std::filesystem::path& path, report::MapView& view,
                  Progress& progress) {
    const LabelOutlines outlines = trace_labels(*labels.source, {.where = path.string()}, progress);
    if (outlines.too_many_runs) {
        view.missing.emplace_back("Training polygons: left out, they are too many to be drawn.");
        return;
    }
    OverlayLayer layer{.id = "polygons",
                       .title = "Training polygons",
                       .caption = caption_of(outlines),
                       .categories = {},
                       .shapes = {},
                       .shown = false};
    std::map<std::int32_t, std::int64_t> counts;
    for (const LabelOutline& shape : outlines.shapes) {
        ++counts[shape.class_code];
    }
    std::map<std::int32_t, int> category;
    for (const auto& [code, n] : counts) {
        const std::optional<int> at = labels.legend ? labels.legend->index_of(code) : std::nullopt;
        const auto position = static_cast<int>(category.size());
        layer.categories.push_back({.name = at ? labels.legend->at(*at).name : std::to_string(code),
                                    .color = at ? labels.legend->at(*at).color : default_color(position),
                                    .note = with_thousands(n)});
        category.emplace(code, position);
    }
    for (const LabelOutline& shape : outlines.shapes) {
        const int position = category.at(shape.class_code);
        layer.shapes.push_back({.rings = shape.rings,
                                .category = position,
                                .note = layer.categories[static_cast<std::size_t>(position)].name + ", polygon " +
                                        std::to_string(shape.polygon_id)});
    }
    view.overlays.push_back(std::move(layer));
}

void add_folds(const std::filesystem::path& folds, report::MapView& view) {
    std::map<std::string, OverlayLayer> by_scheme;
    const std::vector<BlockOutline> blocks = read_fold_blocks(folds, view.grid.full);
    for (const BlockOutline& block : blocks) {
        check_fold(block, blocks.size(), folds);
        OverlayLayer& layer = by_scheme[block.scheme];
        layer.id = "blocks-" + block.scheme;
        layer.title = "Blocks, " + block.scheme + " folds";
        layer.caption = "Blocks of one colour are tested together, by a model of all others.";
        while (static_cast<int>(layer.categories.size()) < block.fold) {
            const auto position = static_cast<int>(layer.categories.size());
            layer.categories.push_back(
                {.name = "fold " + std::to_string(position + 1), .color = default_color(position), .note = {}});
        }
        layer.shapes.push_back(
            {.rings = {block.ring}, .category = block.fold - 1, .note = "fold " + std::to_string(block.fold)});
    }
    for (auto& [scheme, layer] : by_scheme) {
        if (layer.categories.size() > n_colors()) {
            layer.caption = "Blocks of one fold are tested together, by a model of all others. Colours repeat after " +
                            std::to_string(n_colors()) + " folds; a block tells its fold when it is pointed at.";
        }
        view.overlays.push_back(std::move(layer));
    }
    for (const SchemeJudgement& judged : read_fold_judgements(folds, view.grid.full)) {
        view.overlays.push_back(errors_of(judged));
    }
}

} // namespace lcclass
