// Blocks executed by several threads: everything must be as one thread leaves it, whatever depends on what.

#include "chain/parallel_transactions.hpp"

#include <gtest/gtest.h>

#include <random>

#include "chain/block_execution.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {
namespace {

Address person(std::uint64_t number) {
    Address address;
    address.bytes[0] = 0x77;
    for (std::size_t i = 0; i < 8; ++i) address.bytes[19 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return address;
}

const Address producer = person(900), counter = person(901), purse = person(902), dying = person(903), maker = person(904),
              watcher = person(905), failing = person(906);

Bytes hex(std::string_view text) { return vm::parse_hex(text).value(); }

// What happens to the world before the block, and what the block is.
struct Case {
    Upgrade upgrade = Upgrade::Cancun;
    std::vector<Transaction> transactions;
};

State world(const Case& test) {
    State state(Schedule::always(test.upgrade).rules_of(test.upgrade).fork);
    for (std::uint64_t i = 0; i < 64; ++i) state.set_balance(person(i), Word(1) << 90);
    state.set_code(counter, hex("60005460010180600055600052602060"
                                "00a000"));  // slot 0 += 1, and a log of it
    state.set_code(purse, hex("335460010133556000600060006000"
                              "34335af100"));  // counts its caller's calls and sends the ether back
    state.set_code(dying, hex("33ff"));        // destroys itself for the caller
    state.store(dying, 1, 7);
    state.set_balance(dying, 5);
    state.set_code(maker, hex("600160006000f060005500"));  // creates a contract and keeps its address
    state.set_code(watcher, hex("413160005500"));          // keeps what the block's producer has
    state.set_code(failing, hex("600160005560006000fd"));  // stores, and reverts
    state.forget_history();
    return state;
}

Transaction send(std::uint64_t from, const Address& to, std::uint64_t nonce, std::uint64_t wei = 0) {
    Transaction tx;
    tx.sender = person(from);
    tx.to = to;
    tx.nonce = nonce;
    tx.value = wei;
    tx.gas_price = 10;
    tx.gas_limit = 200'000;
    return tx;
}

struct Outcome {
    Refusal refusal;
    Bytes header;
    Fingerprint fingerprint;
    std::vector<std::uint64_t> gas;
    friend bool operator==(const Outcome& a, const Outcome& b) {
        return explain(a.refusal) == explain(b.refusal) && a.header == b.header && a.fingerprint == b.fingerprint &&
               a.gas == b.gas;
    }
};

Outcome execute(const Case& test, ParallelBlocks how) {
    set_parallel_blocks(how);
    State state = world(test);
    state.keep_fingerprint(true);
    const Hash before = state.root();
    Network network{Schedule::always(test.upgrade)};
    const BlockRules& rules = network.schedule.rules_of(test.upgrade);
    Header header;
    header.number = 1;
    header.coinbase = producer;
    header.gas_limit = 30'000'000;
    if (rules.merged || test.upgrade >= Upgrade::London) header.base_fee = 7;
    header.parent_beacon_root = Hash{};
    header.excess_blob_gas = 0;
    BlockExecution run(state, header, rules, network);
    Outcome outcome;
    outcome.refusal = run.include_all(test.transactions);
    if (outcome.refusal.accepted()) {
        EXPECT_TRUE(run.finish({}, {}).accepted());
        run.seal(header);
        outcome.header = encode(header);
        outcome.fingerprint = state.rehash();
        EXPECT_EQ(state.rehash(), state.fingerprint());
        for (const Receipt& receipt : run.receipts()) outcome.gas.push_back(receipt.gas_used);
    }
    state.rewind_to(0);
    EXPECT_EQ(state.root(), before);
    set_parallel_blocks(ParallelBlocks::Auto);
    return outcome;
}

void expect_the_same(const Case& test) {
    const Outcome alone = execute(test, ParallelBlocks::Never);
    EXPECT_EQ(alone, execute(test, ParallelBlocks::Always)) << explain(alone.refusal);
    EXPECT_EQ(alone, execute(test, ParallelBlocks::Auto)) << explain(alone.refusal);
}

TEST(ParallelTransactions, ExecutesIndependentTransactions) {
    Case test;
    for (std::uint64_t i = 0; i < 200; ++i) test.transactions.push_back(send(i % 64, person(1000 + i), i / 64, i));
    expect_the_same(test);
}

TEST(ParallelTransactions, ExecutesTransactionsOnceMoreThatReadWhatEarlierOnesWrote) {
    Case test;
    for (std::uint64_t i = 0; i < 128; ++i) test.transactions.push_back(send(i % 64, counter, i / 64));
    expect_the_same(test);
}

TEST(ParallelTransactions, SeesTheFeesThatTheProducerHasEarned) {
    Case test;
    for (std::uint64_t i = 0; i < 128; ++i)
        test.transactions.push_back(send(i % 64, i % 3 == 0 ? watcher : i % 3 == 1 ? producer : person(i), i / 64, i % 2));
    expect_the_same(test);
}

TEST(ParallelTransactions, RemovesAndCreatesAccounts) {
    for (const Upgrade upgrade : {Upgrade::Byzantium, Upgrade::London, Upgrade::Cancun}) {
        Case test;
        test.upgrade = upgrade;
        for (std::uint64_t i = 0; i < 128; ++i) {
            Transaction tx = send(i % 64,
                                  i % 4 == 0   ? dying
                                  : i % 4 == 1 ? maker
                                  : i % 4 == 2 ? failing
                                               : person(2000 + i),
                                  i / 64);
            if (i % 16 == 3) {
                tx.to.reset();
                tx.data = hex("600160005560006000f3");
            }
            test.transactions.push_back(tx);
        }
        expect_the_same(test);
    }
}

TEST(ParallelTransactions, CreatesAnEmptyProducerWhereForksDid) {
    for (const Upgrade upgrade : {Upgrade::Frontier, Upgrade::Homestead, Upgrade::SpuriousDragon}) {
        Case test;
        test.upgrade = upgrade;
        for (std::uint64_t i = 0; i < 100; ++i) {
            test.transactions.push_back(send(i % 64, person(i), i / 64));
            test.transactions.back().gas_price = i < 50 ? 0 : i % 2;
        }
        expect_the_same(test);
    }
}

TEST(ParallelTransactions, RefusesABlockForItsFirstRefusedTransaction) {
    for (const std::size_t bad : {0, 1, 40, 127}) {
        Case test;
        for (std::uint64_t i = 0; i < 128; ++i) test.transactions.push_back(send(i % 64, person(i), i / 64, 1));
        test.transactions[bad].nonce += 5;
        expect_the_same(test);
    }
    Case too_much_gas;
    for (std::uint64_t i = 0; i < 128; ++i) too_much_gas.transactions.push_back(send(i % 64, counter, i / 64));
    too_much_gas.transactions[100].gas_limit = 29'000'000;
    expect_the_same(too_much_gas);
}

TEST(ParallelTransactions, ExecutesRandomBlocksAsOneThreadDoes) {
    std::mt19937_64 random(1);
    for (int round = 0; round < 40; ++round) {
        Case test;
        const std::array upgrades{Upgrade::Frontier, Upgrade::Byzantium, Upgrade::Berlin, Upgrade::Shanghai,
                                  Upgrade::Cancun};
        test.upgrade = upgrades[random() % upgrades.size()];
        const std::array targets{counter, purse, dying, maker, watcher, failing, producer};
        std::array<std::uint64_t, 64> nonces{};
        const std::uint64_t people = 1 + random() % 64, kinds = 1 + random() % 12;
        for (std::uint64_t i = 0; i < 150; ++i) {
            const std::uint64_t from = random() % people, kind = random() % kinds;
            const Address to = kind < targets.size() ? targets[kind] : person(random() % 100);
            test.transactions.push_back(send(from, to, nonces[from]++, random() % 3));
            if (random() % 16 == 0) test.transactions.back().to.reset();
        }
        expect_the_same(test);
    }
}

TEST(ParallelTransactions, StopsSpeculatingWhereTransactionsDependOnEachOther) {
    Case test;
    for (std::uint64_t i = 0; i < 128; ++i) test.transactions.push_back(send(i % 64, counter, i / 64));
    State state = world(test);
    vm::BlockContext block;
    block.number = 1;
    block.coinbase = producer;
    state.set_block(block);
    const Crew::Lease crew = Crew::hire();
    ASSERT_NE(crew, nullptr);
    EXPECT_EQ(Crew::hire(), nullptr);  // one at a time has it
    Trail nothing(*crew, [](std::size_t) {});
    ParallelTransactions run(state, test.transactions, *crew, nothing);
    for (std::size_t i = 0; i < test.transactions.size(); ++i) {
        const auto [speculation, result] = run.next();
        EXPECT_TRUE(speculation == nullptr ? result.valid() : speculation->refusal == TransactionRefusal::None);
    }
    run.settle();
    EXPECT_GT(run.reexecuted(), 4u);  // all of the first window but one
    EXPECT_LT(run.reexecuted(), 16u);
    EXPECT_EQ(state.load(counter, 0), Word(128));
}

TEST(ParallelTransactions, AreReadAsOneThreadReadsThem) {
    constexpr std::size_t count = 100, none = count;
    Block block;
    block.header.base_fee = 7;
    for (std::uint64_t i = 0; i < count; ++i) {
        PrivateKey key;
        key.bytes.back() = static_cast<std::uint8_t>(i + 1);
        Transaction tx = send(0, person(i), i, i);
        sign(tx, key);
        block.transactions.push_back(tx);
    }
    for (const std::vector<std::size_t>& bad : {std::vector{none}, {0}, {60}, {99}, {99, 98, 70}, {3, 90}}) {
        Block changed = block;
        for (const std::size_t at : bad)
            if (at != none) changed.transactions[at].signature.r = 0;
        const Bytes encoded = encode(changed);
        for (const ParallelBlocks how : {ParallelBlocks::Never, ParallelBlocks::Always, ParallelBlocks::Auto}) {
            set_parallel_blocks(how);
            const DecodedBlock decoded = decode_block(encoded, [](const Header&) { return vm::Fork::Cancun; });
            const std::size_t first = std::ranges::min(bad);
            if (first == none) {
                ASSERT_EQ(decoded.refusal.block, BlockRefusal::None);
                for (std::size_t i = 0; i < count; ++i)
                    EXPECT_EQ(decoded.block.transactions[i].sender, block.transactions[i].sender);
            } else {
                EXPECT_EQ(decoded.refusal.block, BlockRefusal::MalformedTransaction);
                EXPECT_EQ(decoded.refusal.index, first);
            }
        }
    }
    set_parallel_blocks(ParallelBlocks::Auto);
}

TEST(Trail, HasEverythingThatIsReadyDoneOnceByWhoeverHasTime) {
    const Crew::Lease crew = Crew::hire();
    ASSERT_NE(crew, nullptr);
    constexpr std::size_t count = 10'000;
    for (int round = 0; round < 20; ++round) {
        std::vector<std::atomic<int>> done(count);
        Trail trail(*crew, [&](std::size_t at) { ++done[at]; });
        for (std::size_t at = 0; at < count; ++at) {
            if (at % 1'000 == 300) trail.open();
            if (at % 1'000 == 900) trail.close();
            trail.grow(at + 1);
        }
        trail.finish();
        for (std::size_t at = 0; at < count; ++at) ASSERT_EQ(done[at], 1) << at;
    }
}

}  // namespace
}  // namespace interlock::chain
