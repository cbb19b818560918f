// What honest users did before an attack: they let each other in, open what has to be opened, and pay in.
#pragma once

#include <map>
#include <set>

#include "analyzer/explorer/mending.hpp"
#include "analyzer/explorer/named_code.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/draft.hpp"
#include "analyzer/system/usage.hpp"

namespace interlock::analyzer {

class Prelude {
  public:
    explicit Prelude(const Draft& draft);

    Plan run(bool enrols, const std::vector<Call>& approvals);
    // Returns the steps that expect what was created on the way, where nobody could expect it.
    [[nodiscard]] std::vector<SetupStep> newborns();
    bool has_rights();
    // Returns whether behind the plan a call is for her alone that says who gets something, or takes all that contracts have
    // of an asset by a number of hers.
    bool rules_behind(const Plan& plan);

  private:
    using Function = Usage::Function;
    using Storage = std::map<std::pair<Address, Word>, Word>;

    // Her account lets her contract take what is kept for it.
    void trust(const std::vector<Call>& approvals);

    // The owner lets alice and the attacker's contract in, where that is hers to do: she names them as payees, as members.
    void enrol();
    void enrol_by(const std::vector<Call>& variants, const std::set<Function>& privileged, NamedCode& code);
    void provide_for(DeployedIndex contract);
    std::size_t entrances_of(DeployedIndex contract);
    bool names_alice(const Call& call) const;
    [[nodiscard]] Word lavishness(const Call& call) const;
    bool differ_in_numbers(const Call& a, const Call& b) const;

    bool is_done_in_setup(const Call& call) const;

    // Returns whether a contract of the system is meant there: by its declaration, or since one was named there.
    bool expects_a_contract(const Call& call, std::ptrdiff_t position) const;

    // Performs both calls of the owner if neither undoes the other, and the attacker has no other rights of the owner then,
    // nor is code of hers run that was not before.
    bool lets_both_in(const Call& alices, const Call& hers, std::set<Function> privileged, NamedCode& code);

    // Returns whether a function works that did not work before, for one of those who act.
    bool reaches_more();

    // Does what makes more functions work, as long as there is such a thing.
    void open();

    // Returns whether an argument is a person's address.
    bool names_somebody(const Call& call) const;
    bool by_owner(const Call& call);
    Storage storage();
    [[nodiscard]] static std::vector<Address> contracts_of(const World& world);
    static std::set<std::pair<Address, Word>> changed(const Storage& before, const Storage& after);
    bool has_rights_of(const std::set<Function>& privileged);
    static World& placed(World& world);
    [[nodiscard]] bool is_over() const { return plan_.size() >= most_prelude || deadline_.has_passed(); }

    // Alice pays into every contract that takes something from her; tokens that are just sent come last.
    void pay_everywhere();

    // Where a list says for whom alice pays, it is for somebody honest and the attacker's contract: payees of a split.
    void pay_for_several();
    [[nodiscard]] bool lists_her_with_others(const Call& call) const;

    // Returns the call with more ether or, if it takes tokens, with more of what may be an amount.
    [[nodiscard]] Call much_of(const Call& call, const Word& times) const;

    // Returns whether the call hands tokens to somebody who is told what for.
    bool tells(const Call& call) const { return world_.function_of(call).selector == token_selector::transfer_and_call; }
    bool takes_tokens(const Call& call) const;

    // Some are paid by sending them tokens and calling them then, as pools of two tokens are: alice does, if it gives her
    // something.
    void fill_by_transfer();

    // The owner pays into what only she can pay into, where she gets nothing for it: rewards, prizes. What is opened by a hash
    // is hers to open later, when it is known who claims it.
    void fund();
    bool takes_hash(const Call& call) const;

    // Others lend out or pay what somebody has to send them first, with no function for that: alice does, if more works then.
    void endow();
    // Returns whether more works, some time later, with what was sent by the calls from that one on.
    bool pays_later(chain::State::Checkpoint before, std::size_t first, const std::set<Function>& others);
    bool pays_once_set(DeployedIndex contract, const Plan& gifts);

    // The same for what is passed on by functions of any name.
    void endow_with_shares();
    bool endows_for(const Call& call);
    std::vector<Word> amounts_to_give(DeployedIndex contract, const Address& account);

    // Alice sends it half of what she has of each token that it knows; `where_none`: and of which it has none.
    void send_tokens_to(const DeployedContract& contract, bool where_none);

    // Returns the calls of a contract that leave alice with more than she has now.
    std::vector<Call> giving(DeployedIndex contract);
    [[nodiscard]] bool knows(const DeployedContract& holder, const Address& address);

    // Performs the transaction if a contract gets something from its sender, and gives nothing for it that it had.
    bool pays(PlannedTransaction& planned);

    bool fills_newborns();

    // Performs the transaction, with other numbers if those do not pass. Returns whether it did.
    bool perform_mended(PlannedTransaction& planned);
    bool perform_observed(const PlannedTransaction& planned);
    bool perform_observed(const PlannedTransaction& planned, const Call& call);  // which begins it

    const Deadline& deadline_;
    const bool is_sparing_;
    World world_;
    const std::vector<SetupStep> there_before_;  // though nobody expects it
    const Purse purse_;
    struct Weighed {
        std::optional<chain::Fingerprint> state;
        std::uint32_t sender = 0;
        Wealth hers, held;  // what the sender has there, and what the contracts have
    } weighed_;
    chain::Execution execution_;
    Observations observations_;
    Candidates candidates_;
    Usage usage_;
    Mends mends_;
    Plan plan_;
    // What ever worked, by sender; the accomplice: her contract.
    std::map<std::uint32_t, std::set<Function>> reached_{{0, {}}, {World::owner_index, {}}, {World::accomplice, {}}};
    bool buys_ = false;                 // alice also takes what contracts have to give, for what they ask
    std::set<Function> paid_, unpaid_;  // unpaid: takes ether, but did not yet

    static constexpr std::size_t most_prelude = 8;  // transactions
};

}  // namespace interlock::analyzer
