#include "lang/lower/builtins.hpp"

#include <array>

#include "lang/lower/builtin_members.hpp"
#include "lang/lower/encodings.hpp"
#include "lang/lower/expressions.hpp"
#include "lang/lower/external_calls.hpp"
#include "lang/lower/failures.hpp"
#include "lang/lower/literals.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

Result Builtins::new_array(ExprId id) {
    const SourceRange range = tree_[id].range;
    const ir::Value count = value(arguments_of(id).at(0), ir::uint256_type);
    const TypeId type = info(id).type;
    return Results(*this).result_of(
        {type, {}, Reference{DataLocation::Memory, type, data(range).new_array(type, count), {}, {}}});
}

// Lowers push(), push(x) and pop() of arrays and bytes in storage.
Result Builtins::array_member_call(ExprId id, Builtin builtin) {
    const SourceRange range = tree_[id].range;
    const ExprId base = tree_[callee(id)].a;
    const TypeId type = info(base).type;
    const bool is_bytes = data::is_byte_string(program_, type);
    DataBuilder at = data(range);
    const Reference array = reference_of(read(expression(base), range), type, range);
    if (builtin == Builtin::ArrayPop) {
        is_bytes ? at.pop_byte(array) : at.pop(array);
        return {};
    }
    const auto& arguments = arguments_of(id);
    const TypeId element = is_bytes ? info(callee(id)).type : program_[type].value;
    if (arguments.empty()) {
        if (!is_bytes) return at.push(array);
        const TypeId byte = info(id).type;
        const ir::Value last = at.length(array);
        at.push_byte(array, at.word(0));
        return at.byte(array, last, byte, false);
    }
    if (is_bytes) {
        at.push_byte(array, value(arguments[0], ir::Type{ir::TypeKind::FixedBytes, 8}));
        if (contract_.has(rule::push_gives_length)) return at.length(array);
        return {};
    }
    const ir::Value free = contract_.counts_memory() && is_text(arguments[0]) ? at.free_memory() : ir::Value{};
    const Result given = evaluate(arguments[0]);
    if (given.kind == Result::Kind::Fields && data::holds_mapping(program_, element)) {
        push_fields(at.push(array), given, range);
        return at.length(array);
    }
    const TypeId given_type = contract_.types.is_value(element) ? element : context_type(arguments[0]);
    Datum datum = Results(*this).datum_of(given, given_type, range);
    at.to_storage(at.push(array), datum);
    if (free) at.set_free_memory(free);
    if (contract_.has(rule::push_gives_length)) return at.length(array);
    return {};
}

// Stores a struct that was just made without its mappings, as older dialects do.
void Builtins::push_fields(const Reference& to, const Result& made, SourceRange range) {
    DataBuilder at = data(range);
    std::size_t next = 0;
    const std::vector<VariableId>& fields = contract_.types.fields_of(to.type);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const TypeId type = program_[fields[i]].type;
        if (program_[type].kind == TypeKind::Mapping) continue;
        at.to_storage(at.field(to, i), Results(*this).datum_of(made.parts.at(next++), type, range));
    }
}

Result Builtins::builtin_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    const Builtin builtin = builtin_of(id);
    switch (builtin) {
        case Builtin::Require:
        case Builtin::Assert: return Failures(*this).require(id);
        case Builtin::Revert: {
            if (arguments_of(id).empty()) {
                Failures(*this).revert({}, {}, range);
                return {};
            }
            Failures(*this).revert_with(arguments_of(id).front(), range);
            return {};
        }
        case Builtin::AddressCall: return ExternalCalls(*this).low_level_call(id, ir::ExternalCall::Kind::LowLevel);
        case Builtin::AddressStaticCall:
            return ExternalCalls(*this).low_level_call(id, ir::ExternalCall::Kind::LowLevelStatic);
        case Builtin::AddressDelegateCall:
            return ExternalCalls(*this).low_level_call(id, ir::ExternalCall::Kind::LowLevelDelegate);
        case Builtin::AddressCallCode: return ExternalCalls(*this).call_code(id);
        case Builtin::AddressSend: return ExternalCalls(*this).pay(id, ir::ExternalCall::Kind::Send);
        case Builtin::AddressTransfer: return ExternalCalls(*this).pay(id, ir::ExternalCall::Kind::Transfer);
        case Builtin::GasLeft: return BuiltinMembers(*this).environment(ir::Op::GasLeft, ir::uint256_type, range);
        case Builtin::BlockHash:
            return builder_.op(ir::Op::BlockHash, ir::bytes32_type, {value(arguments_of(id).at(0), ir::uint256_type)},
                               range);
        case Builtin::Wrap:
        case Builtin::Unwrap: return variables_.forget_word(value(arguments_of(id).at(0), type_of(id)), range);
        case Builtin::Keccak256: return hash(id, ir::Op::Keccak, ir::bytes32_type, range);
        case Builtin::Sha256: return hash(id, ir::Op::Sha256, ir::bytes32_type, range);
        case Builtin::Ripemd160: return hash(id, ir::Op::Ripemd160, {ir::TypeKind::FixedBytes, 160}, range);
        case Builtin::EcRecover: return recover(id);
        case Builtin::AddMod: return modular(id, ir::Op::AddMod);
        case Builtin::MulMod: return modular(id, ir::Op::MulMod);
        case Builtin::BlobHash:
            return builder_.op(ir::Op::BlobHash, ir::bytes32_type, {value(arguments_of(id).at(0), ir::uint256_type)}, range);
        case Builtin::BytesConcat: return Encodings(*this).concat(id, ir::bytes_type);
        case Builtin::StringConcat: return Encodings(*this).concat(id, ir::string_type);
        case Builtin::AbiEncode:
        case Builtin::AbiEncodePacked:
        case Builtin::AbiEncodeWithSelector:
        case Builtin::AbiEncodeWithSignature: return Encodings(*this).abi_encode(id, builtin);
        case Builtin::AbiEncodeCall: return Encodings(*this).encode_call(id);
        case Builtin::AbiDecode: return Encodings(*this).decode_call(id);
        case Builtin::NewArray: return new_array(id);
        case Builtin::SelfDestruct: {
            const ir::Value heir = value(arguments_of(id).at(0), ir::address_type);
            data(range).end(vm::Opcode::SELFDESTRUCT, {data(range).raw(heir)});
            return {};
        }
        case Builtin::ArrayPush:
        case Builtin::ArrayPop: return array_member_call(id, builtin);
        default: unsupported("this built-in function is not supported yet", range);
    }
}

ir::Value Builtins::hash(ExprId call, ir::Op op, const ir::Type& type, SourceRange range) {
    const std::vector<ExprId>& given = arguments_of(call);
    const bool is_one =
        given.size() == 1 && (is_text(given.front()) || data::is_byte_string(program_, context_type(given.front())));
    if (contract_.has(rule::arguments_are_packed) && !is_one) {
        DataBuilder at = data(range);
        const ir::Value packed = at.bytes_of_encoding(Expressions(*this).data_of(given), {}, true);
        return builder_.op(op, type, {at.as(packed, ir::bytes_type)}, range);
    }
    const ExprId bytes = given.at(0);
    const bool is_keccak = op == ir::Op::Keccak;
    if (is_keccak && is_text(bytes))
        return builder_.op(op, type, {Literals(*this).text(tree_[inner(bytes)].text, ir::bytes_type, range)}, range);
    if (contract_.counts_memory() && !mode_.specification && is_text(bytes)) return hash_of_text(bytes, op, type, range);
    return builder_.op(
        op, type, {is_keccak ? value(bytes, ir::bytes_type) : Expressions(*this).unbounded(bytes, ir::bytes_type)}, range);
}

// Hashes the text in free memory without allocating any.
ir::Value Builtins::hash_of_text(ExprId bytes, ir::Op op, const ir::Type& type, SourceRange range) {
    const std::vector<Datum> passed = Expressions(*this).data_of({bytes});
    DataBuilder at = data(range);
    const ir::Value start = at.free_memory();
    const ir::Value size = at.sub(at.encode_packed(passed, start), start);
    const bool is_sha256 = op == ir::Op::Sha256;
    ir::ExternalCall call;
    call.kind = ir::ExternalCall::Kind::Raw;
    call.opcode = vm::Opcode::STATICCALL;
    call.arguments = {at.evm(vm::Opcode::GAS), at.word(is_sha256 ? 2 : 3), start, size, at.word(0), at.word(32)};
    const ir::Value ok = builder_.external(std::move(call), {ir::uint256_type}, range).front();
    ir::Failure forward;
    forward.kind = ir::Failure::Kind::Forward;
    at.require(at.truth(ok), forward);
    const ir::Value word = at.mload(at.word(0));
    return at.as(is_sha256 ? word : at.shl(word, at.word(96)), type);
}

// Lowers addmod and mulmod. The modulus is checked after all arguments have been evaluated.
ir::Value Builtins::modular(ExprId id, ir::Op op) {
    const SourceRange range = tree_[id].range;
    ir::Values operands;
    for (const ExprId argument : arguments_of(id)) operands.push_back(value(argument, ir::uint256_type));
    ir::Instruction not_zero;
    not_zero.op = ir::Op::Guard;
    const ir::Value zero = builder_.zero(ir::uint256_type, range);
    not_zero.operands = {builder_.op(ir::Op::NotEqual, ir::bool_type, {operands.at(2), zero}, range)};
    not_zero.failure.kind = ir::Failure::Kind::Panic;
    not_zero.failure.panic_code = 0x12;
    not_zero.range = range;
    builder_.effect(std::move(not_zero));
    return builder_.op(op, ir::uint256_type, std::move(operands), range);
}

ir::Value Builtins::recover(ExprId id) {
    const std::vector<ExprId>& written = arguments_of(id);
    const std::array<ir::Type, 4> types{ir::bytes32_type, ir::Type{ir::TypeKind::Uint, 8}, ir::bytes32_type,
                                        ir::bytes32_type};
    ir::Values operands;
    for (std::size_t i = 0; i < types.size(); ++i) operands.push_back(value(written.at(i), types[i]));
    return builder_.op(ir::Op::EcRecover, ir::address_type, std::move(operands), tree_[id].range);
}

}  // namespace interlock::lang::lowering
