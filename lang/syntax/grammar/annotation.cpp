// Reads specifications in comments. The grammar of specifications reads each clause, which then joins the construct
// after its comment: a function's clauses, a loop's invariants, or a statement before the next one. An invariant or a
// ghost variable anywhere else belongs to the surrounding contract.
#include "lang/syntax/grammar/annotation.hpp"

#include <algorithm>
#include <map>

#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {

// --- the grammar ---

namespace {

using T = TokenKind;

struct Clause {
    Name label;       // for a ghost variable its name
    TypeNameId type;  // of a declared ghost variable
    ExprId expr;
    std::vector<ExprId> paths;
    bool strong = false;
};

bool begins_message(const Builder&, Iterator at) {
    return at->kind == T::LeftBrace && at[1].kind == T::Colon && at[2].text == "msg";
}

constexpr auto label_of_message = [](const auto& context) {
    x3::_val(context) = {x3::_attr(context), last_token(context)->range};
};

}  // namespace

INTERLOCK_RULE(annotation_label, Name, "a label");
INTERLOCK_RULE(annotated_condition, Clause, "a condition");
INTERLOCK_RULE(annotated_postcondition, Clause, "a condition");
INTERLOCK_RULE(annotated_paths, Clause, "a place");
INTERLOCK_RULE(annotated_ghost, Clause, "a ghost variable");

constexpr auto annotation_label_def =
    (when(begins_message) >> left_brace >> colon >> token(T::Identifier) > text[label_of_message] > token(T::RightBrace)) |
    text[label_of_message] | (when(begins_label) >> identifier[adopt] >> colon);
constexpr auto annotated_condition_def = -token(T::Not)[put<&Clause::strong>] >> -annotation_label[set<&Clause::label>] >>
                                         x3::expect[specification[expression][set<&Clause::expr>]];
constexpr auto annotated_postcondition_def =
    -annotation_label[set<&Clause::label>] >> x3::expect[postcondition[expression][set<&Clause::expr>]];
constexpr auto annotated_paths_def = x3::expect[specification[separated(postfix[append<&Clause::paths>])]];
constexpr auto annotated_ghost_def =
    (when(begins_declaration) >> type_name[set<&Clause::type>] > identifier[set<&Clause::label>] >
     -(token(T::Assign) > specification[expression][set<&Clause::expr>])) |
    x3::expect[specification[expression][set<&Clause::expr>]];

BOOST_SPIRIT_DEFINE(annotation_label, annotated_condition, annotated_postcondition, annotated_paths, annotated_ghost)

// --- where clauses belong ---

namespace {

template <class Rule>
bool read(Builder& builder, const Rule& rule, Iterator& first, Clause& clause) {
    const auto grammar = x3::with<builder_tag>(std::ref(builder))[rule];
    return x3::parse(first, builder.end(), grammar, clause);
}

// Returns std::nullopt after reporting an error.
std::optional<Clause> read_clause(Builder& builder, const Annotation& annotation) {
    Clause clause;
    std::vector<Token> tokens = annotation.tokens;
    const std::size_t count = tokens.size();
    tokens.resize(count + lookahead_tokens, tokens.back());
    builder.read(std::span(tokens).first(count));
    Iterator first = builder.begin();
    try {
        switch (annotation.kind) {
            case AnnotationKind::Ensures: read(builder, annotated_postcondition, first, clause); break;
            case AnnotationKind::Modifies: read(builder, annotated_paths, first, clause); break;
            case AnnotationKind::Ghost: read(builder, annotated_ghost, first, clause); break;
            default: read(builder, annotated_condition, first, clause); break;
        }
        if (first->kind == T::End) return clause;
        builder.expected(first, "`;`");
    } catch (const x3::expectation_failure<Iterator>& failure) {
        builder.expected(failure.where(), failure.which());
    } catch (const NestedTooDeeply& failure) {
        builder.too_deep(failure);
    }
    return std::nullopt;
}

// Finds the constructs of one file by their beginnings, and blocks and contracts also by what they contain. Everything
// is found by binary search, and statements are inserted at the end, so that a file full of clauses takes no longer
// than any other.
class Annotating {
  public:
    Annotating(Tree& tree, Builder& builder) : tree_(tree), builder_(builder) {
        const SourceRange file = tree[builder.unit()].range;
        const auto is_here = [&](SourceRange range) { return range.begin >= file.begin && range.end <= file.end; };
        for (std::uint32_t i = 1; i < tree.functions.size(); ++i)
            if (is_here(tree.functions[i].range)) functions_[tree.functions[i].range.begin] = {i};
        for (std::uint32_t i = 1; i < tree.contracts.size(); ++i)
            if (is_here(tree.contracts[i].range)) contracts_[tree.contracts[i].range.begin] = {i};
        for (std::uint32_t i = 1; i < tree.stmts.size(); ++i) {
            const Stmt& stmt = tree.stmts[i];
            if (!is_here(stmt.range)) continue;
            const bool is_loop =
                stmt.kind == StmtKind::While || stmt.kind == StmtKind::For || stmt.kind == StmtKind::DoWhile;
            if (is_loop) loops_[stmt.range.begin] = {i};
            if (stmt.kind == StmtKind::Block || stmt.kind == StmtKind::UncheckedBlock)
                blocks_.push_back({stmt.range, {i}, 0});
        }
        nest_blocks();
    }

    void add(const Annotation& annotation, Clause clause) {
        const SourceRange where{annotation.range.begin, annotation.tokens.back().range.end};
        switch (annotation.kind) {
            case AnnotationKind::Invariant: return add_invariant(annotation, clause, where);
            case AnnotationKind::Assume: return add_statement(annotation, StmtKind::Assume, clause, where);
            case AnnotationKind::Check: return add_statement(annotation, StmtKind::Check, clause, where);
            case AnnotationKind::Ghost:
                return clause.type ? add_ghost(annotation, clause, where)
                                   : add_statement(annotation, StmtKind::Expression, clause, where);
            case AnnotationKind::Requires: return add_clause(annotation, SpecKind::Requires, std::move(clause), where);
            case AnnotationKind::Ensures: return add_clause(annotation, SpecKind::Ensures, std::move(clause), where);
            case AnnotationKind::Modifies: return add_clause(annotation, SpecKind::Modifies, std::move(clause), where);
            case AnnotationKind::RevertsIf: return add_clause(annotation, SpecKind::RevertsIf, std::move(clause), where);
        }
    }

    // Inserts the new statements between the old ones; both lists are in order.
    void insert_statements() {
        for (auto& [block, added] : added_) {
            std::vector<StmtId>& list = tree_.stmts[block.index].list;
            std::vector<StmtId> merged;
            std::size_t next = 0;
            for (const auto& [target, id] : added) {
                while (next < list.size() && tree_[list[next]].range.begin < target) merged.push_back(list[next++]);
                merged.push_back(id);
            }
            merged.insert(merged.end(), list.begin() + static_cast<std::ptrdiff_t>(next), list.end());
            list = std::move(merged);
        }
    }

  private:
    struct Nested {
        SourceRange range;
        StmtId block;
        std::size_t parent;  // position in blocks_, from 1; 0: none
    };

    void nest_blocks() {
        std::ranges::sort(blocks_, {}, [](const Nested& each) { return each.range.begin; });
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < blocks_.size(); ++i) {
            while (!open.empty() && blocks_[open.back() - 1].range.end <= blocks_[i].range.begin) open.pop_back();
            blocks_[i].parent = open.empty() ? 0 : open.back();
            open.push_back(i + 1);
        }
    }

    // Returns the innermost block around a place, or an empty id.
    [[nodiscard]] StmtId block_around(SourceRange place) const {
        const auto behind =
            std::ranges::upper_bound(blocks_, place.begin, {}, [](const Nested& each) { return each.range.begin; });
        auto at = static_cast<std::size_t>(behind - blocks_.begin());
        while (at != 0 && blocks_[at - 1].range.end < place.end) at = blocks_[at - 1].parent;
        return at == 0 ? StmtId{} : blocks_[at - 1].block;
    }

    void add_clause(const Annotation& annotation, SpecKind kind, Clause clause, SourceRange where) {
        const auto function = functions_.find(annotation.target);
        if (function == functions_.end()) return builder_.misplaced(annotation.range, "it belongs in front of a function");
        tree_.functions[function->second.index].specs.push_back(
            {.kind = kind, .range = where, .label = clause.label, .expr = clause.expr, .paths = std::move(clause.paths)});
    }

    void add_invariant(const Annotation& annotation, const Clause& clause, SourceRange where) {
        if (const auto loop = loops_.find(annotation.target); loop != loops_.end())
            return tree_.stmts[loop->second.index].invariants.push_back(clause.expr);
        const ContractId contract = contract_of(annotation);
        if (!contract)
            return builder_.misplaced(annotation.range, "it belongs in front of a contract, a member of one, or a loop");
        tree_.contracts[contract.index].invariants.push_back(
            {.range = where, .label = clause.label, .strong = clause.strong, .expr = clause.expr});
    }

    void add_ghost(const Annotation& annotation, const Clause& clause, SourceRange where) {
        const ContractId contract = contract_of(annotation);
        if (!contract) return builder_.misplaced(annotation.range, "it belongs in front of a contract, or a member of one");
        const VariableId ghost = builder_.add(Variable{.range = where,
                                                       .name = clause.label,
                                                       .type = clause.type,
                                                       .is_ghost = true,
                                                       .initial = clause.expr,
                                                       .scope = {builder_.unit(), contract}});
        tree_.contracts[contract.index].state_variables.push_back(ghost);
    }

    // Returns the contract after the comment, or the one around it if the comment is not in a body.
    [[nodiscard]] ContractId contract_of(const Annotation& annotation) const {
        if (const auto behind = contracts_.find(annotation.target); behind != contracts_.end()) return behind->second;
        if (block_around(annotation.range)) return {};
        const auto next = contracts_.upper_bound(annotation.range.begin);
        if (next == contracts_.begin()) return {};
        const ContractId around = std::prev(next)->second;
        return tree_[around].range.end > annotation.range.end ? around : ContractId{};
    }

    void add_statement(const Annotation& annotation, StmtKind kind, const Clause& clause, SourceRange where) {
        const StmtId block = block_around(annotation.range);
        if (!block) return builder_.misplaced(annotation.range, "it belongs in front of a statement");
        const StmtId id =
            builder_.add(Stmt{.kind = kind, .range = where, .expr = clause.expr, .flag = kind == StmtKind::Expression});
        added_[block].emplace_back(annotation.target, id);
    }

    Tree& tree_;
    Builder& builder_;
    std::map<std::uint32_t, FunctionId> functions_;
    std::map<std::uint32_t, ContractId> contracts_;
    std::map<std::uint32_t, StmtId> loops_;
    std::vector<Nested> blocks_;
    // By block: the statement and the position before which it is inserted.
    std::map<StmtId, std::vector<std::pair<std::uint32_t, StmtId>>> added_;
};

}  // namespace

void annotate(Tree& tree, Builder& builder, const std::vector<Annotation>& annotations) {
    if (annotations.empty()) return;
    Annotating annotating(tree, builder);
    for (const Annotation& annotation : annotations) {
        if (builder.is_hopeless()) return;
        if (std::optional<Clause> clause = read_clause(builder, annotation)) annotating.add(annotation, std::move(*clause));
    }
    annotating.insert_statements();
}

}  // namespace interlock::lang::grammar
