// Files, contracts and what they declare, in the order of the source.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lang/abi/abi.hpp"
#include "lang/output/ast/writer.hpp"

#include <utility>
#include "lang/program/data_layout.hpp"
#include "lang/program/dispatch.hpp"
#include "lang/program/raised.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::ast {

namespace {

std::string_view word(Visibility visibility, std::string_view otherwise) {
    switch (visibility) {
        case Visibility::Public: return "public";
        case Visibility::External: return "external";
        case Visibility::Internal: return "internal";
        case Visibility::Private: return "private";
        case Visibility::None: break;
    }
    return otherwise;
}

std::string_view word(DataLocation location) {
    switch (location) {
        case DataLocation::Memory: return "memory";
        case DataLocation::Storage: return "storage";
        case DataLocation::Calldata: return "calldata";
        case DataLocation::None: break;
    }
    return "default";
}

// Declarations of several kinds in the order of the source.
struct InOrder {
    std::vector<std::pair<std::uint32_t, Json>> parts;
    void add(SourceRange range, Json json) { parts.emplace_back(range.begin, std::move(json)); }
    Json list() {
        std::ranges::stable_sort(parts, {}, &std::pair<std::uint32_t, Json>::first);
        Json json = Json::array();
        for (auto& part : parts) json.push_back(std::move(part.second));
        return json;
    }
};

bool is_called_from_outside(Visibility visibility) {
    return visibility == Visibility::Public || visibility == Visibility::External;
}

}  // namespace

Json Writer::source_unit() {
    const auto file_end = static_cast<std::uint32_t>(file_.start + file_.text.size());
    Json json = node("SourceUnit", ids_.of(unit_), {tokens_.front().range.begin, file_end});
    json["absolutePath"] = file_.path;
    json["exportedSymbols"] = Json::object();
    for (const auto& [name, list] : symbols_[unit_.index]) json["exportedSymbols"][std::string(name)] = list;
    if (const auto license = license_of(file_, comments_)) json["license"] = *license;
    json["nodes"] = members_of(unit_);
    return json;
}

Json Writer::members_of(UnitId unit) {
    InOrder members;
    for (const Pragma& each : tree_[unit].pragmas) members.add(each.range, pragma(each));
    for (const Import& each : tree_[unit].imports) members.add(each.range, import(each));
    for (const ContractId id : tree_.top_contracts)
        if (tree_[id].unit == unit) members.add(tree_[id].range, contract(id));
    scope_ = ids_.of(unit);
    const auto add = [&](const auto& list, auto write) {
        for (const auto id : list)
            if (tree_[id].scope.unit == unit) members.add(tree_[id].range, (this->*write)(id));
    };
    add(tree_.top_structs, &Writer::structure);
    add(tree_.top_enums, &Writer::enumeration);
    add(tree_.top_events, &Writer::event);
    add(tree_.top_errors, &Writer::error);
    add(tree_.top_value_types, &Writer::value_type);
    add(tree_.top_usings, &Writer::using_for);
    for (const FunctionId id : tree_.top_functions)
        if (tree_[id].scope.unit == unit && !tree_[id].is_ghost) members.add(tree_[id].range, function(id));
    for (const VariableId id : tree_.top_constants)
        if (tree_[id].scope.unit == unit) members.add(tree_[id].range, variable(id));
    return members.list();
}

// solc keeps the tokens of a pragma and separates the numbers and signs of versions: "^", "0.8", ".24".
Json Writer::pragma(const Pragma& pragma) {
    Json json = fresh_node("PragmaDirective", pragma.range);
    json["literals"] = Json::array();
    std::string_view text = pragma.text;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_word = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        if (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r')) {
            ++at;
            continue;
        }
        if (is_digit(text[at]) || (text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1]))) {
            while (end < text.size() && is_digit(text[end])) ++end;
            if (end < text.size() && text[end] == '.')
                for (++end; end < text.size() && is_digit(text[end]);) ++end;
        } else if (is_word(text[at])) {
            while (end < text.size() && is_word(text[end])) ++end;
        } else {
            ++end;
            const bool is_double = end < text.size() && ((text[end] == '=' && (text[at] == '>' || text[at] == '<')) ||
                                                         (text[end] == '|' && text[at] == '|'));
            end += is_double;
        }
        json["literals"].push_back(text.substr(at, end - at));
        at = end;
    }
    return json;
}

Json Writer::import(const Import& import) {
    Json json = node("ImportDirective", ids_.of_import(import.range.begin), import.range);
    json["file"] = import.path;
    json["absolutePath"] = sources_.file_of(tree_[import.target].range).path;
    json["sourceUnit"] = ids_.of(import.target);
    json["scope"] = ids_.of(unit_);
    json["unitAlias"] = import.alias.text;
    json["nameLocation"] = name_src(import.alias);
    json["symbolAliases"] = Json::array();
    for (const ImportedName& each : import.names) {
        Json foreign = fresh_node("Identifier", each.name.range);
        foreign["name"] = each.name.text;
        foreign["overloadedDeclarations"] = Json::array();
        foreign["typeDescriptions"] = Json::object();
        const auto found = symbols_[import.target.index].find(each.name.text);
        if (found != symbols_[import.target.index].end() && found->second.size() == 1)
            foreign["referencedDeclaration"] = found->second.front();
        Json alias{{"foreign", std::move(foreign)}, {"nameLocation", "-1:-1:-1"}};
        if (!each.alias.text.empty()) alias["local"] = each.alias.text;
        json["symbolAliases"].push_back(std::move(alias));
    }
    return json;
}

// --- contracts ---

Json Writer::contract(ContractId id) {
    const Contract& contract = tree_[id];
    contract_ = id;
    scope_ = ids_.of(id);
    Json json = node("ContractDefinition", ids_.of(id), contract.range);
    document(json, contract.range.begin);
    json["name"] = json["canonicalName"] = contract.name.text;
    json["nameLocation"] = src(contract.name.range);
    json["abstract"] = contract.kind == ContractKind::AbstractContract;
    json["contractKind"] = contract.kind == ContractKind::Interface ? "interface"
                           : contract.kind == ContractKind::Library ? "library"
                                                                    : "contract";
    json["scope"] = ids_.of(unit_);
    json["fullyImplemented"] = is_implemented(id);
    json["linearizedBaseContracts"] = Json::array();
    for (const ContractId base : program_[id].linearization) json["linearizedBaseContracts"].push_back(ids_.of(base));
    json["contractDependencies"] = created_in(id);
    const Raised raised = raised_by(program_, id);
    json["usedErrors"] = json["usedEvents"] = Json::array();
    for (const ErrorId each : raised.errors) json["usedErrors"].push_back(ids_.of(each));
    for (const EventId each : raised.events) json["usedEvents"].push_back(ids_.of(each));
    json["baseContracts"] = Json::array();
    for (std::size_t i = 0; i < contract.bases.size(); ++i)
        json["baseContracts"].push_back(inheritance(contract.bases[i], program_[id].bases[i].contract));

    InOrder members;
    const auto add = [&](const auto& list, auto write) {
        for (const auto each : list) members.add(tree_[each].range, (this->*write)(each));
    };
    add(contract.modifiers, &Writer::modifier);
    add(contract.events, &Writer::event);
    add(contract.errors, &Writer::error);
    add(contract.structs, &Writer::structure);
    add(contract.enums, &Writer::enumeration);
    add(contract.value_types, &Writer::value_type);
    add(contract.usings, &Writer::using_for);
    for (const FunctionId each : contract.functions)
        if (!tree_[each].is_ghost) members.add(tree_[each].range, function(each));
    for (const VariableId each : contract.state_variables)
        if (!tree_[each].is_ghost) members.add(tree_[each].range, variable(each));
    json["nodes"] = members.list();
    contract_ = {};
    scope_ = ids_.of(unit_);
    return json;
}

Json Writer::inheritance(const Invocation& invocation, ContractId base) {
    Json json = fresh_node("InheritanceSpecifier", invocation.range);
    json["baseName"] = path(invocation.path, ids_.of(base));
    if (invocation.has_arguments) json["arguments"] = expressions(invocation.arguments);
    return json;
}

// Returns whether every function and modifier has a body in the most derived contract.
bool Writer::is_implemented(ContractId id) const {
    for (const ContractId base : program_[id].linearization) {
        for (const FunctionId function : tree_[base].functions) {
            if (tree_[function].body || tree_[function].is_ghost) continue;
            const bool by_getter = !program_[function].key.empty() && getter_with_key(program_, id, program_[function].key);
            if (!by_getter && !tree_[resolve_virtual(program_, function, id)].body) return false;
        }
        for (const ModifierId modifier : tree_[base].modifiers)
            if (!tree_[resolve_virtual(program_, modifier, id)].body) return false;
    }
    return true;
}

// Returns the contracts whose code becomes part of this one's, by `new` or type(C).creationCode.
std::vector<std::uint32_t> Writer::created_in(ContractId id) const {
    std::set<std::uint32_t> created;
    for (const ContractId base : program_[id].linearization) {
        const SourceRange range = tree_[base].range;
        for (auto each = creations_.lower_bound(range.begin); each != creations_.end() && each->first < range.end; ++each)
            created.insert(ids_.of(each->second));
    }
    return {created.begin(), created.end()};
}

// Returns the nearest declarations with that key in each direct base.
std::vector<std::uint32_t> Writer::base_functions(ContractId id, const std::string& key) const {
    std::vector<std::uint32_t> found;
    for (const BaseUse& base : program_[id].bases) {
        const auto& functions = tree_[base.contract].functions;
        const auto here = std::ranges::find_if(functions, [&](FunctionId each) { return program_[each].key == key; });
        std::vector<std::uint32_t> more =
            here != functions.end() ? std::vector{ids_.of(*here)} : base_functions(base.contract, key);
        for (const std::uint32_t each : more)
            if (std::ranges::find(found, each) == found.end()) found.push_back(each);
    }
    std::ranges::sort(found);
    return found;
}

std::vector<std::uint32_t> Writer::base_modifiers(ContractId id, std::string_view name) const {
    std::vector<std::uint32_t> found;
    for (const BaseUse& base : program_[id].bases) {
        const auto& modifiers = tree_[base.contract].modifiers;
        const auto here = std::ranges::find_if(modifiers, [&](ModifierId each) { return tree_[each].name.text == name; });
        std::vector<std::uint32_t> more =
            here != modifiers.end() ? std::vector{ids_.of(*here)} : base_modifiers(base.contract, name);
        for (const std::uint32_t each : more)
            if (std::ranges::find(found, each) == found.end()) found.push_back(each);
    }
    std::ranges::sort(found);
    return found;
}

// --- functions ---

void Writer::overriding(Json& declaration, const std::vector<Path>& overrides, SourceRange head) {
    const std::size_t begin = token_at(head.begin), behind = token_at(head.end);
    std::size_t at = begin;
    while (at < behind && tokens_[at].kind != TokenKind::Override) ++at;
    if (at == behind) return;
    const std::size_t last = overrides.empty() ? at : closing(at + 1);
    Json json = fresh_node("OverrideSpecifier", between(at, last));
    json["overrides"] = Json::array();
    for (const Path& each : overrides) json["overrides"].push_back(path(each, meaning_of(each)));
    declaration["overrides"] = std::move(json);
}

Json Writer::parameters(const std::vector<VariableId>& list, SourceRange range, bool is_indexable) {
    Json json = fresh_node("ParameterList", range);
    json["parameters"] = Json::array();
    for (const VariableId each : list) json["parameters"].push_back(variable(each, is_indexable));
    return json;
}

Json Writer::function(FunctionId id) {
    const Function& function = tree_[id];
    const FunctionInfo& info = program_[id];
    const bool is_ordinary = function.kind == FunctionKind::Function;
    const bool is_free = !function.scope.contract;
    const bool is_public_constructor =
        function.kind == FunctionKind::Constructor && tree_[function.scope.contract].kind != ContractKind::AbstractContract;
    Json json = node("FunctionDefinition", ids_.of(id), function.range);
    document(json, function.range.begin);
    json["name"] = is_ordinary ? function.name.text : "";
    json["nameLocation"] = is_ordinary ? src(function.name.range) : "-1:-1:-1";
    json["kind"] = is_free ? "freeFunction" : is_ordinary ? "function" : function.name.text;
    json["visibility"] = word(function.visibility, is_public_constructor ? "public" : "internal");
    json["stateMutability"] = word(function.mutability);
    json["virtual"] = function.is_virtual;
    json["implemented"] = static_cast<bool>(function.body);
    json["scope"] = scope_;
    if (is_ordinary && is_called_from_outside(function.visibility))
        json["functionSelector"] = fmt::format("{:08x}", info.selector);
    if (!info.key.empty() && !is_free && function.kind != FunctionKind::Constructor) {
        const auto bases = base_functions(function.scope.contract, info.key);
        if (!bases.empty()) json["baseFunctions"] = bases;
    }
    const std::uint32_t outer = std::exchange(scope_, ids_.of(id));
    const std::size_t behind_head = token_at(function.head.end);
    const std::size_t opening = find(token_at(function.name.range.end), TokenKind::LeftParen), end = closing(opening);
    std::size_t returns = end;
    while (returns < behind_head && tokens_[returns].kind != TokenKind::Returns) ++returns;
    json["parameters"] = parameters(function.parameters, between(opening, end));
    json["returnParameters"] = parameters(
        function.returns, returns < behind_head ? between(returns + 1, closing(returns + 1)) : nothing_at(behind_head));
    returns_ = number_of(json["returnParameters"]);
    overriding(json, function.overrides, {tokens_[end].range.begin, function.head.end});
    json["modifiers"] = Json::array();
    for (const Invocation& each : function.modifiers) json["modifiers"].push_back(invocation(each, info));
    if (function.body) json["body"] = block(function.body);
    scope_ = outer;
    return json;
}

Json Writer::invocation(const Invocation& invocation, const FunctionInfo& info) {
    Json json = fresh_node("ModifierInvocation", invocation.range);
    const std::string_view name = invocation.path.parts.back().text;
    const auto modifier =
        std::ranges::find_if(info.modifiers, [&](const ModifierUse& use) { return tree_[use.modifier].name.text == name; });
    std::uint32_t meaning = 0;
    if (modifier != info.modifiers.end()) {
        meaning = ids_.of(modifier->modifier);
    } else {
        for (const BaseUse& base : info.bases)
            if (tree_[base.contract].name.text == name) meaning = ids_.of(base.contract);
        if (meaning == 0) meaning = meaning_of(invocation.path);
    }
    json["kind"] = modifier != info.modifiers.end() ? "modifierInvocation" : "baseConstructorSpecifier";
    json["modifierName"] = path(invocation.path, meaning);
    if (invocation.has_arguments) json["arguments"] = expressions(invocation.arguments);
    return json;
}

Json Writer::modifier(ModifierId id) {
    const Modifier& modifier = tree_[id];
    Json json = node("ModifierDefinition", ids_.of(id), modifier.range);
    document(json, modifier.range.begin);
    json["name"] = modifier.name.text;
    json["nameLocation"] = src(modifier.name.range);
    json["virtual"] = modifier.is_virtual;
    json["visibility"] = "internal";
    const auto bases = base_modifiers(modifier.scope.contract, modifier.name.text);
    if (!bases.empty()) json["baseModifiers"] = bases;
    const std::uint32_t outer = std::exchange(scope_, ids_.of(id));
    const std::size_t behind_name = token_at(modifier.name.range.end);
    const bool has_list = tokens_[behind_name].kind == TokenKind::LeftParen;
    std::size_t body = behind_name;
    while (tokens_[body].kind != TokenKind::LeftBrace && tokens_[body].kind != TokenKind::Semicolon) ++body;
    json["parameters"] =
        parameters(modifier.parameters, has_list ? between(behind_name, closing(behind_name)) : nothing_at(behind_name));
    overriding(json, modifier.overrides, {modifier.name.range.end, tokens_[body].range.begin});
    returns_ = 0;
    if (modifier.body) json["body"] = block(modifier.body);
    scope_ = outer;
    return json;
}

// --- events, errors, types ---

Json Writer::event(EventId id) {
    const Event& event = tree_[id];
    Json json = node("EventDefinition", ids_.of(id), event.range);
    document(json, event.range.begin);
    json["name"] = event.name.text;
    json["nameLocation"] = src(event.name.range);
    json["anonymous"] = event.anonymous;
    const std::string signature = data::signature(program_, event.name.text, event.parameters);
    const vm::Hash hash = vm::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()});
    json["eventSelector"] = vm::to_hex(vm::ByteView(hash)).substr(2);
    const std::uint32_t outer = std::exchange(scope_, ids_.of(id));
    const std::size_t opening = token_at(event.name.range.end);
    json["parameters"] = parameters(event.parameters, between(opening, closing(opening)), true);
    scope_ = outer;
    return json;
}

Json Writer::error(ErrorId id) {
    const ErrorDefinition& error = tree_[id];
    Json json = node("ErrorDefinition", ids_.of(id), error.range);
    document(json, error.range.begin);
    json["name"] = error.name.text;
    json["nameLocation"] = src(error.name.range);
    const std::string signature = data::signature(program_, error.name.text, error.parameters);
    json["errorSelector"] = fmt::format("{:08x}", abi::selector(signature));
    const std::uint32_t outer = std::exchange(scope_, ids_.of(id));
    const std::size_t opening = token_at(error.name.range.end);
    json["parameters"] = parameters(error.parameters, between(opening, closing(opening)));
    scope_ = outer;
    return json;
}

namespace {

template <class Declaration>
std::string canonical(const Tree& tree, const Declaration& declaration) {
    const ContractId around = declaration.scope.contract;
    return (around ? std::string(tree[around].name.text) + "." : "") + std::string(declaration.name.text);
}

}  // namespace

Json Writer::structure(StructId id) {
    const Struct& structure = tree_[id];
    Json json = node("StructDefinition", ids_.of(id), structure.range);
    document(json, structure.range.begin);
    json["name"] = structure.name.text;
    json["canonicalName"] = canonical(tree_, structure);
    json["nameLocation"] = src(structure.name.range);
    json["scope"] = scope_;
    json["visibility"] = "public";
    const std::uint32_t outer = std::exchange(scope_, ids_.of(id));
    json["members"] = Json::array();
    for (const VariableId field : structure.fields) json["members"].push_back(variable(field));
    scope_ = outer;
    return json;
}

Json Writer::enumeration(EnumId id) {
    const Enum& enumeration = tree_[id];
    Json json = node("EnumDefinition", ids_.of(id), enumeration.range);
    document(json, enumeration.range.begin);
    json["name"] = enumeration.name.text;
    json["canonicalName"] = canonical(tree_, enumeration);
    json["nameLocation"] = src(enumeration.name.range);
    json["members"] = Json::array();
    for (std::size_t i = 0; i < enumeration.values.size(); ++i) {
        Json value = node("EnumValue", ids_.of_value(id, i), enumeration.values[i].range);
        value["name"] = enumeration.values[i].text;
        value["nameLocation"] = src(enumeration.values[i].range);
        json["members"].push_back(std::move(value));
    }
    return json;
}

Json Writer::value_type(ValueTypeId id) {
    const ValueType& type = tree_[id];
    Json json = node("UserDefinedValueTypeDefinition", ids_.of(id), type.range);
    json["name"] = type.name.text;
    json["canonicalName"] = canonical(tree_, type);
    json["nameLocation"] = src(type.name.range);
    json["underlyingType"] = type_name(type.underlying);
    return json;
}

Json Writer::using_for(UsingId id) {
    const Using& directive = tree_[id];
    Json json = node("UsingForDirective", ids_.of(id), directive.range);
    json["global"] = directive.is_global;
    if (directive.type) json["typeName"] = type_name(directive.type);
    if (!directive.library.parts.empty()) {
        json["libraryName"] = path(directive.library, meaning_of(directive.library));
        return json;
    }
    json["functionList"] = Json::array();
    for (const UsingFunction& each : directive.functions) {
        const std::string key = each.op.text.empty() ? "function" : "definition";
        Json entry{{key, path(each.path, meaning_of(each.path))}};
        if (!each.op.text.empty()) entry["operator"] = each.op.text;
        json["functionList"].push_back(std::move(entry));
    }
    return json;
}

// --- variables ---

Json Writer::variable(VariableId id, bool is_indexable) {
    const Variable& variable = tree_[id];
    const VariableInfo& info = program_[id];
    SourceRange range = without_semicolon(variable.range);
    const bool is_function = variable.type && tree_[variable.type].kind == TypeNameKind::Function;
    if (is_function && variable.name.text.empty())  // its range ends where that of the type does
        range.end = tokens_[token_at(tree_[variable.type].range.end)].range.end;
    Json json = node("VariableDeclaration", ids_.of(id), range);
    const bool is_state = info.is_state && variable.scope.contract;
    if (is_state) document(json, variable.range.begin);
    json["name"] = variable.name.text;
    json["nameLocation"] = name_src(variable.name);
    json["constant"] = variable.is_constant;
    json["mutability"] = variable.is_constant ? "constant" : variable.is_immutable ? "immutable" : "mutable";
    json["stateVariable"] = is_state;
    json["storageLocation"] = variable.is_transient ? "transient" : word(variable.location);
    json["visibility"] = word(variable.visibility, "internal");
    json["scope"] = scope_;
    if (is_indexable) json["indexed"] = variable.is_indexed;
    if (is_state && variable.visibility == Visibility::Public) {
        const std::string getter = data::signature(program_, variable.name.text, data::getter_keys(program_, info.type));
        json["functionSelector"] = fmt::format("{:08x}", abi::selector(getter));
        const auto bases = base_functions(variable.scope.contract, info.getter_key);
        if (!info.getter_key.empty() && !bases.empty()) json["baseFunctions"] = bases;
    }
    if (variable.is_override) overriding(json, variable.overrides, range);
    const bool was_in_event = std::exchange(is_in_event_, is_indexable);
    if (variable.type) json["typeName"] = type_name(variable.type);
    is_in_event_ = was_in_event;
    const bool is_local_storage = info.is_field || !info.is_state;
    const TypeText type =
        program_[info.type].location == DataLocation::None && program_[info.type].kind != TypeKind::Function
            ? types_.describe(info.type, variable.is_constant ? DataLocation::Memory : DataLocation::Storage,
                              is_local_storage)
            : types_.describe(info.type);
    json["typeDescriptions"] = type_json(type, false);
    if (variable.initial) json["value"] = expression(variable.initial);
    return json;
}

}  // namespace interlock::lang::ast
