#include "tests/conformance/genesis_file.hpp"

#include "chain/trie.hpp"

namespace interlock::conformance {

using namespace chain::fixtures;
using chain::Header, chain::State;
using vm::Address, vm::Hash;

void allocate(State& state, const Json& accounts) {
    for (const auto& [address_text, fields] : accounts.items()) {
        const Address address = to_address(std::string_view(address_text));
        for (const char* name : {"balance", "wei"})
            if (const Json* balance = find_field(fields, name)) state.set_balance(address, to_word(*balance));
        if (const Json* nonce = find_field(fields, "nonce")) state.set_nonce(address, to_u64(*nonce));
        if (const Json* code = find_field(fields, "code")) state.set_code(address, to_bytes(*code));
        if (const Json* storage = find_field(fields, "storage"))
            for (const auto& [slot, value] : storage->items())
                state.store(address, to_word(std::string_view(slot)), to_word(value));
    }
}

Header read_header(const Json& genesis, const Hash& state_root) {
    Header header;
    header.ommers_hash = chain::empty_ommers_hash();
    header.state_root = state_root;
    header.transactions_root = header.receipts_root = chain::empty_trie_root();
    header.difficulty = to_word(field(genesis, "difficulty"));
    header.gas_limit = to_u64(field(genesis, "gasLimit"));
    header.extra_data = to_bytes(field(genesis, "extraData"));
    if (const Json* parent = find_field(genesis, "parentHash")) header.parent_hash = to_hash(*parent);
    if (const Json* coinbase = find_field(genesis, "coinbase")) header.coinbase = to_address(*coinbase);
    if (const Json* timestamp = find_field(genesis, "timestamp")) header.timestamp = to_u64(*timestamp);
    if (const Json* mix = find_field(genesis, "mixHash")) header.prev_randao = to_hash(*mix);
    if (const Json* nonce = find_field(genesis, "nonce")) header.nonce = to_u64(*nonce);
    return header;
}

}  // namespace interlock::conformance
