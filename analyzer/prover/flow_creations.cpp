// The part of a Flow that knows accounts which the entry has just made.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

namespace {

// Stands for an account that is surely there: everything is undone where it could not be made.
const ir::Word surely = vm::all_ones;

bool comes_to(const ir::Function& function, std::uint32_t from, std::uint32_t to) {
    std::vector<bool> seen(function.blocks.size());
    std::vector<std::uint32_t> open{from};
    while (!open.empty()) {
        const std::uint32_t block = open.back();
        open.pop_back();
        if (block == to) return true;
        if (seen[block]) continue;
        seen[block] = true;
        ir::for_each_jump(function.blocks[block].terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
    }
    return false;
}

}  // namespace

// Returns what is known of the account that is made at the end of the node.
Known Flow::made_by(std::uint32_t index, const ir::ExternalCall& call, bool is_clone) const {
    const Node& node = *nodes_[index];
    const Frame& frame = *frames_[node.frame];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    Known made = of_kind(Kind::Fresh);
    made.is_clone = is_clone;
    if (call.kind == CallKind::Create) {
        const std::string& kind = contract.creates.at(call.creates);
        const auto found = std::ranges::find_if(code_.contracts, [&](const auto* each) { return each->identity == kind; });
        if (found != code_.contracts.end()) made.number = static_cast<std::uint32_t>(found - code_.contracts.begin()) + 1;
        made.word = surely;
        return made;
    }
    // Of what is made again and again, no one is known.
    const bool is_again = comes_to(*frame.function, call.next.block, node.block) || !frame.again.empty();
    const auto& parameters = frame.function->blocks.at(call.next.block).parameters;
    if (is_again || parameters.size() <= call.next.arguments.size()) return nothing_known();
    constexpr unsigned half = 32;
    made.word = (ir::Word{node.frame} << half) + ir::Word{parameters[call.next.arguments.size()].value.index};
    return made;
}

bool Flow::is_surely_made(const State& state, const Known& account) const {
    if (account.kind != Kind::Fresh || account.word == surely) return account.kind == Kind::Fresh;
    constexpr unsigned half = 32;
    const std::uint64_t place = account.word.low64();
    return state.positive.contains({static_cast<std::uint32_t>(place >> half), static_cast<std::uint32_t>(place)});
}

// Returns which contract of the scope the account is one of that an entry made: a proxy is what it is called as.
std::optional<std::uint32_t> Flow::kind_of_made(const ir::Contract& contract, const ir::ExternalCall& call,
                                                const Known& made) const {
    if (made.kind != Kind::Fresh && made.kind != Kind::Offspring) return std::nullopt;
    if (made.number != 0) return made.number - 1;
    const ir::Method* method = ir::method_of(contract, call);
    if (!made.is_clone || !method) return std::nullopt;
    for (std::uint32_t kind = 0; kind < code_.contracts.size(); ++kind)
        if (code_.contracts[kind]->name == method->contract) return kind;
    return std::nullopt;
}

// Whether what is called there, of one of that kind which an entry made, lets nobody in.
bool Flow::is_of_leaf(std::uint32_t index, const State& state, const ir::ExternalCall& call, std::uint32_t kind) const {
    const std::uint32_t frame_index = nodes_[index]->frame;
    // It is not the one that a variable holds, unless somebody puts it there.
    const bool may_be_held = std::ranges::any_of(
        code_.holds, [&](const auto& each) { return each.second == kind && !code_.made.contains(each.first); });
    return !may_be_held &&
           std::ranges::all_of(receivers(*frames_[frame_index], state, frame_index, call, kind), [&](const Entry& each) {
               return code_.leaves.contains(each) || code_.payers.contains(each);
           });
}

}  // namespace interlock::analyzer::prover
