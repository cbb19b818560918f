// Finds the events and errors that a contract's interface lists, as in solc: those that it declares or inherits, and those
// that the code which it can reach emits or reverts with, wherever they are declared. An error that is only read, as in
// `Failed.selector`, is not raised.
#pragma once

#include <vector>

#include "lang/program/program.hpp"

namespace interlock::lang {

// All are in source order.
struct Raised {
    std::vector<EventId> events;
    std::vector<ErrorId> errors;
    std::vector<EventId> emitted;  // those of the events that reachable code emits
};

[[nodiscard]] Raised raised_by(const Program&, ContractId);

}  // namespace interlock::lang
