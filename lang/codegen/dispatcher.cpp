#include "lang/codegen/dispatcher.hpp"

#include <algorithm>

namespace interlock::lang::codegen {

using enum vm::Opcode;

namespace {
constexpr std::ptrdiff_t linear_limit = 4;  // up to this many selectors are compared one by one
}

Dispatcher::Dispatcher(Unit& unit) : unit_(unit), fallback_(unit.routines.revert_empty()) {
    takes_value_ = unit.contract.is_library;  // a library runs with its caller's value
    for (std::uint32_t f = 0; f < unit.contract.functions.size(); ++f) {
        const ir::Function& function = unit.contract.functions[f];
        if (!function.is_entry || function.kind == ir::FunctionKind::Constructor) continue;
        const Label label = unit.assembly.new_label();
        entries_[f] = label;
        takes_value_ |= function.mutability == ir::Mutability::Payable;
        if (function.kind == ir::FunctionKind::Receive) receive_ = label;
        else if (function.kind == ir::FunctionKind::Fallback) fallback_ = label;
        else choices_.push_back({function.selector, label});
    }
    otherwise_ = receive_ ? unit.assembly.new_label() : fallback_;
    std::sort(choices_.begin(), choices_.end(), [](const Choice& a, const Choice& b) { return a.selector < b.selector; });
}

bool Dispatcher::checks_value(std::uint32_t function) const {
    return takes_value_ && unit_.contract.functions[function].mutability != ir::Mutability::Payable;
}

std::vector<Label> Dispatcher::entries() const {
    std::vector<Label> all;
    for (const auto& [function, label] : entries_) all.push_back(label);
    return all;
}

void Dispatcher::emit() {
    Emitter e(unit_.assembly);
    unit_.assembly.set_range(unit_.contract.range);
    if (!takes_value_) e.op(CALLVALUE).jump_if(unit_.routines.revert_empty());
    if (choices_.empty()) return emit_without_selector(e);
    const bool is_ambiguous = std::ranges::any_of(choices_, [](const Choice& c) { return (c.selector & 0xff) == 0; });
    if (is_ambiguous) e.push(4).op(CALLDATASIZE).op(LT).jump_if(otherwise_);
    e.push(0).op(CALLDATALOAD).push(224).op(SHR);
    choose(e, choices_.data(), choices_.data() + choices_.size());
    if (!receive_) return;
    e.mark(otherwise_);
    emit_without_selector(e);
}

// The selector is on top. The last comparison takes it; before, it stays below everything that a function pushes. Call data of less than four
// bytes reads as if zeros followed: it equals no selector that ends with another byte.
void Dispatcher::choose(Emitter& e, const Choice* first, const Choice* last) {
    if (last - first > linear_limit) {
        const Choice* middle = first + (last - first) / 2;
        const Label lower = unit_.assembly.new_label();
        e.push(middle->selector).dup(1).op(LT).jump_if(lower);
        const std::vector<Entry> stack = e.stack;
        choose(e, middle, last);
        e.stack = stack;
        e.mark(lower);
        return choose(e, first, middle);
    }
    for (; first != last; ++first) {
        if (first + 1 != last) e.dup(0);
        e.push(first->selector).op(EQ).jump_if(first->target);
    }
    e.jump(otherwise_);
}

void Dispatcher::emit_without_selector(Emitter& e) {
    if (receive_) e.op(CALLDATASIZE).op(ISZERO).jump_if(receive_);
    e.jump(fallback_);
}

}  // namespace interlock::lang::codegen
