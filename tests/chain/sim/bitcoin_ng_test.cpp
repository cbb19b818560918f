// Bitcoin-NG beside plain proof of work: throughput, and leaders who go too fast.
#include "chain/consensus/bitcoin_ng/bitcoin_ng.hpp"
#include "chain/consensus/ledger.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

SimulationOptions full(std::string_view engine) {
    SimulationOptions options = run_of(engine, 4, 1);
    static const auto work = std::make_shared<const Workload>(transfers(400, 50 * millisecond, 40));
    options.workload = work;
    options.has_own_ledgers = false;
    options.engine_options.block_transactions = 5;
    options.engine_options.interval = 20 * second;
    options.duration = 3000 * second;
    return options;
}

TEST(BitcoinNgRuns, Row91OrdersMoreAtTheSameRateOfKeyBlocks) {
    const Outcome plain = outcome_of(full("pow")), next = outcome_of(full("bitcoin-ng"));
    EXPECT_TRUE(plain.holds()) << first_violation(plain);
    EXPECT_TRUE(next.holds()) << first_violation(next);
    EXPECT_EQ(next.finalised, 400U);
    EXPECT_GT(next.transactions_per_second(), 2 * plain.transactions_per_second());
    EXPECT_LT(next.inclusion(50), plain.inclusion(50) / 2);
}

class HastyLeader final : public consensus::BitcoinNg {
  public:
    using BitcoinNg::BitcoinNg;

  private:
    [[nodiscard]] Nanoseconds micro_interval() const override { return options().micro_interval / 4; }
    [[nodiscard]] bool accepts(consensus::Env& env, const consensus::SealedBlock& parent,
                               const consensus::SealedBlock& block) const override {
        return block.header.coinbase == consensus::coinbase_of(env.self()) || BitcoinNg::accepts(env, parent, block);
    }
};

TEST(BitcoinNgRuns, Row91ALeaderWhoExceedsTheRateIsRefused) {
    SimulationOptions options = full("bitcoin-ng");
    options.engine_of = [](NodeId node, const consensus::EngineOptions& engine) -> std::unique_ptr<consensus::Engine> {
        if (node != 0) return nullptr;
        return std::make_unique<HastyLeader>(engine);
    };
    Simulation simulation(options);
    (void)simulation.run();
    std::uint64_t refused = 0;
    for (const auto& [hash, made] : simulation.blocks())
        refused += made.maker == 0 && !consensus::is_key_block(*made.block) && !simulation.engine(1).find(hash);
    EXPECT_GT(refused, 0U);
    for (consensus::BlockRef at = simulation.engine(1).head(); at->height() > 1;) {
        const consensus::BlockRef below = simulation.engine(1).find(at->parent());
        if (!consensus::is_key_block(*at) && !consensus::is_key_block(*below)) {
            const auto late = consensus::MicroSeal::of(at->header), early = consensus::MicroSeal::of(below->header);
            ASSERT_TRUE(late && early);
            EXPECT_GE(late->time - early->time, 1000U);
        }
        at = below;
    }
}

TEST(BitcoinNgRuns, Row77ALeaderWhoSignsTwoMicroBlocksDividesNobodyForLong) {
    const Outcome outcome = outcome_of(run_of("bitcoin-ng", 4, 3, "at 0s equivocate 0"));
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_EQ(outcome.revoked, 0U);
    EXPECT_GT(outcome.finalised, 0U);
}

}  // namespace
}  // namespace interlock::chain::sim
