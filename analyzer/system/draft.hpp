// A draft: a system of contracts while it is put together, with what its makers share: the choices that were made for
// it, and what is found or made for an address at which something is expected.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analyzer/system/roles.hpp"
#include "analyzer/system/system.hpp"
#include "analyzer/system/units.hpp"

namespace interlock::analyzer {

// How a system is put together where there is a choice.
struct Choice {
    bool has_hooks = false;       // tokens of the environment call back
    std::size_t first_guess = 0;  // of numbers in constructors
    bool has_prelude = false;
    bool enrols = false;  // before that, the owner lets everybody in, and opens what she can
    // A constructor that is to be told who somebody is, is told the attacker's contract: a beneficiary, one of the payees.
    bool names_her = false;
    vm::Word hash;                 // where a constructor is to be told a hash: a root of a tree, a commitment
    bool leaves_unlinked = false;  // setters are for later: who is told of a successor may stop working
    bool founds = false;           // her contract does in its constructor what contracts may not do
    bool lends = false;            // alice lets her take some of a token that calls others when it is moved
    bool has_twins = false;        // contracts that know a common one, as markets know their registry, are there twice
    bool does_without = false;  // where a constructor may be told of nobody instead of a contract, it is: ether for a token
    bool is_sparing = false;    // who is let in gets as little as lets him act: a quota that can be used up
    bool puts_her_first = false;  // where the constructor is told several payees
};

class Draft {
  public:
    Draft(std::shared_ptr<const lang::Compilation> compilation, const SystemOptions& options, const Choice& choice,
          const Deadline& deadline)
        : options(options), choice(choice), deadline(deadline), world(std::move(compilation), options.fork) {}

    const SystemOptions& options;
    const Choice choice;
    const Deadline& deadline;
    World world;
    std::map<std::string, std::string> missing;  // what could not be deployed, by identity, with the reasons
    struct Met {
        bool tokens = false, numbers = false, hashes = false, links = false, twins = false, loans = false, payees = false,
             nobody = false;
    };
    Met met;  // there was a choice of them

    // Executes the step, or leaves the world as it was.
    bool attempt(const SetupStep& step, std::string* why = nullptr);

    // Returns the contracts that can stand for a role, the newest first.
    [[nodiscard]] std::vector<Address> deployed_for(const lang::ir::Contract& role) const;
    // Returns what stands for a role, if possible none of the others. It deploys a token of the environment if nothing else
    // fits.
    Address someone_for(const lang::ir::Contract& role, const std::vector<Address>& others = {});

    // Returns what the contract expects at an address that it keeps, as far as its calls tell, or null.
    const lang::ir::Contract* role_by_questions(const Address& address, const DeployedContract& asker, const World& in);

    // Returns whether a contract keeps the address, in its storage or its code.
    bool is_known_to(const Address& address, const DeployedContract& holder);

    // Returns the n-th guess of a value. `position` counts the numbers before it; `measure` says what it counts.
    static constexpr std::size_t guess_of_one = 5;  // numbers are 1
    lang::abi::Data plain_value(const lang::abi::DataType& type, std::size_t guess, std::size_t position = 0,
                                const Measure& measure = {});
    // Returns what is known of what the function's parameters count.
    const Measure& measure_of(const lang::ir::Contract& contract, const lang::ir::Function& function, std::size_t parameter);
    // Returns an address that nobody has, to see where it ends.
    [[nodiscard]] static Address marked(std::size_t i);

  private:
    std::map<std::set<std::uint32_t>, lang::ir::Contract> asked_roles_;  // by their functions
    std::map<const lang::ir::Contract*, Measures> measures_;
};

// Returns whether nobody ever has any of the token.
[[nodiscard]] bool is_barren(const World& world, const DeployedContract& token);

// Returns the address that lies in a variable, which may be an immutable: zero where it has no place in the code.
[[nodiscard]] Address address_kept_in(World& world, const DeployedContract& contract, std::uint32_t variable);

// Returns whether a contract keeps the address, in its storage or its code.
[[nodiscard]] bool is_kept_by(World& world, const Address& address, const DeployedContract& holder);

// Returns whether the contract keeps the address where the owner, and nobody else, can put another one.
[[nodiscard]] bool is_owners_choice(Draft& draft, const Address& address, const DeployedContract& contract);

// Deploys a contract of the environment that answers what the role is asked, and calls nobody.
[[nodiscard]] Address honest_one_for(Draft& draft, const lang::ir::Contract& role);
// Deploys a token of the environment that can stand for the role, if there is one.
[[nodiscard]] std::optional<Address> token_for(Draft& draft, const lang::ir::Contract& role);

// Returns whether the contract passes on what it does not know, as a proxy does.
[[nodiscard]] bool delegates_unknown_calls(const lang::ir::Contract& contract);

// Returns where the code at the address takes other code from, to run it as its own, when it is asked for a function.
[[nodiscard]] std::optional<Address> code_asked_for(const World& world, const Address& asked, std::uint32_t selector);
inline constexpr std::uint32_t nobodys_selector = 0xfedcba98;

// Returns whether the contract delegates one of the module's functions to it.
[[nodiscard]] bool routes_to(const World& world, const Address& router, const lang::ir::Contract& module, const Address& at);

// The steps of making a system, in their order. deploy_all() returns why nothing could be deployed, or an empty text.
[[nodiscard]] std::string deploy_all(Draft& draft);
// Returns a creation that does not fail, with numbers that constructors compared the guessed ones with.
[[nodiscard]] std::optional<Call> mended_creation(const Draft& draft, const lang::Artifact& artifact, const Call& guessed,
                                                  const std::vector<lang::abi::DataType>& types);
// Deploys a proxy that is told whose code it runs, and to call there what works only once. Returns whether there is any.
[[nodiscard]] bool deploy_initialised(Draft& draft, const lang::Artifact& artifact, std::vector<lang::abi::Data> arguments,
                                      const std::vector<lang::abi::DataType>& types);
void link(Draft& draft);              // by setters
void introduce(Draft& draft);         // contracts to those that keep a list of them
void install_modules(Draft& draft);   // in routers that keep one for each selector
void place_outsiders(Draft& draft);   // where addresses are written out in the code
void expect_instances(Draft& draft);  // that contracts create later
// Returns hashes that calls of the attacker's contract, or the owner's, compared with zero: a constructor may have been told
// them.
[[nodiscard]] std::vector<vm::Word> hashes_expected(const Root& root, const Deadline& deadline);
// Returns whether a function works for the attacker's contract and not for alice.
[[nodiscard]] bool has_rights(const Draft& draft);
// Returns whether she can take all that contracts have behind the plan, by a call that is for her alone.
[[nodiscard]] bool rules_behind(const Draft& draft, const Plan& plan);
bool found(Draft& draft);                      // returns whether there is something that only a constructor can do
void supply(Draft& draft);                     // tokens, approvals
void approve_expected(Draft& draft);           // what contracts create later
void approve_under_other_names(Draft& draft);  // as moveShares() takes what approveShares() allowed
// Returns the calls by which her account lets her contract take what is kept for it, where code asks for accounts without code.
[[nodiscard]] std::vector<Call> approvals_of_her_contract(const Draft& draft);
void speak_for_implementations(Draft& draft);  // proxies
[[nodiscard]] Plan prelude(Draft& draft);

}  // namespace interlock::analyzer
