// deal, etch, store: cheatcodes that change an account's balance, code and storage.
#include <fmt/format.h>

#include "analyzer/devnet/foundry/addresses.hpp"
#include "analyzer/devnet/foundry/table.hpp"
#include "vm/code.hpp"
#include "vm/created_address.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer::foundry {

namespace {

vm::Reply deal(const Call& call) {
    call.state().set_balance(call.address(0), call.word(1));
    return nothing();
}

vm::Reply etch(const Call& call) {
    call.state().set_code(call.address(0), call.bytes(1));
    return nothing();
}

vm::Reply load(const Call& call) { return gives(call.state().load(call.address(0), call.word(1))); }

vm::Reply store(const Call& call) {
    call.state().store(call.address(0), call.word(1), call.word(2));
    return nothing();
}

vm::Reply nonce(const Call& call) { return gives(vm::Word(call.state().nonce(call.address(0)))); }

vm::Reply nonce_of_wallet(const Call& call) {
    return gives(vm::Word(call.state().nonce(vm::to_address(call.arguments[0].list()[0].word()))));
}

vm::Reply set_nonce(const Call& call) {
    const std::uint64_t now = call.state().nonce(call.address(0)), wanted = call.word(1).low64();
    if (wanted < now)
        return call.refuse(
            fmt::format("new nonce ({}) must be strictly equal to or higher than the account's current "
                        "nonce ({})",
                        wanted, now));
    call.state().set_nonce(call.address(0), wanted);
    return nothing();
}

vm::Reply set_any_nonce(const Call& call) {
    call.state().set_nonce(call.address(0), call.word(1).low64());
    return nothing();
}

vm::Reply reset_nonce(const Call& call) {
    call.state().set_nonce(call.address(0), call.state().code(call.address(0))->is_empty() ? 0 : 1);
    return nothing();
}

vm::Reply copy_storage(const Call& call) {
    for (const auto& [slot, value] : call.state().storage_of(call.address(1))) call.state().store(call.address(1), slot, {});
    for (const auto& [slot, value] : call.state().storage_of(call.address(0)))
        call.state().store(call.address(1), slot, value);
    return nothing();
}

vm::Reply label(const Call& call) {
    call.arrangement().labels[call.address(0)] = call.text(1);
    return nothing();
}

vm::Reply read_label(const Call& call) {
    const auto found = call.arrangement().labels.find(call.address(0));
    if (found != call.arrangement().labels.end()) return gives(std::string_view(found->second));
    return gives(std::string_view("unlabeled:" + vm::to_hex(call.address(0))));
}

vm::Reply create_address(const Call& call) {
    if (!call.word(1).fits_u64()) return call.refuse("nonce must be less than 2^64");
    return gives(vm::created_address(call.address(0), call.word(1).low64()));
}

vm::Reply create2_address(const Call& call) {
    const vm::Address deployer = call.count() == 3 ? call.address(2) : known::create2_deployer;
    vm::Bytes data{0xff};
    const auto append = [&](vm::ByteView bytes) { data.insert(data.end(), bytes.begin(), bytes.end()); };
    append(deployer);
    append(vm::to_big_endian(call.word(0)));
    append(vm::to_big_endian(call.word(1)));
    return gives(vm::to_address(vm::to_word(vm::keccak256(data))));
}

vm::Reply say_yes(const Call&) { return gives(vm::Word(1)); }

}  // namespace

Cheatcodes account_cheatcodes() {
    return {
        {"deal(address,uint256)", deal},
        {"etch(address,bytes)", etch},
        {"load(address,bytes32)", load},
        {"store(address,bytes32,bytes32)", store},
        {"getNonce(address)", nonce},
        {"getNonce((address,uint256,uint256,uint256))", nonce_of_wallet},
        {"setNonce(address,uint64)", set_nonce},
        {"setNonceUnsafe(address,uint64)", set_any_nonce},
        {"resetNonce(address)", reset_nonce},
        {"copyStorage(address,address)", copy_storage},
        {"label(address,string)", label},
        {"getLabel(address)", read_label},
        {"computeCreateAddress(address,uint256)", create_address},
        {"computeCreate2Address(bytes32,bytes32,address)", create2_address},
        {"computeCreate2Address(bytes32,bytes32)", create2_address},
        // There is only one chain, and every contract on it may use cheatcodes.
        {"allowCheatcodes(address)", accept},
        {"makePersistent(address)", accept},
        {"makePersistent(address,address)", accept},
        {"makePersistent(address,address,address)", accept},
        {"makePersistent(address[])", accept},
        {"revokePersistent(address)", accept},
        {"revokePersistent(address[])", accept},
        {"isPersistent(address)", say_yes},
    };
}

}  // namespace interlock::analyzer::foundry
