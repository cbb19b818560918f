// The parts of a Flow: its frames, its nodes, and what is fixed about a function.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// What is fixed about a function.
struct Flow::Shape {
    explicit Shape(const ir::Function& function);

    std::vector<const ir::Instruction*> made_by;          // by value; null for parameters of blocks
    std::vector<ir::Type> types;                          // by value
    std::map<const ir::Instruction*, Access> increments;  // loads and stores that together are x += y or x -= y
    std::set<const ir::Instruction*> logged;              // loads of what only events tell

  private:
    void find_increments(const ir::Function& function);
    void find_logged(const ir::Function& function);
    [[nodiscard]] bool is_same_value(ir::Value a, ir::Value b) const;
    [[nodiscard]] bool is_same_place(const ir::Instruction& load, const ir::Instruction& store) const;
};

// One activation of a function. Each place in the graph that calls has its own.
struct Flow::Frame {
    static constexpr std::uint32_t none = 0xffffffff;
    Entry entry;
    const ir::Function* function = nullptr;
    const Shape* shape = nullptr;
    std::uint32_t caller = none;      // the frame
    std::uint32_t block = 0, at = 0;  // where it continues in the caller; `at` counts instructions
    bool is_outer = true;             // an entry, not an internal call
    Known sender;
    std::uint32_t depth = 0;
    std::vector<Known> values;
    std::map<std::uint32_t, std::vector<Known>> results;  // of internal calls, by their value
};

// A stretch of a block without calls.
struct Flow::Node {
    std::uint32_t frame = 0, block = 0, first = 0;
    State state;
    std::set<std::uint32_t> next;
    bool ends = false;         // the whole run succeeds here
    Footprint footprint;       // of its instructions
    Footprint call_footprint;  // of the call at its end
    bool is_site = false;
    CallSite site;
};

}  // namespace interlock::analyzer::prover
