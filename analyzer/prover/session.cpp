#include "analyzer/prover/session.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace interlock::analyzer::prover {

Session::Session(const ir::Contract& contract_, const lang::Sources& sources_, const ProverOptions& options_)
    : terms(context),
      contract(contract_),
      sources(sources_),
      options(options_),
      layout(contract_),
      self(context.int_const("this")),
      length(context.function("length", context.int_sort(), context.int_sort())),
      solver_(context, z3::solver::simple()),
      deadline_(std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.timeout_ms)) {
    z3::params limits(context);
    limits.set("rlimit", options.rlimit_per_query);
    limits.set("random_seed", 0u);
    solver_.set(limits);
    assume(terms.in_range(self, ir::address_type));
}

void Session::push() {
    solver_.push();
    marks_.push_back({entries_.size(), assumed_.size()});
}

void Session::pop_to(unsigned depth) {
    if (marks_.size() <= depth) return;
    solver_.pop(static_cast<unsigned>(marks_.size()) - depth);
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(marks_[depth].entries), entries_.end());
    assumed_.erase(assumed_.begin() + static_cast<std::ptrdiff_t>(marks_[depth].assumed), assumed_.end());
    marks_.resize(depth);
}

void Session::assume(const z3::expr& formula) {
    if (formula.is_true()) return;
    solver_.add(formula);
    assumed_.push_back(formula);
}

void Session::check_time() const {
    if (std::chrono::steady_clock::now() > deadline_) throw OutOfTime{};
}

z3::check_result Session::check() {
    check_time();
    ++queries;
    return solver_.check();
}

Session::Answer Session::prove(const z3::expr& goal) {
    const auto is_goal = [&goal](const z3::expr& known) { return z3::eq(known, goal); };
    if (goal.is_true() || std::any_of(assumed_.rbegin(), assumed_.rend(), is_goal)) return Answer::Proved;
    solver_.push();
    solver_.add(!goal);
    const z3::check_result result = check();
    solver_.pop();
    switch (result) {
        case z3::unsat: return Answer::Proved;
        case z3::sat: return Answer::Refuted;
        case z3::unknown: return Answer::GaveUp;
    }
    return Answer::GaveUp;
}

bool Session::satisfiable() { return check() == z3::sat; }

std::string place_name(const lang::Sources& sources, lang::SourceRange range) {
    if (sources.files().empty()) return "no source";
    return fmt::format("{}:{}", sources.file_of(range).path, sources.position(range.begin).line);
}

}  // namespace interlock::analyzer::prover
