// The pass over all bodies: initial values, functions and modifiers with their heads, and the arguments of bases.
#pragma once

#include <set>

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Bodies {
  public:
    explicit Bodies(Context& context) : context_(context), tree_(context.tree) {}

    void run();

  private:
    [[nodiscard]] Room at(const Surroundings& where) const { return {context_, where}; }
    void initials(ContractId id);
    void contract(ContractId id);
    void modifier_body(ContractId id, ModifierId modifier);
    void function_body(ContractId id, FunctionId function_id);
    void bases(ContractId id);
    void check_base_arguments(ContractId id);

    Context& context_;
    const Tree& tree_;
    std::set<FunctionId> with_pointers_;  // functions that declare references without a place, including results
    std::set<ModifierId> modifiers_with_pointers_;
};

}  // namespace interlock::lang::checking
