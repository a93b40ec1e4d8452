#include "commands.h"

#include "command_line.h"
#include "describe_file.h"

namespace lcclass {

namespace {

class InfoCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "info"; }
    [[nodiscard]] std::string summary() const override { return "what is in a file of lcclass, or in a scene"; }
    [[nodiscard]] std::string example() const override { return "lcclass info model.lcm"; }
    void add_options(CLI::App& app) override {
        path_option(app, "file", m_file, "stack, labels, samples, folds, model, map, plan, scene or .json result");
        app.add_flag("--json", m_json, "as JSON, for programs");
    }
    void prepare(const GlobalOptions& /*globals*/) override {
        require_given(!m_file.empty(), "FILE", "the name of a file, as in 'lcclass info map.tif'");
    }
    [[nodiscard]] std::vector<std::filesystem::path> inputs() const override { return {m_file}; }
    [[nodiscard]] std::vector<std::filesystem::path> outputs() const override { return {}; }
    void run(Context& context) override {
        const std::string json = describe_file_json(m_file);
        context.print(m_json ? json : describe_file_text(json));
    }

private:
    std::filesystem::path m_file;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> make_info_command() {
    return std::make_unique<InfoCommand>();
}

} // namespace lcclass
