#include "command_line.h"
#include "commands.h"

#include "lcclass/assess/map_accuracy.h"
#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/geo/raster_file.h"
#include "stage_files.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace lcclass {

namespace {

/// The classes of both. Codes that mean different classes in the two would be compared all the same: an error.
ClassLegend merged(const ClassLegend& map, const ClassLegend& reference, const std::string& where) {
    std::vector<LandCoverClass> classes = map.classes();
    for (const LandCoverClass& entry : reference.classes()) {
        const auto index = map.index_of(entry.code);
        if (!index) {
            classes.push_back(entry);
        } else if (map.at(*index).name != entry.name) {
            throw Error(ExitCode::input,
                        {.where = where,
                         .field = "class_code=" + std::to_string(entry.code),
                         .problem = "is '" + entry.name + "' here and '" + map.at(*index).name + "' in the map",
                         .fix = "bring both to one class map (rasterize --class-map)"});
        }
    }
    return ClassLegend(std::move(classes));
}

class AssessCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "assess"; }
    [[nodiscard]] std::string summary() const override { return "map against a reference raster, pixel by pixel"; }
    [[nodiscard]] std::string example() const override {
        return "lcclass assess --map map.tif --reference truth.tif -o accuracy.json";
    }

    void add_options(CLI::App& app) override {
        path_option(app, "--map", m_map, "class map [map.tif]");
        path_option(app, "--reference", m_reference, "class raster on the map's grid that the map was not trained on");
        path_option(app, "--cv", m_cv, "also compare with what this cv.json promised");
        path_option(app, "-o,--output", m_output, "figures to write [accuracy.json]");
    }

    void prepare(const GlobalOptions& globals) override {
        require_given(!m_reference.empty(), "--reference", "the reference raster, as in --reference truth.tif");
        m_map_path = path_or_default(m_map, globals, "map.tif", "--map");
        m_path = path_or_default(m_output, globals, "accuracy.json", "--output");
    }

    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override {
        std::vector<std::filesystem::path> paths = {m_map_path, m_reference};
        if (!m_cv.empty()) {
            paths.push_back(m_cv);
        }
        return paths;
    }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override { return {m_path}; }

    [[nodiscard]] std::optional<Estimate> estimate(PlanFacts& facts) const override {
        return Estimate{.memory_bytes = block_memory(2),
                        .disk_bytes = 1 << 16,
                        .seconds = static_cast<double>(facts.pixels) / 60e6};
    }

    void run(Context& context) override {
        const RasterFile map = open_raster(m_map_path);
        const RasterFile reference = open_raster(m_reference);
        require_same_grid(reference.source->grid(), m_reference.string(), map.source->grid(), m_map_path.string());
        if (!map.legend) {
            throw Error(ExitCode::input, {.where = m_map_path.string(),
                                          .field = "legend",
                                          .problem = "is not in the file: it is no class map",
                                          .fix = "name a map that lcclass predict made"});
        }
        const ClassLegend legend =
            reference.legend ? merged(*map.legend, *reference.legend, m_reference.string()) : *map.legend;
        const nlohmann::ordered_json promised = m_cv.empty() ? nlohmann::ordered_json() : read_promises();
        const MapAccuracy accuracy = compare_with_reference(*map.source, *reference.source, legend, context.progress);
        write_file_atomically(m_path, to_json(accuracy), context.globals.overwrite);
        context.print(to_table(accuracy));
        if (!m_cv.empty()) {
            print_promises(promised, accuracy.report, context);
        }
        context.print(m_path.string());
    }

private:
    /// Scheme name -> mean test figures, of the cv.json.
    [[nodiscard]] nlohmann::ordered_json read_promises() const {
        try {
            nlohmann::ordered_json promises;
            const auto cv = nlohmann::ordered_json::parse(read_file(m_cv));
            for (const auto& [scheme, result] : cv.at("schemes").items()) {
                const auto& test = result.at("mean").at("test");
                promises[scheme] = {test.at("overall_accuracy").get<double>(), test.at("f1_weighted").get<double>()};
            }
            return promises;
        } catch (const nlohmann::json::exception&) {
            throw Error(ExitCode::input, {.where = m_cv.string(),
                                          .field = "schemes",
                                          .problem = "does not hold the mean test figures of cross-validation",
                                          .fix = "name a cv.json that lcclass cv made"});
        }
    }

    /// What every cross-validation scheme said beside what is true of the map.
    static void print_promises(const nlohmann::ordered_json& promises, const AccuracyReport& truth, Context& context) {
        context.print("");
        context.print("                          overall accuracy   weighted F1   promise - truth");
        for (const auto& [scheme, figures] : promises.items()) {
            const double overall = figures[0].get<double>();
            std::array<char, 32> difference{};
            std::snprintf(difference.data(), difference.size(), "%+15.1f", 100 * (overall - *truth.overall_accuracy));
            print_row(scheme + " folds", overall, figures[1].get<double>(), difference.data(), context);
        }
        print_row("true, over the whole map", *truth.overall_accuracy, *truth.f1_weighted, "", context);
    }

    static void print_row(const std::string& name, double overall, double f1, const std::string& difference,
                          Context& context) {
        std::array<char, 120> line{};
        std::snprintf(line.data(), line.size(), "%-26s %13.1f %% %11.1f %% %s", name.c_str(), 100 * overall, 100 * f1,
                      difference.c_str());
        context.print(line.data());
    }

    std::filesystem::path m_map;
    std::filesystem::path m_reference;
    std::filesystem::path m_cv;
    std::filesystem::path m_output;
    std::filesystem::path m_map_path;
    std::filesystem::path m_path;
};

} // namespace

std::unique_ptr<Command> make_assess_command() {
    return std::make_unique<AssessCommand>();
}

} // namespace lcclass
