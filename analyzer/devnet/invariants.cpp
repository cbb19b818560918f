#include "analyzer/devnet/invariants.hpp"

#include "chain/execution.hpp"
#include "lang/abi/abi.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace {

class DeployedView final : public lang::StateView {
  public:
    DeployedView(chain::State& state, const Preimages& preimages, const Address& address, const lang::Artifact& artifact)
        : state_(state), preimages_(preimages), address_(address), artifact_(artifact) {}

    Word load(const Word& slot) const override { return state_.load(address_, slot); }
    Word balance(const Address& address) const override { return state_.balance(address); }
    std::vector<Word> entries(const Word& mapping) const override { return preimages_.entries(mapping); }
    Address self() const override { return address_; }
    std::uint64_t timestamp() const override { return state_.block().timestamp; }
    std::uint64_t block_number() const override { return state_.block().number; }

    Word immutable(std::uint32_t index) const override {
        const ByteView code = state_.code(address_)->bytes();
        for (const lang::ImmutableReference& reference : artifact_.immutables)
            if (reference.index == index && reference.offset + 32 <= code.size())
                return vm::word_from_big_endian(code.subspan(reference.offset, 32));
        return {};  // the code never reads it either
    }

  private:
    chain::State& state_;
    const Preimages& preimages_;
    const Address& address_;
    const lang::Artifact& artifact_;
};

// Asks a function whether all is well. One that only may revert says so by that; of another one that says nothing.
lang::Evaluation answer_of(chain::State& state, const Address& contract, const lang::ir::Function& function) {
    constexpr std::int64_t most_gas = 10'000'000;
    vm::Message message;
    message.kind = vm::CallKind::StaticCall;
    message.is_static = true;
    message.gas = vm::Gas{most_gas};
    message.recipient = message.code_address = contract;
    message.input = lang::abi::call_data(function.selector);
    const vm::Outcome outcome = chain::call(state, message);
    lang::Evaluation evaluation;
    if (function.returns.empty()) evaluation.holds = outcome.ok();
    else if (outcome.ok() && outcome.output.size() == 32) evaluation.holds = outcome.output.back() != 0;
    else evaluation.why = "it reverts";
    return evaluation;
}

}  // namespace

std::vector<lang::Evaluation> evaluate_invariants(chain::State& state, const Preimages& preimages, const Address& address,
                                                  const lang::Artifact& artifact, const lang::Sources* sources) {
    const DeployedView view(state, preimages, address, artifact);
    std::vector<lang::Evaluation> evaluations;
    for (const lang::ir::Invariant& each : artifact.ir->invariants)
        evaluations.push_back(
            lang::evaluate(*artifact.ir, artifact.ir->functions[each.function], view, nullptr, {}, sources));
    return evaluations;
}

std::vector<InvariantReading> read_invariants(World& world, Operands operands) {
    const lang::Sources* const sources = operands == Operands::Shown ? world.compilation().sources.get() : nullptr;
    std::vector<InvariantReading> readings;
    for (const DeployedContract& contract : world.contracts()) {
        const std::optional<ArtifactIndex> artifact = world.artifact_of(contract);
        if (!artifact || !world.is_there(contract)) continue;
        std::uint32_t number = 0;
        for (lang::Evaluation& each :
             evaluate_invariants(world.state(), world.preimages(), contract.address, *contract.artifact, sources))
            readings.push_back({id_of_invariant(*artifact, contract.ir(), number++), std::move(each)});
        for (const Property& each : asked_invariants_of(contract.ir()))
            readings.push_back({{*artifact, each.kind, each.index},
                                answer_of(world.state(), contract.address, contract.ir().functions[each.index])});
    }
    return readings;
}

}  // namespace interlock::analyzer
