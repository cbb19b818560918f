// The data that all parts of the checker share: the input, the tables that are being filled, and the diagnostics.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lang/diagnostics/codes.hpp"
#include "lang/program/check/names.hpp"
#include "lang/program/check/type_table.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang {

// One attachment of `using`, and its scope: its contract, its file or, if global, wherever the type is.
struct AttachedFunction {
    std::string_view op;    // an operator's sign; empty: attached as a member
    std::string_view name;  // of the member
    FunctionId function;
};
struct Attachment {
    Scope scope;
    bool is_global = false;
    TypeId type;         // a reference type as a storage pointer; unset: all types
    ContractId library;  // set if a whole library is attached
    std::vector<AttachedFunction> functions;
};

enum class Progress : std::uint8_t { New, Running, Done };

struct Context {
    Context(const Tree& tree_in, const Sources& sources_in, Diagnostics& diagnostics_in)
        : tree(tree_in),
          sources(sources_in),
          diagnostics(diagnostics_in),
          names(tree_in),
          types(program, names),
          constants(tree.variables.size()) {
        program.tree = &tree;
        program.sources = &sources;
        program.exprs.resize(tree.exprs.size());
        program.variables.resize(tree.variables.size());
        program.functions.resize(tree.functions.size());
        program.type_names.resize(tree.types.size());
        program.contracts.resize(tree.contracts.size());
        program.scenarios.resize(tree.scenarios.size());
        misses_base.resize(tree.contracts.size());
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    const Tree& tree;
    const Sources& sources;
    Diagnostics& diagnostics;
    Program program;
    Names names;
    TypeTable types;
    std::map<FunctionId, std::vector<FunctionId>> calls;  // internal calls, by caller
    std::map<ModifierId, std::vector<FunctionId>> modifier_calls;
    std::vector<Attachment> attachments;
    std::set<UnitId> with_old_coder;  // files that chose the ABI coder v1
    std::vector<Progress> constants;  // by variable: the check of its initial value
    std::vector<bool> misses_base;    // by contract: a base is unusable, so an unknown name may be the base's

    bool misses_names = false;  // a declaration that provides names was refused

    Diagnostic& report(const Code& code, std::string message, SourceRange where, std::string label = {}) {
        return diagnostics.error(code.id, std::move(message), where, std::move(label));
    }

    // Returns whether an error in the heads is the likely reason for a missing name, which is then not reported.
    [[nodiscard]] bool excuses_missing_names() const { return misses_names || misses_base[names.contract().index]; }

    [[nodiscard]] bool has(Rule rule) const { return names.dialect().has(rule); }  // where names are looked up

    ExprInfo& info(ExprId id) { return program.exprs[id.index]; }
    VariableInfo& info(VariableId id) { return program.variables[id.index]; }
    FunctionInfo& info(FunctionId id) { return program.functions[id.index]; }
    ContractInfo& info(ContractId id) { return program.contracts[id.index]; }

    [[nodiscard]] TypeId type_of(ExprId id) const { return program.exprs[id.index].type; }
    [[nodiscard]] std::string text(SourceRange range) const { return std::string(sources.text(range)); }
    [[nodiscard]] std::vector<TypeId> types_of(const std::vector<VariableId>& variables) const {
        std::vector<TypeId> result;
        for (const VariableId id : variables) result.push_back(program.variables[id.index].type);
        return result;
    }
};

inline std::string in_ticks(std::string_view text) { return "`" + std::string(text) + "`"; }

// Returns "1 argument", "2 arguments".
inline std::string counted(std::size_t count, std::string_view thing) {
    return std::to_string(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
}

}  // namespace interlock::lang
