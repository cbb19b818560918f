// The dispatcher finds the function that a call means. (Solidity documentation, "Function Selector"; solc's dispatch
// order: selectors, then receive for empty call data, then fallback, then a revert.)
#pragma once

#include "lang/codegen/unit.hpp"

namespace interlock::lang::codegen {

// Emits the jumps to the entry functions of a contract, but not the functions themselves.
class Dispatcher {
  public:
    explicit Dispatcher(Unit& unit);

    void emit();
    [[nodiscard]] Label entry(std::uint32_t function) const { return entries_.at(function); }
    [[nodiscard]] std::vector<Label> entries() const;
    // Returns whether the function must refuse ether itself. If no entry accepts ether, the dispatcher has refused it
    // already.
    [[nodiscard]] bool checks_value(std::uint32_t function) const;

  private:
    struct Choice {
        std::uint32_t selector = 0;
        Label target;
    };
    void choose(Emitter& e, const Choice* first, const Choice* last);
    void emit_without_selector(Emitter& e);

    Unit& unit_;
    std::map<std::uint32_t, Label> entries_;
    std::vector<Choice> choices_;  // by selector
    Label receive_, fallback_;     // without a fallback function, fallback_ is a revert
    Label otherwise_;              // where calls go that name no function
    bool takes_value_ = false;     // whether some entry is payable
};

}  // namespace interlock::lang::codegen
