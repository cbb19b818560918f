// Evaluates specifications on a concrete state: the same IR that the prover reads, on real storage.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lang/ir/ir.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang {

// What a specification may read. `keys` lists the slots of the possibly nonzero entries of a mapping, given its base
// slot; the observer of keccak preimages knows them.
class StateView {
  public:
    virtual ~StateView() = default;
    [[nodiscard]] virtual vm::Word load(const vm::Word& slot) const = 0;  // of the contract itself
    [[nodiscard]] virtual vm::Word balance(const vm::Address&) const = 0;
    [[nodiscard]] virtual std::vector<vm::Word> entries(const vm::Word& mapping_slot) const = 0;
    [[nodiscard]] virtual vm::Word immutable(std::uint32_t index) const = 0;
    [[nodiscard]] virtual vm::Address self() const = 0;
    [[nodiscard]] virtual std::uint64_t timestamp() const = 0;
    [[nodiscard]] virtual std::uint64_t block_number() const = 0;
};

// One operand of a specification's outermost comparison, for display: "sum(balances)" = "3000000000000000000".
struct Operand {
    std::string text;
    std::string value;
};

struct Evaluation {
    std::optional<bool> holds;      // std::nullopt: it could not be evaluated (see `why`), which never counts as true
    std::string why;                // "division by zero", "not supported in an evaluation: ..."
    std::vector<Operand> operands;  // both sides of the outermost comparison, in decimal; empty for other forms
};

// `before` is the state for loads marked at_entry; null means the same state. Without sources the operands are left out.
[[nodiscard]] Evaluation evaluate(const ir::Contract&, const ir::Function& specification, const StateView& now,
                                  const StateView* before, const std::vector<vm::Word>& arguments, const Sources* sources);

}  // namespace interlock::lang
