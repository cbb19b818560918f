// A unit of code that is emitted together: a contract's runtime code, or its creation code.
#pragma once

#include <map>

#include "lang/codegen/routines.hpp"
#include "lang/diagnostics/codes.hpp"

namespace interlock::lang::codegen {

// Thrown for IR that cannot become code; it is reported as a diagnostic.
struct Untranslatable {
    const char* code;
    std::string what;
    SourceRange range;
};
inline constexpr const char* no_translation = code::no_translation.id;
inline constexpr const char* unknown_contract = code::circular_creation.id;

// Returns the end of the words that the contract's code writes at constant addresses; at least memory::first_free.
[[nodiscard]] std::uint64_t end_of_fixed_memory(const ir::Contract& contract);

struct Unit {
    // `fixed_memory_end_` is end_of_fixed_memory(contract_).
    Unit(const ir::Contract& contract_, const std::vector<Artifact>& others_, std::uint64_t fixed_memory_end_,
         bool is_creation_)
        : contract(contract_), others(others_), is_creation(is_creation_), fixed_memory_end(fixed_memory_end_) {}
    Unit(const Unit&) = delete;
    Unit& operator=(const Unit&) = delete;

    const ir::Contract& contract;
    const std::vector<Artifact>& others;
    const bool is_creation;
    Assembly assembly;
    Routines routines{assembly, contract.conventions};

    // Returns the label of an internal function, which expects the return label, then the arguments, and leaves the results.
    Label internal(std::uint32_t function) {
        Label& label = internals_[function];
        if (!label) {
            label = assembly.new_label();
            pending.push_back(function);
        }
        return label;
    }

    // Reserves memory for exclusive use during the whole call: for spill slots, and for the immutables during construction.
    std::uint64_t reserve_memory(std::size_t words) {
        const std::uint64_t address = next_reserved();
        if (words > 0) memory_top = address + 32 * words;
        return address;
    }
    // Reserved memory begins after the fixed addresses to which assembly writes.
    [[nodiscard]] std::uint64_t next_reserved() const {
        return memory_top == memory::first_free ? fixed_memory_end : memory_top;
    }

    std::vector<std::uint32_t> pending;  // internal functions that are still to be emitted
    std::uint64_t memory_top = memory::first_free;
    const std::uint64_t fixed_memory_end;
    std::uint64_t immutables = 0;  // creation: address of the first immutable
    Label deploy;                  // creation: where the constructor jumps at its end

  private:
    std::map<std::uint32_t, Label> internals_;
};

}  // namespace interlock::lang::codegen
