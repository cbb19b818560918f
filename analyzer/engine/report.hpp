// What a search is asked, and what it answers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/deadline.hpp"
#include "analyzer/engine/model.hpp"
#include "chain/chooser.hpp"

namespace interlock::analyzer::engine {

class Exchange;

enum class Order { Breadth, Depth };

struct Options {
    Order order = Order::Breadth;
    // Leave out orders of choices that commute, if the model knows footprints. It needs one thread.
    bool is_reduced = true;
    unsigned threads = 1;  // depth order needs one thread
    std::uint64_t most_states = 1'000'000'000;
    Deadline deadline;
    // A search by several processes (distributed.hpp), in breadth order and without reduction: how they talk; where they
    // write down how far they are, if anywhere, and what tells this search from others; levels that are expanded at most.
    Exchange* exchange = nullptr;
    std::string checkpoints;
    std::uint64_t label = 0;
    std::size_t most_levels = SIZE_MAX;
};

// Why a search ended.
enum class End { Complete, States, Time, Interruption };

// A property that is false at the end of the trace, whose answers are positions among the choices of each state.
struct Broken {
    std::size_t property;  // an index of M::properties
    chain::Trace trace;
};

struct Report {
    std::uint64_t states = 0;     // distinct ones
    std::uint64_t generated = 0;  // the start, and every choice of every state that was left
    std::uint64_t taken = 0;      // choices that were made; fewer with reduction
    std::uint32_t depth = 0;      // states on the longest path: of the shortest ones in breadth order, else of those taken
    std::size_t table_bytes = 0;  // fingerprints
    std::size_t other_bytes = 0;  // in breadth order the paths; sleepers
    double seconds = 0;
    End end = End::Complete;
    std::vector<Broken> broken;  // each property at most once, in the order in which they were found
};

// Turns choices into their positions.
template <Model M>
[[nodiscard]] chain::Trace trace_of(M model, const std::vector<typename M::Choice>& path) {
    chain::Trace trace;
    for (const typename M::Choice& choice : path) {
        std::uint32_t position = 0, found = 0;
        model.choices([&](const typename M::Choice& other) {
            if (other == choice) found = position;
            ++position;
        });
        trace.push_back(found);
        (void)model.apply(choice);
    }
    return trace;
}

}  // namespace interlock::analyzer::engine
