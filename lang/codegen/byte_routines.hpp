// Routines on byte strings in memory, call data, return data and storage; emitted through Routines.
#pragma once

#include <array>

#include "lang/codegen/routines.hpp"

namespace interlock::lang::codegen {

// The names of a routine's arguments; its stack holds them and the return label.
template <std::size_t arguments>
std::array<Entry, arguments> begin_routine(Emitter& e) {
    std::array<Entry, arguments> names;
    for (Entry& name : names) {
        e.stack.push_back({});
        name = e.name_top();
    }
    e.stack.push_back(return_entry);
    return names;
}

// Leaves the results and jumps back.
void end_routine(Emitter& e, std::vector<Entry> results);

void pack_bytes(Emitter& e);
void copy_calldata(Emitter& e);
void copy_calldata_slice(Emitter& e);
void copy_return_data(Emitter& e);

}  // namespace interlock::lang::codegen
