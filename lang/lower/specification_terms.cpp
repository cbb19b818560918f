#include "lang/lower/specification_terms.hpp"

#include "lang/lower/members.hpp"
#include "lang/lower/places.hpp"

namespace interlock::lang::lowering {

void SpecificationTerms::condition(ir::Op op, ExprId expr, SourceRange range) {
    ir::Instruction instruction;
    instruction.op = op;
    instruction.operands = {in(mode_.specifying()).value(expr)};
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

Result SpecificationTerms::result_value(const Expr& expr) {
    const auto& returns = tree_[outcome_.function].returns;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        if (!expr.text.empty() && tree_[returns[i]].name.text != expr.text) continue;
        if (outcome_.results_are_bound) return Members(*this).variable(returns[i], expr.range);
        if (i < outcome_.results.size()) return outcome_.results[i];
    }
    unsupported("this result is not supported yet", expr.range);
}

VariableId SpecificationTerms::field_named(TypeId structure, std::string_view name, SourceRange range) const {
    if (program_[structure].kind == TypeKind::Struct) {
        for (const VariableId field : contract_.types.fields_of(structure)) {
            if (tree_[field].name.text == name) return field;
        }
    }
    unsupported("this sum is not supported yet", range);
}

// Lowers sum(m), sum(m.field) over the entries' struct, and sum(s.m) of a mapping in a struct.
ir::Value SpecificationTerms::sum(ExprId id) {
    const Expr& expr = tree_[id];
    ExprId summed = inner(expr.a);
    std::string_view field = expr.text;
    const bool written_as_member =
        tree_[summed].kind == ExprKind::Member && checked_type(tree_[summed].a).kind == TypeKind::Mapping;
    if (field.empty() && written_as_member) {
        field = tree_[summed].text;
        summed = tree_[summed].a;
    }
    PlaceReference at = Places(*this).place(summed);
    if (!field.empty()) {
        const bool of_entries = program_[at.type].kind == TypeKind::Mapping;
        const TypeId owner = of_entries ? program_[at.type].value : at.type;
        const VariableId named = field_named(owner, field, expr.range);
        at.type = owner;
        at = Places(*this).with_field(std::move(at), named);
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::Sum;
    instruction.type = ir::integer_type;
    instruction.at_entry = mode_.at_entry;
    instruction.place = {at.variable, at.steps};
    instruction.operands = at.keys;
    instruction.range = expr.range;
    return builder_.emit(std::move(instruction));
}

}  // namespace interlock::lang::lowering
