#include <deque>
#include <utility>

#include "analyzer/explorer/ascent.hpp"

// Corrections: a call failed since an earlier one had left another number or hash than it needs.
namespace interlock::analyzer {

namespace {

constexpr std::uint32_t most_corrections = 6;  // for one place

// Whether that is a word of bytes; argument 0 is the ether.
bool takes_hash(const lang::ir::Function& function, std::size_t n) {
    return n > 0 && function.parameters[n - 1].type == lang::ir::Type{lang::ir::TypeKind::FixedBytes, 256};
}

// Whether her contract or her account makes the call.
bool is_made_by_her(std::uint32_t sender) { return sender == World::accomplice || sender == her_account; }

}  // namespace

void Ascent::correct(const Correction& correction) {
    const State& state = correction.state;
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    if (replay(state.plan)) {
        State corrected{.plan = state.plan, .wait = state.wait, .background = state.background};
        world_.pass(state.wait);
        const Call& call = correction.call;
        if (const Attempt tried = tentatively(transaction_of(correction.sender, call), call); tried.works) {
            candidates_.add_mended(is_made_by_her(correction.sender) ? Caller::Attacker : Caller::Honest, call, call);
            choose_watched();
        } else {
            correct_again(correction, tried.failure);
        }
        look(corrected, &start_, nullptr);
        if (corrected.news > 0) states_.push_back(std::move(corrected));
    }
    chain.rewind_to(here);
    chain.set_block(block);
}

// What a call says under a hash may still be wrong: with another number it has another hash, and the earlier call gets that one.
void Ascent::correct_again(const Correction& correction, const Failure& failure) {
    constexpr std::uint32_t most_before = 3;
    if (correction.before == most_before || failure.length <= correction.length) return;
    std::deque<Correction> found;
    for (const Call& mended : failure.mended) {
        if (hooks_.is_over()) return;
        const Attempt tried = tentatively(transaction_of(correction.sender, mended), mended);
        if (tried.works) continue;  // the next look finds it
        for (const auto& [left, wanted] : tried.failure.mismatches)
            for (std::size_t i = 0; i < correction.state.plan.size(); ++i) {
                const auto& arguments = call_in(correction.state.plan[i]).arguments;
                for (std::size_t n = 0; n < arguments.size(); ++n) {
                    if (arguments[n] != lang::abi::Data{left} || !is_hash(left) || left == wanted) continue;
                    Correction& again = found.emplace_back(correction);
                    call_in(again.state.plan[i]).arguments[n] = lang::abi::Data{wanted};
                    again.call = mended;
                    ++again.before;
                    again.length = failure.length;
                }
            }
    }
    corrections_.insert(corrections_.begin(), found.begin(), found.end());
}

// If the run compared a number, or a hash, with one that an earlier call of the plan was given, that call may be given the
// other one instead, or a number beside it; and so may the call that failed: it names the root that was published.
void Ascent::propose_corrections(const State& state, std::uint32_t sender, const Call& failed, const Failure& failure) {
    std::uint32_t& proposed = corrected_[failure.place];
    const auto number_in = [](auto& call, std::size_t n) {
        return n == 0 ? &call.value : std::get_if<Word>(&call.arguments[n - 1].content);
    };
    // Many numbers are zero, and have nothing to do with each other.
    const auto is_it = [&](const Call& call, std::size_t n, const Word& found) {
        const Word* const number = number_in(call, n);
        return number && *number == found && (!found.is_zero() || takes_hash(world_.function_of(call), n));
    };
    const auto propose = [&](const Word& found, const Word& other) {
        if (other == found) return;
        for (std::size_t i = 0; i < state.plan.size(); ++i) {
            const Call& call = call_in(state.plan[i]);
            for (std::size_t n = 0; n <= call.arguments.size(); ++n) {
                if (proposed >= most_corrections || !is_it(call, n, found)) continue;
                ++proposed;
                Correction& correction = corrections_.emplace_back(
                    Correction{{.plan = state.plan, .wait = state.wait, .background = state.background}, sender, failed});
                *number_in(call_in(correction.state.plan[i]), n) = other;
                for (std::size_t m = 0; m <= failed.arguments.size(); ++m)
                    if (is_it(failed, m, found)) *number_in(correction.call, m) = other;
            }
        }
    };
    for (const auto& [found, wanted] : failure.mismatches) propose(found, wanted);
    for (const auto& [found, wanted] : observations_.compared_amounts())
        for (const Word& other : {wanted, wanted - Word{1}, wanted + Word{1}})
            if (!found.is_zero() && is_amount(other)) propose(found, other);
}

}  // namespace interlock::analyzer
