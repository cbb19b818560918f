// Emits calls that leave the contract. (Solidity documentation, "External Function Calls", "Members of Address Types".)
#include <algorithm>
#include <cassert>

#include "lang/codegen/function.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;
using ir::ExternalCall;
using ir::Value;

namespace {

constexpr std::uint64_t stipend = 2300;  // gas

}  // namespace

void FunctionEmitter::emit_external(ir::BlockIndex block, const ExternalCall& call) {
    switch (call.kind) {
        case ExternalCall::Kind::Method: return emit_method_call(block, call);
        case ExternalCall::Kind::LowLevel:
        case ExternalCall::Kind::LowLevelStatic:
        case ExternalCall::Kind::LowLevelDelegate: return emit_low_level_call(block, call);
        case ExternalCall::Kind::Send:
        case ExternalCall::Kind::Transfer: return emit_payment(block, call);
        case ExternalCall::Kind::Create: return emit_creation(block, call);
        case ExternalCall::Kind::Raw:
            operands({call.arguments.rbegin(), call.arguments.rend()});
            e_.op(call.opcode);
            return finish_call(block, call.next, {e_.name_top()});
    }
}

// [out size, out offset, in size, in offset] -> [success]
void FunctionEmitter::push_call(const ExternalCall& call) {
    const vm::Opcode op = ir::opcode_of(unit_.contract, call);
    if (op == CALL) push_or_zero(call.value);
    e_.copy(entry_of(call.target));
    if (call.gas) e_.copy(entry_of(call.gas));
    else e_.op(GAS);
    e_.op(op);
}

void FunctionEmitter::push_or_zero(Value value) {
    if (value) e_.copy(entry_of(value));
    else e_.push(0);
}

// Results that are used become parameters of the next block.
void FunctionEmitter::finish_call(ir::BlockIndex block, const ir::Jump& next, const std::vector<Entry>& results) {
    std::vector<Entry> wanted;
    const ir::Values& parameters = prepared_.call_results[block];
    assert(parameters.size() == results.size());
    for (std::size_t i = 0; i < results.size(); ++i)
        if (parameters[i]) wanted.push_back(results[i]);
    go_to(next, wanted);
}

void FunctionEmitter::emit_method_call(ir::BlockIndex block, const ExternalCall& call) {
    const ir::Method& method = unit_.contract.methods[call.method];
    if (method.returns.empty())  // with results, missing return data reveals an address without code
        e_.copy(entry_of(call.target)).op(EXTCODESIZE).op(ISZERO).jump_if(unit_.routines.revert_empty());

    const Entry base = e_.push(memory::free_pointer).op(MLOAD).name_top();
    e_.copy(base);
    store_selector(e_, method.selector);
    e_.push(32 * method.returns.size()).copy(base);
    encode_words(e_, entries_of(call.arguments), MemoryAddress(base), selector_bytes);
    e_.copy(base);
    push_call(call);
    if (call.tries) return finish_try(block, call, base);
    e_.op(ISZERO).jump_if(unit_.routines.forward());
    finish_call(block, call.next, decode_results(method, base));
}

// Decodes what a method returned, from where the call has written it.
std::vector<Entry> FunctionEmitter::decode_results(const ir::Method& method, Entry base) {
    std::vector<Entry> results;
    if (method.returns.empty()) return results;
    e_.op(RETURNDATASIZE);
    require_heads(e_, unit_.routines, method.returns);
    decode_memory(e_, unit_.routines, method.returns, base, [&](std::size_t) { results.push_back(e_.name_top()); });
    return results;
}

// [ok]: decodes the results only after a successful call. Both branches leave the same number of words.
void FunctionEmitter::finish_try(ir::BlockIndex block, const ExternalCall& call, Entry base) {
    const Label failed = unit_.assembly.new_label(), joined = unit_.assembly.new_label();
    const Entry ok = e_.name_top();
    e_.copy(ok).op(ISZERO).jump_if(failed);
    const std::vector<Entry> at_failure = e_.stack;
    const Entry data = e_.push(0).name_top();
    std::vector<Entry> results{ok, data};
    for (const Entry each : decode_results(unit_.contract.methods[call.method], base)) results.push_back(each);
    const std::vector<Entry> at_join = e_.stack;
    e_.jump(joined);

    e_.mark(failed);
    e_.stack = at_failure;
    push_return_data(block);
    while (e_.stack.size() < at_join.size()) e_.push(0);
    e_.mark(joined);
    e_.stack = at_join;
    finish_call(block, call.next, results);
}

// Pushes result 1 of the call, a copy of the return data, if it is used.
void FunctionEmitter::push_return_data(ir::BlockIndex block) {
    if (prepared_.call_results[block].at(1)) e_.call(unit_.routines.routine(Routine::CopyReturnData), 0, 1);
    else e_.push(0);
}

void FunctionEmitter::emit_low_level_call(ir::BlockIndex block, const ExternalCall& call) {
    e_.push(0).push(0);
    const Value data = call.arguments.at(0);
    const ir::Instruction* definition = definitions_[data.index];
    if (definition && definition->op == ir::Op::Literal && definition->data.empty()) {
        e_.push(0).push(0);
    } else {
        e_.copy(entry_of(data)).name_top();
        e_.dup(0).op(MLOAD).swap(1).push(32).op(ADD);
    }
    push_call(call);
    std::vector<Entry> results{e_.name_top()};
    push_return_data(block);
    results.push_back(e_.name_top());
    finish_call(block, call.next, results);
}

// The gas of `transfer` and `send` is the stipend that comes with a value; without a value it is given explicitly.
void FunctionEmitter::emit_payment(ir::BlockIndex block, const ExternalCall& call) {
    e_.push(0).push(0).push(0).push(0);
    push_or_zero(call.value);
    e_.copy(entry_of(call.target));
    push_or_zero(call.value);
    e_.op(ISZERO).push(stipend).op(MUL).op(CALL);
    if (call.kind == ExternalCall::Kind::Send) return finish_call(block, call.next, {e_.name_top()});
    e_.op(ISZERO).jump_if(unit_.routines.forward());
    finish_call(block, call.next, {});
}

// Returns a contract whose code is embedded in this one's.
const Artifact& FunctionEmitter::other_contract(std::uint32_t number) {
    const std::string& identity = unit_.contract.creates[number];
    const auto found = std::find_if(unit_.others.begin(), unit_.others.end(),
                                    [&](const Artifact& other) { return other.identity == identity; });
    if (found != unit_.others.end()) return *found;
    throw Untranslatable{
        unknown_contract,
        "`new " + identity + "` closes a circle: the contracts create each other, and none can be compiled first",
        source_.range};
}

// Makes a fresh byte string with the code of another contract.
void FunctionEmitter::emit_contract_code(const ir::Instruction& i) {
    const Artifact& other = other_contract(i.callee);
    const bool is_runtime = i.number == 1;
    const vm::Bytes& code = is_runtime ? other.runtime_code : other.creation_code;
    const std::uint32_t segment = unit_.assembly.add_data(code, is_runtime ? other.runtime_links : other.creation_links);
    const Entry bytes = e_.push(memory::free_pointer).op(MLOAD).name_top();
    e_.push(code.size()).copy(bytes).op(MSTORE);
    e_.push(code.size()).push_data(segment).copy(bytes).push(32).op(ADD).op(CODECOPY);
    e_.copy(bytes).push(32 + (code.size() + 31) / 32 * 32).op(ADD).push(memory::free_pointer).op(MSTORE);
}

void FunctionEmitter::emit_creation(ir::BlockIndex block, const ExternalCall& call) {
    const Artifact& child = other_contract(call.creates);
    const vm::Bytes& code = child.creation_code;
    const std::uint32_t segment = unit_.assembly.add_data(code, child.creation_links);
    const Entry base = e_.push(memory::free_pointer).op(MLOAD).name_top();
    e_.push(code.size()).push_data(segment).copy(base).op(CODECOPY);
    if (call.salt) e_.copy(entry_of(call.salt));
    if (call.is_encoded) {
        e_.copy(base).push(code.size()).op(ADD).copy(entry_of(call.arguments.front()));
        e_.call(unit_.routines.routine(Routine::PackBytes), 2, 1);
        e_.copy(base).swap(1).op(SUB);
    } else {
        encode_words(e_, entries_of(call.arguments), MemoryAddress(base), code.size());
    }
    e_.copy(base);
    push_or_zero(call.value);
    e_.op(ir::opcode_of(call));
    const Entry created = e_.name_top();
    if (call.tries) {
        const Entry ok = e_.copy(created).op(ISZERO).op(ISZERO).name_top();
        push_return_data(block);
        return finish_call(block, call.next, {ok, e_.name_top(), created});
    }
    e_.copy(created).op(ISZERO).jump_if(unit_.routines.forward());
    finish_call(block, call.next, {created});
}

}  // namespace interlock::lang::codegen
