// The loop that tells a tracer about instructions. It is a translation unit of its own, which keeps the plain loop
// dense.
#include "vm/interpreter/loop.hpp"

namespace interlock::vm {

template void interpret<true>(Core&);

// Where the trace point is reported later, when the cost is known, the state before the instruction is saved here.
void Core::note_instruction(const std::uint8_t* pc, Gas gas, const Word* top) {
    const Frame& running = frame();
    const Word* const first = stack.data() + running.stack_base + 1;
    std::span<const Word> words(first, top + 1);
    if (trace_.with_cost) {
        trace_.stack.assign(first, top + 1);
        words = trace_.stack;
    }
    if (trace_.with_memory) trace_.memory.assign(memory.data(), memory.data() + memory.size());
    const TracePoint point = {
        .pc = static_cast<std::uint32_t>(pc - running.code->begin()),
        .opcode = *pc,
        .gas = gas,
        .cost = {},
        .depth = running.message.depth + 1,
        .memory_bytes = memory.size(),
        .refund = trace_.with_cost ? refund_so_far() : Gas{},
        .stack = words,
        .memory = trace_.memory,
        .return_data = return_data,
        .message = &running.message,
    };
    if (!trace_.with_cost) return tracer_->on_instruction(point);
    trace_.point = point;
    trace_.pending = true;
}

// The cost is known at the next instruction, whichever that is.
const Targets& Core::traced_targets(const Targets& plain, const Targets& told) {
    if (trace_.with_cost) return told;
    if (trace_.targets_for != trace_.wanted) {
        trace_.targets_for = trace_.wanted;
        for (std::size_t i = 0; i < plain.size(); ++i) trace_.targets[i] = trace_.wanted[i] ? told[i] : plain[i];
    }
    return trace_.targets;
}

void Core::flush_trace(Gas gas_after) {
    if (!trace_.pending) return;
    trace_.pending = false;
    trace_.point.cost = trace_.point.gas - gas_after;
    tracer_->on_instruction(trace_.point);
}

// EIP-3155 asks for the transaction's refund counter, so the sum covers all open frames.
Gas Core::refund_so_far() const {
    Gas sum;
    for (std::size_t depth = 0; depth < frames.size(); ++depth) sum += frames[depth].refund;
    return sum;
}

}  // namespace interlock::vm
