#include "chain/speculation.hpp"

#include <cassert>

#include "chain/receipt.hpp"
#include "chain/state_impl.hpp"

namespace interlock::chain {

// What a view has fetched for the transaction that it executes. Entries are numbered as the view's cells are. Two views of
// two threads must not share a line of the cache.
struct alignas(128) StateView::Seen {
    struct Account {
        CellIndex cell = no_cell;  // in the base
        AccountValue before;
        std::uint32_t code = 0;  // the view's number of the code before
        bool asked_for_storage = false;
        bool had_storage = false;
    };
    struct Slot {
        CellIndex cell = no_cell;  // in the base
        Word before;
    };

    const State::Impl* base = nullptr;
    std::vector<Account> accounts;
    std::vector<Slot> slots;
    std::vector<CellIndex> code_numbers;  // the view's numbers by the base's; no_cell if not taken yet
    bool producer_is_warm = false;        // though nothing of it was fetched
    Word fee;                             // to a producer of whom nothing was fetched
    bool pays_producer = false;
    bool is_void = false;

    [[nodiscard]] std::uint32_t number_of_code(std::uint32_t in_base, CodeStore& codes) {
        if (in_base == 0) return 0;
        if (in_base >= code_numbers.size()) code_numbers.resize(in_base + 1, no_cell);
        CellIndex& number = code_numbers[in_base];
        if (number == no_cell) number = codes.take_apart(base->codes, in_base);
        return number;
    }
};

// --- what a view fetches ---

AccountValue State::Impl::value_of(CellIndex cell) const {
    if (cell == no_cell) return {};
    const AccountCell& account = accounts[cell];
    return {account.balance, account.nonce, account.code, account.exists};
}

CellIndex State::Impl::fetch_account(const Address& address) {
    const CellIndex there = seen->base->accounts.find(address), here = accounts.at(address);
    assert(here == seen->accounts.size());
    AccountCell& cell = accounts[here];
    StateView::Seen::Account& entry = seen->accounts.emplace_back();
    if (seen->producer_is_warm && address == block.coinbase) cell.warm = scope;
    if (there == no_cell) return here;
    entry.cell = there;
    entry.before = seen->base->value_of(there);
    entry.code = cell.code = seen->number_of_code(entry.before.code, codes);
    cell.balance = entry.before.balance;
    cell.nonce = entry.before.nonce;
    cell.exists = entry.before.exists;
    cell.nonzero_slots = seen->base->accounts[there].nonzero_slots;
    return here;
}

void State::Impl::fetch_slot(CellIndex here) {
    assert(here == seen->slots.size());
    StateView::Seen::Slot& entry = seen->slots.emplace_back();
    const SlotKey& key = slots[here].key;
    const CellIndex owner = seen->accounts[key.account].cell;
    if (owner == no_cell) return;
    entry.cell = seen->base->slots.find({owner, key.slot});
    if (entry.cell == no_cell) return;
    slots[here].value = entry.before = seen->base->slots[entry.cell].value;
}

// Which slots an account has is known to its own state only, and they go with it.
void State::Impl::check_storage_is_known(CellIndex cell) {
    const CellIndex there = seen->accounts[cell].cell;
    if (there != no_cell && seen->base->accounts[there].nonzero_slots != 0) seen->is_void = true;
}

void State::Impl::note_question_for_storage(const AccountCell& cell) {
    StateView::Seen::Account& entry = seen->accounts[static_cast<std::size_t>(&cell - &accounts[0])];
    entry.asked_for_storage = true;
    entry.had_storage = entry.cell != no_cell && seen->base->accounts[entry.cell].nonzero_slots != 0;
}

const BlockHashTable& State::Impl::known_block_hashes() const {
    return seen == nullptr ? block_hashes : seen->base->block_hashes;
}

void State::Impl::forget_everything() {
    accounts.clear();
    slots.clear();
    transients.clear();
    marked.clear();
    first_marked = 0;
    journal.clear();
    milestones.clear();
    parked_logs.clear();
    parked_transactions.clear();
    transaction.logs.clear();
    last_account = last_slot = no_cell;
}

void State::warm_producer() {
    const Address& producer = impl_->block.coinbase;
    if (impl_->seen != nullptr && impl_->accounts.find(producer) == no_cell) impl_->seen->producer_is_warm = true;
    else warm_account(producer);
}

void State::pay_producer(const Word& wei) {
    const Address& producer = impl_->block.coinbase;
    if (impl_->seen != nullptr && impl_->accounts.find(producer) == no_cell) {
        impl_->seen->fee = wei;
        impl_->seen->pays_producer = true;
        return;
    }
    if (!wei.is_zero()) set_balance(producer, balance(producer) + wei);
    touch(producer);
}

// --- the view ---

StateView::StateView() : seen_(std::make_unique<Seen>()) {}
StateView::~StateView() = default;

void StateView::attach(const State& base) {
    state_ = State(base.fork());
    state_.impl_->seen = seen_.get();
    state_.impl_->block = base.block();
    seen_->base = base.impl_.get();
    seen_->code_numbers.clear();
    execution_.emplace(state_);
}

void StateView::speculate(const Transaction& tx, SpeculationBook& book) {
    state_.impl_->forget_everything();
    seen_->accounts.clear();
    seen_->slots.clear();
    seen_->fee = {};
    seen_->producer_is_warm = seen_->pays_producer = seen_->is_void = false;
    const TransactionRefusal refusal = execution_->begin(tx);
    book.receipts.push_back(refusal == TransactionRefusal::None ? execution_->finish(execution_->machine().run().outcome)
                                                                : Receipt{});
    const std::size_t text_begin = book.text.written().size();
    if (const auto& logs = book.receipts.back().logs; !logs.empty()) append_bloom_and_logs(book.text, logs);
    write_down(book);
    Speculation& made = book.made.back();
    made.refusal = refusal;
    made.gas_used = book.receipts.back().gas_used;
    made.results.text_begin = text_begin;
    made.results.text_end = book.text.written().size();
}

void StateView::prefetch(std::span<const Transaction> transactions) const {
    const AccountTable& accounts = seen_->base->accounts;
    for (const Transaction& tx : transactions) {
        accounts.prefetch_position(tx.sender);
        if (tx.to) accounts.prefetch_position(*tx.to);
    }
    for (const Transaction& tx : transactions) {
        accounts.prefetch_entry(tx.sender);
        if (tx.to) accounts.prefetch_entry(*tx.to);
    }
}

void StateView::write_down(SpeculationBook& book) const {
    const State::Impl& view = *state_.impl_;
    const std::size_t first_account = book.accounts.size(), first_slot = book.slots.size();
    for (CellIndex at = 0; at < seen_->accounts.size(); ++at) {
        const Seen::Account& before = seen_->accounts[at];
        const AccountCell& now = view.accounts[at];
        SeenAccount& entry = book.accounts.emplace_back();
        entry.address = now.key;
        entry.cell = before.cell;
        entry.before = before.before;
        entry.after = {now.balance, now.nonce, before.before.code, now.exists};
        entry.asked_for_storage = before.asked_for_storage;
        entry.had_storage = before.had_storage;
        entry.writes_code = now.code != before.code;
        if (!entry.writes_code) continue;
        entry.after.code = static_cast<std::uint32_t>(book.codes.size());
        const ByteView code = view.codes.code(now.code)->bytes();
        book.codes.emplace_back(code.begin(), code.end());
    }
    for (CellIndex at = 0; at < seen_->slots.size(); ++at) {
        const SlotCell& now = view.slots[at];
        book.slots.push_back({now.key.account, seen_->slots[at].cell, now.key.slot, seen_->slots[at].before, now.value});
    }
    Speculation& made = book.made.emplace_back();
    made.results.book = &book;
    made.results.number = book.receipts.size() - 1;
    made.first_account = first_account;
    made.first_slot = first_slot;
    made.account_count = static_cast<std::uint32_t>(seen_->accounts.size());
    made.slot_count = static_cast<std::uint32_t>(seen_->slots.size());
    made.fee = seen_->fee;
    made.pays_producer = seen_->pays_producer;
    made.is_void = seen_->is_void;
}

namespace {

constexpr std::size_t kept_bytes = std::size_t{1} << 20;

// Empties a list and keeps its space, unless the space is unusually large.
template <class T>
void clear_list(std::vector<T>& list) {
    list.clear();
    if (list.capacity() * sizeof(T) > kept_bytes) list = {};
}

}  // namespace

void SpeculationBook::clear() {
    clear_list(made);
    clear_list(receipts);
    if (text.written().size() > kept_bytes) text = {};
    text.cut(0);
    clear_list(accounts);
    clear_list(slots);
    clear_list(codes);
}

// --- the base ---

void State::prefetch(const Speculation& made) const {
    for (const SeenAccount& account : made.accounts())
        if (account.cell != no_cell) impl_->accounts.prefetch_to_write(account.cell);
    for (const SeenSlot& slot : made.slots())
        if (slot.cell != no_cell) impl_->slots.prefetch_to_write(slot.cell);
}

bool State::holds(const Speculation& made) const {
    if (made.is_void) return false;
    const auto cell_of = [this](const SeenAccount& account) {
        return account.cell != no_cell ? account.cell : impl_->accounts.find(account.address);
    };
    for (const SeenAccount& account : made.accounts()) {
        const CellIndex cell = cell_of(account);
        if (impl_->value_of(cell) != account.before) return false;
        const bool has_storage = cell != no_cell && impl_->accounts[cell].nonzero_slots != 0;
        if (account.asked_for_storage && has_storage != account.had_storage) return false;
    }
    for (const SeenSlot& slot : made.slots()) {
        CellIndex cell = slot.cell;
        if (cell == no_cell) {
            const CellIndex owner = cell_of(made.accounts()[slot.account]);
            cell = owner == no_cell ? no_cell : impl_->slots.find({owner, slot.key});
        }
        if (slot.before != (cell == no_cell ? Word{} : impl_->slots[cell].value)) return false;
    }
    return true;
}

void State::apply(const Speculation& made) {
    assert(holds(made) && impl_->seen == nullptr);
    for (const SeenAccount& account : made.accounts()) {
        if (account.after == account.before && !account.writes_code) continue;
        const CellIndex cell = account.cell != no_cell ? account.cell : impl_->account(account.address);
        if (account.writes_code)
            impl_->write(Change::Code, cell, impl_->codes.intern(made.results.book->codes[account.after.code]));
        if (account.after.exists != account.before.exists) impl_->write(Change::Exists, cell, account.after.exists ? 1 : 0);
        if (account.after.nonce != account.before.nonce) impl_->write(Change::Nonce, cell, account.after.nonce);
        impl_->set_balance(cell, account.after.balance);
    }
    for (const SeenSlot& slot : made.slots()) {
        if (slot.after == slot.before) continue;
        const CellIndex cell =
            slot.cell != no_cell ? slot.cell : impl_->slot(made.accounts()[slot.account].address, slot.key);
        impl_->write(Change::Slot, cell, slot.after);
    }
}

}  // namespace interlock::chain
