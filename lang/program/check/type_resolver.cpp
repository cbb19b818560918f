// Resolves written types to their meaning, and checks the data locations of variables.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "lang/program/check/constant_integer.hpp"
#include "lang/program/check/declarations.hpp"

namespace interlock::lang {
namespace {

// Reads 8 from "uint8"; without digits returns `otherwise`.
unsigned size_in(std::string_view text, std::size_t prefix, unsigned otherwise) {
    unsigned size = otherwise;
    if (text.size() > prefix) std::from_chars(text.data() + prefix, text.data() + text.size(), size);
    return size;
}

TypeId report_unknown_type(Context& context, const Name& name) {
    if (context.excuses_missing_names() || context.diagnostics.is_told_at(name.range.begin)) return {};
    Diagnostic& diagnostic =
        context.report(code::unknown_type, fmt::format("there is no type `{}`", name.text), name.range, "not declared");
    // `retrun x;` and `ensures x;` look like declarations of x.
    static constexpr std::array<std::string_view, 7> words{"return", "delete", "emit",     "event",
                                                           "error",  "using",  "invariant"};
    std::string_view similar = context.names.similar_to(name.text);
    if (similar.empty()) {
        similar = closest(name.text, words);
        if (!similar.empty() && edit_distance(name.text, similar) > 2) similar = {};
    }
    if (name.text == "requires" || name.text == "ensures" || name.text == "modifies")
        diagnostic.helps.push_back(fmt::format("`{}` belongs into the head of a function", name.text));
    else if (!similar.empty()) diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
    return {};
}

TypeId type_of_declared(Context& context, const Declared& declared, const Name& written) {
    switch (declared.use.meaning) {
        case Meaning::Contract:
            if (context.tree[declared.use.contract].kind != ContractKind::Library)
                return context.types.contract(declared.use.contract);
            context.report(code::not_a_type, fmt::format("library `{}` is not a type", written.text), written.range)
                .helps.push_back("there are no values of a library: call its functions by its name");
            return {};
        case Meaning::Struct: return context.types.structure(declared.use.structure, DataLocation::None);
        case Meaning::Enum: return context.types.enumeration(declared.use.enumeration);
        case Meaning::ValueType: {
            const TypeNameId underlying = context.tree[declared.use.value_type].underlying;
            if (context.tree[underlying].kind != TypeNameKind::Elementary) return {};  // reported where it is declared
            const TypeId type = resolve(context, underlying);
            return context.types.is_value_type(type) ? context.types.user_value(declared.use.value_type, type) : TypeId{};
        }
        default: break;
    }
    Diagnostic& diagnostic =
        context.report(code::not_a_type, fmt::format("`{}` is not a type", written.text), written.range, "used as a type");
    if (declared.name.range.end != 0) diagnostic.secondary.push_back({declared.name.range, "declared here"});
    return {};
}

TypeId resolve_path(Context& context, const Path& path) {
    if (path.parts.empty()) return {};
    std::size_t known = 0;
    const std::vector<Declared>* found = context.names.find(path, &known);
    if (found) return type_of_declared(context, found->front(), path.parts.back());
    if (known == 0) return report_unknown_type(context, path.parts[0]);
    context.report(code::unknown_type,
                   fmt::format("there is no type `{}` in `{}`", path.parts[known].text, path.parts[known - 1].text),
                   path.parts[known].range);
    return {};
}

bool can_be_key(const TypeTable& types, TypeId id) {
    const bool is_value = types.is_value_type(id) && types.kind(id) != TypeKind::Function;
    return is_value || types.is_error(id) || types.kind(id) == TypeKind::Bytes || types.kind(id) == TypeKind::String;
}

// The keys of a mapping, the keys of mappings in it, and its final value must have different names.
void check_names_of_mapping(Context& context, const TypeName& written) {
    std::vector<Name> inner;
    const TypeName* last = &written;
    for (; context.tree[last->value].kind == TypeNameKind::Mapping; last = &context.tree[last->value])
        inner.push_back(context.tree[last->value].key_name);
    inner.push_back(last->value_name);
    for (const Name& name : inner)
        if (!name.text.empty() && name.text == written.key_name.text)
            report_clash(context, {.name = name}, {.name = written.key_name});
}

TypeId resolve_mapping(Context& context, const TypeName& written) {
    const TypeId key = resolve(context, written.key);
    const TypeId value = resolve(context, written.value);
    if (!can_be_key(context.types, key)) {
        context
            .report(code::bad_mapping, fmt::format("`{}` cannot be the key of a mapping", context.types.name(key)),
                    context.tree[written.key].range)
            .helps.push_back("keys are numbers, addresses, bool, bytesN, enums, contracts, bytes or string");
        return {};
    }
    if (context.tree[written.key].payable)
        context
            .report(code::bad_mapping, "`address payable` cannot be the key of a mapping", context.tree[written.key].range)
            .helps.push_back("write `address`: the key is the same");
    check_names_of_mapping(context, written);
    if (context.types.is_error(key) || context.types.is_error(value)) return {};
    return context.types.mapping(key, value);
}

// Handles L.size, also after the name of a file.
const std::vector<Declared>* find_member(Context& context, ExprId id) {
    Path path;
    for (; context.tree[id].kind == ExprKind::Member; id = context.tree[id].a)
        path.parts.insert(path.parts.begin(), {context.tree[id].text, context.tree[id].range});
    if (context.tree[id].kind != ExprKind::Name) return nullptr;
    path.parts.insert(path.parts.begin(), {context.tree[id].text, context.tree[id].range});
    return context.names.find(path);
}

// Number literals may have fractions, as long as no constant takes part, because a constant has an integer type.
struct ConstantNumber {
    BigRational value;
    bool is_typed = false;
};

std::optional<ConstantNumber> constant_number(Context& context, ExprId id, unsigned depth = 0) {
    constexpr unsigned most_depth = 64;
    if (!id || depth > most_depth) return std::nullopt;
    const Expr& expr = context.tree[id];
    switch (expr.kind) {
        case ExprKind::Number: {
            const std::optional<Rational> number = parse_number(expr.text, expr.unit);
            return number ? std::optional(ConstantNumber{number->value}) : std::nullopt;
        }
        case ExprKind::Tuple:
            return expr.list.size() == 1 ? constant_number(context, expr.list[0], depth + 1) : std::nullopt;
        case ExprKind::Name:
        case ExprKind::Member: {
            const std::vector<Declared>* found =
                expr.kind == ExprKind::Name ? context.names.find_outside_blocks(expr.text) : find_member(context, id);
            if (!found || found->front().use.meaning != Meaning::Variable) return std::nullopt;
            const Variable& variable = context.tree[found->front().use.variable];
            if (!variable.is_constant) return std::nullopt;
            std::optional<ConstantNumber> number = constant_number(context, variable.initial, depth + 1);
            if (number) number->is_typed = true;
            return number;
        }
        case ExprKind::Binary: {
            const auto a = constant_number(context, expr.a, depth + 1), b = constant_number(context, expr.b, depth + 1);
            const bool divides = expr.binary == BinaryOp::Divide || expr.binary == BinaryOp::Modulo;
            if (!a || !b || (divides && b->value == 0)) return std::nullopt;
            std::optional<BigRational> result = fold(expr.binary, a->value, b->value);
            if (!result) return std::nullopt;
            const bool is_typed = a->is_typed || b->is_typed;
            if (is_typed && denominator(*result) != 1)
                result = BigRational(BigInteger(numerator(*result) / denominator(*result)));
            return ConstantNumber{*result, is_typed};
        }
        case ExprKind::Unary: {
            std::optional<ConstantNumber> number = constant_number(context, expr.a, depth + 1);
            if (!number) return std::nullopt;
            if (expr.unary == UnaryOp::Negate) return ConstantNumber{-number->value, number->is_typed};
            if (expr.unary != UnaryOp::BitNot || denominator(number->value) != 1) return std::nullopt;
            return ConstantNumber{-number->value - 1, number->is_typed};
        }
        default: return std::nullopt;
    }
}

TypeId resolve_array(Context& context, const TypeName& written) {
    const TypeId value = resolve(context, written.value);
    if (context.types.is_error(value)) return {};
    if (!written.length) return context.types.array(value, std::nullopt);
    return array_of_length(context, value, written.length);
}

// Resolves function (…) visibility mutability returns (…).
TypeId resolve_function_type(Context& context, const TypeName& written) {
    const bool is_external = written.visibility == Visibility::External;
    if (written.visibility == Visibility::Public || written.visibility == Visibility::Private) {
        context.report(code::wrong_visibility, "the type of a function is internal or external", written.range);
        return {};
    }
    if (written.mutability == Mutability::Payable && !is_external) {
        context.report(code::not_payable, "only the type of an external function can be payable", written.range);
        return {};
    }
    const VariableRole role = is_external ? VariableRole::ExternalParameter : VariableRole::InternalParameter;
    const auto resolved = [&](const std::vector<VariableId>& variables) {
        std::vector<TypeId> types;
        for (const VariableId each : variables) types.push_back(resolve_variable(context, each, role));
        return types;
    };
    std::vector<TypeId> parameters = resolved(written.parameters), results = resolved(written.returns);
    check_distinct(context, written.parameters);
    for (const VariableId each : written.parameters)
        if (const Name& name = context.tree[each].name; !name.text.empty())
            warn_of_hiding(context, name, context.names.find_hidden(name.text));
    for (const VariableId each : written.returns)
        if (const Name& name = context.tree[each].name; !name.text.empty())
            context.report(code::bad_signature_type, "the results of a function type have no names", name.range)
                .helps.push_back("leave the name out: only the types count");
    for (const std::vector<TypeId>& types : {parameters, results})
        for (const TypeId each : types)
            if (context.types.is_error(each)) return {};
    return context.types.function(std::move(parameters), std::move(results),
                                  is_external ? FunctionForm::External : FunctionForm::Internal, written.mutability);
}

TypeId resolve_new(Context& context, const TypeName& written) {
    switch (written.kind) {
        case TypeNameKind::Error: return {};
        case TypeNameKind::Elementary:
            return resolve_elementary(context, written.elementary, written.payable, written.range);
        case TypeNameKind::UserDefined: return resolve_path(context, written.path);
        case TypeNameKind::Mapping: return resolve_mapping(context, written);
        case TypeNameKind::Array: return resolve_array(context, written);
        case TypeNameKind::Function: return resolve_function_type(context, written);
    }
    return {};
}

std::string declaration_text(const Context& context, const Variable& variable, std::string_view location) {
    return fmt::format("{} {}{}{}", context.sources.text(context.tree[variable.type].range), location,
                       variable.name.text.empty() ? "" : " ", variable.name.text);
}

bool needs_location(const TypeTable& types, TypeId type) {
    return types.is_reference(type) || types.kind(type) == TypeKind::Mapping;
}

// Returns the written location, or, in older dialects, the one that is meant where none is written.
DataLocation location_of(const Context& context, const Variable& variable, TypeId type, VariableRole role) {
    const bool has_none = role == VariableRole::State || role == VariableRole::Field || role == VariableRole::LogParameter;
    if (has_none || variable.location != DataLocation::None || !needs_location(context.types, type))
        return variable.location;
    const bool is_of_storage = variable.usual_location != DataLocation::None && context.types.holds_mapping(type);
    return is_of_storage ? DataLocation::Storage : variable.usual_location;
}

// Checks whether the variable may be without a written location.
bool check_missing_location(Context& context, const Variable& variable, TypeId type, VariableRole role) {
    const bool none_needed =
        role == VariableRole::State || role == VariableRole::Field || role == VariableRole::LogParameter;
    if (none_needed || !needs_location(context.types, type)) return true;
    const bool in_storage = context.types.kind(type) == TypeKind::Mapping ||
                            (context.types.kind(type) == TypeKind::Struct && role == VariableRole::Local);
    const std::string_view location = in_storage                                ? "storage"
                                      : role == VariableRole::ExternalParameter ? "calldata"
                                                                                : "memory";
    context
        .report(code::wrong_location, fmt::format("a `{}` needs a data location here", context.types.name(type)),
                variable.range, "where does it live?")
        .helps.push_back(fmt::format("write {}", in_ticks(declaration_text(context, variable, location))));
    return false;
}

bool check_written_location(Context& context, const Variable& variable, TypeId type, VariableRole role) {
    const std::string name = context.types.name(type);
    if (role == VariableRole::State || role == VariableRole::Field || role == VariableRole::LogParameter) {
        const std::string_view what = role == VariableRole::State   ? "a state variable"
                                      : role == VariableRole::Field ? "a field of a struct"
                                                                    : "a parameter of an event or error";
        context.report(code::wrong_location, fmt::format("{} has no data location", what), variable.range)
            .helps.push_back(fmt::format(
                "write {}", in_ticks(fmt::format("{} {}", context.sources.text(context.tree[variable.type].range),
                                                 variable.name.text))));
        return false;
    }
    if (!needs_location(context.types, type)) {
        context
            .report(code::wrong_location, fmt::format("a `{}` has no data location", name), variable.range,
                    "it is a plain value")
            .helps.push_back("only bytes, string, arrays, structs and mappings have one: leave it out");
        return false;
    }
    if (role == VariableRole::ExternalParameter && variable.location == DataLocation::Storage) {
        context.report(code::wrong_location, "storage cannot be passed to or from outside", variable.range)
            .helps.push_back("write `memory` or `calldata`");
        return false;
    }
    return true;
}

bool check_mapping_place(Context& context, const Variable& variable, TypeId type, VariableRole role) {
    if (context.types.kind(type) != TypeKind::Mapping || role == VariableRole::State || role == VariableRole::Field)
        return true;
    if (role == VariableRole::Local && variable.location == DataLocation::Storage) return true;
    if (role == VariableRole::InternalParameter && variable.location == DataLocation::Storage) return true;
    context.report(code::bad_mapping, "a mapping lives in storage only", variable.range)
        .helps.push_back("use the state variable itself, or a local `storage` reference to it");
    return false;
}

// A type that contains a mapping exists only in storage.
bool check_inner_mappings(Context& context, const Variable& variable, TypeId type, VariableRole role) {
    const bool in_place =
        role == VariableRole::State || role == VariableRole::Field || variable.location == DataLocation::Storage;
    if (in_place || context.types.kind(type) == TypeKind::Mapping || !context.types.holds_mapping(type)) return true;
    context
        .report(code::bad_mapping,
                fmt::format("a `{}` has a mapping in it: it lives in storage only", context.types.name(type)),
                variable.range)
        .helps.push_back("use a `storage` reference to it");
    return false;
}

}  // namespace

TypeId resolve_elementary(Context& context, std::string_view text, bool payable, SourceRange range) {
    TypeTable& types = context.types;
    if (payable && text != "address" && text != "payable")
        context.report(code::not_payable, fmt::format("only an address can be payable, not a `{}`", text), range)
            .helps.push_back("leave `payable` out");
    if (text == "bool") return types.boolean();
    if (text == "address") return types.address(payable);
    if (text == "payable") return types.address(true);
    if (text == "string") return types.string(DataLocation::None);
    if (text == "bytes") return types.bytes(DataLocation::None);
    if (text.starts_with("uint")) return types.uint(size_in(text, 4, 256));
    if (text.starts_with("int")) return types.number(true, size_in(text, 3, 256));
    if (text == "byte") return types.fixed_bytes(1);
    if (text.starts_with("bytes")) return types.fixed_bytes(size_in(text, 5, 32));
    if (text.starts_with("fixed") || text.starts_with("ufixed")) {
        const std::size_t prefix = text.find('d') + 1, x = std::min(text.find('x', prefix), text.size());
        return types.fixed_point(text.starts_with('f'), size_in(text.substr(0, x), prefix, 128), size_in(text, x + 1, 18));
    }
    context.report(code::unknown_type, fmt::format("there is no type `{}`", text), range)
        .helps.push_back("write an integer type such as `uint256`");
    return {};
}

std::optional<BigInteger> constant_integer(Context& context, ExprId id) {
    const std::optional<ConstantNumber> number = constant_number(context, id);
    if (!number || denominator(number->value) != 1) return std::nullopt;
    return BigInteger(numerator(number->value));
}

TypeId array_of_length(Context& context, TypeId value, ExprId length) {
    const std::optional<BigInteger> number = constant_integer(context, length);
    if (!number) {
        context
            .report(code::bad_number, "the length of an array must be a number that is known here",
                    context.tree[length].range)
            .helps.push_back("write a whole number, or constants with such values");
        return {};
    }
    const BigInteger& count = *number;
    if (count <= 0 || bits_of(count) > 256) {
        context.report(code::bad_number, "no array has this length", context.tree[length].range,
                       count <= 0 ? "it must be at least 1" : "too long");
        return {};
    }
    return context.types.array(value, to_word(count));
}

TypeId resolve(Context& context, TypeNameId id) {
    if (!id) return {};
    const TypeId type = resolve_new(context, context.tree[id]);
    context.program.type_names[id.index] = type;
    return type;
}

TypeId resolve_variable(Context& context, VariableId id, VariableRole role) {
    Variable variable = context.tree[id];
    VariableInfo& info = context.info(id);
    const TypeId type = resolve(context, variable.type);
    variable.location = location_of(context, variable, type, role);
    info.is_local = role == VariableRole::Local;
    info.is_parameter = role == VariableRole::ExternalParameter || role == VariableRole::InternalParameter;
    info.is_field = role == VariableRole::Field;
    if (context.types.is_error(type)) return info.type = type;
    const bool location_fits = variable.location == DataLocation::None
                                   ? check_missing_location(context, variable, type, role)
                                   : check_written_location(context, variable, type, role);
    if (!location_fits || !check_mapping_place(context, variable, type, role) ||
        !check_inner_mappings(context, variable, type, role))
        return info.type = {};
    const DataLocation location = role == VariableRole::LogParameter ? DataLocation::Memory : variable.location;
    return info.type = context.types.at(type, location, location == DataLocation::Storage);
}

}  // namespace interlock::lang
