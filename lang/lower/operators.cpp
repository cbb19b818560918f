// Lowers operators. In code they are the machine's, checked unless the source says otherwise. In specifications numbers
// are unbounded and logical operators have no control flow.
#include "lang/lower/function.hpp"

namespace interlock::lang::lowering {

namespace {

ir::Op op_of(BinaryOp op) {
    switch (op) {
        case BinaryOp::Power: return ir::Op::Exp;
        case BinaryOp::Multiply: return ir::Op::Mul;
        case BinaryOp::Divide: return ir::Op::Div;
        case BinaryOp::Modulo: return ir::Op::Mod;
        case BinaryOp::Add: return ir::Op::Add;
        case BinaryOp::Subtract: return ir::Op::Sub;
        case BinaryOp::ShiftLeft: return ir::Op::Shl;
        case BinaryOp::ShiftRight: return ir::Op::Shr;
        case BinaryOp::BitAnd:
        case BinaryOp::And: return ir::Op::And;
        case BinaryOp::BitXor: return ir::Op::Xor;
        case BinaryOp::BitOr:
        case BinaryOp::Or:
        case BinaryOp::Implies: return ir::Op::Or;
        case BinaryOp::Less: return ir::Op::Less;
        case BinaryOp::Greater: return ir::Op::Greater;
        case BinaryOp::LessEqual: return ir::Op::LessEqual;
        case BinaryOp::GreaterEqual: return ir::Op::GreaterEqual;
        case BinaryOp::Equal:
        case BinaryOp::Iff: return ir::Op::Equal;
        case BinaryOp::NotEqual: return ir::Op::NotEqual;
    }
    return ir::Op::Equal;
}

bool is_number(const ir::Type& type) {
    return type.kind == ir::TypeKind::Uint || type.kind == ir::TypeKind::Int || type == ir::integer_type;
}

}  // namespace

ir::Value FunctionLowering::to_integer(ir::Value value, SourceRange range) {
    return is_number(builder_.type_of(value)) ? coerce(value, ir::integer_type, range) : value;
}

// --- one operand ---
ir::Value FunctionLowering::unary(ExprId id) {
    const Expr& expr = tree_[id];
    switch (expr.unary) {
        case UnaryOp::Increment:
        case UnaryOp::Decrement: return step_by_one(id, expr.a, expr.unary, false);
        case UnaryOp::Not: return builder_.op(ir::Op::Not, ir::bool_type, {value(expr.a)}, expr.range);
        case UnaryOp::BitNot: {
            const ir::Type type = type_of(id);
            return builder_.op(ir::Op::Not, type, {value(expr.a, type)}, expr.range);
        }
        case UnaryOp::Negate: {
            const ir::Type type = specification_ ? ir::integer_type : type_of(id);
            return builder_.op(ir::Op::Negate, type, {value(expr.a, type)}, expr.range, !unchecked_ && !specification_);
        }
        case UnaryOp::Delete: break;
    }
    unsupported("this operator is not supported here yet", expr.range);
}

ir::Value FunctionLowering::step_by_one(ExprId id, ExprId operand, UnaryOp op, bool gives_old) {
    const SourceRange range = tree_[id].range;
    const Target to = target(operand);
    const ir::Value before = read(to);
    const ir::Type type = builder_.type_of(before);
    const ir::Value one = builder_.constant(type, 1, range);
    const BinaryOp step = op == UnaryOp::Increment ? BinaryOp::Add : BinaryOp::Subtract;
    const ir::Value after = arithmetic(step, before, one, type, range);
    write(to, after, range);
    return gives_old ? before : after;
}

void FunctionLowering::clear(ExprId operand, SourceRange range) {
    const Target to = target(operand);
    if (to.kind == Target::Kind::Local) {
        return builder_.write(to.local, builder_.zero(builder_.type_of_local(to.local), range));
    }
    if (to.kind == Target::Kind::Pointer) return reset(to.pointer);
    if (to.kind == Target::Kind::Reference) {
        const Reference& part = to.reference;
        if (part.location == DataLocation::Storage) return data(range).clear(part);
        if (part.is_byte) return data(range).effect(vm::Opcode::MSTORE8, {part.address, data(range).word(0)});
        return data(range).mstore(part.address, data(range).default_in_memory(part.type));
    }
    if (to.kind == Target::Kind::Tuple) unsupported("`delete` of this is not supported yet", range);
    if (to.kind == Target::Kind::Immutable) {
        const ir::Type type = contract_.value_type(to.place.type, range);
        return write(to, builder_.zero(type, range), range);
    }
    if (!is_simple(to.place.type)) return data(range).clear(reference_to(to.place, range));
    ir::Instruction instruction;
    instruction.op = ir::Op::Clear;
    instruction.place = {to.place.variable, to.place.steps};
    instruction.operands = to.place.keys;
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

// --- two operands ---
ir::Value FunctionLowering::arithmetic(BinaryOp op, ir::Value a, ir::Value b, const ir::Type& type, SourceRange range) {
    const bool can_overflow = op != BinaryOp::Modulo && (op != BinaryOp::Divide || type.is_signed());
    const bool checked = is_arithmetic(op) && can_overflow && !unchecked_ && !specification_;
    const ir::Value result = builder_.op(op_of(op), type, {a, b}, range, checked);
    // The smallest number divided by -1 does not fit, and the result is not cut off.
    const bool is_dirty = op == BinaryOp::Divide && type.kind == ir::TypeKind::Int && type.bits < 256 && unchecked_;
    if (is_dirty) contract_.found.makes_dirt = true;
    if (is_dirty && contract_.tracks_dirt())
        words_[result.index].word = data(range).evm(vm::Opcode::SDIV, {data(range).raw(a), data(range).raw(b)});
    const bool keeps_bits = op == BinaryOp::BitAnd || op == BinaryOp::BitOr || op == BinaryOp::BitXor;
    if (keeps_bits && (words_.contains(a.index) || words_.contains(b.index)))
        words_[result.index].word =
            builder_.op(op_of(op), ir::uint256_type, {uncleaned(a, range), uncleaned(b, range)}, range);
    return result;
}

ir::Value FunctionLowering::binary(ExprId id) {
    const Expr& expr = tree_[id];
    switch (expr.binary) {
        case BinaryOp::Less:
        case BinaryOp::Greater:
        case BinaryOp::LessEqual:
        case BinaryOp::GreaterEqual:
        case BinaryOp::Equal:
        case BinaryOp::NotEqual: return comparison(id);
        case BinaryOp::And:
        case BinaryOp::Or:
        case BinaryOp::Implies:
        case BinaryOp::Iff: return logical(id);
        default: break;
    }
    ir::Type type = type_of(id);
    if (specification_ && is_arithmetic(expr.binary)) type = ir::integer_type;
    const bool own_right = is_shift(expr.binary) || (expr.binary == BinaryOp::Power && type != ir::integer_type);
    const ir::Value a = value(expr.a, type);
    const ir::Value b = own_right ? value(expr.b) : value(expr.b, type);
    if (type == ir::integer_type && !is_arithmetic(expr.binary)) {
        unsupported("bits of an unbounded integer are not supported yet", expr.range);
    }
    return arithmetic(expr.binary, a, b, type, expr.range);
}

ir::Value FunctionLowering::comparison(ExprId id) {
    const Expr& expr = tree_[id];
    ir::Value a = value(expr.a);
    ir::Value b = value(expr.b);
    const bool as_integers =
        specification_ || builder_.type_of(a) == ir::integer_type || builder_.type_of(b) == ir::integer_type;
    if (as_integers) {
        a = to_integer(a, tree_[expr.a].range);
        b = to_integer(b, tree_[expr.b].range);
    }
    const ir::Type left = builder_.type_of(a), right = builder_.type_of(b);
    if (left.bits < right.bits) a = coerce(a, right, tree_[expr.a].range);
    else b = coerce(b, left, tree_[expr.b].range);
    return builder_.op(op_of(expr.binary), ir::bool_type, {a, b}, expr.range);
}

ir::Value FunctionLowering::logical(ExprId id) {
    const Expr& expr = tree_[id];
    const bool lazy = expr.binary != BinaryOp::Iff;
    if (lazy && !specification_ && (!is_total(expr.b) || contract_.may_be_dirty(info(id).type))) return short_circuit(id);
    ir::Value a = value(expr.a);
    if (expr.binary == BinaryOp::Implies) a = builder_.op(ir::Op::Not, ir::bool_type, {a}, expr.range);
    const ir::Value b = value(expr.b);
    return builder_.op(op_of(expr.binary), ir::bool_type, {a, b}, expr.range);
}

ir::Value FunctionLowering::short_circuit(ExprId id) {
    const Expr& expr = tree_[id];
    const bool is_and = expr.binary == BinaryOp::And;
    const bool is_word = contract_.may_be_dirty(info(id).type);
    const auto held = [&](ir::Value truth) { return is_word ? uncleaned(truth, expr.range) : truth; };
    const Local result = builder_.make_local(is_word ? ir::uint256_type : ir::bool_type);
    ir::Value a = value(expr.a);
    if (expr.binary == BinaryOp::Implies) a = builder_.op(ir::Op::Not, ir::bool_type, {a}, expr.range);
    builder_.write(result, held(a));
    const ir::BlockIndex right = builder_.make_block(expr.range);
    const ir::BlockIndex after = builder_.make_block(expr.range);
    builder_.branch(a, is_and ? right : after, is_and ? after : right, expr.range);
    builder_.enter_sealed(right);
    builder_.write(result, held(value(expr.b)));
    builder_.jump(after, expr.range);
    builder_.enter_sealed(after);
    return is_word ? cleaned(builder_.read(result), info(id).type, expr.range) : builder_.read(result);
}

// --- assignment ---
Result FunctionLowering::assign(ExprId id) {
    const Expr& expr = tree_[id];
    const TypeKind kind = checked_type(expr.a).kind;
    const bool is_word = contract_.is_value(info(expr.a).type) || kind == TypeKind::Integer;
    if (expr.assign == AssignOp::Plain && !is_word) {
        if (contract_.counts_memory() && is_text(expr.b) && checked_type(expr.a).location == DataLocation::Storage)
            return assign_text(expr);
        const Result right = evaluate(expr.b);
        write(target(expr.a), right, expr.range);
        return right;
    }
    const ir::Type type = type_of(expr.a);
    if (expr.assign == AssignOp::Plain) {
        const ir::Value right = value(expr.b, type);
        write(target(expr.a), right, expr.range);
        return right;
    }
    const BinaryOp op = operation_of(expr.assign);
    const ir::Value right = is_shift(op) ? value(expr.b) : value(expr.b, type);
    const Target to = target(expr.a);
    const ir::Value result = arithmetic(op, read(to), right, type, expr.range);
    write(to, result, expr.range);
    return result;
}

// Stores a text without allocating memory.
Result FunctionLowering::assign_text(const Expr& assignment) {
    Data at = data(assignment.range);
    const Target to = target(assignment.a);
    const ir::Value free = at.free_memory();
    write(to, evaluate(assignment.b), assignment.range);
    at.set_free_memory(free);
    return {};
}

bool FunctionLowering::is_text(ExprId id) const {
    const ExprKind kind = tree_[inner(id)].kind;
    return kind == ExprKind::String || kind == ExprKind::HexString;
}

// --- expressions that may be evaluated without being needed ---
bool FunctionLowering::is_total(ExprId id) const {
    const Expr& expr = tree_[id];
    if (info(id).constant) return true;
    const bool is_operator = expr.kind == ExprKind::Unary || expr.kind == ExprKind::Binary;
    if (is_operator && info(id).use.meaning == Meaning::Function) return false;
    const bool is_path = checked_type(id).kind == TypeKind::Mapping || checked_type(id).kind == TypeKind::Struct;
    if (!is_path && !contract_.is_value(info(id).type)) return false;
    switch (expr.kind) {
        case ExprKind::Bool: return true;
        case ExprKind::Name: {
            const Use& use = info(id).use;
            const bool is_constant = use.meaning == Meaning::Variable && tree_[use.variable].is_constant;
            return (use.meaning == Meaning::Variable && !is_constant) || use.builtin == Builtin::This;
        }
        case ExprKind::Member:
            switch (info(id).use.meaning) {
                case Meaning::EnumValue: return true;
                case Meaning::Variable:
                    return program_[info(id).use.variable].is_field &&
                           checked_type(expr.a).location == DataLocation::Storage && is_total(expr.a);
                case Meaning::Builtin: return checked_type(expr.a).kind == TypeKind::Magic;
                default: return false;
            }
        case ExprKind::Index: return checked_type(expr.a).kind == TypeKind::Mapping && is_total(expr.a) && is_total(expr.b);
        case ExprKind::Tuple: return inner(id) != id && is_total(inner(id));
        case ExprKind::Unary:
            if (expr.unary == UnaryOp::Negate) return unchecked_ && is_total(expr.a);
            return (expr.unary == UnaryOp::Not || expr.unary == UnaryOp::BitNot) && is_total(expr.a);
        case ExprKind::Binary: return is_total_binary(expr);
        case ExprKind::Conditional: return is_total(expr.a) && is_total(expr.b) && is_total(expr.c);
        case ExprKind::Call:
            return info(id).call == CallForm::Conversion && checked_type(id).kind != TypeKind::Enum &&
                   info(id).arguments.size() == 1 && is_total(info(id).arguments.front());
        default: return false;
    }
}

bool FunctionLowering::is_total_binary(const Expr& expr) const {
    if (!is_total(expr.a) || !is_total(expr.b)) return false;
    switch (expr.binary) {
        case BinaryOp::Divide:
        case BinaryOp::Modulo: {
            const auto& divisor = info(expr.b).constant;
            return divisor && !divisor->is_zero() && checked_type(expr.a).kind == TypeKind::Uint;
        }
        default: return unchecked_ || !is_arithmetic(expr.binary);
    }
}

}  // namespace interlock::lang::lowering
