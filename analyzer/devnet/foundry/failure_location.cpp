#include "analyzer/devnet/foundry/failure_location.hpp"

#include <algorithm>

namespace interlock::analyzer::foundry {

namespace {

// Returns an empty range for shared code, such as the end of a failing call.
lang::SourceRange range_at(const lang::Artifact& artifact, std::uint32_t pc) {
    const auto& map = artifact.source_map;
    const auto behind = std::ranges::upper_bound(map, pc, {}, &lang::SourceMapEntry::pc);
    return behind == map.begin() ? lang::SourceRange{} : std::prev(behind)->range;
}

// Shared and inherited code belongs to no line of the contract.
lang::SourceRange range_of(const lang::Artifact& artifact, std::uint32_t pc, lang::SourceRange otherwise) {
    const lang::SourceRange range = range_at(artifact, pc), whole = artifact.ir->range;
    // Finds where the contract's functions begin. Code that nobody wrote as a function has the range of the contract's name.
    std::uint32_t first = whole.end;
    for (const lang::ir::Function& each : artifact.ir->functions) {
        const bool is_written = each.range.end - each.range.begin > std::string_view("function ").size() + each.name.size();
        if (is_written && each.range.begin >= whole.begin) first = std::min(first, each.range.begin);
    }
    const bool is_plain = range.begin < range.end && range.begin >= first && range.end <= whole.end;
    return is_plain ? range : otherwise;
}

// Libraries that help tests are not what the tests are about.
bool is_of_library(const std::string& path) {
    const std::string whole = "/" + path;
    return whole.find("/lib/") != std::string::npos || whole.find("/node_modules/") != std::string::npos;
}

void add_ranges(const lang::ir::Function& function, FailureLocation::Ranges& ranges) {
    const auto add = [&](lang::SourceRange range) { ranges.insert({range.begin, range.end}); };
    for (const lang::ir::Block& block : function.blocks) {
        for (const lang::ir::Instruction& each : block.instructions) add(each.range);
        // A return does not fail, and shared code after it would seem to belong to it.
        if (block.terminator.kind != lang::ir::Terminator::Kind::Return) add(block.terminator.range);
    }
}

// Returns a function of the contract and all functions that it calls, directly or not.
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
        // If arguments must be copied to memory first, the body is a function of its own.
        if (function->range == test.range) add_ranges(*function, own);
    }
    for (const auto& [begin, end] : all) {
        const lang::SourceRange range{begin, end};
        if (begin >= end || range == test.range) continue;
        // A modifier and the value of a constant are elsewhere in the source.
        const bool is_behind_head = begin >= test.range.end && &sources.file_of(range) == &file;
        if (is_behind_head && own.contains({begin, end})) test_ranges_.insert({begin, end});
        else if (!is_of_library(sources.file_of(range).path)) helper_ranges_.insert({begin, end});
    }
}

// Routines that all functions share have the range of the code that needed them first, so code that the test cannot
// reach is left out.
void FailureLocation::on_instruction(const vm::TracePoint& point) {
    constexpr std::size_t most_pcs = 64;  // more than the shared end of any failure has
    if (depth_ != point.depth) pcs_.clear();
    depth_ = point.depth;
    pcs_.push_front(point.pc);
    if (pcs_.size() > most_pcs) pcs_.pop_back();
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
    // The frame that executed the previous instruction fails by itself; the frames around it only pass the failure on.
    if (outcome.ok() || message.depth == 0 || message.is_create() || depth_ != message.depth + 1) return;
    // A frame that returned has missed an expectation; the failure is not its own.
    if (opcode_ == vm::Opcode::RETURN || opcode_ == vm::Opcode::STOP) return;
    const lang::Artifact* const artifact = artifact_at_(message.code_address);
    if (artifact == nullptr) return;
    // Code that failures share has no range, but what leads to it has.
    callee_ = {artifact, {}, outcome.output};
    for (const std::uint32_t pc : pcs_) {
        callee_->range = range_of(*artifact, pc, {});
        if (callee_->range.begin < callee_->range.end) break;
    }
}

std::optional<lang::SourceRange> FailureLocation::in_callee() const {
    if (!callee_ || callee_->range.begin >= callee_->range.end || callee_->output != output_) return std::nullopt;
    return callee_->range;
}

}  // namespace interlock::analyzer::foundry
