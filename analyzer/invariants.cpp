#include "analyzer/invariants.hpp"

#include "vm/code.hpp"

namespace interlock::analyzer {

namespace {

class DeployedView final : public lang::StateView {
  public:
    DeployedView(World& world, const DeployedContract& contract) : world_(world), contract_(contract) {}

    Word load(const Word& slot) const override { return world_.state().load(contract_.address, slot); }
    Word balance(const Address& address) const override { return world_.state().balance(address); }
    std::vector<Word> entries(const Word& mapping) const override { return world_.preimages().entries(mapping); }
    Address self() const override { return contract_.address; }
    std::uint64_t timestamp() const override { return world_.state().block().timestamp; }
    std::uint64_t block_number() const override { return world_.state().block().number; }

    Word immutable(std::uint32_t index) const override {
        const ByteView code = world_.state().code(contract_.address)->bytes();
        for (const lang::ImmutableReference& reference : contract_.artifact->immutables)
            if (reference.index == index && reference.offset + 32 <= code.size())
                return vm::word_from_big_endian(code.subspan(reference.offset, 32));
        return {};  // never read by the code either
    }

  private:
    World& world_;
    const DeployedContract& contract_;
};

}  // namespace

std::vector<InvariantReading> read_invariants(World& world) {
    std::vector<InvariantReading> readings;
    for (std::uint32_t c = 0; c < world.contracts().size(); ++c) {
        const DeployedContract& contract = world.contracts()[c];
        const DeployedView view(world, contract);
        for (std::uint32_t i = 0; i < contract.ir().invariants.size(); ++i) {
            const lang::ir::Function& function = contract.ir().functions[contract.ir().invariants[i].function];
            readings.push_back(
                {c, i, lang::evaluate(contract.ir(), function, view, nullptr, {}, *world.compilation().sources)});
        }
    }
    return readings;
}

}  // namespace interlock::analyzer
