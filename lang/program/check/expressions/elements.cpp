#include "lang/program/check/expressions/elements.hpp"

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/data_layout.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang::checking {

TypeId Elements::index(ExprId id) {
    const Expr& expr = context_.tree[id];
    const TypeId base = check(expr.a);
    const Type type = types_[base];
    if (type.kind == TypeKind::Meta) {  // the name of a type, as in uint256[3]
        const TypeId array = expr.b ? array_of_length(context_, type.value, expr.b) : types_.array(type.value, std::nullopt);
        return types_.is_error(array) ? array : types_.meta(array);
    }
    require_value(expr.a);
    if (!expr.b) {
        context_.report(code::not_indexable, "an index is missing between the brackets", expr.range);
        return {};
    }
    check_value(expr.b);
    switch (type.kind) {
        case TypeKind::Error: return {};
        case TypeKind::Mapping:
            convert(expr.b, types_.at(type.key, DataLocation::Memory));
            context_.info(id).is_lvalue = !in_specification();
            return types_.at(type.value, DataLocation::Storage);
        case TypeKind::Array:
            convert(expr.b, types_.uint());
            if (!type.is_dynamic) check_bound(expr.b, type.length, "array", "elements");
            context_.info(id).is_lvalue = !in_specification() && type.location != DataLocation::Calldata;
            return types_.at(type.value, type.location);
        case TypeKind::Bytes:
            convert(expr.b, types_.uint());
            context_.info(id).is_lvalue = !in_specification() && type.location != DataLocation::Calldata;
            return types_.fixed_bytes(1);
        case TypeKind::FixedBytes:
            convert(expr.b, types_.uint());
            check_bound(expr.b, vm::Word(type.bits / 8u), "value", "bytes");
            return types_.fixed_bytes(1);
        default: break;
    }
    Diagnostic& diagnostic = context_.report(code::not_indexable, fmt::format("`{}` has no elements", types_.name(base)),
                                             context_.tree[expr.a].range);
    if (type.kind == TypeKind::String)
        diagnostic.helps.push_back(fmt::format("write `bytes({})[…]`: characters may have several bytes",
                                               context_.text(context_.tree[expr.a].range)));
    return {};
}

void Elements::check_bound(ExprId index, const vm::Word& length, std::string_view what, std::string_view parts) {
    const Type& type = types_[context_.type_of(index)];
    if (type.kind != TypeKind::RationalLiteral || !type.rational->is_integer()) return;
    if (type.rational->integer() < to_integer(length)) return;
    context_.report(code::not_indexable, "this element does not exist", context_.tree[index].range,
                    fmt::format("the {} has {} {}", what, vm::to_decimal(length), parts));
}

// Checks x[a:b] of bytes, strings and dynamic arrays in call data.
TypeId Elements::slice(ExprId id) {
    const Expr& expr = context_.tree[id];
    const TypeId base = check_value(expr.a);
    for (const ExprId bound : {expr.b, expr.c}) {
        if (!bound) continue;
        check_value(bound);
        convert(bound, types_.uint());
    }
    const Type type = types_[base];
    if (type.kind == TypeKind::Error) return {};
    const bool is_list =
        type.kind == TypeKind::Bytes || type.kind == TypeKind::String || (type.kind == TypeKind::Array && type.is_dynamic);
    if (!is_list || type.location != DataLocation::Calldata) {
        context_
            .report(code::not_indexable, fmt::format("`{}` cannot be sliced", types_.name(base)),
                    context_.tree[expr.a].range)
            .helps.push_back("only arrays of any length, bytes and strings in `calldata` can");
        return {};
    }
    if (type.kind == TypeKind::Array && data::is_dynamically_encoded(context_.program, type.value)) {
        context_.report(code::not_indexable, "an array whose elements have no fixed length cannot be sliced",
                        context_.tree[expr.a].range);
        return {};
    }
    return base;
}

}  // namespace interlock::lang::checking
