// The story: a trace told on a terminal. It has one line per call, names instead of addresses, only the storage that
// matters, and the money after every move. It marks the stale read and the write that it misses, and shows the
// invariant with its values.
#pragma once

#include <string>

#include "analyzer/trace.hpp"

namespace interlock::analyzer {

struct StoryStyle {
    bool color = false;
};

[[nodiscard]] std::string tell(const Trace& trace, const StoryStyle& style = {});

// Returns "Mallory gains 1 ether and breaks `solvent`", for headings.
[[nodiscard]] std::string summary_of(const Trace& trace);

}  // namespace interlock::analyzer
