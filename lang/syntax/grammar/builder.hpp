// The grammar's rules put their results here: nodes of the Tree, and errors. The builder does not depend on Spirit.
//
// Rules fill drafts (an Expr, a Stmt…) and pass them on when they are complete. The builder also keeps what a rule must
// know about its context: the nesting depth, whether it reads a specification, which contract is open.
#pragma once

#include <set>
#include <span>

#include "lang/diagnostics/codes.hpp"
#include "lang/syntax/parse.hpp"
#include "lang/syntax/token.hpp"

namespace interlock::lang::grammar {

using Iterator = const Token*;

// Thrown at the nesting limit. It is the only error that ends the parse.
struct NestedTooDeeply {
    Iterator where;
    bool in_chain = false;  // in a chain of `else if`
};

// a op b op c …, before precedence is applied.
struct Chain {
    struct Operator {
        BinaryOp op{};
        SourceRange range;
    };
    std::vector<ExprId> operands;
    std::vector<Operator> operators;  // one fewer than operands
};

class Builder {
  public:
    // Adds the file of these tokens to the tree as a new unit, of the newest of these levels.
    Builder(Tree& tree, Diagnostics& diagnostics, const SourceFile& file, std::span<const Token> tokens,
            Levels levels = Levels::all());

    // From here on the rules read these tokens of the same file: a clause in a comment.
    void read(std::span<const Token> tokens) {
        tokens_ = tokens;
        last_error_ = nullptr;
    }

    // --- nodes ---
    ExprId add(Expr node);
    StmtId add(Stmt node);
    TypeNameId add(TypeName node);
    VariableId add(Variable node);
    YulExprId add(YulExpr node);
    YulStmtId add(YulStmt node);
    ExprId fold(const Chain& chain);             // applies precedence
    ExprId attach(ExprId operand, Expr suffix);  // sets suffix.a = operand; the range covers both
    // Returns the `f{value: 1, gas: 2}` that is meant by `f.value(1).gas(2)`, called or not; any other expression as it is.
    ExprId with_options(ExprId call);
    TypeNameId array_of(TypeNameId element, ExprId length, SourceRange end);
    ExprId missing_expr(Iterator where);  // returns an Error node
    StmtId missing_stmt(Iterator where);
    YulStmtId missing_yul(Iterator where);
    // Handles `if … else if … else if … else …`: the links wait in the draft's list until all have been read.
    void append_else_if(Stmt& first, Stmt link, Iterator where);
    void fold_else_ifs(Stmt& first);
    [[nodiscard]] Stmt revert_or_expression(ExprId call) const;  // the statement `call;`
    struct Field {
        ExprId base;
        std::string_view name;
        SourceRange range;
    };
    [[nodiscard]] Field split_member(ExprId id) const;  // a and b of `a.b`; any other expression itself
    std::string_view keep(std::string text);

    // --- declarations: into the open contract, or at top level ---
    void open_contract(Contract head);
    void close_contract(SourceRange range);  // does nothing if none is open
    void declare(Function node);
    void declare(Modifier node);
    void declare(Event node);
    void declare(ErrorDefinition node);
    void declare(Struct node);
    void declare(Enum node);
    void declare(Variable node);
    void declare(ValueType node);
    void declare(Using node);
    void declare(Invariant node);
    void declare(Actor node);
    void declare(Scenario node);
    void declare(Pragma node);
    void declare(Import node);

    // --- errors ---
    // Reports that something other than `wanted` is at `where`. Each place gets one error: an error at or before the
    // last one is not reported again.
    void expected(Iterator where, std::string_view wanted);
    void expected_closer(Iterator where, TokenKind opener, TokenKind closer);
    void stray_closer(Iterator where);
    void repeated_attribute(Iterator where);
    void reserved_word(Iterator where);
    void misplaced(SourceRange annotation, std::string_view where_it_belongs);
    void too_deep(NestedTooDeeply place);
    [[nodiscard]] bool is_hopeless() const { return diagnostics_.error_count() > Diagnostics::max_errors; }

    // --- surroundings ---
    [[nodiscard]] UnitId unit() const { return unit_; }
    [[nodiscard]] bool has_spec_words() const { return has_spec_words_; }  // not in .sol files, where these words are names
    [[nodiscard]] bool has(Rule rule) const { return dialect_.has(rule); }
    [[nodiscard]] bool is_declared(std::string_view word) const { return declared_.contains(word); }
    [[nodiscard]] Iterator begin() const { return tokens_.data(); }
    [[nodiscard]] Iterator end() const { return tokens_.data() + tokens_.size() - 1; }  // the End token

    std::uint32_t nesting = 0;
    bool in_specification = false;
    bool in_ensures = false;

  private:
    [[nodiscard]] bool is_told(Iterator where);  // whether `where` was reported; marks it as reported
    [[nodiscard]] Iterator first_word(Iterator where) const;
    bool report_first_word(Iterator where);
    void complete(std::vector<ScenarioStep>& steps);
    [[nodiscard]] bool is_called_option(ExprId id) const;
    void say_what_is_unsaid(Function& node);
    void make_creation(ExprId deployed);
    VariableId name_without_type(const Name& name) { return add(Variable{.range = name.range, .name = name}); }
    void refuse_open_quantifier(ExprId left);
    void refuse_chained_comparison(const Chain::Operator& op, ExprId left);
    [[nodiscard]] Scope scope() const { return {unit_, is_contract_open_ ? contract_id_ : ContractId{}}; }
    [[nodiscard]] std::uint32_t& depth_of(ExprId id) { return expr_depths_[id ? id.index - first_expr_ + 1 : 0]; }
    [[nodiscard]] std::uint32_t& depth_of(TypeNameId id) { return type_depths_[id ? id.index - first_type_ + 1 : 0]; }

    Tree& tree_;
    Diagnostics& diagnostics_;
    std::span<const Token> tokens_;
    std::set<std::string_view> declared_;  // names that the file declares with a keyword
    UnitId unit_;
    Dialect dialect_;
    bool has_spec_words_;
    std::size_t first_expr_, first_type_;  // of this unit
    // The depths of trees: the first is for the empty id, the others are for the nodes of this unit.
    std::vector<std::uint32_t> expr_depths_{0}, type_depths_{0};
    Iterator last_error_ = nullptr;
    std::uint32_t misspelt_ = 0;  // where a construct begins whose first word is a misspelt keyword
    bool told_expression_depth_ = false;
    Contract contract_;
    ContractId contract_id_;
    bool is_contract_open_ = false;
};

// Returns the source range of the tokens from `first` up to `last`, exclusive.
[[nodiscard]] SourceRange range_of(Iterator first, Iterator last);

}  // namespace interlock::lang::grammar
