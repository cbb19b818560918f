// Emits one IR instruction at a time: its operands are put on the stack, its result gets a name.
#include <algorithm>
#include <stdexcept>

#include "lang/codegen/arithmetic.hpp"
#include "lang/codegen/function.hpp"
#include "lang/codegen/peephole.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;
using ir::Op;
using ir::Value;

namespace {

std::string signature_of(const ir::Event& event) {
    std::string text = event.name + "(";
    for (std::size_t i = 0; i < event.parameters.size(); ++i) text += (i > 0 ? "," : "") + ir::abi_name(event.parameters[i]);
    return text + ")";
}

Word topic_of(const ir::Event& event) {
    const std::string signature = signature_of(event);
    return vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()}));
}

// [bytes] -> [length, address of the first byte]
void push_region(Emitter& e) { e.dup(0).op(MLOAD).swap(1).push(32).op(ADD); }

}  // namespace

void FunctionEmitter::emit_instruction(const ir::Instruction& i) {
    if (i.result && free_[i.result.index]) return;
    unit_.assembly.set_range(i.range);
    // Each operand counts as often as it occurs, however often the emission reads it.
    operand_uses_.clear();
    for (const Value operand : i.operands) operand_uses_.push_back(uses_left_[operand.index]);
    emit_operation(i);
    for (std::size_t n = 0; n < i.operands.size(); ++n) uses_left_[i.operands[n].index] = operand_uses_[n];
    for (const Value operand : i.operands) --uses_left_[operand.index];
    if (i.result && i.op != Op::InternalCall) define(i.result);
    drop_dead();
}

void FunctionEmitter::emit_operation(const ir::Instruction& i) {
    const ir::Code code = ir::info(i.op).code;
    switch (code.kind) {
        case ir::Code::Kind::Anywhere: return make_free(i);
        case ir::Code::Kind::Opcode: return emit_opcode(i, code.opcode);
        case ir::Code::Kind::Arithmetic: return emit_arithmetic(i);
        case ir::Code::Kind::Own: return emit_own(i);
        case ir::Code::Kind::None: throw Untranslatable{no_translation, "a specification's operation in code", i.range};
    }
}

void FunctionEmitter::emit_opcode(const ir::Instruction& i, vm::Opcode opcode) {
    ir::Values values(i.operands.rbegin(), i.operands.rend());
    if (const auto other = values.size() == 2 ? mirrored(opcode) : std::nullopt) {
        ir::Values exchanged(i.operands);
        if (values[0] != values[1] && arrange(exchanged).cost < arrange(values).cost) {
            values = std::move(exchanged);
            opcode = *other;
        }
    }
    operands(values);
    e_.op(opcode);
}

void FunctionEmitter::emit_own(const ir::Instruction& i) {
    switch (i.op) {
        case Op::Literal: return emit_literal(i);
        case Op::CallData:
            operands(i.operands);
            return e_.call(unit_.routines.routine(i.operands.empty() ? Routine::CopyCalldata : Routine::CopyCalldataSlice),
                           i.operands.size(), 1);
        case Op::CallSelector: e_.push(0).op(CALLDATALOAD); return clean(e_, i.type);
        case Op::Select: return emit_select(i);
        case Op::Convert: operands(i.operands); return convert(e_, unit_.routines, operand_type(i), i.type);
        case Op::LoadImmutable:
            if (unit_.is_creation) e_.push(immutable_address(i)).op(MLOAD);
            else e_.push_immutable(static_cast<std::uint32_t>(unit_.contract.state[i.place.variable].slot.low64()));
            return;
        case Op::StoreImmutable:
            operands(i.operands);
            e_.push(immutable_address(i)).op(MSTORE);
            return;
        case Op::SlotOf: push_slot(i); return;
        case Op::BytesAt: return emit_bytes_at(i);
        case Op::Keccak:
            operands(i.operands);
            push_region(e_);
            e_.op(KECCAK256);
            return;
        case Op::Sha256:
        case Op::Ripemd160:
        case Op::EcRecover: return emit_precompiled(i);
        case Op::WordAt:
            operands(i.operands);
            e_.op(ADD).push(32).op(ADD).op(MLOAD);
            return;
        case Op::BytesInside:
            operands(i.operands);
            e_.op(ADD).push(32).op(ADD);
            return;
        case Op::ContractCode: return emit_contract_code(i);
        case Op::LibraryAddress: e_.push_library(unit_.contract.libraries[i.callee]); return;
        case Op::Evm: return emit_opcode(i, i.opcode);
        case Op::Reinterpret: return operands(i.operands);
        case Op::Guard: return emit_guard(i);
        case Op::InternalCall: return emit_internal_call(i);
        case Op::Emit:
            return emit_event(i);
            // clang-format off
        // Operations of other classes have no case here. An `own` operation without a case above has none here either
        // and does not compile.
#define CASE_own(name)
#define CASE_no_code(name) case Op::name:
#define CASE_anywhere(opcode) CASE_no_code
#define CASE_opcode(opcode) CASE_no_code
#define CASE_arithmetic(opcode) CASE_no_code
#define IR_OP(name, text, group, detail, operands, result, effects, code) CASE_##code(name)
#include "lang/ir/op_list.hpp"
            break;
#undef CASE_own
#undef CASE_no_code
#undef CASE_anywhere
#undef CASE_opcode
#undef CASE_arithmetic
            // clang-format on
    }
    throw std::logic_error("this operation has no code of its own");
}

// Calls precompiled contracts 1 to 3. The answer is written to scratch memory, which stays zero if there is no answer.
void FunctionEmitter::emit_precompiled(const ir::Instruction& i) {
    constexpr std::uint64_t words_of_ecrecover = 4;
    if (i.op == Op::EcRecover) {
        for (std::uint64_t n = 0; n < words_of_ecrecover; ++n)
            e_.copy(entry_of(i.operands[n])).push(memory::free_pointer).op(MLOAD).push(32 * n).op(ADD).op(MSTORE);
        e_.push(0).push(memory::scratch).op(MSTORE);
        e_.push(32).push(memory::scratch).push(32 * words_of_ecrecover).push(memory::free_pointer).op(MLOAD).push(1);
    } else {
        e_.push(32).push(memory::scratch).copy(entry_of(i.operands[0]));
        push_region(e_);
        e_.push(i.op == Op::Sha256 ? 2 : 3);
    }
    e_.op(GAS).op(STATICCALL).op(ISZERO).jump_if(unit_.routines.forward());
    e_.push(memory::scratch).op(MLOAD);
    if (i.op == Op::Ripemd160) e_.push(96).op(SHL);
}

std::uint64_t FunctionEmitter::immutable_address(const ir::Instruction& i) const {
    return unit_.immutables + 32 * unit_.contract.state[i.place.variable].slot.low64();
}

void FunctionEmitter::emit_arithmetic(const ir::Instruction& i) {
    if (emit_with_constant(i)) return;
    const bool is_unary = i.operands.size() == 1;
    const bool shifts = i.op == Op::Shl || i.op == Op::Shr;
    if (is_unary || shifts) operands(i.operands);
    else operands({i.operands[1], i.operands[0]});
    Routines& routines = unit_.routines;
    switch (i.op) {
        case Op::Add: return add(e_, routines, i.type, i.checked);
        case Op::Sub: return subtract(e_, routines, i.type, i.checked);
        case Op::Mul: return multiply(e_, routines, i.type, i.checked);
        case Op::Div: return divide(e_, routines, i.type, i.checked);
        case Op::Mod: return modulo(e_, routines, i.type);
        case Op::Exp: return raise(e_, routines, i.type, i.checked);
        case Op::Negate: return negate(e_, routines, i.type, i.checked);
        case Op::Shl: return shift_left(e_, i.type);
        case Op::Shr: return shift_right(e_, i.type);
        case Op::Not: return bitwise_not(e_, i.type);
        case Op::Equal:
        case Op::NotEqual:
        case Op::Less:
        case Op::LessEqual:
        case Op::Greater:
        case Op::GreaterEqual: return compare(e_, i.op, operand_type(i));
        default: throw Untranslatable{no_translation, "a specification's operation in code", i.range};
    }
}

// With a constant base the power fits exactly up to some exponent.
bool FunctionEmitter::emit_power_of_constant(const ir::Instruction& i) {
    const auto base = constant(i.operands[0]);
    if (!base || *base < Word(2)) return false;
    std::uint64_t most = 0;
    for (Word rest = largest(i.type); rest >= *base; rest /= *base) ++most;
    operands({i.operands[1]});
    e_.dup(0).push(most).op(LT).jump_if(unit_.routines.panic(panic::overflow));
    e_.push(*base).op(EXP);
    return true;
}

// Only smallest / -1 does not fit.
bool FunctionEmitter::emit_division_by_constant(const ir::Instruction& i) {
    const auto divisor = constant(i.operands[1]);
    if ((i.op != Op::Div && i.op != Op::Mod) || !divisor || divisor->is_zero() || *divisor == vm::all_ones) return false;
    operands({i.operands[0]});
    e_.push(*divisor).swap(1).op(i.op == Op::Div ? SDIV : SMOD);
    return true;
}

// Uses a constant operand to make the check cheaper.
bool FunctionEmitter::emit_with_constant(const ir::Instruction& i) {
    if (i.operands.size() != 2) return false;
    if (i.type.kind == ir::TypeKind::Int) return emit_division_by_constant(i);
    if (i.type.kind != ir::TypeKind::Uint) return false;
    if (i.op == Op::Exp && i.checked) return emit_power_of_constant(i);
    const auto right = constant(i.operands[1]);
    if (!right || right->is_zero()) return false;
    const auto apply = [&](vm::Opcode op) {
        operands({i.operands[0]});
        e_.push(*right).swap(1).op(op);
    };
    if (i.op == Op::Div) return apply(DIV), true;
    if (i.op == Op::Mod) return apply(MOD), true;
    if (!i.checked) return false;
    const Label overflow = unit_.routines.panic(panic::overflow);
    if (i.op == Op::Mul) {
        operands({i.operands[0]});
        e_.dup(0).push(largest(i.type) / *right).op(LT).jump_if(overflow);
        e_.push(*right).op(MUL);
        return true;
    }
    if (i.op == Op::Add && i.type.bits == 256) {
        operands({i.operands[0]});
        e_.push(*right).op(ADD);
        e_.push(*right).dup(1).op(LT).jump_if(overflow);
        return true;
    }
    return false;
}

// Computes c ^ ((b ^ c) * a), which needs no jump and works for words of any type.
void FunctionEmitter::emit_select(const ir::Instruction& i) {
    operands({i.operands[2], i.operands[1]});
    e_.dup(1).op(XOR);
    fetch(i.operands[0]);
    e_.op(MUL).op(XOR);
}

void FunctionEmitter::emit_internal_call(const ir::Instruction& i) {
    const ir::Values& known = prepared_.results[i.result.index];
    ir::Values results(unit_.contract.functions[i.callee].returns.size());
    std::copy(known.begin(), known.end(), results.begin());

    // The callee may call this function again, whose spill slots are the same words of memory.
    std::vector<std::uint64_t> saved;
    if (!spilled_.empty() && is_recursive_call(unit_.contract, index_, i.callee)) {
        for (const Value result : results)
            if (result && prepared_.needed[result.index] && !is_spilled(entry_of(result)))
                throw OutOfReach{entry_of(result), {}};
        for (const auto& [key, slot] : spilled_) {
            const bool is_return = key == key_of(return_entry);
            if (!is_return &&
                std::find(results.begin(), results.end(), Value{static_cast<std::uint32_t>(key)}) != results.end())
                continue;
            if (is_return || liveness_->live_out(block_, {static_cast<std::uint32_t>(key)}) || uses_left_[key] > 0)
                saved.push_back(spill_area_ + 32 * slot);
        }
    }
    for (const std::uint64_t address : saved) e_.push(address).op(MLOAD);

    const auto returns = [](const ir::Block& block) { return block.terminator.kind == ir::Terminator::Kind::Return; };
    const bool comes_back = std::ranges::any_of(unit_.contract.functions[i.callee].blocks, returns);
    const Label back = comes_back ? unit_.assembly.new_label() : unit_.routines.revert_empty();
    const std::size_t height = e_.stack.size() - push_return_below_arguments(back, i.operands);
    e_.jump(unit_.internal(i.callee));
    if (comes_back) e_.mark(back);
    e_.stack.resize(height);
    for (std::size_t n = 0; n < results.size(); ++n) {
        e_.stack.push_back({});
        e_.name_top();
    }
    define_results(results);
    for (; !saved.empty(); saved.pop_back()) e_.push(saved.back()).op(MSTORE);
}

// [...] -> [..., label, arguments]. The first arguments stay if they are on top already and not needed any more; the
// label is moved below them. Returns how many these are.
std::size_t FunctionEmitter::push_return_below_arguments(Label back, const ir::Values& arguments) {
    for (const Value argument : arguments) --uses_left_[argument.index];
    const std::size_t placed = dying_on_top(arguments);
    std::vector<Entry> target = e_.stack;
    const Entry label = e_.push_label(back).name_top();
    target.insert(target.end() - static_cast<std::ptrdiff_t>(placed), label);
    e_.shuffle(target);
    for (std::size_t n = placed; n < arguments.size(); ++n) e_.copy(entry_of(arguments[n]));
    return placed;
}

void FunctionEmitter::emit_literal(const ir::Instruction& i) {
    constexpr std::size_t inline_bytes = 64;  // longer text is copied from the data after the code
    const std::uint64_t words = (i.data.size() + 31) / 32;
    const Entry bytes = e_.push(memory::free_pointer).op(MLOAD).name_top();
    e_.copy(bytes).push(32 * (words + 1)).op(ADD).push(memory::free_pointer).op(MSTORE);
    e_.push(i.data.size()).copy(bytes).op(MSTORE);
    if (i.data.size() > inline_bytes) {
        e_.push(i.data.size()).push_data(unit_.assembly.add_data({i.data.begin(), i.data.end()}));
        e_.copy(bytes).push(32).op(ADD).op(CODECOPY);
        return;
    }
    vm::Bytes padded(i.data.begin(), i.data.end());
    padded.resize(32 * words);
    for (std::uint64_t word = 0; word < words; ++word) {
        e_.push(vm::word_from_big_endian(vm::ByteView(padded).subspan(32 * word, 32)));
        e_.copy(bytes).push(32 * (word + 1)).op(ADD).op(MSTORE);
    }
}

void FunctionEmitter::emit_bytes_at(const ir::Instruction& i) {
    operands(i.operands);  // [bytes, index]
    e_.dup(1).op(MLOAD).dup(1).op(LT).op(ISZERO).jump_if(unit_.routines.panic(panic::index));
    e_.op(ADD).push(32).op(ADD).op(MLOAD);
    clean(e_, {ir::TypeKind::FixedBytes, 8});
}

void FunctionEmitter::emit_event(const ir::Instruction& i) {
    const ir::Event& event = unit_.contract.events[i.event];
    ir::Values data;
    unsigned topics = event.anonymous ? 0 : 1;
    for (std::size_t n = i.operands.size(); n-- > 0;) {  // the first topic must be on top
        if (!event.indexed[n]) continue;
        ++topics;
        fetch(i.operands[n]);
    }
    for (std::size_t n = 0; n < i.operands.size(); ++n)
        if (!event.indexed[n]) data.push_back(i.operands[n]);
    if (!event.anonymous) e_.push(topic_of(event));
    const std::vector<Entry> words = entries_of(data);
    const MemoryAddress base = take_memory(e_, 32 * words.size());
    encode_words(e_, words, base);
    order_region(e_, base);
    e_.op(static_cast<vm::Opcode>(static_cast<unsigned>(LOG0) + topics));
}

}  // namespace interlock::lang::codegen
