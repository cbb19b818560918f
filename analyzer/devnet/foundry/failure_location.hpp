// Where a test was when it failed: the line of the test, and the line of the contract that reverted first.
#pragma once

#include <functional>
#include <optional>

#include "lang/compile.hpp"
#include "vm/opcodes.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer::foundry {

class FailureLocation final : public vm::Tracer {
  public:
    // `artifact_at`: whose code runs at an address; null where that is not known.
    using ArtifactAt = std::function<const lang::Artifact*(const vm::Address&)>;
    FailureLocation(const lang::Artifact& outermost, ArtifactAt artifact_at)
        : outermost_(outermost), artifact_at_(std::move(artifact_at)) {}

    void on_instruction(const vm::TracePoint& point) override;
    void on_exit(const vm::Message& message, const vm::Outcome& outcome) override;

    // Of the outermost frame; empty: none of its lines is known.
    [[nodiscard]] lang::SourceRange in_test() const { return in_test_; }
    // Where the revert began that ended the outermost frame; none: there.
    [[nodiscard]] std::optional<lang::SourceRange> in_callee() const;

  private:
    struct Callee {
        const lang::Artifact* artifact = nullptr;
        lang::SourceRange range;
        vm::Bytes output;
    };

    const lang::Artifact& outermost_;
    ArtifactAt artifact_at_;
    lang::SourceRange in_test_;
    std::uint32_t depth_ = 0, pc_ = 0;  // of the instruction before
    vm::Opcode opcode_{};
    std::optional<Callee> callee_;
    vm::Bytes output_;  // of the outermost frame
};

}  // namespace interlock::analyzer::foundry
