/// The process's manners: file descriptors, signals.
/// Call once, at the start of main, on the only thread.
#pragma once

namespace lcclass {

/// Closed standard streams are taken by /dev/null, so that no output file ends up with their number. SIGINT, SIGTERM,
/// SIGHUP and SIGUSR1 ask for a clean stop and end the process when they come again; SIGPIPE and SIGXFSZ become
/// errors of the write that caused them.
void set_up_process();

} // namespace lcclass
