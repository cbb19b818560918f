#include "analyzer/prover/frame.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/prover/execution.hpp"

namespace interlock::analyzer::prover {

Frame::Frame(Session& session, std::vector<bool> writable, const std::vector<Switch>& switches)
    : session_(session), writable_(std::move(writable)) {
    for (const Switch& each : switches) {
        restored_.push_back({each.leaf});
        for (const ir::Word& constant : each.constants) {
            locks_.push_back({each.leaf, constant, std::vector<bool>(writable_.size(), true)});
        }
    }
}

z3::expr Frame::is_set(const Lock& lock, const State& state) const {
    const ir::Type& type = session_.layout.leaves()[lock.leaf].value;
    return equality(state.cells[lock.leaf].term, session_.terms.constant(lock.constant, type));
}

Cell Frame::leaf_after(LeafIndex leaf, const State& before) {
    if (!writable_[leaf]) return before.cells[leaf];
    for (const Restored& each : restored_) {
        if (each.alive && each.leaf == leaf) return before.cells[leaf];
    }
    for (const Lock& lock : locks_) {
        if (alive(lock) && lock.frozen[leaf] && is_set(lock, before).is_true()) return before.cells[leaf];
    }
    const Cell cell = unknown_cell(session_, leaf);
    for (const Lock& lock : locks_) {
        if (!alive(lock) || !lock.frozen[leaf]) continue;
        const z3::expr same = both(same_content(cell, before.cells[leaf]), equality(cell.sum, before.cells[leaf].sum));
        session_.assume(implication(is_set(lock, before), same));
    }
    return cell;
}

State Frame::after(const State& before) {
    State state = before;  // time stands still within a transaction
    for (LeafIndex leaf = 0; leaf < state.cells.size(); ++leaf) state.cells[leaf] = leaf_after(leaf, before);
    state.balance = unknown_balance(session_);
    for (const Lock& lock : locks_) {
        if (alive(lock) && lock.balance_stays) {
            session_.assume(implication(is_set(lock, before), state.balance >= before.balance));
        }
    }
    return state;
}

void Frame::weaken(Lock& lock, const State& outside, const State& end) {
    if (!alive(lock)) return;
    const z3::expr held = is_set(lock, outside);
    if (held.is_false()) return;
    const Scope scope(session_);
    session_.assume(held);
    const auto holds = [this](const z3::expr& goal) { return session_.prove(goal) == Session::Decision::Proved; };
    if (holds(session_.terms.truth(false))) return;  // the function does not get here while the lock is held
    for (LeafIndex leaf = 0; leaf < lock.frozen.size(); ++leaf) {
        if (!lock.frozen[leaf] || !writable_[leaf]) continue;
        if (holds(same_content(outside.cells[leaf], end.cells[leaf]))) continue;
        lock.frozen[leaf] = false;
        weakened_ = true;
    }
    if (lock.balance_stays && !holds(outside.balance <= end.balance)) {
        lock.balance_stays = false;
        weakened_ = true;
    }
}

void Frame::weaken_by(const State& outside, const State& end) {
    for (Restored& each : restored_) {
        if (!each.alive) continue;
        const z3::expr same = same_content(outside.cells[each.leaf], end.cells[each.leaf]);
        if (session_.prove(same) == Session::Decision::Proved) continue;
        each.alive = false;
        weakened_ = true;
    }
    for (Lock& lock : locks_) weaken(lock, outside, end);
}

void Frame::give_up() {
    for (Restored& each : restored_) {
        weakened_ |= each.alive;
        each.alive = false;
    }
    for (Lock& lock : locks_) {
        weakened_ |= alive(lock);
        lock.frozen.assign(lock.frozen.size(), false);
        lock.balance_stays = false;
    }
}

std::string Frame::sentence(const Lock& lock) const {
    std::vector<std::string> names;
    for (LeafIndex leaf = 0; leaf < lock.frozen.size(); ++leaf) {
        if (leaf != lock.leaf && writable_[leaf] && lock.frozen[leaf]) names.push_back(session_.layout.leaves()[leaf].name);
    }
    if (names.empty() && !lock.balance_stays) return {};
    const Leaf& leaf = session_.layout.leaves()[lock.leaf];
    std::string value = vm::to_decimal(lock.constant);
    if (leaf.value.kind == ir::TypeKind::Bool) value = lock.constant.is_zero() ? "false" : "true";
    std::string what = names.empty() ? std::string() : fmt::format("{} cannot change", fmt::join(names, ", "));
    if (lock.balance_stays) what += names.empty() ? "the balance cannot fall" : " and the balance cannot fall";
    return fmt::format("while {} is {}, {}", leaf.name, value, what);
}

std::vector<std::string> Frame::sentences() const {
    std::vector<std::string> sentences;
    for (const Restored& each : restored_) {
        if (each.alive)
            sentences.push_back(session_.layout.leaves()[each.leaf].name + " comes back from every call as it was");
    }
    for (const Lock& lock : locks_) {
        if (!alive(lock)) continue;
        if (std::string text = sentence(lock); !text.empty()) sentences.push_back(std::move(text));
    }
    return sentences;
}

}  // namespace interlock::analyzer::prover
