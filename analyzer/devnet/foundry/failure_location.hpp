// Finds where a test was when it failed: the line of the test, the line of the function that it called inside its own
// contract, and the line of the contract that reverted first.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>

#include "lang/compile.hpp"
#include "vm/opcodes.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer::foundry {

class FailureLocation final : public vm::Tracer {
  public:
    using Ranges = std::set<std::pair<std::uint32_t, std::uint32_t>>;  // of the source: begin and end

    // `outermost` is the test's contract. `artifact_at` returns whose code runs at an address, or null if that is unknown.
    using ArtifactAt = std::function<const lang::Artifact*(const vm::Address&)>;
    FailureLocation(const lang::Artifact& outermost, const lang::ir::Function& test, const lang::Sources& sources,
                    ArtifactAt artifact_at);

    void on_instruction(const vm::TracePoint& point) override;
    void on_exit(const vm::Message& message, const vm::Outcome& outcome) override;

    // Returns the range in the test's own body, or the test's head if no line is known.
    [[nodiscard]] lang::SourceRange in_test() const { return in_test_; }
    // Returns the range in a function or modifier that the test was executing, or std::nullopt.
    [[nodiscard]] std::optional<lang::SourceRange> in_helper() const { return in_helper_; }
    // Returns where the revert began that ended the outermost frame, or std::nullopt if it began in that frame.
    [[nodiscard]] std::optional<lang::SourceRange> in_callee() const;

  private:
    struct Callee {
        const lang::Artifact* artifact = nullptr;
        lang::SourceRange range;
        vm::Bytes output;
    };

    const lang::Artifact* outermost_;
    ArtifactAt artifact_at_;
    Ranges test_ranges_, helper_ranges_;
    lang::SourceRange in_test_;
    std::optional<lang::SourceRange> in_helper_;
    std::uint32_t depth_ = 0;        // of the previous instruction
    std::deque<std::uint32_t> pcs_;  // of the last instructions since the depth changed, the newest first
    vm::Opcode opcode_{};
    std::optional<Callee> callee_;
    vm::Bytes output_;  // of the outermost frame
};

}  // namespace interlock::analyzer::foundry
