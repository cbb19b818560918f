// The replies of cheatcodes: values, no data, or an error in Foundry's format.
#pragma once

#include <string>

#include "lang/abi/data.hpp"
#include "vm/machine.hpp"

namespace interlock::analyzer::foundry {

struct Call;

// Ends a test without a verdict: its inputs were rejected, or it asked to be skipped.
inline constexpr std::string_view assume_failed = "FOUNDRY::ASSUME";
inline constexpr std::string_view skipped = "FOUNDRY::SKIP";  // followed by the reason

[[nodiscard]] vm::Bytes bytes_of(std::string_view text);

[[nodiscard]] vm::Reply nothing();
[[nodiscard]] vm::Reply accept(const Call&);  // does nothing and returns nothing
[[nodiscard]] vm::Reply gives(const vm::Word& word);
[[nodiscard]] vm::Reply gives(const vm::Address& address);
[[nodiscard]] vm::Reply gives(const vm::Bytes& bytes);  // or a string
[[nodiscard]] vm::Reply gives(std::string_view text);
[[nodiscard]] vm::Reply gives(std::string_view types, const std::vector<lang::abi::Data>& values);  // "(bytes32[],bool)"
[[nodiscard]] vm::Reply reverts(vm::Bytes data);
[[nodiscard]] vm::Reply reverts(std::string_view data);
[[nodiscard]] vm::Reply fails(std::string_view text);

// Returns text as the revert data of a failed cheatcode: CheatcodeError(string).
[[nodiscard]] vm::Bytes cheatcode_error(std::string_view text);

[[nodiscard]] bool is_cheatcode_error(vm::ByteView revert_data);

// Returns the text in the revert data Error(string) or CheatcodeError(string).
[[nodiscard]] std::optional<vm::Bytes> error_text(vm::ByteView revert_data);

}  // namespace interlock::analyzer::foundry
