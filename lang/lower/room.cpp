#include "lang/lower/room.hpp"

#include "lang/diagnostics/codes.hpp"
#include "lang/lower/expressions.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

void Room::unsupported(std::string message, SourceRange range) const {
    throw Unsupported{code::no_such_construct.id, std::move(message), range};
}

Result Room::expression(ExprId id) { return Expressions(*this).expression(id); }

Result Room::evaluate(ExprId id) { return Expressions(*this).evaluate(id); }

ir::Value Room::value(ExprId id, std::optional<ir::Type> wanted) { return Expressions(*this).value(id, wanted); }

Result Room::read(Result result, SourceRange range) { return Results(*this).read(std::move(result), range); }

ir::Value Room::value_of(const Result& result, SourceRange range) { return Results(*this).value_of(result, range); }

Reference Room::reference_of(const Result& result, TypeId type, SourceRange range) {
    return Results(*this).reference_of(result, type, range);
}

ir::Value Room::coerce(ir::Value value, const ir::Type& type, SourceRange range) {
    return Results(*this).coerce(value, type, range);
}

}  // namespace interlock::lang::lowering
