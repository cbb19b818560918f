// The root of a Merkle Patricia trie, computed from all its entries at once. (Yellow Paper, appendix D.)
//
// No nodes are kept. Entries in ascending order of their keys *are* the tree: a node is a range of entries that share a
// prefix. Each node is encoded once, children first.
#pragma once

#include <map>

#include "vm/bytes.hpp"

namespace interlock::chain {

using vm::Bytes, vm::ByteView, vm::Hash;

inline constexpr std::size_t max_trie_key_bytes = 256;

// A key and its value. Both are views of the caller's data.
struct TrieEntry {
    ByteView key, value;
};

// Returns the root of the trie with these entries, whose keys must be ascending. Values must not be empty, because an
// empty value means that the key is absent. Keys are at most `max_trie_key_bytes` long.
[[nodiscard]] Hash sorted_trie_root(std::span<const TrieEntry> entries);
[[nodiscard]] Hash trie_root(const std::map<Bytes, Bytes>& entries);

// A trie that uses keccak(key) in place of each key. It is called "secure" because nobody can choose keys that make a
// deep path. Entries come in any order, and a key comes at most once.
class SecureTrie {
  public:
    void add(ByteView key, ByteView value);
    [[nodiscard]] Hash root();  // also drops all entries; their space is kept for the next ones

  private:
    struct Leaf {
        Hash key;
        std::size_t offset, size;  // position among `values_`
    };
    std::vector<Leaf> leaves_;
    Bytes values_;
    std::vector<TrieEntry> sorted_;
};
[[nodiscard]] Hash secure_trie_root(const std::map<Bytes, Bytes>& entries);

// Returns the root of a list as blocks commit to it: each value is stored under the RLP of its position. (Yellow Paper,
// section 4.4.)
[[nodiscard]] Hash list_root(const std::vector<Bytes>& values);

// Returns the root of a trie without entries: keccak(rlp("")).
[[nodiscard]] const Hash& empty_trie_root();

// Hex-prefix encoding of nibbles, one nibble per byte. (Yellow Paper, appendix C.)
[[nodiscard]] Bytes hex_prefix(ByteView nibbles, bool is_leaf);

}  // namespace interlock::chain
