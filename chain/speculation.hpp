// Speculation: a transaction executed on a view of a state that stands still, beside others.
//
// The view fetches each account and slot when the transaction first uses it, and that is the read set; what differs at
// the end is the write set. A speculation holds on a state where everything that it read is as it was: then `apply` writes
// what executing the transaction there would write. (After Block-STM: Gelashvili et al., PPoPP 2022.)
//
// Fees to the block's producer would make every transaction depend on the one before. They are kept apart as a sum to be
// added, unless the transaction itself looks at the producer's account.
#pragma once

#include <optional>

#include "chain/account_store.hpp"
#include "chain/execution.hpp"
#include "chain/rlp.hpp"

namespace interlock::chain {

// What transactions can read of an account, storage aside.
struct AccountValue {
    Word balance;
    std::uint64_t nonce = 0;
    std::uint32_t code = 0;  // the number in the state's CodeStore
    bool exists = false;
    friend bool operator==(const AccountValue&, const AccountValue&) = default;
};

struct SeenAccount {
    Address address;
    CellIndex cell = no_cell;  // in the state, if it was there
    AccountValue before, after;
    bool writes_code = false;  // then `after.code` is an index of the book's codes
    bool asked_for_storage = false, had_storage = false;
};

struct SeenSlot {
    std::uint32_t account = 0;  // among the transaction's accounts
    CellIndex cell = no_cell;   // in the state, if it was there
    Word key, before, after;
};

struct SpeculationBook;

struct Speculation {
    // Where its receipt is in the book, and in the book's text the logs with their bloom, encoded, if there are any.
    struct Results {
        SpeculationBook* book = nullptr;
        std::size_t number = 0, text_begin = 0, text_end = 0;
        [[nodiscard]] Receipt& receipt() const;
        [[nodiscard]] ByteView text() const;
    };
    Results results;
    std::size_t first_account = 0, first_slot = 0;
    std::uint32_t account_count = 0, slot_count = 0;
    TransactionRefusal refusal = TransactionRefusal::None;
    bool is_void = true;         // the view cannot tell what the transaction does
    bool pays_producer = false;  // whether `fee`, which may be zero, is what the block's producer earned
    Word fee;
    std::uint64_t gas_used = 0;

    [[nodiscard]] std::span<const SeenAccount> accounts() const;
    [[nodiscard]] std::span<const SeenSlot> slots() const;
};

// What one thread speculated, in lists that it alone writes: the thread that accepts it reads them from end to end. Memory
// that threads write in turns would cost more than executing a transfer.
struct SpeculationBook {
    std::vector<Speculation> made;
    std::vector<Receipt> receipts;
    rlp::Encoder text;  // the logs with their bloom, as encoded receipts have them
    std::vector<SeenAccount> accounts;
    std::vector<SeenSlot> slots;
    std::vector<Bytes> codes;

    void clear();
};

inline Receipt& Speculation::Results::receipt() const { return book->receipts[number]; }
inline ByteView Speculation::Results::text() const {
    return book->text.written().subspan(text_begin, text_end - text_begin);
}
inline std::span<const SeenAccount> Speculation::accounts() const {
    return {results.book->accounts.data() + first_account, account_count};
}
inline std::span<const SeenSlot> Speculation::slots() const { return {results.book->slots.data() + first_slot, slot_count}; }

// Whose transactions see what a state has and change nothing there.
class StateView {
  public:
    StateView();
    ~StateView();
    StateView(const StateView&) = delete;
    StateView& operator=(const StateView&) = delete;

    // Views this state from now on, which must stand still while transactions run.
    void attach(const State& base);

    // Executes a transaction as if it were the first one after what the state holds now, and writes it down.
    void speculate(const Transaction&, SpeculationBook&);

    // Has the processor fetch what these transactions will ask for first.
    void prefetch(std::span<const Transaction>) const;

  private:
    void write_down(SpeculationBook&) const;

    struct Seen;
    friend class State;
    std::unique_ptr<Seen> seen_;
    State state_;
    std::optional<Execution> execution_;
};

}  // namespace interlock::chain
