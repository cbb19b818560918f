// The story: a trace told on a terminal. One line a call, names instead of addresses, only the storage that matters, the
// money after every move, the stale read and the write that it misses marked, the invariant with its values.
#pragma once

#include <string>

#include "analyzer/trace.hpp"

namespace interlock::analyzer {

struct StoryStyle {
    bool color = false;
};

[[nodiscard]] std::string tell(const Trace& trace, const StoryStyle& style = {});

// "Mallory gains 1 ether and breaks `solvent`", for headings.
[[nodiscard]] std::string summary_of(const Trace& trace);

}  // namespace interlock::analyzer
