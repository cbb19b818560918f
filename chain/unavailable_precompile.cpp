#include "chain/unavailable_precompile.hpp"

#include "vm/precompiles.hpp"
#include "vm/tracer.hpp"

namespace interlock::chain {

namespace {

class Witness final : public vm::Tracer {
  public:
    explicit Witness(vm::Fork fork) : fork_(fork) {}
    [[nodiscard]] vm::OpcodeSet wanted() const override { return {}; }
    void on_exit(const vm::Message& message, const vm::Outcome& outcome) override {
        if (outcome.status != vm::Status::PrecompileUnavailable) return;
        if (const vm::Precompile* called = vm::find_precompile(message.code_address, fork_)) name_ = called->name;
    }
    [[nodiscard]] std::string_view name() const { return name_; }

  private:
    vm::Fork fork_;
    std::string_view name_;
};

}  // namespace

std::string_view unavailable_precompile(State& state, const Transaction& tx) {
    const auto before = state.checkpoint();
    Witness witness(state.fork());
    (void)execute(state, tx, &witness);
    state.rewind_to(before);
    return witness.name();
}

}  // namespace interlock::chain
