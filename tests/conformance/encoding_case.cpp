#include "tests/conformance/encoding_case.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "chain/execution.hpp"
#include "chain/fixtures/json_values.hpp"
#include "chain/fixtures/suite.hpp"
#include "chain/fixtures/vm_test.hpp"
#include "chain/rlp.hpp"
#include "chain/trie.hpp"
#include "tests/conformance/genesis_file.hpp"
#include "vm/keccak.hpp"

namespace interlock::conformance {

namespace rlp = chain::rlp;
using chain::fixtures::to_bytes;
using nlohmann::json;
using vm::Bytes, vm::ByteView;

namespace {

json read(const std::filesystem::path& file) { return chain::fixtures::parse_json(chain::fixtures::read_text(file)); }

Bytes text_bytes(const std::string& text) { return Bytes(text.begin(), text.end()); }

// "0x" starts hex; anything else stands for itself.
Bytes hex_or_text(const std::string& text) { return text.starts_with("0x") ? to_bytes(text) : text_bytes(text); }

// --- RLP ---

// A decimal number of any size, big-endian: long division by hand, since these exceed a word on purpose.
Bytes decimal_bytes(const std::string& digits) {
    Bytes bytes;  // least significant first
    for (const char digit : digits) {
        unsigned carry = static_cast<unsigned>(digit - '0');
        for (std::uint8_t& byte : bytes) {
            carry += byte * 10U;
            byte = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        if (carry != 0) bytes.push_back(static_cast<std::uint8_t>(carry));
    }
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

void encode(rlp::Encoder& out, const json& value) {
    if (value.is_number()) {
        out.number(value.get<std::uint64_t>());
    } else if (value.is_string()) {
        const std::string text = value;
        out.string(text.starts_with("#") ? decimal_bytes(text.substr(1)) : text_bytes(text));
    } else {
        out.open();
        for (const json& item : value) encode(out, item);
        out.close();
    }
}

void encode(rlp::Encoder& out, const rlp::Item& item) {
    if (!item.is_list()) {
        out.string(item.string());
        return;
    }
    out.open();
    for (const rlp::Item& inner : item.list()) encode(out, inner);
    out.close();
}

template <class Value>
Bytes encoded(const Value& value) {
    rlp::Encoder out;
    encode(out, value);
    return out.take();
}

std::string check_rlp(const json& in, const Bytes& bytes) {
    const rlp::Decoded decoded = rlp::decode(bytes);
    if (in == "INVALID") return decoded.ok() ? "was decoded" : "";
    if (!decoded.ok()) return std::string(rlp::name_of(decoded.error));
    if (encoded(decoded.item) != bytes) return "is encoded differently after decoding";
    return in == "VALID" || encoded(in) == bytes ? "" : "is encoded as " + vm::to_hex(encoded(in));
}

}  // namespace

void run_rlp_tests(const std::filesystem::path& file, EncodingResults& results) {
    const json tests = read(file);
    for (const auto& [name, test] : tests.items()) results.count(name, check_rlp(test.at("in"), to_bytes(test.at("out"))));
}

// --- tries ---

namespace {

// A list of changes in their order, where null deletes; or a map, where the order must not matter.
std::map<Bytes, Bytes> final_entries(const json& in) {
    std::map<Bytes, Bytes> entries;
    if (in.is_object()) {
        for (const auto& [key, value] : in.items()) entries[hex_or_text(key)] = hex_or_text(value);
        return entries;
    }
    for (const json& change : in) {
        const Bytes key = hex_or_text(change.at(0));
        if (change.at(1).is_null()) entries.erase(key);
        else entries[key] = hex_or_text(change.at(1));
    }
    return entries;
}

// [key, the key before it, the key after it], where nothing is "": what an ordered set answers, as our tries are.
std::string check_neighbours(const std::set<std::string>& keys, const json& query) {
    const auto [key, previous, next] = query.get<std::array<std::string, 3>>();
    const auto above = keys.upper_bound(key);
    const auto at = keys.lower_bound(key);
    if ((above == keys.end() ? "" : *above) != next) return "another key comes after " + key;
    return (at == keys.begin() ? "" : *std::prev(at)) == previous ? "" : "another key comes before " + key;
}

void run_neighbour_tests(const std::string& name, const json& test, EncodingResults& results) {
    std::set<std::string> keys;
    for (const json& key : test.at("in")) keys.insert(key);
    for (const json& query : test.at("tests")) results.count(name, check_neighbours(keys, query));
}

}  // namespace

void run_trie_tests(const std::filesystem::path& file, EncodingResults& results) {
    const bool secure = file.filename().string().find("secure") != std::string::npos;
    const json tests = read(file);
    for (const auto& [name, test] : tests.items()) {
        if (!test.contains("root")) {
            run_neighbour_tests(name, test, results);
            continue;
        }
        const auto entries = final_entries(test.at("in"));
        const std::string root = vm::to_hex(secure ? chain::secure_trie_root(entries) : chain::trie_root(entries));
        results.count(name, root == test.at("root") ? "" : "has the root " + root);
    }
}

// --- transactions ---

namespace {

// Why the bytes are no transaction of this fork; empty when they are one.
std::string refusal(const chain::DecodedTransaction& decoded, vm::Fork fork) {
    if (!decoded.transaction) return std::string(decoded.reason);
    const chain::Transaction& tx = *decoded.transaction;
    if (tx.chain_id && tx.chain_id != 1U) return std::string(name_of(chain::TransactionRefusal::WrongChain));
    const chain::TransactionRefusal refusal = chain::check(tx, fork);
    return refusal == chain::TransactionRefusal::None ? "" : std::string(name_of(refusal));
}

std::string check_transaction(const Bytes& bytes, const json& expected, vm::Fork fork) {
    const chain::DecodedTransaction decoded = chain::decode(bytes, fork);
    const std::string refused = refusal(decoded, fork);
    if (expected.contains("exception")) return refused.empty() ? "was accepted" : "";
    if (!refused.empty()) return "was refused: " + refused;
    const chain::Transaction& tx = *decoded.transaction;
    if (vm::to_hex(chain::transaction_hash(tx)) != expected.at("hash")) return "has another hash";
    if (vm::to_hex(tx.sender) != expected.at("sender")) return "has another sender";
    const std::string gas = expected.at("intrinsicGas");
    return vm::parse_word(gas) == vm::Word(chain::intrinsic_gas(tx, fork)) ? "" : "has other intrinsic gas";
}

}  // namespace

void run_transaction_tests(const std::filesystem::path& file, EncodingResults& results) {
    const json tests = read(file);
    for (const auto& [name, test] : tests.items()) {
        const Bytes bytes = to_bytes(test.at("txbytes"));
        for (const auto& [fork_name, expected] : test.at("result").items())
            if (const auto fork = vm::parse_fork(fork_name))
                results.count(name + "[" + fork_name + "]", check_transaction(bytes, expected, *fork));
    }
}

// --- one frame of code ---

void run_vm_tests(const std::filesystem::path& file, EncodingResults& results) {
    for (const auto& result : chain::fixtures::run_vm_tests(chain::fixtures::read_text(file)))
        results.count(result.test, result.reason);
}

// --- basics ---

namespace {

Bytes bare_hex(const json& text) { return vm::parse_hex(text.get<std::string>()).value(); }

chain::PrivateKey read_key(const json& text) { return {vm::parse_hash(text.get<std::string>()).value().bytes}; }

void run_hex_prefix_tests(const json& tests, EncodingResults& results) {
    for (const auto& [name, test] : tests.items()) {
        const Bytes encoded = chain::hex_prefix(test.at("seq").get<Bytes>(), test.at("term").get<bool>());
        results.count(name, encoded == bare_hex(test.at("out")) ? "" : "is encoded as " + vm::to_hex(encoded));
    }
}

// (What their signatures "of the empty string" are of, nobody says: the hash of nothing it is not.)
void run_key_tests(const json& tests, EncodingResults& results) {
    for (const json& test : tests) {
        const std::string address = vm::to_hex(chain::address_of(read_key(test.at("key"))));
        const bool agrees = address == "0x" + test.at("addr").get<std::string>();
        results.count(test.at("seed"), agrees ? "" : "has the address " + address);
    }
}

void run_signing_tests(const json& tests, EncodingResults& results) {
    for (const json& test : tests) {
        const Bytes bytes = bare_hex(test.at("signed"));
        const auto decoded = chain::decode(bytes, vm::Fork::Frontier);
        std::string why(decoded.reason);
        if (decoded.transaction) {
            if (decoded.transaction->sender != chain::address_of(read_key(test.at("key")))) why = "has another sender";
            if (chain::encode(*decoded.transaction) != bytes) why = "is encoded differently";
        }
        results.count("signed transaction", why);
    }
}

// Ethereum's first block.
void run_genesis_test(const json& test, EncodingResults& results) {
    const Bytes block = bare_hex(test.at("genesis_rlp_hex"));
    const rlp::Decoded decoded = rlp::decode(block);
    const bool is_block = decoded.ok() && decoded.item.is_list() && decoded.item.list().size() == 3;
    if (!is_block) return results.count("genesis", "is no block");
    const vm::Hash hash = vm::keccak256(decoded.item.list()[0].encoded);
    results.count("genesis", hash == vm::parse_hash(test.at("genesis_hash").get<std::string>())
                                 ? ""
                                 : "has the hash " + vm::to_hex(hash));
}

}  // namespace

void run_basic_tests(const std::filesystem::path& file, EncodingResults& results) {
    const std::string name = file.filename().string();
    if (name == "hexencodetest.json") return run_hex_prefix_tests(read(file), results);
    if (name == "keyaddrtest.json") return run_key_tests(read(file), results);
    if (name == "txtest.json") return run_signing_tests(read(file), results);
    if (name == "genesishashestest.json") return run_genesis_test(read(file), results);
    if (name.starts_with("difficulty")) return;  // difficulty_conformance runs them
    const bool is_before_frontier = name == "blockgenesistest.json";
    results.not_run.push_back(name + ": " +
                              (is_before_frontier      ? "blocks of a protocol before Frontier"
                               : name == "crypto.json" ? "ciphers of the network's transport"
                                                       : "nothing here reads it"));
}

// The block must be written as expected, and its state come of the accounts.
void run_genesis_tests(const std::filesystem::path& file, EncodingResults& results) {
    const json tests = read(file);
    for (const auto& [name, test] : tests.items()) {
        chain::State state(vm::Fork::Frontier);
        allocate(state, test.at("alloc"));
        const Bytes encoded = chain::encode(chain::Block{read_header(test, state.root()), {}, {}, std::nullopt});
        results.count(name, encoded == to_bytes(test.at("result")) ? "" : "is encoded as " + vm::to_hex(encoded));
    }
}

}  // namespace interlock::conformance
