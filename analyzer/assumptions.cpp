#include "analyzer/assumptions.hpp"

#include <algorithm>
#include <array>

namespace interlock::analyzer {

namespace {

constexpr std::array<Assumption, 52> all_assumptions{{
    {Assumed::Fork, "A101", "the fork is Cancun",
     R"(What opcodes do and cost is what they do and cost on Ethereum since March 2024, and
since then selfdestruct leaves a contract where it is. Under the rules of other forks a
payment's stipend may pay for more, and the proof says nothing.
)"},
    {Assumed::OwnCode, "A102", "the code that runs is what the compiler makes of this source",
     R"(The proof is about this source. It says nothing of a proxy that runs the contract's
code on its own storage beside other code, nor of what another compiler makes of it.
)"},
    {Assumed::NoCollisions, "A103",
     "distinct mapping keys and variables never share a storage slot (keccak256 has no collisions)",
     R"(Entries of mappings and arrays lie behind hashes. Two that were the same, or one that
is a small number, nobody has ever found.
)"},
    {Assumed::SmallWorld, "A104",
     "all ether in existence is less than 2^256 wei, timestamps and block numbers less than 2^64",
     R"(There are some 2^87 wei, and a block each second would need longer than the sun has.
)"},
    {Assumed::Assume, "A105", "the assume at {} holds",
     R"(The source says `assume(…)`: what stands there is taken for true, and runs in which
it is not are left out. Nobody checks it when the contract runs.
)"},
    {Assumed::StipendOfPayments, "A106",
     "a callee of transfer or send has 2,300 gas, which at Cancun's prices pays for no storage write and no call with value",
     R"(`transfer` and `send` hand on 2,300 gas. A storage write costs more, and so does a
call that sends ether; that they fail with less has been a rule since Istanbul
(EIP-2200). A fork that makes both cheaper takes this away.
)"},
    {Assumed::Requires, "A107", "callers of {} keep its requires ({}), for its own ensures and checks",
     R"(A function's `ensures` and its checks are proved for calls that keep its `requires`.
`requires` stops nobody when the contract runs: use `require(…)` for that.
)"},
    {Assumed::LastingCode, "A201", "accounts in variables that no stranger can set have the code that they have for good",
     R"(The contract asks whether an account has code, and of this one no stranger chose the
address. Whoever deploys code there, or removes it, while a call waits, could change
the answer.
)"},
    {Assumed::NoSumOverflows, "A202", "no sum of amounts of 128 bits or more overflows",
     R"(What is added to a number of at least 128 bits is taken to fit: an addition may then
come before a subtraction that it once followed. It is checked, or the same amount was
added to a total or taken from somewhere before, checked. What is added to or subtracted
from one account of many, unchecked, may change places with additions. Amounts of ether and of
tokens are far smaller.
)"},
    {Assumed::QuietOwner, "A203", "`{}` of `{}` neither calls back nor lets others call when paid",
     R"(Only the owner can make this call, and gets the payment. She deployed the contract, or
stands in its source; that she does not rob it by calling back is taken for granted.
)"},
    {Assumed::StipendOfCallee, "A204",
     "a callee with only the stipend of 2,300 gas writes no storage, and one with less than 9,000 moves no ether, at "
     "Cancun's prices",
     R"(The same as A106, of every call that hands on no gas of its own: `transfer`, `send`,
`call{gas: 0}`. With a little more, as with `call{gas: 2300, value: x}`, it can write, but
neither send ether along nor create a contract. Transient storage costs little and has no such rule, so who writes it
counts all the same.
)"},
    {Assumed::Parts, "A205", "who calls `{}` may as well call it for part of its rounds, and then for the rest",
     R"(The function goes through arrays that it is given, or as many rounds as it is asked for, and
calls others on the way. What they do between two rounds is compared with a run in which the
caller passes the first part of the arrays, or asks for some of the rounds, and then for the
rest. Where a single call with everything is a right of its own, this
is no fair comparison.
)"},
    {Assumed::Tokens, "A206", "tokens that come in and go out in another order leave the same",
     R"(Calls that only move tokens, in by `transferFrom` and out by `transfer`, are taken to come
out the same in another order, as they do at tokens after ERC-20 and ERC-721: out after
out, in after in, and what went out first may as well go out after something came in. Who
has to pay in before she is paid out is taken to have what it takes. A token with a limit
by time, or a fee that depends on what was moved before, may answer otherwise. So it is with
tokens that are made by `mint` and destroyed by `burn` or `burnFrom`.
)"},
    {Assumed::Rights, "A207", "nobody uses rights in `{}` in the middle of a call",
     R"(Some functions work only for accounts that no stranger can choose: an owner, a minter, an
oracle. That such an account does not act while somebody else's call waits is taken for
granted; in its own calls it may do what it can.
)"},
    {Assumed::OneOfKind, "A208", "{} is the `{}` of these sources",
     R"(The variable is declared with the type of a contract that was compiled with this one, or code at
this account is run as the contract's own and only that one has the function and the same
variables; and no stranger can set it. That the contract deployed there is this one, and not another one with
the same functions, is for the deployer to see to, and for who may put another one there.
)"},
    {Assumed::SharedOfKind, "A209", "{} is the one `{}` of these sources that all others hold",
     R"(As A208, and several contracts hold one of the kind: that it is the same one, as it is
when they are deployed as one system.
)"},
    {Assumed::OddViews, "A210", "nobody relies on what `{}` answers in the middle of a call: {}",
     R"(While the contract waits for a call, these views answer neither what they answered before
nor what they answer afterwards. None of the contracts of these sources asks them then. Another
protocol that does can be misled (read-only re-entrancy).
)"},
    {Assumed::PlainOrigin, "A211", "the account that begins a transaction has no code",
     R"(`require(msg.sender == tx.origin)` keeps every contract out, so nobody calls back. Since
the fork Prague an account that signs transactions may have code (EIP-7702): there the guard
holds no longer, and a lock is needed.
)"},
    {Assumed::ToldAfterwards, "A212", "NFT contracts that call others during a transfer answer as they do after it",
     R"(While a token is transferred, somebody may call a function that asks `ownerOf`,
`getApproved`, `isApprovedForAll`, `royaltyInfo` or `supportsInterface`. ERC-721 tells the receiver after the transfer, so the
answer is that which it gives afterwards. What any token is called (`name`, `symbol`, `decimals`) is taken to stay as well.
)"},
    {Assumed::AtHand, "A213",
     "what is paid during `{}` and its callbacks needs no ether or tokens that others bring meanwhile",
     R"(A payment that undoes everything when it fails is made after a call during which others may
pay in, ether or tokens. That the contract has what it pays without that, as one has that owes no more than
it holds, is taken for granted: otherwise the same calls, one after the other, would fail.
)"},
    {Assumed::SteadyAnswers, "A214", "`{}` of `{}` answers the same throughout a call, whatever others do meanwhile",
     R"(The contract asks this account and never acts on it, and no stranger can set the variable: a
price feed, a registry. That its answers stay the same while a call of the contract to somebody else
waits is taken for granted, as it is of a feed that its operators write. A price that trades move, as
that of a pool, may change when a stranger trades in the middle: then the proof says nothing.
)"},
    {Assumed::ToldInOrder, "A215", "who is told of tokens that came does the same when others are told first",
     R"(`onERC721Received`, `onERC1155Received`, `tokensReceived` and the like tell an account that it
got tokens. Where others get tokens in the middle of that, they might as well have been told
before or afterwards, as other tokens might have moved: what a receiver remembers, and whether it
accepts, is taken not to depend on it.
)"},
    {Assumed::MovedAtOnce, "A216", "tokens move at one instant: who sends them is called before it, who gets them after it",
     R"(While a transfer waits, somebody may call a function that asks `balanceOf`, `totalSupply` or
`allowance`. As ERC-777 has it, what goes out is gone by the time its receiver is called, and what
comes in has not come while its sender is. A token that calls others in the middle of its own
accounts, or the receiver first, tells something else there.
)"},
    {Assumed::Scripts, "A217", "who calls `{}` may as well make the calls of which it consists, one after the other",
     R"(The function reads, and calls functions of the contract that its caller can call as well:
`claimMany`, `releaseAll`, `exit`. What others do between two of these calls is compared with a
run in which the caller makes them one by one. Where nobody is to come in between, as where a
price is set for the next of them, the function needs a lock.
)"},
    {Assumed::Elsewhere, "A218", "`{}` of `{}` is not that contract itself",
     R"(The contract calls functions of this account that it has as well, as a share of a vault has the
functions of the token in the vault. No stranger can set the variable: that nobody puts the
contract's own address there is for its owner, or its deployer, to see to.
)"},
    {Assumed::MixedViews, "A219",
     "nobody compares what these views of `{}`, and the balance, answer in the middle of a call: {}",
     R"(While the contract waits for a call, each of these views answers what it answers before or
after it, but some are already as after it and others, or the balance, still as before: who asks
several of them sees a state that never was. None of the contracts of these sources does. Another
protocol that does can be misled (read-only re-entrancy).
)"},
    {Assumed::WrittenOut, "A220", "the account {} neither calls back nor lets others call when paid",
     R"(The account is written out in the source, and gets a payment in the middle of a call: a fee, a
donation. Whoever wrote the contract chose it: that it does not rob the others by calling back is
taken for granted.
)"},
    {Assumed::Covered, "A221", "no payment of `{}`, or of what is called back meanwhile, fails for lack of ether",
     R"(A payment of which the failure is survived (`if (!ok) owed[to] += amount`) goes another way if
the contract has too little, and others may bring or take ether before it, in the middle of the call.
That the contract has what it pays, as one has that owes no more than it holds, is taken for granted:
then the payment succeeds or fails by who gets it alone. Where `solvent` is SAFE that is proved of
what the books say.
)"},
    {Assumed::OrderOfLists, "A222", "the order does not matter in which calls of `{}` put things at the end of lists",
     R"(Some arrays of the contract are only pushed to, and read by nobody but views: a list of what was
made, of who took part. Who calls back in the middle may push before the outer call does. After the
same calls, one after the other, the list has the same elements in another order, which is taken
not to matter.
)"},
    {Assumed::TakenAgain, "A223", "what `{}` owes can be taken as well before as after more is credited",
     R"(Who takes all that is owed to her in the middle of a call, before that call credits her with more,
is owed the rest afterwards. After the same calls, one after the other, she has been paid all at once.
What she was paid and is owed is the same, and she may take again: that is taken to be as good.
)"},
    {Assumed::Clones, "A224", "what `{}` creates from bytes are minimal proxies, which call nobody when they are made",
     R"(The contract writes out the code of minimal proxies (EIP-1167) and creates contracts from bytes.
That these bytes are that code, with an address in it, is taken for granted: then nobody is called
while a clone is made. So is that the code at that address is the contract of these sources that the
clone is called as.
)"},
    {Assumed::CodeBehind, "A225", "the code behind `{}` is that of `{}`, and stays so",
     R"(The contract delegates every call to code at an address that it keeps. That this is the contract
of these sources, and that whoever may put other code there does not, is taken for granted: of
other code nothing is known. So is that what works only once, and says who plays a part, was called
before anybody else came.
)"},
    {Assumed::NumbersAlike, "A226", "of the numbers that `{}` gives out, any is as good as another",
     R"(Who calls in the middle of a call may get a number, as that of a token, between two that the call
gets. After the same calls, one after the other, each has as many of them, but other ones. That this
does not matter is taken for granted: a number is worth no more than its neighbours.
)"},
    {Assumed::Tellings, "A227", "whom `{}` only tells something accepts it, and makes nothing of it",
     R"(The contract calls hooks or listeners that users chose, and brings them nothing but words. Who is
called then, with which words and in which order, may be another after the same calls, one after the
other. That no order of them matters, and that none of them refuses in one and not in the other, is
taken for granted. What they do in these calls is not: they are strangers, and may call back.
)"},
    {Assumed::Gifts, "A228",
     "what somebody gives `{}` of `{}` in the middle of a call is as good as given before or behind it",
     R"(The token is one of the sources, and does what A216 says of tokens. Its holders may send the
contract some of it while the contract waits for a call. A contract that measures what it got then
counts that in, for whoever it is counting for, as if he had sent more himself: it is taken for
granted that nobody but who gives can lose by that.
)"},
    {Assumed::Records, "A229", "nobody relies on which call of `{}` wrote last what only views tell",
     R"(Some numbers of the contract are only overwritten, and read by nobody but views: who came last, and
when, or when each user last came. Who calls back in the middle may write there before the outer call
does. After the same calls, one after the other, another one of them may have written last. One that
only brought ether may not have been counted, and one that is taken for several with parts of its
rounds may have been counted several times. All that is taken not to matter.
)"},
    {Assumed::Returns, "A230", "nobody relies on what `{}` of `{}` gives back",
     R"(The function gives back what it reads at its end, and no contract of these sources calls it. Who
calls back in the middle may change that; called one after the other, the same functions may give
back something else, as what is left of a balance. Nobody is taken to decide anything by that.
)"},
    {Assumed::Modules, "A231", "`{}` runs no code of others but that of {}",
     R"(The contract runs for most calls code that it finds in a table, or by what is called. That this is code
of these contracts of the sources, and that whoever may put other code there does not, is taken for
granted: of other code nothing is known.
)"},
    {Assumed::Alone, "A232", "what `{}` calls of itself was decided by those with a right, and is called alone",
     R"(The contract carries out calls that somebody with a right has decided before. It may be told to call
itself, to change its own settings. What is decided so is taken to be all that is done then: no
stranger is called in the same call, before or behind it.
Of what was decided apart, it is taken not to matter what is carried out first.
)"},
    {Assumed::Lent, "A233", "who is lent something by `{}` could have had as much without",
     R"(The function adds to an account, calls others, and takes the same back, or everything fails: a
flash loan, or tokens that exist for one call. What is done with it meanwhile is compared with a
run in which it is done before, by somebody who owns as much for a moment. Where
nobody can own as much, as where it decides a vote, this is no fair comparison; whoever looks at the
account, and does not only take from it, stands in the way of the proof, though.
)"},
    {Assumed::Started, "A234", "`{}` of `{}` was called before anybody uses the contract",
     R"(The function is called an initializer, or names accounts where a proxy runs it, works once, and calls
nobody. It stands in the place of a constructor where a proxy runs the code. Whoever deploys is taken to call it
at once. That nobody else comes first is for the deployer to see to.
)"},
    {Assumed::Receivers, "A235", "who gets code in the middle of a call accepts what it is told of",
     R"(A token asks whether an account has code, and tells it of what it gets only then. In another order
an account may already have the code that it gets in the middle of a call, and is told, too. It is
taken to accept that, and to do nothing more, which whoever put it there may see to.
)"},
    {Assumed::Named, "A236", "whom the owner names in `{}` of `{}` neither calls back nor lets others call",
     R"(Only the owner, who deployed the contract, can call the function, and says whom it pays or calls:
where fees go, a token that was sent here by mistake. Nothing else depends on the account. That she
names nobody who robs the others by calling back is taken for granted.
)"},
    {Assumed::OneOfSeveral, "A237", "{} is a `{}` of these sources that no other variable holds",
     R"(As A208, and other variables of the same contract are declared with the same type, of a contract that calls
nobody: each holds one of its own. That two of them are not the same one is for the deployer to see to.
)"},
    {Assumed::Trusted, "A238", "the contract {} neither calls back nor lets others call when it is called",
     R"(The account is written out in the source, so whoever wrote the contract knew what is deployed there: a token, a
registry, an exchange. It is called to move tokens, or without being told of any account that it could
call, also in an array, but of those that it has told itself. That its code calls nobody who robs the others is
for the reader to see: look at the contract there. A token that calls its holders (ERC-777) would break it. What
an exchange takes of the contract that called it, or pays it, is part of the trade.
)"},
    {Assumed::TrustedRole, "A239", "`{}` of `{}` neither calls back nor lets others call where it is told of no user",
     R"(The variable is declared with the type of a contract, and somebody can set it, but no stranger: a strategy, a
farm, an oracle, an exchange. It is called without ether, or by a function that takes some, and of accounts it is told
of none, also in arrays, but those that the contract has in such variables, and those that it told itself. So it has nobody
to call but whom it knows by itself, and the contract to take or pay what it was called for. That it does not
let users act then is for who deploys the contract to see to.
)"},
    {Assumed::Directories, "A240", "it does not matter what `{}` of `{}` hold in the end",
     R"(Only views read these mappings, and none of the sources asks one of these: which tokens an account has, and
at which place each of them stands. The contract itself looks there for nothing but to keep them in
order, and does all else whatever it finds. Who calls back in the middle may leave them in another order than the
same calls one after the other.
)"},
    {Assumed::Collection, "A241", "`{}` of `{}` calls nobody when it moves a token by `transferFrom` or `transfer`",
     R"(The account is called as a collection of tokens that are one of a kind (ERC-721): it tells who owns one. No stranger
can put another one there. Such a collection tells the receiver only in `safeTransferFrom`, the sender never, and nobody in
`approve`. One that calls somebody in `transferFrom` would break this.
)"},
    {Assumed::Enough, "A242", "tokens move only as far as `balanceOf` and `allowance` say",
     R"(The contract asks whether somebody has, or lets it have, as many tokens as it moves next, before anybody else
acts. A token that keeps ERC-20 refuses the move otherwise, so that the question asks nothing more. One
that answers one thing and does another is not covered.
)"},
    {Assumed::OwnersCode, "A243",
     "what `{}` of `{}` runs as the contract's own code writes nothing of it, and calls nobody back",
     R"(Only the owner can call it, and says which code is run by `delegatecall`: a wallet's module, a migration.
Such code can do whatever the contract can. That it lets no stranger act meanwhile, and leaves the contract's
variables as they are, is for the owner to see to.
)"},
    {Assumed::OwnersWallet, "A244", "`{}` of `{}` neither calls back nor lets others call when it is paid",
     R"(Strangers cannot set the variable, and the owner can name another account there: a wallet for fees, a treasury, a
collector. That whom she names takes what it gets, and lets no stranger act meanwhile, is for her to see to.
Of who was only named when the contract was made, nothing of the kind is assumed.
)"},
    {Assumed::Looks, "A245", "{} changes nothing, and calls nobody back, where it is asked by a function declared so",
     R"(The source is for a compiler before 0.5, which has functions that are declared `constant`, `view` or `pure` called
like all others. No stranger can put another account there: a token, an oracle, a registry. That it keeps what was
declared, as every compiler since then makes sure by STATICCALL, is for who named it to see to.
)"},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < all_assumptions.size(); ++i)
        if (static_cast<std::size_t>(all_assumptions[i].what) != i) return false;
    return static_cast<std::size_t>(Assumed::Looks) + 1 == all_assumptions.size();
}
static_assert(is_in_order());

// Whether the sentence is the pattern with something in each gap.
bool fits(std::string_view sentence, std::string_view pattern) {
    const std::size_t gap = pattern.find("{}");
    if (gap == std::string_view::npos) return sentence == pattern;
    if (!sentence.starts_with(pattern.substr(0, gap))) return false;
    sentence.remove_prefix(gap);
    pattern.remove_prefix(gap + 2);
    for (std::size_t filled = 1; filled <= sentence.size(); ++filled)
        if (fits(sentence.substr(filled), pattern)) return true;
    return false;
}

}  // namespace

std::span<const Assumption> assumptions() { return all_assumptions; }

const Assumption& page_of(Assumed what) { return all_assumptions.at(static_cast<std::size_t>(what)); }

const Assumption* find_assumption(std::string_view id) {
    const auto found = std::ranges::find(all_assumptions, id, &Assumption::id);
    return found == all_assumptions.end() ? nullptr : &*found;
}

const Assumption* assumption_of(std::string_view sentence) {
    const auto found =
        std::ranges::find_if(all_assumptions, [&](const Assumption& each) { return fits(sentence, each.sentence); });
    return found == all_assumptions.end() ? nullptr : &*found;
}

}  // namespace interlock::analyzer
