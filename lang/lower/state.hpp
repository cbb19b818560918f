// The state variables of one contract, and where they lie.
#pragma once

#include <map>
#include <optional>

#include "lang/lower/types.hpp"

namespace interlock::lang::lowering {

class State {
  public:
    State(const Program& program, ContractId contract, const Types& types, ir::Contract& out)
        : program_(program), tree_(*program.tree), id_(contract), types_(types), out_(out) {}

    void add();  // all of them

    [[nodiscard]] bool contains(VariableId variable) const { return indices_.contains(variable); }
    [[nodiscard]] std::uint32_t index_of(VariableId variable) const { return indices_.at(variable); }
    [[nodiscard]] std::optional<StatePlace> transient_place(VariableId variable) const;
    // Returns the number that a name in assembly means: a slot, an offset or a constant.
    [[nodiscard]] std::optional<vm::Word> constant(const YulName& name) const;

  private:
    ir::StorageTypeIndex storage_type(TypeId id, SourceRange range);

    const Program& program_;
    const Tree& tree_;
    const ContractId id_;
    const Types& types_;
    ir::Contract& out_;  // its state and its storage types
    std::map<VariableId, std::uint32_t> indices_;
    std::map<std::uint32_t, ir::StorageTypeIndex> storage_types_;  // by TypeId
};

}  // namespace interlock::lang::lowering
