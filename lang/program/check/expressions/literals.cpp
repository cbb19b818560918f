#include "lang/program/check/expressions/literals.hpp"

#include <fmt/format.h>

#include "lang/program/address_checksum.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang::checking {

namespace {

bool has_checksum(std::string_view number) {
    std::string digits(number.substr(2));
    std::erase(digits, '_');
    return digits.size() == 40 && digits == with_checksum(digits);
}

}  // namespace

TypeId Literals::number(ExprId id) {
    const Expr& expr = context_.tree[id];
    std::optional<Rational> value = parse_number(expr.text, expr.unit);
    if (!value) {
        context_.report(code::bad_number, "this number is malformed or far too large", expr.range);
        return {};
    }
    if (value->hex_digits > 0 && expr.unit != NumberUnit::None) {
        context_.report(code::bad_number, "a hexadecimal number has no unit", expr.range)
            .helps.push_back("multiply: `0x10 * 1 days`");
        return {};
    }
    const bool could_be_address = value->hex_digits >= 39 && value->hex_digits <= 41 && expr.unit == NumberUnit::None;
    if (could_be_address && !(context_.has(rule::checksums_are_advice) && !has_checksum(expr.text)))
        return address(id, to_word(value->integer()));
    return types_.rational(std::move(*value));
}

TypeId Literals::address(ExprId id, const vm::Word& value) {
    const Expr& expr = context_.tree[id];
    std::string digits(expr.text.substr(2));
    std::erase(digits, '_');
    if (digits.size() == 40 && digits == with_checksum(digits)) {
        context_.info(id).constant = value;
        return types_.address(context_.has(rule::literals_are_payable));
    }
    Diagnostic& diagnostic =
        context_.report(code::bad_address_checksum, "this looks like an address, but its checksum is wrong", expr.range,
                        counted(digits.size(), "digit"));
    if (digits.size() == 40)
        diagnostic.helps.push_back(fmt::format("if it is the right address, write `0x{}`", with_checksum(digits)));
    diagnostic.helps.push_back("if it is a number, write a leading zero: 0x00…");
    return {};
}

TypeId Literals::string(ExprId id) { return types_.string_literal(context_.tree[id].text); }

}  // namespace interlock::lang::checking
