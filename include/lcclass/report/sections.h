/// The sections of the report of an experiment, from the files that its stages wrote.
/// Pure functions; safe from any thread.
#pragma once

#include "lcclass/core/class_legend.h"
#include "lcclass/report/document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lcclass::report {

/// A JSON file of ours: its text, and its name for messages.
struct JsonFile {
    std::string name;
    std::string text;
};

/// How good the map will be, from a `cv.json`: the verdict, random against spatial folds, folds, confusion, classes,
/// ROC, calibration, learning curve, tuning and variants as far as they were computed; what was not is named with its
/// command. Class colours are those of `legend`. Throws: Error(input) for a file that is no cv.json of ours.
Section accuracy_section(const JsonFile& cv, const ClassLegend& legend);

/// The overall accuracy to expect, with its interval, of the scheme that the verdict names, in some words; when it
/// names none (only random folds were run), it says so. Throws: Error(input).
std::string promise_of(const JsonFile& cv);

/// How good the map is and how much there is of each class, from an `accuracy.json`. Throws: Error(input).
Section areas_section(const JsonFile& accuracy);

/// The overall accuracy of the map with its interval, and what judged it, in some words. Throws: Error(input).
std::string judgement_of(const JsonFile& accuracy);

/// What the model rests on, from an `explain.json`: importance of features, groups, bands by date. Throws:
/// Error(input).
Section importance_section(const JsonFile& explain);

/// How features move the probability of each class, from the same: mean SHAP values, beeswarms, dependence,
/// interactions. Throws: Error(input).
Section shap_section(const JsonFile& explain, const ClassLegend& legend);

/// A table of samples in figures.
struct SampleSummary {
    struct OfClass {
        LandCoverClass entry;
        std::int64_t n_samples = 0;
        std::optional<std::int64_t> n_polygons; ///< nothing: the table does not say
    };
    struct Signature {
        double mean = 0;
        double low = 0;  ///< 10th percentile
        double high = 0; ///< 90th percentile
    };
    std::vector<OfClass> classes;
    std::vector<std::string> features;
    std::vector<std::string> units;                                    ///< per feature; empty: none
    std::vector<std::vector<Signature>> signatures;                    ///< per class, per feature
    std::vector<std::vector<std::optional<double>>> jeffries_matusita; ///< per pair of classes, 0..2
};

/// What was learned from: class balance, spectral signatures, separability.
Section samples_section(const SampleSummary& samples);

/// Where everything came from.
struct Provenance {
    struct File {
        std::string path;
        std::string sha256;
        std::int64_t bytes = 0;
    };
    struct Stage {
        std::string name;
        std::string version;
        std::string command_line;
        std::uint64_t seed = 0;
        std::optional<double> seconds;
        std::vector<File> inputs;
        std::vector<File> outputs;
    };
    std::string version; ///< of the program that wrote the report
    std::vector<Stage> stages;
    std::string config_name;
    std::string config_text; ///< empty: there was none
};

Section provenance_section(const Provenance& provenance);

} // namespace lcclass::report
