#include "chain/dao_fork.hpp"

#include <array>

namespace interlock::chain {

namespace {

constexpr std::string_view refund_contract = "0xbf4ed7b27f1d666546e30d74d50d173d20bca754";

constexpr std::array<std::string_view, 116> drained_accounts = {
#include "chain/dao_accounts.inc"
};

}  // namespace

const Bytes& dao_extra_data() {
    static constexpr std::string_view text = "dao-hard-fork";
    static const Bytes bytes(text.begin(), text.end());
    return bytes;
}

void move_dao_ether(State& state) {
    const Address refund = vm::parse_address(refund_contract).value();
    state.begin_transaction({});
    for (const std::string_view text : drained_accounts) {
        const Address drained = vm::parse_address(text).value();
        state.transfer(drained, refund, state.balance(drained));
    }
    state.end_transaction();
}

}  // namespace interlock::chain
