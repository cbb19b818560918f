#include "lang/lower/failures.hpp"

#include <algorithm>

#include "lang/lower/calls.hpp"
#include "lang/lower/encodings.hpp"
#include "lang/lower/expressions.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

void Failures::raise(ExprId thrown, SourceRange range) {
    if (!thrown) return revert({}, {}, range);
    if (info(inner(thrown)).call == CallForm::Error) return revert_with(thrown, range);
    const auto& written = info(thrown).arguments;  // revert("text")
    if (written.empty()) return revert({}, {}, range);
    revert_with(written.front(), range);
}

void Failures::revert_with(ExprId message, SourceRange range) {
    if (is_coded(message)) return revert_coded(coded_error(message), range);
    auto [failure, values] = failure_of(message);
    revert(failure, std::move(values), range);
}

ErrorId Failures::error_of(ExprId call) const {
    const Use& own = info(call).use;
    return own.meaning == Meaning::Error ? own.error : info(callee(call)).use.error;
}

bool Failures::is_coded(ExprId message) const {
    const ExprId id = message_of(message);
    if (info(id).call != CallForm::Error) return tree_[id].kind != ExprKind::String;
    const ErrorId error = error_of(id);
    return std::ranges::any_of(tree_[error].parameters,
                               [&](VariableId each) { return Results(*this).needs_coding(program_[each].type); });
}

Failures::CodedError Failures::coded_error(ExprId message) {
    constexpr std::uint32_t error_selector = 0x08c379a0;  // Error(string)
    const ExprId id = inner(message);
    if (info(id).call != CallForm::Error) return {error_selector, Expressions(*this).data_of({id})};
    const ErrorId error = error_of(id);
    const std::uint32_t selector = contract_.contract().errors[contract_.interface.error_index(error)].selector;
    return {selector, Calls(*this).data_for(id, types_of(tree_[error].parameters))};
}

void Failures::revert_coded(const CodedError& error, SourceRange range) {
    DataBuilder at = data(range);
    const ir::Value start = at.last_memory(error.values, 4);
    at.mstore(start, Encodings(*this).coded_selector(error.selector, range));
    at.end(vm::Opcode::REVERT, {start, at.sub(at.encode(error.values, at.add(start, 4)), start)});
}

// Returns the literal that a constant stands for, so that its text need not be copied to memory before it is known whether
// the call fails; any other expression as it is. Assembly can observe the copy.
ExprId Failures::message_of(ExprId message) const {
    const ExprId id = inner(message);
    const Use& use = info(id).use;
    if (contract_.counts_memory() || use.meaning != Meaning::Variable || !tree_[use.variable].is_constant) return id;
    const ExprId initial = tree_[use.variable].initial;
    return initial && tree_[inner(initial)].kind == ExprKind::String ? inner(initial) : id;
}

std::pair<ir::Failure, ir::Values> Failures::failure_of(ExprId message) {
    const ExprId id = message_of(message);
    ir::Failure failure;
    if (tree_[id].kind == ExprKind::String) {
        failure.kind = ir::Failure::Kind::ErrorString;
        failure.message = tree_[id].text;
        return {failure, {}};
    }
    failure.kind = ir::Failure::Kind::CustomError;
    failure.error = contract_.interface.error_index(error_of(id));
    const auto parameters = contract_.contract().errors[failure.error].parameters;
    return {failure, Calls(*this).arguments(id, parameters)};
}

Result Failures::require(ExprId id) {
    const SourceRange range = tree_[id].range;
    const auto& written = arguments_of(id);
    ir::Failure failure;
    if (builtin_of(id) == Builtin::Assert) {
        failure.kind = ir::Failure::Kind::Panic;
        failure.panic_code = 0x01;
    }
    const bool has_message = written.size() > 1;
    if (!has_message || tree_[message_of(written[1])].kind == ExprKind::String) {
        if (has_message) failure = failure_of(written[1]).first;
        guard(written.at(0), failure, range);
        return {};
    }
    const ir::Value condition = value(written[0], ir::bool_type);
    if (is_coded(written[1])) {
        DataBuilder at = data(range);
        const CodedError error = coded_error(written[1]);  // evaluated like every argument, whatever the condition is
        at.when(at.negation(condition), [&] { revert_coded(error, range); });
        return {};
    }
    auto [made, values] = failure_of(written[1]);
    ir::Instruction instruction;
    instruction.op = ir::Op::Guard;
    instruction.operands = {condition};
    instruction.operands.insert(instruction.operands.end(), values.begin(), values.end());
    instruction.failure = made;
    instruction.range = range;
    builder_.effect(std::move(instruction));
    return {};
}

// A conjunction is guarded part by part: the right part is then evaluated only if the left one holds, without a branch.
void Failures::guard(ExprId condition, const ir::Failure& failure, SourceRange range) {
    const Expr& expr = tree_[inner(condition)];
    if (expr.kind == ExprKind::Binary && expr.binary == BinaryOp::And && !info(inner(condition)).constant) {
        guard(expr.a, failure, range);
        return guard(expr.b, failure, range);
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::Guard;
    instruction.operands = {value(condition, ir::bool_type)};
    instruction.failure = failure;
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

void Failures::revert(ir::Failure failure, ir::Values arguments, SourceRange range) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Revert;
    terminator.failure = std::move(failure);
    terminator.values = std::move(arguments);
    builder_.finish(std::move(terminator), range);
}

}  // namespace interlock::lang::lowering
