#include "lang/lower/builtin_members.hpp"

#include "lang/lower/encodings.hpp"
#include "lang/lower/literals.hpp"
#include "lang/lower/places.hpp"

namespace interlock::lang::lowering {

namespace {

struct Environment {
    Builtin builtin;
    ir::Op op;
    ir::Type type;
};

constexpr Environment environments[] = {
    {Builtin::MsgSender, ir::Op::Caller, ir::address_type},
    {Builtin::MsgValue, ir::Op::CallValue, ir::uint256_type},
    {Builtin::MsgData, ir::Op::CallData, ir::bytes_type},
    {Builtin::MsgSig, ir::Op::CallSelector, bytes4_type},
    {Builtin::TxOrigin, ir::Op::Origin, ir::address_type},
    {Builtin::TxGasPrice, ir::Op::GasPrice, ir::uint256_type},
    {Builtin::BlockNumber, ir::Op::BlockNumber, ir::uint256_type},
    {Builtin::BlockTimestamp, ir::Op::Timestamp, ir::uint256_type},
    {Builtin::BlockCoinbase, ir::Op::Coinbase, ir::address_type},
    {Builtin::BlockPrevRandao, ir::Op::PrevRandao, ir::uint256_type},
    {Builtin::BlockDifficulty, ir::Op::PrevRandao, ir::uint256_type},
    {Builtin::BlockGasLimit, ir::Op::GasLimit, ir::uint256_type},
    {Builtin::BlockBaseFee, ir::Op::BaseFee, ir::uint256_type},
    {Builtin::BlockChainId, ir::Op::ChainId, ir::uint256_type},
    {Builtin::BlockBlobBaseFee, ir::Op::BlobBaseFee, ir::uint256_type},
    {Builtin::This, ir::Op::This, ir::address_type},
    {Builtin::MsgGas, ir::Op::GasLeft, ir::uint256_type},
    {Builtin::GasLeft, ir::Op::GasLeft, ir::uint256_type},
};

const Environment* environment_of(Builtin builtin) {
    for (const Environment& each : environments) {
        if (each.builtin == builtin) return &each;
    }
    return nullptr;
}

}  // namespace

ir::Value BuiltinMembers::environment(ir::Op op, const ir::Type& type, SourceRange range) {
    return builder_.op(op, type, {}, range);
}

ir::Value BuiltinMembers::balance_of(ExprId account, SourceRange range) {
    ir::Instruction instruction;
    instruction.type = ir::uint256_type;
    instruction.at_entry = mode_.at_entry;
    instruction.range = range;
    instruction.op = is_this(account) ? ir::Op::SelfBalance : ir::Op::Balance;
    if (instruction.op == ir::Op::Balance) instruction.operands = {value(account, ir::address_type)};
    return builder_.emit(std::move(instruction));
}

Result BuiltinMembers::builtin_member(ExprId id) {
    const Expr& expr = tree_[id];
    const Builtin builtin = info(id).use.builtin;
    const Environment* found = environment_of(builtin);
    if (found && builtin != Builtin::MsgData) return environment(found->op, found->type, expr.range);
    switch (builtin) {
        case Builtin::AddressBalance: return balance_of(expr.a, expr.range);
        case Builtin::AddressCodeHash:
            return builder_.op(ir::Op::CodeHash, ir::bytes32_type, {value(expr.a, ir::address_type)}, expr.range);
        case Builtin::CodeLength:  // the length of account.code, without copying the code
            return builder_.op(ir::Op::CodeLength, ir::uint256_type, {value(tree_[inner(expr.a)].a, ir::address_type)},
                               expr.range);
        case Builtin::AddressCode: {
            DataBuilder at = data(expr.range);
            const ir::Value account = at.raw(value(expr.a, ir::address_type));
            const ir::Value size = at.evm(vm::Opcode::EXTCODESIZE, {account});
            const ir::Value code = at.allocate(at.add(at.round_up(size), 32));
            at.mstore(code, size);
            at.effect(vm::Opcode::EXTCODECOPY, {account, at.add(code, 32), at.word(0), size});
            return at.as(code, ir::bytes_type);
        }
        case Builtin::ArrayLength:
            if (info(inner(expr.a)).use.builtin == Builtin::AddressCode) {
                const ir::Value account = value(tree_[inner(expr.a)].a, ir::address_type);
                return builder_.op(ir::Op::CodeLength, ir::uint256_type, {account}, expr.range);
            }
            if (checked_type(expr.a).kind == TypeKind::FixedBytes) {
                (void)value(expr.a);
                return builder_.constant(type_of(id), checked_type(expr.a).bits / 8, expr.range);
            }
            return array_length(expr.a, expr.range);
        case Builtin::MsgData: {
            DataBuilder at = data(expr.range);
            return Reference{DataLocation::Calldata, info(id).type, at.word(0), at.calldatasize(), {}};
        }
        case Builtin::TypeCreationCode:
        case Builtin::TypeRuntimeCode: {
            const TypeId named = program_.type_names[tree_[inner(expr.a)].type.index];
            ir::Instruction code;
            code.op = ir::Op::ContractCode;
            code.type = ir::bytes_type;
            code.callee = contract_.interface.creates_index(program_[named].contract);
            code.number = builtin == Builtin::TypeRuntimeCode ? 1 : 0;
            code.range = expr.range;
            return builder_.emit(std::move(code));
        }
        case Builtin::FunctionAddress: {
            DataBuilder at = data(expr.range);
            const ir::Value bits = at.word(96);
            return at.as(at.shr(at.raw(value(expr.a)), bits), ir::address_type);
        }
        case Builtin::FunctionSelector:
            if (info(inner(expr.a)).use.meaning != Meaning::Function) {
                DataBuilder at = data(expr.range);
                const ir::Value bits = at.word(160);
                return at.as(at.shl(at.raw(value(expr.a)), bits), bytes4_type);
            }
            return Encodings(*this).selector_of_named(expr.a);
        case Builtin::TypeName: {
            const TypeId named = program_.type_names[tree_[inner(expr.a)].type.index];
            return Literals(*this).literal(tree_[program_[named].contract].name.text, ir::string_type, expr.range);
        }
        default: unsupported("this member is not supported yet", expr.range);
    }
}

// Lowers x.length of an array or a byte string. For bytes in memory it uses the operation that the prover knows.
ir::Value BuiltinMembers::array_length(ExprId array, SourceRange range) {
    const Result of = read(expression(array), range);
    if (of.kind == Result::Kind::Value) return builder_.op(ir::Op::BytesLength, ir::uint256_type, {of.value}, range);
    if (of.kind == Result::Kind::Place && data::is_byte_string(program_, info(array).type))
        return builder_.op(ir::Op::BytesLength, ir::uint256_type, {Places(*this).load(of.place, range)}, range);
    const Reference reference = reference_of(of, info(array).type, range);
    return data(range).length(reference);
}

}  // namespace interlock::lang::lowering
