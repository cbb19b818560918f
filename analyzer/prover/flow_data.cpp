// The part of a Flow that knows what is called, and with which words.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using CallKind = ir::ExternalCall::Kind;

bool Flow::is_without_data(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call) const {
    switch (call.kind) {
        case CallKind::Send:
        case CallKind::Transfer: return true;
        case CallKind::LowLevel:
        case CallKind::LowLevelStatic:
        case CallKind::LowLevelDelegate: {
            const Known data = get(frame, state, index, call.arguments[0]);
            return data.kind == Kind::Text && data.text->empty();
        }
        case CallKind::Raw: {
            constexpr std::size_t size_operand = 4;
            if (call.opcode != vm::Opcode::CALL) return false;
            const Known size = get(frame, state, index, call.arguments.data()[size_operand]),
                        bytes = sent_bytes(frame, state, index, call);
            if (bytes.kind == Kind::Text) return bytes.text->empty();
            return size.is_constant() && size.word.is_zero();
        }
        case CallKind::Method:
        case CallKind::Create: return false;
    }
    return false;
}

// Returns what is known of the bytes that are sent whole; nothing otherwise.
Known Flow::sent_bytes(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call) const {
    if (is_by_bytes(call)) return get(frame, state, index, call.arguments.front());
    const auto bytes = frame.shape->sent_bytes.find(&call);
    return bytes == frame.shape->sent_bytes.end() ? nothing_known() : get(frame, state, index, bytes->second);
}

std::optional<std::uint32_t> Flow::selector_of(const Frame& frame, const State& state, std::uint32_t index,
                                               const ir::ExternalCall& call) const {
    const ir::Contract& contract = *code_.contracts.at(frame.entry.contract);
    if (!is_by_bytes(call))
        if (const auto selector = ir::selector_of(contract, *frame.function, call)) return selector;
    const auto written = frame.shape->written_data.find(&call);
    if (written != frame.shape->written_data.end()) return written->second.selector;
    const Known bytes = sent_bytes(frame, state, index, call);
    return bytes.kind == Kind::Coded ? std::optional(bytes.number) : std::nullopt;
}

std::vector<Known> Flow::words_in(const Frame& frame, const State& state, std::uint32_t index, const CallData& data) const {
    std::vector<Known> words;
    for (const auto& each : data.arguments) {
        Known known = each ? get(frame, state, index, each->value) : nothing_known();
        const bool is_account = known.is_account() || known.kind == Kind::Actor || known.kind == Kind::Made;
        if (each && each->is_account && !is_account) known = nothing_known();
        words.push_back(known);
    }
    return words;
}

// Returns what is known of the words behind the selector, as far as anything is.
std::vector<Known> Flow::arguments_of(const Frame& frame, const State& state, std::uint32_t index,
                                      const ir::ExternalCall& call) const {
    std::vector<Known> arguments;
    if (call.kind == CallKind::Method)
        for (const ir::Value each : call.arguments) arguments.push_back(get(frame, state, index, each));
    if (call.kind == CallKind::Method || call.is_of_method) return arguments;
    const auto written = frame.shape->written_data.find(&call);
    if (written != frame.shape->written_data.end()) return words_in(frame, state, index, written->second);
    const Known bytes = sent_bytes(frame, state, index, call);
    const auto encoded = bytes.kind == Kind::Coded ? encoded_.find(bytes.maker) : encoded_.end();
    return encoded == encoded_.end() ? arguments : encoded->second;
}

// The same of any call, also one of a method whose data are put together in memory.
std::vector<Known> Flow::words_of(const Frame& frame, const State& state, std::uint32_t index,
                                  const ir::ExternalCall& call) const {
    const auto written = frame.shape->written_data.find(&call);
    if (call.kind == CallKind::Method || written == frame.shape->written_data.end())
        return arguments_of(frame, state, index, call);
    return words_in(frame, state, index, written->second);
}

// What is known of an encoding is what is known each time that it is made.
void Flow::note_encoding(std::uint32_t frame, const State& state, const ir::Instruction& instruction) {
    const Frame& here = *frames_[frame];
    const auto found = here.shape->encodings.find(&instruction);
    if (found == here.shape->encodings.end()) return;
    const std::vector<Known> words = words_in(here, state, frame, found->second);
    std::vector<Known>& held = encoded_[&instruction];
    held.resize(words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Known joined = common(held[i], words[i]);
        changed_ = changed_ || !(joined == held[i]);
        held[i] = joined;
    }
}

// Returns the entries of the contract that the call may reach, if the contract is its target.
std::vector<Entry> Flow::receivers(const Frame& frame, const State& state, std::uint32_t index, const ir::ExternalCall& call,
                                   std::uint32_t target) const {
    const ir::Contract& contract = *code_.contracts.at(target);
    const std::optional<std::uint32_t> selector = selector_of(frame, state, index, call);
    const bool is_empty = is_without_data(frame, state, index, call);
    std::vector<Entry> plain, fallback, receive;
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i) {
        const ir::Function& function = contract.functions[i];
        if (function.kind == ir::FunctionKind::Fallback) fallback.push_back({target, i});
        else if (function.kind == ir::FunctionKind::Receive) receive.push_back({target, i});
        else if (is_plain_entry(function) && !is_empty && (!selector || function.selector == *selector))
            plain.push_back({target, i});
    }
    if (is_empty) return receive.empty() ? fallback : receive;
    if (selector) return plain.empty() ? fallback : plain;
    plain.insert(plain.end(), fallback.begin(), fallback.end());
    plain.insert(plain.end(), receive.begin(), receive.end());
    return plain;
}

// Any contract of the scope may be the target that nobody knows. A payment without data concerns only who gets it.
void Flow::note_hits(std::uint32_t index, const State& state, const ir::ExternalCall& call) {
    Node& node = *nodes_[index];
    const Frame& frame = *frames_[node.frame];
    if (is_without_data(frame, state, node.frame, call)) return;
    node.may_go_on =
        !fails_hard(*code_.contracts.at(frame.entry.contract), *frame.function, call) || is_survived(node.frame);
    const ir::Value account = call.kind == CallKind::Raw ? call.arguments.data()[1] : call.target;
    const Known called = get(frame, state, node.frame, account);
    const bool is_another = is_not_self(node.frame, state, account);
    if (called.kind == Known::Kind::Sister) {
        const std::vector<Entry> entries = receivers(frame, state, node.frame, call, called.number);
        apart_.insert(entries.begin(), entries.end());
        return;
    }
    for (std::uint32_t target = 0; target < code_.contracts.size(); ++target) {
        if (is_another && target == frame.storage) continue;
        const std::vector<Entry> entries = receivers(frame, state, node.frame, call, target);
        if (target == frame.storage && code_.alone.contains(frames_.front()->entry)) continue;
        // Nobody puts a contract into its own variable for another one.
        const bool is_any = called.kind == Known::Kind::AnyRole;
        if ((is_any || called.kind == Known::Kind::Role) && called.area.contract == target && target == frame.storage) {
            if (!entries.empty() && !is_any) node.elsewhere.insert(called.area);
            for (const Area& each : roles_read_)
                if (is_any && !entries.empty() && each.contract == target) node.elsewhere.insert(each);
            continue;
        }
        for (const Entry& entry : entries)
            if (code_.function(entry).kind != ir::FunctionKind::Fallback || entries.size() > 1)
                (call.kind == CallKind::LowLevel && only_tells(code_.function(entry)) ? node.site.told : node.site.hits)
                    .insert(entry);
    }
}

}  // namespace interlock::analyzer::prover
