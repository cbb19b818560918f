// Transactions: published encodings and signatures, and the ways in which bytes are no transaction.

#include "chain/transaction.hpp"

#include <gtest/gtest.h>

#include <random>

#include "chain/genesis.hpp"
#include "chain/rlp.hpp"
#include "chain/secp256k1.hpp"

namespace interlock::chain {
namespace {

using vm::Fork;

Bytes hex(std::string_view s) { return vm::parse_hex(s).value(); }
PrivateKey key_of(std::uint8_t byte) {
    PrivateKey key;
    key.bytes.fill(byte);
    return key;
}

// The example of EIP-155.
constexpr std::string_view example =
    "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe53"
    "7567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

Transaction example_transaction() {
    Transaction tx;
    tx.nonce = 9;
    tx.gas_price = tx.priority_fee = Word(20) * gwei;
    tx.gas_limit = 21000;
    tx.to = Address{};
    tx.to->bytes.fill(0x35);
    tx.value = ether;
    return tx;
}

Transaction typed_transaction(TransactionType type) {
    Transaction tx = example_transaction();
    tx.type = type;
    if (has_priority_fee(type)) tx.priority_fee = 2;
    tx.data = {1, 2, 3};
    if (type != TransactionType::Legacy) tx.access_list = {{*tx.to, {0, Word(1) << 255}}, {Address{}, {}}};
    if (type == TransactionType::Blob) {
        tx.blob_fee = 3;
        tx.blob_hashes = {vm::to_hash(Word(1) << 248), vm::to_hash(7)};
    }
    if (type == TransactionType::SetCode) {
        tx.authorizations = {{0, *tx.to, 5, 0, 0, 0}, {~Word{}, Address{}, UINT64_MAX, 255, ~Word{}, 1}};
        sign(tx.authorizations.front(), key_of(0x47));
    }
    return tx;
}

TEST(PrivateKey, OneHasTheKnownAddress) {
    PrivateKey one;
    one.bytes[31] = 1;
    EXPECT_EQ(address_of(one), vm::parse_address("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"));
}

TEST(Transaction, HasTheSigningHashOfEip155) {
    EXPECT_EQ(signing_hash(example_transaction()),
              vm::parse_hash("daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"));
}

TEST(Transaction, IsSignedAsEip155Says) {
    Transaction tx = example_transaction();
    sign(tx, key_of(0x46));
    EXPECT_EQ(vm::to_hex(encode(tx)), "0x" + std::string(example));
    EXPECT_EQ(tx.sender, vm::parse_address("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"));
}

TEST(Transaction, TheExampleOfEip155IsDecodedWithItsSender) {
    const auto decoded = decode(hex(example));
    ASSERT_TRUE(decoded.transaction) << decoded.reason;
    EXPECT_EQ(decoded.transaction->sender, vm::parse_address("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"));
    EXPECT_EQ(decoded.transaction->chain_id, 1U);
    EXPECT_EQ(decoded.transaction->value, ether);
}

class EveryType : public ::testing::TestWithParam<TransactionType> {};

TEST_P(EveryType, SurvivesEncodingAndDecoding) {
    Transaction tx = typed_transaction(GetParam());
    sign(tx, key_of(0x46));
    const auto decoded = decode(encode(tx));
    ASSERT_TRUE(decoded.transaction) << decoded.reason;
    EXPECT_EQ(encode(*decoded.transaction), encode(tx));
    EXPECT_EQ(decoded.transaction->sender, tx.sender);
    EXPECT_EQ(decoded.transaction->access_list, tx.access_list);
    EXPECT_EQ(decoded.transaction->priority_fee, tx.priority_fee);
    EXPECT_EQ(decoded.transaction->blob_fee, tx.blob_fee);
    EXPECT_EQ(decoded.transaction->blob_hashes, tx.blob_hashes);
    EXPECT_EQ(decoded.transaction->authorizations, tx.authorizations);
}

// Whoever changes a byte has another transaction or none, and no transaction has two encodings.
TEST_P(EveryType, HasNoOtherEncodingThatIsAccepted) {
    std::mt19937_64 random(1);
    Transaction tx = typed_transaction(GetParam());
    sign(tx, key_of(0x46));
    const Bytes valid = encode(tx);
    for (int i = 0; i < 3'000; ++i) {
        Bytes bytes = valid;
        bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        const auto decoded = decode(bytes);
        ASSERT_TRUE(!decoded.transaction || encode(*decoded.transaction) == bytes) << vm::to_hex(bytes);
    }
}

TEST_P(EveryType, IsRefusedWhereverItIsCutOff) {
    Transaction tx = typed_transaction(GetParam());
    sign(tx, key_of(0x46));
    const Bytes bytes = encode(tx);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        ASSERT_FALSE(decode(ByteView(bytes).first(size)).transaction) << size;
}

INSTANTIATE_TEST_SUITE_P(Transactions, EveryType,
                         ::testing::Values(TransactionType::Legacy, TransactionType::AccessList, TransactionType::FeeMarket,
                                           TransactionType::Blob, TransactionType::SetCode));

TEST(Transaction, WithoutAChainIsSignedAsBeforeEip155) {
    Transaction tx = example_transaction();
    tx.chain_id = std::nullopt;
    sign(tx, key_of(0x46));
    const auto decoded = decode(encode(tx), Fork::Frontier);
    ASSERT_TRUE(decoded.transaction) << decoded.reason;
    EXPECT_EQ(decoded.transaction->chain_id, std::nullopt);
    EXPECT_EQ(decoded.transaction->sender, tx.sender);
}

TEST(Transaction, ThatBindsAChainIsInvalidBeforeEip155) {
    EXPECT_EQ(decode(hex(example), Fork::Homestead).reason, "the signature is not valid");
}

// With n - s in the place of s, and the other parity, the same key seems to have signed.
TEST(Transaction, AHighSignatureIsInvalidFromHomesteadOn) {
    Transaction tx = example_transaction();
    tx.chain_id = std::nullopt;
    sign(tx, key_of(0x46));
    tx.signature.s = secp256k1_order - tx.signature.s;
    tx.signature.y_parity = !tx.signature.y_parity;
    EXPECT_EQ(recover_sender(tx, Fork::Frontier), tx.sender);
    EXPECT_EQ(recover_sender(tx, Fork::Homestead), std::nullopt);
}

TEST(Transaction, AChangedFieldHasAnotherSender) {
    Transaction tx = example_transaction();
    sign(tx, key_of(0x46));
    tx.value = tx.value + Word(1);
    EXPECT_NE(recover_sender(tx, Fork::Cancun), tx.sender);
}

std::string reason_of(std::string_view bytes) { return std::string(decode(hex(bytes)).reason); }

TEST(TransactionDecoder, NamesAnUnknownType) { EXPECT_EQ(reason_of("7fc0"), "the transaction type is not known"); }
TEST(TransactionDecoder, NamesAWrongNumberOfFields) {
    EXPECT_EQ(reason_of("c101"), "a transaction of this type has another number of fields");
}
TEST(TransactionDecoder, NamesWhatIsWrongWithTheBytes) { EXPECT_EQ(reason_of("f86c09"), "the input ends within an item"); }
TEST(TransactionDecoder, RefusesNothing) { EXPECT_EQ(reason_of(""), "there are no bytes"); }

TEST(TransactionDecoder, RefusesAFieldWithLeadingZeros) {
    rlp::Encoder rlp;
    rlp.open().string(hex("0009"));
    for (int i = 0; i < 8; ++i) rlp.number(1);
    EXPECT_EQ(decode(rlp.close().take()).reason, "the nonce is not a number of 64 bits");
}

// What is said of a transaction with this one authorization: [chain, address, nonce, parity, r, s].
std::string reason_of_authorization(ByteView address, std::uint64_t y_parity, bool is_signed = true) {
    rlp::Encoder rlp;
    rlp.raw(hex("04")).open().number(1).number(0).number(1).number(1).number(100'000).string(Address{}).number(0);
    rlp.string({}).open().close();  // no data, no access list
    rlp.open().open().number(1).string(address).number(0).number(y_parity);
    if (is_signed) rlp.number(1).number(1);
    return std::string(decode(rlp.close().close().number(0).number(1).number(1).close().take()).reason);
}
constexpr std::string_view malformed_authorization =
    "an authorization is not a chain, an address, a nonce of 64 bits, a parity of 8 bits, r and s";

TEST(TransactionDecoder, TakesAParityOfEightBitsThatNoSignatureHas) {
    EXPECT_EQ(reason_of_authorization(Address{}, 255), "");
}
TEST(TransactionDecoder, RefusesAParityOfNineBits) {
    EXPECT_EQ(reason_of_authorization(Address{}, 256), malformed_authorization);
}
TEST(TransactionDecoder, RefusesAnAuthorizationForNoAddress) {
    EXPECT_EQ(reason_of_authorization({}, 0), malformed_authorization);
}
TEST(TransactionDecoder, RefusesAnAuthorizationWithoutASignature) {
    EXPECT_EQ(reason_of_authorization(Address{}, 0, false), malformed_authorization);
}

TEST(Authorization, IsSignedByWhoeverItGivesAway) {
    Authorization authorization{1, Address{}, 7, 0, 0, 0};
    sign(authorization, key_of(0x46));
    EXPECT_EQ(recover_authority(authorization), address_of(key_of(0x46)));
}

TEST(Authorization, IsVoidWithAHighSignature) {
    Authorization authorization{1, Address{}, 7, 0, 0, 0};
    sign(authorization, key_of(0x46));
    authorization.s = secp256k1_order - authorization.s;
    authorization.y_parity ^= 1;
    EXPECT_EQ(recover_authority(authorization), std::nullopt);
}

TEST(Authorization, IsVoidWithAParityAboveOne) {
    Authorization authorization{1, Address{}, 7, 0, 0, 0};
    sign(authorization, key_of(0x46));
    authorization.y_parity += 2;
    EXPECT_EQ(recover_authority(authorization), std::nullopt);
}

}  // namespace
}  // namespace interlock::chain
