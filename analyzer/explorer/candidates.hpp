// Candidates: the calls that the explorer tries, with their arguments. They come from the types, the roles, the code's
// constants, the storage, and from what runs compared the arguments with.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "analyzer/devnet/world.hpp"
#include "analyzer/explorer/observations.hpp"
#include "analyzer/explorer/registered.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/roles.hpp"
#include "analyzer/system/units.hpp"

namespace interlock::analyzer {

enum class Caller : std::uint8_t { Honest, Attacker, Accomplice /* the attacker's plain account */ };

class Candidates {
  public:
    static constexpr std::size_t max_calls_per_function = 64;
    static constexpr std::uint32_t highest_level = 2;

    Candidates(World& world, const Observations& observations, const std::set<ArtifactIndex>& off_limits = {});

    // Returns calls of every state-changing entry function of every contract, in a fixed order. View functions are left
    // out, because a call of one changes nothing.
    //   level 0: one unit of money, 0 and 1, the caller's own addresses
    //   level 1: also what runs compared the numbers with, other addresses, lists of two
    //   level 2: also numbers from the storage and the code
    [[nodiscard]] std::shared_ptr<const std::vector<Call>> calls(Caller caller, std::uint32_t level);
    // Notes a call that passed after it was mended: it comes first among those of its function. Of those that pass with nothing
    // of something there is one, and it comes last of them.
    void add_mended(Caller caller, const Call& call, const Call& instead_of);
    // Notes a call of hers that did not pass, but got further than another one when it was mended: the rest may be for others to
    // do. It comes behind those that passed.
    void add_further(const Call& call);
    // Takes up a contract that the world has expected since. Call it between transactions.
    void expect(DeployedIndex contract);
    // Reads the numbers that storage and balances have now. Call it between transactions.
    void refresh();

  private:
    // One parameter of a function, with what is known about it.
    struct Parameter {
        lang::abi::DataType type;
        const lang::ir::Contract* role = nullptr;  // of an address, or of the addresses in a list
        bool may_be_nobody = false;                // an address that makes a difference if it is zero
    };
    struct Callable {
        DeployedIndex contract{};
        std::uint32_t function = 0;
        bool is_payable = false, is_plain = false;  // plain: ether without data
        bool answers_nothing_sent = false;          // it is plain, and does something where no ether comes either
        std::vector<Parameter> parameters;
        std::uint32_t least_level = 0, least_level_of_hers = 0;  // what she has prepared comes late
        bool is_of_token = false, is_approved_singly = false, tells_receiver = false;
    };
    using Data = lang::abi::Data;

    void take_up(DeployedIndex contract);
    void add_callables(DeployedIndex contract);
    void append_calls(const Callable& callable, Caller caller, std::uint32_t level, std::vector<Call>& list) const;
    [[nodiscard]] std::vector<Call> carried_calls(const Callable& callable, const Call& plain, Caller caller) const;
    // `length` is the number of elements of lists.
    [[nodiscard]] std::vector<Data> arguments_of(const Callable& callable, std::uint32_t position, Caller caller,
                                                 std::uint32_t level, std::size_t length) const;
    [[nodiscard]] std::vector<Data> values_of(const Parameter& parameter, const ChosenNumber& number, Caller caller,
                                              std::uint32_t level, std::size_t length) const;
    [[nodiscard]] bool is_known_token(const Data& value) const;
    [[nodiscard]] std::vector<Bytes> own_calls(const ChosenNumber& number, Caller caller) const;
    void find_clients();
    void find_carried();
    // Honest users do not simply give their tokens to the attacker.
    [[nodiscard]] std::vector<Data> addresses(const lang::ir::Contract* role, Caller caller, std::uint32_t level) const;
    [[nodiscard]] std::vector<Word> amounts(const ChosenNumber& number, unsigned bits, Caller caller,
                                            std::uint32_t level) const;

    World& world_;
    const Observations& observations_;
    const std::optional<DeployedIndex> colluder_;
    const bool asks_who_began_;  // which account began the transaction
    const std::set<ArtifactIndex> off_limits_;
    std::vector<Callable> callables_;
    std::map<std::pair<DeployedIndex, std::string>, std::vector<ChosenNumber>> namesakes_;  // parameters by their names
    const std::uint64_t beginning_;                                                         // seconds since 1970
    std::map<ChosenNumber, Measure> measures_;                                              // of what is not just an amount
    bool prices_ = false;             // a contract multiplies and divides: amounts may have to be large
    bool reads_notes_ = false;        // a contract is told of tokens, with some data: for which of its things they are
    bool keeps_by_name_ = false;      // a contract may keep something by a text that it is given
    bool runs_given_code_ = false;    // a contract creates others from code that callers give
    bool recovers_signers_ = false;   // a contract asks who signed something
    std::vector<Address> receivers_;  // contracts that one pays by sending them tokens
    std::vector<Address> movers_;     // contracts that move others' tokens
    std::map<DeployedIndex, std::vector<Address>> clients_;  // of each contract, those that act on it
    // Of each contract that makes calls which it is given, those that it knows or that know it.
    std::map<DeployedIndex, std::set<DeployedIndex>> carried_to_;
    std::vector<Word> constants_;        // numbers in the code that may be amounts, ascending
    std::vector<Word> texts_;            // that are written out in the code, as words
    std::vector<Word> constant_hashes_;  // that are written out in the code, by what they are hashes of
    std::vector<Address> instances_;     // contracts that the system has created by now
    std::vector<Word> stored_;           // numbers in the storage and balances that may be amounts, ascending
    Registered registered_;
    struct Mended {
        std::vector<Call> calls;  // the newest first
        bool has_one_of_nothing = false;
        std::vector<Call> further = {};  // that did not pass
    };
    std::map<std::pair<DeployedIndex, std::uint32_t>, Mended> mended_[3];  // by caller and function
    std::uint64_t mended_version_ = 0;
    struct Made {
        std::uint64_t version = ~std::uint64_t{0}, mended_version = 0;
        std::vector<Word> stored;
        std::vector<Address> instances;
        Registered registered;
        std::shared_ptr<const std::vector<Call>> calls;
    };
    Made made_[3][highest_level + 1];
};

}  // namespace interlock::analyzer
