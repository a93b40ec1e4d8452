/// The one error type of lcclass: what is wrong, where, and what to do about it, as one line of text.
/// Values only; safe to use from any thread.
#pragma once

#include <stdexcept>
#include <string>

namespace lcclass {

/// Process exit codes; stable, see docs/errors.md.
enum class ExitCode : int {
    ok = 0,
    command_line = 2,
    configuration = 3,
    input = 4,
    model = 5,
    output = 6,
    resources = 7,
    internal = 70,
    interrupted = 75,
};

/// The parts of an error line `<where>: <field>: <problem>; fix: <fix>`. Empty parts are left out.
struct Fault {
    std::string where;   ///< `file[:layer|band|line]`
    std::string field;   ///< `name=value`
    std::string problem; ///< what is wrong, without a final full stop
    std::string fix;     ///< what the user can do
};

/// Thrown for everything a user can cause. `what()` is the line without the `lcclass: error: ` prefix:
/// control characters escaped, at most 300 bytes.
class Error : public std::runtime_error {
public:
    Error(ExitCode code, Fault fault);

    [[nodiscard]] ExitCode code() const noexcept { return m_code; }
    [[nodiscard]] const Fault& fault() const noexcept { return m_fault; }

private:
    ExitCode m_code;
    Fault m_fault;
};

/// `text` with control characters written as `\n`, `\t`, `\xNN`, so that names from data cannot drive a terminal.
std::string escape_control(const std::string& text);

} // namespace lcclass
