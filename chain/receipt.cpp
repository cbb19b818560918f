#include "chain/receipt.hpp"

#include "vm/keccak.hpp"

namespace interlock::chain {

namespace {

// Returns the three bits that stand for an item. Each is eleven bits of one of the first three byte pairs of its hash.
std::array<std::size_t, 3> bloom_bits(ByteView item) {
    const Hash hash = vm::keccak256(item);
    std::array<std::size_t, 3> bits{};
    for (std::size_t i = 0; i < 3; ++i) bits[i] = (hash.bytes[2 * i] << 8 | hash.bytes[2 * i + 1]) & 0x7ff;
    return bits;
}

// Bit 0 is the lowest bit of the last byte.
void add(Bloom& bloom, ByteView item) {
    for (const std::size_t bit : bloom_bits(item))
        bloom[bloom.size() - 1 - bit / 8] |= static_cast<std::uint8_t>(1 << bit % 8);
}

void append_logs(rlp::Encoder& out, std::span<const vm::Log> logs) {
    out.open();
    for (const vm::Log& log : logs) {
        out.open().string(log.address).open();
        for (const Hash& topic : log.topics) out.string(topic);
        out.close().string(log.data).close();
    }
    out.close();
}

}  // namespace

Bloom bloom_of(std::span<const vm::Log> logs) {
    Bloom bloom{};
    for (const vm::Log& log : logs) {
        add(bloom, log.address);
        for (const Hash& topic : log.topics) add(bloom, topic);
    }
    return bloom;
}

bool may_contain(const Bloom& bloom, ByteView address_or_topic) {
    for (const std::size_t bit : bloom_bits(address_or_topic))
        if ((bloom[bloom.size() - 1 - bit / 8] >> bit % 8 & 1) == 0) return false;
    return true;
}

Bytes encode_logs(std::span<const vm::Log> logs) {
    rlp::Encoder out;
    append_logs(out, logs);
    return out.take();
}

namespace {

void append_rest(rlp::Encoder& out, std::uint64_t cumulative_gas, std::span<const vm::Log> logs) {
    out.number(cumulative_gas).string(bloom_of(logs));
    append_logs(out, logs);
    out.close();
}

}  // namespace

Bytes encode_receipt(TransactionType type, bool success, std::uint64_t cumulative_gas, std::span<const vm::Log> logs) {
    rlp::Encoder out;
    if (type != TransactionType::Legacy) out.raw(std::array{static_cast<std::uint8_t>(type)});
    out.open().number(success ? 1 : 0);
    append_rest(out, cumulative_gas, logs);
    return out.take();
}

void append_bloom_and_logs(rlp::Encoder& out, std::span<const vm::Log> logs) {
    out.string(bloom_of(logs));
    append_logs(out, logs);
}

Bytes encode_receipt_of(TransactionType type, bool success, std::uint64_t cumulative_gas, ByteView bloom_and_logs) {
    static const Bytes nothing_logged = [] {
        rlp::Encoder out;
        append_bloom_and_logs(out, {});
        return out.take();
    }();
    if (bloom_and_logs.empty()) bloom_and_logs = nothing_logged;
    constexpr std::size_t most_beside = 32;
    rlp::Encoder out;
    out.reserve(bloom_and_logs.size() + most_beside);
    if (type != TransactionType::Legacy) out.raw(std::array{static_cast<std::uint8_t>(type)});
    out.open().number(success ? 1 : 0).number(cumulative_gas).raw(bloom_and_logs).close();
    return out.take();
}

Bytes encode_receipt(const Hash& state_root, std::uint64_t cumulative_gas, std::span<const vm::Log> logs) {
    rlp::Encoder out;
    out.open().string(state_root);
    append_rest(out, cumulative_gas, logs);
    return out.take();
}

}  // namespace interlock::chain
