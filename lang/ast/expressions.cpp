// Expressions: what they are, what they refer to, and their types as solc names them. Where our checker gives a name no
// type of its own (a built-in function, an event, a function that is only called), solc's is put together here.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "lang/ast/writer.hpp"
#include "lang/dispatch.hpp"

namespace interlock::lang::ast {

namespace {

std::string_view word(UnaryOp op) {
    constexpr std::array<std::string_view, 6> words{"!", "~", "-", "++", "--", "delete"};
    return words[static_cast<std::size_t>(op)];
}

std::string_view word(BinaryOp op) {
    constexpr std::array<std::string_view, 21> words{"**", "*", "/",  "%",  "+",  "-",  "<<", ">>", "&",   "^",   "|",
                                                     "<",  ">", "<=", ">=", "==", "!=", "&&", "||", "==>", "<==>"};
    return words[static_cast<std::size_t>(op)];
}

std::string word(AssignOp op) { return op == AssignOp::Plain ? "=" : std::string(word(operation_of(op))) + "="; }

std::string_view word(NumberUnit unit) {
    constexpr std::array<std::string_view, 9> words{"",        "wei",   "gwei", "ether", "seconds",
                                                    "minutes", "hours", "days", "weeks"};
    return words[static_cast<std::size_t>(unit)];
}

std::string hex_of(std::string_view text) {
    return vm::to_hex(vm::ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())).substr(2);
}

// Built-in functions whose types never vary. Parameters and results as letters: u uint256, 8 uint8, b bool, w bytes32,
// 4 bytes4, r bytes20, a address, p address payable, m bytes memory, s string memory.
struct Row {
    Builtin builtin;
    std::string_view kind;
    Mutability mutability;
    std::string_view parameters, results;
};
constexpr std::array rows{
    Row{Builtin::Assert, "assert", Mutability::Pure, "b", ""},
    Row{Builtin::Keccak256, "keccak256", Mutability::Pure, "m", "w"},
    Row{Builtin::Sha256, "sha256", Mutability::Pure, "m", "w"},
    Row{Builtin::Ripemd160, "ripemd160", Mutability::Pure, "m", "r"},
    Row{Builtin::EcRecover, "ecrecover", Mutability::Pure, "w8ww", "a"},
    Row{Builtin::AddMod, "addmod", Mutability::Pure, "uuu", "u"},
    Row{Builtin::MulMod, "mulmod", Mutability::Pure, "uuu", "u"},
    Row{Builtin::BlockHash, "blockhash", Mutability::View, "u", "w"},
    Row{Builtin::BlobHash, "blobhash", Mutability::View, "u", "w"},
    Row{Builtin::GasLeft, "gasleft", Mutability::View, "", "u"},
    Row{Builtin::SelfDestruct, "selfdestruct", Mutability::NonPayable, "p", ""},
    Row{Builtin::AbiEncode, "abiencode", Mutability::Pure, "", "m"},
    Row{Builtin::AbiEncodePacked, "abiencodepacked", Mutability::Pure, "", "m"},
    Row{Builtin::AbiEncodeWithSelector, "abiencodewithselector", Mutability::Pure, "4", "m"},
    Row{Builtin::AbiEncodeWithSignature, "abiencodewithsignature", Mutability::Pure, "s", "m"},
    Row{Builtin::AbiEncodeCall, "abiencodecall", Mutability::Pure, "", "m"},
    Row{Builtin::AbiDecode, "abidecode", Mutability::Pure, "", ""},
    Row{Builtin::AddressCall, "barecall", Mutability::Payable, "m", "bm"},
    Row{Builtin::AddressDelegateCall, "baredelegatecall", Mutability::NonPayable, "m", "bm"},
    Row{Builtin::AddressStaticCall, "barestaticcall", Mutability::View, "m", "bm"},
    Row{Builtin::AddressSend, "send", Mutability::NonPayable, "u", "b"},
    Row{Builtin::AddressTransfer, "transfer", Mutability::NonPayable, "u", ""},
    Row{Builtin::BytesConcat, "bytesconcat", Mutability::Pure, "", "m"},
    Row{Builtin::StringConcat, "stringconcat", Mutability::Pure, "", "s"},
};

std::string_view name_of_letter(char letter) {
    switch (letter) {
        case '8': return "uint8";
        case 'b': return "bool";
        case 'w': return "bytes32";
        case '4': return "bytes4";
        case 'r': return "bytes20";
        case 'a': return "address";
        case 'p': return "address payable";
        case 'm': return "bytes memory";
        case 's': return "string memory";
        default: return "uint256";
    }
}

// The numbers that solc gives to what is built in, which it prints as if they were unsigned; `require` and `revert` are
// overloaded.
struct BuiltinNumber {
    std::string_view name;
    std::int32_t number;
    int overloads;
};
constexpr std::array builtin_numbers{
    BuiltinNumber{"abi", -1, 0},        BuiltinNumber{"addmod", -2, 0},        BuiltinNumber{"assert", -3, 0},
    BuiltinNumber{"block", -4, 0},      BuiltinNumber{"blockhash", -5, 0},     BuiltinNumber{"ecrecover", -6, 0},
    BuiltinNumber{"gasleft", -7, 0},    BuiltinNumber{"keccak256", -8, 0},     BuiltinNumber{"msg", -15, 0},
    BuiltinNumber{"mulmod", -16, 0},    BuiltinNumber{"require", -18, 3},      BuiltinNumber{"revert", -19, 2},
    BuiltinNumber{"ripemd160", -20, 0}, BuiltinNumber{"selfdestruct", -21, 0}, BuiltinNumber{"sha256", -22, 0},
    BuiltinNumber{"super", -25, 0},     BuiltinNumber{"tx", -26, 0},           BuiltinNumber{"type", -27, 0},
    BuiltinNumber{"this", -28, 0},      BuiltinNumber{"blobhash", -29, 0},
};

}  // namespace

std::uint32_t number_of_builtin(std::string_view name) {
    return static_cast<std::uint32_t>(std::ranges::find(builtin_numbers, name, &BuiltinNumber::name)->number);
}

Json Writer::expressions(const std::vector<ExprId>& list) {
    Json json = Json::array();
    for (const ExprId each : list) json.push_back(each ? expression(each) : Json(nullptr));
    return json;
}

Json Writer::expression(ExprId id) {
    const Expr& expr = tree_[id];
    const auto begun = [&](std::string_view type) {
        Json json = node(type, ids_.of(id), expr.range);
        describe(json, id);
        return json;
    };
    switch (expr.kind) {
        case ExprKind::Number:
        case ExprKind::String:
        case ExprKind::HexString:
        case ExprKind::Bool: return literal(id);
        case ExprKind::Name: return identifier(id);
        case ExprKind::Member: return member(id);
        case ExprKind::Call: return call(id);
        case ExprKind::TypeOf: return type_call(id);
        case ExprKind::Binary: return binary(id);
        case ExprKind::ElementaryType: {
            // solc's `payable` goes on to the parenthesis behind it.
            const SourceRange range =
                expr.text == "payable" ? between(token_at(expr.range.begin), token_at(expr.range.end)) : expr.range;
            Json json = node("ElementaryTypeNameExpression", ids_.of(id), range);
            describe(json, id);
            json["typeName"] = node("ElementaryTypeName", ids_.fresh(), range);
            json["typeName"]["name"] = expr.text == "payable" ? "address" : expr.text;
            if (expr.text == "payable" || expr.flag) json["typeName"]["stateMutability"] = "payable";
            json["typeName"]["typeDescriptions"] = Json::object();
            return json;
        }
        case ExprKind::Index: {
            Json json = begun("IndexAccess");
            json["baseExpression"] = expression(expr.a);
            if (expr.b) json["indexExpression"] = expression(expr.b);
            return json;
        }
        case ExprKind::Slice: {
            Json json = begun("IndexRangeAccess");
            json["baseExpression"] = expression(expr.a);
            if (expr.b) json["startExpression"] = expression(expr.b);
            if (expr.c) json["endExpression"] = expression(expr.c);
            return json;
        }
        case ExprKind::CallOptions: {
            Json json = begun("FunctionCallOptions");
            json["expression"] = expression(expr.a);
            json["names"] = Json::array();
            for (const Name& name : expr.names) json["names"].push_back(name.text);
            json["options"] = expressions(expr.list);
            return json;
        }
        case ExprKind::Unary:
        case ExprKind::PostfixUnary: {
            Json json = begun("UnaryOperation");
            json["operator"] = word(expr.unary);
            json["prefix"] = expr.kind == ExprKind::Unary;
            json["subExpression"] = expression(expr.a);
            if (program_[id].use.meaning == Meaning::Function) json["function"] = ids_.of(program_[id].use.function);
            return json;
        }
        case ExprKind::Conditional: {
            Json json = begun("Conditional");
            json["condition"] = expression(expr.a);
            json["trueExpression"] = expression(expr.b);
            json["falseExpression"] = expression(expr.c);
            return json;
        }
        case ExprKind::Assign: {
            Json json = begun("Assignment");
            json["operator"] = word(expr.assign);
            json["leftHandSide"] = expression(expr.a);
            json["rightHandSide"] = expression(expr.b);
            return json;
        }
        case ExprKind::Tuple:
        case ExprKind::ArrayLiteral: {
            Json json = begun("TupleExpression");
            json["isInlineArray"] = expr.kind == ExprKind::ArrayLiteral;
            json["components"] = expressions(expr.list);
            return json;
        }
        case ExprKind::New: {
            Json json = begun("NewExpression");
            json["typeName"] = type_name(expr.type);
            return json;
        }
        case ExprKind::Error:
        case ExprKind::Old:
        case ExprKind::Result:
        case ExprKind::Sum:
        case ExprKind::Quantified: break;  // not in plain Solidity
    }
    return nullptr;
}

Json Writer::literal(ExprId id) {
    const Expr& expr = tree_[id];
    Json json = node("Literal", ids_.of(id), expr.range);
    describe(json, id);
    const std::string_view first = tokens_[token_at(expr.range.begin)].text;
    switch (expr.kind) {
        case ExprKind::Bool:
            json["kind"] = "bool";
            json["value"] = expr.flag ? "true" : "false";
            break;
        case ExprKind::Number:
            json["kind"] = "number";
            json["value"] = expr.text;
            if (expr.unit != NumberUnit::None) json["subdenomination"] = word(expr.unit);
            break;
        default:
            json["kind"] = expr.kind == ExprKind::HexString ? "hexString"
                           : first.starts_with("unicode")   ? "unicodeString"
                                                            : "string";
            if (is_utf8(expr.text)) json["value"] = expr.text;
            json["hexValue"] = hex_of(expr.text);
            return json;
    }
    json["hexValue"] = hex_of(json["value"].get<std::string>());
    return json;
}

std::optional<std::int64_t> Writer::referenced(const Use& use) const {
    switch (use.meaning) {
        case Meaning::Variable: return ids_.of(use.variable);
        case Meaning::Function: return ids_.of(use.function);
        case Meaning::Event: return ids_.of(use.event);
        case Meaning::Error: return ids_.of(use.error);
        case Meaning::Contract: return ids_.of(use.contract);
        case Meaning::Struct: return ids_.of(use.structure);
        case Meaning::Enum: return ids_.of(use.enumeration);
        case Meaning::ValueType: return ids_.of(use.value_type);
        case Meaning::Module: return ids_.of(UnitId{use.number});
        case Meaning::EnumValue: return ids_.of_value(use.enumeration, use.number);
        case Meaning::Builtin:
        case Meaning::None: break;
    }
    return std::nullopt;
}

Json Writer::identifier(ExprId id) {
    const Expr& expr = tree_[id];
    Json json = node("Identifier", ids_.of(id), expr.range);
    describe(json, id);
    json["name"] = expr.text;
    json["overloadedDeclarations"] = Json::array();
    if (const auto meaning = referenced(program_[id].use)) {
        json["referencedDeclaration"] = *meaning;
        if (program_[id].use.meaning == Meaning::Function) json["overloadedDeclarations"] = overloads_of(expr.text);
        return json;
    }
    const auto builtin = std::ranges::find(builtin_numbers, expr.text, &BuiltinNumber::name);
    if (builtin == builtin_numbers.end()) {
        if (const VariableId constant = constant_named(expr.text)) json["referencedDeclaration"] = ids_.of(constant);
        return json;
    }
    const auto number = static_cast<std::uint32_t>(builtin->number);
    json["referencedDeclaration"] = number;
    for (int i = 0; i < builtin->overloads; ++i) json["overloadedDeclarations"].push_back(number);
    return json;
}

// All functions that an unqualified name could mean here; none where it means one only.
std::vector<std::uint32_t> Writer::overloads_of(std::string_view name) const {
    std::vector<std::uint32_t> found;
    std::set<std::string> keys;
    std::size_t visible = 0;
    if (contract_) {
        for (const ContractId base : program_[contract_].linearization) {
            for (const FunctionId function : tree_[base].functions) {
                const Visibility visibility = tree_[function].visibility;
                const bool is_inherited = visibility == Visibility::Public || visibility == Visibility::Internal;
                if (tree_[function].name.text != name || (base != contract_ && !is_inherited)) continue;
                ++visible;
                if (keys.insert(program_[function].key).second) found.push_back(ids_.of(function));
            }
        }
    }
    if (visible == 0) {
        const auto symbols = symbols_[unit_.index].find(name);
        if (symbols != symbols_[unit_.index].end()) found = symbols->second;
        visible = found.size();
    }
    if (visible < 2) found.clear();
    return found;
}

Json Writer::member(ExprId id) {
    const Expr& expr = tree_[id];
    Json json = node("MemberAccess", ids_.of(id), expr.range);
    describe(json, id);
    json["expression"] = expression(expr.a);
    json["memberName"] = expr.text;
    json["memberLocation"] = src(expr.name_range);
    if (const auto meaning = referenced(program_[id].use)) json["referencedDeclaration"] = *meaning;
    return json;
}

Json Writer::call(ExprId id) {
    const Expr& expr = tree_[id];
    Json json = node("FunctionCall", ids_.of(id), expr.range);
    describe(json, id);
    const CallForm form = program_[id].call;
    json["kind"] = form == CallForm::Conversion          ? "typeConversion"
                   : form == CallForm::StructConstructor ? "structConstructorCall"
                                                         : "functionCall";
    json["tryCall"] = false;
    json["names"] = json["nameLocations"] = Json::array();
    for (const Name& name : expr.names) {
        json["names"].push_back(name.text);
        json["nameLocations"].push_back(src(name.range));
    }
    json["arguments"] = expressions(expr.list);
    json["expression"] = expression(expr.a);
    if (const auto callee = chosen_by_arguments(expr.a, expr.list))
        json["expression"]["typeDescriptions"] = type_json(types_.describe(*callee));
    Json argument_types = Json::array();
    for (const ExprId argument : expr.list) {
        const auto type = type_of(argument);
        if (!type) return json;  // left out as a whole
        argument_types.push_back(type_json(*type));
    }
    json["expression"]["argumentTypes"] = argument_types;
    if (tree_[expr.a].kind == ExprKind::CallOptions) json["expression"]["expression"]["argumentTypes"] = argument_types;
    return json;
}

// type(T)
Json Writer::type_call(ExprId id) {
    const Expr& expr = tree_[id];
    Json json = node("FunctionCall", ids_.of(id), expr.range);
    describe(json, id);
    json["kind"] = "functionCall";
    json["tryCall"] = false;
    json["names"] = json["nameLocations"] = Json::array();
    json["arguments"] = Json::array({expression_of(expr.type)});
    Json callee = fresh_node("Identifier", tokens_[token_at(expr.range.begin)].range);
    callee["name"] = "type";
    callee["overloadedDeclarations"] = Json::array();
    callee["referencedDeclaration"] = number_of_builtin("type");
    callee["typeDescriptions"] =
        type_json(types_.describe(Callable{.kind = "metatype", .mutability = Mutability::Pure}));
    if (json["arguments"][0].contains("typeDescriptions"))
        callee["argumentTypes"] = Json::array({json["arguments"][0]["typeDescriptions"]});
    json["expression"] = std::move(callee);
    return json;
}

Json Writer::binary(ExprId id) {
    const Expr& expr = tree_[id];
    Json json = node("BinaryOperation", ids_.of(id), expr.range);
    describe(json, id);
    json["operator"] = word(expr.binary);
    json["leftExpression"] = expression(expr.a);
    json["rightExpression"] = expression(expr.b);
    if (program_[id].use.meaning == Meaning::Function) json["function"] = ids_.of(program_[id].use.function);
    const ExprInfo& left = program_[expr.a];
    const TypeId common = program_[program_[id].type].kind == TypeKind::RationalLiteral ? program_[id].type
                          : left.converted                                              ? left.converted
                                                                                        : left.type;
    if (program_[common].kind == TypeKind::Error && json.contains("typeDescriptions"))
        json["commonType"] = json["typeDescriptions"];
    else if (program_[common].kind != TypeKind::Function)
        json["commonType"] = type_json(types_.describe(common));
    return json;
}

// --- types ---

void Writer::describe(Json& expression, ExprId id) {
    if (const auto type = type_of(id)) expression["typeDescriptions"] = type_json(*type);
}

std::optional<TypeText> Writer::type_of(ExprId id) const {
    const Expr& expr = tree_[id];
    const ExprInfo& info = program_[id];
    if (expr.kind == ExprKind::CallOptions) {
        auto callable = builtin_of(expr.a);
        const Use& use = program_[expr.a].use;
        if (!callable && use.meaning == Meaning::Function) callable = this->callable(use.function, true);
        if (!callable) return std::nullopt;
        for (const std::string_view option : {"gas", "value", "salt"})
            if (std::ranges::any_of(expr.names, [&](const Name& name) { return name.text == option; }))
                callable->options += option;
        return types_.describe(*callable);
    }
    if (expr.kind == ExprKind::Tuple) {
        if (expr.list.size() == 1 && expr.list[0]) return type_of(expr.list[0]);
        std::vector<TypeText> parts;
        for (const ExprId part : expr.list) {
            const auto type = part ? type_of(part) : TypeText{};
            if (!type) return std::nullopt;
            parts.push_back(*type);
        }
        return types_.tuple(parts);
    }
    if (expr.kind == ExprKind::Name && expr.text == "super" && info.use.meaning != Meaning::Variable)
        return types_.meta(types_.super_of(contract_));
    if (expr.kind == ExprKind::Name || expr.kind == ExprKind::Member || expr.kind == ExprKind::New)
        if (const auto type = type_of_use(id)) return type;
    if (expr.kind == ExprKind::Slice) return types_.slice_of(info.type);
    const Type& type = program_[info.type];
    if (expr.kind == ExprKind::Index && type.kind == TypeKind::Meta)
        return types_.meta(types_.describe(type.value, DataLocation::Memory, true));
    if (type.kind == TypeKind::Error) return type_of_length(id);
    if (expr.kind == ExprKind::Call && info.call == CallForm::Conversion && type.location == DataLocation::Storage)
        return types_.describe(info.type, DataLocation::Storage, true);
    if (expr.kind == ExprKind::Call && info.call == CallForm::Error) return types_.elementary("error");
    if (type.kind == TypeKind::Function && type.form == FunctionForm::Named) return std::nullopt;
    return types_.describe(info.type);
}

// Our checker keeps of an array's length the value alone.
std::optional<TypeText> Writer::type_of_length(ExprId id) const {
    const Expr& expr = tree_[id];
    if (const auto type = types_.number(id)) return type;
    if (expr.kind == ExprKind::Name) {
        const VariableId constant = constant_named(expr.text);
        return constant ? std::optional(types_.describe(program_[constant].type)) : std::nullopt;
    }
    if (expr.kind != ExprKind::Binary) return std::nullopt;
    return types_.number(expr.a) ? type_of_length(expr.b) : type_of_length(expr.a);
}

VariableId Writer::constant_named(std::string_view name) const {
    if (contract_)
        for (const ContractId base : program_[contract_].linearization)
            for (const VariableId each : tree_[base].state_variables)
                if (tree_[each].name.text == name) return each;
    const auto symbol = symbols_[unit_.index].find(name);
    if (symbol != symbols_[unit_.index].end())
        for (const VariableId each : tree_.top_constants)
            if (ids_.of(each) == symbol->second.front()) return each;
    return {};
}

std::vector<TypeText> Writer::types_of(const std::vector<VariableId>& variables, bool in_memory) const {
    std::vector<TypeText> types;
    for (const VariableId each : variables) {
        const TypeId type = program_[each].type;
        const bool is_local_reference = program_[type].location == DataLocation::None;
        if (in_memory && program_[type].location != DataLocation::Storage)
            types.push_back(types_.describe(type, DataLocation::Memory, true));
        else
            types.push_back(is_local_reference ? types_.describe(type, DataLocation::Storage, true)
                                               : types_.describe(type));
    }
    return types;
}

Callable Writer::callable(FunctionId id, bool is_external) const {
    const Function& function = tree_[id];
    return {.kind = is_external ? "external" : "internal",
            .mutability = function.mutability,
            .parameters = types_of(function.parameters, is_external),
            .results = types_of(function.returns, is_external)};
}

std::optional<TypeText> Writer::type_of_use(ExprId id) const {
    const Expr& expr = tree_[id];
    const ExprInfo& info = program_[id];
    const Use& use = info.use;
    switch (use.meaning) {
        case Meaning::Function: {
            const Function& function = tree_[use.function];
            const ContractId around = function.scope.contract;
            const bool in_library = around && tree_[around].kind == ContractKind::Library;
            const bool is_public =
                function.visibility == Visibility::Public || function.visibility == Visibility::External;
            const bool is_member = expr.kind == ExprKind::Member && around;
            const bool names_only = is_member && !in_library &&
                                    program_[program_[expr.a].type].kind == TypeKind::Meta &&
                                    use.dispatch == Dispatch::None;
            const bool is_external = is_member && !in_library && !names_only && use.dispatch == Dispatch::None;
            const bool is_linked = is_member && in_library && is_public && use.dispatch == Dispatch::None;
            Callable made = callable(use.function, is_external || is_linked);
            if (names_only) {
                made.kind = "declaration";
                made.declaration = fmt::format("{}.{}", tree_[around].name.text, function.name.text);
            }
            if (is_linked) made.kind = "delegatecall";
            if (use.is_bound && !made.parameters.empty()) made.attached_to = {made.parameters.front()};
            return types_.describe(made);
        }
        case Meaning::Event: {
            Callable made{.kind = "event", .parameters = types_of(tree_[use.event].parameters, true)};
            return types_.describe(made);
        }
        case Meaning::Error: {
            Callable made{.kind = "error",
                          .mutability = Mutability::Pure,
                          .parameters = types_of(tree_[use.error].parameters, true)};
            made.results = {types_.elementary("error")};
            return types_.describe(made);
        }
        case Meaning::Variable:
            if (expr.kind == ExprKind::Member && program_[use.variable].is_state &&
                program_[program_[expr.a].type].kind == TypeKind::Contract)
                return types_.describe(types_.getter(use.variable));
            break;
        case Meaning::Module:
            return types_.module_of(sources_.file_of(tree_[UnitId{use.number}].range).path, UnitId{use.number});
        default: break;
    }
    if (const auto builtin = builtin_of(id)) return types_.describe(*builtin);
    if (use.builtin == Builtin::TypeName) return types_.elementary("string memory");
    return std::nullopt;
}

// The type of a built-in function, or of `new`.
std::optional<Callable> Writer::builtin_of(ExprId id) const {
    const Expr& expr = tree_[id];
    const ExprInfo& info = program_[id];
    if (expr.kind == ExprKind::New) {
        const TypeId type = program_.type_names[expr.type.index];
        if (program_[type].kind != TypeKind::Contract) {
            Callable made{.kind = "objectcreation", .mutability = Mutability::Pure};
            made.parameters = {types_.elementary("uint256")};
            made.results = {types_.describe(type, DataLocation::Memory, true)};
            return made;
        }
        const FunctionId constructor = own_function(tree_, program_[type].contract, FunctionKind::Constructor);
        Callable made{.kind = "creation"};
        if (constructor) made.parameters = types_of(tree_[constructor].parameters, true);
        if (constructor && tree_[constructor].mutability == Mutability::Payable) made.mutability = Mutability::Payable;
        made.results = {types_.describe(type)};
        return made;
    }
    if (info.use.meaning != Meaning::Builtin) return std::nullopt;
    const auto row = std::ranges::find(rows, info.use.builtin, &Row::builtin);
    if (row != rows.end()) {
        Callable made{.kind = row->kind, .mutability = row->mutability};
        for (const char letter : row->parameters) made.parameters.push_back(types_.elementary(name_of_letter(letter)));
        for (const char letter : row->results) made.results.push_back(types_.elementary(name_of_letter(letter)));
        return made;
    }
    if (info.use.builtin == Builtin::Wrap || info.use.builtin == Builtin::Unwrap) {
        const TypeId own = program_[program_[expr.a].type].value;
        const TypeText wrapped = types_.describe(own), under = types_.describe(program_[own].value);
        const bool wraps = info.use.builtin == Builtin::Wrap;
        return Callable{.kind = wraps ? "wrap" : "unwrap",
                        .mutability = Mutability::Pure,
                        .parameters = {wraps ? under : wrapped},
                        .results = {wraps ? wrapped : under}};
    }
    return std::nullopt;
}

// push and pop take the array as their first parameter.
Callable Writer::array_member(ExprId id, bool takes_nothing) const {
    const TypeId type = program_[tree_[id].a].type;
    const TypeText array = types_.describe(type, DataLocation::Storage, true);
    Callable made{.kind = program_[id].use.builtin == Builtin::ArrayPush ? "arraypush" : "arraypop",
                  .parameters = {array}};
    made.attached_to = {array};
    if (program_[id].use.builtin == Builtin::ArrayPop) return made;
    const TypeText element = program_[type].kind == TypeKind::Array
                                 ? types_.describe(program_[type].value, DataLocation::Storage, false)
                                 : types_.elementary("bytes1");
    (takes_nothing ? made.results : made.parameters).push_back(element);
    return made;
}

// require and revert are chosen by their arguments.
Callable Writer::failing(ExprId callee, const std::vector<ExprId>& arguments) const {
    const bool is_require = program_[callee].use.builtin == Builtin::Require;
    Callable made{.kind = is_require ? "require" : "revert", .mutability = Mutability::Pure};
    if (is_require) made.parameters.push_back(types_.elementary("bool"));
    if (arguments.size() <= made.parameters.size()) return made;
    const bool takes_error = program_[arguments.back()].call == CallForm::Error;
    made.parameters.push_back(types_.elementary(takes_error ? "error" : "string memory"));
    return made;
}

// Built-in functions of several forms.
std::optional<Callable> Writer::chosen_by_arguments(ExprId callee, const std::vector<ExprId>& arguments) const {
    switch (program_[callee].use.builtin) {
        case Builtin::Require:
        case Builtin::Revert: return failing(callee, arguments);
        case Builtin::ArrayPush:
        case Builtin::ArrayPop: return array_member(callee, arguments.empty());
        default: return std::nullopt;
    }
}

}  // namespace interlock::lang::ast
