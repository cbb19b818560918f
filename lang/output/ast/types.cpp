#include "lang/output/ast/types.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lang/program/data_layout.hpp"
#include "lang/program/rational.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::ast {

namespace {

TypeText plain(std::string text, std::string identifier) {
    std::string unlocated = text;
    return {std::move(text), std::move(unlocated), std::move(identifier)};
}

std::string_view suffix_of(DataLocation location, bool is_pointer) {
    switch (location) {
        case DataLocation::Memory: return " memory";
        case DataLocation::Calldata: return " calldata";
        default: return is_pointer ? " storage pointer" : " storage ref";
    }
}

std::string_view identifier_suffix_of(DataLocation location, bool is_pointer) {
    switch (location) {
        case DataLocation::Memory: return "_memory_ptr";
        case DataLocation::Calldata: return "_calldata_ptr";
        default: return is_pointer ? "_storage_ptr" : "_storage";
    }
}

TypeText placed(const std::string& text, const std::string& unlocated, const std::string& identifier, DataLocation location,
                bool is_pointer) {
    return {text + std::string(suffix_of(location, is_pointer)), unlocated,
            identifier + std::string(identifier_suffix_of(location, is_pointer))};
}

std::string joined(const std::vector<TypeText>& types, std::string TypeText::*part) {
    std::string text;
    for (std::size_t i = 0; i < types.size(); ++i) text += (i ? "," : "") + types[i].*part;
    return text;
}

// Long numbers are shown without their middle.
std::string shortened(const BigInteger& number) {
    const std::string digits = number.str();
    if (digits.size() <= 32) return digits;
    return fmt::format("{}...({} digits omitted)...{}", digits.substr(0, 4), digits.size() - 8,
                       digits.substr(digits.size() - 4));
}

std::optional<BigRational> value_of(const Tree& tree, ExprId id) {
    const Expr& expr = tree[id];
    if (expr.kind == ExprKind::Number) {
        const auto literal = parse_number(expr.text, expr.unit);
        return literal ? std::optional(literal->value) : std::nullopt;
    }
    if (expr.kind == ExprKind::Tuple && expr.list.size() == 1) return value_of(tree, expr.list[0]);
    if (expr.kind != ExprKind::Binary) return std::nullopt;
    const auto a = value_of(tree, expr.a), b = value_of(tree, expr.b);
    return a && b ? fold(expr.binary, *a, *b) : std::nullopt;
}

}  // namespace

std::string_view word(Mutability mutability) {
    switch (mutability) {
        case Mutability::Pure: return "pure";
        case Mutability::View: return "view";
        case Mutability::Payable: return "payable";
        case Mutability::NonPayable: break;
    }
    return "nonpayable";
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80             ? 1
                                   : (lead & 0xe0) == 0xc0 ? 2
                                   : (lead & 0xf0) == 0xe0 ? 3
                                   : (lead & 0xf8) == 0xf0 ? 4
                                                           : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
        i += length;
    }
    return true;
}

std::string escaped(std::string_view identifier) {
    std::string text;
    for (const char c : identifier) {
        if (c == '$') text += "$$$";
        else if (c == ',') text += "_$_";
        else if (c == '(') text += "$_";
        else if (c == ')') text += "_$";
        else text += c;
    }
    return text;
}

TypeText Types::elementary(std::string_view name) const {
    const auto space = name.find(' ');
    const std::string_view type = name.substr(0, space);
    if (space == std::string_view::npos) return plain(std::string(name), fmt::format("t_{}", name));
    if (type == "address") return plain(std::string(name), "t_address_payable");
    return placed(std::string(type), std::string(type), fmt::format("t_{}", type), DataLocation::Memory, false);
}

template <class Declaration, class Id>
TypeText Types::named(std::string_view kind, const Declaration& declaration, Id id) const {
    const ContractId around = declaration.scope.contract;
    const std::string name = (around ? std::string(tree_[around].name.text) + "." : "") + std::string(declaration.name.text);
    return plain(name, fmt::format("t_{}({}){}", kind, declaration.name.text, ids_.of(id)));
}

TypeText Types::contract(ContractId id) const {
    const Contract& contract = tree_[id];
    return plain(fmt::format("{} {}", contract.kind == ContractKind::Library ? "library" : "contract", contract.name.text),
                 fmt::format("t_contract({}){}", contract.name.text, ids_.of(id)));
}

TypeText Types::slice_of(TypeId type) const {
    TypeText text = describe(type);
    text.text += " slice";
    text.identifier += "_slice";
    return text;
}

std::optional<TypeText> Types::number(ExprId id) const {
    const auto value = value_of(tree_, id);
    return value ? std::optional(rational(Rational{*value})) : std::nullopt;
}

TypeText Types::rational(const Rational& rational) const {
    const BigRational& value = rational.value;
    const BigInteger top = numerator(value), bottom = denominator(value);
    const BigInteger magnitude = abs(top);
    const std::string identifier =
        fmt::format("t_rational_{}{}_by_{}", top < 0 ? "minus_" : "", magnitude.str(), bottom.str());
    const std::string shown = (top < 0 ? "-" : "") + shortened(magnitude);
    return plain(bottom == 1 ? "int_const " + shown : fmt::format("rational_const {} / {}", shown, shortened(bottom)),
                 identifier);
}

TypeText Types::literal(std::string_view text) const {
    const vm::ByteView bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    const std::string identifier = "t_stringliteral_" + vm::to_hex(vm::ByteView(vm::keccak256(bytes))).substr(2);
    const bool is_printable = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
    if (is_printable) return plain(fmt::format("literal_string \"{}\"", text), identifier);
    return plain(fmt::format("literal_string hex\"{}\"", vm::to_hex(bytes).substr(2)), identifier);
}

TypeText Types::super_of(ContractId id) const {
    const auto name = tree_[id].name.text;
    return plain(fmt::format("contract super {}", name), fmt::format("t_super({}){}", name, ids_.of(id)));
}

TypeText Types::module_of(std::string_view path, UnitId unit) const {
    return plain(fmt::format("module \"{}\"", path), fmt::format("t_module_{}", ids_.of(unit)));
}

TypeText Types::magic(const Type& type) const {
    switch (type.magic) {
        case MagicKind::Msg: return plain("msg", "t_magic_message");
        case MagicKind::Block: return plain("block", "t_magic_block");
        case MagicKind::Tx: return plain("tx", "t_magic_transaction");
        case MagicKind::Abi: return plain("abi", "t_magic_abi");
        case MagicKind::MetaType: {
            const TypeText of = describe(type.value, DataLocation::Storage, true);
            return plain("type(" + of.text + ")", "t_magic_meta_type_" + of.identifier);
        }
        case MagicKind::Module: return module_of(program_.sources->file_of(tree_[type.unit].range).path, type.unit);
        case MagicKind::Super: break;  // known only by the contract around it
    }
    return plain("", "");
}

TypeText Types::meta(const TypeText& of) const { return plain("type(" + of.text + ")", "t_type(" + of.identifier + ")"); }

TypeText Types::tuple(const std::vector<TypeText>& of) const {
    return {"tuple(" + joined(of, &TypeText::text) + ")", "tuple(" + joined(of, &TypeText::unlocated) + ")",
            "t_tuple(" + joined(of, &TypeText::identifier) + ")"};
}

TypeText Types::describe(TypeId id) const {
    const Type& type = program_[id];
    // A type without a location of its own is part of a declaration.
    return describe(id, type.location == DataLocation::None ? DataLocation::Storage : type.location, type.is_pointer);
}

TypeText Types::describe(TypeId id, DataLocation location, bool is_pointer) const {
    const Type& type = program_[id];
    switch (type.kind) {
        case TypeKind::Bytes: return placed("bytes", "bytes", "t_bytes", location, is_pointer);
        case TypeKind::String: return placed("string", "string", "t_string", location, is_pointer);
        case TypeKind::Address:
            return type.payable ? plain("address payable", "t_address_payable") : plain("address", "t_address");
        case TypeKind::Enum: {
            TypeText text = named("enum", tree_[type.enumeration], type.enumeration);
            text.text = text.unlocated = "enum " + text.text;
            return text;
        }
        case TypeKind::Contract: return contract(type.contract);
        case TypeKind::UserValue: return named("userDefinedValueType", tree_[type.value_type], type.value_type);
        case TypeKind::Struct: {
            const TypeText text = named("struct", tree_[type.structure], type.structure);
            return placed("struct " + text.text, "struct " + text.text, text.identifier, location, is_pointer);
        }
        case TypeKind::Mapping: {
            const TypeText key = describe(type.key, DataLocation::Memory, true);
            const TypeText value = describe(type.value, DataLocation::Storage, false);
            return {fmt::format("mapping({} => {})", key.text, value.text),
                    fmt::format("mapping({} => {})", key.unlocated, value.unlocated),
                    fmt::format("t_mapping({},{})", key.identifier, value.identifier)};
        }
        case TypeKind::Array: {
            const TypeText element = describe(type.value, location, false);
            const std::string length = type.is_dynamic ? "" : vm::to_decimal(type.length);
            return placed(fmt::format("{}[{}]", element.text, length), fmt::format("{}[{}]", element.unlocated, length),
                          fmt::format("t_array({}){}", element.identifier, type.is_dynamic ? "dyn" : length), location,
                          is_pointer);
        }
        case TypeKind::Tuple: {
            std::vector<TypeText> members;
            for (const TypeId member : type.members) members.push_back(member ? describe(member) : TypeText{});
            return tuple(members);
        }
        case TypeKind::Function: return describe(function(type));
        case TypeKind::Meta: return meta(describe(type.value, DataLocation::Storage, true));
        case TypeKind::RationalLiteral: return rational(*type.rational);
        case TypeKind::StringLiteral: return literal(type.text);
        case TypeKind::Magic: return magic(type);
        default: break;
    }
    return plain(name_of(program_, id), "t_" + name_of(program_, id));
}

TypeText Types::describe(const Callable& callable) const {
    const auto written = [&](std::string TypeText::*part) {
        const std::string name = callable.declaration.empty() ? "" : callable.declaration;
        const std::string results = joined(callable.results, part);
        return fmt::format(
            "function {}({}){}{}{}", name, joined(callable.parameters, part),
            callable.mutability == Mutability::NonPayable ? "" : fmt::format(" {}", word(callable.mutability)),
            callable.kind == "external" ? " external" : "", results.empty() ? "" : " returns (" + results + ")");
    };
    std::string identifier = fmt::format("t_function_{}_{}({})returns({}){}", callable.kind, word(callable.mutability),
                                         joined(callable.parameters, &TypeText::identifier),
                                         joined(callable.results, &TypeText::identifier), callable.options);
    if (!callable.attached_to.empty())
        identifier += "attached_to(" + joined(callable.attached_to, &TypeText::identifier) + ")";
    return {written(&TypeText::text), written(&TypeText::unlocated), std::move(identifier)};
}

Callable Types::function(const Type& type) const {
    Callable callable{.kind = type.form == FunctionForm::External ? "external" : "internal", .mutability = type.mutability};
    for (const TypeId each : type.members) callable.parameters.push_back(describe(each));
    for (const TypeId each : type.results) callable.results.push_back(describe(each));
    return callable;
}

Callable Types::getter(VariableId id) const {
    Callable callable{.kind = "external", .mutability = tree_[id].is_constant ? Mutability::Pure : Mutability::View};
    const auto in_memory = [&](TypeId type) { return describe(type, DataLocation::Memory, true); };
    TypeId end = program_[id].type;
    for (; program_[end].kind == TypeKind::Mapping || program_[end].kind == TypeKind::Array; end = program_[end].value)
        callable.parameters.push_back(
            in_memory(program_[end].kind == TypeKind::Array ? program_.uint256 : program_[end].key));
    if (program_[end].kind != TypeKind::Struct) {
        callable.results.push_back(in_memory(end));
        return callable;
    }
    for (const VariableId field : data::fields(program_, end)) {
        const TypeKind kind = program_[program_[field].type].kind;
        if (kind != TypeKind::Mapping && kind != TypeKind::Array)
            callable.results.push_back(in_memory(program_[field].type));
    }
    return callable;
}

}  // namespace interlock::lang::ast
