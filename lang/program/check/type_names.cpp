// Writes types as text, as solc does in its messages.
#include <algorithm>

#include <fmt/format.h>

#include "lang/program/program.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang {
namespace {

template <class Id, class List>
std::string qualified(const Tree& tree, Id id, List Contract::*members, std::string_view name) {
    for (std::size_t i = 1; i < tree.contracts.size(); ++i) {
        const Contract& contract = tree.contracts[i];
        const List& list = contract.*members;
        if (std::find(list.begin(), list.end(), id) != list.end()) return fmt::format("{}.{}", contract.name.text, name);
    }
    return std::string(name);
}

std::string_view place_of(const Type& type) {
    switch (type.location) {
        case DataLocation::Memory: return " memory";
        case DataLocation::Calldata: return " calldata";
        case DataLocation::Storage: return " storage";
        case DataLocation::None: return "";
    }
    return "";
}

std::string list_of(const Program& program, const std::vector<TypeId>& types) {
    std::string text;
    for (const TypeId id : types) text += (text.empty() ? "" : ", ") + name_of(program, id);
    return text;
}

std::string name_of_magic(const Program& program, const Type& type) {
    switch (type.magic) {
        case MagicKind::Msg: return "msg";
        case MagicKind::Block: return "block";
        case MagicKind::Tx: return "tx";
        case MagicKind::Abi: return "abi";
        case MagicKind::Super: return "super";
        case MagicKind::Module: return "module";
        case MagicKind::MetaType: return fmt::format("type({})", name_of(program, type.value));
    }
    return "";
}

std::string name_of_rational(const Rational& rational) {
    return fmt::format("{} {}", rational.is_integer() ? "int_const" : "rational_const", to_string(rational.value));
}

std::string name_of_literal(std::string_view text) {
    std::string shown;
    for (const char c : text.substr(0, 32)) {
        const auto byte = static_cast<unsigned char>(c);
        shown += byte < 0x20 || byte >= 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
    }
    return fmt::format("literal_string \"{}{}\"", shown, text.size() > 32 ? "..." : "");
}

}  // namespace

std::string name_of(const Program& program, TypeId id) {
    const Type& type = program[id];
    const Tree& tree = *program.tree;
    switch (type.kind) {
        case TypeKind::Error: return "unknown type";
        case TypeKind::Bool: return "bool";
        case TypeKind::Uint: return fmt::format("uint{}", type.bits);
        case TypeKind::Int: return fmt::format("int{}", type.bits);
        case TypeKind::Fixed: return fmt::format("fixed{}x{}", type.bits, type.places);
        case TypeKind::Ufixed: return fmt::format("ufixed{}x{}", type.bits, type.places);
        case TypeKind::Address: return type.payable ? "address payable" : "address";
        case TypeKind::FixedBytes: return fmt::format("bytes{}", type.bits / 8);
        case TypeKind::Bytes: return fmt::format("bytes{}", place_of(type));
        case TypeKind::String: return fmt::format("string{}", place_of(type));
        case TypeKind::Enum:
            return "enum " + qualified(tree, type.enumeration, &Contract::enums, tree[type.enumeration].name.text);
        case TypeKind::Contract: return fmt::format("contract {}", tree[type.contract].name.text);
        case TypeKind::Struct:
            return fmt::format("struct {}{}",
                               qualified(tree, type.structure, &Contract::structs, tree[type.structure].name.text),
                               place_of(type));
        case TypeKind::Mapping:
            return fmt::format("mapping({} => {})", name_of(program, type.key), name_of(program, type.value));
        case TypeKind::Array:
            return fmt::format("{}[{}]{}", name_of(program, type.value), type.is_dynamic ? "" : vm::to_decimal(type.length),
                               place_of(type));
        case TypeKind::Tuple: return fmt::format("tuple({})", list_of(program, type.members));
        case TypeKind::Function: {
            const std::string results = list_of(program, type.results);
            constexpr std::string_view mutabilities[] = {"", " pure", " view", " payable"};
            return fmt::format(
                "function ({}){}{}{}", list_of(program, type.members),
                type.form == FunctionForm::Named ? "" : mutabilities[static_cast<std::size_t>(type.mutability)],
                type.form == FunctionForm::External ? " external" : "", results.empty() ? "" : " returns (" + results + ")");
        }
        case TypeKind::Meta: return fmt::format("type({})", name_of(program, type.value));
        case TypeKind::RationalLiteral: return name_of_rational(*type.rational);
        case TypeKind::StringLiteral: return name_of_literal(type.text);
        case TypeKind::Magic: return name_of_magic(program, type);
        case TypeKind::Integer: return "integer";
        case TypeKind::UserValue:
            return qualified(tree, type.value_type, &Contract::value_types, tree[type.value_type].name.text);
    }
    return "";
}

}  // namespace interlock::lang
