// Checks assembly: every name is a built-in, a function or a variable of Yul, or a Solidity variable, which is noted
// for the lowering. (Solidity documentation, "Inline Assembly": "Access to External Variables, Functions and Libraries".)
#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "lang/program/check/passes.hpp"
#include "lang/program/data_layout.hpp"
#include "lang/program/yul.hpp"

namespace interlock::lang {
namespace {

struct Part {
    std::string_view name;
    YulPart part;
};
constexpr Part parts[] = {{".slot", YulPart::Slot},       {".offset", YulPart::Offset},
                          {".length", YulPart::Length},   {".selector", YulPart::Selector},
                          {".address", YulPart::Address}, {"_slot", YulPart::Slot},  // in older dialects
                          {"_offset", YulPart::Offset}};

class Assembly {
  public:
    explicit Assembly(Context& context) : context_(context), tree_(context.tree) {}

    void block(YulStmtId id) {
        scopes_.emplace_back();
        statements(tree_[id]);
        scopes_.pop_back();
    }

  private:
    struct Declared {
        bool is_function = false;
        std::size_t parameters = 0, results = 1;
    };

    void statements(const YulStmt& block) {
        for (const YulStmtId each : block.list) {
            const YulStmt& stmt = tree_[each];
            if (stmt.kind == YulStmtKind::Function) declare(stmt.name, {true, stmt.names.size(), stmt.results.size()});
        }
        for (const YulStmtId each : block.list) statement(each);
    }

    void statement(YulStmtId id) {
        const YulStmt& stmt = tree_[id];
        switch (stmt.kind) {
            case YulStmtKind::Error:
            case YulStmtKind::Break:
            case YulStmtKind::Continue:
            case YulStmtKind::Leave: return jump(stmt);
            case YulStmtKind::Block: return block(id);
            case YulStmtKind::Let:
                if (stmt.expr) count(stmt.expr, stmt.names.size());
                for (const Name& name : stmt.names) {
                    if (!find(name.text)) check_hiding(name);
                    declare(name, {});
                }
                return;
            case YulStmtKind::Assign:
                count(stmt.expr, stmt.names.size());
                for (const Name& name : stmt.names) use(name.text, name.range, true);
                check_targets(stmt.names);
                return;
            case YulStmtKind::Expression: count(stmt.expr, 0); return;
            case YulStmtKind::If: count(stmt.expr, 1); return block(stmt.body);
            case YulStmtKind::Switch: count(stmt.expr, 1); return cases(stmt);
            case YulStmtKind::For: return loop(stmt);
            case YulStmtKind::Function: return function(stmt);
        }
    }

    void check_targets(const std::vector<Name>& names) {
        for (auto name = names.begin(); name != names.end(); ++name)
            if (std::any_of(names.begin(), name, [&](const Name& earlier) { return earlier.text == name->text; }))
                context_.report(code::not_assignable, fmt::format("`{}` is assigned twice at once", name->text),
                                name->range);
    }

    void cases(const YulStmt& stmt) {
        std::map<vm::Word, SourceRange> seen;
        for (const YulCase& each : stmt.cases) {
            if (each.value) count(each.value, 1);
            const std::optional<vm::Word> value = each.value ? value_of(tree_[each.value]) : std::nullopt;
            if (value) {
                const auto [first, is_new] = seen.try_emplace(*value, tree_[each.value].range);
                if (!is_new)
                    context_.report(code::already_declared, "a second case for the same value", tree_[each.value].range)
                        .secondary.push_back({first->second, "the first one"});
            }
            block(each.body);
        }
    }

    void loop(const YulStmt& stmt) {
        for (const YulStmtId each : tree_[stmt.init].list)
            if (tree_[each].kind == YulStmtKind::Function)
                context_.report(code::misplaced_statement, "no function can be declared in the head of a loop",
                                tree_[each].name.range);
        scopes_.emplace_back();
        statements(tree_[stmt.init]);
        count(stmt.expr, 1);
        block(stmt.step);
        ++loops_;
        block(stmt.body);
        --loops_;
        scopes_.pop_back();
    }

    void jump(const YulStmt& stmt) {
        const bool leaves = stmt.kind == YulStmtKind::Leave;
        if (stmt.kind == YulStmtKind::Error || (leaves ? in_function_ : loops_ > 0)) return;
        context_.report(code::misplaced_statement, leaves ? "`leave` outside of a function" : "a jump outside of a loop",
                        stmt.range);
    }

    // Only functions are visible inside a function.
    void function(const YulStmt& stmt) {
        std::vector<std::map<std::string_view, Declared>> outer;
        for (const auto& scope : scopes_) {
            outer.push_back(scope);
            std::erase_if(outer.back(), [](const auto& entry) { return !entry.second.is_function; });
        }
        std::swap(outer, scopes_);
        const unsigned loops = std::exchange(loops_, 0);
        const bool inside = std::exchange(in_function_, true);
        scopes_.emplace_back();
        for (const Name& name : stmt.names) declare(name, {});
        for (const Name& name : stmt.results) declare(name, {});
        block(stmt.body);
        in_function_ = inside;
        loops_ = loops;
        std::swap(outer, scopes_);
    }

    // A variable must not have the name of anything that Solidity sees at this place; functions and their parameters may.
    void check_hiding(const Name& name) {
        const std::vector<lang::Declared>* outer = context_.names.find(name.text);
        if (!outer && (!Names::is_built_in(name.text) || yul_builtin(name.text))) return;
        Diagnostic& diagnostic =
            context_.report(code::already_declared,
                            fmt::format("`{}` means something outside of the assembly already", name.text), name.range);
        if (outer && outer->front().name.range.end != 0)
            diagnostic.secondary.push_back({outer->front().name.range, "declared here"});
    }

    void declare(const Name& name, Declared declared) {
        if (name.text == "_" || is_reserved_in_yul(name.text)) {
            context_.report(code::reserved_word, fmt::format("`{}` cannot be a name in assembly", name.text), name.range);
        } else if (yul_builtin(name.text)) {
            context_.report(code::already_declared, fmt::format("`{}` is built in", name.text), name.range);
        } else if (find(name.text)) {
            context_.report(code::already_declared, fmt::format("`{}` is declared already", name.text), name.range);
        } else if (name.text.find('.') != std::string_view::npos) {
            context_.report(code::already_declared, "a name of assembly's own has no `.`", name.range);
        }
        scopes_.back()[name.text] = declared;
    }

    const Declared* find(std::string_view name) const {
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
            if (const auto found = scope->find(name); found != scope->end()) return &found->second;
        return nullptr;
    }

    void count(YulExprId id, std::size_t wanted) {
        const std::optional<std::size_t> given = values(id);
        if (!given || *given == wanted) return;
        context_.report(code::component_count,
                        fmt::format("{} where {} {} needed", counted(*given, "value"), wanted, wanted == 1 ? "is" : "are"),
                        tree_[id].range);
    }

    // Returns how many values the expression has, or std::nullopt after reporting an error.
    std::optional<std::size_t> values(YulExprId id) {
        const YulExpr& expr = tree_[id];
        switch (expr.kind) {
            case YulExprKind::Error: return std::nullopt;
            case YulExprKind::Name: return use(expr.text, expr.range, false) ? std::optional<std::size_t>(1) : std::nullopt;
            case YulExprKind::Call: return call(expr);
            default:
                if (!value_of(expr)) context_.report(code::bad_number, "this does not fit into a word", expr.range);
                return 1;
        }
    }

    void report_no_function(const YulExpr& expr) {
        Diagnostic& diagnostic =
            context_.report(code::unknown_name, fmt::format("there is no function `{}`", expr.text), expr.name_range);
        std::vector<std::string> lower;
        for (unsigned op = 0; op < 256; ++op) {
            std::string name(vm::info(static_cast<std::uint8_t>(op)).name);
            std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            if (yul_builtin(name)) lower.push_back(std::move(name));
        }
        std::vector<std::string_view> known(lower.begin(), lower.end());
        for (const auto& scope : scopes_)
            for (const auto& [name, declared] : scope)
                if (declared.is_function) known.push_back(name);
        if (const std::string_view similar = closest(expr.text, known); !similar.empty())
            diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
    }

    std::optional<std::size_t> call(const YulExpr& expr) {
        for (const YulExprId argument : expr.arguments) count(argument, 1);
        const Declared* declared = find(expr.text);
        const auto opcode = yul_builtin(expr.text);
        if (!opcode && (!declared || !declared->is_function)) {
            report_no_function(expr);
            return std::nullopt;
        }
        const std::size_t takes = opcode ? vm::info(*opcode).stack_in : declared->parameters;
        if (takes != expr.arguments.size())
            context_.report(code::argument_count,
                            fmt::format("{} expected, {} given", counted(takes, "argument"), expr.arguments.size()),
                            expr.range);
        return opcode ? vm::info(*opcode).stack_out : declared->results;
    }

    bool use(std::string_view text, SourceRange range, bool written) {
        if (const Declared* declared = find(text)) {
            if (!declared->is_function) return true;
            context_.report(code::not_a_value, fmt::format("`{}` is a function", text), range);
            return false;
        }
        YulPart part = YulPart::None;
        const auto is_suffix = [&](const Part& each) {
            const bool is_old = each.name.front() == '_';
            return text.ends_with(each.name) &&
                   (!is_old || (context_.has(rule::assembly_suffixes) && !context_.names.find(text)));
        };
        for (const Part& each : parts) {
            if (!is_suffix(each)) continue;
            part = each.part;
            text.remove_suffix(each.name.size());
        }
        const std::vector<lang::Declared>* found = context_.names.find(text);
        if (!found || found->front().use.meaning != Meaning::Variable) {
            context_.report(code::unknown_name, fmt::format("`{}` is not declared", text), range, "not found here");
            return false;
        }
        const VariableId variable = found->front().use.variable;
        if (in_function_ && !context_.program[variable].is_state) {
            context_
                .report(code::unknown_name, fmt::format("`{}` is a local variable, which no function here sees", text),
                        range)
                .helps.push_back("pass it to the function as an argument");
            return false;
        }
        if (!fits(variable, part, written, text, range)) return false;
        context_.program.yul_names[range.begin] = {variable, part};
        if (written) context_.program.yul_assigned.insert(variable);
        return true;
    }

    // Returns whether the constant is a literal, is computed from number literals, or is another such constant.
    [[nodiscard]] bool is_plain_constant(VariableId id) const {
        for (std::size_t steps = 0; steps < tree_.variables.size(); ++steps) {
            const ExprId value = tree_[id].initial;
            if (!value || !context_.types.is_value_type(context_.program[id].type)) return false;
            const ExprInfo& info = context_.program[value];
            const ExprKind kind = tree_[value].kind;
            const bool is_literal = kind == ExprKind::Number || kind == ExprKind::String || kind == ExprKind::HexString ||
                                    kind == ExprKind::Bool;
            if (is_literal || context_.types.kind(info.type) == TypeKind::RationalLiteral) return true;
            const bool is_name = kind == ExprKind::Name || kind == ExprKind::Member;
            if (!is_name || info.use.meaning != Meaning::Variable || !tree_[info.use.variable].is_constant) return false;
            id = info.use.variable;
        }
        return false;  // they form a cycle, which was reported
    }

    // Returns whether the variable has such a part, and whether it may be written.
    bool fits(VariableId id, YulPart part, bool written, std::string_view text, SourceRange range) {
        const VariableInfo& info = context_.program[id];
        const TypeId type = info.type;
        const bool is_constant = tree_[id].is_constant;
        const bool in_storage = (info.is_state && !is_constant) || context_.types.kind(type) == TypeKind::Mapping ||
                                context_.types[type].location == DataLocation::Storage;
        const bool in_calldata = context_.types[type].location == DataLocation::Calldata;
        const bool has_length = in_calldata && data::has_length(context_.program, type);
        const auto refuse = [&](std::string why) {
            context_.report(written ? code::not_assignable : code::unknown_member, std::move(why), range);
            return false;
        };
        const bool is_function = context_.types[type].form == FunctionForm::External && !info.is_state;
        if (tree_[id].is_immutable) return refuse("assembly cannot reach an immutable");
        if (is_constant && !is_plain_constant(id))
            return refuse(fmt::format("assembly sees constants that are written as a number: `{}` is not", text));
        if (written && (info.is_state || is_constant || (in_storage && part != YulPart::Slot)))
            return refuse(fmt::format("assembly cannot assign to `{}`", text));
        switch (part) {
            case YulPart::None:
                if (in_storage) return refuse(fmt::format("write `{}.slot` or `{}.offset`", text, text));
                if (has_length) return refuse(fmt::format("write `{}.offset` or `{}.length`", text, text));
                if (is_function) return refuse(fmt::format("write `{}.address` or `{}.selector`", text, text));
                return true;
            case YulPart::Slot: return in_storage || refuse(fmt::format("`{}` has no slot", text));
            case YulPart::Offset: return in_storage || has_length || refuse(fmt::format("`{}` has no offset", text));
            case YulPart::Selector:
            case YulPart::Address:
                return is_function || refuse(fmt::format("`{}` has neither a selector nor an address", text));
            case YulPart::Length: return has_length || refuse(fmt::format("`{}` has no length here", text));
        }
        return false;
    }

    Context& context_;
    const Tree& tree_;
    std::vector<std::map<std::string_view, Declared>> scopes_;
    unsigned loops_ = 0;
    bool in_function_ = false;
};

}  // namespace

void check_assembly(Context& context, YulStmtId block) { Assembly(context).block(block); }

}  // namespace interlock::lang
