#include "tests/conformance/encoding_case.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "chain/execution.hpp"
#include "chain/rlp.hpp"
#include "chain/trie.hpp"
#include "vm/keccak.hpp"

namespace interlock::conformance {

namespace rlp = chain::rlp;
using nlohmann::json;
using vm::Bytes, vm::ByteView;

namespace {

json read(const std::filesystem::path& file) {
    std::ifstream in(file);
    return json::parse(in);
}

Bytes from_hex(const std::string& text) {
    const auto bytes = vm::parse_hex(text);
    if (!bytes) throw std::runtime_error("malformed: " + text);
    return *bytes;
}

Bytes text_bytes(const std::string& text) { return Bytes(text.begin(), text.end()); }

// "0x" starts hex; anything else stands for itself.
Bytes hex_or_text(const std::string& text) { return text.starts_with("0x") ? from_hex(text) : text_bytes(text); }

// --- RLP -------------------------------------------------------------------------------------------------------------

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
    for (const auto& [name, test] : tests.items())
        results.count(name, check_rlp(test.at("in"), from_hex(test.at("out"))));
}

// --- tries -----------------------------------------------------------------------------------------------------------

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
        if (change.at(1).is_null())
            entries.erase(key);
        else
            entries[key] = hex_or_text(change.at(1));
    }
    return entries;
}

}  // namespace

void run_trie_tests(const std::filesystem::path& file, EncodingResults& results) {
    const bool secure = file.filename().string().find("secure") != std::string::npos;
    const json tests = read(file);
    for (const auto& [name, test] : tests.items()) {
        if (!test.contains("root")) continue;  // next and previous keys, which need a trie with nodes
        const auto entries = final_entries(test.at("in"));
        const std::string root = vm::to_hex(secure ? chain::secure_trie_root(entries) : chain::trie_root(entries));
        results.count(name, root == test.at("root") ? "" : "has the root " + root);
    }
}

// --- transactions ----------------------------------------------------------------------------------------------------

namespace {

// Why the bytes are no transaction of this fork; empty when they are one.
std::string refusal(const chain::DecodedTransaction& decoded, vm::Fork fork) {
    if (!decoded.transaction) return std::string(decoded.reason);
    const chain::Transaction& tx = *decoded.transaction;
    if (tx.chain_id && tx.chain_id != 1U) return std::string(name_of(chain::Invalid::WrongChain));
    const chain::Invalid invalid = chain::check(tx, fork);
    return invalid == chain::Invalid::None ? "" : std::string(name_of(invalid));
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
        const Bytes bytes = from_hex(test.at("txbytes"));
        for (const auto& [fork_name, expected] : test.at("result").items())
            if (const auto fork = vm::parse_fork(fork_name))
                results.count(name + "[" + fork_name + "]", check_transaction(bytes, expected, *fork));
    }
}

}  // namespace interlock::conformance
