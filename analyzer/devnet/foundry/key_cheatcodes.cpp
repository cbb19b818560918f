// addr, sign, wallets and mnemonics: cheatcodes about private keys.
#include "analyzer/devnet/foundry/keys.hpp"
#include "analyzer/devnet/foundry/mnemonic.hpp"
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

// The words' key of that number; a path ends where the number follows.
std::optional<Word> key_of_words(const std::string& words, std::string path, std::uint64_t number) {
    if (!path.ends_with('/')) path += '/';
    const auto steps = key_path(path + std::to_string(number));
    return steps ? derive_key(words, *steps) : std::nullopt;
}

// Its arguments are: the words, the path where it is declared, the number, the language of the words where that is.
vm::Reply derive(const Call& call) {
    const bool has_path = call.is(1, "string");
    const std::string path = has_path ? call.text(1) : std::string(ethereum_path);
    const auto key = key_of_words(call.text(0), path, call.word(has_path ? 2 : 1).low64());
    return key ? gives(*key) : call.refuse("`" + path + "` is no path to a key");
}

vm::Reply remember_several(const Call& call) {
    constexpr std::uint64_t most = 1000;
    const std::size_t last = call.count() - 1;
    if (call.word(last) > Word(most)) return call.refuse("these are too many keys");
    std::vector<abi::Data> addresses;
    for (std::uint64_t number = 0; number < call.word(last).low64(); ++number) {
        const auto derived = key_of_words(call.text(0), call.text(1), number);
        const auto key = derived ? private_key(*derived) : std::nullopt;
        if (!key) return call.refuse("`" + call.text(1) + "` is no path to a key");
        call.arrangement().keys[chain::address_of(*key)] = *derived;
        addresses.emplace_back(chain::address_of(*key));
    }
    return gives("(address[])", {abi::Data(addresses)});
}

}  // namespace

Cheatcodes key_cheatcodes() {
    return {
        {"addr(uint256)", address_of_key},
        {"rememberKey(uint256)", remember},
        {"deriveKey(string,uint32)", derive},
        {"deriveKey(string,uint32,string)", derive},
        {"deriveKey(string,string,uint32)", derive},
        {"deriveKey(string,string,uint32,string)", derive},
        {"rememberKeys(string,string,uint32)", remember_several},
        {"rememberKeys(string,string,string,uint32)", remember_several},
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
