// The numbers of nodes in solc's syntax tree. Each declaration, statement, expression and type of a compilation has one
// before anything is written, so that a node can refer to a later one. Further numbers are assigned to nodes that our
// own tree does not have (parameter lists, paths, comments).
#pragma once

#include <map>

#include "lang/syntax/tree.hpp"

namespace interlock::lang::ast {

class NodeIds {
  public:
    // Numbers begin at `first`, so that the trees of several compilations fit in one document.
    explicit NodeIds(const Tree& tree, std::uint32_t first = 0) {
        std::uint32_t next = first;
        const auto take = [&](std::uint32_t& base, std::size_t count) {
            base = next;
            next += static_cast<std::uint32_t>(count);
        };
        take(exprs_, tree.exprs.size());
        take(stmts_, tree.stmts.size());
        take(types_, tree.types.size());
        take(variables_, tree.variables.size());
        take(functions_, tree.functions.size());
        take(modifiers_, tree.modifiers.size());
        take(events_, tree.events.size());
        take(errors_, tree.errors.size());
        take(structs_, tree.structs.size());
        take(enums_, tree.enums.size());
        take(contracts_, tree.contracts.size());
        take(value_types_, tree.value_types.size());
        take(usings_, tree.usings.size());
        take(units_, tree.units.size());
        for (const Enum& each : tree.enums) {
            enum_values_.push_back(next);
            next += static_cast<std::uint32_t>(each.values.size());
        }
        for (const Unit& unit : tree.units)
            for (const Import& each : unit.imports) imports_.emplace(each.range.begin, next++);
        next_ = next;
    }

    [[nodiscard]] std::uint32_t of(ExprId id) const { return exprs_ + id.index; }
    [[nodiscard]] std::uint32_t of(StmtId id) const { return stmts_ + id.index; }
    [[nodiscard]] std::uint32_t of(TypeNameId id) const { return types_ + id.index; }
    [[nodiscard]] std::uint32_t of(VariableId id) const { return variables_ + id.index; }
    [[nodiscard]] std::uint32_t of(FunctionId id) const { return functions_ + id.index; }
    [[nodiscard]] std::uint32_t of(ModifierId id) const { return modifiers_ + id.index; }
    [[nodiscard]] std::uint32_t of(EventId id) const { return events_ + id.index; }
    [[nodiscard]] std::uint32_t of(ErrorId id) const { return errors_ + id.index; }
    [[nodiscard]] std::uint32_t of(StructId id) const { return structs_ + id.index; }
    [[nodiscard]] std::uint32_t of(EnumId id) const { return enums_ + id.index; }
    [[nodiscard]] std::uint32_t of(ContractId id) const { return contracts_ + id.index; }
    [[nodiscard]] std::uint32_t of(ValueTypeId id) const { return value_types_ + id.index; }
    [[nodiscard]] std::uint32_t of(UsingId id) const { return usings_ + id.index; }
    [[nodiscard]] std::uint32_t of(UnitId id) const { return units_ + id.index; }
    [[nodiscard]] std::uint32_t of_value(EnumId id, std::size_t value) const {
        return enum_values_[id.index] + static_cast<std::uint32_t>(value);
    }
    [[nodiscard]] std::uint32_t of_import(std::uint32_t begin) const { return imports_.at(begin); }
    [[nodiscard]] std::uint32_t fresh() { return next_++; }

  private:
    std::uint32_t exprs_{}, stmts_{}, types_{}, variables_{}, functions_{}, modifiers_{}, events_{}, errors_{}, structs_{},
        enums_{}, contracts_{}, value_types_{}, usings_{}, units_{}, next_{};
    std::vector<std::uint32_t> enum_values_;
    std::map<std::uint32_t, std::uint32_t> imports_;  // by where they begin among all sources
};

}  // namespace interlock::lang::ast
