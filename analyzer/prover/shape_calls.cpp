// What is fixed about the calls of a function in assembly: what they send.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Which argument of a call in assembly is the address of the data; their size follows.
std::optional<std::size_t> data_argument(const ir::ExternalCall& call) {
    if (call.kind != ir::ExternalCall::Kind::Raw) return std::nullopt;
    if (call.opcode == vm::Opcode::CALL || call.opcode == vm::Opcode::CALLCODE) return 3;
    if (call.opcode == vm::Opcode::STATICCALL || call.opcode == vm::Opcode::DELEGATECALL) return 2;
    return std::nullopt;
}

// Returns the constant, also where it is the distance of two addresses.
std::optional<ir::Word> size_in(const Makers& made_by, ir::Value value) {
    if (const auto constant = constant_in(made_by, value)) return constant;
    const ir::Instruction* made = made_by.at(value.index);
    if (!made || made->op != Op::Sub) return std::nullopt;
    const MemoryAddress end = address_in(made_by, made->operands[0]), begin = address_in(made_by, made->operands[1]);
    return end.base == begin.base ? std::optional(end.offset - begin.offset) : std::nullopt;
}

}  // namespace

// Finds what is written to memory and sent in the same block, and the words behind the selectors of encodings.
void Flow::Shape::find_call_data(const ir::Function& function) {
    constexpr unsigned word_bytes = 32, selector_bytes = 4;
    for (const ir::Block& block : function.blocks) {
        MemoryWords words(made_by);
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == Op::Reinterpret && each.selector) {
                MemoryAddress start = address_in(made_by, each.operands[0]);
                start.offset += ir::Word{word_bytes};
                encodings[&each] = call_data_at(words, start);
            }
            words.pass(each);
        }
        if (block.terminator.kind != ir::Terminator::Kind::External) continue;
        const ir::ExternalCall& call = block.terminator.call;
        const auto data = data_argument(call);
        const auto size = data ? size_in(made_by, call.arguments.data()[*data + 1]) : std::nullopt;
        // What the compiler puts together for a method holds all arguments, however long those behind the words are.
        if (size ? *size < ir::Word{selector_bytes} : !data || !call.is_of_method) continue;
        CallData sent = call_data_at(words, address_in(made_by, call.arguments.data()[*data]));
        for (std::size_t i = 0; i < sent.arguments.size(); ++i)
            if (size && *size < ir::Word{selector_bytes + (i + 1) * word_bytes}) sent.arguments[i].reset();
        written_data[&call] = std::move(sent);
    }
}

// Finds keccak256(abi.encode(…)) of words, which the same block has written.
void Flow::Shape::find_hashed_data(const ir::Function& function) {
    constexpr std::uint64_t word_bytes = 32, most_words = 8;
    for (const ir::Block& block : function.blocks) {
        MemoryWords words(made_by);
        for (const ir::Instruction& each : block.instructions) {
            const ir::Instruction* bytes = each.op == Op::Keccak ? made_by.at(each.operands[0].index) : nullptr;
            if (bytes && bytes->op == Op::Reinterpret) {
                MemoryAddress at = address_in(made_by, bytes->operands[0]);
                const auto length = words.word_at(at);
                const auto size = length && !length->is_account ? size_in(made_by, length->value) : std::nullopt;
                const bool is_whole = size && *size <= ir::Word{most_words * word_bytes} && size->low64() % word_bytes == 0;
                std::vector<HashedWord> hashed;
                for (std::uint64_t i = 0; is_whole && i < size->low64() / word_bytes; ++i) {
                    at.offset += ir::Word{word_bytes};
                    if (const auto word = words.word_at(at)) hashed.push_back({*word, size_in(made_by, word->value)});
                }
                if (is_whole && !hashed.empty() && hashed.size() == size->low64() / word_bytes) hashed_data[&each] = hashed;
            }
            words.pass(each);
        }
    }
}

// Finds `call(…, add(data, 32), mload(data), …)`, and where all that is done with the address of bytes is that and to read.
void Flow::Shape::find_peeks(const ir::Function& function) {
    const ir::Word head{32};
    const auto bytes_at = [&](ir::Value address) -> std::optional<ir::Value> {
        const ir::Instruction* made = made_by.at(address.index);
        if (!made || made->op != Op::Reinterpret) return std::nullopt;
        const bool is_of_bytes = types.at(made->operands[0].index).kind == ir::TypeKind::Bytes;
        return is_of_bytes ? std::optional(made->operands[0]) : std::nullopt;
    };
    std::set<std::uint32_t> sent;  // addresses of data that are sent whole
    for (const ir::Block& block : function.blocks) {
        if (block.terminator.kind != ir::Terminator::Kind::External) continue;
        const ir::ExternalCall& call = block.terminator.call;
        const auto data = data_argument(call);
        if (!data) continue;
        const ir::Value start = call.arguments.data()[*data];
        const ir::Instruction* size = made_by.at(call.arguments.data()[*data + 1].index);
        const MemoryAddress at = address_in(made_by, start);
        if (!at.base || at.offset != head || !size || !is_evm(*size, vm::Opcode::MLOAD)) continue;
        const auto bytes = bytes_at(at.base), measured = bytes_at(size->operands[0]);
        if (!bytes || !measured || !(*bytes == *measured)) continue;
        sent_bytes[&call] = *bytes;
        sent.insert(start.index);
    }
    if (sent.empty()) return;
    // What else is done with an address than to read there, to go on from there, or to send what lies there.
    std::set<std::uint32_t> betrayed;
    const auto betray = [&](ir::Value value) { betrayed.insert(value.index); };
    const auto goes_on = [&](const ir::Instruction& each) {
        const bool is_sum = each.op == Op::Add || is_evm(each, vm::Opcode::ADD);
        return is_sum && (constant_in(made_by, each.operands[0]) || constant_in(made_by, each.operands[1]));
    };
    std::vector<const ir::Instruction*> sums, addresses;
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& each : block.instructions) {
            if (goes_on(each)) sums.push_back(&each);
            else if (!is_evm(each, vm::Opcode::MLOAD)) std::ranges::for_each(each.operands, betray);
            else peeks.insert(&each);
            if (each.result && bytes_at(each.result)) addresses.push_back(&each);
        }
        const ir::Terminator& end = block.terminator;
        if (end.kind == ir::Terminator::Kind::External && sent_bytes.contains(&end.call)) {
            const std::size_t data = *data_argument(end.call);
            for (std::size_t i = 0; i < end.call.arguments.size(); ++i)
                if (i != data) betray(end.call.arguments.data()[i]);
        } else {
            ir::for_each_use(end, betray);
        }
        ir::for_each_jump(end, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, betray); });
    }
    for (std::size_t before = 0; before != betrayed.size();) {
        before = betrayed.size();
        for (const ir::Instruction* each : sums)
            if (betrayed.contains(each->result.index)) std::ranges::for_each(each->operands, betray);
    }
    peeks.insert(sums.begin(), sums.end());
    for (const ir::Instruction* each : addresses)
        if (!betrayed.contains(each->result.index)) peeks.insert(each);
}

}  // namespace interlock::analyzer::prover
