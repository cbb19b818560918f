// Roles: what is expected to stand at an address, as far as the declarations and the calls in the code tell.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "lang/compile.hpp"

namespace interlock::analyzer {

// Returns the contract or interface of that name in the compilation, or null. "contract Bank" is "Bank".
[[nodiscard]] const lang::ir::Contract* interface_named(const lang::Compilation& compilation, std::string_view name);

// Returns whether a contract can stand for another: it has all functions that the other one offers.
[[nodiscard]] bool fits(const lang::ir::Contract& contract, const lang::ir::Contract& role);

// Returns whether nobody ever has any of the token, since it can only be moved: a base that others make tokens of.
[[nodiscard]] bool only_moves_tokens(const lang::ir::Contract& contract);
// Returns whether strangers can do nothing but that with the token: whoever has none when it was made never has any.
[[nodiscard]] bool offers_only_moves(const lang::ir::Contract& contract);

// Returns what is expected of a parameter of a function: the contract it is declared as, or the one whose functions are
// called on it. Null: nothing is known, or it is no address.
[[nodiscard]] const lang::ir::Contract* role_of_parameter(const lang::Compilation& compilation,
                                                          const lang::ir::Contract& contract,
                                                          const lang::ir::Function& function, std::size_t parameter);

// The same for a state variable.
[[nodiscard]] const lang::ir::Contract* role_of_variable(const lang::Compilation& compilation,
                                                         const lang::ir::Contract& contract, std::uint32_t variable);

// What keeps addresses under keys or as elements: a variable, and the field of the structures there, or any.
struct Keeper {
    std::uint32_t variable = 0;
    std::optional<std::uint32_t> field = std::nullopt;
    friend auto operator<=>(const Keeper&, const Keeper&) = default;
};

// Where code finds an address: written out, in variables, under the keys and among the elements of others, or anywhere in the
// storage but in variables.
struct Whereabouts {
    lang::ir::Word constant;
    std::set<std::uint32_t> variables = {};
    std::set<Keeper> keepers = {};
    bool is_elsewhere = false;
};

// The same for an address that is found there.
[[nodiscard]] const lang::ir::Contract* role_of_address(const lang::Compilation& compilation,
                                                        const lang::ir::Contract& contract, const Whereabouts& where);

}  // namespace interlock::analyzer
