#include "lang/lower/operators.hpp"

#include "lang/lower/assignments.hpp"
#include "lang/lower/calls.hpp"

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

// Lowers an operator of a user-defined value type: a call with the operands as arguments.
ir::Value Operators::operator_call(ExprId id) {
    const Expr& expr = tree_[id];
    if (mode_.specification) unsupported("a call in a specification is not supported yet", expr.range);
    const std::uint32_t index = contract_.functions.index_of(info(id).use);
    ir::Values operands{value(expr.a)};
    if (expr.b) operands.push_back(value(expr.b));
    const std::vector<TypeId> types = types_of(tree_[info(id).use.function].returns);
    return value_of(Calls(*this).results_of(index, std::move(operands), types, expr.range), expr.range);
}

ir::Value Operators::to_integer(ir::Value value, SourceRange range) {
    return is_number(builder_.type_of(value)) ? coerce(value, ir::integer_type, range) : value;
}

ir::Value Operators::unary(ExprId id) {
    const Expr& expr = tree_[id];
    if (info(id).use.meaning == Meaning::Function) return operator_call(id);
    switch (expr.unary) {
        case UnaryOp::Increment:
        case UnaryOp::Decrement: return Assignments(*this).step_by_one(id, expr.a, expr.unary, false);
        case UnaryOp::Not: return builder_.op(ir::Op::Not, ir::bool_type, {value(expr.a)}, expr.range);
        case UnaryOp::BitNot: {
            const ir::Type type = type_of(id);
            return builder_.op(ir::Op::Not, type, {value(expr.a, type)}, expr.range);
        }
        case UnaryOp::Negate: {
            const ir::Type type = mode_.specification ? ir::integer_type : type_of(id);
            if (type.kind == ir::TypeKind::Uint)  // which only older dialects have
                return builder_.op(ir::Op::Sub, type, {builder_.zero(type, expr.range), value(expr.a, type)}, expr.range);
            return builder_.op(ir::Op::Negate, type, {value(expr.a, type)}, expr.range,
                               !mode_.unchecked && !mode_.specification);
        }
        case UnaryOp::Delete: break;
    }
    unsupported("this operator is not supported here yet", expr.range);
}

ir::Value Operators::arithmetic(BinaryOp op, ir::Value a, ir::Value b, const ir::Type& type, SourceRange range) {
    const bool can_overflow = op != BinaryOp::Modulo && (op != BinaryOp::Divide || type.is_signed());
    const bool checked = is_arithmetic(op) && can_overflow && !mode_.unchecked && !mode_.specification;
    if (is_shift(op)) b = shift_amount(b, range);
    if (op == BinaryOp::ShiftRight && type.is_signed() && contract_.has(rule::shifts_divide))
        return divided_by_power(a, b, type, range);
    const ir::Value result = builder_.op(op_of(op), type, {a, b}, range, checked);
    // The smallest number divided by -1 does not fit, and the result is not cut off.
    const bool is_dirty = op == BinaryOp::Divide && type.kind == ir::TypeKind::Int && type.bits < 256 && mode_.unchecked;
    if (is_dirty && contract_.tracks_dirt())
        variables_.note_word(result, data(range).evm(vm::Opcode::SDIV, {data(range).raw(a), data(range).raw(b)}));
    const bool keeps_bits = op == BinaryOp::BitAnd || op == BinaryOp::BitOr || op == BinaryOp::BitXor;
    if (keeps_bits && (variables_.has_word(a) || variables_.has_word(b))) {
        const ir::Values words{variables_.uncleaned(a, range), variables_.uncleaned(b, range)};
        variables_.note_word(result, builder_.op(op_of(op), ir::uint256_type, words, range));
    }
    return result;
}

// Older dialects fail where a signed amount is negative.
ir::Value Operators::shift_amount(ir::Value amount, SourceRange range) {
    const ir::Type type = builder_.type_of(amount);
    if (type.kind != ir::TypeKind::Int) return amount;
    ir::Instruction guard;
    guard.op = ir::Op::Guard;
    guard.operands = {builder_.op(ir::Op::GreaterEqual, ir::bool_type, {amount, builder_.zero(type, range)}, range)};
    guard.failure.kind = ir::Failure::Kind::Panic;
    guard.failure.panic_code = panic::index;
    guard.range = range;
    builder_.effect(std::move(guard));
    return coerce(amount, {ir::TypeKind::Uint, type.bits}, range);
}

// Before 0.5 a number was shifted to the right by a division, which rounds toward zero.
ir::Value Operators::divided_by_power(ir::Value number, ir::Value amount, const ir::Type& type, SourceRange range) {
    DataBuilder at = data(range);
    const ir::Value divisor = at.evm(vm::Opcode::EXP, {at.word(2), at.raw(amount)});
    return at.as(at.evm(vm::Opcode::SDIV, {at.raw(number), divisor}), type);
}

ir::Value Operators::binary(ExprId id) {
    const Expr& expr = tree_[id];
    if (info(id).use.meaning == Meaning::Function) return operator_call(id);
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
    if (mode_.specification && is_arithmetic(expr.binary)) type = ir::integer_type;
    const bool is_cut_off = contract_.has(rule::exponents_are_cut_off);
    const bool own_right =
        is_shift(expr.binary) || (expr.binary == BinaryOp::Power && type != ir::integer_type && !is_cut_off);
    const std::optional<ir::Type> right = own_right ? std::nullopt : std::optional(type);
    const auto [a, b] = operands(expr, type, right);
    if (type == ir::integer_type && !is_arithmetic(expr.binary)) {
        unsupported("bits of an unbounded integer are not supported yet", expr.range);
    }
    return arithmetic(expr.binary, a, b, type, expr.range);
}

// Older dialects evaluate the right one first.
std::pair<ir::Value, ir::Value> Operators::operands(const Expr& expr, std::optional<ir::Type> left,
                                                    std::optional<ir::Type> right) {
    if (contract_.has(rule::operands_from_right) && !mode_.specification) {
        const ir::Value b = value(expr.b, right);
        return {value(expr.a, left), b};
    }
    const ir::Value a = value(expr.a, left);
    return {a, value(expr.b, right)};
}

ir::Value Operators::comparison(ExprId id) {
    const Expr& expr = tree_[id];
    auto [a, b] = operands(expr, std::nullopt, std::nullopt);
    const bool as_integers =
        mode_.specification || builder_.type_of(a) == ir::integer_type || builder_.type_of(b) == ir::integer_type;
    if (as_integers) {
        a = to_integer(a, tree_[expr.a].range);
        b = to_integer(b, tree_[expr.b].range);
    }
    const ir::Type left = builder_.type_of(a), right = builder_.type_of(b);
    if (left.bits < right.bits) a = coerce(a, right, tree_[expr.a].range);
    else b = coerce(b, left, tree_[expr.b].range);
    return builder_.op(op_of(expr.binary), ir::bool_type, {a, b}, expr.range);
}

ir::Value Operators::logical(ExprId id) {
    const Expr& expr = tree_[id];
    const bool lazy = expr.binary != BinaryOp::Iff;
    if (lazy && !mode_.specification && (!is_total(expr.b) || contract_.types.may_be_dirty(info(id).type)))
        return short_circuit(id);
    ir::Value a = value(expr.a);
    if (expr.binary == BinaryOp::Implies) a = builder_.op(ir::Op::Not, ir::bool_type, {a}, expr.range);
    const ir::Value b = value(expr.b);
    return builder_.op(op_of(expr.binary), ir::bool_type, {a, b}, expr.range);
}

ir::Value Operators::short_circuit(ExprId id) {
    const Expr& expr = tree_[id];
    const bool is_and = expr.binary == BinaryOp::And;
    const bool is_word = contract_.types.may_be_dirty(info(id).type);
    const auto held = [&](ir::Value truth) { return is_word ? variables_.uncleaned(truth, expr.range) : truth; };
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
    return is_word ? variables_.cleaned(builder_.read(result), info(id).type, expr.range) : builder_.read(result);
}

bool Operators::is_total(ExprId id) const {
    const Expr& expr = tree_[id];
    if (info(id).constant) return true;
    const bool is_operator = expr.kind == ExprKind::Unary || expr.kind == ExprKind::Binary;
    if (is_operator && info(id).use.meaning == Meaning::Function) return false;
    const bool is_path = checked_type(id).kind == TypeKind::Mapping || checked_type(id).kind == TypeKind::Struct;
    if (!is_path && !contract_.types.is_value(info(id).type)) return false;
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
            if (expr.unary == UnaryOp::Negate) return mode_.unchecked && is_total(expr.a);
            return (expr.unary == UnaryOp::Not || expr.unary == UnaryOp::BitNot) && is_total(expr.a);
        case ExprKind::Binary: return is_total_binary(expr);
        case ExprKind::Conditional: return is_total(expr.a) && is_total(expr.b) && is_total(expr.c);
        case ExprKind::Call:
            return info(id).call == CallForm::Conversion && checked_type(id).kind != TypeKind::Enum &&
                   info(id).arguments.size() == 1 && is_total(info(id).arguments.front());
        default: return false;
    }
}

bool Operators::is_total_binary(const Expr& expr) const {
    if (!is_total(expr.a) || !is_total(expr.b)) return false;
    switch (expr.binary) {
        case BinaryOp::Divide:
        case BinaryOp::Modulo: {
            const auto& divisor = info(expr.b).constant;
            return divisor && !divisor->is_zero() && checked_type(expr.a).kind == TypeKind::Uint;
        }
        default: return mode_.unchecked || !is_arithmetic(expr.binary);
    }
}

}  // namespace interlock::lang::lowering
