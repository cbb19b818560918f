#include "analyzer/devnet/foundry/expected_events.hpp"

#include <algorithm>

namespace interlock::analyzer::foundry {

bool ExpectedEvent::is_like(const vm::Log& log) const {
    if (log.topics.size() != pattern->topics.size() || (emitter && *emitter != log.address)) return false;
    for (std::size_t i = 0; i < log.topics.size(); ++i)
        if (topics[i] && log.topics[i] != pattern->topics[i]) return false;
    return !data || log.data == pattern->data;
}

// Events must come in the expected order; other events may come between them.
void ExpectedEvents::on_event(const vm::Log& log) {
    const auto unfilled = std::ranges::find(all_, std::optional<vm::Log>{}, &ExpectedEvent::pattern);
    if (unfilled != all_.end()) {
        unfilled->pattern = log;
        return;
    }
    for (ExpectedEvent& expected : all_) {
        if (expected.count == 0 && expected.is_like(log)) ++expected.met;
        if (expected.is_met() || expected.count == 0) continue;
        if (expected.is_like(log)) ++expected.met;
        return;
    }
}

std::string ExpectedEvents::on_end(const vm::Message& message, const vm::Outcome& outcome) {
    const bool is_asked = message.kind != vm::CallKind::StaticCall && outcome.ok();
    const auto is_about = [&](const ExpectedEvent& each) {
        return each.depth == message.depth ? is_asked : each.depth > message.depth && outcome.ok();
    };
    std::string problem;
    for (const ExpectedEvent& each : all_) {
        if (!is_about(each) || each.is_met() || !problem.empty()) continue;
        if (!each.pattern)
            problem = "expected an emit, but no logs were emitted afterwards: the event itself has to follow expectEmit";
        else if (each.count == 0) problem = "log was emitted though it was expected not to be";
        else if (each.count > 1)
            problem = "log was emitted " + std::to_string(each.met) + " times, not " + std::to_string(each.count);
        else problem = "log != expected log";
    }
    std::erase_if(all_, is_about);
    return problem;
}

}  // namespace interlock::analyzer::foundry
