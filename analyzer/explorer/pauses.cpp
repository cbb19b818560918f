#include "analyzer/explorer/pauses.hpp"

#include <functional>
#include <set>

#include "chain/blockchain.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

std::vector<std::uint64_t> durations_in(const World& world) {
    constexpr std::uint64_t shortest = 60, longest = 20 * 365 * 86'400ULL;  // seconds
    constexpr std::size_t most = 2;
    std::set<std::uint64_t, std::greater<>> found;
    for (const DeployedContract& contract : world.contracts())
        for (const ir::Function& function : contract.ir().functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& instruction : block.instructions)
                    if (const std::uint64_t value = instruction.word.low64();
                        instruction.op == ir::Op::Constant && instruction.word == Word{value} && value >= shortest &&
                        value <= longest && value % 60 == 0)
                        found.insert(value);
    std::vector<std::uint64_t> list(found.begin(), found.end());
    if (list.size() > most) list.resize(most);
    return list;
}

}  // namespace

Pauses::Pauses(const World& world, const Observations& observations)
    : observations_(observations), durations_(durations_in(world)) {}

std::vector<Pause> Pauses::at(const vm::BlockContext& block, bool few, bool with_durations) const {
    if (!observations_.reads_time()) return {};
    const std::size_t most = few ? 1 : 3;
    std::vector<Pause> list;
    const auto add = [&](std::uint64_t blocks, std::uint64_t seconds) {
        list.push_back({{blocks, seconds}, list.empty() ? 0u : 1u});
    };
    const auto& times = observations_.times();
    for (auto time = times.rbegin(); time != times.rend() && list.size() < most; ++time)
        if (*time > block.timestamp) add(1, *time - block.timestamp);
    const auto& blocks = observations_.blocks();
    for (auto number = blocks.rbegin(); number != blocks.rend() && list.size() < most; ++number)
        if (*number > block.number)
            add(*number - block.number, (*number - block.number) % 1'000'000'000 * chain::seconds_per_block);
    if (with_durations)
        for (const std::uint64_t duration : durations_) add(1, duration);
    // Where nothing was compared with the time, something may grow with it.
    constexpr std::uint64_t month = 30 * 86'400;
    if (times.empty() && blocks.empty() && durations_.empty()) add(month / chain::seconds_per_block, month);
    if (list.size() < most || !few) add(1, chain::seconds_per_block);
    return list;
}

}  // namespace interlock::analyzer
