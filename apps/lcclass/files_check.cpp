#include "files_check.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"

#include <string>

namespace lcclass {

namespace fs = std::filesystem;

namespace {

bool same_path(const fs::path& a, const fs::path& b) {
    return same_file(a, b) || fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal();
}

} // namespace

void check_outputs_are_apart(const Command& command) {
    const auto inputs = command.inputs();
    const auto outputs = command.outputs();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        for (const fs::path& input : inputs) {
            if (same_path(outputs[i], input)) {
                throw Error(ExitCode::command_line, {.where = outputs[i].string(),
                                                     .field = command.name(),
                                                     .problem = "is an output and an input (" + input.string() + ")",
                                                     .fix = "choose another output name"});
            }
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (same_path(outputs[i], outputs[j])) {
                throw Error(ExitCode::command_line, {.where = outputs[i].string(),
                                                     .field = command.name(),
                                                     .problem = "is the name of two outputs",
                                                     .fix = "choose another name for one of them"});
            }
        }
    }
}

void check_logs_are_apart(const Command& command, const GlobalOptions& globals) {
    for (const fs::path& log : {globals.log_file, globals.json_log}) {
        for (const auto& files : {command.inputs(), command.outputs()}) {
            for (const fs::path& file : files) {
                if (!log.empty() && same_path(log, file)) {
                    throw Error(ExitCode::command_line, {.where = log.string(),
                                                         .field = {},
                                                         .problem = "is a log and a file of " + command.name(),
                                                         .fix = "give the log another name"});
                }
            }
        }
    }
}

void check_outputs_writable(const Command& command, bool overwrite) {
    for (const fs::path& output : command.outputs()) {
        std::error_code ignored;
        if (fs::is_directory(output, ignored)) {
            if (!overwrite && !fs::is_empty(output, ignored)) {
                throw Error(ExitCode::output, {.where = output.string(),
                                               .field = {},
                                               .problem = "is a folder with files in it",
                                               .fix = "choose another name or add --overwrite"});
            }
            continue;
        }
        const AtomicOutput probe(output, overwrite); // makes every check that writing makes, and leaves nothing
    }
}

void make_output_dir(const GlobalOptions& globals) {
    std::error_code status;
    if (!globals.output_dir.empty() && !fs::is_directory(globals.output_dir, status) &&
        !fs::create_directories(globals.output_dir, status) && status) {
        throw Error(ExitCode::output, {.where = globals.output_dir.string(),
                                       .field = "output_dir",
                                       .problem = "cannot be made: " + status.message(),
                                       .fix = "check the path and its permissions"});
    }
}

} // namespace lcclass
