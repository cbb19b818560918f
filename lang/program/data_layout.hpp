// The layout of values, arrays and structs in storage, in memory and in the ABI, as far as it depends on the type alone.
//
// (Solidity documentation: "Layout of State Variables in Storage", "Layout in Memory", "Contract ABI Specification".)
#pragma once

#include "lang/program/program.hpp"

namespace interlock::lang::data {

[[nodiscard]] bool is_value(const Program& program, TypeId type);        // fits into one storage slot
[[nodiscard]] bool is_byte_string(const Program& program, TypeId type);  // bytes, string
[[nodiscard]] bool has_length(const Program& program, TypeId type);      // bytes, string, dynamic arrays
[[nodiscard]] bool is_reference(const Program& program, TypeId type);    // byte strings, arrays, structs
[[nodiscard]] bool holds_mapping(const Program& program, TypeId type);   // such types exist only in storage
[[nodiscard]] bool holds_fixed_point(const Program& program, TypeId type);
[[nodiscard]] const std::vector<VariableId>& fields(const Program& program, TypeId structure);

// --- storage ---
[[nodiscard]] unsigned storage_bytes(const Program& program, TypeId type);  // of a value within a slot; 32 for other types
[[nodiscard]] vm::Word storage_slots(const Program& program, TypeId type);
[[nodiscard]] unsigned elements_per_slot(const Program& program, TypeId element);  // 1 for types that take whole slots

// --- the ABI ---
[[nodiscard]] bool is_encodable(const Program& program, TypeId type);  // no mapping in it, and not recursive
[[nodiscard]] bool is_dynamically_encoded(const Program& program, TypeId type);
// Returns the size of its head in bytes: 32 for dynamic types, otherwise the whole encoding.
[[nodiscard]] vm::Word head_bytes(const Program& program, TypeId type);
// Returns the smallest size of its tail in bytes: the heads of its parts, or the length.
[[nodiscard]] vm::Word tail_bytes(const Program& program, TypeId type);
// Returns the name in the signature of a library's function: structs, enums and contracts by name, with `storage` if it
// applies.
[[nodiscard]] std::string library_name(const Program& program, TypeId type);
[[nodiscard]] std::string abi_name(const Program& program, TypeId type);  // "uint256[2][]", "(uint256,bytes)"
// Returns "transfer(address,uint256)", whose hash gives selectors and topics.
[[nodiscard]] std::string signature(const Program& program, std::string_view name, const std::vector<TypeId>& parameters);
[[nodiscard]] std::string signature(const Program& program, std::string_view name,
                                    const std::vector<VariableId>& parameters);
// Returns the parameters of the getter of a variable of this type: the keys of its mappings, and indices for its arrays.
[[nodiscard]] std::vector<TypeId> getter_keys(const Program& program, TypeId type);

}  // namespace interlock::lang::data
