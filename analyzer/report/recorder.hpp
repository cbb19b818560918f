// Records a run: the tree of calls of one transaction, with the storage reads and writes between them.
#pragma once

#include <string>
#include <vector>

#include "analyzer/devnet/world.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

// An event inside a call, in order.
struct Event {
    enum class Kind : std::uint8_t { Read, Write, Call };
    Kind kind = Kind::Call;
    std::string name;           // Read, Write: "balances[alice]"; the slot in hex if the source has no name for it
    std::string before, after;  // Write; Read: `before` is what was read
    lang::SourceRange range;    // in the source; empty: unknown
    std::uint32_t line = 0;     // of the range; 0: unknown
    std::uint32_t child = 0;    // Call: index into Recording::calls
    bool is_stale = false;      // Read: inside a re-entry, of a slot that an open frame of the same contract will write
    bool is_missed = false;     // Write: one that a stale read did not see
};

struct CallRecord {
    std::uint32_t depth = 0;
    std::string from, to;     // names
    std::string function;     // "withdraw(1 ether)", "receive()", "constructor", or call data in hex
    std::string kind;         // "call", "delegatecall", "staticcall", "create"
    Word value;               // wei
    std::string status;       // "success", "revert", …
    std::string result;       // for a revert: "Panic(0x11)" or the error's text; otherwise empty
    bool is_reentry = false;  // the callee's contract was already open in an outer frame
    lang::SourceRange range;  // of the call in the caller's source, if known
    std::uint32_t line = 0;
    std::vector<Event> events;
    std::vector<std::pair<std::string, Word>> balances;  // of the watched accounts, just after the value moved
};

struct Recording {
    std::vector<CallRecord> calls;  // in the order in which they started; the first is the transaction's own
};

class Recorder final : public vm::Tracer {
  public:
    // `watched` are the accounts whose balances are recorded at each call. `attacker` is the attacker's compiled
    // contract, for function names.
    Recorder(World& world, std::vector<Account> watched, const lang::Artifact* attacker);

    void on_enter(const vm::Message&) override;
    void on_instruction(const vm::TracePoint&) override;
    void on_exit(const vm::Message&, const vm::Outcome&) override;

    // Names the reads and writes and marks the stale reads. Call it once, after the transaction.
    [[nodiscard]] Recording take();

  private:
    struct Access {  // a read or write before it has a name
        std::uint32_t call = 0, event = 0;
        Address account;
        Word slot, before, after;
        bool is_write = false;
        bool is_undone = false;  // whether its frame reverted
    };
    struct Open {
        std::uint32_t call;
        std::uint32_t pc;
        Address account, code;
        std::size_t first_access;
    };

    [[nodiscard]] const lang::Artifact* artifact_at(const Address&) const;
    [[nodiscard]] std::string function_text(const vm::Message&) const;
    [[nodiscard]] Word balance_of(const Account& account);
    [[nodiscard]] lang::SourceRange range_at(const Address& code_address, std::uint32_t pc) const;
    [[nodiscard]] std::uint32_t line_of(const lang::SourceRange& range) const;
    [[nodiscard]] Word value_before(const Address& account, const Word& slot) const;
    void name_accesses();
    void mark_stale_reads();

    World& world_;
    std::vector<Account> watched_;
    const lang::Artifact* attacker_;
    Recording recording_;
    std::vector<Open> open_;
    std::vector<Access> accesses_;
    std::vector<std::vector<std::uint32_t>> ancestors_;  // of each call, outermost first
};

}  // namespace interlock::analyzer
