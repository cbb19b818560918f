// interlock explain [ID]: what a finding or a diagnostic means; without an ID, all there are.
#include <algorithm>
#include <array>
#include <iostream>

#include "analyzer/verdict.hpp"
#include "cli/command.hpp"
#include "lang/codes.hpp"
#include "lang/explanations.hpp"

namespace interlock::cli {

namespace {

namespace id = analyzer::finding_id;

struct Finding {
    std::string_view id, title, text;
};

constexpr std::array<Finding, 7> findings{{
    {id::reentrant_theft, "a re-entry leaves the attacker richer",
     R"(While the contract waited for a call that it had made, the callee called back
into it and found numbers that were not yet written. The trace ends with more
ether in the attacker's hands than any order of the same calls, one after the
other, would have given. Write before you call (checks, effects, interactions),
or lock the door with a mutex that every function takes which reads or writes
the same state.
)"},
    {id::reentrant_violation, "a re-entry breaks an invariant",
     R"(The invariant holds whenever nobody is inside the contract, in every order of
the same calls; with one call inside the other it is false at the end. The
attacker need not gain by it.
)"},
    {id::plain_violation, "an invariant breaks without any re-entry",
     R"(Ordinary calls, one after the other, lead to a state in which the invariant is
false. Either a function is wrong, or the invariant says more than is meant.
)"},
    {id::proved, "proved",
     R"(The property holds after any number of transactions by anybody, with any depth
of re-entry, under the assumptions that are printed with the verdict.
)"},
    {id::not_proved, "not proved, and not attacked",
     R"(The search found no attack within its bounds, and the proof did not go through.
The reasons say where it stopped. Often a strong invariant helps, one that holds
even while somebody is inside: `invariant! !locked ==> …;`.
)"},
    {id::nothing_to_prove, "no attack within the bounds, and no property to prove",
     R"(The search found nothing; that is not a proof. State what must hold, for example
`invariant solvent: sum(balances) <= address(this).balance;`.
)"},
    {id::not_searched, "the contract could not be set up for the search",
     R"(Its constructor refused every argument that was tried.
)"},
}};

void print_title(std::string_view id, std::string_view title) { std::cout << id << "  " << title << "\n"; }

void print_example(std::string_view heading, std::string_view code) {
    if (code.empty()) return;
    std::cout << "\n" << heading << "\n\n";
    for (; !code.empty(); code.remove_prefix(code.find('\n') + 1)) {
        const std::string_view line = code.substr(0, code.find('\n'));
        std::cout << (line.empty() ? "" : "    ") << line << "\n";
    }
}

int list_all() {
    std::cout << "What `interlock check` finds\n";
    for (const Finding& finding : findings) print_title("  " + std::string(finding.id), finding.title);
    for (const lang::CodeGroup& group : lang::code_groups) {
        std::cout << "\n" << group.title << "\n";
        for (const lang::Code& code : lang::all_codes)
            if (std::string_view(code.id).starts_with(group.prefix)) print_title("  " + std::string(code.id), code.title);
    }
    std::cout << "\n`interlock explain CODE` says more about each.\n";
    return exit_ok;
}

int explain(std::string id) {
    if (id.empty()) return list_all();
    std::ranges::transform(id, id.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (const auto finding = std::ranges::find(findings, id, &Finding::id); finding != findings.end()) {
        print_title(finding->id, finding->title);
        std::cout << "\n" << finding->text;
        return exit_ok;
    }
    if (const auto page = lang::explanation_of(id)) {
        print_title(page->code, page->title);
        std::cout << "\n" << page->text;
        print_example("Wrong:", page->wrong);
        print_example("Right:", page->right);
        return exit_ok;
    }
    std::cerr << "interlock explain: there is no finding or diagnostic " << id << "; `interlock explain` lists all\n";
    return exit_usage;
}

}  // namespace

void add_explain(CLI::App& app, Common&, int& exit) {
    auto id = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("explain", "What a finding (R001) or a diagnostic (E301) means; all there are");
    command->add_option("ID", *id, "The code in brackets; a list of all without it");
    command->callback([id, &exit] { exit = explain(*id); });
}

}  // namespace interlock::cli
