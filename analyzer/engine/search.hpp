// Searches every state of a model: how many there are, and which properties are false in some of them.
//
//     const Report report = search(EvmBank({.users = 3}), {.order = Order::Breadth});
//
// Breadth order reaches each state on a shortest path, so a trace is one of the shortest, and the depth is exact. Depth
// order needs no memory but for the fingerprints and one path. Both go back with the model's `undo` and find the same
// states. Breadth order takes several threads, or several processes with an exchange between them; the counts are the same
// with any number of them.
#pragma once

#include "analyzer/engine/breadth_first.hpp"
#include "analyzer/engine/depth_first.hpp"
#include "analyzer/engine/distributed.hpp"

namespace interlock::analyzer::engine {

template <Model M>
[[nodiscard]] Report search(const M& start, const Options& options) {
    const auto began = std::chrono::steady_clock::now();
    Report report = options.exchange                ? Distributed<M>(start, options).run()
                    : options.order == Order::Depth ? DepthFirst<M>(start, options).run()
                                                    : search_breadth_first(start, options);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return report;
}

}  // namespace interlock::analyzer::engine
