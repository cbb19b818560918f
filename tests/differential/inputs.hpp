// Calls made up from a contract's ABI: boundary values, small numbers that meet each other, random ones; byte strings and
// arrays of awkward lengths; and call data that is cut off, has dirty bits or wrong offsets. The same seed, the same calls.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "chain/chooser.hpp"
#include "vm/bytes.hpp"
#include "vm/word.hpp"

namespace interlock::differential {

struct Call {
    std::string function;  // its signature, or "fallback"; and how the input was spoilt, if it was
    vm::Bytes input;
    vm::Word value;  // wei
    bool is_spoilt = false;
};

class Inputs {
  public:
    Inputs(std::uint64_t seed, std::vector<vm::Address> accounts) : chooser_(seed), accounts_(std::move(accounts)) {}

    // For each function `each` calls, and some that name no function, in mixed order.
    [[nodiscard]] std::vector<Call> calls(const nlohmann::json& abi, std::size_t each);
    // The constructor's arguments; empty without a constructor.
    [[nodiscard]] vm::Bytes arguments(const nlohmann::json& abi);

  private:
    [[nodiscard]] std::uint32_t choose(std::uint32_t n) { return chooser_.choose("input", n); }
    [[nodiscard]] std::uint64_t bits();
    [[nodiscard]] vm::Word any_word();
    [[nodiscard]] vm::Word number(unsigned width, bool is_signed);
    [[nodiscard]] vm::Bytes byte_string();
    [[nodiscard]] vm::Bytes encoded(const nlohmann::json& parameter, const std::string& type);
    [[nodiscard]] vm::Bytes tuple(const nlohmann::json& parameters);
    [[nodiscard]] vm::Word value_of(const std::string& type);
    [[nodiscard]] Call call(const nlohmann::json& function);
    [[nodiscard]] Call call_of_nothing(bool takes_value);
    void spoil(Call&);

    chain::SeededChooser chooser_;
    std::vector<vm::Address> accounts_;
};

}  // namespace interlock::differential
