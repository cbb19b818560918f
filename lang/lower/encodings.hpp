// Lowers abi.encode and its relatives, abi.decode, and bytes.concat.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

inline constexpr ir::Type bytes4_type{ir::TypeKind::FixedBytes, 32};

class Encodings : public Room {
  public:
    explicit Encodings(const Room& room) : Room(room) {}

    ir::Value abi_encode(ExprId id, Builtin builtin);
    ir::Value encode_call(ExprId id);
    Result decode_call(ExprId id);
    ir::Value concat(ExprId id, const ir::Type& type);
    // The data of a call of the method, with the call's arguments.
    ir::Value encoded_method(ExprId call, const ir::Method& method, SourceRange range);

    // --- selectors ---
    ir::Value coded_selector(std::uint32_t selector, SourceRange range);     // a word
    ir::Value selector_constant(std::uint32_t selector, SourceRange range);  // a bytes4
    ir::Value selector_of_named(ExprId id);

    ir::Value call_data(ir::Value selector, const std::vector<Datum>& values, SourceRange range);

  private:
    ir::Value signature_selector(ExprId signature);
    void note_method(const Use& use);
};

}  // namespace interlock::lang::lowering
