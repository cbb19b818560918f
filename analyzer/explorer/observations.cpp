#include "analyzer/explorer/observations.hpp"

#include <algorithm>
#include <utility>

#include "vm/opcodes.hpp"

namespace interlock::analyzer {

using vm::Word;

namespace {

constexpr std::size_t most_comparisons = 64;  // of one run, the last
constexpr std::size_t most_lessons = 8;       // for one number
constexpr std::size_t most_times = 6;
constexpr std::size_t most_hashes = 6;
constexpr std::size_t last_comparisons = 12;  // of a run that failed: the message comes behind what made it fail

using enum vm::Opcode;

constexpr bool is_comparison(vm::Opcode opcode) {
    return opcode == LT || opcode == GT || opcode == SLT || opcode == SGT || opcode == EQ;
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
    return hash ^ (hash >> 29);
}

// Returns whether the code looks for the function that was called.
bool is_dispatch(const vm::TracePoint& point, const Word& a, const Word& b) {
    const auto selector = selector_of(point.message->input);
    const auto is_it = [&](const Word& word) { return word.low64() == *selector && word.fits_u64(); };
    return selector && (is_it(a) || is_it(b));
}

// Identifies a side of a conditional jump.
std::uint64_t side_of(const vm::Address& code, std::uint64_t pc, bool jumps) {
    return mixed(mixed(vm::to_word(code).low64(), pc), jumps);
}

}  // namespace

vm::OpcodeSet Observations::wanted() const {
    vm::OpcodeSet set;
    for (const vm::Opcode opcode : {LT, GT, SLT, SGT, EQ, SUB, XOR, TIMESTAMP, NUMBER, JUMPI})
        set.set(static_cast<std::size_t>(opcode));
    return set;
}

void Observations::on_instruction(const vm::TracePoint& point) {
    const auto opcode = static_cast<vm::Opcode>(point.opcode);
    if (opcode == TIMESTAMP || opcode == NUMBER) {
        reads_time_ = true;
        reads_number_ |= opcode == NUMBER;
        return;
    }
    const std::size_t depth = point.stack.size();
    if (depth < 2) return;
    const Word &a = point.stack[depth - 1], &b = point.stack[depth - 2];
    if (opcode == JUMPI) {
        const Word& condition = b;
        // Code may test whether two words are equal by branching on their difference.
        constexpr std::uint32_t near = 5;  // bytes: the destination is pushed between
        if (!condition.is_zero() && condition == difference_.result && point.pc - difference_.pc <= near)
            note(difference_.a, difference_.b, true);
        const std::uint64_t side = side_of(point.message->code_address, point.pc, !condition.is_zero());
        if (counts_branches_) branches_.insert(side);
        place_ = side;
        ++length_;
        path_ = (path_ ^ side) * 0x9e3779b97f4a7c15;
    } else if (is_comparison(opcode)) {
        if (!is_dispatch(point, a, b)) note(a, b, opcode == EQ);
    } else {
        if (is_dispatch(point, a, b)) return;
        difference_ = {a, b, opcode == SUB ? a - b : a ^ b, point.pc};
        if (opcode == SUB && a < b && is_amount(a) && is_amount(b)) note(a, b, false);  // it wraps around
    }
}

void Observations::on_enter(const vm::Message& message) {
    constexpr std::uint64_t ecrecover = 1;
    if (vm::to_word(message.code_address) == Word{ecrecover}) asked_ = asked_with(message.input);
}

std::vector<Word> Observations::compared_words() const {
    std::vector<Word> words;
    for (auto at = equations_.rbegin(); at != equations_.rend(); ++at)
        for (const Word& word : {at->a, at->b}) words.push_back(word);
    return words;
}

bool Observations::has_taken(const vm::Address& code, std::uint64_t pc, bool jumps) const {
    return branches_.contains(side_of(code, pc, jumps));
}

void Observations::note(const Word& a, const Word& b, bool is_equation) {
    if (a == b) {
        if (!is_equation && is_amount(a) && met_.size() < most_comparisons) met_.push_back(a);
        return;
    }
    const Word most_memory{~std::uint64_t{0}};  // code compares sizes of memory with that, wherever it takes some
    if (a == most_memory || b == most_memory) return;
    const bool are_amounts = is_amount(a) && is_amount(b);
    if (!are_amounts && !is_equation) return;
    std::vector<Comparison>& list = are_amounts ? comparisons_ : equations_;
    if (list.size() == 2 * most_comparisons) list.erase(list.begin(), list.begin() + most_comparisons);
    list.push_back({a, b, is_equation});
}

void Observations::learn_number(const ChosenNumber& number, const Word& chosen, bool failed) {
    using enum Lessons::Worth;
    Lessons& known = lessons_[number];
    const auto add = [&](const Word& value, Lessons::Worth worth) {
        if (is_amount(value) && value != chosen && !value.is_zero() && known.add(value, worth)) {
            ++version_;
        }
    };
    // What made a run fail was compared last.
    std::size_t left = failed ? last_comparisons : comparisons_.size();
    bool is_last_equation = failed;
    for (auto at = comparisons_.rbegin(); at != comparisons_.rend() && left > 0; ++at, --left) {
        const bool had_to_be_equal = at->is_equation && std::exchange(is_last_equation, false);
        for (const auto& [mine, other] : {std::pair{at->a, at->b}, std::pair{at->b, at->a}}) {
            if (mine == chosen) {
                add(other, had_to_be_equal ? Required : failed && !at->is_equation ? Limit : Met);
                if (!failed || at->is_equation) continue;
                add(other + Word{1}, Met);
                add(other - Word{1}, Met);
            } else if (failed && !chosen.is_zero() && mine > chosen) {
                // `mine` may be the chosen number times something, or plus something.
                const Lessons::Worth derived = had_to_be_equal ? Required : Derived;
                if (vm::bit_length(chosen) + vm::bit_length(other) > 250) continue;
                const Word product = chosen * other, share = product / mine;
                if (share * mine == product && (mine % chosen).is_zero()) add(share, derived);
                if (vm::bit_length(mine) > vm::bit_length(chosen) + 16) continue;
                if (chosen + other > mine) add(chosen + other - mine, derived);
                add(share, Derived);
            }
        }
    }
}

namespace {

using Path = std::vector<std::size_t>;  // the position of an argument, then of a field or an element, and so on

// Calls `visit(path, word)` for the words of an argument, of lists and structs only for the first ones: a list of ours is
// short, but an order or an operation has many fields.
template <class Visit>
void for_words(const lang::abi::Data& data, Path& path, const Visit& visit) {
    constexpr std::size_t most_of_list = 12, deepest = 3;
    if (const auto* word = std::get_if<Word>(&data.content)) return visit(path, *word);
    const auto* list = std::get_if<std::vector<lang::abi::Data>>(&data.content);
    for (std::size_t i = 0; list && path.size() < deepest && i < std::min(list->size(), most_of_list); ++i) {
        path.push_back(i);
        for_words((*list)[i], path, visit);
        path.pop_back();
    }
}

template <class Visit>
void for_words(const Call& call, const Visit& visit) {
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        Path path{i};
        for_words(call.arguments[i], path, visit);
    }
}

Call with_word(Call call, const Path& path, const Word& word) {
    lang::abi::Data* data = &call.arguments[path.front()];
    for (std::size_t i = 1; i < path.size(); ++i) data = &data->list()[path[i]];
    *data = lang::abi::Data{word};
    return call;
}

}  // namespace

bool Observations::learn(const Call& call, std::uint64_t timestamp, std::uint64_t block_number, bool failed) {
    const std::uint64_t before = version_;
    if (!call.value.is_zero()) learn_number({call.contract, call.function, ChosenNumber::of_value}, call.value, failed);
    for_words(call, [&](const Path& path, const Word& word) {
        if (is_amount(word))
            learn_number({call.contract, call.function, static_cast<std::uint32_t>(path.front())}, word, failed);
    });
    const auto wait_for = [&](std::set<std::uint64_t>& known, std::uint64_t now, const Word& target) {
        if (vm::bit_length(target) > 62 || known.size() >= most_times) return;
        for (const std::uint64_t at : {target.low64(), target.low64() + 1})
            if (at > now && known.insert(at).second) ++version_;
    };
    for (const auto& [a, b, is_equation] : comparisons_) {
        if (a == Word{timestamp}) wait_for(times_, timestamp, b);
        if (b == Word{timestamp}) wait_for(times_, timestamp, a);
        if (!reads_number_) continue;  // it is small: arguments may happen to be equal to it
        if (a == Word{block_number}) wait_for(blocks_, block_number, b);
        if (b == Word{block_number}) wait_for(blocks_, block_number, a);
    }
    for (const auto& [a, b, is_equation] : equations_)
        for (const Word& word : {a, b})
            if (failed && is_hash(word) && hashes_.size() < most_hashes && std::ranges::count(hashes_, word) == 0) {
                hashes_.push_back(word);
                ++version_;
            }
    return version_ != before;
}

std::vector<Word> Observations::compared_with_zero() const {
    std::vector<Word> words;
    for (const auto& [a, b, is_equation] : equations_)
        for (const auto& [word, other] : {std::pair{a, b}, std::pair{b, a}})
            if (other.is_zero() && is_hash(word)) words.push_back(word);
    return words;
}

// --- what failed ---

namespace {

// Calls `visit(mine, other, is_equation)` for both sides of the last comparisons, the last first.
void for_last(const auto& comparisons, const auto& visit) {
    std::size_t left = last_comparisons;
    for (auto at = comparisons.rbegin(); at != comparisons.rend() && left > 0; ++at, --left) {
        visit(at->a, at->b, at->is_equation);
        visit(at->b, at->a, at->is_equation);
    }
}

}  // namespace

// Returns what the number was compared with, the last first, then what makes a sum or a product with it meet its limit.
std::vector<Word> Observations::worth_choosing_for(const Word& chosen, std::size_t most) const {
    std::vector<Word> list;
    const auto add = [&](const Word& value) {
        if (list.size() < most && value != chosen && std::ranges::count(list, value) == 0) list.push_back(value);
    };
    for_last(comparisons_, [&](const Word& mine, const Word& other, bool) {
        if (mine == chosen) add(other);
    });
    for_last(equations_, [&](const Word& mine, const Word& other, bool) {
        if (mine == chosen && !other.is_zero()) add(other);
    });
    for_last(comparisons_, [&](const Word& mine, const Word& other, bool is_equation) {
        if (list.size() == most) return;
        if (mine == chosen) {
            if (is_equation) return;
            add(other + Word{1});
            if (!other.is_zero()) add(other - Word{1});
        } else if (!chosen.is_zero() && mine > chosen) {
            if (chosen + other > mine) add(chosen + other - mine);
            if (vm::bit_length(chosen) + vm::bit_length(other) <= 250) add(chosen * other / mine);
        }
    });
    if (std::ranges::count(met_, chosen) != 0) add(chosen + Word{1});
    // Nothing of something passes often, and changes little.
    std::ranges::stable_partition(list, [](const Word& value) { return !value.is_zero(); });
    return list;
}

std::vector<Mismatch> Observations::compared_amounts() const {
    constexpr std::size_t most = 4;
    std::vector<Mismatch> list;
    for (auto at = comparisons_.rbegin(); at != comparisons_.rend() && list.size() < 2 * most; ++at)
        for (const auto& [found, wanted] : {std::pair{at->a, at->b}, std::pair{at->b, at->a}})
            list.push_back({found, wanted});
    for (auto at = met_.rbegin(); at != met_.rend() && list.size() < 3 * most; ++at) list.push_back({*at, *at});
    return list;
}

Failure Observations::failure_of(const Call& call) const {
    constexpr std::size_t most_for_one = 4;
    Failure failure{.place = place_, .length = length_};
    failure.path = path_;
    const auto mend = [&](const Word& chosen, const auto& with) {
        for (const Word& value : worth_choosing_for(chosen, most_for_one)) failure.mended.push_back(with(value));
    };
    if (!call.value.is_zero())
        mend(call.value, [&](const Word& value) {
            Call other = call;
            other.value = value;
            return other;
        });
    for_words(call, [&](const Path& path, const Word& word) {
        mend(word, [&](const Word& value) { return with_word(call, path, value); });
    });
    constexpr std::size_t most_mismatches = 3;
    std::size_t left = most_mismatches;
    for (auto at = equations_.rbegin(); at != equations_.rend() && left > 0; ++at, --left)
        for (const auto& [found, wanted] : {std::pair{at->a, at->b}, std::pair{at->b, at->a}})
            if (is_hash(wanted)) failure.mismatches.push_back({found, wanted});
    return failure;
}

void Observations::learn_threshold(const Call& call) {
    if (call.value.is_zero() || std::ranges::count(met_, call.value) == 0) return;
    if (just_met_.insert({call.contract, call.function, ChosenNumber::of_value}).second) ++version_;
}

void Observations::learn_answer(std::uint32_t selector, vm::ByteView answer) {
    if (answer.size() < 32) return;
    const Word mine = vm::word_from_big_endian(answer.first(32));
    std::set<Word>& known = answers_[selector];
    for (const auto* list : {&comparisons_, &equations_})
        for (const auto& [a, b, is_equation] : *list) {
            if (known.size() >= most_lessons) return;
            if (a == mine) known.insert(b);
            if (b == mine) known.insert(a);
        }
}

const std::set<Word>& Observations::answers(std::uint32_t selector) const {
    static const std::set<Word> none;
    const auto found = answers_.find(selector);
    return found == answers_.end() ? none : found->second;
}

const std::vector<Word>& Observations::lessons(const ChosenNumber& number) const {
    static const std::vector<Word> none;
    const auto found = lessons_.find(number);
    return found == lessons_.end() ? none : found->second.values();
}

}  // namespace interlock::analyzer
