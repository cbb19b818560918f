#include "vm/code.hpp"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

constexpr auto jumpdest = static_cast<std::uint8_t>(Opcode::JUMPDEST), push1 = static_cast<std::uint8_t>(Opcode::PUSH1);

constexpr std::size_t most_data = 32;  // bytes; so many zeros lie before the code

// How many bytes an instruction takes, with its data, by its opcode.
constexpr auto lengths = [] {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t opcode = 0; opcode < 256; ++opcode)
        table[opcode] = static_cast<std::uint8_t>(opcode >= push1 && opcode < push1 + 32 ? 2 + opcode - push1 : 1);
    return table;
}();

#if defined(__SSE2__)

// Returns whether a byte of the 32 before `here` may be a PUSH whose data reaches so far: k bytes before, PUSHk or more.
bool may_be_data(const std::uint8_t* here) {
    alignas(16) static constexpr auto too_short = [] {
        std::array<std::int8_t, most_data> opcodes{};
        for (std::size_t i = 0; i < most_data; ++i) opcodes[i] = static_cast<std::int8_t>(push1 + (most_data - i) - 2);
        return opcodes;
    }();
    const auto reaches = [here](std::size_t from) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(here - most_data + from));
        return _mm_cmpgt_epi8(bytes, _mm_load_si128(reinterpret_cast<const __m128i*>(&too_short[from])));
    };
    return _mm_movemask_epi8(_mm_or_si128(reaches(0), reaches(16))) != 0;
}

// Returns a bit for each of 64 bytes that looks like a JUMPDEST.
std::uint64_t jump_destinations_among(const std::uint8_t* bytes) {
    std::uint64_t found = 0;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 64; i += 16) {
        const __m128i sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
        const __m128i equal = _mm_cmpeq_epi8(sixteen, _mm_set1_epi8(static_cast<char>(jumpdest)));
        found |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(equal))) << i;
    }
    return found;
}

// Sets a bit for each JUMPDEST that is an instruction. Few bytes look like one, and most of those need no look at all that is
// before them. Where data may reach so far, the instructions are followed from the last place where one is known to begin.
void mark_jump_destinations(const std::uint8_t* bytes, std::size_t size, std::uint64_t* bitmap) {
    const std::uint8_t* begins = bytes;  // here an instruction begins
    for (const std::uint8_t* block = bytes; block < bytes + size; block += 64) {
        const std::uint64_t found = jump_destinations_among(block);
        std::uint64_t wrong = 0;
        for (std::uint64_t left = found; left != 0; left &= left - 1) {
            const std::uint8_t* const here = block + static_cast<unsigned>(std::countr_zero(left));
            if (may_be_data(here)) {
                while (begins < here) begins += lengths[*begins];
                if (begins != here) {
                    wrong |= left & -left;
                    continue;
                }
            }
            begins = here + 1;
        }
        *bitmap++ = found & ~wrong;
    }
}

#else

void mark_jump_destinations(const std::uint8_t* bytes, std::size_t size, std::uint64_t* bitmap) {
    std::fill_n(bitmap, (size + 63) / 64, 0);
    for (std::size_t pc = 0; pc < size; pc += lengths[bytes[pc]])
        if (bytes[pc] == jumpdest) bitmap[pc / 64] |= std::uint64_t{1} << (pc % 64);
}

#endif

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
    const std::size_t bitmap_words = (size_ + 63) / 64, words_before = most_data / 8;
    const std::size_t code_words = (size_ + padding + 7) / 8;
    buffer_ = std::make_unique_for_overwrite<std::uint64_t[]>(bitmap_words + words_before + code_words);
    std::fill_n(buffer_.get() + bitmap_words, words_before, 0);
    auto* const copy = reinterpret_cast<std::uint8_t*>(buffer_.get() + bitmap_words + words_before);
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
