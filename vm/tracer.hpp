// Tracing: the second instantiation of the run loop tells a tracer about every instruction. (EIP-3155 for the lines.)
#pragma once

#include <iosfwd>

#include "vm/message.hpp"

namespace interlock::vm {

// One instruction, as it found the frame. It is told when the instruction is over or its callee is entered, since only
// then its cost is known; always before the on_enter and on_exit that it causes.
struct TracePoint {
    std::uint32_t pc = 0;
    std::uint8_t opcode = 0;
    Gas gas;                  // before the instruction
    Gas cost;                 // what it takes, forwarded gas included
    std::uint32_t depth = 1;  // 1 for the outermost frame, as EIP-3155 counts
    std::size_t memory_bytes = 0;
    Gas refund;
    std::span<const Word> stack;  // bottom first
    ByteView memory;              // of the frame; empty unless the tracer wants_memory()
    ByteView return_data;         // of the last call made by the frame
    const Message* message = nullptr;
};

class Tracer {
  public:
    virtual ~Tracer() = default;
    [[nodiscard]] virtual bool wants_memory() const { return false; }  // a copy for each instruction: slow
    virtual void on_enter(const Message&) {}
    virtual void on_instruction(const TracePoint&) {}
    virtual void on_exit(const Message&, const Outcome&) {}
};

// EIP-3155: one JSON object a line.
class JsonLinesTracer final : public Tracer {
  public:
    explicit JsonLinesTracer(std::ostream& out) : out_(out) {}
    void on_instruction(const TracePoint&) override;
    void on_exit(const Message&, const Outcome&) override;

  private:
    std::ostream& out_;
};

}  // namespace interlock::vm
