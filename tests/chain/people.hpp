// A small world for tests: alice and bob have a thousand ether, the shop has whatever code the test gives it.
#pragma once

#include "chain/genesis.hpp"

namespace interlock::chain::testing {

struct World {
    State state;
    Address alice, bob, coinbase, shop;

    explicit World(vm::Fork fork = vm::Fork::Cancun) : state(Genesis::standard().build(fork)) {
        alice = *Genesis::standard().address_of("alice");
        bob = *Genesis::standard().address_of("bob");
        coinbase.bytes[19] = 0xcb;
        shop.bytes[0] = 0x5b;
        vm::BlockContext block;
        block.number = 1;
        block.coinbase = coinbase;
        block.base_fee = gwei;
        state.set_block(block);
    }

    // From alice to bob at 10 gwei a unit of gas.
    [[nodiscard]] Transaction payment(const Word& wei) const {
        Transaction tx;
        tx.gas_price = tx.priority_fee = Word(10) * gwei;
        tx.gas_limit = 100'000;
        tx.to = bob;
        tx.value = wei;
        tx.sender = alice;
        return tx;
    }

    [[nodiscard]] Transaction call_of_shop(std::uint64_t nonce = 0) const {
        Transaction tx = payment(0);
        tx.to = shop;
        tx.nonce = nonce;
        return tx;
    }
};

}  // namespace interlock::chain::testing
