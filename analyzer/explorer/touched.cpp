#include "analyzer/explorer/touched.hpp"

#include <algorithm>

#include "vm/opcodes.hpp"

namespace interlock::analyzer {

namespace {

using enum vm::Opcode;

std::uint64_t place_of(const vm::Address& contract, const vm::Word& slot) {
    std::uint64_t hash = 0;
    for (const vm::Word& word : {vm::to_word(contract), slot})
        for (const std::uint64_t limb : word.limbs) {
            hash = (hash ^ limb) * 0x9e3779b97f4a7c15ULL;
            hash ^= hash >> 29u;
        }
    return hash;
}

}  // namespace

void Places::settle() {
    std::ranges::sort(list_);
    list_.erase(std::unique(list_.begin(), list_.end()), list_.end());
}

bool Places::meets(const Places& other) const {
    auto a = list_.begin(), b = other.list_.begin();
    while (a != list_.end() && b != other.list_.end()) {
        if (*a == *b) return true;
        if (*a < *b) ++a;
        else ++b;
    }
    return false;
}

vm::OpcodeSet TouchTracer::wanted() const {
    vm::OpcodeSet set = theirs_;
    for (const vm::Opcode opcode : {SLOAD, SSTORE, BALANCE, SELFBALANCE, CALL, TIMESTAMP, NUMBER})
        set.set(static_cast<std::size_t>(opcode));
    return set;
}

void TouchTracer::on_instruction(const vm::TracePoint& point) {
    if (theirs_.test(point.opcode)) observations_.on_instruction(point);
    const std::size_t depth = point.stack.size();
    switch (static_cast<vm::Opcode>(point.opcode)) {
        case SLOAD:
            if (depth >= 1) read.add(place_of(point.message->recipient, point.stack[depth - 1]));
            break;
        case SSTORE:
            if (depth >= 2) written.add(place_of(point.message->recipient, point.stack[depth - 1]));
            break;
        case CALL:
            if (depth < 3 || point.stack[depth - 3].is_zero()) break;
            written.add(Places::balances);
            [[fallthrough]];
        case BALANCE:
        case SELFBALANCE: read.add(Places::balances); break;
        case TIMESTAMP:
        case NUMBER: read.add(Places::time); break;
        default: break;
    }
}

void TouchTracer::begin_run() {
    observations_.begin_run();
    read.clear();
    written.clear();
}

}  // namespace interlock::analyzer
