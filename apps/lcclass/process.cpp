#include "process.h"

#include "lcclass/core/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace lcclass {

namespace {

std::atomic<int> signals_seen{0};

extern "C" void stop_on_signal(int signal_number) {
    const int saved_errno = errno;
    if (signals_seen.fetch_add(1) > 0) {
        _exit(128 + signal_number);
    }
    request_stop(signal_number);
    errno = saved_errno;
}

/// Writing to a stdout that was closed must fail, hence /dev/null opened for reading.
void occupy(int descriptor, int flags) {
    if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
        // open gives the lowest free number, which is this one since those below are occupied already
        (void)!open("/dev/null", flags);
    }
}

void handle(int signal_number, void (*handler)(int)) {
    struct sigaction before {};
    sigaction(signal_number, nullptr, &before);
    if (signal_number == SIGHUP && before.sa_handler == SIG_IGN) {
        return; // nohup
    }
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, nullptr);
}

} // namespace

void set_up_process() {
    occupy(STDIN_FILENO, O_RDONLY);
    occupy(STDOUT_FILENO, O_RDONLY);
    occupy(STDERR_FILENO, O_RDWR);
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
        handle(signal_number, stop_on_signal);
    }
    handle(SIGPIPE, SIG_IGN);
    handle(SIGXFSZ, SIG_IGN);
}

} // namespace lcclass
