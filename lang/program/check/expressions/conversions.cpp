#include "lang/program/check/expressions/conversions.hpp"

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/expressions/assignments.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang::checking {

namespace {

constexpr const char* how_to_take_one = "take the one that is needed: `(uint256 a,) = …;`";

vm::Word left_aligned(std::string_view bytes) {
    BigInteger value = 0;
    for (std::size_t i = 0; i < 32; ++i) value = value * 256 + (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0);
    return to_word(value);
}

std::string range_of(const Type& type) {
    const BigInteger one = 1;
    if (type.kind == TypeKind::Uint) return fmt::format("a uint{} holds 0 to 2**{} - 1", type.bits, type.bits);
    return fmt::format("an int{} holds -2**{} to 2**{} - 1", type.bits, type.bits - 1, type.bits - 1);
}

}  // namespace

bool Conversions::convert(ExprId id, TypeId to, const Label& because) {
    if (!id) return true;
    if (types_.kind(to) != TypeKind::Tuple && !is_module(types_[to])) require_value(id);
    const TypeId from = context_.type_of(id);
    if (types_.is_error(from) || types_.is_error(to)) return true;
    if (!converts(types_, from, to)) {
        report(id, to, because);
        return false;
    }
    apply(id, to);
    return true;
}

TypeId Conversions::settle(ExprId id) {
    require_value(id);
    const TypeId from = context_.type_of(id);
    if (types_.is_error(from)) return from;
    const std::optional<TypeId> own =
        in_specification() && types_.kind(from) == TypeKind::RationalLiteral ? types_.integer() : mobile_type(types_, from);
    if (!own || !converts(types_, from, *own)) {
        context_.report(code::bad_number, fmt::format("`{}` fits into no type", types_.name(from)), context_.tree[id].range)
            .helps.push_back("whole numbers of up to 256 bits have a type");
        return context_.info(id).type = {};
    }
    apply(id, *own);
    return *own;
}

void Conversions::apply(ExprId id, TypeId to) {
    if (!id) return;
    const Expr& expr = context_.tree[id];
    const TypeId from = context_.type_of(id);
    if (types_.is_error(from) || types_.is_error(to)) return;
    if (expr.kind == ExprKind::Tuple && expr.list.size() == 1) apply(expr.list[0], to);
    if (expr.kind == ExprKind::Tuple && expr.list.size() > 1 && types_.kind(to) == TypeKind::Tuple) {
        const std::vector<TypeId> members = types_[to].members;
        for (std::size_t i = 0; i < expr.list.size(); ++i) apply(expr.list[i], members[i]);
    }
    std::optional<vm::Word> constant = constant_as(id, to);
    ExprInfo& info = context_.info(id);
    info.converted = from == to ? TypeId{} : to;
    if (constant) info.constant = constant;
}

std::optional<vm::Word> Conversions::constant_as(ExprId id, TypeId to_id) {
    const Type from = types_[context_.type_of(id)], to = types_[to_id];
    if (from.kind == TypeKind::StringLiteral && to.kind == TypeKind::FixedBytes) return left_aligned(from.text);
    if (from.kind != TypeKind::RationalLiteral || types_.is_fixed_point(to_id)) return std::nullopt;
    const BigInteger value = from.rational->integer();
    if (to.kind == TypeKind::FixedBytes) return to_word(value << (256 - to.bits));
    if (to.kind == TypeKind::Integer && !fits(value, true, 256)) {
        context_.report(code::spec_number_too_large, "this number is too large for a specification", context_.tree[id].range)
            .helps.push_back("numbers up to 2**255 - 1 can be written; the largest uint256 is `type(uint256).max`");
    }
    return to_word(value);
}

vm::Word Conversions::cut_off(ExprId id, TypeId to) const {
    const Type& type = types_[to];
    const unsigned bits = type.kind == TypeKind::Address || type.kind == TypeKind::Contract ? 160u : type.bits;
    const BigInteger one = 1;
    BigInteger low = types_[context_.type_of(id)].rational->integer() % (one << bits);
    if (low < 0) low += one << bits;
    if (type.kind == TypeKind::Int && low >= one << (bits - 1)) low -= one << bits;
    return to_word(type.kind == TypeKind::FixedBytes ? BigInteger(low << (256 - bits)) : low);
}

void Conversions::report(ExprId id, TypeId to, const Label& because) {
    const TypeId from = context_.type_of(id);
    const SourceRange range = context_.tree[id].range;
    if (types_.kind(to) == TypeKind::Tuple || types_.kind(from) == TypeKind::Tuple) {
        const std::size_t have = types_.kind(from) == TypeKind::Tuple ? types_[from].members.size() : 1;
        const std::size_t want = types_.kind(to) == TypeKind::Tuple ? types_[to].members.size() : 1;
        if (have == 0) {
            context_.report(code::no_value, "there is no value here", range, "this returns nothing");
            return;
        }
        if (have != want) {
            Diagnostic& diagnostic = context_.report(code::component_count,
                                                     fmt::format("{} where {} needed", counted(have, "value"),
                                                                 want == 1 ? "one is" : fmt::format("{} are", want)),
                                                     range);
            if (because.range.end != 0) diagnostic.secondary.push_back(because);
            if (want == 1) diagnostic.helps.push_back(how_to_take_one);
            return;
        }
    }
    Diagnostic& diagnostic =
        context_.report(code::cannot_convert, fmt::format("cannot convert `{}` to `{}`", types_.name(from), types_.name(to)),
                        range, fmt::format("this is `{}`", types_.name(from)));
    if (because.range.end != 0) diagnostic.secondary.push_back(because);
    suggest(id, to, diagnostic);
}

void Conversions::suggest(ExprId id, TypeId to_id, Diagnostic& diagnostic) {
    const TypeId from_id = context_.type_of(id);
    const Type &from = types_[from_id], &to = types_[to_id];
    const std::string text = context_.text(context_.tree[id].range);
    const auto help = [&](std::string line) { diagnostic.helps.push_back(std::move(line)); };
    if (from.kind == TypeKind::RationalLiteral && types_.is_integer(to_id))
        return help(from.rational->is_integer() ? range_of(to)
                                                : "integers have no fractions: multiply first, or scale the number");
    if (from.kind == TypeKind::RationalLiteral && to.kind == TypeKind::FixedBytes)
        return help(fmt::format("a hexadecimal number with exactly {} digits is a `{}`", to.bits / 4, types_.name(to_id)));
    if (from.kind == TypeKind::RationalLiteral && to.kind == TypeKind::Address) {
        constexpr unsigned address_digits = 40, nearly = 30;
        const unsigned digits = from.rational->hex_digits;
        if (digits < nearly) return help(fmt::format("write `address({})`", text));
        diagnostic.message = fmt::format("an address has {} hexadecimal digits, this number has {}", address_digits, digits);
        diagnostic.primary.text = digits > address_digits ? fmt::format("{} too many", digits - address_digits)
                                                          : fmt::format("{} too few", address_digits - digits);
        return;
    }
    const Expr& expr = context_.tree[id];
    if (to.kind == TypeKind::Bool && expr.kind == ExprKind::Assign && expr.assign == AssignOp::Plain)
        return help(fmt::format("`=` assigns; to compare, write `{}`", Assignments(*this).comparison_instead(id)));
    if (to.kind == TypeKind::Bool && types_.is_number(from_id)) return help(fmt::format("compare it: `{} != 0`", text));
    if (from.kind == TypeKind::StringLiteral && to.kind == TypeKind::FixedBytes)
        return help(fmt::format("it has {} bytes; at most {} fit", from.text.size(), to.bits / 8));
    if (from.kind == TypeKind::StringLiteral && types_.is_integer(to_id)) return help("write a number");
    if (from.kind == TypeKind::Integer)
        return help("arithmetic in a specification is on mathematical integers, which no contract type holds");
    if (from.kind == TypeKind::Address && to.kind == TypeKind::Address)
        return help(fmt::format("write `payable({})` if it may receive ether", text));
    if (from.kind == TypeKind::Contract && to.kind == TypeKind::Address)
        return help(fmt::format("write `{}({})`", to.payable ? "payable" : "address", text));
    if (to.kind == TypeKind::Contract && from.kind == TypeKind::Address)
        return help(fmt::format("write `{}({})`", context_.tree[to.contract].name.text, text));
    if (types_.is_integer(from_id) && types_.is_integer(to_id) && from.kind != to.kind && from.bits != to.bits) {
        const bool fits = from.kind == TypeKind::Uint && from.bits < to.bits;
        return help(fmt::format("write `{}({}{}({}))`{}", types_.name(to_id), from.kind == TypeKind::Uint ? "uint" : "int",
                                to.bits, text, fits ? "" : ", after checking that the value fits"));
    }
    if (!casts(types_, from_id, to_id)) return;
    const bool loses = types_.is_integer(from_id) && types_.is_integer(to_id) && from.bits > to.bits;
    std::string target = types_.name(types_.at(to_id, DataLocation::None));
    if (target.starts_with("enum ")) target = target.substr(5);
    help(fmt::format("write `{}({})`{}", target, text,
                     loses ? "; it cuts off what does not fit, so check the value first" : ""));
}

void Conversions::require_value(ExprId id) {
    const TypeId type = context_.type_of(id);
    const Expr& expr = context_.tree[id];
    const ExprInfo info = context_.info(id);
    const std::string text = context_.text(expr.range);
    switch (types_.kind(type)) {
        case TypeKind::Function:
            if (expr.kind == ExprKind::CallOptions) {
                context_.report(code::bad_call_options, "options without a call", expr.range)
                    .helps.push_back("write the arguments behind them: `f{value: v}(…)`");
                break;
            }
            if (types_.is_value_type(type)) return;
            context_.report(code::not_a_value, fmt::format("`{}` must be called", text), expr.range)
                .helps.push_back(fmt::format("write `{}(…)`", text));
            break;
        case TypeKind::Meta:
            context_.report(code::not_a_value, fmt::format("`{}` is a type, not a value", text), expr.range);
            break;
        case TypeKind::Magic:
            context_.report(code::not_a_value, fmt::format("`{}` is not a value by itself", text), expr.range)
                .helps.push_back(fmt::format("name one of its members: `{}.…`", text));
            break;
        case TypeKind::Tuple:
            if (info.call == CallForm::Error) {
                context_.report(code::bad_emit, "an error is raised, not used as a value", expr.range)
                    .helps.push_back(fmt::format("write `revert {}`", text));
            } else if (info.call == CallForm::Event) {
                context_.report(code::bad_emit, "an event is emitted, not used as a value", expr.range)
                    .helps.push_back(fmt::format("write `emit {}`", text));
            } else if (types_[type].members.empty()) {
                context_.report(code::no_value, "there is no value here", expr.range, "this returns nothing");
            } else {
                context_
                    .report(code::component_count,
                            fmt::format("{} where one is needed", counted(types_[type].members.size(), "value")), expr.range)
                    .helps.push_back(how_to_take_one);
            }
            break;
        default: return;
    }
    context_.info(id).type = {};
}

}  // namespace interlock::lang::checking
