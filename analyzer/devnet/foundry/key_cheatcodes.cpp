// addr, sign and wallets: cheatcodes about private keys.
#include "analyzer/devnet/foundry/keys.hpp"
#include "analyzer/devnet/foundry/table.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;
using vm::Word;

std::optional<chain::PrivateKey> private_key(const Word& number) {
    const chain::PrivateKey key{vm::to_big_endian(number)};
    if (!chain::is_valid(key)) return std::nullopt;
    return key;
}

namespace {

constexpr std::string_view not_a_key = "a private key is a number from 1 to the order of the curve less 1";

vm::Reply address_of_key(const Call& call) {
    const auto key = private_key(call.word(0));
    return key ? gives(chain::address_of(*key)) : call.refuse(not_a_key);
}

vm::Reply remember(const Call& call) {
    const auto key = private_key(call.word(0));
    if (!key) return call.refuse(not_a_key);
    call.arrangement().keys[chain::address_of(*key)] = call.word(0);
    return gives(chain::address_of(*key));
}

// Returns the signing key: a key, a wallet's key, or the remembered key of an address.
std::optional<Word> signing_key(const Call& call) {
    if (call.types[0].kind == abi::DataType::Kind::Struct) return call.arguments[0].list()[3].word();
    if (!call.is(0, "address")) return call.word(0);
    const auto found = call.arrangement().keys.find(call.address(0));
    if (found == call.arrangement().keys.end()) return std::nullopt;
    return found->second;
}

vm::Reply sign(const Call& call, bool is_compact) {
    const std::optional<Word> number = signing_key(call);
    if (!number) return call.refuse("no key of this address is known");
    const auto key = private_key(*number);
    if (!key) return call.refuse(not_a_key);
    const chain::Signature signature = chain::sign_hash(vm::to_hash(call.word(1)), *key);
    // EIP-2098: the parity is the highest bit of s, which is never set.
    const Word with_parity = signature.s | (Word(signature.y_parity) << 255);
    if (is_compact) return gives("(bytes32,bytes32)", {signature.r, with_parity});
    return gives("(uint8,bytes32,bytes32)", {Word(27u + signature.y_parity), signature.r, signature.s});
}

vm::Reply sign_whole(const Call& call) { return sign(call, false); }
vm::Reply sign_compact(const Call& call) { return sign(call, true); }

vm::Reply wallet(const Call& call) {
    const Word number = call.is(0, "string") ? vm::to_word(vm::keccak256(call.bytes(0))) : call.word(0);
    const auto key = private_key(number);
    if (!key) return call.refuse(not_a_key);
    const vm::Address address = chain::address_of(*key);
    const std::size_t last = call.count() - 1;
    if (call.is(last, "string")) call.arrangement().labels[address] = call.text(last);
    call.arrangement().keys[address] = number;
    const chain::PublicKey point = chain::public_key_of(*key);
    return gives("((address,uint256,uint256,uint256))",
                 {abi::Data(std::vector<abi::Data>{address, point.x, point.y, number})});
}

}  // namespace

Cheatcodes key_cheatcodes() {
    return {
        {"addr(uint256)", address_of_key},
        {"rememberKey(uint256)", remember},
        {"createWallet(string)", wallet},
        {"createWallet(uint256)", wallet},
        {"createWallet(uint256,string)", wallet},
        {"sign(uint256,bytes32)", sign_whole},
        {"sign(address,bytes32)", sign_whole},
        {"sign((address,uint256,uint256,uint256),bytes32)", sign_whole},
        {"signCompact(uint256,bytes32)", sign_compact},
        {"signCompact(address,bytes32)", sign_compact},
        {"signCompact((address,uint256,uint256,uint256),bytes32)", sign_compact},
    };
}

}  // namespace interlock::analyzer::foundry
