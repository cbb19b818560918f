// Prints the syntax tree. The recursion is bounded, since the parser limits how deep a tree can be.
#include "lang/syntax/print_tree.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lang/syntax/tree_form.hpp"

namespace interlock::lang {
namespace {

constexpr std::array unary_signs{"!", "~", "-", "++", "--", "delete"};
constexpr std::array binary_signs{"**", "*", "/",  "%",  "+",  "-",  "<<", ">>", "&",   "^",   "|",
                                  "<",  ">", "<=", ">=", "==", "!=", "&&", "||", "==>", "<==>"};
constexpr std::array assign_signs{"=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="};
constexpr std::array units{"",        "wei",     "gwei",  "szabo", "finney", "ether",
                           "seconds", "minutes", "hours", "days",  "weeks",  "years"};
constexpr std::array locations{"", "memory", "storage", "calldata"};
constexpr std::array visibilities{"", "public", "external", "internal", "private"};
constexpr std::array mutabilities{"", "pure", "view", "payable"};
constexpr std::array contract_kinds{"contract", "abstract-contract", "interface", "library"};
constexpr std::array actor_kinds{"", "eoa", "contract"};
constexpr std::array step_words{"deploy", "call", "let", "check", "warp", "interleave"};
constexpr std::array expectation_words{"", "expect-revert", "expect", "expect-emit"};
constexpr std::array spec_words{"requires", "ensures", "modifies", "reverts-if", "nonreentrant"};

template <class Enum, class Names>
const char* name_in(const Names& names, Enum value) {
    return names.at(static_cast<std::size_t>(value));
}

std::string dotted(const Path& path) {
    std::string result;
    for (const Name& part : path.parts) result += (result.empty() ? "" : ".") + std::string(part.text);
    return result;
}

class Printer {
  public:
    explicit Printer(const Tree& tree) : tree_(tree) {}

    [[nodiscard]] std::string expr(ExprId id) const {
        if (!id) return "_";
        const Expr& e = tree_[id];
        switch (e.kind) {
            case ExprKind::Error: return "(error)";
            case ExprKind::Number:
                return e.unit == NumberUnit::None ? std::string(e.text) : (Form(e.text) << name_in(units, e.unit)).close();
            case ExprKind::String: return quoted(e.text);
            case ExprKind::HexString: return "hex" + quoted(e.text);
            case ExprKind::Bool: return e.flag ? "true" : "false";
            case ExprKind::Name: return std::string(e.text);
            case ExprKind::ElementaryType: return std::string(e.text) + (e.flag ? "-payable" : "");
            case ExprKind::Member: return (Form("member") << expr(e.a) << e.text).close();
            case ExprKind::Index: return (Form("index") << expr(e.a) << expr(e.b)).close();
            case ExprKind::Slice: return (Form("slice") << expr(e.a) << expr(e.b) << expr(e.c)).close();
            case ExprKind::Call: return list(Form("call") << expr(e.a), e);
            case ExprKind::CallOptions: return list(Form("options") << expr(e.a), e);
            case ExprKind::Unary: return (Form(name_in(unary_signs, e.unary)) << expr(e.a)).close();
            case ExprKind::PostfixUnary:
                return (Form("post" + std::string(name_in(unary_signs, e.unary))) << expr(e.a)).close();
            case ExprKind::Binary: return (Form(name_in(binary_signs, e.binary)) << expr(e.a) << expr(e.b)).close();
            case ExprKind::Conditional: return (Form("?") << expr(e.a) << expr(e.b) << expr(e.c)).close();
            case ExprKind::Assign: return (Form(name_in(assign_signs, e.assign)) << expr(e.a) << expr(e.b)).close();
            case ExprKind::Tuple: return list(Form("tuple"), e);
            case ExprKind::ArrayLiteral: return list(Form("array"), e);
            case ExprKind::New: return (Form("new") << type(e.type)).close();
            case ExprKind::TypeOf: return (Form("type") << type(e.type)).close();
            case ExprKind::Old: return (Form("old") << expr(e.a)).close();
            case ExprKind::Result: return (Form("result") << e.text).close();
            case ExprKind::Sum: return (Form("sum") << expr(e.a) << e.text).close();
            case ExprKind::Quantified:
                return (Form(e.flag ? "forall" : "exists") << variables(e.variables) << (e.b ? expr(e.b) : "") << expr(e.a))
                    .close();
        }
        return "";
    }

    std::string unit() {
        for (const Unit& unit : tree_.units) {
            for (const Pragma& pragma : unit.pragmas) line((Form("pragma") << quoted(pragma.text)).close());
            for (const Import& each : unit.imports) line(import(each));
        }
        declarations(tree_.top_structs, tree_.top_enums, tree_.top_events, tree_.top_errors, tree_.top_value_types,
                     tree_.top_usings);
        for (const VariableId id : tree_.top_constants) line(variable("variable", id));
        for (const FunctionId id : tree_.top_functions) function(tree_[id]);
        for (const ContractId id : tree_.top_contracts) contract(tree_[id]);
        for (const ScenarioId id : tree_.top_scenarios) scenario(tree_[id]);
        return std::move(out_);
    }

  private:
    [[nodiscard]] std::string list(Form form, const Expr& e) const {
        for (std::size_t i = 0; i < e.list.size(); ++i)
            form << (e.names.empty() ? expr(e.list[i])
                                     : (Form(std::string(e.names[i].text) + ":") << expr(e.list[i])).close());
        return form.close();
    }

    [[nodiscard]] std::string type(TypeNameId id) const {
        const TypeName& t = tree_[id];
        switch (t.kind) {
            case TypeNameKind::Error: return "(error)";
            case TypeNameKind::Elementary: return std::string(t.elementary) + (t.payable ? "-payable" : "");
            case TypeNameKind::UserDefined: return dotted(t.path);
            case TypeNameKind::Mapping:
                return (Form("mapping") << type(t.key) << t.key_name.text << type(t.value) << t.value_name.text).close();
            case TypeNameKind::Array: return (Form("array") << type(t.value) << (t.length ? expr(t.length) : "")).close();
            case TypeNameKind::Function: {
                Form form("function");
                form << variables(t.parameters) << name_in(visibilities, t.visibility)
                     << name_in(mutabilities, t.mutability);
                if (!t.returns.empty()) form << "returns" << variables(t.returns);
                return form.close();
            }
        }
        return "";
    }

    [[nodiscard]] std::string variable(std::string_view head, VariableId id) const {
        if (!id) return "_";
        const Variable& v = tree_[id];
        Form form(head.empty() ? type(v.type) : head);
        if (!head.empty()) form << type(v.type);
        form << (v.is_ghost ? "ghost" : "") << name_in(visibilities, v.visibility) << (v.is_constant ? "constant" : "")
             << (v.is_immutable ? "immutable" : "") << (v.is_transient ? "transient" : "") << (v.is_indexed ? "indexed" : "")
             << overriding(v) << name_in(locations, v.location) << v.name.text;
        if (v.initial) form << expr(v.initial);
        return form.close();
    }

    [[nodiscard]] std::string variables(const std::vector<VariableId>& ids) const {
        std::string result;
        for (const VariableId id : ids) result += (result.empty() ? "" : " ") + variable("", id);
        return "(" + result + ")";
    }

    [[nodiscard]] std::string invocation(const Invocation& call) const {
        if (!call.has_arguments) return dotted(call.path);
        Form form(dotted(call.path));
        for (const ExprId argument : call.arguments) form << expr(argument);
        return form.close();
    }

    // override, or (override A B.C)
    template <class Node>
    [[nodiscard]] static std::string overriding(const Node& node) {
        if (!node.is_override || node.overrides.empty()) return node.is_override ? "override" : "";
        Form form("override");
        for (const Path& path : node.overrides) form << dotted(path);
        return form.close();
    }

    // --- lines: a form that contains others stays open until `close` ---
    void line(std::string_view text) { out_.append(indent_, ' ').append(text) += '\n'; }
    void open(std::string_view text) {
        line(text);
        indent_ += 2;
    }
    void close() {
        indent_ -= 2;
        out_.insert(out_.size() - 1, ")");
    }

    void statement(StmtId id) {
        const Stmt& s = tree_[id];
        switch (s.kind) {
            case StmtKind::Error: return line("(error)");
            case StmtKind::Block: return statements("(block", s.list);
            case StmtKind::UncheckedBlock: return statements("(unchecked", s.list);
            case StmtKind::If: return parts((Form("if") << expr(s.expr)).open(), {s.body, s.other});
            case StmtKind::While: return parts((Form("while") << expr(s.expr) << invariants(s)).open(), {s.body});
            case StmtKind::DoWhile: return parts((Form("do-while") << expr(s.expr)).open(), {s.body});
            case StmtKind::For:
                return parts((Form("for") << expr(s.expr) << expr(s.step) << invariants(s)).open(), {s.init, s.body});
            case StmtKind::Break: return line("(break)");
            case StmtKind::Continue: return line("(continue)");
            case StmtKind::Return: return line((Form("return") << (s.expr ? expr(s.expr) : "")).close());
            case StmtKind::Emit: return line((Form("emit") << expr(s.expr)).close());
            case StmtKind::Revert: return line((Form("revert") << (s.expr ? expr(s.expr) : "")).close());
            case StmtKind::Placeholder: return line("(placeholder)");
            case StmtKind::Declare:
                return line((Form("declare") << variables(s.variables) << (s.expr ? expr(s.expr) : "")).close());
            case StmtKind::Expression: return line(s.flag ? (Form("ghost") << expr(s.expr)).close() : expr(s.expr));
            case StmtKind::Assume: return line((Form("assume") << expr(s.expr)).close());
            case StmtKind::Check: return line((Form("check") << expr(s.expr)).close());
            case StmtKind::Try: return try_statement(s);
            case StmtKind::Assembly:
                open((Form("assembly") << (s.flag ? "memory-safe" : "")).open());
                out_ += print(tree_, s.assembly, indent_);
                return close();
        }
    }

    void try_statement(const Stmt& s) {
        open((Form("try") << expr(s.expr) << (s.variables.empty() ? "" : "returns " + variables(s.variables))).open());
        statement(s.body);
        for (const Catch& clause : s.catches) {
            open((Form("catch") << clause.name.text << variables(clause.parameters)).open());
            statement(clause.body);
            close();
        }
        close();
    }

    [[nodiscard]] std::string invariants(const Stmt& loop) const {
        std::string result;
        for (const ExprId id : loop.invariants)
            result += (result.empty() ? "" : " ") + (Form("invariant") << expr(id)).close();
        return result;
    }

    void statements(std::string_view head, const std::vector<StmtId>& list) {
        open(head);
        for (const StmtId id : list) statement(id);
        close();
    }

    void parts(std::string_view head, std::initializer_list<StmtId> list) {
        open(head);
        for (const StmtId id : list)
            if (id) statement(id);
        close();
    }

    void function(const Function& f) {
        Form head(f.is_ghost ? "ghost-function" : f.kind == FunctionKind::Function ? "function" : f.name.text);
        if (f.kind == FunctionKind::Function) head << f.name.text;
        head << variables(f.parameters) << name_in(visibilities, f.visibility) << name_in(mutabilities, f.mutability)
             << (f.is_virtual ? "virtual" : "") << overriding(f);
        for (const Invocation& modifier : f.modifiers) head << invocation(modifier);
        if (!f.returns.empty()) head << "returns" << variables(f.returns);
        open(head.open());
        for (const SpecClause& clause : f.specs) spec(clause);
        if (f.body) statement(f.body);
        close();
    }

    void spec(const SpecClause& clause) {
        Form form(name_in(spec_words, clause.kind));
        if (!clause.label.text.empty()) form << std::string(clause.label.text) + ":";
        if (clause.expr) form << expr(clause.expr);
        for (const ExprId path : clause.paths) form << expr(path);
        if (!clause.message.empty()) form << quoted(clause.message);
        line(form.close());
    }

    void declarations(const std::vector<StructId>& structs, const std::vector<EnumId>& enums,
                      const std::vector<EventId>& events, const std::vector<ErrorId>& errors,
                      const std::vector<ValueTypeId>& value_types, const std::vector<UsingId>& usings) {
        for (const UsingId id : usings) line(using_directive(tree_[id]));
        for (const ValueTypeId id : value_types)
            line((Form("value-type") << tree_[id].name.text << type(tree_[id].underlying)).close());
        for (const StructId id : structs)
            line((Form("struct") << tree_[id].name.text << variables(tree_[id].fields)).close());
        for (const EnumId id : enums) {
            Form form("enum");
            form << tree_[id].name.text;
            for (const Name& value : tree_[id].values) form << value.text;
            line(form.close());
        }
        for (const EventId id : events) {
            const Event& event = tree_[id];
            line((Form("event") << event.name.text << variables(event.parameters) << (event.anonymous ? "anonymous" : ""))
                     .close());
        }
        for (const ErrorId id : errors)
            line((Form("error") << tree_[id].name.text << variables(tree_[id].parameters)).close());
    }

    [[nodiscard]] std::string using_directive(const Using& u) const {
        Form form("using");
        form << dotted(u.library);
        for (const UsingFunction& f : u.functions)
            form << (f.op.text.empty() ? dotted(f.path) : (Form("as") << dotted(f.path) << f.op.text).close());
        return (form << "for" << (u.type ? type(u.type) : "*") << (u.is_global ? "global" : "")).close();
    }

    [[nodiscard]] static std::string import(const Import& i) {
        Form form("import");
        form << quoted(i.path) << i.alias.text;
        for (const ImportedName& name : i.names)
            form << (name.alias.text.empty() ? std::string(name.name.text)
                                             : (Form("as") << name.name.text << name.alias.text).close());
        return form.close();
    }

    void step(const ScenarioStep& s) {
        Form form(name_in(step_words, s.kind));
        form << s.name.text << (s.expr ? expr(s.expr) : "");
        if (!s.actor.text.empty()) form << (Form("by") << s.actor.text).close();
        if (s.expectation != Expectation::None)
            form << (Form(name_in(expectation_words, s.expectation)) << (s.expected ? expr(s.expected) : "")).close();
        open(form.open());
        for (const std::vector<ScenarioStep>& branch : s.branches) {
            open("(branch");
            for (const ScenarioStep& each : branch) step(each);
            close();
        }
        close();
    }

    void scenario(const Scenario& s) {
        open((Form("scenario") << s.name.text).open());
        for (const ScenarioStep& each : s.steps) step(each);
        close();
    }

    void contract(const Contract& c) {
        Form head(name_in(contract_kinds, c.kind));
        head << c.name.text;
        if (!c.bases.empty()) head << "is";
        for (const Invocation& base : c.bases) head << invocation(base);
        if (c.layout) head << (Form("layout") << expr(c.layout)).close();
        open(head.open());
        declarations(c.structs, c.enums, c.events, c.errors, c.value_types, c.usings);
        for (const VariableId id : c.state_variables) line(variable("variable", id));
        for (const Invariant& invariant : c.invariants) {
            Form form(invariant.strong ? "invariant!" : "invariant");
            if (!invariant.label.text.empty()) form << std::string(invariant.label.text) + ":";
            line((form << expr(invariant.expr)).close());
        }
        for (const ModifierId id : c.modifiers) {
            const Modifier& modifier = tree_[id];
            parts((Form("modifier") << modifier.name.text << variables(modifier.parameters)
                                    << (modifier.is_virtual ? "virtual" : "") << overriding(modifier))
                      .open(),
                  {modifier.body});
        }
        for (const Actor& actor : c.actors)
            line((Form("actor") << actor.name.text << name_in(actor_kinds, actor.kind)
                                << (actor.holds ? expr(actor.holds) : ""))
                     .close());
        for (const FunctionId id : c.functions) function(tree_[id]);
        close();
    }

    const Tree& tree_;
    std::string out_;
    std::size_t indent_ = 0;
};

}  // namespace

std::string print(const Tree& tree) { return Printer(tree).unit(); }
std::string print(const Tree& tree, ExprId expr) { return Printer(tree).expr(expr); }

}  // namespace interlock::lang
