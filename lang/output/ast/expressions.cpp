// Writes expressions and what they refer to. Their types are in expression_types.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "lang/output/ast/writer.hpp"
#include "lang/program/dispatch.hpp"

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
    constexpr std::array<std::string_view, 12> words{"",        "wei",     "gwei",  "szabo", "finney", "ether",
                                                     "seconds", "minutes", "hours", "days",  "weeks",  "years"};
    return words[static_cast<std::size_t>(unit)];
}

std::string hex_of(std::string_view text) {
    return vm::to_hex(vm::ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())).substr(2);
}

// The numbers that solc gives to words that are no functions. Those of functions stand in their list.
struct NumberedWord {
    std::string_view word;
    int number;
};
constexpr std::array numbered_words{
    NumberedWord{"abi", -1}, NumberedWord{"block", -4}, NumberedWord{"msg", -15},  NumberedWord{"super", -25},
    NumberedWord{"tx", -26}, NumberedWord{"type", -27}, NumberedWord{"this", -28},
};

// Returns 0 if the name is not built in.
int number_of(std::string_view name) {
    if (const BuiltinInfo* found = find_builtin(Holder::Plain, name)) return found->number;
    const auto word = std::ranges::find(numbered_words, name, &NumberedWord::word);
    return word == numbered_words.end() ? 0 : word->number;
}

}  // namespace

// solc prints the numbers as if they were unsigned.
std::uint32_t number_of_builtin(std::string_view name) { return static_cast<std::uint32_t>(number_of(name)); }

Json Writer::expressions(const std::vector<ExprId>& list) {
    Json json = Json::array();
    for (const ExprId each : list) json.push_back(each ? expression(each) : Json(nullptr));
    return json;
}

Json Writer::expression(ExprId id) {
    Json json = plain_expression(id);
    if (json.is_null() || tree_[id].kind == ExprKind::Name) return json;
    add_flags(json, flags_.of(id), flags_.is_requested(id));
    return json;
}

void Writer::add_flags(Json& expression, const Flags& flags, bool is_requested) {
    expression["isConstant"] = flags.is_constant;
    expression["isLValue"] = flags.is_l_value;
    expression["isPure"] = flags.is_pure;
    expression["lValueRequested"] = is_requested;
}

Json Writer::plain_expression(ExprId id) {
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
            // The range of solc's `payable` includes the following parenthesis.
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
        case ExprKind::Quantified: break;  // not part of plain Solidity
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
    json["hexValue"] = hex_of(json["value"].string());
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
        case Meaning::Module: return ids_.of_import(use.import);
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
        const Meaning kind = program_[id].use.meaning;
        if (kind == Meaning::Function || kind == Meaning::Event) json["overloadedDeclarations"] = overloads_of(expr.text);
        return json;
    }
    const std::uint32_t number = number_of_builtin(expr.text);
    if (number == 0) {
        if (const VariableId constant = constant_named(expr.text)) json["referencedDeclaration"] = ids_.of(constant);
        return json;
    }
    json["referencedDeclaration"] = number;
    const int forms = expr.text == "require" ? 3 : expr.text == "revert" ? 2 : 0;
    for (int i = 0; i < forms; ++i) json["overloadedDeclarations"].push_back(number);
    return json;
}

// Returns all functions or events that an unqualified name could mean here, or an empty list if it can mean only one.
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
            for (const EventId event : tree_[base].events) {
                if (tree_[event].name.text != name) continue;
                ++visible;
                found.push_back(ids_.of(event));
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
        if (!type) return json;  // solc leaves the argument types out
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
    callee["typeDescriptions"] = type_json(types_.describe(Callable{.kind = "metatype", .mutability = Mutability::Pure}));
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
    else json["commonType"] = type_json(types_.describe(common));
    return json;
}

}  // namespace interlock::lang::ast
