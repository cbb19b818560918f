// What a simulation's faults do.

#include <utility>

#include "chain/sim/simulation_node.hpp"

namespace interlock::chain::sim {

void Simulation::crash(Node& node, Fault::Disk disk) {
    if (node.downs++ != 0) return;
    std::vector<std::size_t> kept = node.lose_writes(disk);
    trace({.kind = TraceStep::Crash,
           .node = node.id(),
           .clock = node.now(),
           .kept_entries = std::move(kept),
           .forgets = disk == Fault::Amnesia});
    node.engine = nullptr;
    ++node.incarnation;
    node.waiting.clear();
}

void Simulation::change_weather(const Fault& fault, std::int64_t sign) {
    if (fault.kind == Fault::Drop) drop_ += sign * fault.amount;
    if (fault.kind == Fault::Duplicate) duplicate_ += sign * fault.amount;
    if (fault.kind == Fault::Corrupt) corrupt_ += sign * fault.amount;
    if (fault.kind == Fault::Delay) delay_ += sign * fault.amount;
}

void Simulation::begin_fault(const Fault& fault) {
    ++outcome_.faults[fault.kind];
    for (const NodeId id : fault.nodes) {
        Node& node = *nodes_[id];
        node.has_lied |= is_byzantine(fault.kind);
        switch (fault.kind) {
            case Fault::Crash: crash(node, fault.disk); break;
            case Fault::Pause: ++node.pauses; break;
            case Fault::Skew: node.clock_error += fault.amount; break;
            case Fault::Drift: node.drift += fault.amount; break;
            case Fault::Mute: node.is_mute = true; break;
            case Fault::Equivocate: node.equivocates = true; break;
            case Fault::Withhold: node.withholds = true; break;
            case Fault::Babble: node.babbles = true; break;
            default: break;
        }
    }
    if (fault.kind == Fault::Partition || fault.kind == Fault::Clog) cuts_.push_back(&fault);
    change_weather(fault, 1);
}

void Simulation::end_fault(const Fault& fault) {
    for (const NodeId id : fault.nodes) {
        Node& node = *nodes_[id];
        switch (fault.kind) {
            case Fault::Crash:
                if (--node.downs == 0) start(node);
                break;
            case Fault::Pause:
                if (--node.pauses == 0)
                    for (Event& event : std::exchange(node.waiting, {})) queue_.push(now_, std::move(event));
                break;
            case Fault::Skew: node.clock_error -= fault.amount; break;
            case Fault::Drift: node.drift -= fault.amount; break;
            case Fault::Mute: node.is_mute = false; break;
            case Fault::Equivocate: node.equivocates = false; break;
            case Fault::Babble: node.babbles = false; break;
            case Fault::Withhold:
                node.withholds = false;
                node.tell_the_world();
                break;
            default: break;
        }
    }
    if (fault.kind == Fault::Partition || fault.kind == Fault::Clog) std::erase(cuts_, &fault);
    change_weather(fault, -1);
}

}  // namespace interlock::chain::sim
