// Lowers built-in functions and members: the call's environment, failures, hashes and encodings.
#include <algorithm>
#include <array>

#include "lang/abi/abi.hpp"
#include "lang/lower/function.hpp"

namespace interlock::lang::lowering {

namespace {

constexpr ir::Type bytes32_type{ir::TypeKind::FixedBytes, 256};
constexpr ir::Type bytes4_type{ir::TypeKind::FixedBytes, 32};

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
    {Builtin::GasLeft, ir::Op::GasLeft, ir::uint256_type},
};

const Environment* environment_of(Builtin builtin) {
    for (const Environment& each : environments) {
        if (each.builtin == builtin) return &each;
    }
    return nullptr;
}

}  // namespace

// --- members ---
ir::Value FunctionLowering::environment(ir::Op op, const ir::Type& type, SourceRange range) {
    return builder_.op(op, type, {}, range);
}

bool FunctionLowering::is_this(ExprId id) const {
    id = inner(id);
    if (tree_[id].kind == ExprKind::Call && info(id).call == CallForm::Conversion) return is_this(arguments_of(id).at(0));
    return tree_[id].kind == ExprKind::Name && info(id).use.builtin == Builtin::This;
}

ir::Value FunctionLowering::balance_of(ExprId account, SourceRange range) {
    ir::Instruction instruction;
    instruction.type = ir::uint256_type;
    instruction.at_entry = at_entry_;
    instruction.range = range;
    instruction.op = is_this(account) ? ir::Op::SelfBalance : ir::Op::Balance;
    if (instruction.op == ir::Op::Balance) instruction.operands = {value(account, ir::address_type)};
    return builder_.emit(std::move(instruction));
}

Result FunctionLowering::builtin_member(ExprId id) {
    const Expr& expr = tree_[id];
    const Builtin builtin = info(id).use.builtin;
    const Environment* found = environment_of(builtin);
    if (found && builtin != Builtin::MsgData) return environment(found->op, found->type, expr.range);
    switch (builtin) {
        case Builtin::AddressBalance: return balance_of(expr.a, expr.range);
        case Builtin::AddressCodeHash:
            return builder_.op(ir::Op::CodeHash, bytes32_type, {value(expr.a, ir::address_type)}, expr.range);
        case Builtin::CodeLength:  // the length of account.code, without copying the code
            return builder_.op(ir::Op::CodeLength, ir::uint256_type, {value(tree_[inner(expr.a)].a, ir::address_type)},
                               expr.range);
        case Builtin::AddressCode: {
            Data at = data(expr.range);
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
            Data at = data(expr.range);
            return Reference{DataLocation::Calldata, info(id).type, at.word(0), at.calldatasize(), {}};
        }
        case Builtin::TypeCreationCode:
        case Builtin::TypeRuntimeCode: {
            const TypeId named = program_.type_names[tree_[inner(expr.a)].type.index];
            ir::Instruction code;
            code.op = ir::Op::ContractCode;
            code.type = ir::bytes_type;
            code.callee = contract_.creates_index(program_[named].contract);
            code.number = builtin == Builtin::TypeRuntimeCode ? 1 : 0;
            code.range = expr.range;
            return builder_.emit(std::move(code));
        }
        case Builtin::FunctionAddress: {
            Data at = data(expr.range);
            return at.as(at.shr(at.raw(value(expr.a)), at.word(96)), ir::address_type);
        }
        case Builtin::FunctionSelector:
            if (info(inner(expr.a)).use.meaning != Meaning::Function) {
                Data at = data(expr.range);
                return at.as(at.shl(at.raw(value(expr.a)), at.word(160)), bytes4_type);
            }
            return selector_of_named(expr.a);
        case Builtin::TypeName: {
            const TypeId named = program_.type_names[tree_[inner(expr.a)].type.index];
            return literal(tree_[program_[named].contract].name.text, ir::string_type, expr.range);
        }
        default: unsupported("this member is not supported yet", expr.range);
    }
}

// Lowers x.length of an array or a byte string. For bytes in memory it uses the operation that the prover knows.
ir::Value FunctionLowering::array_length(ExprId array, SourceRange range) {
    const Result of = read(expression(array), range);
    if (of.kind == Result::Kind::Value) return builder_.op(ir::Op::BytesLength, ir::uint256_type, {of.value}, range);
    if (of.kind == Result::Kind::Place && data::is_byte_string(program_, info(array).type))
        return builder_.op(ir::Op::BytesLength, ir::uint256_type, {load(of.place, range)}, range);
    const Reference reference = reference_of(of, info(array).type, range);
    return data(range).length(reference);
}

// --- functions ---
Builtin FunctionLowering::builtin_of(ExprId call) const {
    const Builtin own = info(call).use.builtin;
    return own != Builtin::None ? own : info(callee(call)).use.builtin;
}

Result FunctionLowering::builtin_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    const Builtin builtin = builtin_of(id);
    switch (builtin) {
        case Builtin::Require:
        case Builtin::Assert: return require(id);
        case Builtin::Revert: {
            if (arguments_of(id).empty()) {
                revert({}, {}, range);
                return {};
            }
            if (is_coded_error(arguments_of(id).front())) {
                revert_coded(coded_error(arguments_of(id).front()), range);
                return {};
            }
            auto [failure, values] = failure_of(arguments_of(id).front());
            revert(failure, std::move(values), range);
            return {};
        }
        case Builtin::AddressCall: return low_level_call(id, ir::ExternalCall::Kind::LowLevel);
        case Builtin::AddressStaticCall: return low_level_call(id, ir::ExternalCall::Kind::LowLevelStatic);
        case Builtin::AddressDelegateCall: return low_level_call(id, ir::ExternalCall::Kind::LowLevelDelegate);
        case Builtin::AddressSend: return pay(id, ir::ExternalCall::Kind::Send);
        case Builtin::AddressTransfer: return pay(id, ir::ExternalCall::Kind::Transfer);
        case Builtin::GasLeft: return environment(ir::Op::GasLeft, ir::uint256_type, range);
        case Builtin::BlockHash:
            return builder_.op(ir::Op::BlockHash, bytes32_type, {value(arguments_of(id).at(0), ir::uint256_type)}, range);
        case Builtin::Wrap:
        case Builtin::Unwrap: return forget_word(value(arguments_of(id).at(0), type_of(id)), range);
        case Builtin::Keccak256: return hash(arguments_of(id).at(0), ir::Op::Keccak, bytes32_type, range);
        case Builtin::Sha256: return hash(arguments_of(id).at(0), ir::Op::Sha256, bytes32_type, range);
        case Builtin::Ripemd160:
            return hash(arguments_of(id).at(0), ir::Op::Ripemd160, {ir::TypeKind::FixedBytes, 160}, range);
        case Builtin::EcRecover: return recover(id);
        case Builtin::AddMod: return modular(id, ir::Op::AddMod);
        case Builtin::MulMod: return modular(id, ir::Op::MulMod);
        case Builtin::BlobHash:
            return builder_.op(ir::Op::BlobHash, bytes32_type, {value(arguments_of(id).at(0), ir::uint256_type)}, range);
        case Builtin::BytesConcat: return concat(id, ir::bytes_type);
        case Builtin::StringConcat: return concat(id, ir::string_type);
        case Builtin::AbiEncode:
        case Builtin::AbiEncodePacked:
        case Builtin::AbiEncodeWithSelector:
        case Builtin::AbiEncodeWithSignature: return abi_encode(id, builtin);
        case Builtin::AbiEncodeCall: return encode_call(id);
        case Builtin::AbiDecode: return decode_call(id);
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

ir::Value FunctionLowering::hash(ExprId bytes, ir::Op op, const ir::Type& type, SourceRange range) {
    const bool is_keccak = op == ir::Op::Keccak;
    if (is_keccak && is_text(bytes))
        return builder_.op(op, type, {text(tree_[inner(bytes)].text, ir::bytes_type, range)}, range);
    if (contract_.counts_memory() && !specification_ && is_text(bytes)) return hash_of_text(bytes, op, type, range);
    return builder_.op(op, type, {is_keccak ? value(bytes, ir::bytes_type) : unbounded(bytes, ir::bytes_type)}, range);
}

// Hashes the text in free memory without allocating any.
ir::Value FunctionLowering::hash_of_text(ExprId bytes, ir::Op op, const ir::Type& type, SourceRange range) {
    const std::vector<Datum> passed = data_of({bytes});
    Data at = data(range);
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

ir::Value FunctionLowering::unbounded(ExprId id, std::optional<ir::Type> wanted) {
    return encodable(pending(id, wanted), wanted, tree_[id].range);
}

// Lowers addmod and mulmod. The modulus is checked after all arguments have been evaluated.
ir::Value FunctionLowering::modular(ExprId id, ir::Op op) {
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

ir::Value FunctionLowering::recover(ExprId id) {
    const std::vector<ExprId>& written = arguments_of(id);
    const std::array<ir::Type, 4> types{bytes32_type, ir::Type{ir::TypeKind::Uint, 8}, bytes32_type, bytes32_type};
    ir::Values operands;
    for (std::size_t i = 0; i < types.size(); ++i) operands.push_back(value(written.at(i), types[i]));
    return builder_.op(ir::Op::EcRecover, ir::address_type, std::move(operands), tree_[id].range);
}

// Lowers bytes.concat, which also takes bytesN and joins them as the packed encoding does.
ir::Value FunctionLowering::concat(ExprId id, const ir::Type& type) {
    const std::vector<ExprId>& joined = arguments_of(id);
    const auto lies_in_calldata = [&](ExprId each) { return checked_type(each).location == DataLocation::Calldata; };
    if (contract_.counts_memory() || std::ranges::any_of(joined, lies_in_calldata)) {
        Data at = data(tree_[id].range);
        return at.as(at.bytes_of_encoding(data_of(joined), {}, true), type);
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::Concat;
    instruction.range = tree_[id].range;
    std::vector<Result> given;
    for (const ExprId argument : joined)
        given.push_back(contract_.is_value(context_type(argument)) ? pending(argument) : pending(argument, type));
    for (std::size_t i = 0; i < joined.size(); ++i) {
        const bool is_word = contract_.is_value(context_type(joined[i]));
        instruction.operands.push_back(encodable(given[i], is_word ? std::nullopt : std::optional(type), instruction.range));
        if (is_word) instruction.op = ir::Op::AbiEncode;
    }
    instruction.type = type;
    instruction.encoding = ir::Encoding::Packed;
    return builder_.emit(std::move(instruction));
}

// --- failures ---
// Returns the literal that a constant stands for, so that its text need not be copied to memory before it is known whether
// the call fails; any other expression as it is. Assembly can observe the copy.
ExprId FunctionLowering::message_of(ExprId message) const {
    const ExprId id = inner(message);
    const Use& use = info(id).use;
    if (contract_.counts_memory() || use.meaning != Meaning::Variable || !tree_[use.variable].is_constant) return id;
    const ExprId initial = tree_[use.variable].initial;
    return initial && tree_[inner(initial)].kind == ExprKind::String ? inner(initial) : id;
}

std::pair<ir::Failure, ir::Values> FunctionLowering::failure_of(ExprId message) {
    const ExprId id = message_of(message);
    ir::Failure failure;
    if (tree_[id].kind == ExprKind::String) {
        failure.kind = ir::Failure::Kind::ErrorString;
        failure.message = tree_[id].text;
        failure.has_message = true;
        return {failure, {}};
    }
    if (info(id).call == CallForm::Error) {
        const Use& own = info(id).use;
        failure.kind = ir::Failure::Kind::CustomError;
        failure.error = contract_.error_index(own.meaning == Meaning::Error ? own.error : info(callee(id)).use.error);
        const auto parameters = contract_.contract().errors[failure.error].parameters;
        return {failure, arguments(id, parameters)};
    }
    failure.kind = ir::Failure::Kind::ErrorString;
    return {failure, {unbounded(id, ir::string_type)}};
}

Result FunctionLowering::require(ExprId id) {
    const SourceRange range = tree_[id].range;
    const auto& written = arguments_of(id);
    ir::Failure failure;
    if (builtin_of(id) == Builtin::Assert) {
        failure.kind = ir::Failure::Kind::Panic;
        failure.panic_code = 0x01;
    }
    const bool has_message = written.size() > 1;
    if (!has_message || tree_[message_of(written[1])].kind == ExprKind::String) {
        if (has_message) failure = failure_of(written[1]).first;
        guard(written.at(0), failure, range);
        return {};
    }
    const ir::Value condition = value(written[0], ir::bool_type);
    if (is_coded_error(written[1])) {
        Data at = data(range);
        const CodedError error = coded_error(written[1]);  // evaluated like every argument, whatever the condition is
        at.when(at.negation(condition), [&] { revert_coded(error, range); });
        return {};
    }
    auto [made, values] = failure_of(written[1]);
    ir::Instruction instruction;
    instruction.op = ir::Op::Guard;
    instruction.operands = {condition};
    instruction.operands.insert(instruction.operands.end(), values.begin(), values.end());
    instruction.failure = made;
    instruction.range = range;
    builder_.effect(std::move(instruction));
    return {};
}

// A conjunction is guarded part by part: the right part is then evaluated only if the left one holds, without a branch.
void FunctionLowering::guard(ExprId condition, const ir::Failure& failure, SourceRange range) {
    const Expr& expr = tree_[inner(condition)];
    if (expr.kind == ExprKind::Binary && expr.binary == BinaryOp::And && !info(inner(condition)).constant) {
        guard(expr.a, failure, range);
        return guard(expr.b, failure, range);
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::Guard;
    instruction.operands = {value(condition, ir::bool_type)};
    instruction.failure = failure;
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

void FunctionLowering::revert(ir::Failure failure, ir::Values arguments, SourceRange range) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Revert;
    terminator.failure = std::move(failure);
    terminator.values = std::move(arguments);
    builder_.finish(std::move(terminator), range);
}

// --- encodings ---
ir::Value FunctionLowering::selector_constant(std::uint32_t selector, SourceRange range) {
    return builder_.constant(bytes4_type, vm::Word{selector} << 224, range);
}

ir::Value FunctionLowering::signature_selector(ExprId signature) {
    const Expr& text = tree_[inner(signature)];
    if (text.kind == ExprKind::String) return selector_constant(abi::selector(text.text), text.range);
    const ir::Value bytes = coerce(value(signature, ir::string_type), ir::bytes_type, text.range);
    const ir::Value hash = builder_.op(ir::Op::Keccak, bytes32_type, {bytes}, text.range);
    return coerce(hash, bytes4_type, text.range);
}

ir::Value FunctionLowering::abi_encode(ExprId id, Builtin builtin) {
    ir::Instruction instruction;
    instruction.op = ir::Op::AbiEncode;
    instruction.type = ir::bytes_type;
    instruction.range = tree_[id].range;
    const bool with_selector = builtin == Builtin::AbiEncodeWithSelector || builtin == Builtin::AbiEncodeWithSignature;
    const auto is_coded = [&](ExprId each) { return needs_coding(context_type(each)); };
    if (contract_.counts_memory() || std::ranges::any_of(arguments_of(id), is_coded)) {
        Data at = data(instruction.range);
        std::vector<ExprId> rest = arguments_of(id);
        ir::Value selector;
        if (builtin == Builtin::AbiEncodeWithSignature) selector = at.raw(signature_selector(rest.front()));
        if (builtin == Builtin::AbiEncodeWithSelector) selector = at.raw(value(rest.front(), bytes4_type));
        if (with_selector) rest.erase(rest.begin());
        const ir::Value bytes = at.bytes_of_encoding(data_of(rest), selector, builtin == Builtin::AbiEncodePacked);
        return at.as(bytes, ir::bytes_type);
    }
    if (with_selector) instruction.encoding = ir::Encoding::WithSelector;
    if (builtin == Builtin::AbiEncodePacked) instruction.encoding = ir::Encoding::Packed;
    std::vector<Result> given;
    for (const ExprId argument : arguments_of(id)) {
        const bool is_selector = with_selector && given.empty();
        if (is_selector && builtin == Builtin::AbiEncodeWithSignature) given.push_back(signature_selector(argument));
        else given.push_back(is_selector ? pending(argument, bytes4_type) : pending(argument));
    }
    for (const Result& each : given) instruction.operands.push_back(encodable(each, std::nullopt, instruction.range));
    return builder_.emit(std::move(instruction));
}

// The function may be named through its contract or, as in make().f, through a value that must be evaluated first.
ir::Value FunctionLowering::selector_of_named(ExprId id) {
    const Expr& named = tree_[inner(id)];
    if (named.kind == ExprKind::Member && checked_type(named.a).kind == TypeKind::Contract) (void)value(named.a);
    return selector_constant(program_[info(inner(id)).use.function].selector, named.range);
}

// Lowers abi.encodeCall(I.f, (a, b)): the selector and the parameters' types are f's.
ir::Value FunctionLowering::encode_call(ExprId id) {
    const auto& written = arguments_of(id);
    const SourceRange range = tree_[id].range;
    if (written.size() != 2) unsupported("this form of abi.encodeCall is not supported yet", range);
    const Use& use = info(inner(written[0])).use;
    const bool is_named = use.meaning == Meaning::Function;
    ir::Value selector;
    if (is_named) selector = selector_of_named(written[0]);
    else selector = data(range).as(data(range).shl(data(range).raw(value(written[0])), data(range).word(160)), bytes4_type);
    const std::vector<TypeId> parameters =
        is_named ? types_of(tree_[use.function].parameters) : checked_type(written[0]).members;
    const Expr& given = tree_[written[1]];
    const std::vector<ExprId> values = given.kind == ExprKind::Tuple ? given.list : std::vector<ExprId>{written[1]};
    if (values.size() != parameters.size()) unsupported("this form of abi.encodeCall is not supported yet", given.range);
    if (contract_.counts_memory() || std::ranges::any_of(parameters, [&](TypeId each) { return needs_coding(each); })) {
        Data at = data(range);
        std::vector<Datum> all = data_of(values);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].value) all[i] = {parameters[i], at.as_type(all[i].value, parameters[i]), {}};
        return at.as(at.bytes_of_encoding(all, at.raw(selector), false), ir::bytes_type);
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::AbiEncode;
    instruction.type = ir::bytes_type;
    instruction.encoding = ir::Encoding::WithSelector;
    instruction.range = range;
    instruction.operands.push_back(selector);
    std::vector<Result> passed;
    for (std::size_t i = 0; i < values.size(); ++i)
        passed.push_back(pending(values[i], contract_.value_type(parameters[i], range)));
    for (std::size_t i = 0; i < values.size(); ++i)
        instruction.operands.push_back(encodable(passed[i], contract_.value_type(parameters[i], range), range));
    return builder_.emit(std::move(instruction));
}

}  // namespace interlock::lang::lowering
