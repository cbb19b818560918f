// The host of a test: a state with a block and a transaction that the test may change, and a record of what was read,
// written and emitted.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "chain/state.hpp"

namespace interlock::analyzer::foundry {

// The slots of one account, once for each read or write.
struct Accesses {
    std::vector<vm::Word> reads, writes;
};

// The block and transaction around a test. A revert does not restore them, unlike the state.
struct Surroundings {
    vm::BlockContext block;
    vm::TransactionContext transaction;
    std::map<std::uint64_t, vm::Hash> block_hashes;           // hashes that the test has set
    std::optional<std::map<vm::Address, Accesses>> accesses;  // std::nullopt: not recorded
    std::optional<std::vector<vm::Log>> logs;                 // since recording began
};

class EventObserver {
  public:
    virtual ~EventObserver() = default;
    virtual void on_event(const vm::Log& log) = 0;
};

class TestHost final : public vm::Host {
  public:
    TestHost(chain::State& state, Surroundings& surroundings, EventObserver& observer)
        : state_(state), surroundings_(surroundings), observer_(observer) {}

    bool exists(const vm::Address& account) override { return state_.exists(account); }
    bool is_empty(const vm::Address& account) override { return state_.is_empty(account); }
    vm::Word balance(const vm::Address& account) override { return state_.balance(account); }
    std::uint64_t nonce(const vm::Address& account) override { return state_.nonce(account); }
    bool has_storage(const vm::Address& account) override { return state_.has_storage(account); }
    vm::Hash code_hash(const vm::Address& account) override { return state_.code_hash(account); }
    const std::shared_ptr<const vm::Code>& code(const vm::Address& account) override { return state_.code(account); }
    void set_nonce(const vm::Address& account, std::uint64_t nonce) override { state_.set_nonce(account, nonce); }
    void set_code(const vm::Address& account, vm::ByteView code) override { state_.set_code(account, code); }
    void transfer(const vm::Address& from, const vm::Address& to, const vm::Word& wei) override {
        state_.transfer(from, to, wei);
    }
    void create_account(const vm::Address& account) override { state_.create_account(account); }
    void touch(const vm::Address& account) override { state_.touch(account); }
    bool self_destruct(const vm::Address& account, const vm::Address& beneficiary) override {
        return state_.self_destruct(account, beneficiary);
    }
    vm::Word load(const vm::Address& account, const vm::Word& slot) override;
    vm::Word load_original(const vm::Address& account, const vm::Word& slot) override;
    void store(const vm::Address& account, const vm::Word& slot, const vm::Word& value) override {
        state_.store(account, slot, value);
    }
    vm::Word load_transient(const vm::Address& account, const vm::Word& slot) override {
        return state_.load_transient(account, slot);
    }
    void store_transient(const vm::Address& account, const vm::Word& slot, const vm::Word& value) override {
        state_.store_transient(account, slot, value);
    }
    bool warm_account(const vm::Address& account) override { return state_.warm_account(account); }
    bool warm_slot(const vm::Address& account, const vm::Word& slot) override { return state_.warm_slot(account, slot); }
    void emit(vm::Log log) override;
    vm::Hash block_hash(std::uint64_t number) override;
    const vm::BlockContext& block() const override { return surroundings_.block; }
    const vm::TransactionContext& transaction() const override { return surroundings_.transaction; }
    Checkpoint checkpoint() override { return state_.checkpoint(); }
    void revert_to(Checkpoint checkpoint) override { state_.revert_to(checkpoint); }

  private:
    chain::State& state_;
    Surroundings& surroundings_;
    EventObserver& observer_;
};

}  // namespace interlock::analyzer::foundry
