// Lowers storage places to symbolic paths, and reads and writes them.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Places : public Room {
  public:
    explicit Places(const Room& room) : Room(room) {}

    // --- paths ---
    PlaceReference place(ExprId id);
    [[nodiscard]] PlaceReference state_place(VariableId variable) const;
    [[nodiscard]] PlaceReference with_field(PlaceReference base, VariableId field) const;
    [[nodiscard]] PlaceReference with_key(PlaceReference base, ir::Value key) const;

    // --- access ---
    ir::Value load(const PlaceReference& place, SourceRange range);
    void store_result(const PlaceReference& place, const Result& result, SourceRange range);
    ir::Value immutable(std::uint32_t index, const ir::Type& type, SourceRange range);
    [[nodiscard]] bool is_simple(TypeId type) const;  // stored and cleared part by part, as symbolic places
    [[nodiscard]] bool has_byte_string(TypeId simple) const;

  private:
    void store(const PlaceReference& place, ir::Value value, SourceRange range);
};

}  // namespace interlock::lang::lowering
