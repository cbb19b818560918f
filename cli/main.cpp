// interlock: the command line. Each command has its own file; the libraries below do the work.
#include "cli/command_line.hpp"
#include "cli/supervise.hpp"

using namespace interlock::cli;

int main(int argc, char** argv) {
    return supervise([&] {
        const Command commands[] = {check_command(),     run_command(),       scenario_command(), replay_command(),
                                    verify_command(),    build_command(),     fmt_command(),      demo_command(),
                                    explain_command(),   model_command(),     quorums_command(),  sim_command(),
                                    statetest_command(), blocktest_command(), compare_command(),  node_test_command()};
        return run_command_line(commands, {argv + 1, argv + argc});
    });
}
