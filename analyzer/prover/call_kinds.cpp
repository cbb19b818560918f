#include "analyzer/prover/call_kinds.hpp"

#include <algorithm>
#include <array>

#include "analyzer/prover/code_scope.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

std::size_t results_of(const ir::Function& function, const ir::ExternalCall& call) {
    return function.blocks.at(call.next.block).parameters.size() - call.next.arguments.size();
}

bool is_answer(const ir::Type& type) {
    return type.kind != ir::TypeKind::Bool && !(type.kind == ir::TypeKind::FixedBytes && type.bits == 32);
}

bool is_by_bytes(const ir::ExternalCall& call) {
    return call.kind == CallKind::LowLevel || call.kind == CallKind::LowLevelStatic ||
           call.kind == CallKind::LowLevelDelegate;
}

namespace {

constexpr std::uint32_t transfer = 0xa9059cbb, transfer_from = 0x23b872dd, approve = 0x095ea7b3, owner_of = 0x6352211e,
                        mint = 0x40c10f19, burn = 0x42966c68, burn_of = 0x9dc29fac, burn_from = 0x79cc6790;

template <class Returns>
bool answers_truth(const Returns& returns) {
    return returns.size() == 1 && returns[0].type.kind == ir::TypeKind::Bool;
}

}  // namespace

bool declare_amounts(const std::vector<const ir::Contract*>& contracts) {
    bool is_declared = false;
    for (const ir::Contract* contract : contracts) {
        if (contract->is_interface) continue;
        for (const ir::Method& each : contract->methods) {
            if (each.selector != transfer_from) continue;
            if (!answers_truth(each.returns)) return false;
            is_declared = true;
        }
    }
    return is_declared;
}

std::set<std::string> collections_of(const std::vector<const ir::Contract*>& contracts) {
    const auto tells_owner = [](const auto& each) { return each.selector == owner_of; };
    std::set<std::string> names;
    for (const ir::Contract* contract : contracts)
        if (std::ranges::any_of(contract->functions, tells_owner) ||
            (contract->is_interface && std::ranges::any_of(contract->methods, tells_owner)))
            names.insert(contract->name);
    return names;
}

bool moves_amounts(const CodeInScope& code, const ir::Contract& contract, const ir::ExternalCall& call) {
    const ir::Method* method = ir::method_of(contract, call);
    return method ? answers_truth(method->returns) : code.declares_amounts;
}

bool makes_tokens(std::optional<std::uint32_t> selector) {
    return selector == mint || selector == burn || selector == burn_of || selector == burn_from;
}

std::set<Access> token_moves(std::optional<std::uint32_t> selector, const std::vector<Known>& arguments, bool are_amounts) {
    constexpr std::uint32_t safe_transfer_from = 0x42842e0e, safe_transfer_from_with_data = 0xb88d4fde, send = 0x9bd9bbc6;
    if (selector == transfer || selector == send) return {Access::Subtract};
    if (makes_tokens(selector)) {
        const bool is_own = selector == burn || (!arguments.empty() && arguments[0].kind == Kind::Self);
        return {(selector == mint) == is_own ? Access::Add : Access::Subtract};
    }
    const bool comes =
        selector == transfer_from || selector == safe_transfer_from || selector == safe_transfer_from_with_data;
    if (!comes || arguments.size() < 3) return {};
    const bool is_of_it = arguments[0].kind == Kind::Self, is_for_it = arguments[1].kind == Kind::Self;
    if (is_for_it && !is_of_it) return {Access::Add};
    if (is_of_it && !is_for_it) return {Access::GiveOne};
    if (selector == transfer_from && are_amounts) return {Access::Add, Access::Subtract};
    return {};
}

bool only_moves_tokens(std::optional<std::uint32_t> selector) {
    return selector == transfer || selector == transfer_from || selector == approve;
}

bool moves_from_account(std::optional<std::uint32_t> selector) { return selector == transfer_from; }

bool tells_receiver(std::optional<std::uint32_t> selector) {
    switch (selector.value_or(0)) {
        case 0x150b7a02:               // onERC721Received(address,address,uint256,bytes)
        case 0xf23a6e61:               // onERC1155Received(address,address,uint256,uint256,bytes)
        case 0xbc197c81:               // onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)
        case 0x0023de29:               // tokensReceived(address,address,address,uint256,bytes,bytes), ERC-777
        case 0x88a7ca5c:               // onTransferReceived(address,address,uint256,bytes), ERC-1363
        case 0xa4c0ed36:               // onTokenTransfer(address,uint256,bytes), ERC-677
        case 0xc0ee0b8a: return true;  // tokenFallback(address,uint256,bytes), ERC-223
        default: return false;
    }
}

bool tells_borrower(std::optional<std::uint32_t> selector) {
    return selector == 0x23e30c8b;  // onFlashLoan(address,address,uint256,uint256,bytes), ERC-3156
}

bool is_hook(std::optional<std::uint32_t> selector) {
    switch (selector.value_or(0)) {
        case 0x75ab9782:               // tokensToSend(address,address,address,uint256,bytes,bytes), ERC-777
        case 0x7b04a2d0:               // onApprovalReceived(address,uint256,bytes), ERC-1363
        case 0x8f4ffcb1:               // receiveApproval(address,uint256,address,bytes)
        case 0x920f5c84:               // executeOperation(address[],uint256[],uint256[],address,bytes)
        case 0x1b11d0ff:               // executeOperation(address,uint256,uint256,address,bytes)
        case 0xf04f2707:               // receiveFlashLoan(address[],uint256[],uint256[],bytes)
        case 0x10d1e85c: return true;  // uniswapV2Call(address,uint256,uint256,bytes)
        default: return tells_receiver(selector) || tells_borrower(selector);
    }
}

bool asks_for_owners(const ir::Contract& contract, const ir::ExternalCall& call) {
    const ir::Method* method = ir::method_of(contract, call);
    constexpr std::uint32_t get_approved = 0x081812fc, is_approved_for_all = 0xe985e9c5, royalty_info = 0x2a55205a,
                            supports_interface = 0x01ffc9a7, name = 0x06fdde03, symbol = 0x95d89b41, decimals = 0x313ce567,
                            owner = 0x8da5cb5b;
    constexpr std::array all{owner_of, get_approved, is_approved_for_all, royalty_info, supports_interface, name, symbol,
                             decimals, owner};
    return method && std::ranges::find(all, method->selector) != all.end();
}

bool asks_for_holdings(const ir::Contract& contract, const ir::ExternalCall& call) {
    const ir::Method* method = ir::method_of(contract, call);
    constexpr std::uint32_t balance_of = 0x70a08231, total_supply = 0x18160ddd, allowance = 0xdd62ed3e;
    return method && (method->selector == balance_of || method->selector == total_supply || method->selector == allowance);
}

bool always_answers(const ir::Contract& contract, std::uint32_t function) {
    using End = ir::Terminator::Kind;
    const auto comes_back = [&](const ir::Function* each) {
        std::vector<const ir::Function*> called;
        for (const ir::Block& block : each->blocks)
            for (const ir::Instruction& step : block.instructions)
                if (step.op == ir::Op::InternalCall) called.push_back(&contract.functions.at(step.callee));
        return with_callees(contract, std::move(called)).contains(each);
    };
    return std::ranges::all_of(with_callees(contract, {&contract.functions.at(function)}), [&](const ir::Function* each) {
        return !comes_back(each) && std::ranges::all_of(each->blocks, [](const ir::Block& block) {
            const End end = block.terminator.kind;
            return !block.is_loop_head && (end == End::Jump || end == End::Branch || end == End::Return) &&
                   std::ranges::all_of(block.instructions, [](const ir::Instruction& step) {
                       return step.op == ir::Op::InternalCall ||
                              (!ir::can_end_call(step) && !ir::writes_of(step).intersects(vm::state_regions));
                   });
        });
    });
}

bool only_tells(const ir::Function& function) {
    return function.mutability == ir::Mutability::View && function.blocks.size() == 1 &&
           function.blocks.front().terminator.kind == ir::Terminator::Kind::Return &&
           std::ranges::all_of(function.blocks.front().instructions, [](const ir::Instruction& each) {
               const bool reads = each.op == ir::Op::Load || each.op == ir::Op::LoadImmutable;
               return reads || each.op == ir::Op::Constant || each.op == ir::Op::Convert;
           });
}

bool asks_for_a_number(const ir::Contract& contract, const ir::ExternalCall& call) {
    constexpr std::uint32_t get_reserves = 0x0902f1ac;
    const ir::Method* method = ir::method_of(contract, call);
    if (!method || asks_for_holdings(contract, call) || method->selector == get_reserves) return false;
    // Who stands for somebody, and what somebody may do.
    const bool is_of_registry =
        method->returns.size() == 1 && !asks_for_owners(contract, call) &&
        (method->returns[0].type.kind == ir::TypeKind::Address || method->returns[0].type.kind == ir::TypeKind::Bool);
    return method->parameters.empty() || is_of_registry;
}

Gas gas_of(const ir::ExternalCall& call, const Known& given, bool pays) {
    constexpr std::uint64_t stipend = 2'300, payment = 9'000;
    if (ir::has_only_stipend(call)) return Gas::Stipend;
    if (!given.is_constant()) return Gas::Any;
    if (given.word.is_zero()) return Gas::Stipend;
    return given.word < ir::Word{payment - (pays ? stipend : 0)} ? Gas::Little : Gas::Any;
}

}  // namespace interlock::analyzer::prover
