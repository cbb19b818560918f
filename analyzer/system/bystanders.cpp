#include "analyzer/system/bystanders.hpp"

#include <algorithm>

#include "analyzer/bases.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/roles.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

// Calls the function with every block of the contract's functions, until it returns true. Returns whether it did.
template <class Predicate>
bool has_block(const ir::Contract& contract, const Predicate& is_it) {
    return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [&](const ir::Block& block) { return is_it(function, block); });
    });
}

bool is_call(const ir::Block& block) { return block.terminator.kind == ir::Terminator::Kind::External; }

bool holds_or_calls(const ir::Contract& contract) {
    const auto takes_ether = [](const ir::Function& function) {
        return function.is_entry && function.mutability == ir::Mutability::Payable;
    };
    const auto is_balance = [](const ir::Function& function) {
        return function.is_entry &&
               (function.selector == token_selector::balance_of || function.selector == token_selector::balance_of_id);
    };
    if (std::ranges::any_of(contract.functions, takes_ether) || std::ranges::any_of(contract.functions, is_balance))
        return true;
    return has_block(contract, [](const ir::Function&, const ir::Block& block) {
        return is_call(block) || std::ranges::any_of(block.instructions, [](const ir::Instruction& instruction) {
                   return ir::writes_of(instruction).intersects(vm::Regions(vm::Region::Accounts));
               });
    });
}

// Whether the contract makes such a call with data: the selector, as far as the source tells.
template <class Predicate>
bool makes_call(const ir::Contract& caller, const Predicate& is_it) {
    return has_block(caller, [&](const ir::Function& function, const ir::Block& block) {
        if (!is_call(block)) return false;
        const ir::ExternalCall& call = block.terminator.call;
        return call.kind != ir::ExternalCall::Kind::Create && !ir::has_no_data(function, call) &&
               is_it(ir::selector_of(caller, function, call));
    });
}

// `unknown`: whether a call of which the source does not tell the function may be one of any.
bool may_reach(const ir::Contract& caller, const ir::Contract& callee, bool unknown) {
    const auto answers = [&](std::uint32_t selector) {
        return std::ranges::any_of(callee.functions, [&](const ir::Function& function) {
            return function.is_entry && (function.selector == selector || function.kind == ir::FunctionKind::Fallback);
        });
    };
    return makes_call(caller, [&](const auto& selector) { return selector ? answers(*selector) : unknown; });
}

}  // namespace

bool may_call(const ir::Contract& caller, const ir::Contract& callee) { return may_reach(caller, callee, true); }

bool may_act_in(const ir::Contract& caller, const ir::Contract& callee) {
    return makes_call(caller, [&](const auto& selector) {
        return selector && std::ranges::any_of(callee.functions, [&](const ir::Function& function) {
                   return function.is_entry && function.selector == *selector &&
                          function.kind == ir::FunctionKind::Ordinary &&
                          (function.mutability == ir::Mutability::NonPayable ||
                           function.mutability == ir::Mutability::Payable);
               });
    });
}

bool may_call_one_of(const ir::Contract& caller, const std::set<std::uint32_t>& selectors) {
    if (selectors.empty() || caller.is_opaque) return !selectors.empty();
    const auto is_one = [&](const ir::Word& word) {
        return (word.fits_u64() && selectors.contains(static_cast<std::uint32_t>(word.low64()))) ||
               selectors.contains(static_cast<std::uint32_t>((word >> 224u).low64()));
    };
    const bool names_one = has_block(caller, [&](const ir::Function&, const ir::Block& block) {
        return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
            return (each.selector && selectors.contains(*each.selector)) ||
                   (each.op == ir::Op::Constant && is_one(each.word));
        });
    });
    const bool is_told = std::ranges::any_of(caller.functions, [](const ir::Function& function) {
        return function.is_entry && (function.kind == ir::FunctionKind::Fallback ||
                                     std::ranges::any_of(function.parameters, [](const ir::NamedType& each) {
                                         return each.type.kind == ir::TypeKind::Bytes ||
                                                each.type.kind == ir::TypeKind::Data;
                                     }));
    });
    return makes_call(caller,
                      [&](const auto& selector) { return selector ? selectors.contains(*selector) : names_one || is_told; });
}

bool is_spoken_for(const World& world, DeployedIndex index) {
    const DeployedContract& deployed = world.contract(index);
    return world.artifact_of(index) && std::ranges::any_of(world.contracts(), [&](const DeployedContract& other) {
               return other.artifact == deployed.artifact && other.address != deployed.address && !other.is_expected &&
                      world.contract_at(other.address) != &other;
           });
}

bool is_bystander(const World& world, DeployedIndex index) {
    if (!world.artifact_of(index)) return false;
    const DeployedContract& deployed = world.contract(index);
    const ir::Contract& contract = deployed.ir();
    if (contract.is_opaque || !contract.invariants.empty()) return false;
    const auto is_part_of = [&](const DeployedContract& other) { return is_base_of(contract, other.ir()); };
    const bool is_part = std::ranges::any_of(world.contracts(), is_part_of);
    if (holds_or_calls(contract) && !(is_part && only_moves_tokens(contract))) return false;
    return std::ranges::none_of(world.contracts(), [&](const DeployedContract& other) {
        return other.artifact != deployed.artifact &&
               (other.ir().is_opaque || (may_reach(other.ir(), contract, !is_part) && !only_moves_tokens(contract)));
    });
}

}  // namespace interlock::analyzer
