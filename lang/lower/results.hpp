// What can be done with the result of an expression: reading it, converting it, and splitting it into words.
//
// A place in storage that is reached by names and keys stays symbolic (`balances[k]`), because the prover reads it so.
// Everything else is a Reference: an address together with its location.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Results : public Room {
  public:
    explicit Results(const Room& room) : Room(room) {}

    // --- reading ---
    Result read(Result result, SourceRange range);
    Result loaded(Result result, SourceRange range);  // reads the places of values
    void discard(const Result& result, SourceRange range);
    ir::Value value_of(const Result& result, SourceRange range);
    Reference reference_of(const Result& result, TypeId type, SourceRange range);
    Reference reference_to(const PlaceReference& place, SourceRange range);
    Datum datum_of(const Result& result, TypeId type, SourceRange range);
    Result result_of(const Datum& datum);

    // --- conversions ---
    ir::Value coerce(ir::Value value, const ir::Type& type, SourceRange range);
    Result converted(const Result& result, TypeId to, SourceRange range);
    Result in_memory(const Result& given, TypeId type, SourceRange range);  // copies it to memory; values stay as they are
    ir::Value address_in_memory(const Result& result, TypeId type, SourceRange range);
    ir::Value encodable(const Result& given, std::optional<ir::Type> wanted, SourceRange range);

    // --- words: the content of variables, parameters and results ---
    ir::Values flatten(const Result& result, TypeId type, SourceRange range);
    Result unflatten(const ir::Values& words, std::size_t& next, TypeId type);

    // --- what the IR has no operation for ---
    [[nodiscard]] bool needs_coding(TypeId type) const;  // whether the IR has no ABI operation for it
    [[nodiscard]] bool needs_coding(const std::vector<ir::NamedType>& types) const;  // whether one of them does
};

}  // namespace interlock::lang::lowering
