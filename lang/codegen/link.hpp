// Linking: code that calls libraries has holes where their addresses go.
// (Solidity documentation, "Library Linking": a hole shows as `__$`, the first 34 digits of the hash of the library's full
// name, and `$__`.)
#pragma once

#include <functional>
#include <map>
#include <string>

#include "lang/codegen/artifact.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang {

// The code with the addresses of libraries, which are given by their full names ("path:Name"). What is not given stays a
// hole of zeroes: see missing_library.
[[nodiscard]] vm::Bytes linked(vm::Bytes code, const std::vector<LinkReference>& links,
                               const std::map<std::string, vm::Address>& libraries);

// The full name of a library that is needed and not given; empty where there is none.
[[nodiscard]] std::string missing_library(const std::vector<LinkReference>& links,
                                          const std::map<std::string, vm::Address>& libraries);

// Where the libraries will lie that are deployed before anything else, in the order of the artifacts: known beforehand, so
// that libraries can call each other. `address_of(n)`: what the n-th creation gives, from 0.
[[nodiscard]] std::map<std::string, vm::Address> place_libraries(
    const std::vector<Artifact>& artifacts, const std::function<vm::Address(std::uint64_t)>& address_of);

// The code as hexadecimal digits, without 0x, with placeholders in the holes.
[[nodiscard]] std::string unlinked_hex(const vm::Bytes& code, const std::vector<LinkReference>& links);

// "__$…$__", 40 characters: what shows in the hole of a library.
[[nodiscard]] std::string placeholder(std::string_view library);

}  // namespace interlock::lang
