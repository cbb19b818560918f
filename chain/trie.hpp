// The root of a Merkle Patricia trie, computed from all its entries at once. (Yellow Paper, appendix D.)
//
// No nodes are kept: entries in ascending order of their keys *are* the tree, a node is a range of them that shares a
// prefix, and each is encoded once, children first.
#pragma once

#include <map>

#include "vm/bytes.hpp"

namespace interlock::chain {

using vm::Bytes, vm::ByteView, vm::Hash;

inline constexpr std::size_t max_trie_key_bytes = 256;

// A key and its value; views of what the caller holds.
struct TrieEntry {
    ByteView key, value;
};

// The root of the trie with these entries; the sorted ones come with ascending keys. No value is empty: an empty value means that the key is not there.
// Keys are at most `max_trie_key_bytes` long.
[[nodiscard]] Hash sorted_trie_root(std::span<const TrieEntry> entries);
[[nodiscard]] Hash trie_root(const std::map<Bytes, Bytes>& entries);

// Entries with keccak(key) in the place of each key: "secure", because nobody can then choose a deep path. They come in
// any order; a key comes once.
class SecureTrie {
  public:
    void add(ByteView key, ByteView value);
    [[nodiscard]] Hash root();  // and none are left; their space is kept for the next ones

  private:
    struct Leaf {
        Hash key;
        std::size_t offset, size;  // of the value among `values_`
    };
    std::vector<Leaf> leaves_;
    Bytes values_;
    std::vector<TrieEntry> sorted_;
};
[[nodiscard]] Hash secure_trie_root(const std::map<Bytes, Bytes>& entries);

// The root of a list as blocks commit to it: each value under the RLP of its position. (Yellow Paper, section 4.4.)
[[nodiscard]] Hash list_root(const std::vector<Bytes>& values);

// What a trie without entries has as its root: keccak(rlp("")).
[[nodiscard]] const Hash& empty_trie_root();

// Hex-prefix encoding of nibbles, one a byte. (Yellow Paper, appendix C.)
[[nodiscard]] Bytes hex_prefix(ByteView nibbles, bool is_leaf);

}  // namespace interlock::chain
