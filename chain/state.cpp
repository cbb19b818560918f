// The world state as the machine sees it: vm::Host on top of the cells and the journal.

#include "chain/state.hpp"

#include <cassert>
#include <utility>

#include "chain/state_impl.hpp"
#include "vm/fork_rules.hpp"
#include "vm/keccak.hpp"
#include "vm/precompiles.hpp"

namespace interlock::chain {

using vm::Fork;

// --- cells ---

CodeStore::CodeStore() { (void)intern({}); }

std::uint32_t CodeStore::intern(ByteView code) {
    if (code.empty() && !codes_.empty()) return 0;
    const Hash hash = vm::keccak256(code);
    const auto [found, fresh] = numbers_.try_emplace(hash, static_cast<std::uint32_t>(codes_.size()));
    if (fresh) codes_.push_back({hash, vm::code_cache().get(hash, code)});
    return found->second;
}

std::uint32_t CodeStore::take(const CodeStore& other, std::uint32_t number) {
    const Entry& entry = other.codes_[number];
    const auto [found, fresh] = numbers_.try_emplace(entry.hash, static_cast<std::uint32_t>(codes_.size()));
    if (fresh) codes_.push_back(entry);
    return found->second;
}

std::uint32_t CodeStore::take_apart(const CodeStore& other, std::uint32_t number) {
    const std::uint32_t here = take(other, number);
    std::shared_ptr<const vm::Code>& code = codes_[here].code;
    const auto owner = std::make_shared<const std::shared_ptr<const vm::Code>>(code);
    code = {owner, code.get()};
    return here;
}

CellIndex State::Impl::find_account(const Address& address) {
    if (last_account != no_cell && accounts[last_account].key == address) return last_account;
    CellIndex cell = accounts.find(address);
    if (cell == no_cell && seen != nullptr) cell = fetch_account(address);
    if (cell != no_cell) last_account = cell;
    return cell;
}

CellIndex State::Impl::account(const Address& address) {
    if (const CellIndex cell = find_account(address); cell != no_cell) return cell;
    last_account = accounts.at(address);
    accounts[last_account].seed = account_seed(address);
    return last_account;
}

CellIndex State::Impl::slot(const Address& address, const Word& slot) {
    const CellIndex owner = account(address);
    if (last_slot != no_cell && slots[last_slot].key == SlotKey{owner, slot}) return last_slot;
    const CellIndex known = slots.size();
    const CellIndex cell = slots.at({owner, slot});
    if (cell == known) {
        slots[cell].next = std::exchange(accounts[owner].first_slot, cell);
        if (seen != nullptr) fetch_slot(cell);
        else slots[cell].seed = slot_seed(accounts[owner].seed, Field::Storage, slot);
    }
    return last_slot = cell;
}

CellIndex State::Impl::transient(const Address& address, const Word& slot) {
    const CellIndex owner = account(address);
    const CellIndex known = transients.size();
    const CellIndex cell = transients.at({owner, slot});
    if (cell == known) transients[cell].seed = slot_seed(accounts[owner].seed, Field::Transient, slot);
    return cell;
}

const AccountCell* State::Impl::find(const Address& address) {
    const CellIndex cell = find_account(address);
    return cell == no_cell ? nullptr : &accounts[cell];
}

const SlotCell* State::Impl::find_slot(const Address& address, const Word& slot) {
    const CellIndex owner = find_account(address);
    if (owner == no_cell) return nullptr;
    if (last_slot != no_cell && slots[last_slot].key == SlotKey{owner, slot}) return &slots[last_slot];
    const CellIndex cell = slots.find({owner, slot});
    if (cell == no_cell && seen != nullptr) return &slots[this->slot(address, slot)];
    if (cell == no_cell) return nullptr;
    last_slot = cell;
    return &slots[cell];
}

bool State::Impl::is_empty(const AccountCell& cell) { return cell.nonce == 0 && cell.balance.is_zero() && cell.code == 0; }

Word State::Impl::code_piece(std::uint32_t code) const { return code == 0 ? Word{} : vm::to_word(codes.hash(code)); }

// --- changes ---

void State::Impl::ensure_exists(CellIndex cell) {
    if (!accounts[cell].exists) write(Change::Exists, cell, 1);
}

void State::Impl::set_balance(CellIndex cell, const Word& wei) {
    if (accounts[cell].balance != wei) write(Change::Balance, cell, wei);
}

bool State::Impl::mark(Change change, CellIndex cell, Scope current) {
    if (current == scope) return false;
    write(change, cell, {}, scope);
    return true;
}

void State::Impl::open_scope() { write(Change::Scope, 0, Word(0, 0, marked.size(), ++last_scope)); }

void State::Impl::remove(CellIndex cell) {
    if (seen != nullptr) check_storage_is_known(cell);
    for (CellIndex at = accounts[cell].first_slot; at != no_cell; at = slots[at].next)
        if (!slots[at].value.is_zero()) write(Change::Slot, at, {});
    set_balance(cell, {});
    if (accounts[cell].nonce != 0) write(Change::Nonce, cell, {});
    if (accounts[cell].code != 0) write(Change::Code, cell, {});
    if (accounts[cell].exists) write(Change::Exists, cell, {});
}

// --- the object ---

State::State(Fork fork) : impl_(std::make_unique<Impl>(fork)) {}
State::~State() = default;
State::State(const State& other) : vm::Host(other), impl_(std::make_unique<Impl>(*other.impl_)) {}
State& State::operator=(const State& other) {
    if (this != &other) impl_ = std::make_unique<Impl>(*other.impl_);
    return *this;
}
State::State(State&&) noexcept = default;
State& State::operator=(State&&) noexcept = default;

// --- accounts ---

bool State::exists(const Address& address) {
    const AccountCell* cell = impl_->find(address);
    return cell != nullptr && cell->exists;
}

bool State::is_empty(const Address& address) {
    const AccountCell* cell = impl_->find(address);
    return cell == nullptr || Impl::is_empty(*cell);
}

Word State::balance(const Address& address) {
    const AccountCell* cell = impl_->find(address);
    return cell == nullptr ? Word{} : cell->balance;
}

std::uint64_t State::nonce(const Address& address) {
    const AccountCell* cell = impl_->find(address);
    return cell == nullptr ? 0 : cell->nonce;
}

bool State::has_storage(const Address& address) {
    const AccountCell* cell = impl_->find(address);
    if (impl_->seen != nullptr) impl_->note_question_for_storage(*cell);
    return cell != nullptr && cell->nonzero_slots != 0;
}

Hash State::code_hash(const Address& address) {
    const AccountCell* cell = impl_->find(address);
    return cell == nullptr || !cell->exists ? Hash{} : impl_->codes.hash(cell->code);
}

const std::shared_ptr<const vm::Code>& State::code(const Address& address) {
    const AccountCell* cell = impl_->find(address);
    return impl_->codes.code(cell == nullptr ? 0 : cell->code);
}

void State::set_nonce(const Address& address, std::uint64_t nonce) {
    const CellIndex cell = impl_->account(address);
    impl_->ensure_exists(cell);
    if (impl_->accounts[cell].nonce != nonce) impl_->write(Change::Nonce, cell, nonce);
}

void State::set_code(const Address& address, ByteView code) {
    const CellIndex cell = impl_->account(address);
    impl_->ensure_exists(cell);
    const std::uint32_t number = impl_->codes.intern(code);
    if (impl_->accounts[cell].code != number) impl_->write(Change::Code, cell, number);
}

void State::set_balance(const Address& address, const Word& wei) {
    const CellIndex cell = impl_->account(address);
    impl_->ensure_exists(cell);
    impl_->set_balance(cell, wei);
}

void State::transfer(const Address& from, const Address& to, const Word& wei) {
    if (!wei.is_zero()) {
        const CellIndex payer = impl_->account(from);
        const CellIndex payee = impl_->account(to);
        assert(impl_->accounts[payer].balance >= wei);
        impl_->ensure_exists(payee);
        impl_->set_balance(payer, impl_->accounts[payer].balance - wei);
        impl_->set_balance(payee, impl_->accounts[payee].balance + wei);
    }
    touch(to);
}

void State::create_account(const Address& address) {
    const CellIndex cell = impl_->account(address);
    impl_->ensure_exists(cell);
    impl_->mark(Change::Created, cell, impl_->accounts[cell].created);
}

// Before EIP-161 a touch created an empty account.
void State::touch(const Address& address) {
    const CellIndex cell = impl_->account(address);
    if (!vm::rules_of(impl_->fork).empty_is_absent) return impl_->ensure_exists(cell);
    if (Impl::is_empty(impl_->accounts[cell])) impl_->mark(Change::Touched, cell, impl_->accounts[cell].touched);
}

bool State::self_destruct(const Address& address, const Address& beneficiary) {
    const CellIndex cell = impl_->account(address);
    const bool goes = !vm::rules_of(impl_->fork).destroys_only_new || impl_->accounts[cell].created == impl_->scope;
    const Word wealth = impl_->accounts[cell].balance;
    if (address != beneficiary) {
        transfer(address, beneficiary, wealth);
    } else if (goes) {
        impl_->set_balance(cell, {});
    }
    return goes && impl_->mark(Change::Destroyed, cell, impl_->accounts[cell].destroyed);
}

// --- storage ---

Word State::load(const Address& address, const Word& slot) {
    const SlotCell* cell = impl_->find_slot(address, slot);
    return cell == nullptr ? Word{} : cell->value;
}

Word State::load_original(const Address& address, const Word& slot) {
    const SlotCell* cell = impl_->find_slot(address, slot);
    if (cell == nullptr) return {};
    return cell->written == impl_->scope ? cell->original : cell->value;
}

void State::store(const Address& address, const Word& slot, const Word& value) {
    const CellIndex cell = impl_->slot(address, slot);
    const SlotCell& now = impl_->slots[cell];
    if (now.value == value) return;
    impl_->ensure_exists(now.key.account);
    if (now.written != impl_->scope) impl_->write(Change::SlotOriginal, cell, now.value, impl_->scope);
    impl_->write(Change::Slot, cell, value);
}

Word State::load_transient(const Address& address, const Word& slot) {
    const CellIndex owner = impl_->find_account(address);
    const CellIndex cell = owner == no_cell ? no_cell : impl_->transients.find({owner, slot});
    if (cell == no_cell || impl_->transients[cell].written != impl_->scope) return {};
    return impl_->transients[cell].value;
}

void State::store_transient(const Address& address, const Word& slot, const Word& value) {
    if (load_transient(address, slot) == value) return;
    impl_->write(Change::Transient, impl_->transient(address, slot), value, impl_->scope);
}

// --- access lists ---

bool State::warm_account(const Address& address) {
    if (vm::is_precompile(address, impl_->fork)) return false;  // EIP-2929: warm from the start
    const CellIndex cell = impl_->account(address);
    return impl_->mark(Change::WarmAccount, cell, impl_->accounts[cell].warm);
}

bool State::warm_slot(const Address& address, const Word& slot) {
    const CellIndex cell = impl_->slot(address, slot);
    return impl_->mark(Change::WarmSlot, cell, impl_->slots[cell].warm);
}

// --- transaction and block context ---

void State::emit(vm::Log log) {
    impl_->parked_logs.push_back(std::move(log));
    impl_->write(Change::Log, 0, 1);
}

Hash State::block_hash(std::uint64_t number) {
    const std::uint64_t now = impl_->block.number;
    if (number >= now || now - number > 256) return {};
    const BlockHashTable& known = impl_->known_block_hashes();
    const CellIndex cell = known.find(number);
    return cell == no_cell ? Hash{} : known[cell].hash;
}

void State::add_block_hash(std::uint64_t number, const Hash& hash) {
    impl_->write(Change::BlockHash, impl_->block_hashes.at(number), vm::to_word(hash));
}

const vm::BlockContext& State::block() const { return impl_->block; }
const vm::TransactionContext& State::transaction() const { return impl_->transaction.context; }
const std::vector<vm::Log>& State::logs() const { return impl_->transaction.logs; }
Fork State::fork() const { return impl_->fork; }
void State::set_fork(Fork fork) { impl_->fork = fork; }

void State::set_block(const vm::BlockContext& block) {
    impl_->parked_blocks.push_back(block);
    impl_->write(Change::Block, static_cast<CellIndex>(impl_->parked_blocks.size() - 1), {});
}

// --- transactions ---

void State::begin_transaction(const vm::TransactionContext& context) {
    impl_->open_scope();
    impl_->parked_transactions.push_back({context, {}});
    impl_->write(Change::Transaction, static_cast<CellIndex>(impl_->parked_transactions.size() - 1), {});
}

void State::end_transaction() {
    for (std::size_t i = impl_->first_marked; i < impl_->marked.size(); ++i) {
        const CellIndex cell = impl_->marked[i];
        const AccountCell& account = impl_->accounts[cell];
        if (account.destroyed == impl_->scope || (account.touched == impl_->scope && Impl::is_empty(account)))
            impl_->remove(cell);
    }
    impl_->open_scope();
}

// --- undo, history, fingerprint ---

vm::Host::Checkpoint State::checkpoint() {
    impl_->note_milestone();
    return impl_->journal.size();
}

// A touch of precompile 3 survives a revert of its frame. On mainnet a transaction whose call reverted still removed
// that empty account, and clients keep this behaviour. (EIP-161's clearing of 2016, block 2,675,119)
void State::revert_to(Checkpoint checkpoint) {
    static constexpr Address ripemd160 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}};
    const bool any_touched = impl_->marked.size() > impl_->first_marked;
    const AccountCell* account = any_touched ? impl_->find(ripemd160) : nullptr;
    const bool was_touched = account != nullptr && account->touched == impl_->scope;
    impl_->revert_to(checkpoint);
    if (was_touched) touch(ripemd160);
}

void State::keep_history(bool on) { impl_->history = on; }

void State::rewind_to(Checkpoint checkpoint) {
    assert(checkpoint <= impl_->journal.size());
    impl_->rewind_to(checkpoint);
}

namespace {

// Empties a list and keeps its space, unless the space is unusually large.
template <class T>
void clear_bounded(std::vector<T>& list) {
    constexpr std::size_t kept = std::size_t{16} << 10;
    list.clear();
    if (list.capacity() > kept) list.shrink_to_fit();
}

}  // namespace

void State::forget_history() {
    clear_bounded(impl_->journal);
    impl_->milestones.clear();
    clear_bounded(impl_->parked_logs);
    impl_->parked_transactions.clear();
    impl_->parked_blocks.clear();
    impl_->marked.erase(impl_->marked.begin(), impl_->marked.begin() + static_cast<std::ptrdiff_t>(impl_->first_marked));
    impl_->first_marked = 0;
    impl_->drop_unused_cells();
}

void State::keep_fingerprint(bool on) {
    impl_->fingerprinted = on;
    impl_->milestones.clear();
    if (on) impl_->persistent_state = impl_->hash_persistent_state();
}

Fingerprint State::fingerprint() const {
    assert(impl_->fingerprinted);
    return impl_->persistent_state ^ impl_->transaction_state;
}

Fingerprint State::rehash() const { return impl_->hash_persistent_state() ^ impl_->hash_transaction_state(); }

Fingerprint State::Impl::hash_persistent_state() const {
    Fingerprint sum;
    for (const AccountCell& cell : accounts) {
        sum ^= piece(cell.seed, Field::Balance, cell.balance);
        sum ^= piece(cell.seed, Field::Nonce, cell.nonce);
        sum ^= piece(cell.seed, Field::Code, code_piece(cell.code));
    }
    for (const SlotCell& cell : slots) sum ^= piece(cell.seed, Field::Storage, cell.value);
    return sum;
}

Fingerprint State::Impl::hash_transaction_state() const {
    Fingerprint sum;
    for (const AccountCell& cell : accounts) {
        if (cell.created == scope) sum ^= piece(cell.seed, Field::Created, 1);
        if (cell.destroyed == scope) sum ^= piece(cell.seed, Field::Destroyed, 1);
    }
    for (const TransientCell& cell : transients)
        if (cell.written == scope) sum ^= piece(cell.seed, Field::Transient, cell.value);
    return sum;
}

}  // namespace interlock::chain
