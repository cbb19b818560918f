// warp, roll and others: cheatcodes that change the block or the transaction.
#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

namespace {

vm::BlockContext& block(const Call& call) { return call.surroundings().block; }

// Sets a 64-bit field and refuses values that do not fit.
vm::Reply set(const Call& call, std::uint64_t& field) {
    if (!call.word(0).fits_u64()) return call.refuse("the number is greater than 2^64 - 1");
    field = call.word(0).low64();
    return nothing();
}

vm::Reply warp(const Call& call) { return set(call, block(call).timestamp); }
vm::Reply roll(const Call& call) { return set(call, block(call).number); }
vm::Reply chain_id(const Call& call) { return set(call, block(call).chain_id); }

vm::Reply fee(const Call& call) {
    block(call).base_fee = call.word(0);
    return nothing();
}

vm::Reply blob_base_fee(const Call& call) {
    block(call).blob_base_fee = call.word(0);
    return nothing();
}

vm::Reply coinbase(const Call& call) {
    block(call).coinbase = call.address(0);
    return nothing();
}

vm::Reply randomness(const Call& call) {
    block(call).prev_randao = call.word(0);
    return nothing();
}

vm::Reply gas_price(const Call& call) {
    call.surroundings().transaction.gas_price = call.word(0);
    return nothing();
}

vm::Reply blob_hashes(const Call& call) {
    std::vector<vm::Hash>& hashes = call.surroundings().transaction.blob_hashes;
    hashes.clear();
    for (const lang::abi::Data& each : call.arguments[0].list()) hashes.push_back(vm::to_hash(each.word()));
    return nothing();
}

vm::Reply read_blob_hashes(const Call& call) {
    std::vector<lang::abi::Data> hashes;
    for (const vm::Hash& each : call.surroundings().transaction.blob_hashes) hashes.emplace_back(vm::to_word(each));
    return gives("(bytes32[])", {lang::abi::Data(hashes)});
}

vm::Reply set_block_hash(const Call& call) {
    if (!call.word(0).fits_u64()) return call.refuse("the number is greater than 2^64 - 1");
    const std::uint64_t number = call.word(0).low64(), now = block(call).number;
    if (number > now) return call.refuse("the block number must not be greater than the current block number");
    call.surroundings().block_hashes[number] = vm::to_hash(call.word(1));
    return nothing();
}

vm::Reply read_timestamp(const Call& call) { return gives(vm::Word(block(call).timestamp)); }
vm::Reply read_number(const Call& call) { return gives(vm::Word(block(call).number)); }
vm::Reply read_chain_id(const Call& call) { return gives(vm::Word(block(call).chain_id)); }
vm::Reply read_blob_base_fee(const Call& call) { return gives(block(call).blob_base_fee); }

}  // namespace

Cheatcodes block_cheatcodes() {
    return {
        {"warp(uint256)", warp},
        {"roll(uint256)", roll},
        {"chainId(uint256)", chain_id},
        {"fee(uint256)", fee},
        {"blobBaseFee(uint256)", blob_base_fee},
        {"coinbase(address)", coinbase},
        {"difficulty(uint256)", randomness},
        {"prevrandao(uint256)", randomness},
        {"prevrandao(bytes32)", randomness},
        {"txGasPrice(uint256)", gas_price},
        {"blobhashes(bytes32[])", blob_hashes},
        {"getBlobhashes()", read_blob_hashes},
        {"setBlockhash(uint256,bytes32)", set_block_hash},
        {"getBlockTimestamp()", read_timestamp},
        {"getBlockNumber()", read_number},
        {"getChainId()", read_chain_id},
        {"getBlobBaseFee()", read_blob_base_fee},
    };
}

}  // namespace interlock::analyzer::foundry
