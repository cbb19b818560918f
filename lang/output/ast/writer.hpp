// Writes one file as solc's syntax tree. Each kind of node has a function; declarations, statements, expressions and
// assembly have a file each. What solc's tree contains and ours does not (the places of parentheses, comments) is
// looked up in the tokens, which are read a second time.
#pragma once

#include <map>
#include <span>

#include "lang/output/ast/flags.hpp"
#include "lang/output/ast/types.hpp"
#include "lang/output/json.hpp"
#include "lang/syntax/documentation.hpp"
#include "lang/syntax/token.hpp"

namespace interlock::lang::ast {

// Places where contracts create others.
using Creations = std::multimap<std::uint32_t, ContractId>;

// The names that a file declares or imports, with their meanings: `exportedSymbols`.
using Symbols = std::map<std::string_view, std::vector<std::uint32_t>>;

class Writer {
  public:
    Writer(const Program& program, NodeIds& ids, const std::vector<Symbols>& symbols, const Creations& creations,
           ExpressionFlags& flags, UnitId unit, const std::vector<std::uint32_t>& file_numbers);

    [[nodiscard]] Json source_unit();

  private:
    // --- nodes (writer.cpp) ---
    [[nodiscard]] Json node(std::string_view type, std::uint32_t id, SourceRange range) const;
    [[nodiscard]] Json fresh_node(std::string_view type, SourceRange range) { return node(type, ids_.fresh(), range); }
    [[nodiscard]] static std::uint32_t number_of(const Json& node) {
        return static_cast<std::uint32_t>(node["id"].number());
    }
    [[nodiscard]] std::string src(SourceRange range) const;  // "start:length:file"; "-1:-1:-1" for an empty name
    [[nodiscard]] std::string name_src(const Name& name) const { return name.text.empty() ? "-1:-1:-1" : src(name.range); }
    [[nodiscard]] static Json type_json(const TypeText& type, bool with_location = true);

    // --- tokens (writer.cpp) ---
    [[nodiscard]] std::size_t token_at(std::uint32_t offset) const;  // the first one that begins at the offset or after it
    [[nodiscard]] std::size_t closing(std::size_t opening) const;    // the matching parenthesis, bracket or brace
    [[nodiscard]] std::size_t find(std::size_t from, TokenKind kind) const;
    [[nodiscard]] SourceRange between(std::size_t first, std::size_t last) const;
    [[nodiscard]] SourceRange without_semicolon(SourceRange range) const;
    [[nodiscard]] SourceRange nothing_at(std::size_t token) const;

    // --- comments (writer.cpp) ---
    void document(Json& declaration, std::uint32_t offset);                // as a node
    void document_statement(Json& statement, std::uint32_t offset) const;  // as text

    // --- declarations.cpp ---
    [[nodiscard]] Json pragma(const Pragma&);
    [[nodiscard]] Json import(const Import&);
    [[nodiscard]] Json contract(ContractId);
    [[nodiscard]] Json inheritance(const Invocation&, ContractId base);
    [[nodiscard]] Json function(FunctionId);
    [[nodiscard]] Json modifier(ModifierId);
    [[nodiscard]] Json invocation(const Invocation&, const FunctionInfo&);
    [[nodiscard]] Json event(EventId);
    [[nodiscard]] Json error(ErrorId);
    [[nodiscard]] Json structure(StructId);
    [[nodiscard]] Json enumeration(EnumId);
    [[nodiscard]] Json value_type(ValueTypeId);
    [[nodiscard]] Json using_for(UsingId);
    [[nodiscard]] Json variable(VariableId, bool is_indexable = false);
    [[nodiscard]] Json parameters(const std::vector<VariableId>&, SourceRange, bool is_indexable = false);
    void overriding(Json& declaration, const std::vector<Path>& overrides, SourceRange head);
    [[nodiscard]] Json members_of(UnitId);
    [[nodiscard]] bool is_implemented(ContractId) const;
    [[nodiscard]] std::vector<std::uint32_t> base_functions(ContractId, const std::string& key) const;
    [[nodiscard]] std::vector<std::uint32_t> base_modifiers(ContractId, std::string_view name) const;
    [[nodiscard]] std::vector<std::uint32_t> created_in(ContractId) const;

    // --- types and paths (type_names.cpp) ---
    [[nodiscard]] Json type_name(TypeNameId);
    [[nodiscard]] Json elementary(std::string_view name, bool payable, SourceRange range, TypeId type, std::uint32_t id);
    [[nodiscard]] Json path(const Path&, std::uint32_t meaning);
    [[nodiscard]] std::uint32_t meaning_of(const Path&) const;  // for contracts, libraries and functions; 0: not found
    [[nodiscard]] std::uint32_t declaration_of(TypeId) const;   // for a contract, struct, enum or value type
    [[nodiscard]] std::optional<UnitId> module_named(const Path&) const;
    [[nodiscard]] Json expression_of(const Path&, std::size_t count);
    [[nodiscard]] Json expression_of(TypeNameId);  // `uint256` in type(uint256)

    // --- statements.cpp ---
    [[nodiscard]] Json statement(StmtId);
    [[nodiscard]] Json block(StmtId);
    [[nodiscard]] Json block_as(StmtId, std::string_view type, SourceRange);
    [[nodiscard]] Json declaration_statement(StmtId);
    [[nodiscard]] Json try_statement(StmtId);
    [[nodiscard]] Json revert_without_error(StmtId);
    [[nodiscard]] bool is_specification(StmtId) const;

    // --- expressions.cpp ---
    [[nodiscard]] Json expression(ExprId);
    [[nodiscard]] Json plain_expression(ExprId);  // without its flags
    static void add_flags(Json& expression, const Flags& flags, bool is_requested = false);
    [[nodiscard]] Json expressions(const std::vector<ExprId>&);
    [[nodiscard]] Json literal(ExprId);
    [[nodiscard]] Json identifier(ExprId);
    [[nodiscard]] std::vector<std::uint32_t> overloads_of(std::string_view name) const;
    [[nodiscard]] Json member(ExprId);
    [[nodiscard]] Json call(ExprId);
    [[nodiscard]] Json type_call(ExprId);
    [[nodiscard]] Json binary(ExprId);
    void describe(Json& expression, ExprId);
    [[nodiscard]] std::optional<TypeText> type_of(ExprId) const;
    [[nodiscard]] std::optional<TypeText> type_of_length(ExprId) const;
    [[nodiscard]] VariableId constant_named(std::string_view name) const;
    [[nodiscard]] std::optional<TypeText> type_of_use(ExprId) const;
    [[nodiscard]] std::optional<Callable> builtin_of(ExprId) const;
    [[nodiscard]] std::optional<Callable> chosen_by_arguments(ExprId callee, const std::vector<ExprId>& arguments) const;
    [[nodiscard]] Callable array_member(ExprId, bool takes_nothing) const;
    [[nodiscard]] Callable failing(ExprId callee, const std::vector<ExprId>& arguments) const;
    [[nodiscard]] Callable callable(FunctionId, bool is_external) const;
    [[nodiscard]] std::optional<std::int64_t> referenced(const Use&) const;
    [[nodiscard]] std::vector<TypeText> types_of(const std::vector<VariableId>&, bool in_memory = false) const;

    // --- yul.cpp ---
    [[nodiscard]] Json assembly(StmtId);
    [[nodiscard]] Json yul(YulStmtId);
    [[nodiscard]] Json yul(YulExprId);
    [[nodiscard]] Json yul_node(std::string_view type, SourceRange range) const;
    [[nodiscard]] Json yul_names(const std::vector<Name>&, std::string_view type) const;

    const Program& program_;
    const Tree& tree_;
    const Sources& sources_;
    NodeIds& ids_;
    Types types_;
    const std::vector<Symbols>& symbols_;
    const Creations& creations_;
    ExpressionFlags& flags_;
    UnitId unit_;
    const SourceFile& file_;
    std::uint32_t file_number_;
    std::vector<Token> tokens_;
    std::vector<Comment> comments_;
    ContractId contract_{};      // the contract that is being written
    bool is_in_event_ = false;   // solc marks the parameters of a function's type there, too
    std::uint32_t scope_ = 0;    // the node that local declarations belong to
    std::uint32_t returns_ = 0;  // the list of results of the current function
};

// Returns the number that solc prints for a built-in name such as "revert" or "type".
[[nodiscard]] std::uint32_t number_of_builtin(std::string_view name);

}  // namespace interlock::lang::ast
