// A unit of code that is emitted together: a contract's runtime code, or its creation code.
#pragma once

#include <map>

#include "lang/codegen/routines.hpp"
#include "lang/diagnostics/codes.hpp"

namespace interlock::lang::codegen {

// IR that cannot become code; becomes a diagnostic.
struct Untranslatable {
    const char* code;
    std::string what;
    SourceRange range;
};
inline constexpr const char* no_translation = code::no_translation.id;
inline constexpr const char* unknown_contract = code::circular_creation.id;

// Behind the last word that code of the contract writes at a constant address; at least memory::first_free.
[[nodiscard]] std::uint64_t end_of_fixed_memory(const ir::Contract& contract);

struct Unit {
    // `fixed_memory_end_`: end_of_fixed_memory(contract_).
    Unit(const ir::Contract& contract_, const std::vector<Artifact>& others_, std::uint64_t fixed_memory_end_,
         bool is_creation_)
        : contract(contract_), others(others_), is_creation(is_creation_), fixed_memory_end(fixed_memory_end_) {}
    Unit(const Unit&) = delete;
    Unit& operator=(const Unit&) = delete;

    const ir::Contract& contract;
    const std::vector<Artifact>& others;
    const bool is_creation;
    Assembly assembly;
    Routines routines{assembly};

    // Where an internal function starts: expects the return label, then the arguments; leaves the results.
    Label internal(std::uint32_t function) {
        Label& label = internals_[function];
        if (!label) {
            label = assembly.new_label();
            pending.push_back(function);
        }
        return label;
    }

    // Memory that is nobody else's for the whole call: spill slots, and the immutables during construction.
    std::uint64_t reserve_memory(std::size_t words) {
        const std::uint64_t address = next_reserved();
        if (words > 0) memory_top = address + 32 * words;
        return address;
    }
    // Behind what assembly writes at fixed addresses, which it may do as if nobody else used them.
    [[nodiscard]] std::uint64_t next_reserved() const {
        return memory_top == memory::first_free ? fixed_memory_end : memory_top;
    }

    std::vector<std::uint32_t> pending;  // internal functions that are still to be emitted
    std::uint64_t memory_top = memory::first_free;
    const std::uint64_t fixed_memory_end;
    std::uint64_t immutables = 0;  // creation: where the first immutable lies
    Label deploy;                  // creation: where the constructor goes when it is done

  private:
    std::map<std::uint32_t, Label> internals_;
};

}  // namespace interlock::lang::codegen
