// Flow: every run of one entry at once, with what is known of its values, the variables that are known to hold a
// constant, and what each part of it may touch.
//
// Internal calls, and calls of contracts of the scope that a variable surely holds, are followed. It is a conditional
// constant propagation (Wegman and Zadeck, 1991) over the graph of all frames. Whatever is not understood throws
// NotCovered.
#pragma once

#include <boost/container/flat_set.hpp>
#include <functional>
#include <map>
#include <memory>

#include "analyzer/deadline.hpp"
#include "analyzer/prover/keys.hpp"
#include "analyzer/prover/known.hpp"
#include "analyzer/prover/named.hpp"

namespace interlock::analyzer::prover {

struct BitRange;
struct ShapesOfCode;

struct Entry {
    std::uint32_t contract = 0, function = 0;  // in the scope, in the contract
    friend auto operator<=>(const Entry&, const Entry&) = default;
};

// The contracts that are looked at together.
struct CodeInScope {
    std::vector<const ir::Contract*> contracts;
    std::set<Area> roles;   // variables with an account, which no stranger can set
    std::set<Area> owners;  // those of them that start with who deployed the contract or an account of the source
    std::map<Area, std::uint32_t> holds;  // variables that surely hold a contract of the scope
    std::set<Area> made;                  // those of them of which each contract of the kind makes its own
    std::set<Entry> scripts;              // entries that only make calls which their caller can make
    std::set<Counter> numbering;          // counters of which any number is as good as another
    std::set<Counter> reserved;           // counters of which numbers are reserved together
    std::set<Area> rising;                // numbers that entries only make greater
    std::map<Area, Counter> given;        // fields that are zero where their counter has not given out the key
    std::set<Area> kept;                  // fields of mappings that nobody sets to zero again
    std::set<Area> with_keys;             // mappings that hold nothing but zero where the first key is zero
    std::set<Area> records;               // numbers that entries only overwrite or add to, and only views read
    std::set<const ir::Instruction*> restoring, saving;  // set variables that are set back, and remember what they were
    std::set<Area> growing;                              // lengths of arrays that never fall
    std::set<const ir::Instruction*> listing;            // put something at the end of a list that only views read
    std::set<const ir::Instruction*> pushing;  // what writes the elements that are pushed to arrays which never get shorter
    // Contracts and arrays of theirs to which entries only push: what lies below a length stays what it is.
    std::set<std::pair<std::uint32_t, std::uint32_t>> appended;
    std::map<Area, ir::Word> most;  // numbers that never are more
    std::set<std::pair<std::uint32_t, std::uint32_t>>
        zeros;  // contracts and variables of theirs that never are anything else
    // Contracts, mappings of theirs, and contracts of which nothing but zero stands there: accounts write under their own name.
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> unsaid;
    std::set<Area> oracles;           // roles that are asked, and never called otherwise
    std::set<Area> odd_lengths;       // where an array may be said to be as long as all of storage
    std::set<std::string> quiet;      // contracts, by identity, that call nobody while they are made
    std::set<std::uint32_t> cloners;  // contracts of the scope that make minimal proxies
    std::map<Area, Known> offspring;  // words that only ever hold zero and such, in variables, mappings and arrays
    std::map<Area, Known> registers;  // mappings that hold nothing but zero where the first key is none
    std::set<Area> members;           // mappings of flags by account, which strangers do not have or get
    std::set<Area> unset;             // words in mappings that nobody ever writes: who grants a role, where all are zero's
    std::set<Area> grantors;          // and, by role and account, of which they do not have those of the role that is zero
    std::set<Area> grants;            // mappings that are taken to hold nothing but zero, as before anybody decided anything
    std::set<Entry> alone;  // entries that call the contract itself only as somebody with a right decided, and alone
    std::set<Area> selves;  // immutables that hold the contract itself
    std::vector<const ir::Contract*> tokens;       // of the sources, which are looked at as if there were no source of them
    std::map<Area, ir::Word> written_out;          // variables that only ever hold an account which stands in the source
    bool trusts_callees = false;                   // these, and contracts with roles, are taken to call nobody
    mutable bool calls_trusted = false;            // Flows have seen a call of one
    mutable std::shared_ptr<ShapesOfCode> shapes;  // what Flows have found out about functions by themselves
    std::set<Entry> leaves;                        // entries that never call anybody
    std::set<Entry> payers;                        // entries that only pay, with 2,300 gas, which change nothing
    std::set<Entry> unheard;                       // entries that no contract of the sources calls
    std::set<Entry> starters;                      // and that were called once, in place of the constructor
    std::set<std::string> collections;             // names of contracts and interfaces of tokens that are one of a kind
    bool declares_amounts = false;                 // what the sources declare as transferFrom moves amounts
    std::set<Entry> lent;                          // entries that strangers can make contracts of the scope call
    Deadline deadline;

    [[nodiscard]] const ir::Function& function(Entry entry) const {
        return contracts.at(entry.contract)->functions.at(entry.function);
    }
};

using Facts = std::map<Area, Known>;
// Whether a write there may change what it says.
[[nodiscard]] bool is_broken_by(const Facts::value_type& fact, const Area& written);

// A place at which strangers may call back, or only ask.
struct CallSite {
    lang::SourceRange range;
    bool only_asks = false;  // STATICCALL: whoever is called there changes nothing
    Gas gas = Gas::Any;
    bool is_of_role = false;  // a plain payment to an account that only the owner chooses
    Area role;
    std::optional<ir::Word> written_out;  // the account, if it is a constant, and this is a plain payment
    bool is_named = false;                // an account that whoever calls the entry only names to have it called
    bool pays = false;
    std::uint32_t purse = 0;  // which contract of the scope does
    bool has_data = false;    // what is called may remember the call
    bool only_looks = false;  // by a function that is declared to change nothing
    bool creates = false;
    std::optional<Access> moves;               // in or out, if moving tokens is all that it does
    std::set<Counter> given;                   // have given out the key that is looked at
    Facts held;                                // true whenever somebody calls back
    Footprint before, after;                   // of what the entry did until then, and still does; without this call's own
    std::set<Entry> hits;                      // entries of the scope that the call itself may reach
    std::set<Entry> told;                      // and those that never fail and only answer, where nobody heeds that
    std::set<Entry> hits_before, hits_after;   // and those that calls before and after it may reach
    std::set<std::uint32_t> later;             // sites that may follow, as indices of sites()
    bool is_in_round = false;                  // before and after: in its round of a loop, and before the loop
    bool is_counted = false;                   // and a record is left of the call, or of all rounds
    std::set<Area> asked_before, asked_after;  // accounts of which the answers are taken to be steady
    std::set<Area> overwritten;                // places that every run writes after the call before it looks at them
    std::set<Area> unchanged;  // what was read before holds the same word after the call, or everything is undone
};

struct Recheck;
struct CallData;
struct HashedWord;
struct FreshValue;

class Flow {
  public:
    // Stranger: nobody with a role calls. Sister: a stranger calls another contract of the same kind, which has no rights in
    // those that it calls.
    enum class Caller : std::uint8_t { Stranger, Sister, Anybody };
    // Returns which facts survive whatever strangers do at the call, and the entries that it may reach itself.
    using Survivors =
        std::function<Facts(const Facts&, Gas gas, const std::set<Entry>& hits, const std::set<Counter>& given)>;

    // Throws NotCovered.
    Flow(const CodeInScope& code, Entry entry, Caller caller, const Facts& facts, Survivors survivors,
         const Keys& keys = {});

    ~Flow();
    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;

    [[nodiscard]] bool succeeds() const { return succeeds_; }  // whether some run does not revert
    // Of all runs that succeed.
    [[nodiscard]] const Footprint& footprint() const { return footprint_; }
    // The same of the run as a whole: what it leaves as it has to find it, as a lock, is only read.
    [[nodiscard]] Footprint whole_footprint() const;
    // What runs that are undone look at: whoever goes on after their failure may tell.
    [[nodiscard]] const Footprint& undone() const { return undone_; }
    [[nodiscard]] const std::set<Entry>& hits() const { return hits_; }  // entries that calls of unknown targets may reach
    [[nodiscard]] const std::set<Entry>& told() const { return told_; }  // and those that only tell it what it does not heed
    // Entries of contracts that a sister made for itself, which it may call.
    [[nodiscard]] const std::set<Entry>& apart() const { return apart_; }
    [[nodiscard]] bool heeds_answers() const { return heeds_answers_; }
    // Whether it gets a number of the counter in its keys, one only.
    [[nodiscard]] bool takes_own_number() const { return takes_own_number_; }
    // Hashes that are said to be the key, and which it may make of several words.
    [[nodiscard]] const std::set<const ir::Instruction*>& hashed_again() const { return hashed_again_; }
    [[nodiscard]] bool survives_hits() const { return survives_hits_; }  // whether something goes on after they failed
    [[nodiscard]] bool impersonates() const { return impersonates_; }    // whether a hit can write
    [[nodiscard]] bool calls_back() const { return calls_back_; }        // whoever called the entry, or pays it
    [[nodiscard]] bool calls_out() const { return calls_out_; }  // whether it hands over to an account that nobody knows
    [[nodiscard]] bool asks_out() const { return asks_out_; }    // or asks one: who is asked may ask others
    // Variables to which every run that succeeds adds at least one, checked.
    [[nodiscard]] const std::set<Area>& counted() const { return counted_; }
    [[nodiscard]] bool takes_back(const Area& area) const;  // what it added there, which its footprint does not show
    // Whether it asks for the code of an account that no stranger chose, as if that stayed the same.
    [[nodiscard]] bool relies_on_code() const { return relies_on_code_; }
    // Whether what it makes of bytes is taken for a minimal proxy.
    [[nodiscard]] bool relies_on_clones() const { return relies_on_clones_; }
    // Variables with accounts of which the code that it runs as its own is taken to be that of a contract of the scope.
    [[nodiscard]] const std::set<std::pair<Area, std::uint32_t>>& modules() const { return modules_; }
    // Accounts that stand in the source, and variables with contracts, which it calls and which are taken to call nobody.
    [[nodiscard]] const std::set<ir::Word>& trusted() const { return trusted_; }
    [[nodiscard]] const std::set<Area>& trusted_roles() const { return trusted_roles_; }
    [[nodiscard]] const std::set<Area>& trusted_to_look() const { return trusted_to_look_; }
    [[nodiscard]] const std::set<ir::Word>& known_to_look() const { return known_to_look_; }
    // Variables that it takes to hold a contract of the scope which calls nobody, whichever of the kind it is.
    [[nodiscard]] const std::set<std::pair<Area, std::uint32_t>>& trusted_kinds() const { return trusted_kinds_; }
    [[nodiscard]] const std::set<Area>& trusted_wallets() const { return trusted_wallets_; }
    // Variables with tokens that call nobody where they are called, and these.
    [[nodiscard]] const std::set<std::pair<Area, std::string>>& quiet_tokens() const { return quiet_tokens_; }
    // The same of collections that it has move tokens.
    [[nodiscard]] const std::set<Area>& trusted_collections() const { return trusted_collections_; }
    // Whether it tells the account that began the transaction from one that has code.
    [[nodiscard]] bool relies_on_origin() const { return relies_on_origin_; }
    // Whether whom it tells something does nothing with it.
    // Whether it gives back what it reads at its end, and does nothing else with it.
    [[nodiscard]] bool relies_on_returns() const { return relies_on_returns_; }
    [[nodiscard]] bool relies_on_enough() const { return relies_on_enough_; }
    [[nodiscard]] bool relies_on_tellings() const { return relies_on_tellings_; }
    [[nodiscard]] bool relies_on_receivers() const { return relies_on_receivers_; }
    // Accounts in roles that it asks, that it calls otherwise, and those of which it takes the answers to be steady.
    [[nodiscard]] const std::set<Area>& asked() const { return asked_; }
    [[nodiscard]] const std::set<Area>& called() const { return called_; }
    [[nodiscard]] const std::set<Area>& oracles() const { return oracles_; }
    // Variables with accounts that it calls, and which are taken to be other contracts than its own.
    [[nodiscard]] const std::set<Area>& elsewhere() const { return elsewhere_; }
    // What is written, at most, by area; nothing where no bound is known.
    [[nodiscard]] const std::map<Area, std::optional<ir::Word>>& stored() const { return stored_; }
    // What is written by area: what all writes have in common.
    [[nodiscard]] const std::map<Area, Known>& written() const { return written_; }
    // Who writes what in mappings, unless it is zero, and the counters that have given out the key each time.
    [[nodiscard]] const std::map<std::pair<const ir::Instruction*, Area>, std::set<Counter>>& written_at_given() const {
        return written_at_given_;
    }
    // By mapping: what the first keys are under which something is written that may not be zero.
    [[nodiscard]] const std::map<Area, Known>& keyed() const { return keyed_; }
    // Where something is written that may be zero, and where a key may be.
    [[nodiscard]] const std::set<Area>& zeroed() const { return zeroed_; }
    [[nodiscard]] const std::set<Area>& written_at_zero() const { return written_at_zero_; }
    // Where instructions that name a slot may touch storage, also transient; of all runs, also those that are undone.
    [[nodiscard]] const std::map<const ir::Instruction*, std::set<Area>>& by_slot() const { return by_slot_; }
    // Of all functions, also those that are called: the blocks that some run comes to.
    [[nodiscard]] std::set<const ir::Block*> blocks() const;
    // Where something is written that may be an array's length, and be so great that its elements are all of storage.
    [[nodiscard]] const std::set<Area>& odd_lengths() const { return odd_lengths_; }
    // `in_parts`: whether a call that goes through arrays may be taken for calls with parts of them (rounds.hpp).
    // `with_asked`: also those at which somebody is only asked.
    [[nodiscard]] std::vector<CallSite> sites(bool in_parts, bool with_asked = false) const;

  private:
    struct Frame;
    struct Node;
    using ValueInFrame = std::pair<std::uint32_t, std::uint32_t>;
    struct Account {
        Known known;
        std::optional<ValueInFrame> word;  // where it comes from
    };
    struct Tokens {
        Account token, owner;
        ValueInFrame amount;
        Access access = Access::Read;  // to who has how many
    };
    using Values = boost::container::flat_set<ValueInFrame>;  // copied with each state, at every step
    struct State {
        Facts facts;
        std::map<ValueInFrame, ir::Word> bounds;
        Values positive;  // values that are not zero
        Values accounts;  // values of which the low 160 bits are not
        // Loads of kept fields since control was handed over: what of them is not seen to be, and which surely were made.
        Values unstored, not_zero_yet, not_used_yet, made;
        std::map<ValueInFrame, Area> origins;                   // what still holds the number that was loaded from it
        std::set<Counter> given;                                // have given out the key that is looked at
        std::set<std::pair<ValueInFrame, ValueInFrame>> equal;  // values that were found to be the same, both ways
        Values unshared;                                        // numbers that were given out since control was handed over
        Values not_self;                                        // accounts that are not the contract itself
        Values callers;                                         // accounts that are who called, as Kind::Caller says
        std::map<ValueInFrame, Known> offspring;                // accounts that were found in registers of offspring
        std::map<ValueInFrame, Known> measured;                 // how values compare, with the clock or a constant
        boost::container::flat_set<std::uint32_t> written;      // mappings and arrays that were, since then; or all of them
        bool is_codeless = false;  // who called the entry has no code, so nothing can call back from there
        // Since control was handed over: lengths of code that were asked for, and accounts that were found to have none.
        Values lengths_of_code, codeless;
        // Bytes of scratch memory, bit by bit, that may hold what a call answered; by the frame of which it is the memory.
        std::map<std::uint32_t, std::uint64_t> answers;
        void meet(const State& other);
        void forget(const Area& area);
        void forget_values();
        void copy_origin(ValueInFrame from, ValueInFrame to);
        friend bool operator==(const State&, const State&) = default;
    };
    struct Mark {  // a load of a kept field
        Area field;
        ValueInFrame key;
        bool may_claim = true, may_use = true;
        bool is_zero = true, is_set = true;  // or everything is undone
    };
    friend struct ShapesOfCode;
    [[nodiscard]] ShapesOfCode& shapes() const;
    struct Shape;  // of a function: definitions and types of its values, and its increments

    const Shape& shape_of(Entry entry);
    std::uint32_t frame_of(std::uint32_t caller, std::uint32_t block, std::uint32_t at, Entry entry, std::uint32_t storage,
                           const Known& sender, bool is_outer);
    // Of what is called, the first block, with what is known there.
    void enter(std::uint32_t from, std::uint32_t called, const State& state);
    void go_to(std::uint32_t from, std::uint32_t frame, std::uint32_t block, std::uint32_t first, const State& state);
    void jump(std::uint32_t from, std::uint32_t frame, const ir::Jump& jump, const std::vector<Known>& received,
              const State& state);
    void set(Frame& frame, ir::Value value, const Known& known);
    [[nodiscard]] Known get(const Frame& frame, const State& state, std::uint32_t index, ir::Value value) const;
    [[nodiscard]] bool passes_guard(std::uint32_t from, std::uint32_t frame, const ir::Jump& jump, State& state);
    [[nodiscard]] static std::uint32_t entrance(std::uint32_t from, const ir::Function& function, const ir::Jump& jump);
    [[nodiscard]] std::pair<ir::Value, std::optional<bool>> condition_of(const Node& node) const;
    void process(std::uint32_t index);
    bool step(std::uint32_t index, State& state, std::uint32_t at);  // false: the node ends there
    void leave(std::uint32_t index, State& state);
    void call_out(std::uint32_t index, State& state, const ir::Terminator& terminator);
    [[nodiscard]] std::optional<std::uint32_t> module_for(std::uint32_t host, std::optional<std::uint32_t> selector) const;
    [[nodiscard]] bool shares_layout(const ir::Contract& code, std::uint32_t host) const;
    // `as_caller`: the code runs as its caller does, called by whoever called that.
    void pass_arguments(std::uint32_t from, const State& state, const ir::ExternalCall& call, Frame& called);
    void call_known(std::uint32_t index, const State& state, const ir::Terminator& terminator, std::uint32_t target,
                    bool as_caller);
    void end_frame(std::uint32_t index, const State& state, const std::vector<Known>& results);
    void end_call(std::uint32_t index, const State& state, const std::vector<Known>& results = {});
    void end_undone(std::uint32_t index);
    [[nodiscard]] bool is_only_told(std::uint32_t frame, const ir::Instruction& load);
    [[nodiscard]] bool is_for_telling(std::uint32_t frame, const ir::Instruction& asks) const;
    [[nodiscard]] bool is_logged(std::uint32_t frame_index, const ir::Instruction& instruction);
    // Whether it loads or clears what is taken as a whole, and paid. The second, but nobody heeds how much is said to be.
    [[nodiscard]] bool takes_all(std::uint32_t frame_index, const ir::Instruction& instruction) const;
    [[nodiscard]] bool takes_unheard(std::uint32_t frame_index, const ir::Instruction& instruction) const;
    [[nodiscard]] Known hash_of(std::uint32_t frame, const State& state, const std::vector<HashedWord>& words) const;
    void note_stored(std::uint32_t frame, State& state, const ir::Instruction& store, const Area& area) const;
    [[nodiscard]] bool is_of_nobody(std::uint32_t selector) const;
    [[nodiscard]] std::optional<bool> compared_with_zero(std::uint32_t frame, const State& state,
                                                         const ir::Instruction& instruction,
                                                         const std::vector<Known>& operands) const;
    [[nodiscard]] bool is_survived(std::uint32_t frame) const;
    [[nodiscard]] bool is_named(std::uint32_t frame, ir::Value whom) const;
    void touch(std::uint32_t index, const Area& area, Access access);
    void heed_answer(std::uint32_t index);
    void heed_answer(std::uint32_t index, const ir::Instruction& instruction, const std::vector<Known>& operands);
    void heed_answer(std::uint32_t index, const ir::Terminator& fork);
    void heed_forks();
    [[nodiscard]] bool only_ends_after(std::uint32_t index) const;
    [[nodiscard]] std::uint32_t memory_of(std::uint32_t frame) const;
    [[nodiscard]] bool keeps_free_memory_in(const Frame& frame) const;
    [[nodiscard]] bool leads_to_free_memory(std::uint32_t frame, const ir::Instruction& instruction,
                                            const std::vector<Known>& operands) const;
    // Whether memory from there on may hold what a call answered; nothing is known of a size that is not given.
    [[nodiscard]] bool may_hold_answer(const State& state, std::uint32_t frame, ir::Value from,
                                       std::optional<ir::Value> size) const;
    [[nodiscard]] bool reads_answer(const State& state, std::uint32_t frame, const ir::Instruction& instruction) const;
    [[nodiscard]] bool sends_answer(const State& state, std::uint32_t frame, const ir::ExternalCall& call) const;
    void pass_memory(State& state, std::uint32_t frame, const ir::Instruction& instruction, bool is_answer) const;
    // False if it may be left elsewhere than in scratch memory.
    [[nodiscard]] bool leaves_answer_in_scratch(State& state, std::uint32_t frame, const ir::ExternalCall& call) const;
    void write(std::uint32_t index, State& state, const Area& area, Access access, const Known& value);
    void store(std::uint32_t index, State& state, const ir::Instruction& store, const std::vector<Known>& operands);
    void clear(std::uint32_t index, State& state, const ir::Instruction& clear, const std::vector<Known>& operands);
    [[nodiscard]] Access access_of(std::uint32_t frame, const ir::Instruction& store) const;
    // `asks`: it matters only whether the number is at least something.
    [[nodiscard]] Known read(std::uint32_t index, const State& state, const Area& area, bool is_increment,
                             bool asks = false);
    [[nodiscard]] Known entry_at(std::uint32_t index, const State& state, const ir::Instruction& hash, ir::Value slot) const;
    [[nodiscard]] Known machine(std::uint32_t index, State& state, std::uint32_t at, const std::vector<Known>& operands);
    [[nodiscard]] Known code_length(std::uint32_t index, std::uint32_t at, const ir::Instruction& instruction,
                                    const Known& account);
    [[nodiscard]] bool is_surely_made(const State& state, const Known& account) const;
    [[nodiscard]] Known made_by(std::uint32_t index, const ir::ExternalCall& call, bool is_clone) const;
    [[nodiscard]] std::optional<std::uint32_t> kind_of_made(const ir::Contract& contract, const ir::ExternalCall& call,
                                                            const Known& made) const;
    [[nodiscard]] bool is_of_leaf(std::uint32_t index, const State& state, const ir::ExternalCall& call,
                                  std::uint32_t kind) const;
    [[nodiscard]] std::optional<Area> area_of_bits(const Frame& frame, const Known& slot, const BitRange& range) const;
    void mark_element(const Frame& frame, const ir::Instruction& access, Area& area) const;
    [[nodiscard]] bool is_old_element(const Frame& frame, const ir::Instruction& load) const;
    [[nodiscard]] bool is_always_zero(const Frame& frame, const ir::Place& place) const;
    [[nodiscard]] Area area_of_access(const Frame& frame, const State& state, const ir::Instruction& instruction,
                                      const std::vector<Known>& keys) const;
    void name_by_accounts(const Frame& frame, const ir::Instruction& access, const std::vector<Known>& keys,
                          Area& area) const;
    [[nodiscard]] Area area_at(std::uint32_t contract, const Known& slot) const;
    [[nodiscard]] Known length_in(const Area& area) const;
    // The slots of an element, where the address of the first one and what lies before it are added.
    [[nodiscard]] std::optional<Known> element_at(std::uint32_t frame, const State& state,
                                                  const ir::Instruction& instruction,
                                                  const std::vector<Known>& operands) const;
    // What gives out the number that the instruction makes, and what that is to the key that is looked at.
    [[nodiscard]] std::set<std::uint32_t> takers_but(std::uint32_t payer) const;
    void add_payment(Footprint& footprint) const;  // what came with the call of the entry
    [[nodiscard]] Purses every_purse() const;
    [[nodiscard]] std::optional<ir::Word> written_out(const Known& account) const;
    [[nodiscard]] bool may_enter_callers(const Frame& frame, const State& state, std::uint32_t index,
                                         const ir::ExternalCall& call, std::optional<std::uint32_t> but = {}) const;
    [[nodiscard]] bool is_wallet_of_owner(const Area& wallet) const;
    [[nodiscard]] const ir::Contract* quiet_token(const Known& target, std::optional<std::uint32_t> selector) const;
    [[nodiscard]] std::optional<std::uint32_t> quiet_kind_of(const Area& role) const;
    void note_asked(std::uint32_t index, const State& state, const ir::ExternalCall& call, bool is_steady);
    [[nodiscard]] bool only_looks(const Frame& frame, const ir::ExternalCall& call) const;
    [[nodiscard]] bool is_trusted_to_look(const Frame& frame, const State& state, std::uint32_t index,
                                          const ir::ExternalCall& call, const Known& target);
    [[nodiscard]] bool is_trusted(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call,
                                  const Known& target, bool pays);
    [[nodiscard]] bool names_nobody(const Frame& frame, const State& state, std::uint32_t index,
                                    const ir::ExternalCall& call) const;
    [[nodiscard]] static bool is_nobody(const Known& account);
    [[nodiscard]] bool holds_nobody(const Frame& frame, const State& state, std::uint32_t index,
                                    const ir::ExternalCall& call, ir::Value array) const;
    [[nodiscard]] static const FreshValue* number_in(const Frame& frame, const ir::Instruction& instruction);
    [[nodiscard]] std::optional<Counter> giver_of(const Frame& frame, const ir::Instruction& instruction) const;
    [[nodiscard]] std::optional<ir::Value> added_to(std::uint32_t frame, const State& state, const Area& place,
                                                    ir::Value sum) const;
    [[nodiscard]] Key key_of_hash(std::uint32_t frame, const std::pair<const ir::Instruction* const, Key>& hash);
    [[nodiscard]] std::optional<Key> key_of_number(std::uint32_t frame, const ir::Instruction& instruction);
    [[nodiscard]] bool is_own(const Counter& giver) const;  // to whom it gives a number, he has it alone
    [[nodiscard]] std::optional<Counter> giver_of_own(std::uint32_t frame, const State& state, ir::Value value) const;
    [[nodiscard]] static bool is_untouched(const State& state, const Area& area);
    void note_own(std::uint32_t frame, State& state, const ir::Instruction& instruction) const;
    [[nodiscard]] bool is_numbering(std::uint32_t frame, const ir::Instruction& access) const;
    void mark_own(std::uint32_t frame, const State& state, const ir::Instruction& access, Area& area) const;
    [[nodiscard]] bool is_length_of_bytes(const Frame& frame, const ir::Instruction& result) const;
    [[nodiscard]] bool is_later_length(std::uint32_t frame, const State& state, const ir::Instruction& instruction) const;
    [[nodiscard]] bool is_below_length(std::uint32_t frame, const State& state, const ir::Instruction& load,
                                       const Area& length) const;
    [[nodiscard]] ValueInFrame source_of(std::uint32_t frame, ir::Value value) const;
    [[nodiscard]] bool has_marks() const;
    [[nodiscard]] bool is_of_given(const Node& node, const ir::Instruction& access) const;
    void note_given_by(std::uint32_t index, const State& state, const ir::Instruction& access, const Area& field,
                       const ValueInFrame& key);
    [[nodiscard]] bool is_numbered(const Area& field) const;
    [[nodiscard]] std::optional<Area> kept_field(std::uint32_t frame, const ir::Instruction& access) const;
    [[nodiscard]] bool is_unsaid(const Frame& frame, const ir::Instruction& load, const std::vector<Known>& operands) const;
    [[nodiscard]] bool lacks_flag(std::uint32_t frame, const State& state, const ir::Instruction& load,
                                  const std::vector<Known>& operands) const;
    [[nodiscard]] bool is_not_self(std::uint32_t frame, const State& state, ir::Value account) const;
    [[nodiscard]] bool is_surely_used(std::uint32_t frame, const State& state, ir::Value value) const;
    [[nodiscard]] const Area* number_of_key(std::uint32_t frame, const State& state, const ir::Instruction& access) const;
    [[nodiscard]] static Area at_number(Area field);
    void note_at_number(std::uint32_t frame, State& state, const ir::Instruction& store, const Area& field) const;
    [[nodiscard]] bool is_known_at_number(std::uint32_t frame, const State& state, const ir::Instruction& load) const;
    void mark_load(std::uint32_t index, State& state, const ir::Instruction& load, const Area& area, const Area& field);
    void mark_store(std::uint32_t index, State& state, const ir::Instruction& store, const Area& area, const Area& field);
    void find_mark(std::uint32_t frame, State& state, ir::Value value, bool is_zero);
    [[nodiscard]] std::optional<ValueInFrame> key_of_used(std::uint32_t frame, ir::Value value) const;
    void redefine(State& state, ValueInFrame value);
    [[nodiscard]] std::optional<ValueInFrame> given_as(ValueInFrame value) const;
    [[nodiscard]] std::optional<ValueInFrame> told_as(ValueInFrame value) const;
    void learn_registered(std::uint32_t frame, State& state, ir::Value value) const;
    void note_keyed(std::uint32_t frame, const ir::Instruction& store, const std::vector<Known>& operands);
    [[nodiscard]] const Known* offspring_at(const Area& area) const;
    void close_marks(State& state);
    void add_marks();
    void drop_ways();
    void learn_index(std::uint32_t frame, State& state, ir::Value index, ir::Value length) const;
    void learn(std::uint32_t frame, State& state, ir::Value condition, bool holds);
    [[nodiscard]] std::optional<std::pair<std::uint32_t, ir::Value>> answer_of(std::uint32_t frame, ir::Value value) const;
    void learn_not_zero(std::uint32_t frame, State& state, ir::Value value) const;
    void keep_not_zero(std::uint32_t frame, State& state, const ir::Instruction& instruction) const;
    void pass_not_zero(State& state, std::pair<std::uint32_t, ir::Value> from, std::pair<std::uint32_t, ir::Value> to) const;
    [[nodiscard]] std::optional<Counter> counter_of(const Area& area) const;
    void learn_given(std::uint32_t frame, State& state, ir::Value value) const;
    void note_given(const State& state, const ir::Instruction& writer, const Area& area, const Known& value);
    void learn_used(std::uint32_t frame, State& state, ir::Value value);
    void learn_not_self(std::uint32_t frame, State& state, const ir::Instruction& comparison) const;
    void note_equal(std::uint32_t frame, State& state, ir::Value a, ir::Value b);
    void learn_either(std::uint32_t frame, State& state, const ir::Instruction& either, bool holds);
    void note_bound(std::uint32_t frame, State& state, ir::Value value, const ir::Word& bound) const;
    void learn_other_bit(std::uint32_t frame, State& state, ir::Value value, ir::Value denied);
    void learn_bits(std::uint32_t frame, State& state, ir::Value part, const ir::Word& word) const;
    void learn_word(std::uint32_t frame, State& state, ir::Value value, const Known& known);
    void learn_sender(std::uint32_t frame, State& state, const ir::Instruction& comparison, bool holds);
    void learn_no_code(std::uint32_t frame, State& state, ir::Value length) const;
    void learn_sums(std::uint32_t frame, State& state, ir::Value value, const ir::Word& word) const;
    [[nodiscard]] bool has_no_code(std::uint32_t frame, const State& state, ir::Value account) const;
    [[nodiscard]] std::optional<Known> measure_of(std::uint32_t frame, const State& state, ir::Value value) const;
    void learn_order(std::uint32_t frame, State& state, const ir::Instruction& comparison, bool holds);
    [[nodiscard]] std::optional<Area> place_of(std::uint32_t frame, const State& state, ir::Value value) const;
    void learn_measured(std::uint32_t frame, State& state, ir::Value number, Known fact, int depth = 0);
    [[nodiscard]] std::uint8_t possible_orders(std::uint32_t frame, const State& state, ir::Value number,
                                               const Known& measure, int depth = 0) const;
    [[nodiscard]] std::optional<bool> compared_as_before(std::uint32_t frame, const State& state,
                                                         const ir::Instruction& instruction) const;
    [[nodiscard]] std::optional<std::uint32_t> selector_of(const Frame& frame, const State& state, std::uint32_t index,
                                                           const ir::ExternalCall& call) const;
    [[nodiscard]] Known sent_bytes(const Frame& frame, const State& state, std::uint32_t index,
                                   const ir::ExternalCall& call) const;
    [[nodiscard]] std::vector<Known> words_in(const Frame& frame, const State& state, std::uint32_t index,
                                              const CallData& data) const;
    [[nodiscard]] Known as_given(const Known& word, std::uint32_t from, std::uint32_t to) const;
    [[nodiscard]] Known word_given(std::uint32_t frame, const Known& place) const;
    [[nodiscard]] std::vector<Known> words_of(const Frame& frame, const State& state, std::uint32_t index,
                                              const ir::ExternalCall& call) const;
    [[nodiscard]] std::vector<Known> arguments_of(const Frame& frame, const State& state, std::uint32_t index,
                                                  const ir::ExternalCall& call) const;
    void note_encoding(std::uint32_t frame, const State& state, const ir::Instruction& instruction);
    [[nodiscard]] std::vector<Entry> receivers(const Frame& frame, const State& state, std::uint32_t index,
                                               const ir::ExternalCall& call, std::uint32_t target) const;
    [[nodiscard]] bool is_without_data(const Frame& frame, const State& state, std::uint32_t index,
                                       const ir::ExternalCall& call) const;
    [[nodiscard]] bool answers_unseen(const ir::Contract& contract, State& state, std::uint32_t frame,
                                      const ir::ExternalCall& call) const;
    void note_hits(std::uint32_t index, const State& state, const ir::ExternalCall& call);
    bool notes_load(Node& node, const ir::Instruction& load, const Area& area) const;
    bool notes_cap(Node& node, const ir::Instruction& load, const Area& area) const;
    bool notes_bits(Node& node, const ir::Instruction& load, const Area& area) const;
    [[nodiscard]] Access weighed(std::uint32_t frame, const ir::Instruction& load) const;
    [[nodiscard]] bool is_made_once(const std::pair<std::uint32_t, const ir::Instruction*>& at) const;
    void conclude();
    struct Sum;
    struct Sums;
    void settle_sums();
    [[nodiscard]] static bool hands_over(const Node& node);
    void lay_loans(CallSite& site, const std::vector<bool>& until, const std::vector<bool>& after) const;
    [[nodiscard]] Footprint with_sure_sights(const Footprint& part) const;
    [[nodiscard]] Footprint footprint_of(std::uint32_t node) const;
    [[nodiscard]] const ir::Instruction* call_of(const Frame& frame) const;
    [[nodiscard]] std::optional<bool> required_answer(const Frame& frame) const;
    [[nodiscard]] bool has_to_be_one(std::uint32_t frame_index, const ir::Instruction& load) const;
    [[nodiscard]] bool asks_the_same(std::uint32_t one, std::uint32_t other) const;
    [[nodiscard]] std::uint32_t entrance_of(std::uint32_t frame) const;
    [[nodiscard]] bool is_inside(std::uint32_t frame, std::uint32_t of) const;
    [[nodiscard]] bool always_comes_to(std::uint32_t site, std::uint32_t there, const Footprint& asked) const;
    [[nodiscard]] std::set<std::uint32_t> asked_again(std::uint32_t site, const std::vector<bool>& until) const;
    [[nodiscard]] bool is_rechecked(std::uint32_t site, std::uint32_t reader, const ir::Instruction& load, const Area& area,
                                    const Recheck& recheck, bool only_counts) const;
    [[nodiscard]] bool is_rechecked(std::uint32_t site, std::uint32_t reader, const ir::Instruction& load,
                                    const Area& area) const;
    [[nodiscard]] bool is_equal_again(std::uint32_t site, std::uint32_t reader, const ir::Instruction& load,
                                      const Area& area) const;
    struct Round;
    [[nodiscard]] std::optional<Round> round_around(std::uint32_t site) const;
    void find_counted();
    [[nodiscard]] bool leaves_as_found(const Area& place) const;
    void add_reads_before(CallSite& site, std::uint32_t node, const std::vector<bool>& until,
                          const std::set<std::uint32_t>& again) const;
    // `heads`: by node, whether the way ends there; empty: nowhere.
    [[nodiscard]] std::vector<bool> reached(const std::set<std::uint32_t>& from, bool forward,
                                            const std::vector<bool>& heads = {}) const;
    struct Told;
    struct Followed {
        std::vector<bool> nodes;
        bool ends = false;  // whether a run succeeds behind one of them
    };
    [[nodiscard]] bool passes(std::uint32_t node, std::uint32_t from, Told& told) const;
    [[nodiscard]] std::vector<std::pair<std::uint32_t, Told>> steps_from(std::uint32_t node, Told told) const;
    [[nodiscard]] Followed follow(std::vector<std::pair<std::uint32_t, Told>> open, std::uint32_t site,
                                  const std::vector<bool>& heads) const;
    // What may follow the call if it succeeded, or if it failed. In a loop, it may do the other in a later round.
    [[nodiscard]] Followed follow(std::uint32_t site, bool succeeded, const std::vector<bool>& heads = {}) const;
    void find_hard_payments();
    [[nodiscard]] bool is_paid_next(std::uint32_t index, std::uint32_t at, ir::Value amount) const;
    void find_balance_asked();
    void find_tokens_asked();
    [[nodiscard]] bool note_tokens_asked(std::uint32_t index, const State& state, const ir::ExternalCall& call,
                                         Access access);
    void note_tokens_moved(std::uint32_t index, const State& state, const ir::ExternalCall& call);
    [[nodiscard]] Account account_of(std::uint32_t frame, const State& state, ir::Value value) const;
    [[nodiscard]] static bool is_same(const Account& a, const Account& b);
    [[nodiscard]] std::optional<std::pair<std::uint32_t, std::vector<ir::Value>>> words_sent(
        std::uint32_t frame, const State& state, const ir::ExternalCall& call) const;
    [[nodiscard]] bool are_moved_next(std::uint32_t index) const;
    void find_code_asked();
    [[nodiscard]] bool has_code_at(std::uint32_t site, std::uint32_t index, std::uint32_t at) const;
    [[nodiscard]] std::set<Area> overwritten_after(const std::vector<bool>& after, std::uint32_t site) const;

    const CodeInScope& code_;
    Caller caller_;
    bool has_little_gas_;
    Survivors survivors_;
    std::vector<std::unique_ptr<Frame>> frames_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint32_t> node_at_;
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, Entry>, std::uint32_t> frame_at_;
    std::set<Counter> given_;                                                 // have given out the key that is looked at
    std::optional<Counter> own_;                                              // gives it out to the entry
    std::optional<std::pair<std::uint32_t, const ir::Instruction*>> own_at_;  // there, in a frame
    bool takes_one_number_ = true, takes_own_number_ = false;
    std::map<const ir::Instruction*, Key> hashes_;             // what they are to the key
    std::map<const ir::Instruction*, std::uint32_t> hash_at_;  // frames in which those that are it are made
    std::set<const ir::Instruction*> hashed_again_;
    std::map<const ir::Instruction*, Key> argument_keys_;  // of the entry's call data
    std::set<const std::string*> spoilt_;                  // literals whose address is known, so that they may be written
    std::set<const ir::Instruction*> spoilt_codes_;        // and the same of encodings, by what made them
    std::map<const ir::Instruction*, std::vector<Known>> encoded_;  // the words behind their selectors
    mutable std::map<std::uint32_t, bool> keeps_free_memory_;       // by contract
    NamedValues named_;
    bool changed_ = false, recurses_ = false;
    std::uint64_t steps_ = 0;
    bool succeeds_ = false, impersonates_ = false, calls_back_ = false, survives_hits_ = false, relies_on_code_ = false,
         relies_on_clones_ = false, relies_on_origin_ = false, relies_on_tellings_ = false, relies_on_receivers_ = false,
         relies_on_returns_ = false, relies_on_enough_ = false, calls_out_ = false, asks_out_ = false,
         heeds_answers_ = false;
    Footprint footprint_, undone_;
    std::set<Entry> hits_, told_, apart_;
    std::set<Area> counted_, asked_, called_, oracles_, elsewhere_, roles_read_;
    std::set<std::pair<Area, std::uint32_t>> modules_;
    std::set<ir::Word> trusted_, known_to_look_;
    std::set<Area> trusted_to_look_, trusted_roles_, trusted_collections_, trusted_wallets_;
    std::set<std::pair<Area, std::uint32_t>> trusted_kinds_;
    std::set<std::pair<Area, std::string>> quiet_tokens_;
    std::map<Area, std::optional<ir::Word>> stored_;
    std::map<Area, Known> written_, keyed_;
    std::set<Area> odd_lengths_, zeroed_, written_at_zero_;
    std::map<std::pair<const ir::Instruction*, Area>, std::set<Counter>> written_at_given_;
    std::map<ValueInFrame, Mark> marks_;
    Values found_used_;  // by the condition that is looked at
    Access marked_access_ = Access::Write;
    bool is_marking_ = false;                      // what is touched is kept apart
    std::set<const ir::Instruction*> maybe_zero_;  // stores of marked fields of which the word may be zero
    std::map<const ir::Instruction*, std::set<Area>> by_slot_;
    struct Loan {
        std::uint32_t lent = 0, repaid = 0;  // nodes
        Area area;
    };
    static void take_back(Footprint& part, const Loan& loan);
    std::vector<Loan> loans_;
    const ir::Instruction* sum_ = nullptr;  // the store that is looked at, if it is a sum
    std::vector<bool> can_end_;             // by node
};

// At each call anything may happen: no fact survives it.
[[nodiscard]] inline Facts nothing_survives(const Facts&, Gas, const std::set<Entry>&, const std::set<Counter>&) {
    return {};
}

}  // namespace interlock::analyzer::prover
