#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "lang/diagnostics/printable.hpp"
#include "lang/diagnostics/spelling.hpp"

namespace interlock::cli {

namespace {

constexpr std::string_view overview =
    "Interlock: a smart-contract virtual machine and reentrancy analyzer\n"
    "\n"
    "Usage: interlock COMMAND …, or interlock FILE… to check files\n"
    "\n"
    "Commands:\n";

constexpr std::string_view examples =
    "\n"
    "`interlock COMMAND --help` says more about each.\n"
    "\n"
    "Examples:\n"
    "  interlock demo                        the DAO attack: found, replayed, explained, fixed\n"
    "  interlock check bank.ilk              attack, proof, or an honest \"unknown\"\n"
    "  interlock bank.ilk                    the same\n"
    "  interlock run bank.ilk 'deposit()' --from alice --value 2ether 'withdraw(uint256)' 1ether --from alice\n"
    "  interlock scenario bank.ilk           scenarios, tests and invariants, like forge\n"
    "  interlock replay interlock-out/bank.Bank.solvent.trace.json\n"
    "  interlock build bank.ilk --emit=abi\n"
    "  interlock fmt --check src/*.ilk\n"
    "  interlock model EVMBank --set N=2     count a model's states, check its properties\n"
    "  interlock sim --engine poa --difficult    a network of nodes, with faults\n"
    "  interlock statetest GeneralStateTests --fork Cancun\n"
    "  interlock blocktest BlockchainTests\n"
    "\n"
    "Exit codes: 0 nothing found, 1 findings, 2 inconclusive (with --strict), 64 usage, 65 errors in the input,\n"
    "70 internal, 71 out of memory, 74 output could not be written, 130 interrupted.\n";

// --- help ---

std::string row(const std::string& left, std::string_view right) {
    constexpr std::size_t column = 28;
    const std::string lead = "  " + left;
    const bool is_wide = lead.size() + 2 > column;
    return lead + (is_wide ? "\n" + std::string(column, ' ') : std::string(column - lead.size(), ' ')) + std::string(right) +
           "\n";
}

std::string operands_of(const Command& command) {
    const Command::Operands& operands = command.operands;
    if (operands.words == nullptr) return "";
    const std::string one = std::string(operands.name) + (operands.most > 1 ? "…" : "");
    return operands.least == 0 ? " [" + one + "]" : " " + one;
}

void print_overview(std::span<const Command> commands) {
    std::cout << overview;
    for (const Command& command : commands) std::cout << row(std::string(command.name), command.help);
    std::cout << examples;
}

void print_help(const Command& command) {
    std::cout << "interlock " << command.name << ": " << command.help << "\n\nUsage: interlock " << command.name
              << operands_of(command) << " [OPTION…]\n\n";
    if (command.operands.words) std::cout << row(std::string(command.operands.name), command.operands.help) << "\n";
    std::cout << "Options:\n";
    for (const Option& option : command.options) {
        std::string names(option.name);
        if (const auto comma = names.find(','); comma != std::string::npos) names.insert(comma + 1, " ");
        std::cout << row(names + (option.value.empty() ? "" : " " + std::string(option.value)), option.help);
    }
    std::cout << row("--help, -h", "this text");
    if (!command.footer.empty()) std::cout << "\n" << command.footer << "\n";
}

// --- reading ---

std::vector<std::string_view> names_of(const Option& option) {
    const auto comma = option.name.find(',');
    if (comma == std::string_view::npos) return {option.name};
    return {option.name.substr(0, comma), option.name.substr(comma + 1)};
}

// A word that is an option, possibly with its value in the same word.
struct Given {
    std::string name;
    std::optional<std::string> value;
};

bool is_option(const std::string& word) {
    const bool is_number = word.size() > 1 && (word[1] == '.' || (word[1] >= '0' && word[1] <= '9'));
    return word.size() > 1 && word[0] == '-' && !is_number;
}

Given split(const std::string& word) {
    if (word.starts_with("--")) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) return {word, std::nullopt};
        return {word.substr(0, equals), word.substr(equals + 1)};
    }
    if (word.size() == 2) return {word, std::nullopt};
    return {word.substr(0, 2), word.substr(word[2] == '=' ? 3 : 2)};
}

class Reader {
  public:
    Reader(const Command& command, std::span<const std::string> words) : command_(command), words_(words) {}

    // Returns false if help was asked for, so that nothing else is to be done.
    bool read() {
        if (std::ranges::any_of(words_.first(std::ranges::find(words_, "--") - words_.begin()),
                                [](const std::string& word) { return word == "--help" || word == "-h"; }))
            return false;
        bool is_operand_only = false;
        for (; at_ < words_.size(); ++at_) {
            const std::string& word = words_[at_];
            if (!is_operand_only && word == "--") is_operand_only = true;
            else if (!is_operand_only && is_option(word)) option(split(word));
            else operand(word);
        }
        const Command::Operands& operands = command_.operands;
        if (operands.words && operands.words->size() < operands.least)
            throw UsageError{fmt::format("{} is missing: {}", operands.name, operands.help)};
        return true;
    }

  private:
    void operand(const std::string& word) {
        const Command::Operands& operands = command_.operands;
        if (!operands.words) throw UsageError{fmt::format("it takes no `{}`, only options", word)};
        if (operands.words->size() >= operands.most)
            throw UsageError{fmt::format("it takes one {}, and `{}` is one too many", operands.name, word)};
        operands.words->push_back(word);
    }

    void option(const Given& given) {
        for (const Option& each : command_.options)
            if (std::ranges::count(names_of(each), given.name)) return set(each, given);
        std::vector<std::string_view> known{"--help"};
        for (const Option& each : command_.options) known.push_back(names_of(each).front());
        const std::string_view similar = lang::closest(given.name, known);
        throw UsageError{fmt::format("there is no option `{}`{}", given.name,
                                     similar.empty() ? "" : fmt::format("; did you mean `{}`?", similar))};
    }

    void set(const Option& option, const Given& given) {
        if (option.value.empty()) {
            if (given.value) throw UsageError{fmt::format("{} takes no value", given.name)};
            return option.set("");
        }
        if (given.value) return option.set(*given.value);
        if (at_ + 1 == words_.size() || words_[at_ + 1].starts_with("--"))
            throw UsageError{fmt::format("{} needs a value: {} {}", given.name, given.name, option.value)};
        option.set(words_[++at_]);
    }

    const Command& command_;
    std::span<const std::string> words_;
    std::size_t at_ = 0;
};

int usage(std::string_view who, const std::string& message, std::string_view help) {
    std::cerr << who << ": " << lang::printable_lines(message) << "\nRun `" << help << " --help` for what there is.\n";
    return exit_usage;
}

int run_command(const Command& command, std::span<const std::string> words) {
    try {
        if (Reader(command, words).read()) return command.run();
        print_help(command);
        return exit_ok;
    } catch (const UsageError& error) {
        const std::string who = "interlock " + std::string(command.name);
        return usage(who, error.message, who);
    }
}

int no_command(std::span<const Command> commands, const std::string& word) {
    std::vector<std::string_view> names{"help"};
    for (const Command& command : commands) names.push_back(command.name);
    const std::string_view similar = lang::closest(word, names);
    std::string meant = similar.empty() ? "" : fmt::format("; did you mean `{}`?", similar);
    std::error_code error;
    if (std::filesystem::exists(word, error)) meant = fmt::format("; for the file, `interlock check {}`", word);
    return usage("interlock", fmt::format("there is no command `{}`{}", word, meant), "interlock");
}

int no_option(const std::string& word) {
    constexpr std::string_view known[] = {"--help", "--version"};
    const std::string_view similar = lang::closest(word, known);
    const std::string meant =
        similar.empty() ? "; options stand behind the command" : fmt::format("; did you mean `{}`?", similar);
    return usage("interlock", fmt::format("there is no option `{}`{}", word, meant), "interlock");
}

}  // namespace

int run_command_line(std::span<const Command> commands, std::vector<std::string> words) {
    if (words.empty()) words.emplace_back("--help");
    if (words.front() == "help") {  // the same as `interlock check --help`
        words.erase(words.begin());
        words.resize(std::min<std::size_t>(words.size(), 1));
        words.emplace_back("--help");
    }
    const std::string first = words.front();
    if (first == "--help" || first == "-h") return print_overview(commands), exit_ok;
    if (first == "--version") return std::cout << "interlock " INTERLOCK_VERSION "\n", exit_ok;
    if (is_option(first)) return no_option(first);
    const bool is_file = first.find_first_of("./") != std::string::npos;
    const auto command = std::ranges::find(commands, is_file ? "check" : std::string_view(first), &Command::name);
    if (command == commands.end()) return no_command(commands, first);
    return run_command(*command, std::span(words).subspan(is_file ? 0 : 1));
}

}  // namespace interlock::cli
