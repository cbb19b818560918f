// The functions of one contract: they are declared when something needs them, by their heads; bodies follow.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "lang/lower/types.hpp"

namespace interlock::lang::lowering {

class Functions {
  public:
    Functions(const Program& program, ContractId contract, const Types& types, const Sight& sight,
              std::vector<ir::Function>& all)
        : program_(program), tree_(*program.tree), id_(contract), types_(types), sight_(sight), all_(all) {}

    // --- which one is meant ---
    [[nodiscard]] FunctionId resolve(const Use& use) const;
    [[nodiscard]] bool is_member(FunctionId function) const;  // own or inherited
    [[nodiscard]] bool is_final(FunctionId function) const;   // a member that is not overridden
    // Sorts functions, given in the order of their ids, by the source: the contract's file comes first and the files that it
    // imports follow. The order of ids depends on the files around them instead.
    [[nodiscard]] std::vector<FunctionId> in_source_order(std::vector<FunctionId> functions) const;

    // --- heads ---
    std::uint32_t declare(FunctionId function);  // on demand
    std::uint32_t index_of(const Use& use);      // of the function that an internal call runs
    std::uint32_t add(ir::Function function);    // one that the tree does not have
    void complete(std::uint32_t index, ir::Function function) { all_[index] = std::move(function); }
    [[nodiscard]] bool has(FunctionId function) const { return indices_.contains(function); }
    [[nodiscard]] std::uint32_t at(FunctionId function) const { return indices_.at(function); }
    // Valid until the next function is declared.
    [[nodiscard]] const ir::Function& head(std::uint32_t index) const { return all_[index]; }
    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(all_.size()); }
    // Returns whether the lowering encodes some of its parameters or results itself.
    [[nodiscard]] bool is_raw(FunctionId function) const;

    [[nodiscard]] const std::vector<FunctionId>& pending() const {
        return pending_;
    }                                                        // declared; grows as bodies are lowered
    [[nodiscard]] std::vector<FunctionId> declared() const;  // in the order of the source

    // --- functions as values ---
    // They have numbers, from 1, which storage and assembly can observe. A dispatcher takes a number and the passed words,
    // and calls the function of that number. Its body is written when all numbers are known.
    [[nodiscard]] std::uint32_t number_of(const Use& use);
    [[nodiscard]] std::uint32_t dispatcher(std::size_t parameters, std::size_t results);
    void lower_dispatchers();

  private:
    [[nodiscard]] bool is_coded_by_lowering(TypeId type) const;
    [[nodiscard]] ir::Function head_of(FunctionId id) const;
    [[nodiscard]] std::string name_here(FunctionId function) const;

    const Program& program_;
    const Tree& tree_;
    const ContractId id_;
    const Types& types_;
    const Sight& sight_;
    std::vector<ir::Function>& all_;
    std::map<FunctionId, std::uint32_t> indices_;
    std::vector<FunctionId> pending_;
    std::map<std::uint32_t, std::uint32_t> numbers_;                            // by index: of functions that are values
    std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> dispatchers_;  // by number of arguments and results
};

[[nodiscard]] bool is_outer(const Function& function);                          // whether others can call it
[[nodiscard]] bool has_outer_functions(const Tree& tree, ContractId contract);  // of its own

}  // namespace interlock::lang::lowering
