// interlock: the command line. One file per subcommand; what they do is in the libraries below.
#include <algorithm>
#include <exception>
#include <iostream>

#include "cli/command.hpp"
#include "lang/check/names.hpp"

using namespace interlock::cli;

namespace {

constexpr const char* examples =
    "Examples:\n"
    "  interlock demo                        the DAO attack: found, replayed, explained, fixed\n"
    "  interlock check bank.ilk              attack, proof, or an honest \"unknown\"\n"
    "  interlock bank.ilk                    the same\n"
    "  interlock run bank.ilk 'deposit()' --from alice --value 2ether 'withdraw(uint256)' 1ether --from alice\n"
    "  interlock scenario bank.ilk           scenarios, tests and invariants, like forge\n"
    "  interlock replay Bank.solvent.trace.json\n"
    "  interlock build bank.ilk --emit=abi\n"
    "  interlock fmt --check src/*.ilk\n"
    "  interlock statetest GeneralStateTests --fork Cancun\n"
    "  interlock blocktest BlockchainTests\n"
    "\n"
    "Exit codes: 0 nothing found, 1 findings, 2 inconclusive (with --strict), 64 usage, 65 errors in the input, 70 "
    "internal.\n";

bool is_command(const CLI::App& app, const std::string& word) {
    return std::ranges::any_of(app.get_subcommands({}), [&](const CLI::App* each) { return each->check_name(word); });
}

int no_command(const CLI::App& app, const std::string& word) {
    std::vector<std::string> commands;
    for (const CLI::App* each : app.get_subcommands({})) commands.push_back(each->get_name());
    const std::string_view similar = interlock::lang::closest(word, commands);
    std::cerr << "interlock: there is no command `" << word << "`";
    if (!similar.empty()) std::cerr << "; did you mean `" << similar << "`?";
    std::cerr << "\nRun `interlock --help` for the commands there are.\n";
    return exit_usage;
}

int dispatch(int argc, char** argv) {
    CLI::App app{"Interlock: a smart-contract virtual machine and reentrancy analyzer", "interlock"};
    app.set_version_flag("--version", "interlock " INTERLOCK_VERSION);
    app.footer(examples);
    app.require_subcommand(1);
    Common common;
    int exit = exit_ok;
    add_check(app, common, exit);
    add_run(app, common, exit);
    add_scenario(app, common, exit);
    add_replay(app, common, exit);
    add_build(app, common, exit);
    add_fmt(app, common, exit);
    add_demo(app, common, exit);
    add_explain(app, common, exit);
    add_statetest(app, common, exit);
    add_blocktest(app, common, exit);

    // `check` is the default: a first word with a dot or a slash in it is a file.
    std::vector<std::string> words(argv + 1, argv + argc);
    const bool is_file =
        !words.empty() && !words.front().starts_with('-') && words.front().find_first_of("./") != std::string::npos;
    if (is_file) words.insert(words.begin(), "check");
    if (words.empty()) words.push_back("--help");
    if (!words.front().starts_with('-') && !is_command(app, words.front())) return no_command(app, words.front());
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    try {
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) std::cerr << "interlock: ";
        const int code = app.exit(error, std::cout, std::cerr);
        return code == 0 ? exit_ok : exit_usage;
    }
    return exit;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return dispatch(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "interlock: internal error: " << error.what() << "\n";
        return exit_internal;
    }
}
