// Visitors: what strangers can complete while a call that hands over has not returned.
#pragma once

#include <functional>

#include "analyzer/prover/code_scope.hpp"

namespace interlock::analyzer::prover {

// An entry that strangers can complete at a call.
struct Visitor {
    Entry entry;
    Footprint footprint;
    std::set<Area> counted;         // variables to which it surely adds
    bool is_outside = false;        // of a contract out of the scope: only what it does in the scope is said
    std::map<Area, Known> written;  // what all that it writes has in common, if it has no others write for it
};

[[nodiscard]] bool only_views(const ir::Function& function);

class Visitors {
  public:
    using Assume = std::function<void(const std::string&)>;

    // `assume` is told whatever the answers rely on. All of these throw NotCovered and OutOfTime.
    Visitors(const CodeInScope& code, Assume assume) : code_(code), assume_(std::move(assume)) {}

    // Returns who can complete an entry where these facts hold.
    [[nodiscard]] std::vector<Visitor> at(const Facts& facts, Gas gas, const std::set<Counter>& given);
    // Returns what holds at a call and is written by nobody who can be entered then, nor by what the call itself may reach.
    // A lock that nobody can open keeps them out.
    [[nodiscard]] Facts survivors(Facts facts, Gas gas, const std::set<Entry>& hits, const std::set<Counter>& given);

    // One entry alone: at its calls anything may happen.
    const Flow& alone(Entry entry, Flow::Caller caller, const Facts& facts, const Keys& keys = {});
    // The same, where nothing is said of hashes that it makes several times.
    const Flow& alone_by_key(Entry entry, Flow::Caller caller, const Facts& facts, Keys keys);
    // Adds what strangers can do to contracts that the flow, or others before, made, and which it calls.
    void add_offspring(const Flow& flow, std::vector<Visitor>& visitors);
    // Adds what calls of unknown targets may do inside of the scope.
    // `heeds`: whether what they answer is heeded. Entries that fail under the facts are none of them, unless somebody goes on.
    void expand(Footprint& footprint, const std::set<Entry>& hits, bool is_survived, bool heeds, const Facts& facts = {});
    // The same of all that the flow calls.
    void expand(Footprint& footprint, const Flow& flow, const Facts& facts = {}) {
        expand(footprint, flow.hits(), flow.survives_hits(), flow.heeds_answers(), facts);
    }
    // Returns those during which strangers may act. A call reaches one account: where one of the others runs, nobody else
    // does.
    [[nodiscard]] std::set<Entry> calling(const std::set<Entry>& hits);
    // Whether one of those, or what they may enter, asks an account that nobody knows.
    [[nodiscard]] bool asks(const std::set<Entry>& hits);
    // Adds what the entries that the call itself enters still do after their own calls, during which strangers act: that,
    // and no more of them, follows what strangers do.
    void add_what_waits(CallSite& site, const std::set<Entry>& entered, bool heeds);
    // Tells of which accounts the flow takes the answers to be steady.
    void rely_on(const Flow& flow);
    // Tells what it takes for granted in any case.
    void take_for_granted(const Flow& flow, const Entry& entry);
    // Whether all that anybody does to it is to add, checked.
    [[nodiscard]] bool never_falls(const Area& area);

    std::optional<ir::TypeKind> key_kind;  // of the key that is looked at

  private:
    [[nodiscard]] Flow::Caller stranger_to_offspring(std::uint32_t kind) const;
    void add_visitor(Entry entry, const Facts& facts, const Keys& keys, Gas gas, std::vector<Visitor>& visitors);
    void add_sister(Entry entry, const Facts& facts, std::vector<Visitor>& visitors);
    [[nodiscard]] bool is_asked(std::uint32_t contract);
    [[nodiscard]] bool are_survived(const std::set<Entry>& hits);
    bool is_of_any(const std::set<Entry>& hits, bool with_told, const std::function<bool(const Flow&)>& is_so);

    const CodeInScope& code_;
    Assume assume_;
    std::map<std::tuple<Entry, Flow::Caller, Facts, Keys>, std::unique_ptr<Flow>> flows_;
    std::map<std::uint32_t, bool> asked_kinds_;
};

}  // namespace interlock::analyzer::prover
