// Names of IR elements in the ABI, signatures, and the order of blocks.
#include "lang/ir/ir.hpp"

#include <algorithm>
#include <string_view>

#include "lang/ir/walk.hpp"

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

namespace {

std::size_t successors_of(const Terminator& terminator) {
    std::size_t count = 0;
    for_each_jump(terminator, [&](const Jump&) { ++count; });
    return count;
}

BlockIndex successor_of(const Terminator& terminator, std::size_t n) {
    if (terminator.kind == Terminator::Kind::External) return terminator.call.next.block;
    return n == 0 ? terminator.then.block : terminator.otherwise.block;
}

}  // namespace

std::vector<BlockIndex> reverse_postorder(const std::vector<Block>& blocks) {
    if (blocks.size() == 1) return {0};
    struct Visit {
        BlockIndex block;
        std::size_t left;  // unvisited successors; the last comes first, so that the reversed order begins with the first
    };
    std::vector<BlockIndex> order;
    order.reserve(blocks.size());
    std::vector<bool> seen(blocks.size());
    std::vector<Visit> path;
    path.reserve(blocks.size());
    const auto enter = [&](BlockIndex block) {
        seen[block] = true;
        path.push_back({block, successors_of(blocks[block].terminator)});
    };
    if (!blocks.empty()) enter(0);
    while (!path.empty()) {
        Visit& visit = path.back();
        if (visit.left == 0) {
            order.push_back(visit.block);
            path.pop_back();
        } else if (const BlockIndex successor = successor_of(blocks[visit.block].terminator, --visit.left);
                   !seen[successor]) {
            enter(successor);
        }
    }
    std::reverse(order.begin(), order.end());
    return order;
}

}  // namespace interlock::lang::ir
