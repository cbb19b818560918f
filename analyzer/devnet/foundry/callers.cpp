#include "analyzer/devnet/foundry/callers.hpp"

#include <algorithm>

namespace interlock::analyzer::foundry {

namespace {

// Returns the account whose code makes the call. In a delegate call that is not the message's sender.
const vm::Address& caller_of(const vm::Message& message) {
    return message.kind == vm::CallKind::DelegateCall ? message.recipient : message.sender;
}

}  // namespace

std::string Callers::start(const Prank& prank) {
    const auto found = std::ranges::find(pranks_, prank.depth, &Prank::depth);
    if (found == pranks_.end()) {
        pranks_.push_back(prank);
        return {};
    }
    if (found->is_broadcast != prank.is_broadcast)
        return found->is_broadcast ? "a broadcast is active; stop it first" : "a prank is active; stop it first";
    if (!found->was_used) return "cannot overwrite a prank until it is applied at least once";
    if (prank.is_single && !found->is_single)
        return "cannot override an ongoing prank with a single vm.prank; use vm.startPrank to override the current prank";
    *found = prank;
    return {};
}

void Callers::stop(std::uint32_t depth) {
    std::erase_if(pranks_, [&](const Prank& each) { return each.depth == depth; });
}

const Prank* Callers::at(std::uint32_t depth) const {
    const auto found = std::ranges::find(pranks_, depth, &Prank::depth);
    return found == pranks_.end() ? nullptr : &*found;
}

void Callers::on_call(vm::Message& message, vm::TransactionContext& transaction) {
    const auto found = std::ranges::find(pranks_, message.depth, &Prank::depth);
    if (found == pranks_.end() || found->caller != caller_of(message)) return;
    if (message.kind == vm::CallKind::CallCode) return;
    if (message.kind == vm::CallKind::DelegateCall) {
        if (!found->is_for_delegate_calls) return;
        message.recipient = found->sender;
    }
    found->was_used = true;
    message.sender = found->sender;
    if (!found->origin) return;
    origins_.push_back({message.depth, transaction.origin});
    transaction.origin = *found->origin;
}

void Callers::on_end(const vm::Message& message, vm::TransactionContext& transaction) {
    if (!origins_.empty() && origins_.back().depth >= message.depth) {
        transaction.origin = origins_.back().origin;
        origins_.pop_back();
    }
    std::erase_if(pranks_,
                  [&](const Prank& each) { return each.is_single && each.was_used && each.depth == message.depth; });
}

}  // namespace interlock::analyzer::foundry
