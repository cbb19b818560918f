#include "lang/lower/assignments.hpp"

#include "lang/lower/operators.hpp"
#include "lang/lower/places.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

void Assignments::bind(VariableId variable, const Result& initial, SourceRange range) {
    const TypeId type = program_[variable].type;
    const bool in_storage = program_[type].location == DataLocation::Storage || program_[type].kind == TypeKind::Mapping;
    if (in_storage && initial.kind == Result::Kind::Place && !contract_.is_reassigned(variable)) {
        variables_.stand_for(variable, initial.place);
        return;
    }
    const ir::Values words = Results(*this).flatten(initial, type, range);
    const std::vector<Local> locals = variables_.declare(variable);
    for (std::size_t i = 0; i < locals.size(); ++i) variables_.write(locals[i], words[i], range);
}

Result Assignments::initial_value(TypeId type, SourceRange range) {
    if (data::is_reference(program_, type) && program_[type].location == DataLocation::Memory &&
        !data::is_byte_string(program_, type))
        return Reference{DataLocation::Memory, type, data(range).default_in_memory(type), {}, {}};
    ir::Values words;
    for (const ir::Type& each : contract_.types.words(type, range)) words.push_back(builder_.zero(each, range));
    std::size_t next = 0;
    return Results(*this).unflatten(words, next, type);
}

void Assignments::reset(VariableId variable) {
    const SourceRange range = tree_[variable].range;
    const TypeId type = program_[variable].type;
    const ir::Values words = Results(*this).flatten(initial_value(type, range), type, range);
    const std::vector<Local> locals = variables_.locals_of(variable);
    for (std::size_t i = 0; i < locals.size(); ++i) variables_.write(locals[i], words[i], range);
}

ir::Value Assignments::step_by_one(ExprId id, ExprId operand, UnaryOp op, bool gives_old) {
    const SourceRange range = tree_[id].range;
    const Target to = target(operand);
    const ir::Value before = read(to);
    const ir::Type type = builder_.type_of(before);
    const ir::Value one = builder_.constant(type, 1, range);
    const BinaryOp step = op == UnaryOp::Increment ? BinaryOp::Add : BinaryOp::Subtract;
    const ir::Value after = Operators(*this).arithmetic(step, before, one, type, range);
    write(to, after, range);
    return gives_old ? before : after;
}

void Assignments::clear(ExprId operand, SourceRange range) {
    const Target to = target(operand);
    if (to.kind == Target::Kind::Local) {
        return builder_.write(to.local, builder_.zero(builder_.type_of_local(to.local), range));
    }
    if (to.kind == Target::Kind::Pointer) return reset(to.pointer);
    if (to.kind == Target::Kind::Reference) {
        const Reference& part = to.reference;
        if (part.location == DataLocation::Storage) return data(range).clear(part);
        if (part.is_byte) return data(range).effect(vm::Opcode::MSTORE8, {part.address, data(range).word(0)});
        return data(range).mstore(part.address, data(range).default_in_memory(part.type));
    }
    if (to.kind == Target::Kind::Length) return data(range).resize(to.reference, data(range).word(0));
    if (to.kind == Target::Kind::Tuple) unsupported("`delete` of this is not supported yet", range);
    if (to.kind == Target::Kind::Immutable) {
        const ir::Type type = contract_.types.value_type(to.place.type, range);
        return write(to, builder_.zero(type, range), range);
    }
    if (!Places(*this).is_simple(to.place.type)) return data(range).clear(Results(*this).reference_to(to.place, range));
    ir::Instruction instruction;
    if (Places(*this).has_byte_string(to.place.type)) instruction.callee = data(range).bytes_storer();
    instruction.op = ir::Op::Clear;
    instruction.place = {to.place.variable, to.place.steps};
    instruction.operands = to.place.keys;
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

Result Assignments::assign(ExprId id) {
    const Expr& expr = tree_[id];
    const TypeKind kind = checked_type(expr.a).kind;
    const bool is_word = contract_.types.is_value(info(expr.a).type) || kind == TypeKind::Integer;
    if (expr.assign == AssignOp::Plain && !is_word) {
        if (contract_.counts_memory() && is_text(expr.b) && checked_type(expr.a).location == DataLocation::Storage)
            return assign_text(expr);
        const Result right = evaluate(expr.b);
        write(target(expr.a), right, expr.range);
        return right;
    }
    const ir::Type type = type_of(expr.a);
    if (expr.assign == AssignOp::Plain) {
        const ir::Value right = value(expr.b, type);
        write(target(expr.a), right, expr.range);
        return right;
    }
    const BinaryOp op = operation_of(expr.assign);
    const ir::Value right = is_shift(op) ? value(expr.b) : value(expr.b, type);
    const Target to = target(expr.a);
    const ir::Value result = Operators(*this).arithmetic(op, read(to), right, type, expr.range);
    write(to, result, expr.range);
    return result;
}

// Stores a text without allocating memory.
Result Assignments::assign_text(const Expr& assignment) {
    DataBuilder at = data(assignment.range);
    const Target to = target(assignment.a);
    const ir::Value free = at.free_memory();
    write(to, evaluate(assignment.b), assignment.range);
    at.set_free_memory(free);
    return {};
}

Target Assignments::target(ExprId id) {
    id = inner(id);
    const Expr& expr = tree_[id];
    Target to;
    to.range = expr.range;
    if (expr.kind == ExprKind::Tuple) {
        to.kind = Target::Kind::Tuple;
        for (const ExprId part : expr.list) to.parts.push_back(part ? target(part) : Target{});
        return to;
    }
    if (expr.kind == ExprKind::Name && info(id).use.meaning == Meaning::Variable) {
        const VariableId variable = info(id).use.variable;
        if (const Variables::Binding* bound = variables_.find(variable)) {
            if (std::holds_alternative<Variables::Pointer>(*bound)) {
                to.kind = Target::Kind::Pointer;
                to.pointer = variable;
                return to;
            }
            to.kind = Target::Kind::Local;
            to.local = std::get<Local>(*bound);
            return to;
        }
    }
    if (expr.kind == ExprKind::Member && info(id).use.builtin == Builtin::ArrayLength) {
        const TypeId array = info(expr.a).type;
        if (data::is_byte_string(program_, array)) unsupported("the length of bytes cannot be written yet", expr.range);
        to.kind = Target::Kind::Length;
        to.reference = reference_of(Room::read(expression(expr.a), expr.range), array, expr.range);
        return to;
    }
    const bool is_named = expr.kind == ExprKind::Name || expr.kind == ExprKind::Member;  // also behind its contract's name
    const VariableId named = is_named && info(id).use.meaning == Meaning::Variable ? info(id).use.variable : VariableId{};
    if (named && tree_[named].is_immutable && contract_.state.contains(named)) {
        to.kind = Target::Kind::Immutable;
        to.immutable = contract_.state.index_of(named);
        to.place = Places(*this).state_place(named);
        return to;
    }
    return element_target(id);
}

// Returns a part of a variable, or a whole state variable, as target.
Target Assignments::element_target(ExprId id) {
    const Expr& expr = tree_[id];
    Target to;
    to.range = expr.range;
    const bool is_byte = expr.kind == ExprKind::Index && data::is_byte_string(program_, info(expr.a).type);
    Result result;
    if (is_byte) {
        const TypeId bytes = info(expr.a).type;
        const Result base = read(expression(expr.a), expr.range);
        const ir::Value at = value(expr.b, ir::uint256_type);
        result = data(expr.range).byte(reference_of(base, bytes, expr.range), at, info(id).type);
    } else {
        result = expression(id);
    }
    if (result.kind == Result::Kind::Place) {
        to.kind = Target::Kind::Place;
        to.place = std::move(result.place);
    } else if (result.kind == Result::Kind::Reference) {
        to.kind = Target::Kind::Reference;
        to.reference = result.reference;
    } else {
        unsupported("this cannot be assigned yet", expr.range);
    }
    return to;
}

ir::Value Assignments::read(const Target& target) {
    switch (target.kind) {
        case Target::Kind::Local: return variables_.read(target.local, target.range);
        case Target::Kind::Place: return Places(*this).load(target.place, target.range);
        case Target::Kind::Reference: return data(target.range).load(target.reference);
        case Target::Kind::Length: return data(target.range).length(target.reference);
        case Target::Kind::Immutable:
            return Places(*this).immutable(target.immutable, contract_.types.value_type(target.place.type, target.range),
                                           target.range);
        case Target::Kind::Pointer:
        case Target::Kind::Tuple:
        case Target::Kind::Hole: break;
    }
    unsupported("this cannot be read and written at once yet", target.range);
}

void Assignments::write(const Target& target, const Result& result, SourceRange range) {
    switch (target.kind) {
        case Target::Kind::Hole: return;
        case Target::Kind::Local:
            return variables_.write(target.local,
                                    coerce(value_of(result, range), variables_.type_of(target.local, range), range), range);
        case Target::Kind::Place: return Places(*this).store_result(target.place, result, range);
        case Target::Kind::Pointer: {
            const ir::Values words = Results(*this).flatten(result, program_[target.pointer].type, range);
            const std::vector<Local> locals = variables_.locals_of(target.pointer);
            for (std::size_t i = 0; i < locals.size(); ++i) builder_.write(locals[i], words[i]);
            return;
        }
        case Target::Kind::Reference: {
            const Reference& to = target.reference;
            if (contract_.types.is_value(to.type)) return data(range).store(to, value_of(result, range));
            if (to.location == DataLocation::Memory)
                return data(range).mstore(to.address, Results(*this).address_in_memory(result, to.type, range));
            TypeId type = to.type;
            if (result.kind == Result::Kind::Reference) type = result.reference.type;
            if (result.kind == Result::Kind::Place) type = result.place.type;
            return data(range).to_storage(to, {type, {}, reference_of(result, type, range)});
        }
        case Target::Kind::Length:
            return data(range).resize(target.reference, coerce(value_of(result, range), ir::uint256_type, range));
        case Target::Kind::Immutable: {
            ir::Instruction instruction;
            instruction.op = ir::Op::StoreImmutable;
            instruction.type = contract_.types.value_type(target.place.type, range);
            instruction.place.variable = target.immutable;
            instruction.operands = {coerce(value_of(result, range), instruction.type, range)};
            instruction.range = range;
            return builder_.effect(std::move(instruction));
        }
        case Target::Kind::Tuple:
            if (result.kind != Result::Kind::Tuple || result.parts.size() != target.parts.size()) {
                unsupported("this cannot be assigned to a tuple yet", range);
            }
            return write_parts(target.parts, result.parts, range);
    }
}

// Parts are converted in the written order and assigned in the reverse order.
void Assignments::write_parts(const std::vector<Target>& targets, std::vector<Result> parts, SourceRange range) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool is_text = parts[i].kind == Result::Kind::Text && targets[i].kind != Target::Kind::Hole;
        if (is_text) parts[i] = value_of(parts[i], range);
    }
    for (std::size_t i = targets.size(); i-- > 0;) write(targets[i], parts[i], range);
}

}  // namespace interlock::lang::lowering
