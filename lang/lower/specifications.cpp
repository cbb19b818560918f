#include "lang/lower/specifications.hpp"

#include "lang/ir/simplify.hpp"
#include "lang/lower/bodies.hpp"
#include "lang/lower/members.hpp"
#include "lang/lower/places.hpp"

namespace interlock::lang::lowering {

namespace {

bool is_plain_part(const Program& program, ExprId id) {
    const Expr& expr = (*program.tree)[id];
    const ExprInfo& info = program[id];
    if (info.constant) return true;
    switch (expr.kind) {
        case ExprKind::Number:
        case ExprKind::Bool:
        case ExprKind::Sum: return true;
        case ExprKind::Name: {
            const Variable& variable = (*program.tree)[info.use.variable];
            const bool is_known = info.use.meaning != Meaning::Variable ||
                                  (!variable.is_ghost && !variable.is_constant && !variable.is_transient);
            const TypeKind kind = program[info.type].kind;
            return is_known && kind != TypeKind::Array && kind != TypeKind::Bytes && kind != TypeKind::String;
        }
        case ExprKind::Member: {
            const TypeKind kind = program[program[expr.a].type].kind;
            const bool is_stored =
                kind == TypeKind::Struct && program[program[expr.a].type].location == DataLocation::Storage;
            return is_stored || kind == TypeKind::Magic || info.use.builtin == Builtin::AddressBalance;
        }
        case ExprKind::Index: return program[program[expr.a].type].kind == TypeKind::Mapping;
        case ExprKind::Unary: return expr.unary == UnaryOp::Not || expr.unary == UnaryOp::Negate;
        case ExprKind::Binary: return info.use.meaning != Meaning::Function;
        case ExprKind::Tuple: return expr.list.size() == 1;
        case ExprKind::Call: return info.call == CallForm::Conversion && program[info.type].kind != TypeKind::Enum;
        default: return false;
    }
}

}  // namespace

bool is_plain_condition(const Program& program, ExprId condition) {
    std::vector<ExprId> open{condition};
    while (!open.empty()) {
        const ExprId id = open.back();
        open.pop_back();
        if (!id) continue;
        if (!is_plain_part(program, id)) return false;
        const Expr& expr = (*program.tree)[id];
        const bool is_conversion = expr.kind == ExprKind::Call;
        if (expr.kind == ExprKind::Sum || program[id].constant) continue;
        if (!is_conversion) open.insert(open.end(), {expr.a, expr.b, expr.c});
        open.insert(open.end(), expr.list.begin(), expr.list.end());
    }
    return true;
}

void Specifications::condition(ir::Op op, ExprId expr, SourceRange range) {
    ir::Instruction instruction;
    instruction.op = op;
    instruction.operands = {in(mode_.specifying()).value(expr)};
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

void Specifications::lower_invariant(ExprId expr) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    terminator.values = {in(mode_.specifying()).value(expr, ir::bool_type)};
    builder_.finish(std::move(terminator), tree_[expr].range);
    simplify(frame_.function);
}

// The parameters are those of the subject, and for an ensures also its results.
void Specifications::lower_clause(FunctionId subject, const SpecClause& clause) {
    frame_.outcome.function = subject;
    const Function& function = tree_[subject];
    Bodies(frame_).bind_parameters(function.parameters);
    if (clause.kind == SpecKind::Ensures) {
        for (std::size_t i = 0; i < function.returns.size(); ++i) {
            const ir::Parameter& result = frame_.function.blocks.front().parameters[function.parameters.size() + i];
            variables_.write(variables_.declare(function.returns[i], result.type), result.value, clause.range);
            frame_.outcome.results.push_back(result.value);
        }
    }
    lower_invariant(clause.expr);
}

Result Specifications::result_value(const Expr& expr) {
    const Outcome& outcome = frame_.outcome;
    const auto& returns = tree_[outcome.function].returns;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        if (!expr.text.empty() && tree_[returns[i]].name.text != expr.text) continue;
        if (outcome.results_are_bound) return Members(*this).variable(returns[i], expr.range);
        if (i < outcome.results.size()) return outcome.results[i];
    }
    unsupported("this result is not supported yet", expr.range);
}

VariableId Specifications::field_named(TypeId structure, std::string_view name, SourceRange range) const {
    if (program_[structure].kind == TypeKind::Struct) {
        for (const VariableId field : contract_.fields_of(structure)) {
            if (tree_[field].name.text == name) return field;
        }
    }
    unsupported("this sum is not supported yet", range);
}

// Lowers sum(m), sum(m.field) over the entries' struct, and sum(s.m) of a mapping in a struct.
ir::Value Specifications::sum(ExprId id) {
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
