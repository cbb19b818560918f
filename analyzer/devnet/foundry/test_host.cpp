#include "analyzer/devnet/foundry/test_host.hpp"

namespace interlock::analyzer::foundry {

namespace {

constexpr std::size_t max_recorded = 1 << 20;  // recorded items of each kind

}  // namespace

vm::Word TestHost::load(const vm::Address& account, const vm::Word& slot) {
    if (surroundings_.accesses)
        if (std::vector<vm::Word>& reads = (*surroundings_.accesses)[account].reads; reads.size() < max_recorded)
            reads.push_back(slot);
    return state_.load(account, slot);
}

// Every store asks for it, even one that changes nothing.
vm::Word TestHost::load_original(const vm::Address& account, const vm::Word& slot) {
    if (surroundings_.accesses)
        if (std::vector<vm::Word>& writes = (*surroundings_.accesses)[account].writes; writes.size() < max_recorded)
            writes.push_back(slot);
    return state_.load_original(account, slot);
}

void TestHost::emit(vm::Log log) {
    if (surroundings_.logs && surroundings_.logs->size() < max_recorded) surroundings_.logs->push_back(log);
    observer_.on_event(log);
    state_.emit(std::move(log));
}

// Covers the last 256 blocks, like the machine's own rule. The state does not know which block the test has set.
vm::Hash TestHost::block_hash(std::uint64_t number) {
    const std::uint64_t now = surroundings_.block.number;
    if (number >= now || now - number > 256) return {};
    const auto found = surroundings_.block_hashes.find(number);
    return found == surroundings_.block_hashes.end() ? vm::Hash{} : found->second;
}

}  // namespace interlock::analyzer::foundry
