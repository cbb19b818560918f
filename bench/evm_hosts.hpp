// The worlds in which evm_bench runs a program, whose code can be exchanged for the same code analysed anew.
#pragma once

#include <memory>

#include "chain/state.hpp"
#include "vm/code.hpp"
#include "vm/host.hpp"

namespace interlock::bench {

using vm::Address, vm::Hash, vm::Word;

class ProgramHost : public vm::Host {
  public:
    explicit ProgramHost(std::shared_ptr<const vm::Code> code) : program_(std::move(code)) {}
    [[nodiscard]] const std::shared_ptr<const vm::Code>& program() const { return program_; }
    void set_program(std::shared_ptr<const vm::Code> code) { program_ = std::move(code); }

  private:
    std::shared_ptr<const vm::Code> program_;
};

// One account with code, and nothing else in the world.
class LonelyHost final : public ProgramHost {
  public:
    using ProgramHost::ProgramHost;

    bool exists(const Address&) override { return false; }
    bool is_empty(const Address&) override { return true; }
    Word balance(const Address&) override { return {}; }
    std::uint64_t nonce(const Address&) override { return 0; }
    bool has_storage(const Address&) override { return false; }
    Hash code_hash(const Address&) override { return {}; }
    const std::shared_ptr<const vm::Code>& code(const Address&) override { return program(); }
    void set_nonce(const Address&, std::uint64_t) override {}
    void set_code(const Address&, vm::ByteView) override {}
    void transfer(const Address&, const Address&, const Word&) override {}
    void create_account(const Address&) override {}
    void touch(const Address&) override {}
    bool self_destruct(const Address&, const Address&) override { return true; }
    Word load(const Address&, const Word&) override { return {}; }
    Word load_original(const Address&, const Word&) override { return {}; }
    void store(const Address&, const Word&, const Word&) override {}
    Word load_transient(const Address&, const Word&) override { return {}; }
    void store_transient(const Address&, const Word&, const Word&) override {}
    bool warm_account(const Address&) override { return true; }
    bool warm_slot(const Address&, const Word&) override { return true; }
    void emit(vm::Log) override {}
    Hash block_hash(std::uint64_t) override { return {}; }
    const vm::BlockContext& block() const override { return block_; }
    const vm::TransactionContext& transaction() const override { return transaction_; }
    Checkpoint checkpoint() override { return 0; }
    void revert_to(Checkpoint) override {}

  private:
    vm::BlockContext block_;
    vm::TransactionContext transaction_;
};

// The chain's state, among whose accounts the program is one.
class WorldHost final : public ProgramHost {
  public:
    WorldHost(std::shared_ptr<const vm::Code> code, const Address& address, const chain::State& world)
        : ProgramHost(std::move(code)), address_(address), state_(world) {}

    bool exists(const Address& a) override { return state_.exists(a); }
    bool is_empty(const Address& a) override { return state_.is_empty(a); }
    Word balance(const Address& a) override { return state_.balance(a); }
    std::uint64_t nonce(const Address& a) override { return state_.nonce(a); }
    bool has_storage(const Address& a) override { return state_.has_storage(a); }
    Hash code_hash(const Address& a) override { return state_.code_hash(a); }
    const std::shared_ptr<const vm::Code>& code(const Address& a) override {
        return a == address_ ? program() : state_.code(a);
    }
    void set_nonce(const Address& a, std::uint64_t nonce) override { state_.set_nonce(a, nonce); }
    void set_code(const Address& a, vm::ByteView code) override { state_.set_code(a, code); }
    void transfer(const Address& a, const Address& b, const Word& wei) override { state_.transfer(a, b, wei); }
    void create_account(const Address& a) override { state_.create_account(a); }
    void touch(const Address& a) override { state_.touch(a); }
    bool self_destruct(const Address& a, const Address& b) override { return state_.self_destruct(a, b); }
    Word load(const Address& a, const Word& slot) override { return state_.load(a, slot); }
    Word load_original(const Address& a, const Word& slot) override { return state_.load_original(a, slot); }
    void store(const Address& a, const Word& slot, const Word& value) override { state_.store(a, slot, value); }
    Word load_transient(const Address& a, const Word& slot) override { return state_.load_transient(a, slot); }
    void store_transient(const Address& a, const Word& slot, const Word& value) override {
        state_.store_transient(a, slot, value);
    }
    bool warm_account(const Address& a) override { return state_.warm_account(a); }
    bool warm_slot(const Address& a, const Word& slot) override { return state_.warm_slot(a, slot); }
    void emit(vm::Log log) override { state_.emit(std::move(log)); }
    Hash block_hash(std::uint64_t number) override { return state_.block_hash(number); }
    const vm::BlockContext& block() const override { return state_.block(); }
    const vm::TransactionContext& transaction() const override { return state_.transaction(); }
    Checkpoint checkpoint() override { return state_.checkpoint(); }
    void revert_to(Checkpoint checkpoint) override { state_.revert_to(checkpoint); }

  private:
    const Address address_;
    chain::State state_;
};

}  // namespace interlock::bench
