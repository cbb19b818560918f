// What may follow a call, given whether it succeeded: the word that says so is followed through conditions, parameters and
// results of internal functions.
#include "analyzer/prover/flow_parts.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

// Words of which it is known whether they are zero.
struct Flow::Told {
    std::map<ValueInFrame, bool> truths;

    [[nodiscard]] std::optional<bool> of(std::uint32_t frame, ir::Value value) const {
        const auto found = truths.find({frame, value.index});
        return found == truths.end() ? std::nullopt : std::optional(found->second);
    }
    void set(std::uint32_t frame, ir::Value value, std::optional<bool> truth) {
        if (truth) truths[{frame, value.index}] = *truth;
        else truths.erase({frame, value.index});
    }
    friend auto operator<=>(const Told&, const Told&) = default;
};

namespace {

bool denies(const ir::Instruction& each) {
    return (each.op == Op::Not && each.type.kind == ir::TypeKind::Bool) ||
           (each.op == Op::Evm && each.opcode == vm::Opcode::ISZERO);
}

}  // namespace

// Returns the nodes that follow, each with what is told there.
std::vector<std::pair<std::uint32_t, Flow::Told>> Flow::steps_from(std::uint32_t index, Told told) const {
    const Node& node = *nodes_[index];
    const ir::Block& block = frames_[node.frame]->function->blocks.at(node.block);
    const ir::Instruction* internal = nullptr;
    for (std::uint32_t at = node.first; at < block.instructions.size() && !internal; ++at) {
        const ir::Instruction& each = block.instructions[at];
        const auto operand = [&](std::size_t i) { return told.of(node.frame, each.operands[i]); };
        if (each.op == Op::InternalCall) internal = &each;
        else if (each.op == Op::Guard && operand(0) == false && !is_survived(node.frame)) return {};
        else if (each.op == Op::Constant && each.type.kind == ir::TypeKind::Bool)
            told.set(node.frame, each.result, !each.word.is_zero());
        else if (denies(each)) told.set(node.frame, each.result, operand(0) ? std::optional(!*operand(0)) : std::nullopt);
        else if (each.op == Op::Reinterpret && each.operands.size() == 1 && each.type.kind == ir::TypeKind::Bool)
            told.set(node.frame, each.result, operand(0));
        else if (each.result && each.op != Op::Result) told.set(node.frame, each.result, std::nullopt);
    }
    std::vector<std::pair<std::uint32_t, Told>> steps;
    const auto pass = [&](Told& there, std::uint32_t frame, const ir::Parameter& to, ir::Value from) {
        there.set(frame, to.value, recurses_ ? std::nullopt : told.of(node.frame, from));
    };
    for (const std::uint32_t next : node.next) {
        const Node& to = *nodes_[next];
        const std::vector<ir::Parameter>& parameters = frames_[to.frame]->function->blocks.at(to.block).parameters;
        Told there = told;
        if (to.first == 0)
            for (const ir::Parameter& each : parameters) there.set(to.frame, each.value, std::nullopt);
        const ir::Terminator& end = block.terminator;
        if (internal) {
            for (std::size_t i = 0; i < parameters.size(); ++i) pass(there, to.frame, parameters[i], internal->operands[i]);
        } else if (end.kind == ir::Terminator::Kind::Return && to.first != 0) {
            const ir::Block& caller = frames_[to.frame]->function->blocks.at(to.block);
            const ir::Value call = caller.instructions.at(to.first - 1).result;
            for (std::uint32_t at = to.first; at < caller.instructions.size(); ++at) {
                const ir::Instruction& each = caller.instructions[at];
                if (each.op != Op::Result || each.operands[0] != call) continue;
                there.set(to.frame, each.result, recurses_ ? std::nullopt : told.of(node.frame, end.values[each.number]));
            }
        } else if (to.frame == node.frame && to.first == 0 &&
                   (end.kind == ir::Terminator::Kind::Jump || end.kind == ir::Terminator::Kind::Branch)) {
            const bool forks = end.kind == ir::Terminator::Kind::Branch && end.then.block != end.otherwise.block;
            const auto truth = forks && !recurses_ ? told.of(node.frame, end.condition) : std::nullopt;
            const bool is_then = to.block == end.then.block;
            if (truth && *truth != is_then) continue;
            const bool is_clear = end.kind == ir::Terminator::Kind::Jump || forks;
            const ir::Jump& jump = is_then ? end.then : end.otherwise;
            for (std::size_t i = 0; i < parameters.size() && is_clear; ++i)
                pass(there, to.frame, parameters[i], jump.arguments.data()[i]);
        }
        steps.emplace_back(next, std::move(there));
    }
    return steps;
}

std::vector<bool> Flow::behind(std::uint32_t site, bool succeeded, const std::vector<bool>& heads) const {
    constexpr std::size_t most_steps = 4'000;
    const std::uint32_t frame = nodes_[site]->frame;
    const ir::Function& function = *frames_[frame]->function;
    const ir::Terminator& end = function.blocks.at(nodes_[site]->block).terminator;
    const auto success = end.kind == ir::Terminator::Kind::External ? success_of(function, end.call) : std::nullopt;
    const auto anything = [&] { return reached(nodes_[site]->next, true, heads); };
    if (!success) return anything();
    Told told;
    told.set(frame, *success, succeeded);
    std::set<std::pair<std::uint32_t, Told>> seen;
    std::vector<std::pair<std::uint32_t, Told>> open;
    for (const std::uint32_t next : nodes_[site]->next) open.emplace_back(next, told);
    std::vector<bool> follows(nodes_.size());
    while (!open.empty()) {
        auto [node, here] = std::move(open.back());
        open.pop_back();
        if (node == site || seen.size() > most_steps) return anything();
        if (!seen.emplace(node, here).second) continue;
        follows[node] = true;
        if (!heads.empty() && heads[node]) continue;
        for (auto& step : steps_from(node, std::move(here))) open.push_back(std::move(step));
    }
    return follows;
}

// A payment of which the failure undoes everything was made, wherever that is found out.
void Flow::find_hard_payments() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!nodes_[i]->is_site || !nodes_[i]->call_footprint.sends_soft || !can_end_[i]) continue;
        const ir::Terminator& end = frames_[nodes_[i]->frame]->function->blocks.at(nodes_[i]->block).terminator;
        if (end.call.kind == ir::ExternalCall::Kind::LowLevelDelegate || end.call.kind == ir::ExternalCall::Kind::Raw)
            continue;
        const std::vector<bool> after = behind(i, false);
        bool ends = false;
        for (std::uint32_t k = 0; k < nodes_.size(); ++k) ends |= after[k] && nodes_[k]->ends;
        if (!ends) nodes_[i]->call_footprint.sends_soft = false;
    }
}

}  // namespace interlock::analyzer::prover
