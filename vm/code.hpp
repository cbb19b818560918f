// Code: bytecode that has been analysed once. (Yellow Paper, section 9.4.3: valid jump destinations.)
//
// One allocation holds the bytes, a padding of zeros (STOP) so that no instruction reads past the end, and a bitmap of
// the JUMPDESTs that are instructions and not data of a PUSH. Analysed code is immutable and shared; callers keep it by
// its code hash.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "vm/bytes.hpp"
#include "vm/fork.hpp"
#include "vm/gas.hpp"

namespace interlock::vm {

class Translation;  // vm/translator/translation.hpp: the form in which code that is used often is executed
class NativeCode;   // vm/jit/native_code.hpp: the form of code that is used most

class Code {
  public:
    // Bytes past the end that may be read: the data of a PUSH32 that is the last instruction, the STOP after the data, and
    // what is looked through at once.
    static constexpr std::size_t padding = 64;

    explicit Code(ByteView bytes);
    ~Code();
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;

    [[nodiscard]] ByteView bytes() const { return {bytes_, size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool is_empty() const { return size_ == 0; }
    [[nodiscard]] const std::uint8_t* begin() const { return bytes_; }  // padded

    [[nodiscard]] bool is_jump_target(std::uint64_t pc) const {
        return pc < size_ && (buffer_[pc / 64] >> (pc % 64) & 1) != 0;
    }

    // Returns the Keccak-256 of the bytes. It is computed at the first call, since the hash of init code is seldom needed.
    [[nodiscard]] const Hash& hash() const;

    // EIP-7702: returns the account whose code this code designates.
    [[nodiscard]] const std::optional<Address>& delegation() const { return delegation_; }

    // --- the interpreter's; thread-safe ---
    // Returns the translation for a fork, or null if there is none yet. It lives as long as the code.
    [[nodiscard]] const Translation* translation(Fork fork) const;
    // Keeps a translation unless another thread was faster, and returns the one that is kept.
    const Translation* keep(std::unique_ptr<Translation> translation) const;
    // The same for native code.
    [[nodiscard]] const NativeCode* native_code(Fork fork) const;
    const NativeCode* keep(std::unique_ptr<NativeCode> native) const;
    // Returns roughly how much gas was used while this code ran as bytecode; threads may overwrite each other's additions.
    [[nodiscard]] std::int64_t hotness() const { return hotness_.load(std::memory_order_relaxed); }
    void add_hotness(Gas spent) const { hotness_.store(hotness() + spent.units, std::memory_order_relaxed); }
    // Returns roughly how much gas was used in frames of this code that were not native, and by what they called.
    [[nodiscard]] std::int64_t spent() const { return spent_.load(std::memory_order_relaxed); }
    void add_spent(Gas gas) const { spent_.store(spent() + gas.units, std::memory_order_relaxed); }
    // Whether nobody has asked before for native code for this fork.
    [[nodiscard]] bool is_first_request(Fork fork) const {
        const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(fork);
        return (requests_.load(std::memory_order_relaxed) & bit) == 0 && (requests_.fetch_or(bit) & bit) == 0;
    }
    // Returns the size of the code, its translations and its native code.
    [[nodiscard]] std::size_t held_bytes() const;

  private:
    std::size_t size_;
    std::unique_ptr<std::uint64_t[]> buffer_;  // the bitmap, a few zeros, then the padded bytes
    const std::uint8_t* bytes_;
    std::optional<Address> delegation_;
    mutable std::once_flag hashed_;
    mutable Hash hash_;
    mutable std::mutex keeping_;
    mutable std::atomic<const Translation*> translations_ = nullptr;  // the newest, which holds the others
    mutable std::atomic<const NativeCode*> natives_ = nullptr;        // as above
    // What each run writes lies apart from what each run reads, because several threads may run one code. (An object that
    // is aligned would take twice as long to allocate.)
    std::array<std::byte, 64> apart_;
    mutable std::atomic<std::int64_t> hotness_ = 0;
    mutable std::atomic<std::int64_t> spent_ = 0;
    mutable std::atomic<std::uint32_t> requests_ = 0;  // a bit for each fork
    static_assert(fork_count <= 32);
};

// EIP-7702: returns the code 0xef0100 ++ target.
[[nodiscard]] Bytes delegation_to(const Address& target);

[[nodiscard]] std::shared_ptr<const Code> analyse(ByteView bytes);
[[nodiscard]] const std::shared_ptr<const Code>& empty_code();

// Returns the Keccak-256 of the empty string: the code hash of an account without code.
[[nodiscard]] const Hash& empty_code_hash();

// Stores analysed code by its hash. When it holds more than `max_bytes` of code and translations, it drops the least
// recently used. Thread-safe.
class CodeCache {
  public:
    static constexpr std::size_t default_max_bytes = std::size_t{64} << 20;

    explicit CodeCache(std::size_t max_bytes = default_max_bytes) : max_bytes_(max_bytes) {}

    // Returns the code, after analysing it if it is unknown. `bytes` must hash to `hash`.
    [[nodiscard]] std::shared_ptr<const Code> get(const Hash& hash, ByteView bytes);

    [[nodiscard]] std::size_t held_bytes() const;

  private:
    struct Entry {
        Hash hash;
        std::shared_ptr<const Code> code;
        std::size_t bytes;  // size of the entry when it was last measured
    };
    void use(Entry& entry);

    const std::size_t max_bytes_;
    mutable std::mutex mutex_;
    std::size_t held_bytes_ = 0;
    std::list<Entry> by_use_;  // most recent first
    std::unordered_map<Hash, std::list<Entry>::iterator> by_hash_;
};

// Returns the cache that all hosts of a process share.
[[nodiscard]] CodeCache& code_cache();

}  // namespace interlock::vm
