#include "lang/program/check/expressions/operators.hpp"

#include <array>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/expressions/assignments.hpp"
#include "lang/program/check/expressions/attached.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang::checking {

namespace {

bool is_bitwise(BinaryOp op) { return op == BinaryOp::BitAnd || op == BinaryOp::BitOr || op == BinaryOp::BitXor; }

// Returns whether two operands of this kind have the operator.
bool has_operator(TypeKind kind, BinaryOp op) {
    const bool equality = op == BinaryOp::Equal || op == BinaryOp::NotEqual;
    switch (kind) {
        case TypeKind::Bool: return equality;
        case TypeKind::Uint:
        case TypeKind::Int: return is_comparison(op) || is_arithmetic(op) || is_bitwise(op);
        case TypeKind::Fixed:
        case TypeKind::Ufixed: return is_comparison(op) || is_shift(op) || (is_arithmetic(op) && op != BinaryOp::Power);
        case TypeKind::Address:
        case TypeKind::Contract:
        case TypeKind::Enum: return is_comparison(op);
        case TypeKind::FixedBytes: return is_comparison(op) || is_bitwise(op);
        case TypeKind::Function: return equality;
        default: return false;
    }
}

}  // namespace

std::string_view symbol(BinaryOp op) {
    constexpr std::array<std::string_view, 21> symbols{"**", "*", "/",  "%",  "+",  "-",  "<<", ">>", "&",   "^",   "|",
                                                       "<",  ">", "<=", ">=", "==", "!=", "&&", "||", "==>", "<==>"};
    return symbols[static_cast<std::size_t>(op)];
}

bool is_comparison(BinaryOp op) {
    switch (op) {
        case BinaryOp::Less:
        case BinaryOp::Greater:
        case BinaryOp::LessEqual:
        case BinaryOp::GreaterEqual:
        case BinaryOp::Equal:
        case BinaryOp::NotEqual: return true;
        default: return false;
    }
}

TypeId Operators::unary(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (expr.unary == UnaryOp::Increment || expr.unary == UnaryOp::Decrement) return increment(id);
    if (expr.unary == UnaryOp::Delete) return remove(id);
    const TypeId operand = check_value(expr.a);
    if (types_.is_error(operand)) return expr.unary == UnaryOp::Not ? types_.boolean() : TypeId{};
    if (expr.unary == UnaryOp::Not) {
        convert(expr.a, types_.boolean());
        return types_.boolean();
    }
    const Type type = types_[operand];
    const bool negate = expr.unary == UnaryOp::Negate;
    if (const FunctionId own = Attached(*this).operator_of(operand, negate ? "-" : "~", 1))
        return Attached(*this).apply(id, own);
    if (type.kind == TypeKind::RationalLiteral) {
        const BigRational& value = type.rational->value;
        if (negate) return types_.rational({-value});
        if (type.rational->is_integer()) return types_.rational({BigRational(BigInteger(-numerator(value) - 1))});
    } else if (negate && in_specification() && types_.is_number(operand)) {
        convert(expr.a, types_.integer());
        return types_.integer();
    } else if (type.kind == TypeKind::Int || (negate && types_.is_fixed_point(operand)) ||
               (!negate && (type.kind == TypeKind::Uint || type.kind == TypeKind::FixedBytes)) ||
               (negate && type.kind == TypeKind::Uint && context_.has(rule::negates_unsigned))) {
        return operand;
    }
    Diagnostic& diagnostic = context_.report(
        code::bad_operands, fmt::format("`{}` has no operator `{}`", types_.name(operand), negate ? "-" : "~"), expr.range);
    if (negate && type.kind == TypeKind::Uint)
        diagnostic.helps.push_back(
            "an unsigned number has no negative: convert to a signed type first, or write `0 - x` and let it revert");
    return {};
}

TypeId Operators::increment(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (Assignments(*this).reject_change(id, "count")) return {};
    const TypeId target = Assignments(*this).check_target(expr.a);
    if (types_.is_error(target) || types_.is_integer(target) || types_.is_fixed_point(target)) return target;
    context_.report(code::bad_operands, fmt::format("`{}` cannot be counted up or down", types_.name(target)), expr.range)
        .helps.push_back("only integers can");
    return {};
}

TypeId Operators::remove(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (Assignments(*this).reject_change(id, "delete")) return {};
    const TypeId target = Assignments(*this).check_target(expr.a);
    if (types_.kind(target) == TypeKind::UserValue) {
        context_.report(code::bad_operands, fmt::format("`{}` cannot be deleted", types_.name(target)), expr.range)
            .helps.push_back(fmt::format("write `= {}.wrap(0)`", context_.tree[types_[target].value_type].name.text));
    }
    if (types_[target].is_pointer || types_.kind(target) == TypeKind::Mapping) {
        context_.report(code::not_assignable, "a storage reference cannot be deleted", expr.range)
            .helps.push_back("delete the entry that it points at: `delete entries[key]`");
    } else if (types_[target].location == DataLocation::Calldata) {
        context_.report(code::not_assignable, "what lies in call data cannot be deleted", expr.range);
    }
    return types_.tuple({});
}

TypeId Operators::binary(ExprId id) {
    const Expr& expr = context_.tree[id];
    const BinaryOp op = expr.binary;
    if (op == BinaryOp::And || op == BinaryOp::Or || op == BinaryOp::Implies || op == BinaryOp::Iff) return logical(id);
    const TypeId a = check_value(expr.a), b = check_value(expr.b);
    if (types_.is_error(a) || types_.is_error(b)) return is_comparison(op) ? types_.boolean() : TypeId{};
    const bool both_constant = types_.kind(a) == TypeKind::RationalLiteral && types_.kind(b) == TypeKind::RationalLiteral;
    if (both_constant && !is_comparison(op)) return fold_constants(id, a, b);
    const auto is_negative = [&](TypeId type) { return types_[type].rational->value < 0; };
    if (both_constant && where_.spec == SpecPlace::None && is_negative(a) != is_negative(b))
        return report_operands(id, op, a, b);
    if (in_specification() && types_.is_number(a) && types_.is_number(b)) return specified_binary(id, a, b);
    if (a == b)
        if (const FunctionId own = Attached(*this).operator_of(a, symbol(op), 2)) return Attached(*this).apply(id, own);
    warn_of_zero_divisor(expr.b, op);
    if (has_type_of_left(op, a)) return shift_or_power(id, a, b);
    const std::optional<TypeId> common = operand_type(op, a, b);
    if (!common) return report_operands(id, op, a, b);
    convert(expr.a, *common);
    convert(expr.b, *common);
    return is_comparison(op) ? types_.boolean() : *common;
}

TypeId Operators::logical(ExprId id) {
    const Expr& expr = context_.tree[id];
    check_condition(expr.a);
    check_condition(expr.b);
    const bool specified = expr.binary == BinaryOp::Implies || expr.binary == BinaryOp::Iff;
    if (specified && where_.spec == SpecPlace::None) {
        context_
            .report(code::only_in_specification,
                    fmt::format("`{}` can only be written in a specification", symbol(expr.binary)), expr.range)
            .helps.push_back(expr.binary == BinaryOp::Implies ? "in code, write `!a || b`" : "in code, write `a == b`");
    }
    return types_.boolean();
}

TypeId Operators::fold_constants(ExprId id, TypeId a, TypeId b) {
    const Expr& expr = context_.tree[id];
    if (!check_divisor(expr.b, expr.binary)) return {};
    const std::optional<BigRational> value = fold(expr.binary, types_[a].rational->value, types_[b].rational->value);
    if (value) return types_.rational({*value});
    Diagnostic& diagnostic = context_.report(code::bad_number,
                                             fmt::format("`{} {} {}` has no value", to_string(types_[a].rational->value),
                                                         symbol(expr.binary), to_string(types_[b].rational->value)),
                                             expr.range);
    diagnostic.helps.push_back(is_bitwise(expr.binary) || is_shift(expr.binary)
                                   ? "bits need whole numbers"
                                   : fmt::format("constants are exact, up to {} bits", max_rational_bits));
    return {};
}

// Most shifts and all powers have the type of their left operand; the right one keeps its own.
TypeId Operators::shift_or_power(ExprId id, TypeId a, TypeId b) {
    const Expr& expr = context_.tree[id];
    TypeId left = a;
    if (types_.kind(a) == TypeKind::RationalLiteral) {  // by a variable amount: always 256 bits wide
        if (!types_[a].rational->is_integer()) return report_operands(id, expr.binary, a, b);
        left = types_.number(types_[a].rational->value < 0, 256);
        if (context_.has(rule::literals_stay_narrow)) left = mobile_type(types_, a).value_or(left);
    }
    if (expr.binary == BinaryOp::Power && context_.has(rule::powers_have_common_type)) return common_power(id, left, b);
    if (!operand_type(expr.binary, left, b)) return report_operands(id, expr.binary, a, b);
    convert(expr.a, left);
    settle(expr.b);
    return left;
}

// Before 0.7 both sides of a power are converted to one type, as those of a sum.
TypeId Operators::common_power(ExprId id, TypeId a, TypeId b) {
    const Expr& expr = context_.tree[id];
    const std::optional<TypeId> common = common_type(types_, a, b);
    if (!common || !types_.is_integer(*common)) return report_operands(id, expr.binary, a, b);
    convert(expr.a, *common);
    convert(expr.b, *common);
    return *common;
}

TypeId Operators::specified_binary(ExprId id, TypeId a, TypeId b) {
    const Expr& expr = context_.tree[id];
    const bool possible = is_comparison(expr.binary) || (is_arithmetic(expr.binary) && expr.binary != BinaryOp::Power);
    if (!possible) {
        context_
            .report(code::not_in_specification,
                    fmt::format("`{}` is not an operator of specifications", symbol(expr.binary)), expr.range)
            .notes.push_back(
                fmt::format("its operands are `{}` and `{}`; a specification calculates with mathematical integers",
                            types_.name(a), types_.name(b)));
        return {};
    }
    if (!check_divisor(expr.b, expr.binary)) return {};
    for (const ExprId operand : {expr.a, expr.b}) {
        if (!convert(operand, types_.integer())) return is_comparison(expr.binary) ? types_.boolean() : TypeId{};
    }
    return is_comparison(expr.binary) ? types_.boolean() : types_.integer();
}

// Numbers with decimal places are shifted by a number of their own type, as solc has it.
bool Operators::has_type_of_left(BinaryOp op, TypeId a) const {
    return op == BinaryOp::Power || (is_shift(op) && !types_.is_fixed_point(a));
}

std::optional<TypeId> Operators::operand_type(BinaryOp op, TypeId a, TypeId b) {
    if (has_type_of_left(op, a)) {
        const bool shiftable = types_.is_integer(a) || (is_shift(op) && types_.kind(a) == TypeKind::FixedBytes);
        const Type& amount = types_[b];
        const bool unsigned_literal = amount.kind == TypeKind::RationalLiteral && amount.rational->is_integer() &&
                                      fits(amount.rational->integer(), false, 256);
        const bool is_signed_shift = is_shift(op) && amount.kind == TypeKind::Int && context_.has(rule::shifts_by_signed);
        if (shiftable && (amount.kind == TypeKind::Uint || unsigned_literal || is_signed_shift)) return a;
        return std::nullopt;
    }
    if (types_.kind(a) == TypeKind::RationalLiteral && types_.kind(b) == TypeKind::FixedBytes &&
        !context_.has(rule::bytes_have_any_width))
        return std::nullopt;
    const std::optional<TypeId> common = common_type(types_, a, b);
    if (!common || !has_operator(types_.kind(*common), op)) return std::nullopt;
    return common;
}

TypeId Operators::report_operands(ExprId id, BinaryOp op, TypeId a, TypeId b) {
    const Expr& expr = context_.tree[id];
    const SourceRange place = expr.name_range.end != 0 ? expr.name_range : expr.range;
    Diagnostic& diagnostic =
        context_.report(code::bad_operands,
                        fmt::format("`{}` cannot take `{}` and `{}`", symbol(op), types_.name(a), types_.name(b)), place);
    if (is_comparison(op)) diagnostic.message = fmt::format("cannot compare `{}` with `{}`", types_.name(a), types_.name(b));
    diagnostic.secondary.push_back({context_.tree[expr.a].range, fmt::format("`{}`", types_.name(a))});
    diagnostic.secondary.push_back({context_.tree[expr.b].range, fmt::format("`{}`", types_.name(b))});
    const TypeKind kind_a = types_.kind(a), kind_b = types_.kind(b);
    const auto text = [&](ExprId e) { return context_.text(context_.tree[e].range); };
    const bool is_text = kind_a == TypeKind::String || kind_a == TypeKind::Bytes;
    if (is_shift(op) || op == BinaryOp::Power) {
        diagnostic.helps.push_back(fmt::format("the right side of `{}` must be unsigned", symbol(op)));
    } else if (kind_a == TypeKind::Address && kind_b == TypeKind::RationalLiteral) {
        diagnostic.helps.push_back(fmt::format("write `address({})`", text(expr.b)));
    } else if (kind_b == TypeKind::Address && kind_a == TypeKind::RationalLiteral) {
        diagnostic.helps.push_back(fmt::format("write `address({})`", text(expr.a)));
    } else if (kind_a == TypeKind::Address && kind_b == TypeKind::Contract) {
        diagnostic.helps.push_back(fmt::format("write `address({})`", text(expr.b)));
    } else if (kind_b == TypeKind::Address && kind_a == TypeKind::Contract) {
        diagnostic.helps.push_back(fmt::format("write `address({})`", text(expr.a)));
    } else if (is_text && is_comparison(op)) {
        diagnostic.helps.push_back(kind_a == TypeKind::String
                                       ? "compare their hashes: `keccak256(bytes(a)) == keccak256(bytes(b))`"
                                       : "compare their hashes: `keccak256(a) == keccak256(b)`");
    } else if (is_text && op == BinaryOp::Add) {
        diagnostic.helps.push_back(kind_a == TypeKind::String ? "write `string.concat(a, b)`"
                                                              : "write `bytes.concat(a, b)`");
    } else if (types_.is_integer(a) && types_.is_integer(b)) {
        diagnostic.helps.push_back("convert one side explicitly, after checking that its value fits");
    }
    return is_comparison(op) ? types_.boolean() : TypeId{};
}

bool Operators::is_zero(ExprId constant) const {
    const Type& type = types_[context_.type_of(constant)];
    return type.kind == TypeKind::RationalLiteral && type.rational->value == 0;
}

bool Operators::check_divisor(ExprId divisor, BinaryOp op) {
    if ((op != BinaryOp::Divide && op != BinaryOp::Modulo) || !is_zero(divisor)) return true;
    context_.report(code::division_by_zero, "division by zero", context_.tree[divisor].range, "this is always zero");
    return false;
}

// The dividend is known only at run time: solc compiles the division, and every call that reaches it ends with Panic(0x12).
void Operators::warn_of_zero_divisor(ExprId divisor, BinaryOp op) {
    if ((op != BinaryOp::Divide && op != BinaryOp::Modulo) || !is_zero(divisor)) return;
    context_.diagnostics
        .warning(code::always_fails.id, "division by zero", context_.tree[divisor].range, "this is always zero")
        .notes.push_back("whoever comes here ends with Panic(0x12)");
}

}  // namespace interlock::lang::checking
