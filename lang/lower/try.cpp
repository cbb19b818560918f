#include "lang/lower/try.hpp"

#include "lang/ir/walk.hpp"
#include "lang/lower/assignments.hpp"
#include "lang/lower/calls.hpp"
#include "lang/lower/external_calls.hpp"
#include "lang/lower/failures.hpp"

namespace interlock::lang::lowering {

namespace {

constexpr std::uint64_t error_selector = 0x08c379a0;  // Error(string)
constexpr std::uint64_t panic_selector = 0x4e487b71;  // Panic(uint256)
constexpr std::uint64_t selector_bytes = 4;
constexpr std::uint64_t least_error = 0x44;  // selector, offset, length
constexpr std::uint64_t least_panic = 0x24;

const Catch* clause_of(const Stmt& stmt, std::string_view name) {
    for (const Catch& clause : stmt.catches) {
        if (clause.name.text == name) return &clause;
    }
    return nullptr;
}

}  // namespace

void TryLowering::try_statement(const Stmt& stmt) {
    const SourceRange range = tree_[stmt.expr].range;
    const ExprId called = inner(stmt.expr);
    ir::Value ok, failure_data;
    std::optional<ir::ExternalCall> created;
    std::vector<Result> given;  // the results of a success, if the IR's own call has decoded them
    const auto coded = ExternalCalls(*this).coded_call(called);
    Returned returned;
    if (coded) {
        returned = ExternalCalls(*this).perform(called, *coded);
        ok = returned.ok;
    } else {
        ir::ExternalCall call = info(called).call == CallForm::Create ? ExternalCalls(*this).creation(called)
                                                                      : ExternalCalls(*this).call_of_method(called);
        if (call.kind == ir::ExternalCall::Kind::Method)
            call.arguments = Calls(*this).arguments(called, contract_.interface.method(call.method).parameters);
        call.tries = true;
        if (call.kind == ir::ExternalCall::Kind::Create) created = call;
        const std::vector<ir::Type> types = ir::result_types(contract_.contract(), call);
        const ir::Values values = builder_.external(std::move(call), types, range);
        ok = values.at(0);
        failure_data = values.at(1);
        given.assign(values.begin() + 2, values.end());
    }
    const ir::BlockIndex success = builder_.make_block(range);
    const ir::BlockIndex failure = builder_.make_block(range);
    const ir::BlockIndex after = builder_.make_block(stmt.range);
    builder_.branch(ok, success, failure, range);
    builder_.enter_sealed(success);
    if (!coded && !created) ExternalCalls(*this).keep_answer(given.size(), range);
    if (created) ExternalCalls(*this).give_back(*created, range);
    if (coded) {
        Result results = ExternalCalls(*this).results_from(returned, coded->results, range);
        given = results.kind == Result::Kind::Tuple ? results.parts : std::vector<Result>{results};
    }
    for (std::size_t i = 0; i < stmt.variables.size(); ++i)
        if (stmt.variables[i]) Assignments(*this).bind(stmt.variables[i], given.at(i), range);
    statements_.statement(stmt.body);
    builder_.jump(after, stmt.range);

    builder_.enter_sealed(failure);
    catch_failure(stmt, coded ? ExternalCalls(*this).returned_bytes(range) : failure_data, after);
    builder_.enter_sealed(after);
}

void TryLowering::catch_failure(const Stmt& stmt, ir::Value data, ir::BlockIndex after) {
    catch_error(stmt, data, after);
    catch_panic(stmt, data, after);
    if (const Catch* any = clause_of(stmt, "")) {
        any->parameters.empty() ? give_back_answer(data, any->range) : keep_failure(data, any->range);
        return catch_body(*any, data, after);
    }
    ir::Failure forward;
    forward.kind = ir::Failure::Kind::Forward;
    Failures(*this).revert(forward, {}, stmt.range);
}

void TryLowering::catch_body(const Catch& clause, ir::Value value, ir::BlockIndex after) {
    for (const VariableId parameter : clause.parameters)
        variables_.write(variables_.declare(parameter, builder_.type_of(value)), value, clause.range);
    statements_.statement(clause.body);
    builder_.jump(after, clause.range);
}

ir::Value TryLowering::word(std::uint64_t value, SourceRange range) {
    return builder_.constant(ir::uint256_type, value, range);
}

ir::Value TryLowering::word_at(ir::Value bytes, ir::Value offset, SourceRange range) {
    return builder_.op(ir::Op::WordAt, ir::uint256_type, {bytes, offset}, range);
}

// Returns whether the data begins with the selector and has at least `least` bytes.
ir::Value TryLowering::begins_with(ir::Value data, std::uint64_t selector, std::uint64_t least, SourceRange range) {
    const ir::Value length = builder_.op(ir::Op::BytesLength, ir::uint256_type, {data}, range);
    const ir::Value enough = builder_.op(ir::Op::GreaterEqual, ir::bool_type, {length, word(least, range)}, range);
    const ir::Value first = word_at(data, word(0, range), range);
    const ir::Value found = builder_.op(ir::Op::Shr, ir::uint256_type, {first, word(224, range)}, range);
    const ir::Value same = builder_.op(ir::Op::Equal, ir::bool_type, {found, word(selector, range)}, range);
    return builder_.op(ir::Op::And, ir::bool_type, {enough, same}, range);
}

// The offset and the length must be within the data; nothing else is checked.
void TryLowering::catch_error(const Stmt& stmt, ir::Value data, ir::BlockIndex after) {
    const Catch* clause = clause_of(stmt, "Error");
    if (!clause) return;
    const SourceRange range = clause->range;
    const auto both = [&](ir::Value a, ir::Value b) { return builder_.op(ir::Op::And, ir::bool_type, {a, b}, range); };
    const auto sum = [&](ir::Value a, std::uint64_t b) {
        return builder_.op(ir::Op::Add, ir::uint256_type, {a, word(b, range)}, range);
    };
    const auto at_most = [&](ir::Value a, ir::Value b) {
        return builder_.op(ir::Op::LessEqual, ir::bool_type, {a, b}, range);
    };
    const ir::Value largest = word(~std::uint64_t{0}, range);
    const ir::BlockIndex reads_length = builder_.make_block(range);
    const ir::BlockIndex body = builder_.make_block(range);
    const ir::BlockIndex otherwise = builder_.make_block(range);

    const ir::Value length_of_data = builder_.op(ir::Op::BytesLength, ir::uint256_type, {data}, range);
    const ir::Value offset = word_at(data, word(selector_bytes, range), range);
    const ir::Value lies_inside = at_most(sum(offset, selector_bytes + 32), length_of_data);
    const ir::Value offset_fits = both(at_most(offset, largest), lies_inside);
    builder_.branch(both(begins_with(data, error_selector, least_error, range), offset_fits), reads_length, otherwise,
                    range);

    builder_.enter_sealed(reads_length);
    const ir::Value start = sum(offset, selector_bytes);
    const ir::Value length = word_at(data, start, range);
    const ir::Value end = builder_.op(ir::Op::Add, ir::uint256_type, {sum(start, 32), length}, range);
    const ir::Value ends_inside = at_most(end, length_of_data);
    builder_.branch(both(at_most(length, largest), ends_inside), body, otherwise, range);

    builder_.enter_sealed(body);
    const ir::Value message = contract_.counts_memory()
                                  ? message_in_place(data, offset, length, range)
                                  : builder_.op(ir::Op::BytesInside, ir::string_type, {data, start}, range);
    catch_body(*clause, message, after);
    builder_.enter_sealed(otherwise);
}

void TryLowering::catch_panic(const Stmt& stmt, ir::Value data, ir::BlockIndex after) {
    const Catch* clause = clause_of(stmt, "Panic");
    if (!clause) return;
    const SourceRange range = clause->range;
    const ir::BlockIndex body = builder_.make_block(range);
    const ir::BlockIndex otherwise = builder_.make_block(range);
    builder_.branch(begins_with(data, panic_selector, least_panic, range), body, otherwise, range);
    builder_.enter_sealed(body);
    const ir::Value code = word_at(data, word(selector_bytes, range), range);
    give_back_answer(data, range);
    catch_body(*clause, code, after);
    builder_.enter_sealed(otherwise);
}

// Keeps the return data in memory, even if the clause does not name it.
void TryLowering::keep_failure(ir::Value bytes, SourceRange range) {
    if (!contract_.counts_memory()) return;
    DataBuilder at = data(range);
    const ir::Value start = at.raw(bytes);
    const ir::Value size = at.round_up(at.mload(start));
    const ir::Value end = at.add(at.add(start, 32), size), free = at.free_memory();
    at.set_free_memory(at.select(at.equal(start, at.word(memory::zero)), free, end));
}

// Puts the message where solc puts it: the return data after the selector begins where memory was free, and memory is
// allocated as far as the message extends.
ir::Value TryLowering::message_in_place(ir::Value bytes, ir::Value offset, ir::Value length, SourceRange range) {
    DataBuilder at = data(range);
    const ir::Value start = at.raw(bytes);
    const ir::Value size = at.add(at.add(offset, 32), length);
    at.effect(vm::Opcode::MCOPY, {start, at.add(start, 32 + selector_bytes), size});
    at.set_free_memory(at.add(start, at.round_up(size)));
    return at.as(at.add(start, offset), ir::string_type);
}

// Releases memory that was needed only to choose the clause.
void TryLowering::give_back_answer(ir::Value bytes, SourceRange range) {
    if (!contract_.counts_memory()) return;
    DataBuilder at = data(range);
    const ir::Value start = at.raw(bytes);
    const ir::Value free = at.free_memory();
    at.set_free_memory(at.select(at.equal(start, at.word(memory::zero)), free, start));
}

}  // namespace interlock::lang::lowering
