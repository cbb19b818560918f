#include "analyzer/report/findings.hpp"

#include <algorithm>
#include <array>

namespace interlock::analyzer {

namespace id = finding_id;

namespace {

constexpr std::array<Finding, 13> all_findings{{
    {id::reentrant_theft, "a re-entry leaves the attacker richer",
     R"(While the contract waited for a call that it had made, the callee called back
into it and found numbers that were not yet written. The trace ends with more
ether or tokens in the attacker's hands than any order of the same calls, one
after the other, would have given. Where the calls themselves cost something she may
have less than at the start, and less still without the re-entry. Write before you
call (checks, effects, interactions), or lock the door with a mutex that every
function takes which reads or writes the same state.
)"},
    {id::reentrant_violation, "a re-entry breaks an invariant",
     R"(The invariant holds whenever nobody is inside the contract, in every order of
the same calls; with one call inside the other it is false at the end. The
attacker need not gain by it.
)"},
    {id::reentrant_excess, "a re-entry passes a limit that all calls one after the other keep",
     R"(The contract says of the attacker what no order of calls one after the other makes
it say: more tickets than one each, more shares than the cap, a debt that nothing
covers. A check was made before the call, and what it looked at was written after
it. Nobody knows what such a number is worth; the limit was meant all the same.
)"},
    {id::plain_violation, "an invariant breaks without any re-entry",
     R"(Ordinary calls, one after the other, lead to a state in which the invariant is
false. Either a function is wrong, or the invariant says more than is meant.
)"},
    {id::proved, "proved",
     R"(The property holds after any number of transactions by anybody, with any depth
of re-entry, under the assumptions that are printed with the verdict. Of `reentrancy`
itself: strangers who call back do nothing that the same calls could not do one after
the other; for each call the report says why. Of `views`: whoever asks a view while the
contract waits for a call gets the answer that it gives before that, or after it, or
none. Of `solvent`: what the contract keeps for others, it has, in ether; the line says
what was proved. These two nobody has to state.
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
    {id::anybody_takes, "anybody can take what others put in",
     R"(Calls one after the other leave the attacker richer in ether, though she sent none
and nobody named her: a function pays whoever calls it. That may be meant, as with
a faucet or a prize; otherwise ask who may call it. A warning changes no verdict and
no exit code. It is given only if it repeats on the plain VM.
)"},
    {id::order_decides, "the order of the transactions decides who is richer",
     R"(In one order of the transactions the attacker ends richer, in another somebody else
does: an answer that comes later pays whoever called last, or a price is taken that
somebody may move before. Note for whom an answer is when the question is asked,
and let the sender state the least that is acceptable. A warning changes no verdict
and no exit code. It is given only if it repeats on the plain VM.
)"},
    {id::view_in_between, "a view says something else while a contract waits for a call",
     R"(During the call the view answers neither what it answered before the transaction nor
what it answers afterwards: some numbers are written already and others are not.
Contracts that ask it then are misled (read-only re-entrancy); none of those that
were checked is harmed. Write all numbers before the call, or refuse the view's
callers while the lock is taken.
)"},
    {id::not_serial, "a re-entry leads to a state that no order of the same calls reaches",
     R"(The contract is not effectively callback-free: what a re-entry does to its state,
calls one after the other do not. No gain was found, which does not say that there
is none.
)"},
    {id::view_may_be_torn, "a view may see half of what is written around a call",
     R"(Of what the view reads, some is written when the contract calls somebody, and some is
written only afterwards; nothing keeps the view from being asked in between (read-only
re-entrancy). It was found by comparing what each part of the code touches: no run is
shown, and the values may come out the same. Where a run was found, W503 tells it. Write
all before the call, or let the view refuse while the lock is taken. Whoever is not
misled by it is not harmed: a warning changes no verdict and no exit code.
)"},
}};

}  // namespace

std::span<const Finding> findings() { return all_findings; }

const Finding* find_finding(std::string_view id) {
    const auto found = std::ranges::find(all_findings, id, &Finding::id);
    return found == all_findings.end() ? nullptr : &*found;
}

}  // namespace interlock::analyzer
