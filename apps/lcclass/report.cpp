#include "command_line.h"
#include "commands.h"
#include "output_folder.h"
#include "qgis_layers.h"
#include "report_document.h"
#include "resources.h"
#include "stage_files.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/text.h"

#include <algorithm>
#include <fstream>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

/// Stands in the folder of pictures, and tells it from one that must not be replaced.
constexpr const char* picture_list = "pictures.txt";

class ReportCommand final : public Command {
public:
    [[nodiscard]] std::string name() const override { return "report"; }
    [[nodiscard]] std::string summary() const override {
        return "a page with the map, its accuracy and all that led to it; Markdown; a QGIS project";
    }
    [[nodiscard]] std::string example() const override { return "lcclass report --output-dir out"; }
    void add_options(CLI::App& app) override;
    void follow(const Command& earlier) override;
    void prepare(const GlobalOptions& globals) override;
    [[nodiscard]] std::vector<fs::path> inputs() const override;
    [[nodiscard]] std::vector<fs::path> outputs() const override;
    void run(Context& context) override;

private:
    void write_pictures(const std::vector<report::PictureFile>& pictures, bool overwrite) const;
    void check_pictures() const;
    [[nodiscard]] std::string project_text(const ReportFiles& files) const;

    std::vector<std::string> m_given;
    fs::path m_output;
    ReportOptions m_options{.title = "Land cover map"};
    bool m_without_times = false;
    std::vector<fs::path> m_earlier; ///< outputs of the stages before this one in a run
    std::vector<fs::path> m_candidates;
    fs::path m_path;
    fs::path m_markdown_path;
    fs::path m_pictures_path;
    fs::path m_project_path; ///< empty: no raster, no project
};

void ReportCommand::add_options(CLI::App& app) {
    inputs_option(app, "-i,--input", m_given,
                  "files of one experiment, told by what is in them [the outputs of the stages in the output folder]")
        ->delimiter(',');
    path_option(app, "-o,--output", m_output,
                "page to write; beside it come .md, .qgs and a folder of pictures [report.html]");
    app.add_option("--title", m_options.title, "title of the page");
    app.add_flag("--no-times", m_without_times, "without run times, so that the same run gives the same bytes");
}

void ReportCommand::follow(const Command& earlier) {
    for (const fs::path& output : earlier.outputs()) {
        if (output.extension() != ".qml" && output.extension() != ".xml") { // which go with the rasters
            m_earlier.push_back(output);
        }
    }
}

void ReportCommand::prepare(const GlobalOptions& globals) {
    m_path = path_or_default(m_output, globals, "report.html", "--output");
    const fs::path stem = m_path.parent_path() / m_path.stem();
    m_markdown_path = fs::path(stem) += ".md";
    m_pictures_path = fs::path(stem) += "_files";
    m_options.times = !m_without_times;
    m_options.output_dir = globals.output_dir;
    m_options.config = globals.config;
    m_candidates.assign(m_given.begin(), m_given.end());
    if (m_candidates.empty()) {
        m_candidates = m_earlier;
    }
    if (m_candidates.empty() && !globals.output_dir.empty()) {
        m_candidates = outputs_in(globals.output_dir);
    }
    if (m_candidates.empty()) {
        throw Error(ExitCode::command_line, {.where = globals.output_dir.string(),
                                             .field = "--input",
                                             .problem = "there are no files of an experiment to report",
                                             .fix = "name them, or an --output-dir that has outputs of lcclass"});
    }
    if (std::ranges::any_of(m_candidates, [](const fs::path& path) {
            return path.extension() == ".tif" || path.extension() == ".tiff";
        })) {
        m_project_path = fs::path(stem) += ".qgs";
    }
}

std::vector<fs::path> ReportCommand::inputs() const {
    std::vector<fs::path> paths = m_candidates;
    if (!m_options.config.empty()) {
        paths.push_back(m_options.config);
    }
    return paths;
}

std::vector<fs::path> ReportCommand::outputs() const {
    std::vector<fs::path> paths = {m_path, m_markdown_path, m_pictures_path};
    if (!m_project_path.empty()) {
        paths.push_back(m_project_path);
    }
    return paths;
}

/// Throws: Error(input) when no raster among the files is of lcclass.
std::string ReportCommand::project_text(const ReportFiles& files) const {
    auto project = qgis_project(files, fs::absolute(m_project_path).parent_path(), m_options.title);
    if (!project) {
        throw Error(ExitCode::input, {.where = m_candidates.front().string(),
                                      .field = "--input",
                                      .problem = "no raster among the files is of lcclass",
                                      .fix = "name the map or the stack"});
    }
    return *std::move(project);
}

/// Throws: Error(output) when the folder of pictures has files that it did not get from lcclass.
void ReportCommand::check_pictures() const {
    std::error_code status;
    if (!fs::exists(m_pictures_path / picture_list, status)) {
        return; // OutputFolder refuses folders of others
    }
    const std::string list = "\n" + read_file(m_pictures_path / picture_list) + picture_list + "\n";
    for (const fs::directory_entry& entry : fs::directory_iterator(m_pictures_path)) {
        if (list.find("\n" + entry.path().filename().string() + "\n") == std::string::npos) {
            throw Error(ExitCode::output, {.where = entry.path().string(),
                                           .field = {},
                                           .problem = "is not of lcclass, and would be lost with the old pictures",
                                           .fix = "move it out of the folder"});
        }
    }
}

void ReportCommand::write_pictures(const std::vector<report::PictureFile>& pictures, bool overwrite) const {
    OutputFolder folder(m_pictures_path, overwrite, picture_list);
    std::string list;
    const auto write = [&](const std::string& file_name, const std::string& bytes) {
        std::ofstream file(folder.temporary() / file_name, std::ios::binary);
        file << bytes;
        if (!file.flush()) {
            throw Error(ExitCode::output, {.where = (folder.path() / file_name).string(),
                                           .field = {},
                                           .problem = "cannot be written",
                                           .fix = "check free space and permissions"});
        }
    };
    for (const report::PictureFile& picture : pictures) {
        write(picture.name, picture.png);
        list += picture.name + "\n";
    }
    write(picture_list, list);
    folder.commit();
}

void ReportCommand::run(Context& context) {
    check_pictures();
    ReportFiles files = sort_report_files(m_candidates, !m_given.empty());
    const fs::path manifest = m_options.output_dir / "manifest.json";
    if (!m_options.output_dir.empty() && fs::exists(manifest)) {
        files.manifest = manifest;
    }
    const report::Document document = report_document(files, m_options, context.progress);
    const report::MarkdownReport markdown = report::to_markdown(document, m_pictures_path.filename().string());
    const std::string page = report::to_html(document);
    const std::string project = m_project_path.empty() ? std::string() : project_text(files);
    const bool overwrite = context.globals.overwrite;
    write_pictures(markdown.pictures, overwrite);
    write_file_atomically(m_markdown_path, markdown.text, overwrite);
    if (!m_project_path.empty()) {
        write_file_atomically(m_project_path, project, overwrite);
    }
    write_file_atomically(m_path, page, overwrite);
    context.print(m_path.string() + ": open it in a browser");
    context.summary = std::to_string(document.sections.size()) + " sections, " +
                      describe_bytes(static_cast<std::int64_t>(page.size()));
    if (!m_project_path.empty()) {
        context.print(m_project_path.string() + ": open it in QGIS");
    }
}

} // namespace

std::unique_ptr<Command> make_report_command() {
    return std::make_unique<ReportCommand>();
}

} // namespace lcclass
