// Builds nodes, folds operator chains, and words syntax errors.
#include "lang/syntax/grammar/builder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "lang/diagnostics/spelling.hpp"

namespace interlock::lang::grammar {
namespace {

using namespace std::string_view_literals;

// Returns how tightly an operator binds (Solidity's order of precedence; the two spec operators bind less than all others).
constexpr int precedence(BinaryOp op) {
    switch (op) {
        case BinaryOp::Power: return 13;
        case BinaryOp::Multiply:
        case BinaryOp::Divide:
        case BinaryOp::Modulo: return 12;
        case BinaryOp::Add:
        case BinaryOp::Subtract: return 11;
        case BinaryOp::ShiftLeft:
        case BinaryOp::ShiftRight: return 10;
        case BinaryOp::BitAnd: return 9;
        case BinaryOp::BitXor: return 8;
        case BinaryOp::BitOr: return 7;
        case BinaryOp::Less:
        case BinaryOp::Greater:
        case BinaryOp::LessEqual:
        case BinaryOp::GreaterEqual: return 6;
        case BinaryOp::Equal:
        case BinaryOp::NotEqual: return 5;
        case BinaryOp::And: return 4;
        case BinaryOp::Or: return 3;
        case BinaryOp::Implies: return 2;
        case BinaryOp::Iff: return 1;
    }
    return 0;
}

constexpr bool is_right_associative(BinaryOp op) { return op == BinaryOp::Power || op == BinaryOp::Implies; }
// Solidity allows `a == b == c`, which compares the result of a comparison with c. Nobody means that with `<` and the like.
constexpr bool is_order(BinaryOp op) { return precedence(op) == 6; }

// Returns whether the word declares the name after it.
bool is_declaring(TokenKind kind) {
    switch (kind) {
        case TokenKind::Contract:
        case TokenKind::Interface:
        case TokenKind::Library:
        case TokenKind::Struct:
        case TokenKind::Enum:
        case TokenKind::Event:
        case TokenKind::Function:
        case TokenKind::Modifier:
        case TokenKind::Type: return true;
        default: return false;
    }
}

std::string describe(const Token& token) {
    switch (token.kind) {
        case TokenKind::End: return token.text.empty() ? "the end of the file" : std::string(token.text);
        case TokenKind::String:
        case TokenKind::HexString: return name_of(token.kind);
        default: return fmt::format("`{}`", token.text.substr(0, 60));
    }
}

bool closes_something(std::string_view wanted) {
    return wanted == "`)`" || wanted == "`]`" || wanted == "`}`" || wanted == "`;`";
}

template <class Id, class Node>
Id add_node(std::vector<Node>& nodes, Node node) {
    nodes.push_back(std::move(node));
    return {static_cast<std::uint32_t>(nodes.size() - 1)};
}

SourceRange behind(Iterator token) { return {token->range.end, token->range.end}; }

}  // namespace

SourceRange range_of(Iterator first, Iterator last) {
    return last > first ? SourceRange{first->range.begin, (last - 1)->range.end}
                        : SourceRange{first->range.begin, first->range.begin};
}

Builder::Builder(Tree& tree, Diagnostics& diagnostics, const SourceFile& file, std::span<const Token> tokens, Levels levels)
    : tree_(tree),
      diagnostics_(diagnostics),
      tokens_(tokens),
      unit_{static_cast<std::uint32_t>(tree.units.size())},
      dialect_{levels.newest().value_or(newest_level)},
      has_spec_words_(!file.path.ends_with(".sol")),
      first_expr_(tree.exprs.size()),
      first_type_(tree.types.size()) {
    tree.units.push_back({.range = {file.start, static_cast<std::uint32_t>(file.start + file.text.size())},
                          .levels = levels,
                          .dialect = dialect_});
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
        if (is_declaring(tokens[i].kind) && tokens[i + 1].kind == TokenKind::Identifier)
            declared_.insert(tokens[i + 1].text);
}

// --- nodes ---

ExprId Builder::add(Expr node) {
    std::uint32_t depth = 0;
    const auto look_at = [&](ExprId child) { depth = std::max(depth, depth_of(child)); };
    for (const ExprId child : {node.a, node.b, node.c}) look_at(child);
    for (const ExprId child : node.list) look_at(child);
    if (++depth > max_expression_depth) {
        if (!told_expression_depth_)
            diagnostics_.error(code::nested_too_deeply.id,
                               fmt::format("an expression more than {} operations deep", max_expression_depth), node.range);
        told_expression_depth_ = true;
        node = Expr{.range = node.range};
        depth = 1;
    }
    tree_.exprs.push_back(std::move(node));
    expr_depths_.push_back(depth);
    return {static_cast<std::uint32_t>(tree_.exprs.size() - 1)};
}

StmtId Builder::add(Stmt node) { return add_node<StmtId>(tree_.stmts, std::move(node)); }

TypeNameId Builder::add(TypeName node) {
    const std::uint32_t depth = 1 + std::max(depth_of(node.key), depth_of(node.value));
    tree_.types.push_back(std::move(node));
    type_depths_.push_back(depth);
    return {static_cast<std::uint32_t>(tree_.types.size() - 1)};
}

VariableId Builder::add(Variable node) {
    if (has(rule::locations_unsaid)) node.usual_location = DataLocation::Storage;
    return add_node<VariableId>(tree_.variables, std::move(node));
}

YulExprId Builder::add(YulExpr node) { return add_node<YulExprId>(tree_.yul_exprs, std::move(node)); }
YulStmtId Builder::add(YulStmt node) { return add_node<YulStmtId>(tree_.yul_stmts, std::move(node)); }

// Shunting-yard: operands and pending operators wait on two stacks until an operator comes that binds less tightly.
ExprId Builder::fold(const Chain& chain) {
    std::vector<ExprId> operands{chain.operands.front()};
    std::vector<Chain::Operator> pending;
    const auto reduce = [&] {
        const Chain::Operator op = pending.back();
        const ExprId b = operands.back(), a = operands[operands.size() - 2];
        operands.resize(operands.size() - 2);
        pending.pop_back();
        if (is_order(op.op)) refuse_chained_comparison(op, a);
        operands.push_back(add({.kind = ExprKind::Binary,
                                .range = join(tree_[a].range, tree_[b].range),
                                .name_range = op.range,
                                .binary = op.op,
                                .a = a,
                                .b = b}));
    };
    for (std::size_t i = 0; i < chain.operators.size(); ++i) {
        const BinaryOp op = chain.operators[i].op;
        const bool from_right =
            is_right_associative(op) && !(op == BinaryOp::Power && has(rule::powers_from_left) && !in_specification);
        while (!pending.empty() && precedence(pending.back().op) + !from_right > precedence(op)) reduce();
        pending.push_back(chain.operators[i]);
        operands.push_back(chain.operands[i + 1]);
        refuse_open_quantifier(chain.operands[i]);
    }
    while (!pending.empty()) reduce();
    return operands.front();
}

// Refuses a quantifier before an operator, because the operator could belong to the quantifier's body or not.
void Builder::refuse_open_quantifier(ExprId left) {
    Expr& quantifier = tree_.exprs[left.index];
    if (quantifier.kind != ExprKind::Quantified || tree_[quantifier.a].kind == ExprKind::Tuple) return;
    diagnostics_.error(code::ambiguous_quantifier.id, "it is unclear where this quantifier ends", quantifier.range)
        .helps.push_back("put what it speaks about in parentheses: `forall (address a) (…)`");
    quantifier.kind = ExprKind::Error;  // its type would be a guess
}

void Builder::refuse_chained_comparison(const Chain::Operator& op, ExprId left) {
    Expr& previous = tree_.exprs[left.index];
    if (previous.kind != ExprKind::Binary || precedence(previous.binary) != precedence(op.op)) return;
    Diagnostic& d = diagnostics_.error(code::chained_comparison.id, "comparisons cannot be chained", op.range);
    d.secondary.push_back({previous.name_range, "the result of this comparison is compared again"});
    d.helps.push_back("write `a < b && b < c`, or parentheses where a bool is meant");
    previous.kind = ExprKind::Error;  // prevents a second message, that a bool has no order
}

// `f.value` with its argument, in `f.value(1)`.
bool Builder::is_called_option(ExprId id) const {
    const Expr& call = tree_[id];
    if (call.kind != ExprKind::Call || call.list.size() != 1 || !call.names.empty()) return false;
    const Expr& member = tree_[call.a];
    return member.kind == ExprKind::Member && (member.text == "value" || member.text == "gas");
}

ExprId Builder::with_options(ExprId id) {
    if (!has(rule::options_are_called) || !is_called_option(id)) return id;
    Expr options{.kind = ExprKind::CallOptions, .range = tree_[id].range};
    for (; is_called_option(id); id = tree_[tree_[id].a].a) {
        const Expr& member = tree_[tree_[id].a];
        options.names.insert(options.names.begin(), Name{member.text, member.name_range});
        options.list.insert(options.list.begin(), tree_[id].list.front());
    }
    options.a = id;
    return add(std::move(options));
}

ExprId Builder::attach(ExprId operand, Expr suffix) {
    if (suffix.kind == ExprKind::Call) operand = with_options(operand);
    suffix.a = operand;
    suffix.range = join(tree_[operand].range, suffix.range);
    return add(std::move(suffix));
}

TypeNameId Builder::array_of(TypeNameId element, ExprId length, SourceRange end) {
    if (depth_of(element) >= max_nesting) {
        const auto token =
            std::find_if(tokens_.begin(), tokens_.end(), [&](const Token& t) { return t.range.begin >= end.begin; });
        throw NestedTooDeeply{&*token};
    }
    return add(
        TypeName{.kind = TypeNameKind::Array, .range = join(tree_[element].range, end), .value = element, .length = length});
}

ExprId Builder::missing_expr(Iterator where) { return add(Expr{.range = where->range}); }
StmtId Builder::missing_stmt(Iterator where) { return add(Stmt{.range = where->range}); }
YulStmtId Builder::missing_yul(Iterator where) { return add(YulStmt{.range = where->range}); }

void Builder::append_else_if(Stmt& first, Stmt link, Iterator where) {
    if (first.list.size() == max_else_ifs) throw NestedTooDeeply{.where = where, .in_chain = true};
    first.list.push_back(add(std::move(link)));
}

void Builder::fold_else_ifs(Stmt& first) {
    for (auto link = first.list.rbegin(); link != first.list.rend(); ++link) {
        Stmt& node = tree_.stmts[link->index];
        node.other = std::exchange(first.other, *link);
        if (node.other) node.range = join(node.range, tree_[node.other].range);
    }
    first.list.clear();
}

Stmt Builder::revert_or_expression(ExprId call) const {
    const Expr& node = tree_[call];
    const bool is_revert =
        node.kind == ExprKind::Call && tree_[node.a].kind == ExprKind::Name && tree_[node.a].text == "revert";
    if (!is_revert) return {.kind = StmtKind::Expression, .expr = call};
    return {.kind = StmtKind::Revert, .expr = node.list.empty() ? ExprId{} : call};
}

Builder::Field Builder::split_member(ExprId id) const {
    const Expr& node = tree_[id];
    return node.kind == ExprKind::Member ? Field{node.a, node.text, node.name_range} : Field{id, {}, {}};
}

std::string_view Builder::keep(std::string text) { return tree_.owned_text.emplace_back(std::move(text)); }

// --- declarations ---

void Builder::open_contract(Contract head) {
    contract_ = std::move(head);
    contract_.unit = unit_;
    contract_id_ = add_node<ContractId>(tree_.contracts, Contract{});
    is_contract_open_ = true;
}

void Builder::close_contract(SourceRange range) {
    if (!is_contract_open_) return;
    is_contract_open_ = false;
    contract_.range = join(contract_.range, range);
    tree_.contracts[contract_id_.index] = std::move(contract_);
    tree_.top_contracts.push_back(contract_id_);
}

// Older dialects leave out what newer ones want to have said.
void Builder::say_what_is_unsaid(Function& node) {
    if (!is_contract_open_) return;
    const bool in_library = contract_.kind == ContractKind::Library;
    const bool in_interface = contract_.kind == ContractKind::Interface;
    const bool is_named_constructor =
        node.kind == FunctionKind::Function && node.name.text == contract_.name.text && !in_library && !in_interface;
    if (has(rule::constructor_by_name) && is_named_constructor) node.kind = FunctionKind::Constructor;
    const bool is_constructor = node.kind == FunctionKind::Constructor;
    if (has(rule::constructors_are_visible) && is_constructor) {
        if (node.visibility == Visibility::Internal && contract_.kind == ContractKind::Contract)
            contract_.kind = ContractKind::AbstractContract;
        node.visibility = Visibility::None;
    }
    if (has(rule::public_unsaid) && !is_constructor) {
        const bool is_outer = in_interface || node.kind == FunctionKind::Fallback;
        if (is_outer) node.visibility = Visibility::External;
        else if (node.visibility == Visibility::None) node.visibility = Visibility::Public;
    }
    if (has(rule::overrides_unsaid) && !is_constructor && !in_library) node.is_virtual = true;
    if (!has(rule::locations_unsaid)) return;
    const bool from_outside = node.visibility == Visibility::External;
    for (const VariableId each : node.parameters)
        tree_.variables[each.index].usual_location = from_outside ? DataLocation::Calldata : DataLocation::Memory;
    for (const VariableId each : node.returns) tree_.variables[each.index].usual_location = DataLocation::Memory;
}

void Builder::declare(Function node) {
    node.scope = scope();
    say_what_is_unsaid(node);
    (is_contract_open_ ? contract_.functions : tree_.top_functions)
        .push_back(add_node<FunctionId>(tree_.functions, std::move(node)));
}
void Builder::declare(Event node) {
    node.scope = scope();
    (is_contract_open_ ? contract_.events : tree_.top_events).push_back(add_node<EventId>(tree_.events, std::move(node)));
}
void Builder::declare(ErrorDefinition node) {
    node.scope = scope();
    (is_contract_open_ ? contract_.errors : tree_.top_errors).push_back(add_node<ErrorId>(tree_.errors, std::move(node)));
}
void Builder::declare(Struct node) {
    node.scope = scope();
    (is_contract_open_ ? contract_.structs : tree_.top_structs)
        .push_back(add_node<StructId>(tree_.structs, std::move(node)));
}
void Builder::declare(Enum node) {
    node.scope = scope();
    (is_contract_open_ ? contract_.enums : tree_.top_enums).push_back(add_node<EnumId>(tree_.enums, std::move(node)));
}
void Builder::declare(Variable node) {
    if (misspelt_ != 0 && node.range.begin == misspelt_) return;  // it was meant to be something else
    node.scope = scope();
    (is_contract_open_ ? contract_.state_variables : tree_.top_constants).push_back(add(std::move(node)));
}
void Builder::declare(ValueType node) {
    node.scope = scope();
    (is_contract_open_ ? contract_.value_types : tree_.top_value_types)
        .push_back(add_node<ValueTypeId>(tree_.value_types, node));
}
void Builder::declare(Using node) {
    node.scope = scope();
    (is_contract_open_ ? contract_.usings : tree_.top_usings).push_back(add_node<UsingId>(tree_.usings, std::move(node)));
}
void Builder::declare(Modifier node) {
    node.scope = scope();
    if (has(rule::overrides_unsaid) && contract_.kind != ContractKind::Library) node.is_virtual = true;
    for (const VariableId each : node.parameters)
        if (has(rule::locations_unsaid)) tree_.variables[each.index].usual_location = DataLocation::Memory;
    contract_.modifiers.push_back(add_node<ModifierId>(tree_.modifiers, std::move(node)));
}
void Builder::declare(Invariant node) { contract_.invariants.push_back(std::move(node)); }
void Builder::declare(Actor node) {
    node.variable = name_without_type(node.name);
    contract_.actors.push_back(node);
}

// `Bank{value: 1 ether}(5)` is a creation: its name becomes the type of a `new`.
void Builder::make_creation(ExprId deployed) {
    ExprId named = deployed;
    while (tree_[named].kind == ExprKind::Call || tree_[named].kind == ExprKind::CallOptions) named = tree_[named].a;
    if (tree_[named].kind == ExprKind::New || named == deployed) return;
    Path path{{}, tree_[named].range};
    ExprId part = named;
    for (; tree_[part].kind == ExprKind::Member; part = tree_[part].a)
        path.parts.insert(path.parts.begin(), Name{tree_[part].text, tree_[part].name_range});
    if (tree_[part].kind != ExprKind::Name) return;
    path.parts.insert(path.parts.begin(), Name{tree_[part].text, tree_[part].range});
    const TypeNameId type = add(TypeName{.kind = TypeNameKind::UserDefined, .range = path.range, .path = std::move(path)});
    Expr& node = tree_.exprs[named.index];
    node = Expr{.kind = ExprKind::New, .range = node.range, .type = type};
}

void Builder::complete(std::vector<ScenarioStep>& steps) {
    for (ScenarioStep& step : steps) {
        if (step.kind == StepKind::Deploy) make_creation(step.expr);
        if (step.kind == StepKind::Deploy || step.kind == StepKind::Let) step.variable = name_without_type(step.name);
        for (std::vector<ScenarioStep>& branch : step.branches) complete(branch);
    }
}

void Builder::declare(Scenario node) {
    node.scope = scope();
    complete(node.steps);
    for (const std::string_view name : scenario_accounts)
        node.accounts.push_back(name_without_type({name, node.name.range}));
    tree_.top_scenarios.push_back(add_node<ScenarioId>(tree_.scenarios, std::move(node)));
}
void Builder::declare(Pragma node) { tree_.units[unit_.index].pragmas.push_back(node); }
void Builder::declare(Import node) { tree_.units[unit_.index].imports.push_back(std::move(node)); }

// --- errors ---

bool Builder::is_told(Iterator where) {
    if (last_error_ != nullptr && where <= last_error_) return true;
    last_error_ = where;
    return where->after_error;
}

// Returns the first name of the construct that failed at `where`, if the failure is at the name, directly after it, or
// after one more name; otherwise null.
Iterator Builder::first_word(Iterator where) const {
    const Iterator last = where->kind == TokenKind::Identifier || where == begin() ? where : where - 1;
    for (Iterator word = last; where - word <= 2; --word) {
        if (word->kind != TokenKind::Identifier) return nullptr;
        const bool is_first = word == begin() || word[-1].kind == TokenKind::Semicolon ||
                              word[-1].kind == TokenKind::LeftBrace || word[-1].kind == TokenKind::RightBrace;
        if (is_first) return word;
    }
    return nullptr;
}

// `funtion f() {` is read as a variable f of the type `funtion` and fails at the parenthesis, but the word is what is wrong.
bool Builder::report_first_word(Iterator where) {
    static constexpr std::array clauses{"requires"sv, "ensures"sv, "modifies"sv};
    static constexpr std::array keywords{
        "abstract"sv,  "assembly"sv, "constructor"sv, "contract"sv,  "delete"sv, "emit"sv,    "enum"sv,
        "error"sv,     "event"sv,    "fallback"sv,    "function"sv,  "ghost"sv,  "import"sv,  "interface"sv,
        "invariant"sv, "library"sv,  "mapping"sv,     "modifier"sv,  "pragma"sv, "receive"sv, "return"sv,
        "revert"sv,    "scenario"sv, "struct"sv,      "unchecked"sv, "using"sv,  "while"sv};
    const Iterator word = first_word(where);
    if (word == nullptr || is_declared(word->text)) return false;
    if (std::ranges::find(clauses, word->text) != clauses.end()) {
        misspelt_ = word->range.begin;
        Diagnostic& d = diagnostics_.error(
            code::expected.id, fmt::format("`{}` belongs into the head of a function", word->text), word->range, "not here");
        d.helps.push_back(fmt::format("write it before the body: `function f() external {} … {{ … }}`", word->text));
        d.helps.push_back("what holds between all calls is an `invariant`");
        return true;
    }
    constexpr std::size_t shortest = 4, most_changes = 2;
    const std::string_view meant = closest(word->text, keywords);
    const bool is_lower = word->text.front() >= 'a' && word->text.front() <= 'z';
    if (!is_lower || word->text.size() < shortest || meant.empty() || edit_distance(word->text, meant) > most_changes)
        return false;
    misspelt_ = word->range.begin;
    diagnostics_
        .error(code::expected.id, fmt::format("nothing begins with `{}`", word->text), word->range,
               "not a word of the language")
        .helps.push_back(fmt::format("did you mean `{}`?", meant));
    return true;
}

void Builder::expected(Iterator where, std::string_view wanted) {
    if (is_told(where) || report_first_word(where)) return;
    const bool show_behind = where != begin() && (closes_something(wanted) || where->kind == TokenKind::End);
    const Code& code = wanted == "`;`" ? code::expected_semicolon : code::expected;
    Diagnostic& d = diagnostics_.error(code.id, fmt::format("expected {}, found {}", wanted, describe(*where)),
                                       show_behind ? behind(where - 1) : where->range, fmt::format("expected {}", wanted));
    if (wanted == "`;`") d.helps.push_back("add `;` here");
    if (where->kind == TokenKind::Reserved) d.notes.push_back(fmt::format("`{}` is a reserved word", where->text));
}

void Builder::expected_closer(Iterator where, TokenKind opener, TokenKind closer) {
    Iterator open = where;
    for (int depth = 1; open != begin() && depth > 0;) {
        --open;
        if (open->kind == closer) ++depth;
        if (open->kind == opener) --depth;
    }
    if (is_told(where)) return;
    const bool at_end = where->kind == TokenKind::End || closer == TokenKind::RightBrace;
    const std::string wanted = name_of(closer);
    Diagnostic& d =
        at_end ? diagnostics_.error(code::unclosed.id, fmt::format("this {} is never closed", name_of(opener)), open->range)
               : diagnostics_.error(code::expected.id, fmt::format("expected {}, found {}", wanted, describe(*where)),
                                    behind(where - 1), fmt::format("expected {}", wanted));
    if (at_end) d.secondary.push_back({behind(where - 1), fmt::format("expected {} before {}", wanted, describe(*where))});
    else d.secondary.push_back({open->range, fmt::format("to close this {}", name_of(opener))});
}

void Builder::stray_closer(Iterator where) {
    if (is_told(where)) return;
    diagnostics_.error(code::stray_closer.id, fmt::format("this {} closes nothing", name_of(where->kind)), where->range)
        .helps.push_back("remove it, or look for one too many above");
}

void Builder::repeated_attribute(Iterator where) {
    if (is_told(where)) return;
    diagnostics_.error(code::repeated_attribute.id, fmt::format("`{}` repeats or contradicts an earlier word", where->text),
                       where->range);
}

void Builder::reserved_word(Iterator where) {
    if (is_told(where)) return;
    diagnostics_.error(code::reserved_word.id, fmt::format("`{}` is a reserved word", where->text), where->range,
                       "choose another name");
}

void Builder::misplaced(SourceRange annotation, std::string_view where_it_belongs) {
    diagnostics_
        .error(code::misplaced_annotation.id, "a specification in a comment that belongs to nothing here", annotation)
        .helps.push_back(std::string(where_it_belongs));
}

void Builder::too_deep(NestedTooDeeply place) {
    const std::string message = place.in_chain ? fmt::format("more than {} `else if` after one `if`", max_else_ifs)
                                               : fmt::format("nested more than {} levels deep", max_nesting);
    diagnostics_.error(code::nested_too_deeply.id, message, place.where->range)
        .notes.push_back("the rest of the file was not read");
}

}  // namespace interlock::lang::grammar
