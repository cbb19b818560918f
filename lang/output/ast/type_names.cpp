// Writes types and paths as they are in the source.
#include <algorithm>

#include "lang/output/ast/writer.hpp"

#include <utility>

#include <fmt/format.h>

namespace interlock::lang::ast {

Json Writer::elementary(std::string_view name, bool payable, SourceRange range, TypeId type, std::uint32_t id) {
    Json json = node("ElementaryTypeName", id, range);
    json["name"] = name == "payable" ? "address" : name;
    json["typeDescriptions"] = type_json(types_.describe(type, DataLocation::Storage, true), false);
    if (name == "address" || name == "payable")
        json["stateMutability"] = payable || name == "payable" ? "payable" : "nonpayable";
    return json;
}

Json Writer::type_name(TypeNameId id) {
    const TypeName& type = tree_[id];
    const TypeId meaning = program_.type_names[id.index];
    switch (type.kind) {
        case TypeNameKind::Elementary: return elementary(type.elementary, type.payable, type.range, meaning, ids_.of(id));
        case TypeNameKind::UserDefined: {
            Json json = node("UserDefinedTypeName", ids_.of(id), type.range);
            json["pathNode"] = path(type.path, declaration_of(meaning));
            json["referencedDeclaration"] = declaration_of(meaning);
            json["typeDescriptions"] = type_json(types_.describe(meaning, DataLocation::Storage, true), false);
            return json;
        }
        case TypeNameKind::Mapping: {
            Json json = node("Mapping", ids_.of(id), type.range);
            json["keyType"] = type_name(type.key);
            json["keyType"].erase("stateMutability");  // solc reads no `payable` there
            json["valueType"] = type_name(type.value);
            json["keyName"] = type.key_name.text;
            json["keyNameLocation"] = name_src(type.key_name);
            json["valueName"] = type.value_name.text;
            json["valueNameLocation"] = name_src(type.value_name);
            json["typeDescriptions"] = type_json(types_.describe(meaning), false);
            return json;
        }
        case TypeNameKind::Array: {
            Json json = node("ArrayTypeName", ids_.of(id), type.range);
            json["baseType"] = type_name(type.value);
            if (type.length) json["length"] = expression(type.length);
            json["typeDescriptions"] = type_json(types_.describe(meaning, DataLocation::Storage, true), false);
            return json;
        }
        case TypeNameKind::Function: {
            // The range in solc's tree includes the next token.
            Json json = node("FunctionTypeName", ids_.of(id), between(token_at(type.range.begin), token_at(type.range.end)));
            const std::size_t opening = find(token_at(type.range.begin), TokenKind::LeftParen), end = closing(opening);
            const std::uint32_t outer = std::exchange(scope_, ids_.of(id));
            json["parameterTypes"] = parameters(type.parameters, between(opening, end), is_in_event_);
            const std::size_t behind = token_at(type.range.end);
            std::size_t returns = end;
            while (returns < behind && tokens_[returns].kind != TokenKind::Returns) ++returns;
            json["returnParameterTypes"] =
                parameters(type.returns, returns < behind ? between(returns + 1, closing(returns + 1)) : nothing_at(behind),
                           is_in_event_);
            scope_ = outer;
            json["visibility"] = type.visibility == Visibility::External ? "external" : "internal";
            json["stateMutability"] = word(type.mutability);
            json["typeDescriptions"] = type_json(types_.describe(meaning), false);
            return json;
        }
        case TypeNameKind::Error: break;
    }
    return nullptr;
}

Json Writer::path(const Path& path, std::uint32_t meaning) {
    Json json = fresh_node("IdentifierPath", path.range);
    std::string name;
    json["nameLocations"] = Json::array();
    for (const Name& part : path.parts) {
        name += (name.empty() ? "" : ".") + std::string(part.text);
        json["nameLocations"].push_back(src(part.range));
    }
    json["name"] = name;
    if (meaning != 0) json["referencedDeclaration"] = meaning;
    return json;
}

std::uint32_t Writer::declaration_of(TypeId id) const {
    const Type& type = program_[id];
    switch (type.kind) {
        case TypeKind::Contract: return ids_.of(type.contract);
        case TypeKind::Struct: return ids_.of(type.structure);
        case TypeKind::Enum: return ids_.of(type.enumeration);
        case TypeKind::UserValue: return ids_.of(type.value_type);
        default: return 0;
    }
}

// Returns a contract or library by its name, or a function of one or of a file.
std::uint32_t Writer::meaning_of(const Path& path) const {
    const Symbols* known = &symbols_[unit_.index];
    std::uint32_t found = 0;
    for (const Name& part : path.parts) {
        if (known != nullptr) {
            const auto place = known->find(part.text);
            if (place == known->end()) return 0;
            found = place->second.front();
            known = nullptr;
            for (const Unit& unit : tree_.units)
                for (const Import& each : unit.imports)
                    if (ids_.of_import(each.range.begin) == found) known = &symbols_[each.target.index];
            continue;
        }
        std::uint32_t inner = 0;
        for (std::uint32_t contract = 1; contract < tree_.contracts.size(); ++contract) {
            if (ids_.of(ContractId{contract}) != found) continue;
            for (const FunctionId function : tree_.contracts[contract].functions)
                if (tree_[function].name.text == part.text) inner = ids_.of(function);
        }
        if (inner == 0) return 0;
        found = inner;
    }
    return found;
}

// The first parts of a path as the expression that solc reads.
Json Writer::expression_of(const Path& path, std::size_t count) {
    const Name &first = path.parts.front(), &last = path.parts[count - 1];
    const Path outer{{path.parts.begin(), path.parts.begin() + static_cast<std::ptrdiff_t>(count) - (count > 1)},
                     {first.range.begin, path.parts[count > 1 ? count - 2 : 0].range.end}};
    const SourceRange range{first.range.begin, last.range.end};
    Json json;
    if (count == 1) {
        json = fresh_node("Identifier", range);
        json["name"] = last.text;
        json["overloadedDeclarations"] = Json::array();
    } else {
        json = fresh_node("MemberAccess", range);
        json["memberName"] = last.text;
        json["memberLocation"] = src(last.range);
        json["expression"] = expression_of(outer, count - 1);
        add_flags(json, {.is_pure = module_named(outer).has_value()});
    }
    const Path here{{path.parts.begin(), path.parts.begin() + static_cast<std::ptrdiff_t>(count)}, range};
    if (const std::uint32_t found = meaning_of(here)) {
        json["referencedDeclaration"] = found;
        const auto contract = std::ranges::find(tree_.top_contracts, found, [&](ContractId each) { return ids_.of(each); });
        if (contract != tree_.top_contracts.end())
            json["typeDescriptions"] = type_json(types_.meta(types_.contract(*contract)));
    }
    if (const auto unit = module_named(here))
        json["typeDescriptions"] = type_json(types_.module_of(sources_.file_of(tree_[*unit].range).path, *unit));
    return json;
}

// Returns the file that a path of names of files means.
std::optional<UnitId> Writer::module_named(const Path& path) const {
    const std::uint32_t found = meaning_of(path);
    for (const Unit& unit : tree_.units)
        for (const Import& each : unit.imports)
            if (found != 0 && ids_.of_import(each.range.begin) == found) return each.target;
    return std::nullopt;
}

Json Writer::expression_of(TypeNameId id) {
    const TypeName& type = tree_[id];
    const TypeId meaning = program_.type_names[id.index];
    const TypeText described = types_.meta(types_.describe(meaning, DataLocation::Storage, true));
    Json json;
    if (type.kind == TypeNameKind::Elementary) {
        json = fresh_node("ElementaryTypeNameExpression", type.range);
        add_flags(json, {.is_pure = true});
        json["typeName"] = node("ElementaryTypeName", ids_.of(id), type.range);
        json["typeName"]["name"] = type.elementary;
        if (type.payable) json["typeName"]["stateMutability"] = "payable";
        json["typeName"]["typeDescriptions"] = Json::object();
    } else if (type.kind == TypeNameKind::UserDefined) {
        json = expression_of(type.path, type.path.parts.size());
        json["referencedDeclaration"] = declaration_of(meaning);
    } else {
        return type_name(id);
    }
    json["typeDescriptions"] = type_json(described);
    return json;
}

}  // namespace interlock::lang::ast
