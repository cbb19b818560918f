// interlock check FILE…: searches for attacks, tries proofs and prints verdicts.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <thread>
#include <utility>

#include "analyzer/bytecode/assemble.hpp"
#include "analyzer/report/attack_file.hpp"
#include "analyzer/report/certificate.hpp"
#include "analyzer/report/json_log.hpp"
#include "analyzer/report/report_text.hpp"
#include "analyzer/report/sarif.hpp"
#include "analyzer/system/system.hpp"
#include "cli/bytecode_input.hpp"
#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "cli/file_systems.hpp"
#include "cli/input_file.hpp"
#include "cli/interrupt.hpp"
#include "cli/old_solidity.hpp"
#include "cli/output_file.hpp"
#include "cli/progress.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {

namespace {

namespace fs = std::filesystem;

struct CheckArguments {
    std::vector<std::string> files, bytecodes, abis;
    bool strict = false;
    std::string out = "interlock-out";
    std::string sarif, solc, certificate;
    analyzer::CheckOptions options;
    Common common;
};

constexpr double quick_seconds = 3;
constexpr double least_timeout_seconds = 0.01, most_timeout_seconds = 86'400;  // at most a day

// Returns the graver of two exit codes: operational failure, wrong input, findings, inconclusive.
int worse(int a, int b) { return std::max(a, b == exit_inconclusive && a == exit_findings ? a : b); }

// Returns the last `parts` parts of a path, joined by dots and without the extension: "contracts.bank".
std::string tail_of(const std::string& file, std::size_t parts) {
    std::string tail;
    std::size_t left = parts;
    for (fs::path path = fs::path(file).lexically_normal().replace_extension(); left > 0 && path.has_filename();
         path = path.parent_path(), --left)
        tail = path.filename().string() + (tail.empty() ? "" : ".") + tail;
    return tail;
}

// Returns the name of a file's results: its name, with as many of its folders as distinguish it from the other files.
std::string stem_of(const std::string& file, const std::vector<std::string>& files) {
    const auto depth = static_cast<std::size_t>(std::distance(fs::path(file).begin(), fs::path(file).end()));
    for (std::size_t parts = 1; parts < depth; ++parts) {
        const std::string tail = tail_of(file, parts);
        const auto is_other = [&](const std::string& other) { return other != file && tail_of(other, parts) == tail; };
        if (std::ranges::none_of(files, is_other)) return tail;
    }
    return tail_of(file, depth);
}

// Returns the path by which a file in the folder imports the other file.
std::string import_path(const std::string& file, const std::string& folder) {
    std::error_code error;
    const std::string path = fs::proximate(file, folder, error).generic_string();
    return path.starts_with("..") || path.starts_with("/") ? path : "./" + path;
}

class CheckSession {
  public:
    explicit CheckSession(const CheckArguments& arguments) : arguments_(arguments), common_(arguments.common) {}

    // Returns the exit code.
    int run() {
        if (arguments_.files.size() > 1) check_files();
        else if (!arguments_.files.empty()) check_file(arguments_.files.front());
        if (!arguments_.bytecodes.empty()) {
            const std::string& first = arguments_.bytecodes.front();
            const int result = interrupt_.has_come() ? leave_out(first) : check_bytecode(first);
            exit_ = worse(exit_, result);
        }
        if (interrupt_.has_come()) exit_ = exit_interrupted;
        if (common_.json) std::cout << json_.text() << "\n";
        if (!arguments_.sarif.empty()) write(arguments_.sarif, sarif_.text());
        return exit_;
    }

  private:
    void check_file(const std::string& file) {
        const int result = interrupt_.has_come() ? leave_out(file) : check_contracts(file, compile(file));
        exit_ = worse(exit_, result);  // writing the attacks may have changed exit_
    }

    // Files that belong together are checked as one system, in the place of the first.
    void check_files() {
        std::vector<CompiledFile> files;
        for (const std::string& file : arguments_.files)
            files.push_back({file, interrupt_.has_come() ? nullptr : compile_quietly(file)});
        std::vector<std::vector<std::string>> systems(files.size());  // by file; empty: nothing is left to check there
        for (const std::string& file : arguments_.files) is_part_of_system_.insert(file);
        for (const std::vector<std::size_t>& system : systems_of(files)) {
            for (const std::size_t i : system) systems[system.front()].push_back(files[i].path);
            if (system.size() == 1) is_part_of_system_.erase(files[system.front()].path);
        }
        for (std::size_t i = 0; i < files.size(); ++i) {
            const auto together = systems[i].size() > 1 ? compile_together(systems[i]) : nullptr;
            if (systems[i].size() > 1 && !together) {  // one by one, then
                const std::vector<std::string> members = systems[i];
                for (std::size_t k = i; k < files.size(); ++k)
                    if (std::ranges::count(members, files[k].path) != 0) systems[k] = {files[k].path};
            }
            if (!together && !systems[i].empty()) {
                check_file(files[i].path);
                continue;
            }
            const bool has_come = interrupt_.has_come();
            const auto compilation = has_come ? nullptr : compile(files[i].path);  // says what is wrong with it
            if (has_come) exit_ = worse(exit_, leave_out(files[i].path));
            else if (!compilation) exit_ = worse(exit_, exit_source);
            else if (together) exit_ = worse(exit_, check_contracts(files[i].path, together, systems[i]));
        }
    }

    std::shared_ptr<const lang::Compilation> compile_quietly(const std::string& file) const {
        FileText read = read_file(file, lang::Sources::max_file_bytes);
        if (!read.text) return nullptr;
        const Input input = input_of(file, std::move(*read.text), common_, folders_of(arguments_.files));
        auto compilation = std::make_shared<const lang::Compilation>(
            lang::compile(input.path, input.text, input.imports, {.fork = arguments_.options.fork}));
        return compilation->ok() ? compilation : nullptr;
    }

    static std::vector<std::string> folders_of(const std::vector<std::string>& files) {
        std::vector<std::string> folders;
        for (const std::string& file : files) folders.push_back(fs::path(file).parent_path().string());
        return folders;
    }

    // Returns null if they cannot be: two contracts may have one name.
    std::shared_ptr<const lang::Compilation> compile_together(const std::vector<std::string>& files) {
        const std::string path = path_of_system(files);
        Input input = input_of(files.front(), source_of_system(path, files), common_, folders_of(files));
        auto compilation = std::make_shared<const lang::Compilation>(
            lang::compile(path, input.text, input.imports, {.fork = arguments_.options.fork}));
        return compilation->ok() && !compilation->artifacts.empty() ? compilation : nullptr;
    }

    [[nodiscard]] std::string path_of_system(const std::vector<std::string>& files) const {
        return (fs::path(arguments_.out) / (file_name_part(stem_of(files.front(), arguments_.files)) + ".system" +
                                            fs::path(files.front()).extension().string()))
            .string();
    }

    // The codes are one system, which goes by the name of the first.
    int check_bytecode(const std::string& file) { return check_contracts(file, assemble(file)); }

    // `files`: those that are checked as one system, if they are several.
    int check_contracts(const std::string& file, const std::shared_ptr<const lang::Compilation>& compilation,
                        const std::vector<std::string>& files = {}) {
        if (!compilation) return exit_source;
        analyzer::CheckOptions options = arguments_.options;
        if (!options.setup.empty() && !analyzer::can_set_up(*compilation, options.setup)) {
            refuse(file, "not checked",
                   file + ": there is no scenario, and no contract with setUp(), called `" + lang::printable(options.setup) +
                       "`");
            return exit_source;
        }
        options.stop = interrupt_.flag();
        options.progress = [&](std::string_view line) { progress_.show(line); };
        const analyzer::Report report = analyzer::check(compilation, options);
        progress_.clear();
        sarif_.add(report, *compilation->sources);
        if (report.is_interrupted) sarif_.add_unchecked(file, file + ": the check was interrupted");
        const std::vector<std::string> paths = write_attacks(report, *compilation, file, files);
        const std::string name = files.empty() ? file : fmt::format("{}", fmt::join(files, " + "));
        if (common_.json) json_.add(name, report, *compilation->sources, paths);
        else print(name, report, *compilation->sources, paths);
        if (!report.contradiction.empty()) return exit_internal;
        if (!arguments_.certificate.empty()) write(arguments_.certificate, analyzer::certificate_of(*compilation));
        if (report.has_exploit()) return exit_findings;
        return arguments_.strict && !report.all_safe() ? exit_inconclusive : exit_ok;
    }

    // Reports a file that comes after the interrupted one.
    int leave_out(const std::string& file) {
        refuse(file, "not reached", file + " was not checked: interrupted");
        return exit_ok;
    }

    std::shared_ptr<const lang::Compilation> compile(const std::string& file) {
        FileText read = read_file(file, lang::Sources::max_file_bytes);
        if (!read.text) return refuse(file, "unreadable", read.error);
        const Input input = input_of(file, std::move(*read.text), common_, folders_of(arguments_.files));
        auto compilation = std::make_shared<const lang::Compilation>(
            lang::compile(input.path, input.text, input.imports, {.fork = arguments_.options.fork}));
        const bool is_older = is_for_older_solidity(input.text);
        std::string why_no_solc;
        if (!compilation->ok() && (is_older || !arguments_.solc.empty())) {
            auto made = compile_older(file, input.text, arguments_.solc, arguments_.options.fork);
            if (const auto* assembly = std::get_if<analyzer::Assembly>(&made)) return checked(*assembly, file);
            why_no_solc = std::get<std::string>(made);
            if (!is_older) return refuse(file, "not compiled", why_no_solc);
        }
        sarif_.add(compilation->diagnostics, *compilation->sources);
        json_.add(compilation->diagnostics, *compilation->sources);
        if (!common_.json) report(compilation->diagnostics, *compilation->sources, common_);
        if (!compilation->ok()) return refuse(file, "not compiled", why_no_solc);
        for (const std::string& name : arguments_.options.contracts)
            if (!compilation->find(name)) return refuse(file, "not compiled", file + " contains no contract `" + name + "`");
        if (compilation->artifacts.empty() && !is_part_of_system_.contains(file))
            return refuse(file, "not compiled", file + " contains no contract");
        return compilation;
    }

    std::shared_ptr<const lang::Compilation> assemble(const std::string& file) {
        auto read = read_bytecodes(arguments_.bytecodes, arguments_.abis);
        if (const auto* why = std::get_if<std::string>(&read)) return refuse(file, "unreadable", *why);
        auto made =
            analyzer::assemble(std::move(std::get<std::vector<lang::Bytecode>>(read)), nullptr, arguments_.options.fork);
        if (const auto* why = std::get_if<std::string>(&made)) return refuse(file, "unreadable", *why);
        return checked(std::get<analyzer::Assembly>(made), file);
    }

    std::shared_ptr<const lang::Compilation> checked(const analyzer::Assembly& assembly, const std::string& file) {
        for (const std::string& warning : assembly.warnings) std::cerr << "interlock: " << lang::printable(warning) << "\n";
        for (const std::string& name : arguments_.options.contracts)
            if (!assembly.compilation->find(name))
                return refuse(file, "unreadable", file + " contains no contract `" + name + "`");
        return assembly.compilation;
    }

    std::shared_ptr<const lang::Compilation> refuse(const std::string& file, std::string_view status,
                                                    const std::string& message) {
        json_.add_unchecked(file, status, message);
        if (!message.empty()) {
            sarif_.add_unchecked(file, message);
            std::cerr << "interlock: " << lang::printable_lines(message) << "\n";
        }
        return nullptr;
    }

    void print(const std::string& file, const analyzer::Report& report, const lang::Sources& sources,
               const std::vector<std::string>& paths) {
        const bool is_one_of_many = arguments_.files.size() > 1;
        if (is_one_of_many && !std::exchange(is_first_, false)) std::cout << "\n";
        std::cout << analyzer::to_text(report, sources, paths,
                                       {common_.color_on(STDOUT_FILENO), is_one_of_many ? file : ""});
    }

    // Writes each attack as a trace, and as the attacker's contract with a scenario that runs it. Returns the paths of
    // the traces, empty where writing failed.
    std::vector<std::string> write_attacks(const analyzer::Report& report, const lang::Compilation& compilation,
                                           const std::string& file, const std::vector<std::string>& files) {
        std::vector<std::string> paths;
        const fs::path folder = arguments_.out;
        for (const analyzer::Trace& attack : report.attacks) {
            std::error_code error;
            fs::create_directories(folder, error);
            const std::string name = new_name(file, attack.script);
            const std::string trace = (folder / (name + ".trace.json")).string();
            // Whoever imports a file that was read as an older one has to be told so.
            const bool is_older = files.empty() && !compilation.older_series.empty() && compilation.file_numbers.size() == 1;
            const std::string copy =
                file_name_part(stem_of(file, arguments_.files)) + "." + compilation.older_series + ".sol";
            const std::string victims = is_older ? (folder / copy).string() : files.empty() ? file : path_of_system(files);
            const std::string older = is_older ? fmt::format("pragma solidity ^{}.0; {}", compilation.older_series,
                                                             compilation.sources->files().front().text)
                                               : "";
            const bool is_written = write(trace, analyzer::to_json(attack)) && (!is_older || write(victims, older)) &&
                                    (files.empty() || write(victims, source_of_system(victims, files))) &&
                                    write((folder / (name + ".attack.ilk")).string(),
                                          analyzer::attack_file(attack, import_path(victims, arguments_.out)));
            paths.push_back(is_written ? trace : "");
        }
        return paths;
    }

    // Returns a name that no other result of this run has.
    std::string new_name(const std::string& file, const analyzer::AttackScript& script) {
        const std::string name = file_name_part(stem_of(file, arguments_.files)) + "." + file_name_part(script.contract) +
                                 "." + file_name_part(script.property);
        std::string unused = name;
        for (int number = 2; !names_.insert(unused).second; ++number) unused = name + "-" + std::to_string(number);
        return unused;
    }

    bool write(const std::string& path, const std::string& text) {
        const std::string why_not = write_file(path, text);
        if (why_not.empty()) return true;
        std::cerr << "interlock: " << lang::printable(path) << " cannot be written: " << why_not << "\n";
        exit_ = worse(exit_, exit_output);
        return false;
    }

    const CheckArguments& arguments_;
    const Common& common_;
    Progress progress_;
    Interrupt interrupt_;
    analyzer::SarifLog sarif_;
    analyzer::JsonLog json_;
    bool is_first_ = true;                     // nothing was printed yet
    std::set<std::string> is_part_of_system_;  // files that others import or belong together with
    std::set<std::string> names_;              // names of the written files
    int exit_ = exit_ok;
};

}  // namespace

Command check_command() {
    auto arguments = std::make_shared<CheckArguments>();
    analyzer::CheckOptions& options = arguments->options;
    analyzer::SearchBounds& bounds = options.bounds;
    constexpr unsigned most_threads = 4;  // that search unless somebody wants more
    bounds.threads = std::clamp(std::thread::hardware_concurrency(), 1u, most_threads);
    const auto set_timeout = [&options](const std::string& text) {
        options.timeout_seconds = seconds("--timeout", text, least_timeout_seconds, most_timeout_seconds);
    };
    const auto set_fork = [&options](const std::string& name) {
        const std::optional<vm::Fork> fork = vm::parse_fork(name);
        if (!fork || *fork == vm::Fork::Frontier)
            throw UsageError{"there is no fork `" + name +
                             "` to check by: Homestead, TangerineWhistle, …, Cancun, Prague, Osaka"};
        options.fork = *fork;
    };
    const auto set_steps = [&bounds](const std::string& text) {
        bounds.macro_steps = whole_number("--steps", text, 1, 1'000'000'000);
        bounds.is_counted = true;
    };
    return {
        .name = "check",
        .help = "find attacks, or prove that there are none (the default command)",
        .operands = {"FILE", "contracts (.ilk, .sol)", 0, SIZE_MAX, &arguments->files},
        .options = joined(
            {{flag("--strict", "exit with 2 when something remains unknown", arguments->strict),
              text("--out", "FOLDER", "for traces and attacker contracts", arguments->out),
              text("--sarif", "FILE", "also write findings and errors to it, as SARIF 2.1.0", arguments->sarif),
              text("--certificate", "FILE", "also write what was proved to it, for `interlock verify`",
                   arguments->certificate),
              repeated("--contract", "NAME", "check this contract alone", options.contracts),
              text("--setup", "NAME", "a scenario, or a contract with setUp(), whose end is where the check starts",
                   options.setup),
              repeated("--bytecode", "FILE",
                       "check a contract's bytecode (hexadecimal or raw, creation or runtime code);\n"
                       "                            several are one system",
                       arguments->bytecodes),
              repeated("--abi", "FILE", "the ABI of a bytecode, by its name or place; else it is read from the code",
                       arguments->abis),
              text("--solc", "PATH", "compiler for .sol files before 0.8: a program, or a folder of npm's package",
                   arguments->solc),
              {"--fork", "NAME", "the rules of this fork: Homestead, …, London, …, Prague (Cancun)", set_fork},
              {"--quick", "", "the same as --timeout 3",
               [&options](const std::string&) { options.timeout_seconds = quick_seconds; }},
              {"--timeout", "SECONDS", "for the whole check of a file (20; 0.01 to 86,400)", set_timeout},
              number("--transactions", "N", "transactions in an attack", 1, 8, bounds.transactions),
              number("--calls", "N", "calls in an attack, by everybody", 1, 12, bounds.calls),
              number("--wide-calls", "N", "calls where arguments come from code and storage, too", 1, 12, bounds.wide_calls),
              number("--depth", "N", "depth of re-entry", 1, 16, bounds.depth),
              number("--states", "N", "distinct states, at most", 1, 1'000'000'000, bounds.states),
              {"-j", "N",
               "threads that search (as many as there are processors, four at most; 1 to 64);\n"
               "                            with --steps it is one",
               [&bounds](const std::string& text) {
                   constexpr std::uint64_t most = 64;
                   bounds.threads = static_cast<unsigned>(whole_number("-j", text, 1, most));
               }},
              jit_option(),
              {"--steps", "N",
               "steps of the VM between two choices, at most; the search is the same\n"
               "                            each time then (" +
                   grouped(bounds.macro_steps) + "; 1 to 1,000,000,000)",
               set_steps}},
             output_options(arguments->common),
             import_options(arguments->common)}),
        .run = [arguments] {
            if (arguments->files.empty() && arguments->bytecodes.empty())
                throw UsageError{"FILE is missing: contracts (.ilk, .sol), or --bytecode"};
            if (!arguments->certificate.empty() && arguments->files.size() + arguments->bytecodes.size() != 1)
                throw UsageError{"--certificate is of one FILE"};
            if (arguments->abis.size() > arguments->bytecodes.size())
                throw UsageError{"there are more --abi than --bytecode"};
            return CheckSession(*arguments).run();
        }};
}

}  // namespace interlock::cli
