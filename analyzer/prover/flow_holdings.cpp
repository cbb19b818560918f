// The part of a Flow that finds what asks whether there are enough tokens, and whether the next thing done is to move them.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

namespace {

// Whether what is known of an account tells which one it is.
bool is_definite(const Known& account) {
    return account.is_constant() || account.kind == Kind::Self || account.kind == Kind::Role ||
           (account.kind == Kind::Caller && account.is_who_called);
}

}  // namespace

Flow::Account Flow::account_of(std::uint32_t frame, const State& state, ir::Value value) const {
    return {get(*frames_[frame], state, frame, value), source_of(frame, value)};
}

bool Flow::is_same(const Account& a, const Account& b) {
    return (a.word && a.word == b.word) || (is_definite(a.known) && a.known == b.known);
}

// Returns whether all that is asked is whether somebody has so many tokens, or lets the contract have them.
bool Flow::note_tokens_asked(std::uint32_t index, const State& state, const ir::ExternalCall& call, Access access) {
    Node& node = *nodes_[index];
    const auto least = frames_[node.frame]->shape->tokens_asked.find(&call);
    if (least == frames_[node.frame]->shape->tokens_asked.end() || is_survived(node.frame)) return false;
    constexpr std::size_t of_owner = 1, of_owner_and_spender = 2;
    if (call.arguments.size() == of_owner_and_spender) {
        if (get(*frames_[node.frame], state, node.frame, call.arguments.data()[1]).kind != Kind::Self) return false;
    } else if (call.arguments.size() != of_owner) {
        return false;
    }
    node.tokens_asked =
        Tokens{account_of(node.frame, state, call.target), account_of(node.frame, state, call.arguments.front()),
               source_of(node.frame, least->second), access};
    return true;
}

// Returns the frame in which the words behind the call's selector are made, and the first of these, as far as they are seen.
std::optional<std::pair<std::uint32_t, std::vector<ir::Value>>> Flow::words_sent(std::uint32_t frame, const State& state,
                                                                                 const ir::ExternalCall& call) const {
    std::vector<ir::Value> words;
    if (call.kind == CallKind::Method) {
        for (const ir::Value each : call.arguments) words.push_back(each);
        return std::pair{frame, words};
    }
    const auto written = frames_[frame]->shape->written_data.find(&call);
    const CallData* data = written == frames_[frame]->shape->written_data.end() ? nullptr : &written->second;
    if (!data) {
        const Known bytes = sent_bytes(*frames_[frame], state, frame, call);
        while (bytes.kind == Kind::Coded && !data) {
            const auto encoded = frames_[frame]->shape->encodings.find(bytes.maker);
            if (encoded != frames_[frame]->shape->encodings.end()) data = &encoded->second;
            else if (frames_[frame]->is_outer || frames_[frame]->caller == Frame::none) break;
            else frame = frames_[frame]->caller;
        }
    }
    if (!data) return std::nullopt;
    for (const auto& each : data->arguments) {
        if (!each) break;
        words.push_back(each->value);
    }
    return std::pair{frame, words};
}

void Flow::note_tokens_moved(std::uint32_t index, const State& state, const ir::ExternalCall& call) {
    Node& node = *nodes_[index];
    const Frame& frame = *frames_[node.frame];
    const auto selector = selector_of(frame, state, node.frame, call);
    const auto words = words_sent(node.frame, state, call);
    if (!words || call.tries || is_survived(node.frame)) return;
    const auto& [at, values] = *words;
    const bool is_from = moves_from_account(selector);
    const std::size_t of_amount = is_from ? 2 : 1;
    if (values.size() <= of_amount || (!is_from && !only_moves_tokens(selector))) return;
    const ir::Value target = call.kind == CallKind::Raw ? call.arguments.data()[1] : call.target;
    Account owner;
    owner.known.kind = Kind::Self;
    if (is_from) owner = account_of(at, state, values[0]);
    node.tokens_moved =
        Tokens{account_of(node.frame, state, target), owner, source_of(at, values[of_amount]), Access::Subtract};
}

// Whether everything that goes on behind the call comes to one that moves as many tokens, and undoes everything when it fails,
// before anybody acts.
bool Flow::are_moved_next(std::uint32_t index) const {
    const Tokens& asked = *nodes_[index]->tokens_asked;
    std::set<std::uint32_t> seen{index};
    std::vector<std::uint32_t> open(nodes_[index]->next.begin(), nodes_[index]->next.end());
    while (!open.empty()) {
        const std::uint32_t each = open.back();
        open.pop_back();
        if (each == index) return false;
        if (!can_end_[each] || !seen.insert(each).second) continue;
        const Node& node = *nodes_[each];
        const ir::Block& block = frames_[node.frame]->function->blocks.at(node.block);
        const auto changes = [&](const Account& account) {
            return account.known.kind == Kind::Role && node.footprint.writes(account.known.area);
        };
        if (node.ends || block.is_loop_head || changes(asked.token) || changes(asked.owner)) return false;
        if (node.tokens_moved) {
            const Tokens& moved = *node.tokens_moved;
            const bool is_it =
                is_same(asked.token, moved.token) && is_same(asked.owner, moved.owner) && asked.amount == moved.amount;
            const bool fails_hard = block.terminator.call.kind == CallKind::Method || !follow(each, false).ends;
            if (!is_it || !fails_hard) return false;
            continue;
        }
        if (node.is_site || (!node.site.only_asks && !node.site.hits.empty()) || node.call_footprint.writes_anything() ||
            node.call_footprint.sends)
            return false;
        open.insert(open.end(), node.next.begin(), node.next.end());
    }
    return true;
}

// Asking whether there are enough for such a move asks what the move finds out.
void Flow::find_tokens_asked() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        Node& node = *nodes_[i];
        if (!node.tokens_asked || !can_end_[i]) continue;
        if (are_moved_next(i)) {
            relies_on_enough_ = true;
            continue;
        }
        node.call_footprint.accesses.emplace(tokens_area(), node.tokens_asked->access);
        node.call_footprint.counts_others |= node.tokens_asked->owner.known.kind != Kind::Self;
    }
}

}  // namespace interlock::analyzer::prover
