// What the lowering of an expression gives: nothing, a value, a place that has not been read, or several of them.
#pragma once

#include <vector>

#include "lang/ir/ir.hpp"
#include "lang/lower/data_builder.hpp"

namespace interlock::lang::lowering {

// A place in storage whose keys have been evaluated: the symbolic form of a storage reference.
struct PlaceReference {
    std::uint32_t variable = 0;
    std::vector<ir::PlaceStep> steps;
    ir::Values keys;
    TypeId type;
};

struct Result {
    enum class Kind : std::uint8_t {
        Nothing,
        Value,
        Place,
        Reference,
        Tuple,
        Fields,  // of a struct that was just made
        Text,    // a literal, which takes memory only when it is converted
    };
    Kind kind = Kind::Nothing;
    ir::Value value;
    PlaceReference place;
    // An array, a struct or a byte string that is not a symbolic place; or a part that has not been read.
    Reference reference;
    std::vector<Result> parts;
    ExprId text;

    Result() = default;
    Result(ir::Value of) : kind(Kind::Value), value(of) {}                  // NOLINT: a value is a result
    Result(PlaceReference of) : kind(Kind::Place), place(std::move(of)) {}  // NOLINT
    Result(Reference of) : kind(Kind::Reference), reference(of) {}          // NOLINT
    static Result tuple(std::vector<Result> parts, Kind kind = Kind::Tuple) {
        Result result;
        result.kind = kind;
        result.parts = std::move(parts);
        return result;
    }
    // Returns the results of a call: nothing, the only one, or a tuple.
    static Result all_of(std::vector<Result> parts) {
        if (parts.empty()) return {};
        return parts.size() == 1 ? std::move(parts.front()) : tuple(std::move(parts));
    }
    static Result literal(ExprId text) {
        Result result;
        result.kind = Kind::Text;
        result.text = text;
        return result;
    }
};

}  // namespace interlock::lang::lowering
