#include "vm/interpreter/memory.hpp"

#include "vm/interpreter/environment.hpp"
#include "vm/keccak.hpp"
#include "vm/keccak_memo.hpp"

namespace interlock::vm::instruction {
namespace {

// Makes room for `size` bytes at `offset` and charges the price per word for them.
[[nodiscard]] bool extend_priced(const Word& offset, const Word& size, Gas word_price, Core& core, Gas& gas) {
    if (!core.memory.extend(offset, size, gas)) return false;
    gas -= word_price * words_of(size.low64());  // after `extend` the size is known to be small
    return gas >= Gas{0};
}

// Bytes beyond the end of the source read as zero. `source_of` is called once the memory is large enough: call data lie
// in the same arena, which may have moved.
template <class SourceOf>
[[nodiscard]] Status copy_padded(const Word& to, const Word& from, const Word& size, SourceOf source_of, Core& core,
                                 Gas& gas) {
    if (!extend_priced(to, size, copied_word_price, core, gas)) return Status::OutOfGas;
    const std::span<std::uint8_t> target = core.memory.range(to, size);
    const ByteView source = source_of();
    const std::uint64_t start = from.fits_u64() ? std::min<std::uint64_t>(from.low64(), source.size()) : source.size();
    const ByteView present = source.subspan(start, std::min<std::size_t>(target.size(), source.size() - start));
    const auto end = std::copy(present.begin(), present.end(), target.begin());
    std::fill(end, target.end(), std::uint8_t{0});
    return Status::Success;
}

}  // namespace

Status MCOPY(Word* top, Core& core, Gas& gas) {
    const Word &to = top[0], &from = top[-1], &size = top[-2];
    if (!core.memory.extend(from, size, gas) || !extend_priced(to, size, copied_word_price, core, gas))
        return Status::OutOfGas;
    if (!size.is_zero()) std::memmove(core.memory.data() + to.low64(), core.memory.data() + from.low64(), size.low64());
    return Status::Success;
}

Status KECCAK256(Word* top, Core& core, Gas& gas) {
    if (!extend_priced(top[0], top[-1], hashed_word_price, core, gas)) return Status::OutOfGas;
    const ByteView input = core.memory.range(top[0], top[-1]);
    const Hash digest = KeccakMemo::remembers(input.size()) ? keccak_memo().hash(input) : keccak256(input);
    if (core.keccak_observer) [[unlikely]]
        core.keccak_observer(input, digest);
    top[-1] = to_word(digest);
    return Status::Success;
}

Status CALLDATACOPY(Word* top, Core& core, Gas& gas) {
    return copy_padded(
        top[0], top[-1], top[-2], [&] { return core.memory.input(); }, core, gas);
}

Status CODECOPY(Word* top, Core& core, Gas& gas) {
    return copy_padded(
        top[0], top[-1], top[-2], [&] { return core.frame().code->bytes(); }, core, gas);
}

// EIP-211: unlike for the other copies, reading past the end is an error.
Status RETURNDATACOPY(Word* top, Core& core, Gas& gas) {
    const Word &from = top[-1], &size = top[-2];
    if (!extend_priced(top[0], size, copied_word_price, core, gas)) return Status::OutOfGas;
    const std::size_t present = core.return_data.size();
    if (!from.fits_u64() || from.low64() > present || size.low64() > present - from.low64())
        return Status::ReturnDataOutOfBounds;
    const std::span<std::uint8_t> target = core.memory.range(top[0], size);
    std::copy_n(core.return_data.begin() + static_cast<std::ptrdiff_t>(from.low64()), target.size(), target.begin());
    return Status::Success;
}

Status EXTCODECOPY(Word* top, Core& core, Gas& gas) {
    const Address address = to_address(top[0]);
    if (!charge_account(address, core, gas)) return Status::OutOfGas;
    const std::shared_ptr<const Code> code = core.host.code(address);
    return copy_padded(
        top[-1], top[-2], top[-3], [&] { return code->bytes(); }, core, gas);
}

}  // namespace interlock::vm::instruction
