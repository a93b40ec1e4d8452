#include "geo/fold_columns.h"

#include "lcclass/core/error.h"

#include <algorithm>
#include <set>

namespace lcclass {

namespace {

/// The scheme's word as a column name has it.
std::string column_word(const std::string& scheme) {
    std::string word = scheme;
    std::replace(word.begin(), word.end(), '-', '_');
    return word;
}

std::string fold_name(const std::string& scheme) {
    return "fold_" + column_word(scheme);
}

void require_whole(bool whole, FoldScheme scheme) {
    if (!whole) {
        throw Error(ExitCode::internal, {.where = "folds",
                                         .field = "scheme=" + to_string(scheme),
                                         .problem = "does not give every sample one value, or is there twice",
                                         .fix = "report this"});
    }
}

void add_prediction(const SampleTable& samples, const FoldPredictions& predictions, std::vector<ExtraColumn>& columns) {
    const std::string word = column_word(to_string(predictions.scheme));
    columns.push_back({.name = word + "_predicted", .is_integer = true, .of_row = [&predictions](std::size_t row) {
                           return static_cast<double>(predictions.class_code[row]);
                       }});
    columns.push_back({.name = word + "_probability", .is_integer = false, .of_row = [&predictions](std::size_t row) {
                           return static_cast<double>(predictions.probability[row]);
                       }});
    columns.push_back(
        {.name = word + "_right", .is_integer = true, .of_row = [&samples, &predictions](std::size_t row) {
             return predictions.class_code[row] == samples.class_code[row] ? 1.0 : 0.0;
         }});
}

} // namespace

std::vector<ExtraColumn> extra_columns(const SampleTable& samples, const FoldColumns& columns) {
    const std::size_t n = samples.class_code.size();
    std::vector<ExtraColumn> result;
    std::set<FoldScheme> folded;
    for (const FoldAssignment& assignment : columns.assignments) {
        require_whole(assignment.fold.size() == n && folded.insert(assignment.scheme).second, assignment.scheme);
        result.push_back(
            {.name = fold_name(to_string(assignment.scheme)),
             .is_integer = true,
             .of_row = [&assignment](std::size_t row) { return static_cast<double>(assignment.fold[row]); }});
    }
    std::set<FoldScheme> predicted;
    for (const FoldPredictions& predictions : columns.predictions) {
        require_whole(predictions.class_code.size() == n && predictions.probability.size() == n &&
                          predicted.insert(predictions.scheme).second,
                      predictions.scheme);
        add_prediction(samples, predictions, result);
    }
    return result;
}

bool is_fold_column(std::string_view name) {
    const std::vector<std::string> schemes = fold_scheme_words();
    return std::any_of(schemes.begin(), schemes.end(), [&](const std::string& scheme) {
        const std::string word = column_word(scheme);
        return name == fold_name(scheme) || name == word + "_predicted" || name == word + "_probability" ||
               name == word + "_right";
    });
}

std::vector<VectorField> fields_of(const std::vector<ExtraColumn>& columns) {
    std::vector<VectorField> fields;
    for (const ExtraColumn& column : columns) {
        fields.push_back({.name = column.name,
                          .type = column.is_integer ? OFTInteger : OFTReal,
                          .subtype = column.is_integer ? OFSTNone : OFSTFloat32,
                          .title = {}});
    }
    return fields;
}

void fill_columns(OGRFeatureH feature, int first, const std::vector<ExtraColumn>& columns, std::size_t row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const int field = first + static_cast<int>(i);
        if (columns[i].is_integer) {
            OGR_F_SetFieldInteger(feature, field, static_cast<int>(columns[i].of_row(row)));
        } else {
            OGR_F_SetFieldDouble(feature, field, columns[i].of_row(row));
        }
    }
}

} // namespace lcclass
