#include "analyzer/prover/lists.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/struct_copies.hpp"
#include "analyzer/prover/uses.hpp"
#include "analyzer/prover/visitors.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// What one push does: it reads the length, makes it one more, and writes where the length leads, also in what it calls.
using Push = std::set<const ir::Instruction*>;

// Follows what is made of a length, or of an address that a length led to.
class PushOf {
  public:
    PushOf(const ir::Contract& contract, const ir::Function& function)
        : contract_(contract), uses_(function), made_by_(makers_of(function)) {}

    // Nothing if the length that is loaded is used for anything else.
    std::optional<Push> of_length(const ir::Instruction& load) {
        push_ = {&load};
        made_of_it_.clear();
        grows_ = 0;
        return follow_all(load.result, &load, 0) && grows_ == 1 ? std::optional(push_) : std::nullopt;
    }

  private:
    // The same of an address that an internal function is given, which returns nothing.
    std::optional<Push> of_address(ir::Value address, unsigned depth) {
        return uses_.function.returns.empty() && follow_all(address, nullptr, depth) ? std::optional(push_) : std::nullopt;
    }

    bool follow_all(ir::Value from, const ir::Instruction* length, unsigned depth) {
        std::vector<ir::Value> open{from};
        std::set<const ir::Instruction*> stores;
        while (!open.empty()) {
            const ir::Value value = open.back();
            open.pop_back();
            if (!made_of_it_.insert(value.index).second) continue;
            for (const Uses::User& user : uses_.users.at(value.index)) {
                if (!user.instruction || !follow(*user.instruction, value, depth)) return false;
                if (is_evm(*user.instruction, vm::Opcode::SSTORE)) stores.insert(user.instruction);
                else if (user.instruction->result && user.instruction->op != Op::InternalCall)
                    open.push_back(user.instruction->result);
            }
        }
        return std::ranges::all_of(stores, [&](const ir::Instruction* store) { return is_sound(*store, length); });
    }

    // Whether it does nothing but to compute, or to look after the list.
    bool follow(const ir::Instruction& user, ir::Value value, unsigned depth) {
        constexpr unsigned most_calls = 3;
        if (user.op == Op::Guard || is_evm(user, vm::Opcode::SSTORE)) return true;
        if (is_evm(user, vm::Opcode::SLOAD)) {
            push_.insert(&user);
            return true;
        }
        if (user.op == Op::InternalCall) {
            const ir::Function& callee = contract_.functions.at(user.callee);
            const auto position = static_cast<std::size_t>(std::ranges::find(user.operands, value) - user.operands.begin());
            if (depth >= most_calls) return false;
            // Bytes lie at the slot that it is given, or where the hash of that leads.
            if (copies_bytes(callee) && position == 0) {
                take_whole(callee);
                push_.insert(&user);
                return true;
            }
            auto inside =
                PushOf(contract_, callee).of_address(callee.blocks.front().parameters.at(position).value, depth + 1);
            if (!inside) return false;
            push_.merge(*inside);
            push_.insert(&user);
            return true;
        }
        return user.result && !ir::reads_of(user).intersects(vm::state_regions) && ir::writes_of(user).empty();
    }

    void take_whole(const ir::Function& function) {
        for (const ir::Function* each : with_callees(contract_, {&function}))
            for (const ir::Block& block : each->blocks)
                for (const ir::Instruction& step : block.instructions)
                    if (step.op == Op::InternalCall || is_evm(step, vm::Opcode::SLOAD) || is_evm(step, vm::Opcode::SSTORE))
                        push_.insert(&step);
    }

    // A store of one more as the length, or of anything where the length leads.
    bool is_sound(const ir::Instruction& store, const ir::Instruction* length) {
        push_.insert(&store);
        if (made_of_it_.contains(store.operands[0].index)) return true;
        const ir::Instruction* sum = made_by_.at(store.operands[1].index);
        if (!length || store.operands[0] != length->operands[0] || !sum || sum->op != Op::Add) return false;
        ++grows_;
        return (sum->operands[0] == length->result && constant_in(made_by_, sum->operands[1]) == ir::Word{1}) ||
               (sum->operands[1] == length->result && constant_in(made_by_, sum->operands[0]) == ir::Word{1});
    }

    const ir::Contract& contract_;
    const Uses uses_;
    const Makers made_by_;
    Push push_;
    std::set<std::uint32_t> made_of_it_;
    unsigned grows_ = 0;
};

std::vector<Push> pushes_of(const ir::Contract& contract, const ir::Function& function) {
    std::vector<Push> pushes;
    std::optional<PushOf> following;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (!is_evm(each, vm::Opcode::SLOAD)) continue;
            if (!following) following.emplace(contract, function);
            if (auto push = following->of_length(each)) pushes.push_back(std::move(*push));
        }
    return pushes;
}

// Leaves what pushes alone do: a function that one of them calls, and others do as well, may write anywhere. Of views it does not.
void drop_what_others_do(const ir::Contract& contract, Push& pushing) {
    std::vector<const ir::Function*> roots;
    for (const ir::Function& each : contract.functions)
        if (each.kind == ir::FunctionKind::Constructor || (each.is_entry && !only_views(each))) roots.push_back(&each);
    const std::set<const ir::Function*> acting = with_callees(contract, std::move(roots));
    for (std::size_t before = pushing.size() + 1; before != pushing.size();) {
        before = pushing.size();
        std::set<std::uint32_t> called, called_otherwise;
        for (const ir::Function* function : acting)
            for (const ir::Block& block : function->blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::InternalCall)
                        (pushing.contains(&each) ? called : called_otherwise).insert(each.callee);
        for (const std::uint32_t function : called)
            if (called_otherwise.contains(function))
                for (const ir::Block& block : contract.functions.at(function).blocks)
                    for (const ir::Instruction& each : block.instructions) pushing.erase(&each);
    }
}

// Returns all pushes of the contract, without those of which a part does something else, too.
std::vector<Push> pushes_of(const ir::Contract& contract) {
    std::vector<Push> pushes;
    for (const ir::Function& function : contract.functions)
        std::ranges::move(pushes_of(contract, function), std::back_inserter(pushes));
    Push pushing;
    for (const Push& push : pushes) pushing.insert(push.begin(), push.end());
    drop_what_others_do(contract, pushing);
    std::erase_if(pushes, [&](const Push& push) { return !std::ranges::includes(pushing, push); });
    return pushes;
}

}  // namespace

std::set<const ir::Instruction*> find_listing(const CodeInScope& code) {
    std::vector<Push> pushes;
    std::set<Area> named;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        std::ranges::move(pushes_of(*code.contracts[at]), std::back_inserter(pushes));
        for (const ir::Function& function : code.contracts[at]->functions) {
            if (function.is_entry && only_views(function)) continue;
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::Load || each.op == Op::Store || each.op == Op::Clear)
                        named.insert(area_of(*code.contracts[at], at, each.place));
        }
    }
    if (pushes.empty()) return {};
    const auto is_pushing = [&](const ir::Instruction* each) {
        return std::ranges::any_of(pushes, [&](const Push& push) { return push.contains(each); });
    };
    std::set<Area> others = std::move(named);
    std::map<const ir::Instruction*, std::set<Area>> places;
    for (const Entry& entry : entries_of(code)) {
        if (only_views(code.function(entry))) continue;
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        for (const auto& [instruction, areas] : flow.by_slot())
            (is_pushing(instruction) ? places[instruction] : others).insert(areas.begin(), areas.end());
    }
    // Of a list at which somebody looks, or that is changed otherwise, no push counts.
    for (bool changed = true; changed;) {
        changed = false;
        std::erase_if(pushes, [&](const Push& push) {
            const bool is_seen = std::ranges::any_of(push, [&](const ir::Instruction* each) {
                return std::ranges::any_of(places[each], [&](const Area& place) {
                    return std::ranges::any_of(others, [&](const Area& other) { return overlap(place, other); });
                });
            });
            if (!is_seen) return false;
            for (const ir::Instruction* each : push) others.insert(places[each].begin(), places[each].end());
            return changed = true;
        });
    }
    std::set<const ir::Instruction*> listing;
    for (const Push& push : pushes) listing.insert(push.begin(), push.end());
    return listing;
}

// A field of an element that is raised by one is no length of such an array.
std::set<const ir::Instruction*> find_pushing(const CodeInScope& code) {
    if (code.growing.empty()) return {};
    std::map<const ir::Instruction*, std::set<Area>> places;
    for (const Entry& entry : entries_of(code)) {
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        for (const auto& [instruction, areas] : flow.by_slot()) places[instruction].insert(areas.begin(), areas.end());
    }
    const auto writes_length = [&](const ir::Instruction* each) {
        const auto found = places.find(each);
        return is_evm(*each, vm::Opcode::SSTORE) && found != places.end() &&
               std::ranges::all_of(found->second, [&](const Area& area) { return code.growing.contains(area); });
    };
    std::set<const ir::Instruction*> pushing;
    for (const ir::Contract* contract : code.contracts)
        for (const Push& push : pushes_of(*contract))
            if (std::ranges::any_of(push, writes_length)) pushing.insert(push.begin(), push.end());
    return pushing;
}

std::set<std::pair<std::uint32_t, std::uint32_t>> find_appended(const CodeInScope& code) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, Area> appended;  // with the area of the elements
    for (std::uint32_t at = 0; at < code.contracts.size() && !code.growing.empty(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        for (std::uint32_t i = 0; i < contract.state.size(); ++i)
            if (code.growing.contains(area_of(contract, at, {i, {}})))
                appended[{at, i}] = {Area::Kind::Entries, at, i, {}, contract.state[i].slot, {}, 0, 32};
    }
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        for (const ir::Function& function : code.contracts[at]->functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::Store || each.op == Op::Clear) appended.erase({at, each.place.variable});
    for (const Entry& entry : entries_of(code)) {
        if (appended.empty()) break;
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        for (const auto& [instruction, areas] : flow.by_slot()) {
            if (instruction->opcode != vm::Opcode::SSTORE || code.pushing.contains(instruction)) continue;
            std::erase_if(appended, [&written = areas](const auto& each) {
                return std::ranges::any_of(written, [&](const Area& area) { return overlap(area, each.second); });
            });
        }
    }
    std::set<std::pair<std::uint32_t, std::uint32_t>> arrays;
    for (const auto& [array, elements] : appended) arrays.insert(array);
    return arrays;
}

}  // namespace interlock::analyzer::prover
