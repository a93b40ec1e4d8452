/// From a recipe and the bands at hand to the steps that make its features.
/// Belongs to one thread.
#pragma once

#include "features/date_roles.h"
#include "features/feature_names.h"
#include "features/feature_program.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lcclass {

/// Numbers that a recipe still lacks, and the planes they are to be fitted to.
struct FitRequest {
    enum class Kind { range, standard, components };
    Kind kind = Kind::range;
    std::string key;         ///< of the recipe's `ranges` or `standards`
    std::vector<int> planes; ///< components: its inputs; otherwise planes whose values count alike
};

class FeatureCompiler {
public:
    /// Throws Error(input) naming the first band of the recipe that `bands` lacks; as DateRoles.
    FeatureCompiler(const FeatureRecipe& recipe, const RasterSource& bands);

    /// The plane of a feature; nothing when it waits for something to be fitted.
    std::optional<int> compile(const std::string& formula);

    /// What is to be fitted before the features compiled so far can be made.
    [[nodiscard]] const std::vector<FitRequest>& requests() const { return m_requests; }
    [[nodiscard]] const DateRoles& roles() const { return m_roles; }
    /// Position of a band in the source, or nothing for what is computed.
    [[nodiscard]] std::optional<std::size_t> band_of(int plane) const;

    /// The program whose features are `results`. Requires: nothing is compiled afterwards.
    FeatureProgram finish(std::vector<int> results);

private:
    using Scope = std::optional<Acquisition>;

    std::optional<int> compile(const FeatureExpression& expression, Scope scope);
    std::optional<int> compile_when(const FeatureExpression& expression);
    std::optional<int> compile_name(const std::string& name, Scope scope);
    std::optional<int> compile_call(const FeatureExpression& call, Scope scope);
    std::optional<int> compile_component(int number);
    std::optional<int> compile_medoid(const FeatureExpression& expression, const std::vector<Acquisition>& dates);
    std::optional<std::vector<int>> compile_all(const std::vector<FeatureExpression>& expressions, Scope scope);
    std::optional<std::vector<int>> compile_on(const FeatureExpression& expression,
                                               const std::vector<Acquisition>& dates);
    /// The values that a call needs and that the recipe may lack: then they are requested.
    std::optional<FeatureRecipe::Fitted> fitted(FitRequest::Kind kind, const std::string& key, int plane);
    void request(FitRequest::Kind kind, const std::string& key, const std::vector<int>& planes);

    int add_step(std::unique_ptr<FeatureStep> step, std::vector<int> inputs);
    /// The plane that one more output of the step `family` is; `make` makes the step the first time.
    template <class Step, class Output, class Make>
    int add_output(const std::string& family, const Output& output, const std::string& word, std::vector<int> inputs,
                   Make make);

    const FeatureRecipe& m_recipe;
    std::vector<std::string> m_band_names;
    Definitions m_definitions;
    DateRoles m_roles;
    std::map<std::string, int> m_planes; ///< by what is in them
    std::vector<FeatureProgram::Instruction> m_instructions;
    std::map<std::string, std::size_t> m_families; ///< the instruction of a step with several outputs
    std::vector<FitRequest> m_requests;
    Scope m_only_date; ///< of bands with a date where the recipe knows none
    int m_n_planes;
    int m_depth = 0; ///< of the expression that is being compiled
};

} // namespace lcclass
