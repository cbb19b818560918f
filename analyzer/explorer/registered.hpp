// What contracts keep things and people under: the keys of their mappings, as far as they were hashed on this machine.
#pragma once

#include <vector>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

struct Registered {
    std::vector<Word> numbers;  // the highest key that is a number, and the next one
    // Keys that are hashes: under which something is kept, then those at which code looked.
    std::vector<Word> hashes;
    std::vector<Address> contracts;  // of the system
    bool has_owner = false;          // something is kept under the owner's address
    friend bool operator==(const Registered&, const Registered&) = default;
};

[[nodiscard]] Registered registered_in(World& world);

}  // namespace interlock::analyzer
