// Lowers calls that leave the contract, and creations. Such a call ends its block; the results are the parameters of the
// next block.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

// An external call whose arguments or results the lowering encodes itself.
struct CodedCall {
    ir::ExternalCall call;  // target, value and gas
    ir::Value selector;     // left-aligned in the word
    std::vector<TypeId> parameters, results;
    vm::Opcode opcode{};
};

struct Returned {
    ir::Value ok, start;  // whether it succeeded, and where results are written
};

class ExternalCalls : public Room {
  public:
    explicit ExternalCalls(const Room& room) : Room(room) {}

    Result method_call(ExprId id);
    Result create(ExprId id);
    Result low_level_call(ExprId id, ir::ExternalCall::Kind kind);
    Result call_code(ExprId id);
    Result pay(ExprId id, ir::ExternalCall::Kind kind);
    ir::Value library_address(ContractId library, SourceRange range);

    // --- parts of a call, for `try` and for questions of a scenario ---
    void options(ExprId call, ir::ExternalCall& into);             // evaluates { value: …, gas: … }
    [[nodiscard]] ir::ExternalCall call_of_method(ExprId id);      // everything except its arguments
    [[nodiscard]] std::optional<CodedCall> coded_call(ExprId id);  // std::nullopt: the IR has a call for it
    Returned perform(ExprId id, const CodedCall& call);
    Result results_from(const Returned& returned, const std::vector<TypeId>& types, SourceRange range);
    ir::Value returned_bytes(SourceRange range);  // the return data as a fresh byte string
    ir::ExternalCall creation(ExprId id);

    // --- memory, where assembly observes it ---
    void give_back(const ir::ExternalCall& creation, SourceRange range);
    void keep_answer(std::size_t words, SourceRange range);

  private:
    Result results_of(ir::ExternalCall call, SourceRange range);
    ir::Value joined_arguments(ExprId id);
    Result low_level_answer(ExprId id, const ir::ExternalCall& call);
    [[nodiscard]] bool is_coded(const ir::Method& method) const;  // whether it takes or returns more than words
};

}  // namespace interlock::lang::lowering
