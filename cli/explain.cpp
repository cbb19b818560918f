// interlock explain [ID]: explains a finding, an assumption or a diagnostic; without an ID it lists all.
#include <algorithm>
#include <iostream>
#include <memory>

#include "analyzer/assumptions.hpp"
#include "analyzer/report/findings.hpp"
#include "cli/command.hpp"
#include "lang/diagnostics/codes.hpp"
#include "lang/diagnostics/explanations.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {

namespace {

void print_title(std::string_view id, std::string_view title) { std::cout << id << "  " << title << "\n"; }

void print_example(std::string_view heading, std::string_view code) {
    if (code.empty()) return;
    std::cout << "\n" << heading << "\n\n";
    for (; !code.empty(); code.remove_prefix(code.find('\n') + 1)) {
        const std::string_view line = code.substr(0, code.find('\n'));
        std::cout << (line.empty() ? "" : "    ") << line << "\n";
    }
}

// What is named in a report stands here as dots.
std::string sentence_of(const analyzer::Assumption& assumption) {
    std::string sentence(assumption.sentence);
    for (std::size_t gap; (gap = sentence.find("{}")) != std::string::npos;) sentence.replace(gap, 2, "…");
    return sentence;
}

int list_all() {
    std::cout << "What `interlock check` finds\n";
    for (const analyzer::Finding& finding : analyzer::findings()) print_title("  " + std::string(finding.id), finding.title);
    std::cout << "\nWhat proofs assume\n";
    for (const analyzer::Assumption& each : analyzer::assumptions())
        print_title("  " + std::string(each.id), sentence_of(each));
    for (const lang::CodeGroup& group : lang::code_groups) {
        std::cout << "\n" << group.title << "\n";
        for (const lang::Code& code : lang::all_codes)
            if (std::string_view(code.id).starts_with(group.prefix)) print_title("  " + std::string(code.id), code.title);
    }
    std::cout << "\n`interlock explain CODE` says more about each.\n";
    return exit_ok;
}

int explain(std::string id) {
    std::ranges::transform(id, id.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (const analyzer::Finding* finding = analyzer::find_finding(id)) {
        print_title(finding->id, finding->title);
        std::cout << "\n" << finding->text;
        return exit_ok;
    }
    if (const analyzer::Assumption* assumption = analyzer::find_assumption(id)) {
        print_title(assumption->id, sentence_of(*assumption));
        std::cout << "\n" << assumption->text;
        return exit_ok;
    }
    if (const auto page = lang::explanation_of(id)) {
        print_title(page->code, page->title);
        std::cout << "\n" << page->text;
        print_example("Wrong:", page->wrong);
        print_example("Right:", page->right);
        return exit_ok;
    }
    std::cerr << "interlock explain: there is no finding, assumption or diagnostic " << lang::printable(id)
              << "; `interlock explain` lists all\n";
    return exit_usage;
}

}  // namespace

Command explain_command() {
    auto ids = std::make_shared<std::vector<std::string>>();
    return {.name = "explain",
            .help = "what a finding (R001), an assumption (A101) or a diagnostic (E301) means; all there are",
            .operands = {"ID", "the code in brackets; a list of all without it", 0, 1, ids.get()},
            .run = [ids] { return ids->empty() ? list_all() : explain(ids->front()); }};
}

}  // namespace interlock::cli
