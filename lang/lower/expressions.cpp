#include "lang/lower/expressions.hpp"

#include "lang/lower/assignments.hpp"
#include "lang/lower/builtin_members.hpp"
#include "lang/lower/calls.hpp"
#include "lang/lower/constant_words.hpp"
#include "lang/lower/literals.hpp"
#include "lang/lower/members.hpp"
#include "lang/lower/operators.hpp"
#include "lang/lower/results.hpp"
#include "lang/lower/specification_terms.hpp"

namespace interlock::lang::lowering {

ir::Value Expressions::value(ExprId id, std::optional<ir::Type> wanted) {
    refuse_fixed_point(id);
    const SourceRange range = tree_[id].range;
    const std::optional<ir::Type> first = Literals(*this).wanted_type(id, wanted);
    ir::Value value;
    const Expr& written = tree_[inner(id)];
    if (info(id).constant) {
        value = Literals(*this).constant(id, wanted);
    } else if (info(inner(id)).use.builtin == Builtin::MsgData && written.kind == ExprKind::Member) {
        value = contract_.counts_memory() ? value_of(expression(id), range)
                                          : BuiltinMembers(*this).environment(ir::Op::CallData, ir::bytes_type, range);
    } else if (is_text(id)) {
        value = Literals(*this).literal(written.text, first.value_or(ir::string_type), range);
    } else {
        value = value_of(expression(id), range);
    }
    if (first) value = coerce(value, *first, range);
    return wanted ? coerce(value, *wanted, range) : value;
}

// Where a number with decimal places is calculated with, converted, or made of a literal.
void Expressions::refuse_fixed_point(ExprId id) const {
    const Expr& expr = tree_[id];
    const auto refuse = [&](ExprId each) {
        if (each && contract_.types.is_value(info(each).type))
            contract_.types.refuse_fixed_point(info(each).type, expr.range);
    };
    const bool is_converted = info(id).converted && contract_.types.is_value(info(id).converted);
    if (is_converted) contract_.types.refuse_fixed_point(info(id).converted, expr.range);
    const bool is_conversion = expr.kind == ExprKind::Call && info(id).call == CallForm::Conversion;
    const bool calculates = expr.kind == ExprKind::Binary || expr.kind == ExprKind::PostfixUnary ||
                            (expr.kind == ExprKind::Unary && expr.unary != UnaryOp::Delete) ||
                            (expr.kind == ExprKind::Assign && expr.assign != AssignOp::Plain);
    if (is_converted || is_conversion || calculates) refuse(id);
    if (calculates) refuse(expr.a);
    if (is_conversion) refuse(arguments_of(id).at(0));
}

Result Expressions::expression(ExprId id) {
    const Expr& expr = tree_[id];
    refuse_fixed_point(id);
    if (info(id).constant) return Literals(*this).constant(id, std::nullopt);
    const bool is_hash = checked_type(id).kind == TypeKind::FixedBytes && checked_type(id).bits == 256;
    const ConstantWords words(program_);
    if (const auto word = is_hash && !words.is_hashed_text(id) ? words.of(id) : std::nullopt)
        return builder_.constant(type_of(id), *word, expr.range);
    switch (expr.kind) {
        case ExprKind::Name: return Members(*this).name(id);
        case ExprKind::Member: return Members(*this).member(id);
        case ExprKind::Index: return Members(*this).index(id);
        case ExprKind::Call: return Calls(*this).call(id);
        case ExprKind::Tuple: return tuple(id);
        case ExprKind::Conditional: return conditional(id);
        case ExprKind::Assign: return Assignments(*this).assign(id);
        case ExprKind::Binary: return Operators(*this).binary(id);
        case ExprKind::Unary:
            if (expr.unary != UnaryOp::Delete) return Operators(*this).unary(id);
            Assignments(*this).clear(expr.a, expr.range);
            return {};
        case ExprKind::PostfixUnary: return Assignments(*this).step_by_one(id, expr.a, expr.unary, true);
        case ExprKind::String:
        case ExprKind::HexString:
            return Literals(*this).literal(
                expr.text, Literals(*this).wanted_type(id, std::nullopt).value_or(ir::string_type), expr.range);
        case ExprKind::Bool: return builder_.constant(ir::bool_type, expr.flag ? 1 : 0, expr.range);
        case ExprKind::Old: {
            const auto& olds = outcome_.olds;
            if (const auto known = olds.find(id); known != olds.end()) return known->second;
            return in(mode_.entering()).value(expr.a);
        }
        case ExprKind::Result: return SpecificationTerms(*this).result_value(expr);
        case ExprKind::Sum: return SpecificationTerms(*this).sum(id);
        case ExprKind::Slice: return Members(*this).slice(id);
        case ExprKind::ArrayLiteral: return array_literal(id);
        case ExprKind::TypeOf:
        case ExprKind::New:
        case ExprKind::ElementaryType:
        case ExprKind::CallOptions: {  // of a function that is not called: only its parts are evaluated
            const Result function = expression(expr.a);
            for (const ExprId option : expr.list) Results(*this).discard(evaluate(option), expr.range);
            return function;
        }
        case ExprKind::Error:
        case ExprKind::Number:
        case ExprKind::Quantified:
            unsupported(expr.flag ? "`forall` is not supported here yet" : "`exists` is not supported here yet", expr.range);
    }
    unsupported("this expression is not supported yet", expr.range);
}

// Components in storage or call data are copied only when they are assigned, after all components have been evaluated.
Result Expressions::tuple(ExprId id) {
    const Expr& expr = tree_[id];
    if (inner(id) != id) return expression(expr.list.front());
    std::vector<Result> parts;
    for (const ExprId each : expr.list) {
        if (!each || names_no_value(checked_type(each))) {  // a hole, or a name where nobody uses the tuple
            if (each) Members(*this).choose_module(each);
            parts.emplace_back();
            continue;
        }
        parts.push_back(unconverted(each));
    }
    return Result::tuple(std::move(parts));
}

Result Expressions::conditional(ExprId id) {
    const Expr& expr = tree_[id];
    const Type& common = checked_type(id);
    const bool in_memory = common.location == DataLocation::Memory || common.location == DataLocation::None;
    const bool is_word = contract_.types.is_value(info(id).type) || common.kind == TypeKind::Integer ||
                         (in_memory && data::is_byte_string(program_, info(id).type));
    if (!is_word) return conditional_reference(id, info(id).type);
    const ir::Type type = Literals(*this).wanted_type(id, std::nullopt).value_or(type_of(id));
    const ir::Value condition = value(expr.a);
    if (contract_.types.may_be_dirty(context_type(id))) {
        const Local word = builder_.make_local(ir::uint256_type);
        const auto choose = [&](ExprId branch) {
            const ir::Value chosen = variables_.implicitly(value(branch, type), context_type(id), expr.range);
            builder_.write(word, variables_.uncleaned(chosen, expr.range));
        };
        data(expr.range)
            .if_else(
                condition, [&] { choose(expr.b); }, [&] { choose(expr.c); });
        return variables_.cleaned(builder_.read(word), context_type(id), expr.range);
    }
    if (mode_.specification || (Operators(*this).is_total(expr.b) && Operators(*this).is_total(expr.c))) {
        const ir::Value then = value(expr.b, type);
        const ir::Value otherwise = value(expr.c, type);
        return builder_.op(ir::Op::Select, type, {condition, then, otherwise}, expr.range);
    }
    const Local chosen = builder_.make_local(type);
    const ir::BlockIndex then = builder_.make_block(expr.range);
    const ir::BlockIndex otherwise = builder_.make_block(expr.range);
    const ir::BlockIndex after = builder_.make_block(expr.range);
    builder_.branch(condition, then, otherwise, expr.range);
    builder_.enter_sealed(then);
    builder_.write(chosen, value(expr.b, type));
    builder_.jump(after, expr.range);
    builder_.enter_sealed(otherwise);
    builder_.write(chosen, value(expr.c, type));
    builder_.jump(after, expr.range);
    builder_.enter_sealed(after);
    return builder_.read(chosen);
}

Result Expressions::evaluate(ExprId id) {
    refuse_fixed_point(id);
    const TypeId to = context_type(id);
    const SourceRange range = tree_[id].range;
    if (checked_type(id).kind == TypeKind::RationalLiteral && !info(id).constant) return {};  // for a hole in a tuple
    const bool is_tuple = program_[to].kind == TypeKind::Tuple;
    if (!is_tuple && (info(id).constant || is_text(id) || info(inner(id)).use.builtin == Builtin::MsgData)) {
        const bool stays = program_[to].location == DataLocation::Calldata;
        if (!stays) return value(id);
    }
    const bool is_reference = data::is_reference(program_, to) || program_[to].kind == TypeKind::Mapping;
    if (!is_tuple && !is_reference) return value(id);
    return Results(*this).converted(read(expression(id), range), to, range);
}

Result Expressions::unconverted(ExprId id) {
    if (contract_.counts_memory() && is_text(id) && !contract_.types.is_value(context_type(id))) return Result::literal(id);
    if (is_text(id) || info(id).constant || !data::is_reference(program_, info(id).type)) return evaluate(id);
    return read(expression(id), tree_[id].range);
}

// Arguments are converted after all of them have been evaluated: storage is read as the other arguments have left it.
Result Expressions::pending(ExprId id, std::optional<ir::Type> wanted) {
    const bool is_call = info(inner(id)).use.builtin == Builtin::MsgData;
    if (is_text(id) || is_call || info(id).constant || !data::is_reference(program_, info(id).type))
        return value(id, wanted);
    return read(expression(id), tree_[id].range);
}

// Data to encode is read where it is.
Datum Expressions::datum(ExprId argument, TypeId type) {
    if (is_text(argument) && !contract_.types.is_value(type)) return {type, {}, {}, tree_[inner(argument)].text};
    return Results(*this).datum_of(unconverted(argument), type, tree_[argument].range);
}

std::vector<Datum> Expressions::data_of(const std::vector<ExprId>& arguments) {
    std::vector<Datum> values;
    for (const ExprId argument : arguments) values.push_back(datum(argument, context_type(argument)));
    return values;
}

Result Expressions::array_literal(ExprId id) {
    const Expr& expr = tree_[id];
    DataBuilder at = data(expr.range);
    const TypeId type = info(id).type;
    const ir::Value start = at.allocate(at.word(32 * expr.list.size()));
    for (std::size_t i = 0; i < expr.list.size(); ++i) {
        const Result given = evaluate(expr.list[i]);
        const TypeId part = program_[type].value;
        const ir::Value word = contract_.types.is_value(part) ? at.raw(at.as_type(value_of(given, expr.range), part))
                                                              : Results(*this).address_in_memory(given, part, expr.range);
        at.mstore(at.add(start, 32 * i), word);
    }
    return Reference{DataLocation::Memory, type, start, {}, {}};
}

Result Expressions::conditional_reference(ExprId id, TypeId type) {
    const Expr& expr = tree_[id];
    if (program_[type].kind == TypeKind::Tuple && program_[type].members.empty()) {  // calls without results
        data(expr.range)
            .if_else(
                value(expr.a), [&] { (void)evaluate(expr.b); }, [&] { (void)evaluate(expr.c); });
        return {};
    }
    std::vector<Local> chosen;
    for (const ir::Type& each : contract_.types.words(type, expr.range)) chosen.push_back(builder_.make_local(each));
    const auto choose = [&](ExprId branch) {
        const ir::Values words =
            Results(*this).flatten(Results(*this).converted(evaluate(branch), type, expr.range), type, expr.range);
        for (std::size_t i = 0; i < words.size(); ++i) {
            const bool is_word = builder_.type_of_local(chosen[i]) == ir::uint256_type;
            builder_.write(chosen[i], is_word ? variables_.uncleaned(words[i], expr.range) : words[i]);
        }
    };
    data(expr.range)
        .if_else(
            value(expr.a), [&] { choose(expr.b); }, [&] { choose(expr.c); });
    ir::Values words;
    for (const Local local : chosen) words.push_back(builder_.read(local));
    std::size_t next = 0;
    return Results(*this).unflatten(words, next, type);
}

ir::Value Expressions::unbounded(ExprId id, std::optional<ir::Type> wanted) {
    return Results(*this).encodable(pending(id, wanted), wanted, tree_[id].range);
}

}  // namespace interlock::lang::lowering
