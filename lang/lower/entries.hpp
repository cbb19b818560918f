// Lowers what a contract answers from outside without a body of its own: getters, and the entries of functions whose
// arguments or results the lowering codes itself.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Entries : public FunctionRoom {
  public:
    using FunctionRoom::FunctionRoom;

    void lower_getter(VariableId variable, const std::vector<TypeId>& keys, const std::vector<VariableId>& fields);
    void lower_raw_entry(FunctionId function, std::uint32_t index);  // `index` is the function that does the work
    void return_encoded(const std::vector<Datum>& results, SourceRange range);

  private:
    void lower_coded_getter(VariableId variable, const std::vector<TypeId>& keys, const std::vector<VariableId>& fields);
    void end_entry(SourceRange range);
    [[nodiscard]] std::vector<TypeId> key_types(const std::vector<TypeId>& keys) const;
};

}  // namespace interlock::lang::lowering
