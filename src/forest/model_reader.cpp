#include "forest/model_format.h"
#include "forest/tree_decoder.h"
#include "lcclass/core/error.h"
#include "lcclass/forest/model.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <utility>

namespace lcclass {

namespace {

using namespace model_format;
using nlohmann::json;

/// What a file that is not ours begins with, and what it then probably is.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> other_formats = {{
    {"\x80", "a Python pickle or joblib file (scikit-learn?)"},
    {"\x1f\x8b", "a gzip file"},
    {"PK", "a zip file"},
    {"II*", "a TIFF"},
    {"MM\0*", "a TIFF"},
    {"SQLite format 3", "a GeoPackage or SQLite file"},
    {"%YAML", "a YAML file (an OTB or OpenCV model?)"},
    {"{", "a JSON file"},
    {"<", "an XML or HTML file"},
}};

class ModelReader {
public:
    ModelReader(const std::string& bytes, const std::string& where) : m_bytes(bytes), m_where(where) {}

    Model run() {
        check_envelope();
        read_header();
        std::array<std::uint64_t, n_sections> sizes = section_sizes(m_counts);
        std::uint64_t at = preamble_size + m_header_size;
        for (std::size_t s = 0; s < n_sections; ++s) {
            m_section[s] = m_bytes.data() + at;
            at += padded(sizes[s]);
            if (at > m_bytes.size() - digest_size) {
                fail("n_nodes=" + std::to_string(m_counts.n_nodes), "the header promises more than the file holds");
            }
            check_padding(m_section[s] + sizes[s], m_bytes.data() + at);
        }
        if (at != m_bytes.size() - digest_size) {
            fail("file size", "there are bytes that no section accounts for");
        }
        return build();
    }

private:
    [[noreturn]] void fail(const std::string& field, const std::string& problem) const {
        fail(field, problem, "make the model again with lcclass train, or take the original file");
    }
    [[noreturn]] void fail(const std::string& field, const std::string& problem, const std::string& fix) const {
        throw Error(ExitCode::model, {.where = m_where, .field = field, .problem = problem, .fix = fix});
    }

    void check_magic() const {
        if (m_bytes.empty()) {
            fail("", "the file is empty");
        }
        if (m_bytes.compare(0, magic.size(), magic, 0, std::min(magic.size(), m_bytes.size())) == 0) {
            return;
        }
        std::string looks_like = "is not an lcclass model";
        for (const auto& [start, what] : other_formats) {
            if (m_bytes.starts_with(start)) {
                looks_like += "; it looks like " + std::string(what);
                break;
            }
        }
        fail("", looks_like, "give a file that lcclass train made");
    }

    void check_envelope() {
        check_magic();
        const std::string has = ", has " + std::to_string(m_bytes.size());
        if (m_bytes.size() < preamble_size + digest_size) {
            fail("", "truncated: needs at least " + std::to_string(preamble_size + digest_size) + " bytes" + has);
        }
        const auto file_version = load<std::uint32_t>(m_bytes.data() + 8);
        m_calibrated = file_version > uncalibrated_version;
        if (file_version < uncalibrated_version || file_version > version) {
            fail("version=" + std::to_string(file_version), "this lcclass reads model files of versions 1 and 2",
                 file_version > version ? "use the lcclass that made it, or a newer one" : "train the model again");
        }
        const auto size = load<std::uint64_t>(m_bytes.data() + 16);
        if (m_bytes.size() < size) {
            fail("", "truncated: needs " + std::to_string(size) + " bytes" + has);
        }
        if (m_bytes.size() > size) {
            fail("", "bytes follow the end of the model: needs " + std::to_string(size) + has);
        }
        const std::string_view content(m_bytes.data(), m_bytes.size() - digest_size);
        if (digest_of(content) != std::string_view(m_bytes).substr(content.size())) {
            fail("", "the checksum does not match: the file was damaged or altered");
        }
        m_header_size = load<std::uint32_t>(m_bytes.data() + 12);
        if (m_header_size % alignment != 0 || m_header_size > content.size() - preamble_size) {
            fail("header size=" + std::to_string(m_header_size), "does not fit the file");
        }
    }

    std::uint64_t number(const json& header, const char* name, std::uint64_t least, std::uint64_t most) const {
        const auto found = header.find(name);
        if (found == header.end() || !found->is_number_unsigned()) {
            fail(std::string("header.") + name, "is missing or not a whole number");
        }
        const auto value = found->get<std::uint64_t>();
        if (value < least || value > most) {
            fail(std::string("header.") + name + "=" + std::to_string(value),
                 "must be " + std::to_string(least) + " to " + std::to_string(most) + " in a file of this size");
        }
        return value;
    }

    std::string text(const json& header, const char* name) const {
        const auto found = header.find(name);
        if (found == header.end() || !found->is_string()) {
            fail(std::string("header.") + name, "is missing or not a text");
        }
        return found->get<std::string>();
    }

    /// Every count is compared with the bytes there are before anything is multiplied or allocated.
    void read_header() {
        const std::string_view raw(m_bytes.data() + preamble_size, m_header_size);
        const json header = json::parse(raw, nullptr, false);
        if (!header.is_object()) {
            fail("header", "is not a JSON object in UTF-8");
        }
        const std::uint64_t bytes = m_bytes.size();
        m_counts.n_features = number(header, "n_features", 1, std::min<std::uint64_t>(65535, bytes));
        m_counts.n_classes = number(header, "n_classes", 1, RandomForest::max_classes);
        m_counts.n_trees = number(header, "n_trees", 1, std::min<std::uint64_t>(RandomForest::max_trees, bytes));
        m_counts.n_nodes = number(header, "n_nodes", m_counts.n_trees, bytes);
        m_counts.n_thresholds = number(header, "n_thresholds", 0, bytes);
        m_counts.n_distributions = number(header, "n_distributions", 1, bytes);
        m_depth = number(header, "depth", 0, bytes);
        if ((m_counts.n_nodes - m_counts.n_trees) % 2 != 0) {
            fail("header.n_nodes=" + std::to_string(m_counts.n_nodes),
                 "trees of two children have odd numbers of nodes");
        }
        const std::string cover = text(header, "cover");
        const auto word = std::find(cover_words.begin(), cover_words.end(), cover);
        if (word == cover_words.end()) {
            fail("header.cover=" + cover, "must be u8, u16 or f32");
        }
        m_counts.cover = static_cast<CoverType>(word - cover_words.begin());
        read_names(header);
        read_priors(header);
        read_calibration(header);
        m_recipe = text(header, "recipe");
        m_training = text(header, "training");
    }

    void read_names(const json& header) {
        const auto found = header.find("features");
        if (found == header.end() || !found->is_array() || found->size() != m_counts.n_features) {
            fail("header.features", "must be one name per feature");
        }
        std::set<std::string> seen;
        for (const json& name : *found) {
            if (!name.is_string()) {
                fail("header.features", "a name is not a text");
            }
            const auto& word = name.get_ref<const std::string&>();
            if (word.empty() || escape_control(word) != word || word.find('\0') != std::string::npos) {
                fail("header.features=" + word, "is empty or has control characters");
            }
            if (!seen.insert(word).second) {
                fail("header.features=" + word, "the name occurs twice");
            }
            m_names.push_back(word);
        }
        const auto legend = header.find("legend");
        if (legend == header.end() || !legend->is_array() || legend->size() != m_counts.n_classes) {
            fail("header.legend", "must be one entry per class");
        }
        try {
            m_legend = ClassLegend::from_json(legend->dump(), m_where);
        } catch (const Error& error) {
            fail("header.legend", error.fault().field + " " + error.fault().problem);
        }
    }

    std::vector<double> numbers(const json& parent, const char* name, const std::string& field) const {
        const auto found = parent.find(name);
        if (found == parent.end() || !found->is_array()) {
            fail(field + "." + name, "is missing or not a list");
        }
        std::vector<double> values;
        for (const json& value : *found) {
            if (!value.is_number()) {
                fail(field + "." + name, "a value is not a number");
            }
            values.push_back(value.get<double>());
        }
        return values;
    }

    void read_priors(const json& header) {
        if (!header.contains("training_priors")) {
            return;
        }
        m_priors = numbers(header, "training_priors", "header");
        double sum = 0;
        for (const double prior : m_priors) {
            if (!(prior > 0)) {
                fail("header.training_priors", "a share is not above 0");
            }
            sum += prior;
        }
        constexpr double rounding = 1e-9;
        if (m_priors.size() != m_counts.n_classes || !(std::abs(sum - 1) <= rounding)) {
            fail("header.training_priors", "must be one share per class and sum to 1");
        }
    }

    /// The version says whether there is a calibration: a program that knows version 1 alone would not apply it.
    void read_calibration(const json& header) {
        const auto found = header.find("calibration");
        if (m_calibrated != (found != header.end())) {
            fail("header.calibration",
                 m_calibrated ? "is missing in a file of version 2" : "is more than a file of version 1 can hold");
        }
        if (!m_calibrated) {
            return;
        }
        const std::string field = "header.calibration";
        if (!found->is_object() || !found->contains("curves") || !found->at("curves").is_array()) {
            fail(field, "has no list of curves");
        }
        const std::string method = text(*found, "method");
        if (method != "isotonic" && method != "sigmoid") {
            fail(field + ".method=" + method, "must be isotonic or sigmoid");
        }
        m_calibration.method = parse_calibration_method(method);
        for (const json& entry : found->at("curves")) {
            m_calibration.curves.push_back(read_curve(entry, field));
        }
    }

    CalibrationCurve read_curve(const json& entry, const std::string& field) const {
        if (!entry.is_object()) {
            fail(field + ".curves", "an entry is not an object");
        }
        CalibrationCurve curve;
        if (m_calibration.method == CalibrationMethod::isotonic) {
            curve.votes = numbers(entry, "votes", field);
            curve.probability = numbers(entry, "probability", field);
            return curve;
        }
        if (!entry.contains("slope") || !entry["slope"].is_number() || !entry.contains("intercept") ||
            !entry["intercept"].is_number()) {
            fail(field + ".curves", "slope or intercept is missing or not a number");
        }
        curve.slope = entry["slope"].get<double>();
        curve.intercept = entry["intercept"].get<double>();
        return curve;
    }

    void check_padding(const char* begin, const char* end) const {
        if (std::any_of(begin, end, [](char c) { return c != 0; })) {
            fail("padding", "there are bytes that no section accounts for");
        }
    }

    RandomForest::Parts read_tables() const {
        RandomForest::Parts parts{.n_features = static_cast<int>(m_counts.n_features),
                                  .n_classes = static_cast<int>(m_counts.n_classes)};
        std::uint64_t used = 0;
        for (std::uint64_t f = 0; f < m_counts.n_features; ++f) {
            const auto n = load<std::uint32_t>(m_section[threshold_counts] + 4 * f);
            if (n > m_counts.n_thresholds - used) {
                fail("thresholds of feature " + std::to_string(f), "there are fewer in the file");
            }
            auto& list = parts.thresholds.emplace_back(n);
            std::copy_n(m_section[thresholds] + 4 * used, 4 * n, reinterpret_cast<char*>(list.data()));
            used += n;
        }
        if (used != m_counts.n_thresholds) {
            fail("header.n_thresholds=" + std::to_string(m_counts.n_thresholds), "some belong to no feature");
        }
        parts.distributions.resize(m_counts.n_distributions * m_counts.n_classes);
        std::copy_n(m_section[distributions], 2 * parts.distributions.size(),
                    reinterpret_cast<char*>(parts.distributions.data()));
        return parts;
    }

    Model build() {
        RandomForest::Parts parts = read_tables();
        try {
            parts.trees = decode_trees(m_counts, m_section);
            check_calibration(m_calibration, m_counts.n_classes);
            Model model{.forest = RandomForest(std::move(parts)),
                        .feature_names = std::move(m_names),
                        .legend = std::move(m_legend),
                        .recipe_json = std::move(m_recipe),
                        .training_json = std::move(m_training),
                        .training_priors = std::move(m_priors),
                        .calibration = std::move(m_calibration)};
            if (static_cast<std::uint64_t>(model.forest.depth()) != m_depth) {
                fail("header.depth=" + std::to_string(m_depth),
                     "the trees are " + std::to_string(model.forest.depth()) + " deep");
            }
            return model;
        } catch (const Error& error) {
            fail(error.fault().field, error.fault().problem);
        }
    }

    const std::string& m_bytes;
    const std::string& m_where;
    std::uint64_t m_header_size = 0;
    Counts m_counts;
    std::uint64_t m_depth = 0;
    std::vector<std::string> m_names;
    ClassLegend m_legend;
    std::string m_recipe;
    std::string m_training;
    bool m_calibrated = false; ///< as the version says
    std::vector<double> m_priors;
    ProbabilityCalibration m_calibration;
    std::array<const char*, n_sections> m_section{};
};

} // namespace

Model decode_model(const std::string& bytes, const std::string& where) {
    return ModelReader(bytes, where).run();
}

} // namespace lcclass
