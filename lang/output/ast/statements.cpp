// Writes statements. In solc's tree they do not include their `;`.
#include "lang/output/ast/writer.hpp"

#include <utility>

#include <charconv>

namespace interlock::lang::ast {

namespace {

std::uint32_t number_at(std::string_view text) {
    std::uint32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// A statement ends where its last part ends.
void end_with(Json& statement, const Json& part) {
    const std::string whole = statement["src"].string(), inner = part["src"].string();
    const auto second = [](const std::string& src) { return number_at(std::string_view(src).substr(src.find(':') + 1)); };
    const std::uint32_t begin = number_at(whole), end = number_at(inner) + second(inner);
    statement["src"] = std::to_string(begin) + ":" + std::to_string(end - begin) + whole.substr(whole.rfind(':'));
}

}  // namespace

// Statements that only specifications use are left out.
bool Writer::is_specification(StmtId id) const {
    const Stmt& stmt = tree_[id];
    if (stmt.kind == StmtKind::Assume || stmt.kind == StmtKind::Check) return true;
    if (stmt.kind == StmtKind::Expression && stmt.flag) return true;
    return stmt.kind == StmtKind::Declare && stmt.variables.size() == 1 && stmt.variables[0] &&
           tree_[stmt.variables[0]].is_ghost;
}

Json Writer::block(StmtId id) { return block_as(id, "Block", tree_[id].range); }

Json Writer::block_as(StmtId id, std::string_view type, SourceRange range) {
    Json json = node(type, ids_.of(id), range);
    const std::uint32_t outer = std::exchange(scope_, ids_.of(id));
    json["statements"] = Json::array();
    for (const StmtId each : tree_[id].list)
        if (!is_specification(each)) json["statements"].push_back(statement(each));
    scope_ = outer;
    return json;
}

Json Writer::statement(StmtId id) {
    const Stmt& stmt = tree_[id];
    const SourceRange range = without_semicolon(stmt.range);
    const auto begun = [&](std::string_view type) {
        Json json = node(type, ids_.of(id), range);
        document_statement(json, stmt.range.begin);
        return json;
    };
    switch (stmt.kind) {
        case StmtKind::Block: {
            Json json = block(id);
            document_statement(json, stmt.range.begin);
            return json;
        }
        case StmtKind::UncheckedBlock: {
            Json json = block_as(id, "UncheckedBlock", stmt.range);
            document_statement(json, stmt.range.begin);
            return json;
        }
        case StmtKind::If: {
            Json json = node("IfStatement", ids_.of(id), stmt.range);
            document_statement(json, stmt.range.begin);
            json["condition"] = expression(stmt.expr);
            json["trueBody"] = statement(stmt.body);
            if (stmt.other) json["falseBody"] = statement(stmt.other);
            end_with(json, json[stmt.other ? "falseBody" : "trueBody"]);
            return json;
        }
        case StmtKind::While:
        case StmtKind::DoWhile: {
            Json json = begun(stmt.kind == StmtKind::While ? "WhileStatement" : "DoWhileStatement");
            json["condition"] = expression(stmt.expr);
            json["body"] = statement(stmt.body);
            stmt.kind == StmtKind::While ? end_with(json, json["body"]) : void(json["src"] = src(stmt.range));
            return json;
        }
        case StmtKind::For: {
            Json json = begun("ForStatement");
            const std::uint32_t outer = std::exchange(scope_, ids_.of(id));
            if (stmt.init) json["initializationExpression"] = statement(stmt.init);
            if (stmt.expr) json["condition"] = expression(stmt.expr);
            if (stmt.step) {
                Json step = fresh_node("ExpressionStatement", tree_[stmt.step].range);
                step["expression"] = expression(stmt.step);
                json["loopExpression"] = std::move(step);
            }
            json["body"] = statement(stmt.body);
            end_with(json, json["body"]);
            scope_ = outer;
            return json;
        }
        case StmtKind::Break: return begun("Break");
        case StmtKind::Continue: return begun("Continue");
        case StmtKind::Return: {
            Json json = begun("Return");
            if (returns_ != 0) json["functionReturnParameters"] = returns_;
            if (stmt.expr) json["expression"] = expression(stmt.expr);
            else json["src"] = src(stmt.range);  // without the `;`
            return json;
        }
        case StmtKind::Emit: {
            Json json = begun("EmitStatement");
            json["eventCall"] = expression(stmt.expr);
            return json;
        }
        case StmtKind::Revert: {
            if (!stmt.expr) return revert_without_error(id);
            const Expr& call = tree_[stmt.expr];
            const bool is_builtin = call.kind == ExprKind::Call && program_[call.a].use.builtin == Builtin::Revert;
            Json json = begun(is_builtin ? "ExpressionStatement" : "RevertStatement");
            json[is_builtin ? "expression" : "errorCall"] = expression(stmt.expr);
            return json;
        }
        case StmtKind::Placeholder: return begun("PlaceholderStatement");
        case StmtKind::Declare: return declaration_statement(id);
        case StmtKind::Expression: {
            Json json = begun("ExpressionStatement");
            json["expression"] = expression(stmt.expr);
            return json;
        }
        case StmtKind::Try: return try_statement(id);
        case StmtKind::Assembly: {
            Json json = assembly(id);
            document_statement(json, stmt.range.begin);
            return json;
        }
        case StmtKind::Assume:
        case StmtKind::Check:
        case StmtKind::Error: break;
    }
    return fresh_node("Block", {stmt.range.begin, stmt.range.begin});
}

Json Writer::declaration_statement(StmtId id) {
    const Stmt& stmt = tree_[id];
    Json json = node("VariableDeclarationStatement", ids_.of(id), without_semicolon(stmt.range));
    document_statement(json, stmt.range.begin);
    json["assignments"] = Json::array();
    json["declarations"] = Json::array();
    for (const VariableId each : stmt.variables) {
        json["assignments"].push_back(each ? Json(ids_.of(each)) : Json(nullptr));
        json["declarations"].push_back(each ? variable(each) : Json(nullptr));
    }
    // solc reads an array's type here as an expression, which has no `payable`.
    for (Json& each : json["declarations"].elements()) {
        if (each.is_null() || each["typeName"]["nodeType"].string() != "ArrayTypeName") continue;
        Json* element = &each["typeName"];
        while ((*element)["nodeType"].string() == "ArrayTypeName") element = &(*element)["baseType"];
        if ((*element)["nodeType"].string() == "ElementaryTypeName") element->erase("stateMutability");
    }
    if (stmt.expr) json["initialValue"] = expression(stmt.expr);
    return json;
}

// Our tree has no call for `revert();`.
Json Writer::revert_without_error(StmtId id) {
    const SourceRange range = without_semicolon(tree_[id].range);
    Json json = node("ExpressionStatement", ids_.of(id), range);
    document_statement(json, range.begin);
    Callable revert{.kind = "revert", .mutability = Mutability::Pure};
    Json callee = fresh_node("Identifier", tokens_[token_at(range.begin)].range);
    callee["name"] = "revert";
    callee["referencedDeclaration"] = number_of_builtin("revert");
    callee["overloadedDeclarations"] = Json::array({number_of_builtin("revert"), number_of_builtin("revert")});
    callee["argumentTypes"] = Json::array();
    callee["typeDescriptions"] = type_json(types_.describe(revert));
    Json call = fresh_node("FunctionCall", range);
    add_flags(call, {});
    call["kind"] = "functionCall";
    call["tryCall"] = false;
    call["names"] = call["nameLocations"] = call["arguments"] = Json::array();
    call["expression"] = std::move(callee);
    call["typeDescriptions"] = type_json(types_.tuple({}));
    json["expression"] = std::move(call);
    return json;
}

Json Writer::try_statement(StmtId id) {
    const Stmt& stmt = tree_[id];
    Json json = node("TryStatement", ids_.of(id), stmt.range);
    document_statement(json, stmt.range.begin);
    json["externalCall"] = expression(stmt.expr);
    json["externalCall"]["tryCall"] = true;
    json["clauses"] = Json::array();

    const std::size_t behind_call = token_at(tree_[stmt.expr].range.end);
    const bool has_results = tokens_[behind_call].kind == TokenKind::Returns;
    Json success = fresh_node(
        "TryCatchClause",
        {has_results ? tokens_[behind_call].range.begin : tree_[stmt.body].range.begin, tree_[stmt.body].range.end});
    const std::uint32_t outer = std::exchange(scope_, number_of(success));
    success["errorName"] = "";
    if (has_results) success["parameters"] = parameters(stmt.variables, between(behind_call + 1, closing(behind_call + 1)));
    success["block"] = block(stmt.body);
    json["clauses"].push_back(std::move(success));
    for (const Catch& each : stmt.catches) {
        Json clause = fresh_node("TryCatchClause", each.range);
        scope_ = number_of(clause);
        clause["errorName"] = each.name.text;
        const std::size_t opening = find(token_at(each.range.begin), TokenKind::LeftParen);
        if (tokens_[opening].range.begin < tree_[each.body].range.begin)
            clause["parameters"] = parameters(each.parameters, between(opening, closing(opening)));
        clause["block"] = block(each.body);
        json["clauses"].push_back(std::move(clause));
    }
    scope_ = outer;
    return json;
}

}  // namespace interlock::lang::ast
