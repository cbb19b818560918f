// Writes nodes, places and comments.
#include "lang/output/ast/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lang/output/ast/ast.hpp"

namespace interlock::lang::ast {

namespace {

template <class Declaration>
void add(Symbols& symbols, const Declaration& declaration, std::uint32_t id) {
    symbols[declaration.name.text].push_back(id);
}

template <class Declaration, class IdType>
void add_all(std::vector<Symbols>& symbols, const Tree& tree, const NodeIds& ids, const std::vector<IdType>& list) {
    for (const IdType id : list) {
        const Declaration& declaration = tree[id];
        add(symbols[declaration.scope.unit.index], declaration, ids.of(id));
    }
}

// Returns the names that each file makes visible to the files that import it.
std::vector<Symbols> symbols_of(const Tree& tree, const NodeIds& ids) {
    std::vector<Symbols> symbols(tree.units.size());
    for (const ContractId id : tree.top_contracts) add(symbols[tree[id].unit.index], tree[id], ids.of(id));
    add_all<Function>(symbols, tree, ids, tree.top_functions);
    add_all<Struct>(symbols, tree, ids, tree.top_structs);
    add_all<Enum>(symbols, tree, ids, tree.top_enums);
    add_all<Event>(symbols, tree, ids, tree.top_events);
    add_all<ErrorDefinition>(symbols, tree, ids, tree.top_errors);
    add_all<Variable>(symbols, tree, ids, tree.top_constants);
    add_all<ValueType>(symbols, tree, ids, tree.top_value_types);
    const auto merge = [](std::vector<std::uint32_t>& into, const std::vector<std::uint32_t>& more) {
        bool is_new = false;
        for (const std::uint32_t id : more) {
            if (std::ranges::find(into, id) != into.end()) continue;
            into.push_back(id);
            is_new = true;
        }
        return is_new;
    };
    for (bool changed = true; changed;) {  // files may import each other
        changed = false;
        for (std::size_t unit = 1; unit < tree.units.size(); ++unit) {
            for (const Import& import : tree.units[unit].imports) {
                if (!import.target) continue;
                Symbols& here = symbols[unit];
                const Symbols there = symbols[import.target.index];
                if (!import.alias.text.empty()) {
                    changed |= merge(here[import.alias.text], {ids.of_import(import.range.begin)});
                } else if (import.has_names) {
                    for (const ImportedName& each : import.names) {
                        const auto found = there.find(each.name.text);
                        if (found != there.end())
                            changed |=
                                merge(here[each.alias.text.empty() ? each.name.text : each.alias.text], found->second);
                    }
                } else {
                    for (const auto& [name, list] : there) changed |= merge(here[name], list);
                }
            }
        }
    }
    return symbols;
}

Creations creations_of(const Program& program) {
    const Tree& tree = *program.tree;
    Creations creations;
    for (std::uint32_t i = 1; i < tree.exprs.size(); ++i) {
        const Expr& expr = tree.exprs[i];
        const Builtin builtin = program[ExprId{i}].use.builtin;
        const bool is_code =
            expr.kind == ExprKind::Member && (builtin == Builtin::TypeCreationCode || builtin == Builtin::TypeRuntimeCode);
        const TypeNameId written = is_code ? tree[expr.a].type : expr.kind == ExprKind::New ? expr.type : TypeNameId{};
        const Type& type = program[program.type_names[written.index]];
        if (written && type.kind == TypeKind::Contract) creations.emplace(expr.range.begin, type.contract);
    }
    return creations;
}

}  // namespace

std::vector<Json> source_units(const Program& program, NodeIds& ids, const std::vector<std::uint32_t>& file_numbers) {
    const std::vector<Symbols> symbols = symbols_of(*program.tree, ids);
    const Creations creations = creations_of(program);
    ExpressionFlags flags(program);
    std::vector<Json> units;
    for (std::uint32_t unit = 1; unit < program.tree->units.size(); ++unit)
        units.push_back(Writer(program, ids, symbols, creations, flags, UnitId{unit}, file_numbers).source_unit());
    return units;
}

Writer::Writer(const Program& program, NodeIds& ids, const std::vector<Symbols>& symbols, const Creations& creations,
               ExpressionFlags& flags, UnitId unit, const std::vector<std::uint32_t>& file_numbers)
    : program_(program),
      tree_(*program.tree),
      sources_(*program.sources),
      ids_(ids),
      types_(program, ids),
      symbols_(symbols),
      creations_(creations),
      flags_(flags),
      unit_(unit),
      file_(sources_.file_of(tree_[unit].range)),
      file_number_(file_numbers[sources_.number_of(tree_[unit].range)]) {
    Diagnostics told_already;
    tokens_ = lex(file_, told_already, &comments_);
}

// --- nodes ---

Json Writer::node(std::string_view type, std::uint32_t id, SourceRange range) const {
    return {{"nodeType", type}, {"id", id}, {"src", src(range)}};
}

std::string Writer::src(SourceRange range) const {
    return fmt::format("{}:{}:{}", range.begin - file_.start, range.end - range.begin, file_number_);
}

Json Writer::type_json(const TypeText& type, bool with_location) {
    return {{"typeString", with_location ? type.text : type.unlocated}, {"typeIdentifier", escaped(type.identifier)}};
}

// --- tokens ---

std::size_t Writer::token_at(std::uint32_t offset) const {
    const auto found = std::ranges::lower_bound(tokens_, offset, {}, [](const Token& token) { return token.range.begin; });
    return std::min(static_cast<std::size_t>(found - tokens_.begin()), tokens_.size() - 1);
}

std::size_t Writer::closing(std::size_t opening) const {
    int depth = 0;
    for (std::size_t at = opening; at < tokens_.size(); ++at) {
        switch (tokens_[at].kind) {
            case TokenKind::LeftParen:
            case TokenKind::LeftBracket:
            case TokenKind::LeftBrace: ++depth; break;
            case TokenKind::RightParen:
            case TokenKind::RightBracket:
            case TokenKind::RightBrace:
                if (--depth == 0) return at;
                break;
            default: break;
        }
    }
    return tokens_.size() - 1;
}

std::size_t Writer::find(std::size_t from, TokenKind kind) const {
    while (from + 1 < tokens_.size() && tokens_[from].kind != kind) ++from;
    return from;
}

SourceRange Writer::between(std::size_t first, std::size_t last) const {
    return {tokens_[first].range.begin, tokens_[last].range.end};
}

SourceRange Writer::without_semicolon(SourceRange range) const {
    const std::size_t behind = token_at(range.end);
    if (behind < 2 || tokens_[behind - 1].kind != TokenKind::Semicolon || tokens_[behind - 1].range.begin < range.begin)
        return range;
    return {range.begin, tokens_[behind - 2].range.end};
}

SourceRange Writer::nothing_at(std::size_t token) const { return {tokens_[token].range.begin, tokens_[token].range.begin}; }

// --- comments ---

void Writer::document(Json& declaration, std::uint32_t offset) {
    const auto documentation = documentation_before(file_, comments_, offset);
    if (!documentation) return;
    SourceRange range = documentation->range;
    const std::string_view text = sources_.text({range.begin, offset});
    const std::size_t length = range.end - range.begin;
    const std::size_t line_end = text.substr(length).starts_with("\r\n") ? 2 : text.substr(length).starts_with('\n') ? 1 : 0;
    // solc includes the line break if the next line is not indented.
    const bool is_indented =
        text.size() > length + line_end && (text[length + line_end] == ' ' || text[length + line_end] == '\t');
    if (text.starts_with("///") && !is_indented) range.end += static_cast<std::uint32_t>(line_end);
    Json made = fresh_node("StructuredDocumentation", range);
    made["text"] = documentation->text;
    declaration["documentation"] = std::move(made);
}

void Writer::document_statement(Json& statement, std::uint32_t offset) const {
    if (const auto documentation = documentation_before(file_, comments_, offset))
        statement["documentation"] = documentation->text;
}

}  // namespace interlock::lang::ast
