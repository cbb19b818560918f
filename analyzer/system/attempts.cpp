#include "analyzer/system/attempts.hpp"

#include <algorithm>

#include "vm/opcodes.hpp"

namespace interlock::analyzer {

using enum vm::Opcode;

vm::OpcodeSet Attempts::wanted() const {
    vm::OpcodeSet set;
    for (const vm::Opcode opcode :
         {SLOAD, BALANCE, SELFBALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH, CREATE, CREATE2, CALL, CALLCODE, SELFDESTRUCT})
        set.set(static_cast<std::size_t>(opcode));
    return set;
}

void Attempts::on_instruction(const vm::TracePoint& point) {
    const auto top = [&](std::size_t depth) { return point.stack[point.stack.size() - 1 - depth]; };
    const vm::Address& own = point.message->recipient;
    switch (static_cast<vm::Opcode>(point.opcode)) {
        case SLOAD: slots_.insert({own, top(0)}); break;
        case BALANCE: rich_.insert(vm::to_address(top(0))); break;
        case EXTCODESIZE:
        case EXTCODECOPY:
        case EXTCODEHASH: accounts_.insert(vm::to_address(top(0))); break;
        case CALL:
        case CALLCODE:
            accounts_.insert(vm::to_address(top(1)));
            if (!top(2).is_zero()) rich_.insert(own);
            break;
        default: rich_.insert(own); break;
    }
}

void Attempts::begin(const vm::Address& sender, const vm::Address& to, const Call& call) {
    slots_.clear();
    accounts_ = {to};  // which may have no code yet
    rich_.clear();
    if (!call.value.is_zero()) rich_.insert(sender);
}

void Attempts::end(std::uint32_t caller, const Call& call, bool works) {
    std::vector<Attempt>& made = made_[{caller, call.contract, call.function}];
    std::erase_if(made, [&](const Attempt& each) { return each.call == call; });
    Attempt& attempt = made.emplace_back();
    attempt.call = call;
    attempt.works = works;
    for (const Slot& slot : slots_) attempt.slots.push_back({slot, state_.load(slot.first, slot.second)});
    for (const vm::Address& each : accounts_) attempt.codes.push_back({each, state_.code_hash(each)});
    for (const vm::Address& each : rich_) attempt.balances.push_back({each, state_.balance(each)});
}

std::optional<bool> Attempts::known(std::uint32_t caller, const Call& call) {
    const std::vector<Attempt>& made = made_[{caller, call.contract, call.function}];
    const auto attempt = std::ranges::find(made, call, &Attempt::call);
    return attempt != made.end() && holds(*attempt) ? std::optional(attempt->works) : std::nullopt;
}

bool Attempts::holds(const Attempt& attempt) {
    const auto is_same_word = [&](const auto& each) {
        return state_.load(each.first.first, each.first.second) == each.second;
    };
    return std::ranges::all_of(attempt.slots, is_same_word) &&
           std::ranges::all_of(attempt.codes,
                               [&](const auto& each) { return state_.code_hash(each.first) == each.second; }) &&
           std::ranges::all_of(attempt.balances,
                               [&](const auto& each) { return state_.balance(each.first) == each.second; });
}

}  // namespace interlock::analyzer
