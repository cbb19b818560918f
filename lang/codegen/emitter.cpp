// The shuffle is greedy: it pops surplus words from the top, swaps the top to where it belongs, and pushes missing
// words. Each step settles a place for good, removes a surplus word or adds a missing one, so it ends.
#include "lang/codegen/emitter.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

namespace interlock::lang::codegen {

namespace {

constexpr std::size_t max_reach = 16;

Opcode numbered(Opcode first, std::size_t n) { return static_cast<Opcode>(static_cast<std::size_t>(first) + n); }

std::size_t count(const std::vector<Entry>& entries, Entry entry) {
    return static_cast<std::size_t>(std::count(entries.begin(), entries.end(), entry));
}

// Decides the next step from the current stack to the target stack.
class Shuffle {
  public:
    Shuffle(const std::vector<Entry>& stack, const std::vector<Entry>& target) : stack_(stack), target_(target) {}

    [[nodiscard]] bool is_done() const { return stack_ == target_; }

    [[nodiscard]] bool top_is_surplus() const {
        return !stack_.empty() && count(stack_, stack_.back()) > count(target_, stack_.back());
    }

    // Returns a place where the top belongs but is not yet, or npos.
    [[nodiscard]] std::size_t place_for_top() const {
        if (stack_.empty() || is_settled(stack_.size() - 1)) return npos;
        for (std::size_t i = 0; i + 1 < stack_.size() && i < target_.size(); ++i)
            if (target_[i] == stack_.back() && stack_[i] != target_[i]) return i;
        return npos;
    }

    // Returns a misplaced word below the top that differs from the top; a surplus word, which can be popped, comes first.
    [[nodiscard]] std::size_t misplaced() const {
        const auto is_wrong = [&](std::size_t i) { return !is_settled(i) && stack_[i] != stack_.back(); };
        for (std::size_t i = 0; i + 1 < stack_.size(); ++i)
            if (is_wrong(i) && count(stack_, stack_[i]) > count(target_, stack_[i])) return i;
        for (std::size_t i = 0; i + 1 < stack_.size(); ++i)
            if (is_wrong(i)) return i;
        return npos;
    }

    // Returns what to push: the word for the next place if that is missing, otherwise any missing word.
    [[nodiscard]] const Entry* missing() const {
        const auto lacks = [&](Entry entry) { return count(stack_, entry) < count(target_, entry); };
        if (stack_.size() < target_.size() && lacks(target_[stack_.size()])) return &target_[stack_.size()];
        const auto found = std::find_if(target_.begin(), target_.end(), lacks);
        return found == target_.end() ? nullptr : &*found;
    }

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  private:
    [[nodiscard]] bool is_settled(std::size_t i) const { return i < target_.size() && stack_[i] == target_[i]; }

    const std::vector<Entry>& stack_;
    const std::vector<Entry>& target_;
};

struct Step {
    enum class Kind : std::uint8_t { Pop, Swap, Push };
    Kind kind = Kind::Pop;
    std::size_t depth = 0;  // Swap
    Entry entry{};          // Push
};

// Returns std::nullopt when the stack is the target.
std::optional<Step> next_step(const std::vector<Entry>& stack, const std::vector<Entry>& target) {
    const Shuffle shuffle(stack, target);
    const auto swap_with = [&](std::size_t place) { return Step{Step::Kind::Swap, stack.size() - 1 - place}; };
    if (shuffle.is_done()) return std::nullopt;
    if (shuffle.top_is_surplus()) return Step{Step::Kind::Pop};
    if (const std::size_t place = shuffle.place_for_top(); place != Shuffle::npos) return swap_with(place);
    const std::size_t wrong = shuffle.misplaced();
    if (wrong != Shuffle::npos && stack.size() >= target.size()) return swap_with(wrong);
    if (const Entry* entry = shuffle.missing()) return Step{Step::Kind::Push, 0, *entry};
    return swap_with(wrong);
}

}  // namespace

Emitter& Emitter::op(Opcode op) {
    const vm::OpcodeInfo& info = vm::info(op);
    assert(stack.size() >= info.stack_in);
    assembly_.op(op);
    stack.resize(stack.size() - info.stack_in);
    for (unsigned i = 0; i < info.stack_out; ++i) push_temporary();
    return *this;
}

Emitter& Emitter::push(const Word& word) {
    assembly_.push(word);
    push_temporary();
    return *this;
}

Emitter& Emitter::push_label(Label label) {
    assembly_.push_label(label);
    push_temporary();
    return *this;
}

Emitter& Emitter::push_data(std::uint32_t segment) {
    assembly_.push_data(segment);
    push_temporary();
    return *this;
}

Emitter& Emitter::push_size() {
    assembly_.push_size();
    push_temporary();
    return *this;
}

Emitter& Emitter::push_library(const std::string& name) {
    assembly_.push_library(name);
    push_temporary();
    return *this;
}

Emitter& Emitter::push_immutable(std::uint32_t index) {
    assembly_.push_immutable(index);
    push_temporary();
    return *this;
}

OutOfReach Emitter::out_of_reach(std::size_t depth) const {
    const auto at = stack.end() - static_cast<std::ptrdiff_t>(depth) - 1;
    return {*at, {at + 1, stack.end()}};
}

Emitter& Emitter::dup(std::size_t depth) {
    if (depth >= max_reach) throw out_of_reach(depth);
    assembly_.op(numbered(Opcode::DUP1, depth));
    stack.push_back(stack[stack.size() - 1 - depth]);
    return *this;
}

Emitter& Emitter::swap(std::size_t depth) {
    if (depth == 0) return *this;
    if (depth > max_reach) throw out_of_reach(depth);
    assembly_.op(numbered(Opcode::SWAP1, depth - 1));
    std::swap(stack.back(), stack[stack.size() - 1 - depth]);
    return *this;
}

void Emitter::jump(Label label) { push_label(label).op(Opcode::JUMP); }

void Emitter::jump_if(Label label) { push_label(label).op(Opcode::JUMPI); }

void Emitter::call(Label routine, std::size_t arguments, std::size_t results) {
    const Label back = assembly_.new_label();
    push_label(back);
    jump(routine);
    mark(back);
    assert(stack.size() >= arguments + 1);
    stack.resize(stack.size() - arguments - 1);
    for (std::size_t i = 0; i < results; ++i) push_temporary();
}

Entry Emitter::name_top() {
    stack.pop_back();
    push_temporary();
    return stack.back();
}

bool Emitter::holds(Entry entry) const { return std::find(stack.begin(), stack.end(), entry) != stack.end(); }

std::size_t Emitter::depth_of(Entry entry) const {
    const auto found = std::find(stack.rbegin(), stack.rend(), entry);
    assert(found != stack.rend());
    return static_cast<std::size_t>(found - stack.rbegin());
}

Emitter& Emitter::copy(Entry entry) {
    const bool is_near = holds(entry) && depth_of(entry) < max_reach;
    if (!is_near && materialize_ && materialize_(entry)) {
        stack.back() = entry;
        return *this;
    }
    return dup(depth_of(entry));
}

void Emitter::assign(Entry variable) {
    const Entry value = stack.back();
    stack.pop_back();
    const std::size_t depth = depth_of(variable) + 1;
    stack.push_back(value);
    swap(depth).pop();
    stack[stack.size() - depth] = variable;
}

void Emitter::remove(Entry entry) { swap(depth_of(entry)).pop(); }

void Emitter::shuffle(const std::vector<Entry>& target) {
    for (std::optional<Step> step = next_step(stack, target); step; step = next_step(stack, target)) {
        switch (step->kind) {
            case Step::Kind::Pop: pop(); break;
            case Step::Kind::Swap: swap(step->depth); break;
            case Step::Kind::Push: copy(step->entry); break;
        }
    }
}

void Emitter::fill_unknown(std::vector<Entry>& target) const {
    const auto is_unknown = [&](Entry entry) { return entry.kind == Entry::Kind::Temporary && !holds(entry); };
    std::vector<bool> is_open(target.size());
    for (std::size_t i = 0; i < target.size(); ++i) is_open[i] = is_unknown(target[i]);
    if (std::find(is_open.begin(), is_open.end(), true) == is_open.end()) return;
    const auto is_spare = [&](Entry entry) { return count(stack, entry) > count(target, entry); };
    for (std::size_t i = 0; i < target.size() && i < stack.size(); ++i)
        if (is_open[i] && is_spare(stack[i])) target[i] = stack[i], is_open[i] = false;
    for (std::size_t i = 0; i < target.size(); ++i) {
        if (!is_open[i]) continue;
        const auto spare = std::find_if(stack.begin(), stack.end(), is_spare);
        if (spare != stack.end()) target[i] = *spare;
        else if (!stack.empty()) target[i] = stack.back();  // one more copy
    }
}

std::uint64_t Emitter::shuffle_gas(const std::vector<Entry>& target) const {
    constexpr std::uint64_t pop_gas = 2, other_gas = 3;
    std::vector<Entry> at = stack;
    std::uint64_t gas = 0;
    for (std::optional<Step> step = next_step(at, target); step; step = next_step(at, target)) {
        gas += step->kind == Step::Kind::Pop ? pop_gas : other_gas;
        switch (step->kind) {
            case Step::Kind::Pop: at.pop_back(); break;
            case Step::Kind::Swap: std::swap(at.back(), at[at.size() - 1 - step->depth]); break;
            case Step::Kind::Push: at.push_back(step->entry); break;
        }
    }
    return gas;
}

}  // namespace interlock::lang::codegen
