#include "analyzer/explorer/traits.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/system/environment.hpp"
#include "lang/ir/effects.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

// What tokens call on those who get them.
constexpr std::uint32_t receiving[] = {
    0xc0ee0b8a,  // tokenFallback(address,uint256,bytes), ERC-223
    0xa4c0ed36,  // onTokenTransfer(address,uint256,bytes), ERC-677
    0x0023de29,  // tokensReceived(address,address,address,uint256,bytes,bytes), ERC-777
    0x88a7ca5c,  // onTransferReceived(address,address,uint256,bytes), ERC-1363
    0x150b7a02,  // onERC721Received(address,address,uint256,bytes)
    0xf23a6e61,  // onERC1155Received(address,address,uint256,uint256,bytes)
    0xbc197c81,  // onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)
};

// What those call on tokens who move some.
constexpr std::uint32_t moving[] = {
    token_selector::transfer_from,
    0x42842e0e,  // safeTransferFrom(address,address,uint256)
    0xb88d4fde,  // safeTransferFrom(address,address,uint256,bytes)
    0xf242432a,  // safeTransferFrom(address,address,uint256,uint256,bytes)
};

}  // namespace

bool tells_of_tokens(std::uint32_t selector) { return std::ranges::count(receiving, selector) != 0; }

namespace {

// Returns whether the function calls functions with one of these selectors, or begins call data with one.
bool calls_one_of(const ir::Contract& contract, const ir::Function& function, std::span<const std::uint32_t> selectors) {
    const auto is_one = [&](std::optional<std::uint32_t> selector) {
        return selector && std::ranges::find(selectors, *selector) != selectors.end();
    };
    return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
        const ir::Terminator& end = block.terminator;
        return (end.kind == ir::Terminator::Kind::External && is_one(ir::selector_of(contract, function, end.call))) ||
               std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) { return is_one(each.selector); });
    });
}

bool moves_tokens(const ir::Contract& contract, std::uint32_t function, std::set<std::uint32_t>& seen) {
    if (!seen.insert(function).second) return false;
    const ir::Function& code = contract.functions[function];
    if (calls_one_of(contract, code, moving)) return true;
    return std::ranges::any_of(code.blocks, [&](const ir::Block& block) {
        return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
            return each.op == ir::Op::InternalCall && moves_tokens(contract, each.callee, seen);
        });
    });
}

}  // namespace

bool calls_one_of(const ir::Contract& contract, std::span<const std::uint32_t> selectors) {
    return std::ranges::any_of(contract.functions,
                               [&](const ir::Function& function) { return calls_one_of(contract, function, selectors); });
}

bool expects_tokens(const ir::Contract& contract) {
    constexpr std::uint32_t asking[] = {token_selector::balance_of};
    return is_told_of_tokens(contract) || calls_one_of(contract, asking);
}

bool is_told_of_tokens(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [](const ir::Function& function) {
        return function.is_entry && std::ranges::find(receiving, function.selector) != std::end(receiving);
    });
}

bool creates_from_bytes(const ir::Contract& contract) {
    const auto does = [](const ir::Block& block) {
        const ir::Terminator& end = block.terminator;
        return end.kind == ir::Terminator::Kind::External && end.call.kind == ir::ExternalCall::Kind::Raw &&
               (end.call.opcode == vm::Opcode::CREATE || end.call.opcode == vm::Opcode::CREATE2);
    };
    return std::ranges::any_of(contract.functions,
                               [&](const ir::Function& function) { return std::ranges::any_of(function.blocks, does); });
}

bool asks_who_began(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
                return each.op == ir::Op::Origin || (each.op == ir::Op::Evm && each.opcode == vm::Opcode::ORIGIN);
            });
        });
    });
}

bool asks_for_plain_accounts(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
                const bool is_raw =
                    each.op == ir::Op::Evm && (each.opcode == vm::Opcode::EXTCODESIZE || each.opcode == vm::Opcode::ORIGIN);
                return is_raw || each.op == ir::Op::CodeLength || each.op == ir::Op::Origin;
            });
        });
    });
}

bool delegates_in_functions(const ir::Contract& contract) {
    const auto does = [](const ir::Block& block) {
        const ir::Terminator& end = block.terminator;
        return end.kind == ir::Terminator::Kind::External &&
               (end.call.kind == ir::ExternalCall::Kind::LowLevelDelegate ||
                (end.call.kind == ir::ExternalCall::Kind::Raw && end.call.opcode == vm::Opcode::DELEGATECALL));
    };
    return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
        return function.kind == ir::FunctionKind::Ordinary && std::ranges::any_of(function.blocks, does);
    });
}

bool carries_calls(const ir::Contract& contract) {
    const auto is_written_out = [](const ir::Function& function, ir::Value data) {
        return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
                return each.op == ir::Op::Literal && each.result == data;
            });
        });
    };
    return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
            const ir::Terminator& end = block.terminator;
            return end.kind == ir::Terminator::Kind::External && end.call.kind == ir::ExternalCall::Kind::LowLevel &&
                   !ir::selector_of(contract, function, end.call) && !is_written_out(function, end.call.arguments[0]);
        });
    });
}

bool recovers_signers(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
            return std::ranges::any_of(block.instructions,
                                       [](const ir::Instruction& each) { return each.op == ir::Op::EcRecover; });
        });
    });
}

bool multiplies_and_divides(const ir::Contract& contract) {
    const auto has = [&](ir::Op op) {
        return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
            return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
                return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) { return each.op == op; });
            });
        });
    };
    return has(ir::Op::Mul) && has(ir::Op::Div);
}

bool has_opcode(vm::ByteView code, vm::Opcode opcode) {
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] == static_cast<std::uint8_t>(opcode)) return true;
        if (code[i] >= static_cast<std::uint8_t>(vm::Opcode::PUSH1) &&
            code[i] <= static_cast<std::uint8_t>(vm::Opcode::PUSH32))
            i += code[i] - static_cast<std::uint8_t>(vm::Opcode::PUSH1) + 1u;
    }
    return false;
}

bool moves_tokens(const ir::Contract& contract) { return calls_one_of(contract, moving); }

bool moves_tokens(const ir::Contract& contract, std::uint32_t function) {
    std::set<std::uint32_t> seen;
    return moves_tokens(contract, function, seen);
}

namespace {

// What the function does with the result of a comparison, or with its opposite.
bool only_has_to_fail(const ir::Function& function, ir::Value result, bool when) {
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& each : block.instructions) {
            if (std::ranges::find(each.operands, result) == each.operands.end()) continue;
            if (each.op == ir::Op::Not) return only_has_to_fail(function, each.result, !when);
            return each.op == ir::Op::Guard && !when;
        }
        const ir::Terminator& end = block.terminator;
        if (end.kind != ir::Terminator::Kind::Branch || end.condition != result) continue;
        const ir::BlockIndex next = (when ? end.then : end.otherwise).block;
        return function.blocks[next].terminator.kind == ir::Terminator::Kind::Revert;
    }
    return false;
}

bool may_be_zero(const ir::Contract& contract, const ir::Function& function, ir::Value value, int depth) {
    constexpr int most_depth = 3;
    std::set<std::uint32_t> zeros;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == ir::Op::Constant && each.word.is_zero()) zeros.insert(each.result.index);
            const auto at = std::ranges::find(each.operands, value);
            if (at == each.operands.end()) continue;
            if (each.op == ir::Op::Equal || each.op == ir::Op::NotEqual) {
                const ir::Value other = each.operands[at == each.operands.begin() ? 1 : 0];
                if (zeros.contains(other.index) && !only_has_to_fail(function, each.result, each.op == ir::Op::Equal))
                    return true;
            }
            if (each.op != ir::Op::InternalCall || depth == most_depth) continue;
            const ir::Function& callee = contract.functions.at(each.callee);
            const auto position = static_cast<std::size_t>(at - each.operands.begin());
            const auto& parameters = callee.blocks.front().parameters;
            if (position < parameters.size() && may_be_zero(contract, callee, parameters[position].value, depth + 1))
                return true;
        }
    return false;
}

}  // namespace

std::vector<vm::Word> hashed_names(const ir::Contract& contract) {
    std::vector<vm::Word> hashes;
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks) {
            std::map<std::uint32_t, const std::string*> names;  // by value
            for (const ir::Instruction& each : block.instructions) {
                if (each.op == ir::Op::Literal && each.data.find('(') == std::string::npos)  // signatures are no names
                    names[each.result.index] = &each.data;
                if (each.op != ir::Op::Keccak || !names.contains(each.operands[0].index)) continue;
                const std::string& name = *names.at(each.operands[0].index);
                const vm::Bytes bytes(name.begin(), name.end());
                const vm::Word hash = vm::word_from_big_endian(vm::ByteView(vm::keccak256(bytes)));
                if (std::ranges::count(hashes, hash) == 0) hashes.push_back(hash);
            }
        }
    return hashes;
}

std::set<std::uint32_t> variables_for_nobody(const ir::Contract& contract) {
    std::set<std::uint32_t> variables;
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if ((each.op == ir::Op::Load || each.op == ir::Op::LoadImmutable) && each.place.steps.empty() &&
                    each.type.kind == ir::TypeKind::Address && may_be_zero(contract, function, each.result, 0))
                    variables.insert(each.place.variable);
    return variables;
}

bool may_be_nobody(const ir::Contract& contract, const ir::Function& function, std::size_t parameter) {
    if (function.blocks.empty()) return false;
    const auto& parameters = function.blocks.front().parameters;
    return parameters.size() == function.parameters.size() &&
           may_be_zero(contract, function, parameters.at(parameter).value, 0);
}

}  // namespace interlock::analyzer
