#include "manifest.h"

#include "command_line.h"

#include "lcclass/core/atomic_output.h"
#include "lcclass/core/error.h"
#include "lcclass/core/sha256.h"

#include <nlohmann/json.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace lcclass {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::uintmax_t largest_manifest = std::uintmax_t{64} << 20;
constexpr int format_version = 1;

Json to_json(const std::vector<FileRecord>& files, bool with_size) {
    Json list = Json::array();
    for (const FileRecord& file : files) {
        Json item = {{"path", file.path}, {"sha256", file.sha256}};
        if (with_size) {
            item["bytes"] = file.bytes;
        }
        list.push_back(std::move(item));
    }
    return list;
}

std::vector<FileRecord> files_from(const Json& list) {
    std::vector<FileRecord> files;
    for (const Json& item : list) {
        files.push_back({item.at("path"), item.at("sha256"), item.value("bytes", std::int64_t{0})});
    }
    return files;
}

std::string dump(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// Options of another version or a hand-edited file must not end the run.
Json parsed_options(const std::string& text) {
    return Json::accept(text) ? Json::parse(text) : Json::object();
}

} // namespace

std::string StageRecord::key() const {
    const Json parts = {{"version", version},
                        {"stage", stage},
                        {"options", parsed_options(options_json)},
                        {"seed", seed},
                        {"inputs", lcclass::to_json(inputs, true)}};
    return sha256_of(dump(parts, -1));
}

std::vector<StageRecord> parse_manifest(const std::string& text, const std::string& where) {
    const auto refuse = [&](const std::string& problem) {
        throw Error(
            ExitCode::input,
            {.where = where, .field = {}, .problem = problem, .fix = "move the file away; all stages will run again"});
    };
    std::vector<StageRecord> stages;
    try {
        const Json json = Json::parse(text);
        if (json.at("manifest") != format_version) {
            refuse("is a manifest of another version of lcclass");
        }
        for (const Json& item : json.at("stages")) {
            stages.push_back({.stage = item.at("stage"),
                              .version = item.at("version"),
                              .command_line = item.at("command_line"),
                              .options_json = dump(item.at("options"), -1),
                              .seed = item.at("seed"),
                              .complete = item.at("complete"),
                              .inputs = files_from(item.at("inputs")),
                              .outputs = files_from(item.at("outputs"))});
        }
    } catch (const Json::exception&) {
        refuse("is not a manifest of lcclass");
    }
    return stages;
}

Manifest Manifest::load(const fs::path& folder) {
    Manifest manifest;
    manifest.m_folder = folder;
    const fs::path file = folder / "manifest.json";
    std::error_code status;
    if (fs::exists(file, status)) {
        manifest.m_stages = parse_manifest(read_file(file, largest_manifest), file.string());
    }
    return manifest;
}

const StageRecord* Manifest::find(const std::string& stage) const {
    const auto found = std::find_if(m_stages.begin(), m_stages.end(), [&](const auto& s) { return s.stage == stage; });
    return found == m_stages.end() ? nullptr : &*found;
}

bool Manifest::owns(const fs::path& path) const {
    const std::string name = portable_path(path, m_folder);
    return std::any_of(m_stages.begin(), m_stages.end(), [&](const StageRecord& stage) {
        return std::any_of(stage.outputs.begin(), stage.outputs.end(),
                           [&](const FileRecord& output) { return output.path == name; });
    });
}

void Manifest::put(StageRecord record) {
    const auto found =
        std::find_if(m_stages.begin(), m_stages.end(), [&](const auto& s) { return s.stage == record.stage; });
    if (found == m_stages.end()) {
        m_stages.push_back(std::move(record));
    } else {
        *found = std::move(record);
    }
}

std::string Manifest::to_json() const {
    Json list = Json::array();
    for (const StageRecord& stage : m_stages) {
        list.push_back({{"stage", stage.stage},
                        {"complete", stage.complete},
                        {"key", stage.key()},
                        {"version", stage.version},
                        {"command_line", stage.command_line},
                        {"options", parsed_options(stage.options_json)},
                        {"seed", stage.seed},
                        {"inputs", lcclass::to_json(stage.inputs, true)},
                        {"outputs", lcclass::to_json(stage.outputs, true)}});
    }
    return dump({{"manifest", format_version}, {"stages", std::move(list)}}, 2) + "\n";
}

void Manifest::save() const {
    write_file_atomically(m_folder / "manifest.json", to_json(), true);
}

FileRecord FileHasher::record(const fs::path& path, const fs::path& folder) {
    std::error_code status;
    FileRecord record = fs::is_directory(path, status) ? hash_folder(path) : hash_file(path);
    record.path = portable_path(path, folder);
    return record;
}

FileRecord FileHasher::hash_file(const fs::path& path) {
    struct stat info {};
    if (stat(path.c_str(), &info) != 0) {
        throw Error(ExitCode::input, {.where = path.string(),
                                      .field = {},
                                      .problem = std::strerror(errno),
                                      .fix = "check the path; an earlier stage may have to run first"});
    }
    const Stamp stamp{info.st_dev, info.st_ino, info.st_size,
                      std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec};
    std::string& known = m_known[stamp];
    if (known.empty()) {
        known = sha256_of_file(path);
    }
    return {{}, known, info.st_size};
}

FileRecord FileHasher::hash_folder(const fs::path& path) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    Sha256 digest;
    FileRecord total;
    for (const fs::path& file : files) {
        const FileRecord record = hash_file(file);
        digest.update(file.lexically_relative(path).string() + '\0' + record.sha256 + '\n');
        total.bytes += record.bytes;
    }
    total.sha256 = digest.hex_digest();
    return total;
}

} // namespace lcclass
