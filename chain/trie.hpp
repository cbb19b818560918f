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

// The root of the trie with these entries. No value is empty: an empty value means that the key is not there.
// Keys are at most `max_trie_key_bytes` long.
[[nodiscard]] Hash trie_root(const std::map<Bytes, Bytes>& entries);

// The same with keccak(key) in the place of each key: "secure", because nobody can then choose a deep path.
[[nodiscard]] Hash secure_trie_root(const std::map<Bytes, Bytes>& entries);

// The root of a list as blocks commit to it: each value under the RLP of its position. (Yellow Paper, section 4.4.)
[[nodiscard]] Hash list_root(const std::vector<Bytes>& values);

// What a trie without entries has as its root: keccak(rlp("")).
[[nodiscard]] const Hash& empty_trie_root();

// Hex-prefix encoding of nibbles, one a byte. (Yellow Paper, appendix C.)
[[nodiscard]] Bytes hex_prefix(ByteView nibbles, bool is_leaf);

}  // namespace interlock::chain
