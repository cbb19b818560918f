// What is computed for nothing, once something was left out of a contract.
#pragma once

#include <map>
#include <set>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Removes what is computed for nothing, and what is called for nothing but its answer, and asks only what has to be asked.
class Cleaning {
  public:
    explicit Cleaning(lang::ir::Contract& contract) : contract_(contract) {}

    void clean(std::uint32_t function);

  private:
    using Instructions = std::vector<lang::ir::Instruction>;

    void take_in_what_is_asked(std::uint32_t f);
    void take_in(lang::ir::Function& function, Instructions& instructions, std::size_t at, lang::ir::Value told);
    [[nodiscard]] std::vector<bool> used_in(std::uint32_t f) const;
    bool keep(std::uint32_t f, lang::ir::Instruction&& each, const std::vector<bool>& used, Instructions& kept);
    bool keep_call(lang::ir::Instruction&& call, Instructions& kept);
    std::uint32_t silent(std::uint32_t f);

    lang::ir::Contract& contract_;
    std::map<std::uint32_t, std::uint32_t> silent_;
    // Functions, and values of which all that matters is how great they are.
    std::set<std::pair<std::uint32_t, std::uint32_t>> asked_;
};

}  // namespace interlock::analyzer::prover
