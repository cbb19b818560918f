// Linking fills the holes in code that calls libraries with the libraries' addresses. (Solidity documentation, "Library
// Linking": a hole is printed as `__$`, the first 34 digits of the hash of the library's full name, and `$__`.)
#pragma once

#include <functional>
#include <map>
#include <string>

#include "lang/codegen/artifact.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang {

using Libraries = std::map<std::string, vm::Address>;  // by full name ("path:Name")

// Returns the code with the given addresses of libraries. A library without an address
// leaves a hole of zeros: see missing_library.
[[nodiscard]] vm::Bytes linked(vm::Bytes code, const std::vector<LinkReference>& links, const Libraries& libraries);

// Returns the full name of a library that the code needs and that has no address, or an empty text.
[[nodiscard]] std::string missing_library(const std::vector<LinkReference>& links, const Libraries& libraries);

// Returns the addresses of libraries that are deployed before anything else, in the order of the artifacts. They are
// known beforehand, so that libraries can call each other. `address_of(n)` is the address of the n-th creation, from 0.
[[nodiscard]] Libraries place_libraries(const std::vector<Artifact>& artifacts,
                                        const std::function<vm::Address(std::uint64_t)>& address_of);

// Returns the code as hexadecimal digits, without 0x, with placeholders in the holes.
[[nodiscard]] std::string unlinked_hex(const vm::Bytes& code, const std::vector<LinkReference>& links);

// Returns "__$…$__", 40 characters: the placeholder for a library.
[[nodiscard]] std::string placeholder(std::string_view library);

}  // namespace interlock::lang
