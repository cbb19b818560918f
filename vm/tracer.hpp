// Tracing: the second instantiation of the run loop reports instructions to a tracer. (EIP-3155 defines the lines.)
#pragma once

#include <bitset>
#include <iosfwd>

#include "vm/message.hpp"

namespace interlock::vm {

// One instruction, and the frame's state before it. It is reported when the instruction is over or its callee is
// entered, since its cost is known only then, and always before the on_enter and on_exit that it causes. To a tracer that
// does not want the cost it is reported at once, without a copy of the stack.
struct TracePoint {
    std::uint32_t pc = 0;
    std::uint8_t opcode = 0;
    Gas gas;                  // before the instruction
    Gas cost;                 // includes forwarded gas; zero unless the tracer wants_cost()
    std::uint32_t depth = 1;  // 1 for the outermost frame, as EIP-3155 counts
    std::size_t memory_bytes = 0;
    Gas refund;                   // zero unless the tracer wants_cost()
    std::span<const Word> stack;  // bottom first
    ByteView memory;              // of the frame; empty unless the tracer wants_memory()
    ByteView return_data;         // of the last call made by the frame
    const Message* message = nullptr;
};

// Opcodes, by their bytes.
using OpcodeSet = std::bitset<256>;

class Tracer {
  public:
    virtual ~Tracer() = default;
    // The instructions that it is told about. The machine asks this and what follows once, when it gets the tracer.
    [[nodiscard]] virtual OpcodeSet wanted() const { return OpcodeSet{}.set(); }
    [[nodiscard]] virtual bool wants_cost() const { return true; }     // without it tracing takes far less time
    [[nodiscard]] virtual bool wants_memory() const { return false; }  // copies memory at each instruction, which is slow
    virtual void on_enter(const Message&) {}
    virtual void on_instruction(const TracePoint&) {}
    virtual void on_exit(const Message&, const Outcome&) {}
};

// Writes one JSON object per line. (EIP-3155)
class JsonLinesTracer final : public Tracer {
  public:
    explicit JsonLinesTracer(std::ostream& out) : out_(out) {}
    void on_instruction(const TracePoint&) override;
    void on_exit(const Message&, const Outcome&) override;

  private:
    std::ostream& out_;
};

}  // namespace interlock::vm
