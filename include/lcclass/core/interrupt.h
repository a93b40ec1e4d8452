/// A request to stop that signal handlers raise and long loops look at.
/// Async-signal-safe and thread-safe.
#pragma once

namespace lcclass {

/// Asks every long loop to stop at the next opportunity; `signal_number` is kept for the message.
void request_stop(int signal_number) noexcept;

/// Throws Error(interrupted) once a stop was requested; long loops call it between units of work.
void throw_if_stopped();

} // namespace lcclass
