#include "shap_background.h"

#include "lcclass/core/error.h"
#include "lcclass/core/rng.h"
#include "training.h"

#include <CLI/App.hpp>

#include <algorithm>
#include <numeric>

namespace lcclass {

namespace {

constexpr std::uint64_t background_stream = 0xBAC6;
constexpr std::int64_t most_background_rows = 100'000;

} // namespace

void add_background_options(CLI::App& app, BackgroundArguments& arguments) {
    app.add_option("--background", arguments.rows,
                   "SHAP values against so many of the samples (interventional); 0: against the training draws");
}

void check_background_options(const BackgroundArguments& arguments) {
    if (arguments.rows < 0 || arguments.rows > most_background_rows) {
        throw Error(ExitCode::configuration, {.where = {},
                                              .field = "--background=" + std::to_string(arguments.rows),
                                              .problem = "is out of range",
                                              .fix = "0 to 100000; 100 are enough for most purposes"});
    }
}

std::unique_ptr<const TreeShap> make_tree_shap(const Model& model, const SampleTable& samples,
                                               const std::filesystem::path& samples_path,
                                               const BackgroundArguments& arguments, std::uint64_t seed) {
    if (arguments.rows == 0) {
        return std::make_unique<const TreeShap>(model.forest);
    }
    const SampleTable background =
        select_rows(samples, draw_rows(samples.size(), arguments.rows, seed, background_stream));
    return std::make_unique<const TreeShap>(model.forest, features_of(background, model, samples_path.string()));
}

std::string shap_kind(const TreeShap& shap) {
    return shap.background_rows() == 0
               ? "path-dependent"
               : "interventional, " + std::to_string(shap.background_rows()) + " background rows";
}

std::vector<std::int64_t> draw_rows(std::int64_t n, std::int64_t wanted, std::uint64_t seed, std::uint64_t stream) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    if (wanted > 0 && wanted < n) {
        Rng(seed, stream).shuffle(std::span<std::int64_t>(rows));
        rows.resize(static_cast<std::size_t>(wanted));
        std::sort(rows.begin(), rows.end());
    }
    return rows;
}

} // namespace lcclass
