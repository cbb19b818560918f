#include "lang/lower/events.hpp"

#include "lang/lower/calls.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

// A topic of a reference type is the hash of its packed form with padded parts; the other values are encoded as data.
void Events::emit_coded(const ir::Event& event, const std::vector<Datum>& values, SourceRange range) {
    DataBuilder at = data(range);
    ir::Values topics;
    std::vector<Datum> plain;
    if (!event.anonymous) topics.push_back(at.word(contract_.interface.topic_of(event)));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!event.indexed[i]) {
            plain.push_back(values[i]);
        } else if (values[i].value) {
            topics.push_back(at.raw(values[i].value));
        } else {
            const ir::Value start = at.free_memory();
            const ir::Value end = at.encode_packed({values[i]}, start);
            topics.push_back(at.evm(vm::Opcode::KECCAK256, {start, at.sub(end, start)}));
        }
    }
    const ir::Value start = at.free_memory();
    ir::Values operands{start, at.sub(at.encode(plain, start), start)};
    const auto opcode = static_cast<vm::Opcode>(static_cast<unsigned>(vm::Opcode::LOG0) + topics.size());
    operands.insert(operands.end(), topics.begin(), topics.end());
    at.effect(opcode, std::move(operands));
}

void Events::emit(ExprId id, SourceRange range) {
    const ExprInfo& call = info(id);
    const Use& use = call.use.meaning == Meaning::Event ? call.use : info(inner(tree_[id].a)).use;
    ir::Instruction instruction;
    instruction.op = ir::Op::Emit;
    instruction.event = contract_.interface.event_index(use.event);
    const auto parameters = contract_.contract().events[instruction.event].parameters;
    if (Results(*this).needs_coding(parameters)) {
        const ir::Event event = contract_.contract().events[instruction.event];
        return emit_coded(event, Calls(*this).data_for(id, types_of(tree_[use.event].parameters)), range);
    }
    instruction.operands = Calls(*this).arguments(id, parameters);
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

}  // namespace interlock::lang::lowering
