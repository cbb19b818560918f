#include "vm/tracer.hpp"

#include <ostream>

#include "vm/opcodes.hpp"

namespace interlock::vm {
namespace {

std::string hex(Gas gas) { return to_hex(Word{static_cast<std::uint64_t>(std::max(gas, Gas{0}).units)}); }

}  // namespace

// The order of the fields is EIP-3155's.
void JsonLinesTracer::on_instruction(const TracePoint& point) {
    out_ << "{\"pc\":" << point.pc << ",\"op\":" << unsigned{point.opcode};
    out_ << ",\"gas\":\"" << hex(point.gas) << "\",\"gasCost\":\"" << hex(point.cost) << "\",\"stack\":[";
    for (std::size_t i = 0; i < point.stack.size(); ++i) out_ << (i == 0 ? "\"" : ",\"") << to_hex(point.stack[i]) << '"';
    out_ << "],\"depth\":" << point.depth << ",\"returnData\":\"" << to_hex(point.return_data);
    out_ << "\",\"refund\":\"" << hex(point.refund) << "\",\"memSize\":" << point.memory_bytes;
    out_ << ",\"opName\":\"" << info(point.opcode).name << "\"}\n";
}

// Writes the summary after the outermost message has ended. The chain adds the state root.
void JsonLinesTracer::on_exit(const Message& message, const Outcome& outcome) {
    if (message.depth != 0) return;
    out_ << "{\"output\":\"" << to_hex(outcome.output) << "\",\"gasUsed\":\"" << hex(message.gas - outcome.gas_left)
         << "\",\"pass\":" << (outcome.ok() ? "true" : "false");
    if (!outcome.ok()) out_ << ",\"error\":\"" << name_of(outcome.status) << '"';
    out_ << "}\n";
}

}  // namespace interlock::vm
