#include "analyzer/engine/choosers.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace interlock::analyzer::engine {

using chain::Trace;

std::uint32_t ExhaustiveChooser::choose(std::string_view /*what*/, std::uint32_t n) {
    assert(n >= 1);
    if (at_ == questions_.size()) questions_.push_back({0, n});
    assert(questions_[at_].alternatives == n && "the program is not determined by the answers");
    return questions_[at_++].answer;
}

bool ExhaustiveChooser::next() {
    while (!questions_.empty() && questions_.back().answer + 1 == questions_.back().alternatives) questions_.pop_back();
    at_ = 0;
    if (questions_.empty()) return false;
    ++questions_.back().answer;
    return true;
}

Trace ExhaustiveChooser::trace() const {
    Trace trace;
    for (std::size_t i = 0; i < at_; ++i) trace.push_back(questions_[i].answer);
    return trace;
}

namespace {

Trace without_zeros_at_end(Trace trace) {
    while (!trace.empty() && trace.back() == 0) trace.pop_back();
    return trace;
}

bool is_smaller(const Trace& one, const Trace& other) {
    return one.size() != other.size() ? one.size() < other.size() : one < other;
}

}  // namespace

ShrinkingChooser::ShrinkingChooser(Trace trace) : best_(without_zeros_at_end(std::move(trace))), block_(largest_block()) {}

std::uint32_t ShrinkingChooser::choose(std::string_view /*what*/, std::uint32_t n) {
    assert(n >= 1);
    const std::size_t at = given_.size();
    return given_.emplace_back(at < proposed_.size() ? std::min(proposed_[at], n - 1) : 0);
}

bool ShrinkingChooser::next() {
    given_.clear();
    while (true) {
        if (at_ >= best_.size()) {  // this pass is over
            at_ = 0;
            if (block_ > 0) {
                block_ /= 2;
                continue;
            }
            if (!std::exchange(has_improved_, false)) return false;
            block_ = largest_block();
            continue;
        }
        proposed_ = best_;
        if (block_ > 0) {
            const auto first = proposed_.begin() + static_cast<std::ptrdiff_t>(at_);
            const auto count = static_cast<std::ptrdiff_t>(std::min(block_, best_.size() - at_));
            proposed_.erase(first, first + count);
            return true;
        }
        const std::uint32_t answer = best_[at_];
        const std::uint32_t lower[] = {0, answer / 2, answer - 1};
        while (lowerings_ < std::size(lower) && (answer == 0 || (lowerings_ > 0 && lower[lowerings_] == 0))) ++lowerings_;
        if (lowerings_ < std::size(lower)) {
            proposed_[at_] = lower[lowerings_];
            return true;
        }
        lowerings_ = 0;
        ++at_;
    }
}

void ShrinkingChooser::judge(bool has_outcome) {
    Trace given = without_zeros_at_end(given_);
    if (has_outcome && is_smaller(given, best_)) {
        best_ = std::move(given);
        has_improved_ = true;
        lowerings_ = 0;
    } else if (block_ > 0) {
        at_ += block_;
    } else {
        ++lowerings_;
    }
}

}  // namespace interlock::analyzer::engine
