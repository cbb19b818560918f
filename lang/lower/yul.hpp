// Lowers assembly to IR: Yul's variables become locals, its functions functions, its control flow blocks, and its
// built-in functions the machine's own operations. (Solidity documentation, "Yul" and "Inline Assembly".)
//
// Arguments are evaluated from right to left. As in Yul, a function sees no variable from outside.
#pragma once

#include <functional>
#include <map>
#include <string_view>

#include "lang/lower/contract.hpp"

namespace interlock::lang::lowering {

class YulLowering {
  public:
    using Words = ir::Values;
    // What assembly sees of the surrounding function: variables, by the position of their names.
    struct Surroundings {
        std::function<ir::Value(const YulName&, SourceRange)> read;
        std::function<void(const YulName&, ir::Value, SourceRange)> write;
    };

    YulLowering(ContractLowering& contract, Builder& builder, Surroundings around)
        : contract_(contract), tree_(contract.tree), builder_(builder), around_(std::move(around)) {}

    void block(YulStmtId id);
    void function_body(const YulStmt& function, const std::vector<ir::Parameter>& parameters);

    // The functions that are visible where another one is defined.
    using Functions = std::map<std::string_view, YulStmtId>;
    std::vector<Functions> functions;

  private:
    struct Loop {
        ir::BlockIndex on_continue, on_break;
    };

    void statement(YulStmtId id);
    void statements(const YulStmt& block);
    void let(const YulStmt& stmt);
    void assign(const Name& name, ir::Value value);
    void if_statement(const YulStmt& stmt);
    void switch_statement(const YulStmt& stmt);
    void loop(const YulStmt& stmt);
    void leave(SourceRange range);
    ir::Value value(YulExprId id);
    Words values(YulExprId id);
    Words call(const YulExpr& expr);
    Words built_in(const YulExpr& expr, vm::Opcode opcode);
    ir::Value literal(const YulExpr& expr);
    [[nodiscard]] std::optional<Local> variable(std::string_view name) const;
    [[nodiscard]] YulStmtId function(std::string_view name) const;
    std::uint32_t function_index(YulStmtId id);
    [[nodiscard]] WordBuilder machine(SourceRange range) { return {builder_, range}; }
    [[noreturn]] void unsupported(std::string_view what, SourceRange range) const;

    ContractLowering& contract_;
    const Tree& tree_;
    Builder& builder_;
    Surroundings around_;
    std::vector<std::map<std::string_view, Local>> variables_;
    std::vector<Loop> loops_;
    std::vector<Local> results_;  // of the function that is being lowered
};

}  // namespace interlock::lang::lowering
