// Session: one Z3 context and one incremental solver for one contract, with limits and counters.
//
// An assertion holds until the enclosing scope is left. In the same scopes the session also remembers which facts about
// mapping entries have been asserted (see State), so that leaving a scope drops both.
#pragma once

#include <memory>

#include "analyzer/prover.hpp"
#include "analyzer/prover/layout.hpp"
#include "analyzer/prover/terms.hpp"

namespace interlock::analyzer::prover {

// Returns whether Z3 says, in any of its exceptions and answers, that it ran out of memory.
[[nodiscard]] bool is_out_of_memory(std::string_view message);

class QueryGuard;

// A context that is never null. z3::context itself takes a null pointer from Z3 if there is no memory.
class Context {
  public:
    Context();  // throws std::bad_alloc
    ~Context() { Z3_del_context(context_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    [[nodiscard]] z3::context& operator()() { return scope_(); }

  private:
    Z3_context context_;
    z3::scoped_context scope_;
};

class Session {
  public:
    // `by_slot`: where instructions that name a slot may touch storage; nothing is known without it.
    Session(const ir::Contract& contract, const lang::Sources& sources, const ProverOptions& options,
            const SlotAccesses& by_slot = {});
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    enum class Decision : std::uint8_t { Proved, Refuted, Undecided };

    void push();
    void pop_to(unsigned depth);
    [[nodiscard]] unsigned depth() const { return static_cast<unsigned>(marks_.size()); }
    void assume(const z3::expr& formula);

    // Sets the moment, and the resource units of Z3, at which the proof ends; while no query is under way.
    void allow(const Deadline& deadline, std::uint64_t units) {
        deadline_ = deadline;
        units_allowed_ = units;
    }
    [[nodiscard]] std::uint64_t units() const { return units_; }  // that were spent
    void check_time() const;                     // throws OutOfTime when the contract's time or its units are used up
    [[nodiscard]] Obstacle out_of_time() const;  // the obstacle to report then

    // Returns whether the goal follows from all assumptions. Throws OutOfTime.
    [[nodiscard]] Decision prove(const z3::expr& goal);
    // Returns whether the assumptions certainly have a model.
    [[nodiscard]] bool satisfiable();

    // An entry of a mapping that was read: `array` is the unknown array below all writes, `sum` its sum.
    struct Entry {
        z3::expr array;
        std::vector<z3::expr> keys;
        z3::expr value;
    };
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    void remember(Entry entry) { entries_.push_back(std::move(entry)); }

    [[nodiscard]] std::string location(lang::SourceRange range) const { return location_of(sources, range); }

    Context owner;  // owns the following members
    z3::context& context = owner();
    Terms terms;
    const ir::Contract& contract;
    const lang::Sources& sources;
    const ProverOptions& options;
    const Layout layout;
    const z3::expr self;       // the contract's own address
    z3::func_decl length;      // of a content of type Bytes or String
    const bool contents_stay;  // nobody can write to memory, so that a content always has the length that it had once
    std::uint32_t queries = 0;
    std::uint32_t paths = 0;

  private:
    [[nodiscard]] z3::check_result check();
    void count_units();

    struct Mark {
        std::size_t entries, assumed;
    };
    z3::solver solver_;
    std::vector<Mark> marks_;
    std::vector<Entry> entries_;
    std::vector<z3::expr> assumed_;  // answers at once if the goal is one of them
    bool is_over_ = false;           // the time is up and the solver is not used any more
    Deadline deadline_;
    std::uint64_t units_ = 0, units_allowed_ = 0;
    std::unique_ptr<QueryGuard> guard_;
};

}  // namespace interlock::analyzer::prover
