// What the IR says about itself: names in the ABI, signatures, and the order of blocks.
#include "lang/ir.hpp"

#include <algorithm>
#include <string_view>

#include "lang/ir_walk.hpp"

namespace interlock::lang::ir {

std::string abi_name(const Type& type) {
    switch (type.kind) {
        case TypeKind::Bool: return "bool";
        case TypeKind::Uint: return "uint" + std::to_string(type.bits);
        case TypeKind::Int: return "int" + std::to_string(type.bits);
        case TypeKind::Address: return "address";
        case TypeKind::FixedBytes: return "bytes" + std::to_string(type.bits / 8);
        case TypeKind::Enum: return "uint8";
        case TypeKind::Bytes: return "bytes";
        case TypeKind::String: return "string";
        case TypeKind::Integer: return "integer";
        case TypeKind::Data: return "data";
    }
    return {};
}

std::string abi_name(const NamedType& named) {
    if (named.type.kind != TypeKind::Data) return named.data.empty() ? abi_name(named.type) : named.data;
    constexpr std::string_view tuple = "tuple";
    if (!named.data.starts_with(tuple)) return named.data;
    std::string text = "(";
    for (const NamedType& field : named.fields) {
        if (&field != &named.fields.front()) text += ',';
        text += abi_name(field);
    }
    return text + ')' + named.data.substr(tuple.size());
}

std::string Function::signature() const {
    std::string text = name + '(';
    for (const NamedType& parameter : parameters) {
        if (&parameter != &parameters.front()) text += ',';
        text += abi_name(parameter);
    }
    return text + ')';
}

bool has_effect(vm::Opcode opcode) {
    using enum vm::Opcode;
    switch (opcode) {
        case MSTORE: case MSTORE8: case MCOPY: case CALLDATACOPY: case CODECOPY: case EXTCODECOPY: case RETURNDATACOPY:
        case STOP: case RETURN: case REVERT: case INVALID: case LOG0: case LOG1: case LOG2: case LOG3: case LOG4: return true;
        default: return reaches_state(opcode);
    }
}

bool reaches_state(vm::Opcode opcode) {
    using enum vm::Opcode;
    switch (opcode) {
        case SSTORE: case TSTORE: case SELFDESTRUCT: case CALL: case CALLCODE: case DELEGATECALL: case CREATE: case CREATE2: return true;
        default: return false;
    }
}

std::vector<Type> result_types(const Contract& contract, const ExternalCall& call) {
    std::vector<Type> types;
    if (call.tries) types = {bool_type, bytes_type};
    switch (call.kind) {
        case ExternalCall::Kind::Method:
            for (const NamedType& result : contract.methods.at(call.method).returns) types.push_back(result.type);
            break;
        case ExternalCall::Kind::LowLevel:
        case ExternalCall::Kind::LowLevelStatic:
        case ExternalCall::Kind::LowLevelDelegate: types = {bool_type, bytes_type}; break;
        case ExternalCall::Kind::Send: types = {bool_type}; break;
        case ExternalCall::Kind::Transfer: break;
        case ExternalCall::Kind::Create: types.push_back(address_type); break;
        case ExternalCall::Kind::Raw: types = {uint256_type}; break;
    }
    return types;
}

std::vector<BlockIndex> reverse_postorder(const std::vector<Block>& blocks) {
    struct Visit {
        BlockIndex block;
        std::vector<BlockIndex> successors;
        std::size_t next = 0;
    };
    std::vector<BlockIndex> order;
    std::vector<bool> seen(blocks.size());
    std::vector<Visit> path;
    const auto enter = [&](BlockIndex block) {
        seen[block] = true;
        Visit visit{block, {}};
        for_each_jump(blocks[block].terminator, [&](const Jump& jump) { visit.successors.push_back(jump.block); });
        // The last successor is walked first, so that in the reversed order the first comes first.
        std::reverse(visit.successors.begin(), visit.successors.end());
        path.push_back(std::move(visit));
    };
    if (!blocks.empty()) enter(0);
    while (!path.empty()) {
        Visit& visit = path.back();
        if (visit.next == visit.successors.size()) {
            order.push_back(visit.block);
            path.pop_back();
        } else if (const BlockIndex successor = visit.successors[visit.next++]; !seen[successor]) {
            enter(successor);
        }
    }
    std::reverse(order.begin(), order.end());
    return order;
}

}  // namespace interlock::lang::ir
