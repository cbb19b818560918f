// One pass finds the jump targets, a second one prints. Bytes after the first INVALID are data: the assembler puts it
// there as a fence.
#include "lang/output/listing.hpp"

#include <fmt/format.h>

#include <set>

#include "vm/opcodes.hpp"

namespace interlock::lang {

namespace {

using vm::Opcode;

constexpr std::uint8_t byte_of(Opcode op) { return static_cast<std::uint8_t>(op); }

std::size_t end_of(vm::ByteView code, std::size_t pc) {
    return std::min(code.size(), pc + 1 + vm::info(code[pc]).immediate);
}

// The result of the first pass: the JUMPDESTs that some PUSH before a jump names, and where instructions end and data
// begins.
struct Shape {
    std::set<std::size_t> targets;
    std::size_t end = 0;
};

Shape shape_of(vm::ByteView code) {
    Shape shape;
    std::set<std::size_t> pushed;
    while (shape.end < code.size()) {
        const std::size_t pc = shape.end;
        const std::uint8_t op = code[pc];
        shape.end = end_of(code, pc);
        if (op == byte_of(Opcode::INVALID)) break;
        if (op >= byte_of(Opcode::PUSH1) && op <= byte_of(Opcode::PUSH4)) {
            const vm::Word word = vm::word_from_big_endian(code.subspan(pc + 1, end_of(code, pc) - pc - 1));
            pushed.insert(static_cast<std::size_t>(word.low64()));
        }
    }
    for (std::size_t pc = 0; pc < shape.end; pc = end_of(code, pc))
        if (code[pc] == byte_of(Opcode::JUMPDEST) && pushed.contains(pc)) shape.targets.insert(pc);
    return shape;
}

std::string line_for(vm::ByteView code, std::size_t pc, const Shape& shape) {
    const vm::OpcodeInfo& info = vm::info(code[pc]);
    if (code[pc] == byte_of(Opcode::JUMPDEST) && shape.targets.contains(pc)) return fmt::format("{:#06x}  L{:x}:\n", pc, pc);
    if (!info.exists()) return fmt::format("{:#06x}    undefined {:#04x}\n", pc, code[pc]);
    std::string line = fmt::format("{:#06x}    {}", pc, info.name);
    if (info.immediate > 0) {
        const vm::ByteView immediate = code.subspan(pc + 1, end_of(code, pc) - pc - 1);
        line += " " + vm::to_hex(immediate);
        const vm::Word word = vm::word_from_big_endian(immediate);
        const std::size_t next = end_of(code, pc);
        const bool jumps =
            next < code.size() && (code[next] == byte_of(Opcode::JUMP) || code[next] == byte_of(Opcode::JUMPI));
        if (jumps && word.fits_u64() && shape.targets.contains(word.low64())) line += fmt::format("  L{:x}", word.low64());
    }
    return line + "\n";
}

std::string data_lines(vm::ByteView code, std::size_t from) {
    std::string text;
    for (std::size_t pc = from; pc < code.size(); pc += 32)
        text += fmt::format("{:#06x}    data {}\n", pc,
                            vm::to_hex(code.subspan(pc, std::min<std::size_t>(32, code.size() - pc))));
    return text;
}

}  // namespace

std::string list_instructions(vm::ByteView code) {
    const Shape shape = shape_of(code);
    std::string text;
    for (std::size_t pc = 0; pc < shape.end; pc = end_of(code, pc)) text += line_for(code, pc, shape);
    return text + data_lines(code, shape.end);
}

std::string list_instructions(const Artifact& artifact, const Sources& sources) {
    const vm::ByteView code = artifact.runtime_code;
    const Shape shape = shape_of(code);
    std::string text;
    std::size_t entry = 0;
    for (std::size_t pc = 0; pc < shape.end; pc = end_of(code, pc)) {
        while (entry < artifact.source_map.size() && artifact.source_map[entry].pc <= pc) {
            const SourceRange range = artifact.source_map[entry++].range;
            if (range.begin >= range.end) continue;
            const LineColumn place = sources.position(range.begin);
            const std::string_view source = sources.text(range);
            text +=
                fmt::format("; {}:{}: {}\n", sources.file_of(range).path, place.line, source.substr(0, source.find('\n')));
        }
        text += line_for(code, pc, shape);
    }
    return text + data_lines(code, shape.end);
}

}  // namespace interlock::lang
