// The part of a Flow in which control leaves the scope.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

namespace {

void mark_answers(const ir::Function& function, const ir::ExternalCall& call, std::vector<Known>& results) {
    const auto& parameters = function.blocks.at(call.next.block).parameters;
    for (std::size_t i = 0; i < results.size(); ++i)
        results[i].is_answer = is_answer(parameters.at(call.next.arguments.size() + i).type);
}

}  // namespace

// Whether what a call in assembly answers may be looked at where it is not followed.
bool Flow::answers_unseen(const ir::Contract& contract, State& state, std::uint32_t frame,
                          const ir::ExternalCall& call) const {
    const ir::Method* method = ir::method_of(contract, call);
    if (method && !method->returns.empty())
        return !frames_[frame]->shape->followed.contains(&call) &&
               std::ranges::any_of(method->returns, [](const ir::NamedType& each) { return is_answer(each.type); });
    return !leaves_answer_in_scratch(state, frame, call);
}

// Whether all variables of the code lie where the contract has the same ones: bases that both have come first.
bool Flow::shares_layout(const ir::Contract& code, std::uint32_t host) const {
    const ir::Contract& own = *code_.contracts.at(host);
    for (std::size_t i = 0; i < code.state.size(); ++i) {
        const ir::StateVariable& variable = code.state[i];
        if (variable.is_immutable) continue;
        if (i >= own.state.size()) return false;
        const ir::StateVariable& other = own.state[i];
        if (other.is_immutable || other.slot != variable.slot || other.offset != variable.offset) return false;
        const ir::StorageType &type = code.storage_types.at(variable.type), &others = own.storage_types.at(other.type);
        if (type.name != others.name || type.slots != others.slots) return false;
    }
    return true;
}

// Returns the one contract of the scope that has the function, and its variables where the host has them.
std::optional<std::uint32_t> Flow::module_for(std::uint32_t host, std::optional<std::uint32_t> selector) const {
    std::optional<std::uint32_t> module;
    for (std::uint32_t i = 0; i < code_.contracts.size(); ++i) {
        const ir::Contract& contract = *code_.contracts[i];
        const bool has_it = selector && std::ranges::any_of(contract.functions, [&](const ir::Function& each) {
                                return is_plain_entry(each) && each.selector == *selector;
                            });
        if (!has_it || i == host || contract.is_interface || contract.is_library || contract.is_opaque) continue;
        if (module || !shares_layout(contract, host)) return std::nullopt;
        module = i;
    }
    return module;
}

void Flow::call_out(std::uint32_t index, State& state, const ir::Terminator& terminator) {
    Node& node = *nodes_[index];
    const std::uint32_t frame_index = node.frame;
    const Frame& frame = *frames_[frame_index];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    const ir::ExternalCall& call = terminator.call;
    vm::Opcode opcode = ir::opcode_of(contract, call);
    const bool is_creation = opcode == vm::Opcode::CREATE || opcode == vm::Opcode::CREATE2;
    const bool is_raw = call.kind == CallKind::Raw;
    const auto known = [&](ir::Value value) { return get(frame, state, frame_index, value); };
    std::vector<ir::Value> used(call.arguments.begin(), call.arguments.end());
    for (const ir::Value value : {call.target, call.value, call.gas, call.salt})
        if (value) used.push_back(value);
    if (std::ranges::any_of(used, [&](ir::Value value) { return known(value).kind == Kind::Never; })) return;

    if (std::ranges::any_of(used, [&](ir::Value value) { return known(value).is_answer; }) ||
        (sends_answer(state, frame_index, call) && !is_without_data(frame, state, frame_index, call)))
        heed_answer(index);

    const Known target = is_creation ? nothing_known() : known(is_raw ? call.arguments.data()[1] : call.target);
    const bool looks = opcode == vm::Opcode::CALL && only_looks(frame, call);
    if (looks && is_trusted_to_look(frame, state, frame_index, call, target)) opcode = vm::Opcode::STATICCALL;
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
    calls_back_ |= target.is_who_called && opcode == vm::Opcode::CALL;
    std::optional<std::uint32_t> in_scope;
    if (target.kind == Kind::Made) in_scope = target.number;
    if (target.kind == Kind::Self) in_scope = frame.storage;

    const bool has_code = is_creation || !has_no_code(frame_index, state, is_raw ? call.arguments.data()[1] : call.target);
    if (!in_scope && opcode != vm::Opcode::STATICCALL) close_marks(state);
    // Own code, as whoever called: what came with that call is not paid again.
    if (opcode == vm::Opcode::DELEGATECALL && target.kind == Kind::Self)
        return call_known(index, state, terminator, *in_scope, true);
    if (is_foreign) {
        auto kind = target.kind == Kind::Sister ? std::optional(target.number) : in_scope;
        if (!kind && opcode == vm::Opcode::DELEGATECALL && target.kind == Kind::Role) {
            kind = module_for(frame.storage, selector_of(frame, state, frame_index, call));
            if (kind) modules_.emplace(target.area, *kind);
        }
        if (kind && opcode == vm::Opcode::DELEGATECALL && shares_layout(*code_.contracts.at(*kind), frame.storage))
            return call_known(index, state, terminator, *kind, true);
        throw NotCovered{"delegatecall", terminator.range};
    }
    if (in_scope) {
        if (pays) {
            node.call_footprint.sends = node.call_footprint.sends_soft = node.call_footprint.receives = true;
            node.call_footprint.purses.add({{}, {frame.storage}, {*in_scope}});
        }
        return call_known(index, state, terminator, *in_scope, false);
    }
    // What a sister made for itself has nothing in common with the scope.
    const auto is_leaf = [&](const Entry& entry) { return code_.leaves.contains(entry); };
    if (target.kind == Kind::Sister && opcode == vm::Opcode::CALL &&
        std::ranges::all_of(receivers(frame, state, frame_index, call, target.number), is_leaf)) {
        if (pays) {
            node.call_footprint.sends = node.call_footprint.sends_soft = true;
            node.call_footprint.purses.paying.insert(frame.storage);
        }
        return jump(index, frame_index, call.next, results, state);
    }
    // Who was made there is one more of the kind, whose state others can come to as well.
    const auto offspring = is_creation ? std::nullopt : kind_of_made(contract, call, target);
    if (offspring) {
        Area kept = state_of_sister(*offspring);
        if (target.kind == Kind::Fresh) kept.made_by = by_creation;
        node.call_footprint.accesses.emplace(kept, opcode == vm::Opcode::STATICCALL ? Access::Read : Access::Write);
    }
    const bool is_fresh = offspring && is_of_leaf(index, state, call, *offspring);
    if (pays) {
        // A stranger is no contract of the scope, nor is who deployed them, nor what was just made.
        const bool is_outside = target.kind == Kind::Caller || target.kind == Kind::Fresh ||
                                (target.kind == Kind::Role && code_.owners.contains(target.area));
        node.call_footprint.purses.add(
            {{}, {frame.storage}, is_outside ? std::set<std::uint32_t>{} : takers_but(frame.storage)});
    }
    // It may pay whoever takes it.
    if (is_fresh && !std::ranges::all_of(receivers(frame, state, frame_index, call, *offspring), is_leaf)) {
        node.call_footprint.receives = true;
        node.call_footprint.purses.add({{}, {}, takers_but(Frame::none)});
    }
    relies_on_clones_ |= is_fresh && target.is_clone;
    if (is_fresh && opcode == vm::Opcode::CALL) {
        if (pays) node.call_footprint.sends = true;
        if (pays) node.call_footprint.sends_soft |= !fails_hard(contract, *frame.function, call) || is_survived(frame_index);
        if (is_raw) (void)leaves_answer_in_scratch(state, frame_index, call);
        return jump(index, frame_index, call.next, results, state);
    }
    if (is_fresh && opcode == vm::Opcode::STATICCALL) return jump(index, frame_index, call.next, results, state);
    const bool is_asked = opcode == vm::Opcode::STATICCALL && asks_for_a_number(contract, call);
    if (target.kind == Kind::Role) (is_asked ? asked_ : called_).insert(target.area);
    if (target.kind == Kind::AnyRole) called_.insert(roles_read_.begin(), roles_read_.end());
    if (opcode == vm::Opcode::STATICCALL) {
        const bool is_steady = target.kind == Kind::Role && code_.oracles.contains(target.area);
        if (is_steady) node.asked.insert(target.area);
        note_asked(index, state, call, is_steady);
        node.site.only_asks = !is_steady && !is_fresh && !(target.is_constant() && target.word <= last_reserved);
        node.site.range = terminator.range;
        node.site.has_data = true;
        node.site.held = state.facts;
        node.site.given = state.given;
        if (!is_fresh) note_hits(index, state, call);
        return jump(index, frame_index, call.next, results, state);
    }
    if (pays) {
        node.call_footprint.sends = true;
        node.call_footprint.sends_soft |= !fails_hard(contract, *frame.function, call) || is_survived(frame_index);
    }
    // Whoever has no code cannot call back, nor can a precompile.
    const bool is_precompile = target.is_constant() && !target.word.is_zero() && target.word <= last_reserved;
    if (opcode == vm::Opcode::CALL && (is_precompile || !has_code || (target.is_who_called && state.is_codeless)))
        return jump(index, frame_index, call.next, results, state);
    const bool is_payment = !is_creation && is_without_data(frame, state, frame_index, call);
    if (is_payment && is_raw) (void)leaves_answer_in_scratch(state, frame_index, call);
    if (looks) {
        note_asked(index, state, call, false);
        note_hits(index, state, call);
    } else if (!is_payment) {
        if (!is_raw && !is_creation) mark_answers(*frame.function, call, results);
        const bool is_heeded = is_raw && !is_creation && answers_unseen(contract, state, frame_index, call);
        if (is_survived(frame_index) || is_heeded) node.call_footprint.accesses.emplace(world, Access::Read);
        const std::optional<std::uint32_t> selector = selector_of(frame, state, frame_index, call);
        const bool is_of_stranger = target.kind != Kind::Role && target.kind != Kind::AnyRole &&
                                    target.kind != Kind::Sister && !target.is_constant();
        const bool is_telling = call.kind == CallKind::Method && selector && frame.shape->tellings.contains(*selector);
        const bool only_tells = is_of_stranger && (is_telling || tells_borrower(selector)) && is_of_nobody(*selector) &&
                                !is_survived(frame_index);
        std::set<Access> moved;
        if (!is_creation && !pays)
            moved =
                token_moves(selector, arguments_of(frame, state, frame_index, call), moves_amounts(code_, contract, call));
        // One of a kind, of whatever collection was named, goes out: that is but told.
        if (only_tells) moved.erase(Access::GiveOne);
        if (!moved.empty()) note_tokens_moved(index, state, call);
        node.call_footprint.makes_tokens |= !moved.empty() && makes_tokens(selector);
        const bool tells = !is_creation && !pays && tells_receiver(selector);
        relies_on_tellings_ |= only_tells && moved.empty() && !tells;
        for (const Access each : moved) node.call_footprint.accesses.emplace(tokens_area(), each);
        const bool makes_quietly = call.kind == CallKind::Create && code_.quiet.contains(contract.creates.at(call.creates));
        if (tells) node.call_footprint.accesses.emplace(receivers_area(), Access::Add);
        else if (moved.empty() && !only_tells && !makes_quietly)
            node.call_footprint.accesses.emplace(
                world, code_.alone.contains(frames_.front()->entry) && !selector ? Access::Leave : Access::Write);
        if (is_creation) node.call_footprint.accesses.emplace(code_area(), Access::Write);
        else note_hits(index, state, call);
    }
    const bool is_clone = is_raw && is_creation && code_.cloners.contains(frame.entry.contract);
    relies_on_clones_ |= is_clone;
    if (is_creation && !call.tries) results.at(0) = made_by(index, call, is_clone);
    if (is_clone || (call.kind == CallKind::Create && code_.quiet.contains(contract.creates.at(call.creates))))
        return jump(index, frame_index, call.next, results, state);
    if (const ir::Contract* token = opcode == vm::Opcode::CALL && !is_payment && !pays
                                        ? quiet_token(target, selector_of(frame, state, frame_index, call))
                                        : nullptr) {
        quiet_tokens_.emplace(target.area, token->name);
        return jump(index, frame_index, call.next, results, state);
    }
    const bool may_be_trusted = opcode == vm::Opcode::CALL && !is_payment;
    const bool constructs = frames_.front()->function->kind == ir::FunctionKind::Constructor;
    const bool may_be_wallet = is_payment && opcode == vm::Opcode::CALL && target.kind == Kind::Role;
    code_.calls_trusted |= may_be_trusted && !constructs && (target.kind == Kind::Role || written_out(target).has_value());
    code_.calls_trusted |= may_be_wallet && !constructs;
    if (may_be_trusted && code_.trusts_callees && is_trusted(frame, state, frame_index, call, target, pays))
        return jump(index, frame_index, call.next, results, state);
    // Nobody puts a contract into its own variable for another one.
    const auto own = target.area.contract == frame.storage ? std::optional(frame.storage) : std::nullopt;
    if (may_be_wallet && code_.trusts_callees && is_wallet_of_owner(target.area) &&
        !may_enter_callers(frame, state, frame_index, call, own)) {
        trusted_wallets_.insert(target.area);
        if (own && !receivers(frame, state, frame_index, call, *own).empty()) node.elsewhere.insert(target.area);
        return jump(index, frame_index, call.next, results, state);
    }
    CallSite& site = node.site;
    node.is_site = true;
    site.range = terminator.range;
    site.pays = pays;
    site.purse = frame.storage;
    site.has_data = !is_payment;
    site.only_looks = looks;
    if (!node.call_footprint.makes_tokens) site.moves = node.call_footprint.only_move();
    site.creates = is_creation;
    const bool is_raw_call = is_raw && opcode == vm::Opcode::CALL;
    site.gas = gas_of(
        call, call.gas || is_raw_call ? known(is_raw_call ? call.arguments.data()[0] : call.gas) : nothing_known(), pays);
    site.is_of_role = is_payment && target.kind == Kind::Role;
    if (site.is_of_role) site.role = target.area;
    if (is_payment) site.written_out = written_out(target);
    site.is_named = !is_foreign && !is_creation && is_named(frame_index, is_raw ? call.arguments.data()[1] : call.target);
    state.facts = survivors_(state.facts, site.gas, site.hits, state.given);
    site.given = state.given;
    site.held = state.facts;
    jump(index, frame_index, call.next, results, state);
}

// What is asked there: who owns tokens, how many there are, or anything else.
void Flow::note_asked(std::uint32_t index, const State& state, const ir::ExternalCall& call, bool is_steady) {
    Node& node = *nodes_[index];
    const Frame& frame = *frames_[node.frame];
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    if (!asks_for_holdings(contract, call)) {
        const Area asked =
            asks_for_owners(contract, call) ? owners_area() : Area{Area::Kind::World, 0, 0, {}, {}, {}, 0, 32};
        if (!is_steady) node.call_footprint.accesses.emplace(asked, Access::Read);
        return;
    }
    const std::vector<Known> of = arguments_of(frame, state, node.frame, call);
    const bool is_own = of.size() == 1 && of[0].kind == Kind::Self;
    const auto weighed = frame.shape->weighed_tokens.find(&call);
    const bool is_weighed = is_own && weighed != frame.shape->weighed_tokens.end() && !is_survived(node.frame);
    const Access access = is_weighed ? weighed->second : Access::Read;
    if (is_steady || note_tokens_asked(index, state, call, access)) return;
    node.call_footprint.accesses.emplace(tokens_area(), access);
    node.call_footprint.counts_others |= !is_own;
}

// The contracts of the scope that take ether from whoever pays. What one pays to itself stays where it is.
std::set<std::uint32_t> Flow::takers_but(std::uint32_t payer) const {
    const auto takes = [](const ir::Function& each) { return each.is_entry && each.mutability == ir::Mutability::Payable; };
    std::set<std::uint32_t> takers;
    for (std::uint32_t i = 0; i < code_.contracts.size(); ++i)
        if (i != payer && (code_.contracts[i]->is_opaque || std::ranges::any_of(code_.contracts[i]->functions, takes)))
            takers.insert(i);
    return takers;
}

Purses Flow::every_purse() const {
    Purses all;
    for (std::uint32_t i = 0; i < code_.contracts.size(); ++i) all.add({{i}, {i}, {i}});
    return all;
}

}  // namespace interlock::analyzer::prover
