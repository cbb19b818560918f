// The chain that Foundry gives to tests: one sender who owns everything, free gas, a block that never changes, and the
// cheatcodes and the console at their addresses. Each message is a transaction of its own.
#pragma once

#include "analyzer/devnet/foundry/session.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer::foundry {

class TestChain {
  public:
    // The limit is ample for a test; an endless test ends after a few seconds.
    static constexpr std::uint64_t gas_limit = std::uint64_t{1} << 30;
    static const vm::Word wealth;  // balance of the sender, and of a contract with tests: 2^96 - 1 wei

    TestChain(const lang::Compilation& compilation, const Project& project, chain::State& state);

    struct Ran {
        vm::Outcome outcome;
        std::uint64_t gas_used = 0;
        [[nodiscard]] bool ok() const { return outcome.ok(); }
    };
    Ran deploy(vm::Bytes creation_code, const vm::Word& value);
    Ran call(const vm::Address& from, const vm::Address& to, const vm::Word& value, vm::Bytes data,
             vm::Tracer* tracer = nullptr);

    [[nodiscard]] chain::State& state() { return session_.state(); }
    [[nodiscard]] Session& session() { return session_; }
    [[nodiscard]] Arrangement& arrangement() { return session_.arrangement; }

  private:
    Ran run(const vm::Message& message, vm::Tracer* tracer);

    Session session_;
};

}  // namespace interlock::analyzer::foundry
