// Reads blocks from their encodings. The input is hostile; the first error becomes the reason of the refusal.

#include <algorithm>
#include <utility>

#include "chain/block.hpp"
#include "chain/parallel_transactions.hpp"
#include "chain/rlp.hpp"

namespace interlock::chain {

namespace {

constexpr std::size_t first_header_fields = 15;

// Returns whether a header may have this many fields. Each upgrade that added fields keeps those of the upgrade before it.
constexpr bool is_header_size(std::size_t fields) {
    constexpr std::array<std::size_t, 5> sizes = {first_header_fields, 16, 17, 20, 21};  // London, Shanghai, Cancun, Prague
    return std::ranges::find(sizes, fields) != sizes.end();
}

// Reads the items of a list one after the other and keeps the reason of the first error.
class FieldReader {
  public:
    explicit FieldReader(const std::vector<rlp::Item>& items) : items_(items) {}

    [[nodiscard]] bool at_end() const { return position_ == items_.size(); }
    [[nodiscard]] std::string_view reason() const { return reason_; }

    template <std::size_t N>
    void fixed(std::array<std::uint8_t, N>& out, std::string_view wrong) {
        const rlp::Item& item = next();
        if (item.is_list() || item.string().size() != N) return fail(wrong);
        std::ranges::copy(item.string(), out.begin());
    }
    template <class FixedBytes>
    void fixed(FixedBytes& out, std::string_view wrong) {
        fixed(out.bytes, wrong);
    }
    void number(Word& out, std::string_view wrong) {
        const auto value = rlp::as_number(next());
        if (!value) return fail(wrong);
        out = *value;
    }
    void number(std::uint64_t& out, std::string_view wrong) {
        const auto value = rlp::as_u64(next());
        if (!value) return fail(wrong);
        out = *value;
    }
    void bytes(Bytes& out, std::string_view wrong) {
        const rlp::Item& item = next();
        if (item.is_list()) return fail(wrong);
        out.assign(item.string().begin(), item.string().end());
    }

  private:
    const rlp::Item& next() { return items_[position_++]; }
    void fail(std::string_view reason) {
        if (reason_.empty()) reason_ = reason;
    }

    const std::vector<rlp::Item>& items_;
    std::size_t position_ = 0;
    std::string_view reason_;
};

void read_first_fields(FieldReader& read, Header& header) {
    read.fixed(header.parent_hash, "the parent hash has not 32 bytes");
    read.fixed(header.ommers_hash, "the ommers hash has not 32 bytes");
    read.fixed(header.coinbase, "the coinbase has not 20 bytes");
    read.fixed(header.state_root, "the state root has not 32 bytes");
    read.fixed(header.transactions_root, "the transactions root has not 32 bytes");
    read.fixed(header.receipts_root, "the receipts root has not 32 bytes");
    read.fixed(header.logs_bloom, "the logs' bloom has not 256 bytes");
    read.number(header.difficulty, "the difficulty is not a number of 256 bits");
    read.number(header.number, "the number is not one of 64 bits");
    read.number(header.gas_limit, "the gas limit is not a number of 64 bits");
    read.number(header.gas_used, "the gas used is not a number of 64 bits");
    read.number(header.timestamp, "the timestamp is not a number of 64 bits");
    read.bytes(header.extra_data, "the extra data are a list");
    read.fixed(header.prev_randao, "the mix hash has not 32 bytes");
    std::array<std::uint8_t, 8> nonce{};
    read.fixed(nonce, "the nonce has not 8 bytes");
    header.nonce = vm::word_from_big_endian(nonce).low64();
}

void read_later_fields(FieldReader& read, Header& header) {
    if (read.at_end()) return;
    read.number(header.base_fee.emplace(), "the base fee is not a number of 256 bits");
    if (read.at_end()) return;
    read.fixed(header.withdrawals_root.emplace(), "the withdrawals root has not 32 bytes");
    if (read.at_end()) return;
    read.number(header.blob_gas_used.emplace(), "the blob gas used is not a number of 64 bits");
    read.number(header.excess_blob_gas.emplace(), "the excess blob gas is not a number of 64 bits");
    read.fixed(header.parent_beacon_root.emplace(), "the beacon root has not 32 bytes");
    if (read.at_end()) return;
    read.fixed(header.requests_hash.emplace(), "the requests hash has not 32 bytes");
}

// Each of these functions returns what is wrong, or an empty text when nothing is wrong.
using Reason = std::string_view;

Reason read_header(const rlp::Item& item, Header& header) {
    if (!item.is_list()) return "a header is a list";
    if (!is_header_size(item.list().size())) return "no upgrade has headers of so many fields";
    FieldReader read(item.list());
    read_first_fields(read, header);
    read_later_fields(read, header);
    return read.reason();
}

Reason read_ommers(const rlp::Item& item, std::vector<Header>& ommers) {
    if (!item.is_list()) return "the ommers are no list";
    for (const rlp::Item& ommer : item.list())
        if (const Reason reason = read_header(ommer, ommers.emplace_back()); !reason.empty()) return reason;
    return {};
}

Reason read_withdrawal(const rlp::Item& item, Withdrawal& withdrawal) {
    constexpr std::size_t withdrawal_fields = 4;
    if (!item.is_list() || item.list().size() != withdrawal_fields) return "a withdrawal is a list of four";
    FieldReader read(item.list());
    read.number(withdrawal.index, "a withdrawal's index is not a number of 64 bits");
    read.number(withdrawal.validator, "a withdrawal's validator is not a number of 64 bits");
    read.fixed(withdrawal.address, "a withdrawal's address has not 20 bytes");
    read.number(withdrawal.gwei, "a withdrawal's amount is not a number of 64 bits");
    return read.reason();
}

Reason read_withdrawals(const rlp::Item& item, std::vector<Withdrawal>& withdrawals) {
    if (!item.is_list()) return "the withdrawals are no list";
    for (const rlp::Item& withdrawal : item.list())
        if (const Reason reason = read_withdrawal(withdrawal, withdrawals.emplace_back()); !reason.empty()) return reason;
    return {};
}

Refusal malformed(Reason reason) { return {BlockRefusal::Malformed, TransactionRefusal::None, 0, reason}; }

DecodedTransaction read_transaction(const rlp::Item& tx, vm::Fork fork) {
    constexpr std::uint8_t first_list_byte = 0xc0;
    if (!tx.is_list() && !tx.string().empty() && tx.string()[0] >= first_list_byte)
        return {std::nullopt, "a legacy transaction is a list, not a string"};
    return decode(tx.is_list() ? tx.encoded : tx.string(), fork);
}

// Whose signature it is takes longer to find out than most transactions take to run, so all processors do it. What lies
// behind a malformed transaction need not be read.
void read_by_all(const std::vector<rlp::Item>& items, vm::Fork fork, std::vector<DecodedTransaction>& all, Crew& crew) {
    std::atomic<std::size_t> first_bad = items.size();
    Trail trail(crew, [&](std::size_t at) {
        if (at > first_bad) return;
        try {
            all[at] = read_transaction(items[at], fork);
        } catch (...) {  // it is read once more
        }
        for (std::size_t known = first_bad; !all[at].transaction && at < known;)
            if (first_bad.compare_exchange_weak(known, at)) break;
    });
    trail.grow(items.size());
    trail.finish();
}

Refusal read_transactions(const rlp::Item& item, vm::Fork fork, std::vector<Transaction>& transactions) {
    if (!item.is_list()) return malformed("the transactions are no list");
    const std::vector<rlp::Item>& items = item.list();
    constexpr std::size_t few = 16;  // are read before others have woken up
    std::vector<DecodedTransaction> all(items.size());
    if (ParallelTransactions::are_worthwhile(items.size(), few))
        if (const Crew::Lease crew = Crew::hire()) read_by_all(items, fork, all, *crew);
    transactions.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!all[i].transaction) all[i] = read_transaction(items[i], fork);
        if (!all[i].transaction) return {BlockRefusal::MalformedTransaction, TransactionRefusal::None, i, all[i].reason};
        transactions.push_back(*std::exchange(all[i].transaction, std::nullopt));
    }
    return {};
}

}  // namespace

std::optional<Header> decode_header(ByteView bytes) {
    const rlp::Decoded decoded = rlp::decode(bytes);
    Header header;
    if (!decoded.ok() || !read_header(decoded.item, header).empty()) return std::nullopt;
    return header;
}

DecodedBlock decode_block(ByteView bytes, const std::function<vm::Fork(const Header&)>& fork_of) {
    const rlp::Decoded decoded = rlp::decode(bytes);
    if (!decoded.ok()) return {malformed(name_of(decoded.error)), {}};
    if (!decoded.item.is_list()) return {malformed("a block is a list"), {}};
    const std::vector<rlp::Item>& parts = decoded.item.list();
    if (parts.size() != 3 && parts.size() != 4) return {malformed("a block is a list of three or four"), {}};

    Block block;
    if (const Reason reason = read_header(parts[0], block.header); !reason.empty()) return {malformed(reason), {}};
    if (const Reason reason = read_ommers(parts[2], block.ommers); !reason.empty()) return {malformed(reason), {}};
    if (parts.size() == 4)
        if (const Reason reason = read_withdrawals(parts[3], block.withdrawals.emplace()); !reason.empty())
            return {malformed(reason), {}};
    const Refusal refusal = read_transactions(parts[1], fork_of(block.header), block.transactions);
    return {refusal, std::move(block)};
}

}  // namespace interlock::chain
