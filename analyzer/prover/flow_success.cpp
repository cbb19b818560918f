// What may follow, given whether a word is zero, as that which says whether a call succeeded: it is followed through
// conditions, parameters and results of internal functions.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"

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
    // Of what the instruction computes.
    [[nodiscard]] std::optional<bool> of_outcome(std::uint32_t frame, const ir::Instruction& each,
                                                 const Makers& made_by) const;
    friend auto operator<=>(const Told&, const Told&) = default;
};

namespace {

bool denies(const ir::Instruction& each) {
    return (each.op == Op::Not && each.type.kind == ir::TypeKind::Bool) ||
           (each.op == Op::Evm && each.opcode == vm::Opcode::ISZERO);
}

bool is_either(const ir::Instruction& each, Op op, vm::Opcode opcode) {
    return each.op == op || (each.op == Op::Evm && each.opcode == opcode);
}

// Whether the instruction says no more than that its operand `side` is not zero (true), or that it is (false), if the other
// operand is zero; nothing otherwise.
std::optional<bool> tells_of(const ir::Instruction& each, std::size_t side) {
    if (is_either(each, Op::Equal, vm::Opcode::EQ)) return false;
    if (each.op == Op::NotEqual) return true;
    const bool is_greater = is_either(each, Op::Greater, vm::Opcode::GT),
               is_less = is_either(each, Op::Less, vm::Opcode::LT);
    return (is_greater && side == 0) || (is_less && side == 1) ? std::optional(true) : std::nullopt;
}

std::optional<ir::Value> value_of(const ir::ExternalCall& call) {
    if (call.value) return call.value;
    const bool is_plain = call.kind == ir::ExternalCall::Kind::Raw && call.opcode == vm::Opcode::CALL;
    return is_plain ? std::optional(call.arguments.data()[2]) : std::nullopt;
}

}  // namespace

std::optional<bool> Flow::Told::of_outcome(std::uint32_t frame, const ir::Instruction& each, const Makers& made_by) const {
    const auto operand = [&](std::size_t i) { return of(frame, each.operands.data()[i]); };
    if (each.op == Op::Constant && each.type.kind == ir::TypeKind::Bool) return !each.word.is_zero();
    if (denies(each)) return operand(0) ? std::optional(!*operand(0)) : std::nullopt;
    if (each.op == Op::Reinterpret) return operand(0);  // the same word
    if (each.operands.size() != 2) return std::nullopt;
    const auto first = operand(0), second = operand(1);
    if (is_either(each, Op::And, vm::Opcode::AND)) {
        if (first == false || second == false) return false;
        return each.type.kind == ir::TypeKind::Bool && first == true && second == true ? std::optional(true) : std::nullopt;
    }
    if (is_either(each, Op::Or, vm::Opcode::OR)) {
        if (first == true || second == true) return true;
        return first == false && second == false ? std::optional(false) : std::nullopt;
    }
    for (const std::size_t side : {0u, 1u}) {
        const auto told = operand(side), tells = tells_of(each, side);
        if (!told || !tells || constant_in(made_by, each.operands.data()[1 - side]) != ir::Word{}) continue;
        // Of a signed number, greater than zero says more.
        const bool is_equality = is_either(each, Op::Equal, vm::Opcode::EQ) || each.op == Op::NotEqual;
        if (*told && !is_equality && each.op != Op::Evm) continue;
        return *tells == *told;
    }
    return std::nullopt;
}

// Whether the node's instructions from there on come to an end; `told` is then what is told there.
bool Flow::passes(std::uint32_t index, std::uint32_t from, Told& told) const {
    const Node& node = *nodes_[index];
    const ir::Block& block = frames_[node.frame]->function->blocks.at(node.block);
    for (std::uint32_t at = from; at < block.instructions.size(); ++at) {
        const ir::Instruction& each = block.instructions[at];
        if (each.op == Op::InternalCall) return true;
        if (each.op == Op::Guard && told.of(node.frame, each.operands[0]) == false && !is_survived(node.frame)) return false;
        if (each.result && each.op != Op::Result)
            told.set(node.frame, each.result, told.of_outcome(node.frame, each, frames_[node.frame]->shape->made_by));
    }
    return true;
}

// Returns the nodes that follow, each with what is told there, behind the node's instructions.
std::vector<std::pair<std::uint32_t, Flow::Told>> Flow::steps_from(std::uint32_t index, Told told) const {
    const Node& node = *nodes_[index];
    const ir::Block& block = frames_[node.frame]->function->blocks.at(node.block);
    const ir::Instruction* internal = nullptr;
    for (std::uint32_t at = node.first; at < block.instructions.size() && !internal; ++at)
        if (block.instructions[at].op == Op::InternalCall) internal = &block.instructions[at];
    std::vector<std::pair<std::uint32_t, Told>> steps;
    const auto pass = [&](Told& there, std::uint32_t frame, const ir::Parameter& to, ir::Value from) {
        there.set(frame, to.value, recurses_ ? std::nullopt : told.of(node.frame, from));
    };
    for (const std::uint32_t next : node.next) {
        const Node& to = *nodes_[next];
        const std::vector<ir::Parameter>& parameters = frames_[to.frame]->function->blocks.at(to.block).parameters;
        Told there = told;
        const bool begins = to.first == 0 || frames_[to.frame]->function->blocks.at(to.block).instructions.empty();
        if (begins)
            for (const ir::Parameter& each : parameters) there.set(to.frame, each.value, std::nullopt);
        const ir::Terminator& end = block.terminator;
        if (internal) {
            for (std::size_t i = 0; i < parameters.size(); ++i) pass(there, to.frame, parameters[i], internal->operands[i]);
        } else if (end.kind == ir::Terminator::Kind::Return && !begins) {
            const ir::Block& caller = frames_[to.frame]->function->blocks.at(to.block);
            const ir::Value call = caller.instructions.at(to.first - 1).result;
            for (std::uint32_t at = to.first; at < caller.instructions.size(); ++at) {
                const ir::Instruction& each = caller.instructions[at];
                if (each.op != Op::Result || each.operands[0] != call) continue;
                there.set(to.frame, each.result, recurses_ ? std::nullopt : told.of(node.frame, end.values[each.number]));
            }
        } else if (to.frame == node.frame && begins &&
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

// Returns all nodes that may follow those; without what is told, where one of them is `site` again or there are too many.
Flow::Followed Flow::follow(std::vector<std::pair<std::uint32_t, Told>> open, std::uint32_t site,
                            const std::vector<bool>& heads) const {
    constexpr std::size_t most_steps = 4'000;
    std::set<std::uint32_t> first;
    for (const auto& each : open) first.insert(each.first);
    std::set<std::pair<std::uint32_t, Told>> seen;
    Followed followed{std::vector<bool>(nodes_.size())};
    while (!open.empty()) {
        auto [node, here] = std::move(open.back());
        open.pop_back();
        if (node == site || seen.size() > most_steps) {
            followed.nodes = reached(first, true, heads);
            for (std::uint32_t i = 0; i < nodes_.size(); ++i) followed.ends |= followed.nodes[i] && nodes_[i]->ends;
            return followed;
        }
        if (!seen.emplace(node, here).second) continue;
        followed.nodes[node] = true;
        if (!heads.empty() && heads[node]) continue;
        if (!passes(node, nodes_[node]->first, here)) continue;
        followed.ends |= nodes_[node]->ends;
        for (auto& step : steps_from(node, std::move(here))) open.push_back(std::move(step));
    }
    return followed;
}

Flow::Followed Flow::follow(std::uint32_t site, bool succeeded, const std::vector<bool>& heads) const {
    const std::uint32_t frame = nodes_[site]->frame;
    const ir::Function& function = *frames_[frame]->function;
    const ir::Terminator& end = function.blocks.at(nodes_[site]->block).terminator;
    const auto success = end.kind == ir::Terminator::Kind::External ? success_of(function, end.call) : std::nullopt;
    Told told;
    if (success) told.set(frame, *success, succeeded);
    std::vector<std::pair<std::uint32_t, Told>> open;
    for (const std::uint32_t next : nodes_[site]->next) open.emplace_back(next, told);
    if (success) return follow(std::move(open), site, heads);
    Followed all{reached(nodes_[site]->next, true, heads)};
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) all.ends |= all.nodes[i] && nodes_[i]->ends;
    return all;
}

// A payment of which the failure undoes everything was made, wherever that is found out.
void Flow::find_hard_payments() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!nodes_[i]->is_site || !nodes_[i]->call_footprint.sends_soft || !can_end_[i]) continue;
        const ir::Terminator& end = frames_[nodes_[i]->frame]->function->blocks.at(nodes_[i]->block).terminator;
        if (end.call.kind == ir::ExternalCall::Kind::LowLevelDelegate) continue;
        if (!follow(i, false).ends) nodes_[i]->call_footprint.sends_soft = false;
    }
}

// Whether everything that goes on behind the instruction comes to a payment of that much, which undoes everything when it
// fails, before anything else is done.
bool Flow::is_paid_next(std::uint32_t index, std::uint32_t at, ir::Value amount) const {
    const ValueInFrame wanted = source_of(nodes_[index]->frame, amount);
    const auto acts = [](const ir::Instruction& each) {
        return each.op != Op::InternalCall && ir::writes_of(each).intersects(vm::state_regions);
    };
    const auto& own = frames_[nodes_[index]->frame]->function->blocks.at(nodes_[index]->block).instructions;
    const auto end = std::find_if(own.begin() + at, own.end(), [](const auto& each) { return each.op == Op::InternalCall; });
    if (std::any_of(own.begin() + at, end, acts)) return false;
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open{index};
    while (!open.empty()) {
        const std::uint32_t each = open.back();
        open.pop_back();
        if (!can_end_[each] || !seen.insert(each).second) continue;
        const Node& node = *nodes_[each];
        const ir::Terminator& leaves = frames_[node.frame]->function->blocks.at(node.block).terminator;
        const bool begins_anew =
            each != index && frames_[node.frame]->function->blocks.at(node.block).is_loop_head;  // with another amount
        if (node.ends || begins_anew || (each != index && node.footprint.writes_anything())) return false;
        if (node.call_footprint.sends) {
            const auto value = value_of(leaves.call);
            if (node.call_footprint.sends_soft || !value || source_of(node.frame, *value) != wanted) return false;
            continue;
        }
        if (node.is_site || !node.site.hits.empty() || node.call_footprint.writes_anything()) return false;
        open.insert(open.end(), node.next.begin(), node.next.end());
    }
    return true;
}

// Asking whether there is enough for such a payment asks the same as the payment.
void Flow::find_balance_asked() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        for (const auto& [at, amount] : nodes_[i]->balance_asked)
            if (can_end_[i] && !is_paid_next(i, at, amount)) nodes_[i]->footprint.balance.insert(Access::Ask);
}

// Of an account whose code is asked for it may matter only that there is some, or everything is undone.
void Flow::find_code_asked() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        Node& node = *nodes_[i];
        const ir::Block& block = frames_[node.frame]->function->blocks.at(node.block);
        for (auto& [at, access] : node.codes) {
            Told told;
            told.set(node.frame, block.instructions.at(at).result, false);
            const bool goes_on = passes(i, at + 1, told);
            const bool ends = goes_on && (node.ends || follow(steps_from(i, std::move(told)), i, {}).ends);
            if (!ends && !is_survived(node.frame)) access = Access::Ask;
        }
    }
}

// Whether the account whose code is asked for at that instruction has some on every way to the call.
bool Flow::has_code_at(std::uint32_t site, std::uint32_t index, std::uint32_t at) const {
    const Node& node = *nodes_[index];
    const ir::Block& block = frames_[node.frame]->function->blocks.at(node.block);
    Told told;
    told.set(node.frame, block.instructions.at(at).result, false);
    if (index == site) return false;
    return !passes(index, at + 1, told) || !follow(steps_from(index, std::move(told)), index, {}).nodes[site];
}

}  // namespace interlock::analyzer::prover
