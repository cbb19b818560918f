// Writes assembly.
#include "lang/output/ast/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace interlock::lang::ast {

namespace {

std::string_view word(YulPart part) {
    switch (part) {
        case YulPart::Slot: return "slot";
        case YulPart::Offset: return "offset";
        case YulPart::Length: return "length";
        case YulPart::Selector: return "selector";
        case YulPart::Address: return "address";
        case YulPart::None: break;
    }
    return "";
}

}  // namespace

Json Writer::yul_node(std::string_view type, SourceRange range) const {
    return {{"nodeType", type}, {"src", src(range)}, {"nativeSrc", src(range)}};
}

Json Writer::assembly(StmtId id) {
    const Stmt& stmt = tree_[id];
    Json json = node("InlineAssembly", ids_.of(id), stmt.range);
    json["evmVersion"] = "cancun";
    for (std::size_t at = token_at(stmt.range.begin) + 1; tokens_[at].kind != TokenKind::LeftBrace; ++at) {
        const bool is_flag = tokens_[at].kind == TokenKind::String && tokens_[at - 1].kind != TokenKind::Assembly;
        if (is_flag) json["flags"].push_back(std::string(tokens_[at].text.substr(1, tokens_[at].text.size() - 2)));
    }
    json["AST"] = yul(stmt.assembly);
    json["externalReferences"] = Json::array();
    const SourceRange range = tree_[stmt.assembly].range;
    for (auto each = program_.yul_names.lower_bound(range.begin);
         each != program_.yul_names.end() && each->first < range.end; ++each) {
        const auto& [begin, name] = *each;
        // In assembly a dot is part of a name, but it is a token of its own.
        std::size_t last = token_at(begin);
        while (tokens_[last + 1].kind == TokenKind::Dot && tokens_[last].range.end == tokens_[last + 1].range.begin)
            last += 2;
        Json reference{{"declaration", ids_.of(name.variable)},
                       {"isOffset", name.part == YulPart::Offset},
                       {"isSlot", name.part == YulPart::Slot},
                       {"src", src({begin, tokens_[last].range.end})},
                       {"valueSize", 1}};
        if (name.part != YulPart::None) reference["suffix"] = word(name.part);
        json["externalReferences"].push_back(std::move(reference));
    }
    return json;
}

Json Writer::yul_names(const std::vector<Name>& names, std::string_view type) const {
    Json list = Json::array();
    for (const Name& name : names) {
        Json json = yul_node(type, name.range);
        json["name"] = name.text;
        if (type == "YulTypedName") json["type"] = "";
        list.push_back(std::move(json));
    }
    return list;
}

Json Writer::yul(YulStmtId id) {
    const YulStmt& stmt = tree_[id];
    switch (stmt.kind) {
        case YulStmtKind::Block: {
            Json json = yul_node("YulBlock", stmt.range);
            json["statements"] = Json::array();
            for (const YulStmtId each : stmt.list) json["statements"].push_back(yul(each));
            return json;
        }
        case YulStmtKind::Let: {
            Json json = yul_node("YulVariableDeclaration", stmt.range);
            json["variables"] = yul_names(stmt.names, "YulTypedName");
            if (stmt.expr) json["value"] = yul(stmt.expr);
            return json;
        }
        case YulStmtKind::Assign: {
            Json json = yul_node("YulAssignment", stmt.range);
            json["variableNames"] = yul_names(stmt.names, "YulIdentifier");
            json["value"] = yul(stmt.expr);
            return json;
        }
        case YulStmtKind::Expression: {
            Json json = yul_node("YulExpressionStatement", stmt.range);
            json["expression"] = yul(stmt.expr);
            return json;
        }
        case YulStmtKind::If: {
            Json json = yul_node("YulIf", stmt.range);
            json["condition"] = yul(stmt.expr);
            json["body"] = yul(stmt.body);
            return json;
        }
        case YulStmtKind::Switch: {
            Json json = yul_node("YulSwitch", stmt.range);
            json["expression"] = yul(stmt.expr);
            json["cases"] = Json::array();
            for (const YulCase& each : stmt.cases) {
                Json entry = yul_node("YulCase", each.range);
                entry["value"] = each.value ? yul(each.value) : Json("default");
                entry["body"] = yul(each.body);
                json["cases"].push_back(std::move(entry));
            }
            return json;
        }
        case YulStmtKind::For: {
            Json json = yul_node("YulForLoop", stmt.range);
            json["pre"] = yul(stmt.init);
            json["condition"] = yul(stmt.expr);
            json["post"] = yul(stmt.step);
            json["body"] = yul(stmt.body);
            return json;
        }
        case YulStmtKind::Break: return yul_node("YulBreak", stmt.range);
        case YulStmtKind::Continue: return yul_node("YulContinue", stmt.range);
        case YulStmtKind::Leave: return yul_node("YulLeave", stmt.range);
        case YulStmtKind::Function: {
            Json json = yul_node("YulFunctionDefinition", stmt.range);
            json["name"] = stmt.name.text;
            if (!stmt.names.empty()) json["parameters"] = yul_names(stmt.names, "YulTypedName");
            if (!stmt.results.empty()) json["returnVariables"] = yul_names(stmt.results, "YulTypedName");
            json["body"] = yul(stmt.body);
            return json;
        }
        case YulStmtKind::Error: break;
    }
    return nullptr;
}

Json Writer::yul(YulExprId id) {
    const YulExpr& expr = tree_[id];
    switch (expr.kind) {
        case YulExprKind::Name: {
            Json json = yul_node("YulIdentifier", expr.range);
            json["name"] = expr.text;
            return json;
        }
        case YulExprKind::Call: {
            Json json = yul_node("YulFunctionCall", expr.range);
            json["functionName"] = yul_names({Name{expr.text, expr.name_range}}, "YulIdentifier")[0];
            json["arguments"] = Json::array();
            for (const YulExprId each : expr.arguments) json["arguments"].push_back(yul(each));
            return json;
        }
        case YulExprKind::Number:
        case YulExprKind::Bool: {
            Json json = yul_node("YulLiteral", expr.range);
            json["kind"] = expr.kind == YulExprKind::Number ? "number" : "bool";
            json["type"] = "";
            json["value"] = expr.text;
            return json;
        }
        case YulExprKind::String:
        case YulExprKind::HexString: {
            Json json = yul_node("YulLiteral", expr.range);
            json["kind"] = "string";
            json["type"] = "";
            if (is_utf8(expr.text)) json["value"] = expr.text;
            json["hexValue"] =
                vm::to_hex(vm::ByteView(reinterpret_cast<const std::uint8_t*>(expr.text.data()), expr.text.size()))
                    .substr(2);
            return json;
        }
        case YulExprKind::Error: break;
    }
    return nullptr;
}

}  // namespace interlock::lang::ast
