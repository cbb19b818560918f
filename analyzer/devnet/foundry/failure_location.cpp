#include "analyzer/devnet/foundry/failure_location.hpp"

#include <algorithm>

namespace interlock::analyzer::foundry {

namespace {

// Shared code, such as the end of a failing call, and what is inherited belong to no line of the contract.
lang::SourceRange range_of(const lang::Artifact& artifact, std::uint32_t pc, lang::SourceRange otherwise) {
    const auto& map = artifact.source_map;
    const auto behind = std::ranges::upper_bound(map, pc, {}, &lang::SourceMapEntry::pc);
    if (behind == map.begin()) return otherwise;
    const lang::SourceRange range = std::prev(behind)->range, whole = artifact.ir->range;
    // Where its functions begin. What nobody has written as a function has the contract's name for its place.
    std::uint32_t first = whole.end;
    for (const lang::ir::Function& each : artifact.ir->functions) {
        const bool is_written = each.range.end - each.range.begin > std::string_view("function ").size() + each.name.size();
        if (is_written && each.range.begin >= whole.begin) first = std::min(first, each.range.begin);
    }
    const bool is_plain = range.begin < range.end && range.begin >= first && range.end <= whole.end;
    return is_plain ? range : otherwise;
}

}  // namespace

void FailureLocation::on_instruction(const vm::TracePoint& point) {
    depth_ = point.depth;
    pc_ = point.pc;
    opcode_ = static_cast<vm::Opcode>(point.opcode);
    if (point.depth == 1) in_test_ = range_of(outermost_, point.pc, in_test_);
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
