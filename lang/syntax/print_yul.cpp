// Prints assembly. The recursion is bounded, since the parser limits how deep a tree can be.
#include "lang/syntax/print_tree.hpp"
#include "lang/syntax/tree_form.hpp"

namespace interlock::lang {
namespace {

class YulPrinter {
  public:
    YulPrinter(const Tree& tree, std::size_t indent) : tree_(tree), indent_(indent) {}

    void statement(YulStmtId id) {
        if (!id) return line("(error)");
        const YulStmt& s = tree_[id];
        switch (s.kind) {
            case YulStmtKind::Error: return line("(error)");
            case YulStmtKind::Block:
                open("(block");
                for (const YulStmtId each : s.list) statement(each);
                return close();
            case YulStmtKind::Let: return line((Form("let") << names(s.names) << (s.expr ? expr(s.expr) : "")).close());
            case YulStmtKind::Assign: return line((Form(":=") << names(s.names) << expr(s.expr)).close());
            case YulStmtKind::Expression: return line(expr(s.expr));
            case YulStmtKind::If: return parts((Form("if") << expr(s.expr)).open(), {s.body});
            case YulStmtKind::Switch: return switch_statement(s);
            case YulStmtKind::For: return parts((Form("for") << expr(s.expr)).open(), {s.init, s.step, s.body});
            case YulStmtKind::Break: return line("(break)");
            case YulStmtKind::Continue: return line("(continue)");
            case YulStmtKind::Leave: return line("(leave)");
            case YulStmtKind::Function:
                return parts((Form("function") << s.name.text << names(s.names) << names(s.results)).open(), {s.body});
        }
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    [[nodiscard]] std::string expr(YulExprId id) const {
        const YulExpr& e = tree_[id];
        switch (e.kind) {
            case YulExprKind::Error: return "(error)";
            case YulExprKind::Name:
            case YulExprKind::Number:
            case YulExprKind::Bool: return std::string(e.text);
            case YulExprKind::String: return quoted(e.text);
            case YulExprKind::HexString: return "hex" + quoted(e.text);
            case YulExprKind::Call: break;
        }
        Form form(e.text);
        for (const YulExprId argument : e.arguments) form << expr(argument);
        return form.close();
    }

    [[nodiscard]] static std::string names(const std::vector<Name>& list) {
        std::string result;
        for (const Name& name : list) result += (result.empty() ? "" : " ") + std::string(name.text);
        return "(" + result + ")";
    }

    void switch_statement(const YulStmt& s) {
        open((Form("switch") << expr(s.expr)).open());
        for (const YulCase& each : s.cases)
            parts(each.value ? (Form("case") << expr(each.value)).open() : "(default", {each.body});
        close();
    }

    void parts(std::string_view head, std::initializer_list<YulStmtId> list) {
        open(head);
        for (const YulStmtId id : list) statement(id);
        close();
    }

    void line(std::string_view text) { out_.append(indent_, ' ').append(text) += '\n'; }
    void open(std::string_view text) {
        line(text);
        indent_ += 2;
    }
    void close() {
        indent_ -= 2;
        out_.insert(out_.size() - 1, ")");
    }

    const Tree& tree_;
    std::size_t indent_;
    std::string out_;
};

}  // namespace

std::string print(const Tree& tree, YulStmtId block, std::size_t indent) {
    YulPrinter printer(tree, indent);
    printer.statement(block);
    return printer.take();
}

}  // namespace interlock::lang
