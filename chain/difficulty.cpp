#include "chain/difficulty.hpp"

#include <algorithm>

namespace interlock::chain {

namespace {

constexpr std::uint64_t step_divisor = 2048;
constexpr std::uint64_t most_steps_down = 99;
constexpr std::uint64_t least_difficulty = 131'072;
constexpr std::uint64_t bomb_period = 100'000;  // blocks after which the bomb doubles

Word moved(const DifficultyRule& rule, const ParentForDifficulty& parent, std::uint64_t seconds) {
    const Word step = parent.difficulty / Word(step_divisor);
    if (rule.one_step) return seconds < rule.seconds ? parent.difficulty + step : parent.difficulty - step;
    const std::uint64_t upward = rule.counts_ommers && parent.has_ommers ? 2 : 1;
    const std::uint64_t downward = seconds / rule.seconds;
    if (downward <= upward) return parent.difficulty + Word(upward - downward) * step;
    return parent.difficulty - Word(std::min(downward - upward, most_steps_down)) * step;
}

Word bomb(const DifficultyRule& rule, std::uint64_t number) {
    const std::uint64_t periods = (number - std::min(number, rule.bomb_delay)) / bomb_period;
    return periods < 2 ? Word{} : Word(1) << (periods - 2);
}

}  // namespace

Word next_difficulty(const DifficultyRule& rule, const ParentForDifficulty& parent, std::uint64_t number,
                     std::uint64_t timestamp) {
    const Word difficulty = moved(rule, parent, timestamp - parent.timestamp);
    return std::max(difficulty, Word(least_difficulty)) + bomb(rule, number);
}

}  // namespace interlock::chain
