#include "chain/requests.hpp"

#include <algorithm>
#include <array>

#include "chain/system_contracts.hpp"
#include "vm/code.hpp"
#include "vm/precompiles/functions.hpp"

namespace interlock::chain {

namespace {

// A byte string within the ABI encoding of DepositEvent(bytes,bytes,bytes,bytes,bytes).
struct DepositField {
    std::size_t head;   // position of its offset, in bytes
    std::size_t start;  // position of its length, which precedes its bytes
    std::size_t size;   // bytes
};
constexpr std::array<DepositField, 5> deposit_fields = {{
    {0, 160, 48},   // public key
    {32, 256, 32},  // withdrawal credentials
    {64, 320, 8},   // amount, gwei
    {96, 384, 96},  // signature
    {128, 512, 8},  // index
}};
constexpr std::size_t deposit_bytes = 576;

const Hash& deposit_topic() {
    static const Hash topic = vm::parse_hash("0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5").value();
    return topic;
}

bool has_word(ByteView data, std::size_t at, std::size_t value) {
    return vm::word_from_big_endian(data.subspan(at, 32)) == Word(value);
}

Bytes sha256(ByteView bytes) { return vm::precompile::sha256(bytes, vm::rules_of(vm::default_fork).precompiles).value(); }

}  // namespace

bool append_deposit(Bytes& deposits, const vm::Log& log) {
    if (log.topics.empty() || log.topics[0] != deposit_topic()) return true;
    const ByteView data = log.data;
    if (data.size() != deposit_bytes) return false;
    for (const DepositField& field : deposit_fields) {
        if (!has_word(data, field.head, field.start) || !has_word(data, field.start, field.size)) return false;
        const ByteView value = data.subspan(field.start + 32, field.size);
        deposits.insert(deposits.end(), value.begin(), value.end());
    }
    return true;
}

BlockRefusal take_requests(State& state, const Address& contract, Bytes& out) {
    if (state.code(contract)->is_empty()) return BlockRefusal::SystemContractMissing;
    SystemCall call = call_system_contract(state, contract, {});
    if (call.status != vm::Status::Success) return BlockRefusal::SystemCallFailed;
    out = std::move(call.output);
    return BlockRefusal::None;
}

Hash hash_of_requests(std::span<const Bytes, 3> requests) {
    Bytes hashes;
    for (std::size_t type = 0; type < requests.size(); ++type) {
        if (requests[type].empty()) continue;
        Bytes request{static_cast<std::uint8_t>(type)};
        request.insert(request.end(), requests[type].begin(), requests[type].end());
        const Bytes hash = sha256(request);
        hashes.insert(hashes.end(), hash.begin(), hash.end());
    }
    Hash result;
    std::ranges::copy(sha256(hashes), result.bytes.begin());
    return result;
}

}  // namespace interlock::chain
