// interlock explain ID: what a finding or a diagnostic means.
#include <array>
#include <iostream>

#include "analyzer/verdict.hpp"
#include "cli/command.hpp"
#include "lang/codes.hpp"

namespace interlock::cli {

namespace {

struct Page {
    std::string_view id, text;
};

constexpr std::array<Page, 7> findings{{
    {analyzer::finding_id::reentrant_theft,
     "R001  A re-entry leaves the attacker richer.\n\n"
     "While the contract waited for a call that it had made, the callee called back into it and found numbers that "
     "were\n"
     "not yet written. The trace ends with more ether in the attacker's hands than any order of the same calls, one "
     "after\n"
     "the other, would have given. Write before you call (checks, effects, interactions), or lock the door with a "
     "mutex\n"
     "that every function takes which reads or writes the same state.\n"},
    {analyzer::finding_id::reentrant_violation,
     "R002  A re-entry breaks an invariant.\n\n"
     "The invariant holds whenever nobody is inside the contract, in every order of the same calls; with one call "
     "inside\n"
     "the other it is false at the end. The attacker need not gain by it.\n"},
    {analyzer::finding_id::plain_violation,
     "I001  An invariant breaks without any re-entry.\n\n"
     "Ordinary calls, one after the other, lead to a state in which the invariant is false. Either a function is "
     "wrong, or\n"
     "the invariant says more than is meant.\n"},
    {analyzer::finding_id::proved,
     "S001  Proved.\n\n"
     "The property holds after any number of transactions by anybody, with any depth of re-entry, under the "
     "assumptions\n"
     "that are printed with the verdict.\n"},
    {analyzer::finding_id::not_proved,
     "U001  Not proved, and not attacked.\n\n"
     "The search found no attack within its bounds, and the proof did not go through. The reasons say where it "
     "stopped.\n"
     "Often a strong invariant helps, one that holds even while somebody is inside: `invariant! !locked ==> …;`.\n"},
    {analyzer::finding_id::nothing_to_prove,
     "U002  No attack within the bounds, and no property to prove.\n\n"
     "The search found nothing; that is not a proof. State what must hold, for example\n"
     "`invariant solvent: sum(balances) <= address(this).balance;`.\n"},
    {analyzer::finding_id::not_searched,
     "U003  The contract could not be set up for the search.\n\n"
     "Its constructor refused every argument that was tried.\n"},
}};

int explain(const std::string& id) {
    for (const Page& page : findings)
        if (page.id == id) {
            std::cout << page.text;
            return exit_ok;
        }
    for (const lang::Code& code : lang::all_codes)
        if (id == code.id) {
            std::cout << code.id << "  " << code.title << "\n";
            return exit_ok;
        }
    std::cerr << "interlock explain: there is no finding or diagnostic " << id << "\n";
    return exit_usage;
}

}  // namespace

void add_explain(CLI::App& app, Common&, int& exit) {
    auto id = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("explain", "What a finding (R001) or a diagnostic (E301) means");
    command->add_option("ID", *id, "The code in brackets")->required();
    command->callback([id, &exit] { exit = explain(*id); });
}

}  // namespace interlock::cli
