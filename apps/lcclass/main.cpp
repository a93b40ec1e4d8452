#include "command.h"
#include "process.h"
#include "program.h"

#include <string>
#include <vector>

int main(int argc, char** argv) {
    lcclass::set_up_process();
    return lcclass::run_program(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc),
                                lcclass::make_commands);
}
