#include "lcclass/report/sections.h"

#include <utility>

namespace lcclass::report {

namespace {

TableFigure stage_table(const Provenance& provenance) {
    TableFigure figure{.text = {.id = "stages",
                                .title = "Stages",
                                .caption = "What made the outputs. Times are of the run that made them."},
                       .table = {.columns = {{"stage"}, {"version"}, {"seed", 0}, {"seconds", 1}}, .rows = {}}};
    for (const Provenance::Stage& stage : provenance.stages) {
        figure.table.rows.push_back(
            {stage.name, stage.version, std::to_string(stage.seed), stage.seconds ? Cell(*stage.seconds) : Cell()});
    }
    return figure;
}

TableFigure file_table(const Provenance& provenance) {
    TableFigure figure{.text = {.id = "files",
                                .title = "Files",
                                .caption = "Every file that a stage read or wrote, by its content (SHA-256): the same "
                                           "hash is the same file. Paths are seen from the output folder."},
                       .table = {.columns = {{"stage"}, {"role"}, {"file"}, {"bytes", 0}, {"SHA-256"}}, .rows = {}}};
    for (const Provenance::Stage& stage : provenance.stages) {
        for (const auto& [role, files] : {std::pair("input", &stage.inputs), std::pair("output", &stage.outputs)}) {
            for (const Provenance::File& file : *files) {
                figure.table.rows.push_back(
                    {stage.name, std::string(role), file.path, static_cast<double>(file.bytes), file.sha256});
            }
        }
    }
    return figure;
}

std::string commands_of(const Provenance& provenance) {
    std::string text;
    for (const Provenance::Stage& stage : provenance.stages) {
        text += stage.command_line + "\n";
    }
    return text;
}

} // namespace

Section provenance_section(const Provenance& provenance) {
    Section section{.id = "provenance", .title = "How to make it again", .blocks = {}};
    section.blocks.emplace_back(Facts{{{"Report written by", "lcclass " + provenance.version}}});
    if (provenance.stages.empty()) {
        section.blocks.emplace_back(
            Missing{"The record of stages, inputs and hashes", "lcclass run -c experiment.yml"});
    } else {
        section.blocks.emplace_back(Figure(stage_table(provenance)));
        section.blocks.emplace_back(Listing{.title = "The commands, to be run in the output folder",
                                            .file_name = "commands.sh",
                                            .text = commands_of(provenance)});
    }
    if (!provenance.config_text.empty()) {
        section.blocks.emplace_back(Listing{.title = "The config, " + provenance.config_name,
                                            .file_name = provenance.config_name,
                                            .text = provenance.config_text});
    }
    if (!provenance.stages.empty()) {
        section.blocks.emplace_back(Figure(file_table(provenance)));
    }
    return section;
}

} // namespace lcclass::report
