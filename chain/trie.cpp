#include "chain/trie.hpp"

#include <cassert>

#include "chain/rlp.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {

namespace {

struct Entry {
    Bytes nibbles;
    const Bytes* value;
};
using Range = std::span<const Entry>;  // ascending, sharing the first `depth` nibbles

Bytes to_nibbles(ByteView key) {
    Bytes nibbles;
    nibbles.reserve(key.size() * 2);
    for (const std::uint8_t byte : key) {
        nibbles.push_back(byte >> 4);
        nibbles.push_back(byte & 0xf);
    }
    return nibbles;
}

Bytes encode_node(Range range, std::size_t depth);

// A node as its parent refers to it: its encoding when that is shorter than a hash, else the hash.
void append_reference(rlp::Encoder& out, const Bytes& node) {
    if (node.size() < Hash::size)
        out.raw(node);
    else
        out.string(vm::keccak256(node));
}

Bytes encode_leaf(const Entry& entry, std::size_t depth) {
    rlp::Encoder out;
    out.open().string(hex_prefix(ByteView(entry.nibbles).subspan(depth), true)).string(*entry.value).close();
    return out.take();
}

Bytes encode_extension(Range range, std::size_t depth, std::size_t shared) {
    rlp::Encoder out;
    out.open().string(hex_prefix(ByteView(range.front().nibbles).subspan(depth, shared - depth), false));
    append_reference(out, encode_node(range, shared));
    out.close();
    return out.take();
}

Bytes encode_branch(Range range, std::size_t depth) {
    rlp::Encoder out;
    out.open();
    const Bytes* own_value = nullptr;  // of the key that ends here; it sorts first
    if (range.front().nibbles.size() == depth) {
        own_value = range.front().value;
        range = range.subspan(1);
    }
    for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
        std::size_t taken = 0;
        while (taken < range.size() && range[taken].nibbles[depth] == nibble) ++taken;
        if (taken == 0) {
            out.string({});
            continue;
        }
        append_reference(out, encode_node(range.first(taken), depth + 1));
        range = range.subspan(taken);
    }
    out.string(own_value == nullptr ? ByteView{} : ByteView(*own_value)).close();
    return out.take();
}

std::size_t shared_prefix(Range range, std::size_t depth) {
    const Bytes& first = range.front().nibbles;
    const Bytes& last = range.back().nibbles;  // in between, everything shares what these two share
    while (depth < first.size() && depth < last.size() && first[depth] == last[depth]) ++depth;
    return depth;
}

Bytes encode_node(Range range, std::size_t depth) {
    if (range.size() == 1) return encode_leaf(range.front(), depth);
    const std::size_t shared = shared_prefix(range, depth);
    return shared > depth ? encode_extension(range, depth, shared) : encode_branch(range, depth);
}

}  // namespace

Hash trie_root(const std::map<Bytes, Bytes>& entries) {
    if (entries.empty()) return empty_trie_root();
    std::vector<Entry> sorted;
    sorted.reserve(entries.size());
    for (const auto& [key, value] : entries) {
        assert(key.size() <= max_trie_key_bytes && !value.empty());
        sorted.push_back({to_nibbles(key), &value});
    }
    return vm::keccak256(encode_node(sorted, 0));
}

Hash secure_trie_root(const std::map<Bytes, Bytes>& entries) {
    std::map<Bytes, Bytes> hashed;
    for (const auto& [key, value] : entries) {
        const Hash hash = vm::keccak256(key);
        hashed.emplace(Bytes(hash.bytes.begin(), hash.bytes.end()), value);
    }
    return trie_root(hashed);
}

Hash list_root(const std::vector<Bytes>& values) {
    std::map<Bytes, Bytes> entries;
    for (std::size_t i = 0; i < values.size(); ++i) entries.emplace(rlp::Encoder{}.number(i).take(), values[i]);
    return trie_root(entries);
}

const Hash& empty_trie_root() {
    static const Hash root = vm::keccak256(rlp::Encoder{}.string({}).take());
    return root;
}

Bytes hex_prefix(ByteView nibbles, bool is_leaf) {
    const std::uint8_t flag = is_leaf ? 2 : 0;
    const bool odd = nibbles.size() % 2 != 0;
    Bytes out{static_cast<std::uint8_t>(odd ? (flag + 1) << 4 | nibbles[0] : flag << 4)};
    for (std::size_t i = odd; i < nibbles.size(); i += 2)
        out.push_back(static_cast<std::uint8_t>(nibbles[i] << 4 | nibbles[i + 1]));
    return out;
}

}  // namespace interlock::chain
