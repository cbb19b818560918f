// prank and related cheatcodes. A broadcast sends a script's transactions. A test has no chain to send them to, so the
// calls are made in the broadcaster's name.
#include "analyzer/devnet/foundry/addresses.hpp"
#include "analyzer/devnet/foundry/keys.hpp"
#include "analyzer/devnet/foundry/table.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer::foundry {

namespace {

enum class Mode : std::uint8_t { None, Broadcast, RecurrentBroadcast, Prank, RecurrentPrank };  // as readCallers returns it

vm::Reply start(const Call& call, Prank prank) {
    prank.caller = call.message.sender;
    prank.depth = call.message.depth;
    const std::string why_not = call.arrangement().callers.start(prank);
    return why_not.empty() ? nothing() : call.refuse(why_not);
}

vm::Reply prank(const Call& call, bool is_single) {
    Prank prank{.sender = call.address(0), .is_single = is_single};
    const std::size_t last = call.count() - 1;
    if (last > 0 && call.is(1, "address")) prank.origin = call.address(1);
    prank.is_for_delegate_calls = call.is(last, "bool") && call.flag(last);
    if (prank.is_for_delegate_calls && call.state().code(prank.sender)->is_empty())
        return call.refuse("cannot prank a delegate call of an account without code");
    return start(call, prank);
}

vm::Reply prank_once(const Call& call) { return prank(call, true); }
vm::Reply prank_from_now_on(const Call& call) { return prank(call, false); }

vm::Reply broadcast(const Call& call, bool is_single) {
    vm::Address sender = known::sender;
    if (call.count() == 1 && call.is(0, "address")) sender = call.address(0);
    if (call.count() == 1 && call.is(0, "uint256")) {
        const auto key = private_key(call.word(0));
        if (!key) return call.refuse("this is no private key");
        sender = chain::address_of(*key);
    }
    return start(call, {.sender = sender, .origin = sender, .is_single = is_single, .is_broadcast = true});
}

vm::Reply broadcast_once(const Call& call) { return broadcast(call, true); }
vm::Reply broadcast_from_now_on(const Call& call) { return broadcast(call, false); }

vm::Reply stop_prank(const Call& call) {
    call.arrangement().callers.stop(call.message.depth);
    return nothing();
}

vm::Reply stop_broadcast(const Call& call) {
    const Prank* const active = call.arrangement().callers.at(call.message.depth);
    if (active == nullptr || !active->is_broadcast) return call.refuse("no broadcast in progress to stop");
    return stop_prank(call);
}

vm::Reply read_callers(const Call& call) {
    const Prank* const active = call.arrangement().callers.at(call.message.depth);
    Mode mode = Mode::None;
    vm::Address sender = known::sender, origin = call.surroundings().transaction.origin;
    if (active != nullptr) {
        mode = active->is_broadcast ? (active->is_single ? Mode::Broadcast : Mode::RecurrentBroadcast)
                                    : (active->is_single ? Mode::Prank : Mode::RecurrentPrank);
        sender = active->sender;
        origin = active->origin.value_or(origin);
    }
    return gives("(uint8,address,address)", {vm::Word(static_cast<std::uint64_t>(mode)), sender, origin});
}

}  // namespace

Cheatcodes caller_cheatcodes() {
    return {
        {"prank(address)", prank_once},
        {"prank(address,address)", prank_once},
        {"prank(address,bool)", prank_once},
        {"prank(address,address,bool)", prank_once},
        {"startPrank(address)", prank_from_now_on},
        {"startPrank(address,address)", prank_from_now_on},
        {"startPrank(address,bool)", prank_from_now_on},
        {"startPrank(address,address,bool)", prank_from_now_on},
        {"stopPrank()", stop_prank},
        {"broadcast()", broadcast_once},
        {"broadcast(address)", broadcast_once},
        {"broadcast(uint256)", broadcast_once},
        {"startBroadcast()", broadcast_from_now_on},
        {"startBroadcast(address)", broadcast_from_now_on},
        {"startBroadcast(uint256)", broadcast_from_now_on},
        {"stopBroadcast()", stop_broadcast},
        {"readCallers()", read_callers},
    };
}

}  // namespace interlock::analyzer::foundry
