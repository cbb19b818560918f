#include "analyzer/devnet/foundry/failure_location.hpp"

#include <algorithm>

namespace interlock::analyzer::foundry {

namespace {

// Empty: shared code, such as the end of a failing call.
lang::SourceRange range_at(const lang::Artifact& artifact, std::uint32_t pc) {
    const auto& map = artifact.source_map;
    const auto behind = std::ranges::upper_bound(map, pc, {}, &lang::SourceMapEntry::pc);
    return behind == map.begin() ? lang::SourceRange{} : std::prev(behind)->range;
}

// What is shared and what is inherited belong to no line of the contract.
lang::SourceRange range_of(const lang::Artifact& artifact, std::uint32_t pc, lang::SourceRange otherwise) {
    const lang::SourceRange range = range_at(artifact, pc), whole = artifact.ir->range;
    // Where its functions begin. What nobody has written as a function has the contract's name for its place.
    std::uint32_t first = whole.end;
    for (const lang::ir::Function& each : artifact.ir->functions) {
        const bool is_written = each.range.end - each.range.begin > std::string_view("function ").size() + each.name.size();
        if (is_written && each.range.begin >= whole.begin) first = std::min(first, each.range.begin);
    }
    const bool is_plain = range.begin < range.end && range.begin >= first && range.end <= whole.end;
    return is_plain ? range : otherwise;
}

// A library that helps tests is not what they are about.
bool is_of_library(const std::string& path) {
    const std::string whole = "/" + path;
    return whole.find("/lib/") != std::string::npos || whole.find("/node_modules/") != std::string::npos;
}

void add_ranges(const lang::ir::Function& function, FailureLocation::Ranges& ranges) {
    const auto add = [&](lang::SourceRange range) { ranges.insert({range.begin, range.end}); };
    for (const lang::ir::Block& block : function.blocks) {
        for (const lang::ir::Instruction& each : block.instructions) add(each.range);
        // At its end nothing fails; shared code behind it seems to belong there.
        if (block.terminator.kind != lang::ir::Terminator::Kind::Return) add(block.terminator.range);
    }
}

// The functions of the contract that one calls, and those that they call.
std::set<const lang::ir::Function*> called_from(const lang::ir::Contract& contract, const lang::ir::Function& function) {
    std::set<const lang::ir::Function*> seen{&function};
    std::vector<const lang::ir::Function*> open{&function};
    while (!open.empty()) {
        const lang::ir::Function& next = *open.back();
        open.pop_back();
        for (const lang::ir::Block& block : next.blocks)
            for (const lang::ir::Instruction& each : block.instructions)
                if (each.op == lang::ir::Op::InternalCall && seen.insert(&contract.functions[each.callee]).second)
                    open.push_back(&contract.functions[each.callee]);
    }
    return seen;
}

bool has(const FailureLocation::Ranges& ranges, lang::SourceRange range) {
    return ranges.contains({range.begin, range.end});
}

}  // namespace

FailureLocation::FailureLocation(const lang::Artifact& outermost, const lang::ir::Function& test,
                                 const lang::Sources& sources, ArtifactAt artifact_at)
    : outermost_(&outermost), artifact_at_(std::move(artifact_at)), in_test_(test.range) {
    const lang::SourceFile& file = sources.file_of(test.range);
    Ranges all, own;
    for (const lang::ir::Function* const function : called_from(*outermost.ir, test)) {
        add_ranges(*function, all);
        // Where arguments have to be put into memory first, the body is a function of its own.
        if (function->range == test.range) add_ranges(*function, own);
    }
    for (const auto& [begin, end] : all) {
        const lang::SourceRange range{begin, end};
        if (begin >= end || range == test.range) continue;
        // A modifier and the value of a constant stand elsewhere.
        const bool is_behind_head = begin >= test.range.end && &sources.file_of(range) == &file;
        if (is_behind_head && own.contains({begin, end})) test_ranges_.insert({begin, end});
        else if (!is_of_library(sources.file_of(range).path)) helper_ranges_.insert({begin, end});
    }
}

// Routines that all functions share have the range of whoever needed them first: what the test cannot reach is left out.
void FailureLocation::on_instruction(const vm::TracePoint& point) {
    depth_ = point.depth;
    pc_ = point.pc;
    opcode_ = static_cast<vm::Opcode>(point.opcode);
    if (point.depth != 1) return;
    const lang::SourceRange range = range_at(*outermost_, point.pc);
    if (has(test_ranges_, range)) {
        in_test_ = range;
        in_helper_.reset();
    } else if (range != in_helper_ && has(helper_ranges_, range)) {
        in_helper_ = range;
    }
}

void FailureLocation::on_exit(const vm::Message& message, const vm::Outcome& outcome) {
    if (message.depth == 0) output_ = outcome.output;
    // The frame that executed the instruction before fails by itself; those around it only pass the failure on.
    if (outcome.ok() || message.depth == 0 || message.is_create() || depth_ != message.depth + 1) return;
    // One that returned has failed an expectation: it is not its own fault.
    if (opcode_ == vm::Opcode::RETURN || opcode_ == vm::Opcode::STOP) return;
    const lang::Artifact* const artifact = artifact_at_(message.code_address);
    if (artifact == nullptr) return;
    callee_ = {artifact, range_of(*artifact, pc_, {}), outcome.output};
}

std::optional<lang::SourceRange> FailureLocation::in_callee() const {
    if (!callee_ || callee_->range.begin >= callee_->range.end || callee_->output != output_) return std::nullopt;
    return callee_->range;
}

}  // namespace interlock::analyzer::foundry
