#include "vm/code.hpp"

#include <algorithm>
#include <cstring>

#include "vm/jit/native_code.hpp"
#include "vm/keccak.hpp"
#include "vm/opcodes.hpp"
#include "vm/translator/translation.hpp"

namespace interlock::vm {
namespace {

constexpr std::array<std::uint8_t, 3> delegation_magic{0xef, 0x01, 0x00};  // EIP-7702

std::optional<Address> read_delegation(ByteView bytes) {
    constexpr std::size_t head = delegation_magic.size();
    if (bytes.size() != head + Address::size || !std::ranges::equal(bytes.first(head), delegation_magic)) return {};
    Address target;
    std::ranges::copy(bytes.subspan(head), target.bytes.begin());
    return target;
}

// Returns whether none of the next eight bytes is a JUMPDEST or a PUSH with data: most bytes of code, and all its
// zeros, are below both. The added constant sets a byte's highest bit exactly when the byte is not below JUMPDEST.
bool is_plain_ahead(const std::uint8_t* bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101, high_bits = ones << 7;
    constexpr std::uint64_t distance = 0x80 - static_cast<std::uint64_t>(Opcode::JUMPDEST);
    std::uint64_t eight;
    std::memcpy(&eight, bytes, sizeof eight);
    return ((((eight & ~high_bits) + distance * ones) | eight) & high_bits) == 0;
}

// Sets a bit for each JUMPDEST that is an instruction. It may read eight bytes past the end.
void mark_jump_destinations(const std::uint8_t* bytes, std::size_t size, std::uint64_t* bitmap) {
    constexpr auto jumpdest = static_cast<std::uint8_t>(Opcode::JUMPDEST), push1 = static_cast<std::uint8_t>(Opcode::PUSH1);
    for (std::size_t pc = 0; pc < size;) {
        if (is_plain_ahead(bytes + pc)) {
            pc += 8;
            continue;
        }
        const std::uint8_t byte = bytes[pc];
        const auto push = static_cast<std::uint8_t>(byte - push1);  // PUSH1 is 0
        if (byte == jumpdest) bitmap[pc / 64] |= std::uint64_t{1} << (pc % 64);
        pc += push < 32 ? std::size_t{2} + push : 1;
    }
}

// Forms of one code, each for a fork, in a list whose newest is first.
template <class Form>
const Form* find_in(const std::atomic<const Form*>& newest, Fork fork) {
    const Form* candidate = newest.load(std::memory_order_acquire);
    while (candidate != nullptr && candidate->fork != fork) candidate = candidate->next.get();
    return candidate;
}
template <class Form>
const Form* keep_in(std::atomic<const Form*>& newest, std::unique_ptr<Form> form) {
    if (const Form* const known = find_in(newest, form->fork)) return known;
    form->next.reset(newest.load());
    newest.store(form.get(), std::memory_order_release);
    return form.release();
}

}  // namespace

Code::Code(ByteView bytes) : size_(bytes.size()), delegation_(read_delegation(bytes)) {
    const std::size_t bitmap_words = (size_ + 63) / 64;
    const std::size_t code_words = (size_ + padding + 7) / 8;
    buffer_ = std::make_unique_for_overwrite<std::uint64_t[]>(bitmap_words + code_words);
    std::fill_n(buffer_.get(), bitmap_words, 0);
    auto* const copy = reinterpret_cast<std::uint8_t*>(buffer_.get() + bitmap_words);
    std::fill(std::copy(bytes.begin(), bytes.end(), copy), copy + 8 * code_words, 0);
    bytes_ = copy;
    mark_jump_destinations(bytes_, size_, buffer_.get());
}

Code::~Code() {
    delete translations_.load();
    delete natives_.load();
}

const Translation* Code::translation(Fork fork) const { return find_in(translations_, fork); }
const NativeCode* Code::native_code(Fork fork) const { return find_in(natives_, fork); }

const Translation* Code::keep(std::unique_ptr<Translation> translation) const {
    const std::scoped_lock lock(keeping_);
    return keep_in(translations_, std::move(translation));
}
const NativeCode* Code::keep(std::unique_ptr<NativeCode> native) const {
    const std::scoped_lock lock(keeping_);
    return keep_in(natives_, std::move(native));
}

std::size_t Code::held_bytes() const {
    std::size_t sum = size_;
    for (const Translation* kept = translations_.load(std::memory_order_acquire); kept != nullptr; kept = kept->next.get())
        sum += kept->held_bytes();
    for (const NativeCode* kept = natives_.load(std::memory_order_acquire); kept != nullptr; kept = kept->next.get())
        sum += kept->held_bytes();
    return sum;
}

const Hash& Code::hash() const {
    std::call_once(hashed_, [this] { hash_ = keccak256(bytes()); });
    return hash_;
}

Bytes delegation_to(const Address& target) {
    Bytes code(delegation_magic.begin(), delegation_magic.end());
    code.insert(code.end(), target.bytes.begin(), target.bytes.end());
    return code;
}

std::shared_ptr<const Code> analyse(ByteView bytes) { return std::make_shared<const Code>(bytes); }

const std::shared_ptr<const Code>& empty_code() {
    static const std::shared_ptr<const Code> code = analyse({});
    return code;
}

const Hash& empty_code_hash() { return empty_code()->hash(); }

std::shared_ptr<const Code> CodeCache::get(const Hash& hash, ByteView bytes) {
    const std::scoped_lock lock(mutex_);
    if (const auto known = by_hash_.find(hash); known != by_hash_.end()) {
        by_use_.splice(by_use_.begin(), by_use_, known->second);
    } else {
        by_use_.push_front({hash, analyse(bytes), 0});
        by_hash_.emplace(hash, by_use_.begin());
    }
    use(by_use_.front());
    return by_use_.front().code;
}

// An entry grows after it was added, when its code is translated.
void CodeCache::use(Entry& entry) {
    const std::size_t bytes = entry.code->held_bytes();
    held_bytes_ += bytes - entry.bytes;
    entry.bytes = bytes;
    while (held_bytes_ > max_bytes_ && by_use_.size() > 1) {
        held_bytes_ -= by_use_.back().bytes;
        by_hash_.erase(by_use_.back().hash);
        by_use_.pop_back();
    }
}

std::size_t CodeCache::held_bytes() const {
    const std::scoped_lock lock(mutex_);
    return held_bytes_;
}

CodeCache& code_cache() {
    static CodeCache cache;
    return cache;
}

}  // namespace interlock::vm
