// Checks the kinds of expressions except operators, names, calls and specifications, which have files of their own.
#include "lang/program/check/expressions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/address_checksum.hpp"
#include "lang/program/check/conversion.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/data_layout.hpp"
#include "lang/program/dispatch.hpp"
#include "lang/program/purity.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang {

TypeId Expressions::check(ExprId id) {
    if (!id) return {};
    const TypeId type = type_new(id);
    context_.info(id).type = type;
    return type;
}

TypeId Expressions::type_new(ExprId id) {
    const Expr& expr = context_.tree[id];
    switch (expr.kind) {
        case ExprKind::Error: return {};
        case ExprKind::Number: return literal_number(id);
        case ExprKind::String:
        case ExprKind::HexString: return literal_string(id);
        case ExprKind::Bool: context_.info(id).constant = vm::Word(expr.flag ? 1 : 0); return types_.boolean();
        case ExprKind::Name: return name(id, nullptr);
        case ExprKind::ElementaryType: return elementary_type(id);
        case ExprKind::Member: return member(id, nullptr);
        case ExprKind::Index: return index(id);
        case ExprKind::Slice: return slice(id);
        case ExprKind::Call: return call(id);
        case ExprKind::CallOptions: return call_options(id, nullptr);
        case ExprKind::Unary:
        case ExprKind::PostfixUnary: return unary(id);
        case ExprKind::Binary: return binary(id);
        case ExprKind::Conditional: return conditional(id);
        case ExprKind::Assign: return assign(id);
        case ExprKind::Tuple: return tuple(id);
        case ExprKind::ArrayLiteral: return array_literal(id);
        case ExprKind::New: return creation(id);
        case ExprKind::TypeOf: return type_information(id);
        case ExprKind::Old: return old(id);
        case ExprKind::Result: return result(id);
        case ExprKind::Sum: return sum(id);
        case ExprKind::Quantified: return quantified(id);
    }
    return {};
}

TypeId Expressions::check_value(ExprId id) {
    if (!id) return {};
    check(id);
    require_value(id);
    return context_.type_of(id);
}

TypeId Expressions::elementary_type(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (expr.flag || expr.text == "payable")
        context_.report(code::not_a_value, fmt::format("`{}` cannot stand here", context_.text(expr.range)), expr.range)
            .helps.push_back("write `payable(…)` around an address, or `address` where a type is named");
    return types_.meta(resolve_elementary(context_, expr.text, expr.flag, expr.range));
}

void Expressions::check_condition(ExprId id) {
    check_value(id);
    convert(id, types_.boolean());
}

// --- literals ---

TypeId Expressions::literal_number(ExprId id) {
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
    if (could_be_address) return address_literal(id, to_word(value->integer()));
    return types_.rational(std::move(*value));
}

TypeId Expressions::address_literal(ExprId id, const vm::Word& value) {
    const Expr& expr = context_.tree[id];
    std::string digits(expr.text.substr(2));
    std::erase(digits, '_');
    if (digits.size() == 40 && digits == with_checksum(digits)) {
        context_.info(id).constant = value;
        return types_.address();
    }
    Diagnostic& diagnostic =
        context_.report(code::bad_address_checksum, "this looks like an address, but its checksum is wrong", expr.range,
                        counted(digits.size(), "digit"));
    if (digits.size() == 40)
        diagnostic.helps.push_back(fmt::format("if it is the right address, write `0x{}`", with_checksum(digits)));
    diagnostic.helps.push_back("if it is a number, write a leading zero: 0x00…");
    return {};
}

TypeId Expressions::literal_string(ExprId id) { return types_.string_literal(context_.tree[id].text); }

// --- structure ---

TypeId Expressions::tuple(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (expr.list.size() == 1 && expr.list[0]) {
        check(expr.list[0]);
        const ExprInfo inner = context_.info(expr.list[0]);
        if (gives_nothing(expr.list[0])) {
            context_.report(code::component_count, "there is no value in these parentheses", expr.range)
                .helps.push_back("leave them out");
            return {};
        }
        ExprInfo& info = context_.info(id);
        info.is_lvalue = inner.is_lvalue;
        info.constant = inner.constant;
        info.use = inner.use;
        return inner.type;
    }
    std::vector<TypeId> members;
    for (const ExprId element : expr.list) {
        if (!element) {
            context_.report(code::component_count, "a value is missing between the commas", expr.range);
            return {};
        }
        check(element);
        // The types in abi.decode(data, (uint256, bool)) form a list; (a, (b, c)) = (1, (2, 3)) is a tuple in a tuple.
        const bool is_tuple = context_.tree[element].kind == ExprKind::Tuple && context_.tree[element].list.size() > 1;
        if (types_.kind(context_.type_of(element)) != TypeKind::Meta && !is_tuple) require_value(element);
        members.push_back(context_.type_of(element));
        if (types_.is_error(members.back())) return {};
    }
    return types_.tuple(std::move(members));
}

// Returns whether it is a call without results, or an assignment to a tuple.
bool Expressions::gives_nothing(ExprId id) const {
    const Expr& expr = context_.tree[id];
    const Type& type = types_[context_.type_of(id)];
    if (expr.kind == ExprKind::Assign) return type.kind == TypeKind::Tuple;
    return expr.kind == ExprKind::Call && type.kind == TypeKind::Tuple && type.members.empty();
}

TypeId Expressions::conditional(ExprId id) {
    const Expr& expr = context_.tree[id];
    check_condition(expr.a);
    const auto is_module = [&](ExprId branch) { return context_.info(branch).use.meaning == Meaning::Module; };
    check(expr.b);
    check(expr.c);
    if (is_module(expr.b) && is_module(expr.c) && context_.info(expr.b).use == context_.info(expr.c).use) {
        context_.info(id).use = context_.info(expr.b).use;
        return context_.type_of(expr.b);
    }
    for (const ExprId branch : {expr.b, expr.c})
        if (types_.kind(context_.type_of(branch)) != TypeKind::Tuple) require_value(branch);
    const TypeId then = context_.type_of(expr.b), otherwise = context_.type_of(expr.c);
    if (types_.is_error(then) || types_.is_error(otherwise)) return {};
    std::optional<TypeId> common;
    if (in_specification() && types_.is_number(then) && types_.is_number(otherwise)) {
        common = types_.integer();
    } else {
        const std::optional<TypeId> mobile_then = mobile_type(types_, then),
                                    mobile_otherwise = mobile_type(types_, otherwise);
        if (mobile_then && mobile_otherwise) common = common_type(types_, *mobile_then, *mobile_otherwise);
    }
    if (!common || !convert(expr.b, *common) || !convert(expr.c, *common)) {
        if (!common) {
            Diagnostic& diagnostic =
                context_.report(code::cannot_convert, "the two branches have no common type", context_.tree[expr.c].range,
                                fmt::format("this is `{}`", types_.name(otherwise)));
            diagnostic.secondary.push_back({context_.tree[expr.b].range, fmt::format("this is `{}`", types_.name(then))});
            diagnostic.helps.push_back("convert one of them explicitly");
        }
        return {};
    }
    return *common;
}

TypeId Expressions::index(ExprId id) {
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

void Expressions::check_bound(ExprId index, const vm::Word& length, std::string_view what, std::string_view parts) {
    const Type& type = types_[context_.type_of(index)];
    if (type.kind != TypeKind::RationalLiteral || !type.rational->is_integer()) return;
    if (type.rational->integer() < to_integer(length)) return;
    context_.report(code::not_indexable, "this element does not exist", context_.tree[index].range,
                    fmt::format("the {} has {} {}", what, vm::to_decimal(length), parts));
}

// Checks x[a:b] of bytes, strings and dynamic arrays in call data.
TypeId Expressions::slice(ExprId id) {
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

// Checks [1, x, 3], whose elements have a common type.
TypeId Expressions::array_literal(ExprId id) {
    const Expr& expr = context_.tree[id];
    std::optional<TypeId> common;
    for (const ExprId element : expr.list) {
        const TypeId type = check_value(element);
        if (types_.is_error(type)) return {};
        common = element == expr.list.front() ? mobile_type(types_, type) : common_type(types_, *common, type);
        if (common) continue;
        context_.report(code::cannot_convert, "the elements of this array have no common type", context_.tree[element].range,
                        fmt::format("this is `{}`", types_.name(type)));
        return {};
    }
    if (!common) {
        context_.report(code::bad_number, "an array needs at least one element here", expr.range)
            .helps.push_back("write `new T[](0)` for an array without elements");
        return {};
    }
    const TypeId element_type = types_.at(*common, DataLocation::Memory);
    if (types_.holds_mapping(element_type) || types_.kind(element_type) == TypeKind::Tuple) {
        context_.report(code::bad_mapping,
                        fmt::format("a `{}` cannot be the element of an array here", types_.name(element_type)), expr.range);
        return {};
    }
    for (const ExprId element : expr.list) convert(element, element_type);
    return types_.array(element_type, vm::Word(expr.list.size()), DataLocation::Memory);
}

// --- assignment ---

// Suggests `a == b` for `a = b`.
std::string Expressions::comparison_instead(ExprId assignment) const {
    const Expr& expr = context_.tree[assignment];
    return fmt::format("{} == {}", context_.text(context_.tree[expr.a].range), context_.text(context_.tree[expr.b].range));
}

bool Expressions::reject_change(ExprId id, std::string_view what) {
    if (where.spec == SpecPlace::None || where.spec == SpecPlace::Step) return false;
    const Expr& expr = context_.tree[id];
    const bool is_plain = expr.kind == ExprKind::Assign && expr.assign == AssignOp::Plain;
    context_
        .report(code::spec_side_effect,
                fmt::format("{} cannot {}", in_scenario() ? "what a scenario looks at" : "a specification", what),
                expr.range, "this would change something")
        .helps.push_back(is_plain ? fmt::format("`=` assigns; to compare, write `{}`", comparison_instead(id))
                                  : "specifications only look; compare with `==`");
    return true;
}

TypeId Expressions::check_target(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (expr.kind == ExprKind::Tuple && expr.list.size() != 1) {
        std::vector<TypeId> members;
        if (!expr.list.empty() && std::ranges::none_of(expr.list, [](ExprId part) { return bool(part); }))
            context_.report(code::component_count, "nothing is assigned here", expr.range);
        for (const ExprId element : expr.list) members.push_back(element ? check_target(element) : TypeId{});
        return context_.info(id).type = types_.tuple(std::move(members));
    }
    if (expr.kind == ExprKind::Tuple && context_.tree[expr.list[0]].kind == ExprKind::Tuple)  // ((a, b)) = …
        return context_.info(id).type = check_target(expr.list[0]);
    const TypeId type = check(id);
    require_value(id);
    if (types_.is_error(context_.type_of(id))) return {};
    if (!context_.info(id).is_lvalue) {
        report_not_assignable(id);
        return context_.info(id).type = {};
    }
    const Use use = context_.info(id).use;
    const bool is_reference =
        expr.kind == ExprKind::Name && use.meaning == Meaning::Variable && !context_.program[use.variable].is_state;
    if (types_.kind(type) == TypeKind::Mapping && !is_reference) {
        context_.report(code::bad_mapping, "a mapping cannot be assigned", expr.range)
            .helps.push_back("assign its entries one by one");
        return {};
    }
    return type;
}

// A struct or an array in storage that contains a mapping cannot be copied.
void Expressions::forbid_mappings(ExprId target) {
    const Expr& expr = context_.tree[target];
    if (expr.kind == ExprKind::Tuple) {
        for (const ExprId part : expr.list)
            if (part) forbid_mappings(part);
        return;
    }
    const TypeId type = context_.type_of(target);
    const bool is_place = types_[type].location == DataLocation::Storage && !types_[type].is_pointer;
    if (!is_place || !types_.holds_mapping(type)) return;
    context_
        .report(code::bad_mapping, fmt::format("a `{}` has a mapping in it: it cannot be assigned", types_.name(type)),
                expr.range)
        .helps.push_back("assign its other parts one by one");
}

TypeId Expressions::assign(ExprId id) {
    const Expr& expr = context_.tree[id];
    const bool rejected = reject_change(id, "assign");
    const TypeId value = check(expr.b);
    const TypeId target = rejected ? check(expr.a) : check_target(expr.a);
    if (rejected || types_.is_error(value)) return {};
    forbid_mappings(expr.a);
    if (expr.assign != AssignOp::Plain) return assign_compound(id, target);
    convert(expr.b, target,
            {context_.tree[expr.a].range, types_.is_error(target) ? "" : fmt::format("`{}`", types_.name(target))});
    return types_.kind(target) == TypeKind::Tuple ? types_.tuple({}) : target;
}

TypeId Expressions::assign_compound(ExprId id, TypeId target) {
    const Expr& expr = context_.tree[id];
    require_value(expr.b);
    const BinaryOp op = operation_of(expr.assign);
    const TypeId value = context_.type_of(expr.b);
    if (types_.is_error(target) || types_.is_error(value)) return target;
    if (types_.kind(target) == TypeKind::Tuple) {
        context_.report(code::bad_operands, "only `=` assigns several values at once", expr.range);
        return {};
    }
    warn_of_zero_divisor(expr.b, op);
    const std::optional<TypeId> common = operand_type(op, target, value);
    if (!common) return report_operands(id, op, target, value);
    if (*common != target) {
        report_conversion(expr.b, target, {context_.tree[expr.a].range, fmt::format("`{}`", types_.name(target))});
        return target;
    }
    if (op == BinaryOp::ShiftLeft || op == BinaryOp::ShiftRight) {
        settle(expr.b);
    } else {
        convert(expr.b, target);
    }
    return target;
}

// --- types as expressions ---

TypeId Expressions::type_information(ExprId id) {
    const Expr& expr = context_.tree[id];
    const TypeName& written = context_.tree[expr.type];
    const std::vector<Declared>* named =
        written.kind == TypeNameKind::UserDefined ? context_.names.find(written.path) : nullptr;
    const ContractId contract = named ? named->front().use.contract : ContractId{};
    const bool is_library = contract && context_.tree[contract].kind == ContractKind::Library;  // not a type otherwise
    const TypeId type =
        is_library ? context_.program.type_names[expr.type.index] = types_.contract(contract) : resolve(context_, expr.type);
    if (types_.is_error(type)) return {};
    const TypeKind kind = types_.kind(type);
    if (kind == TypeKind::Uint || kind == TypeKind::Int || kind == TypeKind::Enum || kind == TypeKind::Contract)
        return types_.magic(MagicKind::MetaType, type);
    context_.report(code::no_type_information, fmt::format("type({}) has no members", types_.name(type)), expr.range)
        .helps.push_back("integers and enums have `min` and `max`, contracts have `name`");
    return {};
}

TypeId Expressions::creation(ExprId id) {
    const Expr& expr = context_.tree[id];
    const TypeId type = resolve(context_, expr.type);
    const TypeKind kind = types_.kind(type);
    if (kind == TypeKind::Error) return {};
    if (data::has_length(context_.program, type)) {
        if (types_.holds_mapping(type)) {
            context_.report(code::bad_mapping, fmt::format("a `{}` lives in storage only", types_.name(type)), expr.range);
            return {};
        }
        return use_builtin(id, Builtin::NewArray, types_.function({types_.uint()}, {types_.at(type, DataLocation::Memory)}));
    }
    if (kind != TypeKind::Contract) {
        context_.report(code::not_creatable, fmt::format("`new` makes contracts, not `{}`", types_.name(type)), expr.range);
        return {};
    }
    const ContractId target = types_[type].contract;
    const Contract& contract = context_.tree[target];
    if (contract.kind != ContractKind::Contract || target == where.contract) {
        const bool itself = target == where.contract;
        context_
            .report(code::not_creatable,
                    itself ? fmt::format("`{}` cannot create itself", contract.name.text)
                           : fmt::format("`{}` has no code to create it from", contract.name.text),
                    expr.range)
            .secondary.push_back({contract.name.range, itself ? "this contract" : "not a plain contract"});
        return {};
    }
    std::vector<TypeId> parameters;
    if (const FunctionId constructor = own_function(context_.tree, target, FunctionKind::Constructor)) {
        parameters = context_.types_of(context_.tree[constructor].parameters);
        context_.info(id).use.function = constructor;
    }
    context_.info(id).use.meaning = Meaning::Contract;
    context_.info(id).use.contract = target;
    return types_.function(std::move(parameters), {type});
}

// --- constants ---

void Expressions::check_initial(VariableId id) {
    const Variable& variable = context_.tree[id];
    if (constants_[id.index] == Progress::Done || !variable.initial) return;
    if (constants_[id.index] == Progress::Running) {
        context_.report(code::endless_definition,
                        fmt::format("the value of constant `{}` depends on itself", variable.name.text), variable.range);
        return;
    }
    if (types_.kind(context_.program[id].type) == TypeKind::Mapping) return;  // reported with the declaration
    constants_[id.index] = Progress::Running;
    const Surroundings before = where;
    const Scope scope_before = context_.names.scope();
    where = {.contract = context_.program[id].contract, .in_constructor = true};
    context_.names.enter(variable.scope);
    check(variable.initial);
    const TypeId target =
        context_.types.at(context_.program[id].type, variable.is_constant ? DataLocation::Memory : DataLocation::Storage);
    convert(variable.initial, target,
            {context_.tree[variable.type].range, fmt::format("`{}`", types_.name(context_.program[id].type))});
    if (variable.is_constant && !types_.is_error(context_.type_of(variable.initial)) &&
        !is_pure(context_.program, variable.initial)) {
        context_
            .report(code::not_constant,
                    fmt::format("the value of constant `{}` is not known at compile time", variable.name.text),
                    context_.tree[variable.initial].range)
            .helps.push_back("make it `immutable`: then it is set once, at construction");
    }
    context_.names.enter(scope_before);
    where = before;
    constants_[id.index] = Progress::Done;
}

}  // namespace interlock::lang
