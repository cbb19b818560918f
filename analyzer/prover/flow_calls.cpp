// The part of a Flow in which control leaves a function or a contract, and what follows for the whole.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

namespace {

// Returns whether the code only computes and makes at most one payment without data: no storage of its own, nor anybody
// else's, and nothing that depends on other accounts.
bool is_stateless(const ir::Contract& contract) {
    for (const ir::Function& function : contract.functions) {
        if (function.kind == ir::FunctionKind::Constructor) continue;
        std::map<std::uint32_t, std::uint32_t> uses;
        std::set<std::uint32_t> empty;
        int calls = 0;
        for (const ir::Block& block : function.blocks) {
            if (block.is_loop_head) return false;
            for (const ir::Instruction& each : block.instructions) {
                const vm::Regions touched = ir::reads_of(each) | ir::writes_of(each);
                const vm::Regions state(vm::Region::Storage, vm::Region::Transient, vm::Region::Accounts);
                if (each.op == ir::Op::InternalCall || touched.intersects(state)) return false;
                if (ir::writes_of(each).intersects(vm::state_regions)) return false;
                for (const ir::Value value : each.operands) ++uses[value.index];
                if (each.op == ir::Op::Literal && each.data.empty()) empty.insert(each.result.index);
            }
            const ir::Terminator& end = block.terminator;
            if (end.kind != ir::Terminator::Kind::External) continue;
            const bool is_plain = end.call.kind == CallKind::Send || end.call.kind == CallKind::Transfer;
            const bool is_empty = end.call.kind == CallKind::LowLevel && empty.contains(end.call.arguments[0].index) &&
                                  uses[end.call.arguments[0].index] == 0;
            if ((!is_plain && !is_empty) || ++calls > 1) return false;
        }
        // The bytes may be written through their address.
        for (const ir::Block& block : function.blocks) {
            const ir::Terminator& end = block.terminator;
            if (end.kind == ir::Terminator::Kind::External && end.call.kind == CallKind::LowLevel &&
                uses[end.call.arguments[0].index] != 0)
                return false;
        }
    }
    return true;
}

std::size_t results_of(const ir::Function& function, const ir::ExternalCall& call) {
    return function.blocks.at(call.next.block).parameters.size() - call.next.arguments.size();
}

// That a call succeeded, or accepted what it got, is no answer.
bool is_answer(const ir::Type& type) {
    return type.kind != ir::TypeKind::Bool && !(type.kind == ir::TypeKind::FixedBytes && type.bits == 32);
}

// Whether what a call of bytes answers may be looked at where it lies in memory.
bool leaves_answer_in_memory(const ir::Function& function, const ir::ExternalCall& call) {
    const ir::Value size = call.arguments.back();  // of the memory that the answer is put into
    bool is_none = false;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == ir::Op::InternalCall) return true;
            if (each.op == ir::Op::Evm && each.opcode == vm::Opcode::RETURNDATACOPY) return true;
            is_none |= each.result == size && each.op == ir::Op::Constant && each.word.is_zero();
        }
    return !is_none;
}

// Returns whether more than the success of a call by bytes in assembly depends on what comes back: more than conditions under
// which everything is undone.
bool uses_results(const ir::Contract& contract, const ir::Function& function, const ir::ExternalCall& call) {
    const ir::Method* method = ir::method_of(contract, call);
    if (method && !method->returns.empty())
        return std::ranges::any_of(method->returns, [](const ir::NamedType& each) { return is_answer(each.type); });
    if (leaves_answer_in_memory(function, call)) return true;
    std::set<std::uint32_t> derived;
    const auto& parameters = function.blocks.at(call.next.block).parameters;
    for (std::size_t i = call.next.arguments.size(); i < parameters.size(); ++i)
        if (is_answer(parameters[i].type)) derived.insert(parameters[i].value.index);
    const auto is_derived = [&](ir::Value value) { return derived.contains(value.index); };
    for (std::size_t before = 0; before != derived.size();) {
        before = derived.size();
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions) {
                if (std::ranges::none_of(each.operands, is_derived) || each.op == ir::Op::Guard) continue;
                if (each.op == ir::Op::InternalCall || !ir::writes_of(each).empty()) return true;
                if (each.result) derived.insert(each.result.index);
            }
            bool is_used = false;
            ir::for_each_use(block.terminator, [&](ir::Value value) {
                is_used |= is_derived(value) && block.terminator.kind != ir::Terminator::Kind::Revert;
            });
            ir::for_each_jump(block.terminator,
                              [&](const ir::Jump& jump) { is_used |= std::ranges::any_of(jump.arguments, is_derived); });
            if (is_used && !fails_hard(function, call)) return true;
            if (is_used && block.terminator.kind != ir::Terminator::Kind::Branch) return true;
        }
    }
    return false;
}

bool is_by_bytes(const ir::ExternalCall& call) {
    return call.kind == CallKind::LowLevel || call.kind == CallKind::LowLevelStatic ||
           call.kind == CallKind::LowLevelDelegate;
}

std::optional<std::uint32_t> selector_in(const Known& data) {
    return data.kind == Kind::Coded ? std::optional(data.number) : std::nullopt;
}

void mark_answers(const ir::Function& function, const ir::ExternalCall& call, std::vector<Known>& results) {
    const auto& parameters = function.blocks.at(call.next.block).parameters;
    for (std::size_t i = 0; i < results.size(); ++i)
        results[i].is_answer = is_answer(parameters.at(call.next.arguments.size() + i).type);
}

// What a call does to who has which tokens, if that is all: fungible ones that go out of the contract, or any that come
// into it. One that comes in is another one than all that came in before; one that goes from hand to hand may be the same.
std::optional<Access> token_access(std::optional<std::uint32_t> selector, const std::vector<Known>& arguments) {
    constexpr std::uint32_t transfer = 0xa9059cbb, transfer_from = 0x23b872dd, safe_transfer_from = 0x42842e0e,
                            safe_transfer_from_with_data = 0xb88d4fde, send = 0x9bd9bbc6;
    if (selector == transfer || selector == send) return Access::Subtract;
    const bool comes =
        selector == transfer_from || selector == safe_transfer_from || selector == safe_transfer_from_with_data;
    if (comes && arguments.size() >= 3 && arguments[1].kind == Kind::Self && arguments[0].kind != Kind::Self)
        return Access::Add;
    return std::nullopt;
}

// Whether the call is a method that asks a contract of tokens that are one of a kind: ownerOf, getApproved, isApprovedForAll.
bool asks_for_owners(const ir::Contract& contract, const ir::ExternalCall& call) {
    const ir::Method* method = ir::method_of(contract, call);
    constexpr std::uint32_t owner_of = 0x6352211e, get_approved = 0x081812fc, is_approved_for_all = 0xe985e9c5;
    return method &&
           (method->selector == owner_of || method->selector == get_approved || method->selector == is_approved_for_all);
}

// Whether the entry reads and returns, and cannot fail, as the view of a public variable.
bool only_tells(const ir::Function& function) {
    return function.mutability == ir::Mutability::View && function.blocks.size() == 1 &&
           function.blocks.front().terminator.kind == ir::Terminator::Kind::Return &&
           std::ranges::all_of(function.blocks.front().instructions, [](const ir::Instruction& each) {
               const bool reads = each.op == ir::Op::Load || each.op == ir::Op::LoadImmutable;
               return reads || each.op == ir::Op::Constant || each.op == ir::Op::Convert;
           });
}

// Whether the call asks for something that does not depend on who holds what, as a price feed's price: no arguments, and not
// how many tokens there are, or lie in a pool.
bool asks_for_a_number(const ir::Contract& contract, const ir::ExternalCall& call) {
    constexpr std::uint32_t total_supply = 0x18160ddd, get_reserves = 0x0902f1ac;
    const ir::Method* method = ir::method_of(contract, call);
    return method && method->parameters.empty() && method->selector != total_supply && method->selector != get_reserves;
}

// What is called may spend, if it gets `given`.
Gas gas_of(const ir::ExternalCall& call, const Known& given, bool pays) {
    constexpr std::uint64_t stipend = 2'300, payment = 9'000;
    if (ir::has_only_stipend(call)) return Gas::Stipend;
    if (!given.is_constant()) return Gas::Any;
    if (given.word.is_zero()) return Gas::Stipend;
    return given.word < ir::Word{payment - (pays ? stipend : 0)} ? Gas::Little : Gas::Any;
}

}  // namespace

// --- the end of a frame ---

void Flow::end_frame(std::uint32_t index, const State& state, const std::vector<Known>& results) {
    const Frame& frame = *frames_[nodes_[index]->frame];
    if (frame.caller != Frame::none && frame.is_outer && std::ranges::any_of(results, &Known::is_answer)) heed_answer(index);
    if (frame.is_outer) return end_call(index, state);
    for (const Frame::Place& place : frame.places()) {
        Frame& caller = *frames_[place.frame];
        const ir::Instruction& call = caller.function->blocks[place.block].instructions[place.at - 1];
        std::vector<Known>& held = caller.results[call.result.index];
        held.resize(results.size());
        for (std::size_t i = 0; i < results.size(); ++i) {
            const Known joined = common(held[i], results[i]);
            changed_ = changed_ || !(joined == held[i]);
            held[i] = joined;
        }
        set(caller, call.result, nothing_known());
        State behind = state;
        if (!frame.again.empty()) behind.forget_values();
        go_to(index, place.frame, place.block, place.at, behind);
    }
}

void Flow::end_call(std::uint32_t index, const State& state) {
    const Frame* frame = frames_[nodes_[index]->frame].get();
    while (!frame->is_outer) frame = frames_[frame->caller].get();
    for (const Frame::Place& place : frame->places()) {
        if (place.frame == Frame::none) {
            nodes_[index]->ends = true;
            continue;
        }
        const ir::Function& caller = *frames_[place.frame]->function;
        const ir::ExternalCall& call = caller.blocks[place.block].terminator.call;
        State behind = state;
        if (!frame->again.empty()) behind.forget_values();
        jump(index, place.frame, call.next, std::vector<Known>(results_of(caller, call), nothing_known()), behind);
    }
}

// Whether somebody in the scope goes on after a failure of the frame: then it tells more than that everything is undone.
bool Flow::is_survived(std::uint32_t index) const {
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open{index};
    while (!open.empty()) {
        const Frame& frame = *frames_[open.back()];
        if (!seen.insert(open.back()).second) {
            open.pop_back();
            continue;
        }
        open.pop_back();
        for (const Frame::Place& place : frame.places()) {
            if (place.frame == Frame::none) continue;
            open.push_back(place.frame);
            if (!frame.is_outer) continue;
            const ir::ExternalCall& call = frames_[place.frame]->function->blocks[place.block].terminator.call;
            if ((call.kind != CallKind::Method || call.tries) && !fails_hard(*frames_[place.frame]->function, call))
                return true;
        }
    }
    return false;
}

// Where somebody in the scope goes on after a failure, what was undone still shows in whether it failed, and in what it said.
void Flow::end_undone(std::uint32_t index) {
    std::vector<std::uint32_t> open{nodes_[index]->frame};
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    while (!open.empty()) {
        const Frame* frame = frames_[open.back()].get();
        open.pop_back();
        while (!frame->is_outer) frame = frames_[frame->caller].get();
        for (const Frame::Place& place : frame->places()) {
            if (place.frame == Frame::none || !seen.emplace(place.frame, place.block).second) continue;
            const ir::ExternalCall& call = frames_[place.frame]->function->blocks[place.block].terminator.call;
            if (call.kind == CallKind::Method && !call.tries) {
                open.push_back(place.frame);
                continue;
            }
            const auto next = node_at_.find({place.frame, call.next.block, 0});
            if (next != node_at_.end()) nodes_[index]->next.insert(next->second);
        }
    }
}

// --- calls ---

bool Flow::is_without_data(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call) const {
    switch (call.kind) {
        case CallKind::Send:
        case CallKind::Transfer: return true;
        case CallKind::LowLevel:
        case CallKind::LowLevelStatic:
        case CallKind::LowLevelDelegate: {
            const Known data = get(frame, state, index, call.arguments[0]);
            return data.kind == Kind::Text && data.text->empty();
        }
        case CallKind::Raw: {
            constexpr std::size_t size_operand = 4;
            if (call.opcode != vm::Opcode::CALL) return false;
            const Known size = get(frame, state, index, call.arguments.data()[size_operand]);
            return size.is_constant() && size.word.is_zero();
        }
        case CallKind::Method:
        case CallKind::Create: return false;
    }
    return false;
}

// Returns the entries of the contract that the call may reach, if the contract is its target.
std::vector<Entry> Flow::receivers(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call,
                                   std::uint32_t target) const {
    const ir::Contract& caller = *code_.contracts.at(frame.entry.contract);
    const ir::Contract& contract = *code_.contracts.at(target);
    const std::optional<std::uint32_t> selector = is_by_bytes(call)
                                                      ? selector_in(get(frame, state, index, call.arguments.front()))
                                                      : ir::selector_of(caller, *frame.function, call);
    const bool is_empty = is_without_data(frame, state, index, call);
    std::vector<Entry> plain, fallback, receive;
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i) {
        const ir::Function& function = contract.functions[i];
        if (function.kind == ir::FunctionKind::Fallback) fallback.push_back({target, i});
        else if (function.kind == ir::FunctionKind::Receive) receive.push_back({target, i});
        else if (is_plain_entry(function) && !is_empty && (!selector || function.selector == *selector))
            plain.push_back({target, i});
    }
    if (is_empty) return receive.empty() ? fallback : receive;
    if (selector) return plain.empty() ? fallback : plain;
    plain.insert(plain.end(), fallback.begin(), fallback.end());
    plain.insert(plain.end(), receive.begin(), receive.end());
    return plain;
}

// Any contract of the scope may be the target that nobody knows. A payment without data concerns only who gets it.
void Flow::note_hits(std::uint32_t index, const State& state, const ir::ExternalCall& call) {
    Node& node = *nodes_[index];
    const Frame& frame = *frames_[node.frame];
    if (is_without_data(frame, state, node.frame, call)) return;
    survives_hits_ |= !fails_hard(*frame.function, call) || is_survived(node.frame);
    for (std::uint32_t target = 0; target < code_.contracts.size(); ++target) {
        const std::vector<Entry> entries = receivers(frame, state, node.frame, call, target);
        for (const Entry& entry : entries)
            if (code_.function(entry).kind != ir::FunctionKind::Fallback || entries.size() > 1)
                (call.kind == CallKind::LowLevel && only_tells(code_.function(entry)) ? node.site.told : node.site.hits)
                    .insert(entry);
    }
}

void Flow::call_known(std::uint32_t index, const State& state, const ir::Terminator& terminator, std::uint32_t target,
                      bool as_caller) {
    const Node& node = *nodes_[index];
    const std::uint32_t frame_index = node.frame, block = node.block;
    const Frame& frame = *frames_[frame_index];
    const bool is_own = target == frame.entry.contract;
    const auto at = static_cast<std::uint32_t>(frame.function->blocks[block].instructions.size() + 1);
    for (const Entry& entry : receivers(frame, state, frame_index, terminator.call, target)) {
        Known sender = of_kind(is_own ? Kind::Self : caller_ == Caller::Sister ? Kind::Sister : Kind::Bits);
        if (sender.kind == Kind::Sister) sender.number = frame.entry.contract;
        if (as_caller) sender = frame.sender;
        const std::uint32_t called = frame_of(frame_index, block, at, entry, sender, true);
        Frame& inner = *frames_[called];
        for (const ir::Parameter& parameter : inner.function->blocks.front().parameters)
            set(inner, parameter.value, nothing_known());
        enter(index, called, state);
    }
    const ir::ExternalCall& call = terminator.call;
    if (call.kind == CallKind::Method && !call.tries) return;
    jump(index, frame_index, call.next, std::vector<Known>(results_of(*frame.function, call), nothing_known()), state);
}

void Flow::call_out(std::uint32_t index, State& state, const ir::Terminator& terminator) {
    Node& node = *nodes_[index];
    const std::uint32_t frame_index = node.frame;
    const Frame& frame = *frames_[frame_index];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    const ir::ExternalCall& call = terminator.call;
    const vm::Opcode opcode = ir::opcode_of(contract, call);
    const bool is_creation = opcode == vm::Opcode::CREATE || opcode == vm::Opcode::CREATE2;
    const bool is_raw = call.kind == CallKind::Raw;
    const auto known = [&](ir::Value value) { return get(frame, state, frame_index, value); };
    std::vector<ir::Value> used(call.arguments.begin(), call.arguments.end());
    for (const ir::Value value : {call.target, call.value, call.gas, call.salt})
        if (value) used.push_back(value);
    if (std::ranges::any_of(used, [&](ir::Value value) { return known(value).kind == Kind::Never; })) return;

    if (std::ranges::any_of(used, [&](ir::Value value) { return known(value).is_answer; })) heed_answer(index);

    const Known target = is_creation ? nothing_known() : known(is_raw ? call.arguments.data()[1] : call.target);
    Known value = constant_of(ir::Word{});
    if (call.value) value = known(call.value);
    else if (is_raw && is_creation) value = known(call.arguments.data()[0]);
    else if (is_raw && opcode == vm::Opcode::CALL) value = known(call.arguments.data()[2]);
    if (has_little_gas_) {
        const bool is_surely_paid = value.is_constant()
                                        ? !value.word.is_zero()
                                        : call.value && state.positive.contains({frame_index, call.value.index});
        if (is_creation || is_surely_paid) return end_undone(index);  // that costs more
        value = constant_of(ir::Word{});
    }
    const bool is_foreign = ir::runs_foreign_code(contract, call);
    const bool pays = is_foreign || !(value.is_constant() && value.word.is_zero());
    std::vector<Known> results(results_of(*frame.function, call), nothing_known());
    const Area world{Area::Kind::World, 0, 0, {}, {}, {}, 0, 32};
    std::optional<std::uint32_t> in_scope;
    if (target.kind == Kind::Made) in_scope = target.number;
    if (target.kind == Kind::Self) in_scope = frame.entry.contract;

    // Own code, as whoever called: what came with that call is not paid again.
    if (opcode == vm::Opcode::DELEGATECALL && target.kind == Kind::Self)
        return call_known(index, state, terminator, *in_scope, true);
    if (is_foreign) {
        const auto kind = target.kind == Kind::Sister ? std::optional(target.number) : in_scope;
        if (!kind || !is_stateless(*code_.contracts.at(*kind))) throw NotCovered{"delegatecall", terminator.range};
        node.call_footprint.sends = true;
        node.call_footprint.sends_soft = true;
    } else if (in_scope) {
        if (pays) node.call_footprint.sends = node.call_footprint.sends_soft = node.call_footprint.receives = true;
        return call_known(index, state, terminator, *in_scope, false);
    }
    // What a sister made for itself has nothing in common with the scope.
    if (target.kind == Kind::Sister && opcode == vm::Opcode::CALL && code_.leaves.contains(target.number)) {
        if (pays) node.call_footprint.sends = node.call_footprint.sends_soft = true;
        return jump(index, frame_index, call.next, results, state);
    }
    const bool is_asked = opcode == vm::Opcode::STATICCALL && asks_for_a_number(contract, call);
    if (target.kind == Kind::Role) (is_asked ? asked_ : called_).insert(target.area);
    if (opcode == vm::Opcode::STATICCALL) {
        const bool is_steady = target.kind == Kind::Role && code_.oracles.contains(target.area);
        if (is_steady) node.asked.insert(target.area);
        else node.call_footprint.accesses.emplace(asks_for_owners(contract, call) ? owners_area() : world, Access::Read);
        note_hits(index, state, call);
        return jump(index, frame_index, call.next, results, state);
    }
    if (pays) {
        node.call_footprint.sends = true;
        node.call_footprint.sends_soft |= !fails_hard(*frame.function, call) || is_survived(frame_index);
    }
    // Whoever has no code cannot call back.
    if (opcode == vm::Opcode::CALL && target.is_who_called && state.is_codeless)
        return jump(index, frame_index, call.next, results, state);
    const bool is_payment = !is_creation && is_without_data(frame, state, frame_index, call);
    if (!is_payment) {
        if (!is_raw && !is_creation) mark_answers(*frame.function, call, results);
        if (is_survived(frame_index) || (is_raw && !is_creation && uses_results(contract, *frame.function, call)))
            node.call_footprint.accesses.emplace(world, Access::Read);
        std::vector<Known> arguments;
        if (call.kind == CallKind::Method)
            for (const ir::Value each : call.arguments) arguments.push_back(known(each));
        const std::optional<std::uint32_t> selector = is_by_bytes(call) ? selector_in(known(call.arguments.front()))
                                                                        : ir::selector_of(contract, *frame.function, call);
        const std::optional<Access> moved =
            is_creation || is_foreign || pays ? std::nullopt : token_access(selector, arguments);
        if (moved) node.call_footprint.accesses.emplace(tokens_area(), *moved);
        else node.call_footprint.accesses.emplace(world, Access::Write);
        if (is_creation) node.call_footprint.accesses.emplace(code_area(), Access::Write);
        else if (!is_foreign) note_hits(index, state, call);
    }
    if (call.kind == CallKind::Create && code_.quiet.contains(contract.creates.at(call.creates)))
        return jump(index, frame_index, call.next, results, state);
    CallSite& site = node.site;
    node.is_site = true;
    site.range = terminator.range;
    site.pays = pays;
    site.has_data = !is_payment;
    site.creates = is_creation;
    const bool is_raw_call = is_raw && opcode == vm::Opcode::CALL;
    site.gas = gas_of(
        call, call.gas || is_raw_call ? known(is_raw_call ? call.arguments.data()[0] : call.gas) : nothing_known(), pays);
    site.is_of_role = is_payment && target.kind == Kind::Role;
    if (site.is_of_role) site.role = target.area;
    state.facts = survivors_(state.facts, site.gas, site.hits, state.given);
    site.given = state.given;
    site.held = state.facts;
    jump(index, frame_index, call.next, results, state);
}

}  // namespace interlock::analyzer::prover
