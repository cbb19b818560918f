#include "chain/trie.hpp"

#include <algorithm>
#include <cassert>

#include "chain/rlp.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {

namespace {

using Range = std::span<const TrieEntry>;  // ascending; the keys share the first `depth` nibbles

std::uint8_t nibble(ByteView key, std::size_t at) {
    const std::uint8_t byte = key[at / 2];
    return at % 2 == 0 ? byte >> 4 : byte & 0xf;
}

std::size_t nibbles(ByteView key) { return 2 * key.size(); }

// Hex-prefix encoding of `count` nibbles: a flag, together with the first nibble if the count is odd, then two nibbles
// per byte.
template <class NibbleAt>
std::size_t pack(std::size_t count, NibbleAt&& nibble_at, bool is_leaf, std::uint8_t* out) {
    const std::uint8_t flag = is_leaf ? 2 : 0;
    const bool odd = count % 2 != 0;
    std::size_t size = 0;
    out[size++] = static_cast<std::uint8_t>(odd ? (flag + 1) << 4 | nibble_at(0) : flag << 4);
    for (std::size_t i = odd; i < count; i += 2)
        out[size++] = static_cast<std::uint8_t>(nibble_at(i) << 4 | nibble_at(i + 1));
    return size;
}

std::size_t shared_prefix(Range range, std::size_t depth) {
    const ByteView first = range.front().key, last = range.back().key;  // all keys between share their prefix
    const std::size_t end = std::min(nibbles(first), nibbles(last));
    while (depth < end && nibble(first, depth) == nibble(last, depth)) ++depth;
    return depth;
}

// Writes nodes at the end of one buffer. Children are written inside their parents; a written child is replaced by its
// reference at once.
class NodeWriter {
  public:
    Hash root(Range range) {
        node(range, 0);
        return vm::keccak256(out_.written());
    }

  private:
    rlp::Encoder out_;

    void node(Range range, std::size_t depth) {
        if (range.size() == 1) return leaf(range.front(), depth);
        const std::size_t shared = shared_prefix(range, depth);
        return shared > depth ? extension(range, depth, shared) : branch(range, depth);
    }

    // Writes a node as its parent refers to it: the encoding if it is shorter than a hash, otherwise the hash.
    void reference(Range range, std::size_t depth) {
        const std::size_t start = out_.written().size();
        node(range, depth);
        const ByteView written = out_.written().subspan(start);
        if (written.size() < Hash::size) return;
        const Hash hash = vm::keccak256(written);
        out_.cut(start).string(hash);
    }

    void path(ByteView key, std::size_t from, std::size_t to, bool is_leaf) {
        std::array<std::uint8_t, max_trie_key_bytes + 1> packed;
        const auto nibble_at = [&](std::size_t i) { return nibble(key, from + i); };
        out_.string(ByteView(packed.data(), pack(to - from, nibble_at, is_leaf, packed.data())));
    }

    void leaf(const TrieEntry& entry, std::size_t depth) {
        out_.open();
        path(entry.key, depth, nibbles(entry.key), true);
        out_.string(entry.value).close();
    }

    void extension(Range range, std::size_t depth, std::size_t shared) {
        out_.open();
        path(range.front().key, depth, shared, false);
        reference(range, shared);
        out_.close();
    }

    void branch(Range range, std::size_t depth) {
        out_.open();
        ByteView own_value;  // value of the key that ends here; this key sorts first
        if (nibbles(range.front().key) == depth) {
            own_value = range.front().value;
            range = range.subspan(1);
        }
        for (std::uint8_t digit = 0; digit < 16; ++digit) {
            std::size_t taken = 0;
            while (taken < range.size() && nibble(range[taken].key, depth) == digit) ++taken;
            if (taken == 0) {
                out_.string({});
                continue;
            }
            reference(range.first(taken), depth + 1);
            range = range.subspan(taken);
        }
        out_.string(own_value).close();
    }
};

}  // namespace

Hash sorted_trie_root(Range entries) { return entries.empty() ? empty_trie_root() : NodeWriter{}.root(entries); }

Hash trie_root(const std::map<Bytes, Bytes>& entries) {
    std::vector<TrieEntry> sorted;
    sorted.reserve(entries.size());
    for (const auto& [key, value] : entries) {
        assert(key.size() <= max_trie_key_bytes && !value.empty());
        sorted.push_back({key, value});
    }
    return sorted_trie_root(sorted);
}

void SecureTrie::add(ByteView key, ByteView value) {
    leaves_.push_back({vm::keccak256(key), values_.size(), value.size()});
    values_.insert(values_.end(), value.begin(), value.end());
}

Hash SecureTrie::root() {
    std::ranges::sort(leaves_, [](const Leaf& a, const Leaf& b) { return a.key < b.key; });
    sorted_.clear();
    for (const Leaf& leaf : leaves_) sorted_.push_back({leaf.key, ByteView(values_).subspan(leaf.offset, leaf.size)});
    const Hash root = sorted_trie_root(sorted_);
    leaves_.clear();
    values_.clear();
    return root;
}

Hash secure_trie_root(const std::map<Bytes, Bytes>& entries) {
    SecureTrie trie;
    for (const auto& [key, value] : entries) trie.add(key, value);
    return trie.root();
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
    Bytes out(nibbles.size() / 2 + 1);
    pack(
        nibbles.size(), [&](std::size_t i) { return nibbles[i]; }, is_leaf, out.data());
    return out;
}

}  // namespace interlock::chain
