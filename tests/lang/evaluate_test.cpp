// Specifications evaluated on a state that is a map: the IR is built by hand, the storage as the layout says.
#include "lang/ir/evaluate.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/diagnostics/source.hpp"
#include "lang/ir/storage_path.hpp"
#include "vm/word.hpp"

namespace interlock::lang {
namespace {

using ir::Op;
using vm::Word;

class MapState : public StateView {
  public:
    std::map<Word, Word> storage;
    std::map<vm::Address, Word> balances;
    std::map<Word, std::vector<Word>> known_entries;

    Word load(const Word& slot) const override {
        const auto found = storage.find(slot);
        return found == storage.end() ? Word{} : found->second;
    }
    Word balance(const vm::Address& address) const override {
        const auto found = balances.find(address);
        return found == balances.end() ? Word{} : found->second;
    }
    std::vector<Word> entries(const Word& mapping_slot) const override {
        const auto found = known_entries.find(mapping_slot);
        return found == known_entries.end() ? std::vector<Word>{} : found->second;
    }
    Word immutable(std::uint32_t index) const override { return Word{100 + index}; }
    vm::Address self() const override { return vm::to_address(Word{0xba17}); }
    std::uint64_t timestamp() const override { return 1700; }
    std::uint64_t block_number() const override { return 7; }
};

// struct Account { uint128 tokens; int64 score; }  uint256 total; mapping(address => Account) accounts; string title
ir::Contract contract() {
    ir::Contract made;
    made.storage_types.resize(6);
    made.storage_types[0].value = ir::uint256_type;
    made.storage_types[1].value = {ir::TypeKind::Uint, 128};
    made.storage_types[1].bytes = 16;
    made.storage_types[2].value = {ir::TypeKind::Int, 64};
    made.storage_types[2].bytes = 8;
    made.storage_types[3].kind = ir::StorageType::Kind::Struct;
    made.storage_types[3].fields = {{"tokens", 1, {}, 0}, {"score", 2, {}, 16}};
    made.storage_types[4].kind = ir::StorageType::Kind::Mapping;
    made.storage_types[4].key = ir::address_type;
    made.storage_types[4].element = 3;
    made.storage_types[5].kind = ir::StorageType::Kind::Bytes;
    made.storage_types[5].value = ir::string_type;
    made.state = {{"total", 0, {0}, 0, false, false, {}},
                  {"accounts", 4, {1}, 0, false, false, {}},
                  {"title", 5, {2}, 0, false, false, {}}};
    return made;
}

constexpr ir::PlaceStep key{ir::PlaceStep::Kind::Key, 0};
constexpr ir::PlaceStep tokens{ir::PlaceStep::Kind::Field, 0};
constexpr ir::PlaceStep score{ir::PlaceStep::Kind::Field, 1};

// Builds a specification, one instruction after the other.
class Specification {
  public:
    ir::Value add(Op op, ir::Type type, ir::Values operands = {}) {
        ir::Instruction each;
        each.op = op;
        each.type = type;
        each.operands = std::move(operands);
        each.result = {function_.values++};
        block_.instructions.push_back(each);
        return each.result;
    }
    ir::Instruction& last() { return block_.instructions.back(); }
    ir::Value parameter(std::string name, ir::Type type) {
        block_.parameters.push_back({{function_.values}, type});
        function_.parameters.push_back({std::move(name), type});
        return {function_.values++};
    }
    ir::Value constant(Word word, ir::Type type = ir::uint256_type) {
        const ir::Value value = add(Op::Constant, type);
        last().word = word;
        return value;
    }
    ir::Value integer(Word word) { return add(Op::Convert, ir::integer_type, {constant(word)}); }
    ir::Value load(std::uint32_t variable, ir::Type type, std::vector<ir::PlaceStep> steps = {}, ir::Values keys = {}) {
        const ir::Value value = add(Op::Load, type, std::move(keys));
        last().place = {variable, std::move(steps)};
        return value;
    }
    ir::Function returning(ir::Value value) {
        block_.terminator.kind = ir::Terminator::Kind::Return;
        block_.terminator.values = {value};
        function_.blocks = {block_};
        return function_;
    }

  private:
    ir::Function function_;
    ir::Block block_;
};

Evaluation evaluate_on(const ir::Function& function, const StateView& now, const StateView* before = nullptr,
                       std::vector<Word> arguments = {}) {
    Sources sources;
    sources.add("test.ilk", "sum(accounts.tokens) <=\n  total");
    return evaluate(contract(), function, now, before, arguments, &sources);
}

// A state in which two accounts hold 5 and 6 tokens, with a score beside them in the same slot.
MapState two_accounts() {
    MapState state;
    const Word alice = mapping_entry(Word{1}, Word{0xa11ce});
    const Word bob = mapping_entry(Word{1}, Word{0xb0b});
    const Word minus_one = (Word{0xffffffffffffffffULL} << 128);
    state.storage = {{Word{0}, Word{11}}, {alice, Word{5} | minus_one}, {bob, Word{6}}};
    state.known_entries[Word{1}] = {alice, bob};
    return state;
}

ir::Function tokens_equal_total() {
    Specification spec;
    const ir::Value sum = spec.add(Op::Sum, ir::integer_type);
    spec.last().place = {1, {tokens}};
    spec.last().range = {0, 20};
    const ir::Value total = spec.add(Op::Convert, ir::integer_type, {spec.load(0, ir::uint256_type)});
    spec.last().range = {26, 31};
    return spec.returning(spec.add(Op::LessEqual, ir::bool_type, {sum, total}));
}

TEST(Evaluate, SumsAFieldOverTheEntriesThatMayBeNonZero) {
    EXPECT_EQ(evaluate_on(tokens_equal_total(), two_accounts()).holds, true);
    MapState poorer = two_accounts();
    poorer.storage[Word{0}] = Word{10};
    EXPECT_EQ(evaluate_on(tokens_equal_total(), poorer).holds, false);
}

TEST(Evaluate, SumsAreNumbersAndNoWords) {
    ir::Contract wide = contract();
    wide.storage_types[3].fields[0].type = 0;  // tokens as uint256
    Specification spec;
    const ir::Value sum = spec.add(Op::Sum, ir::integer_type);
    spec.last().place = {1, {tokens}};
    const ir::Value total = spec.add(Op::Convert, ir::integer_type, {spec.load(0, ir::uint256_type)});
    const ir::Function more = spec.returning(spec.add(Op::GreaterEqual, ir::bool_type, {sum, total}));
    const Word half = Word{1} << 255u, quarter = Word{1} << 254u;
    for (const auto& [alices, bobs] : {std::pair{~Word{}, Word{1}}, {half, Word{}}, {half, half}, {quarter, quarter}}) {
        MapState state = two_accounts();
        state.storage[state.known_entries[Word{1}][0]] = state.storage[Word{0}] = alices;
        state.storage[state.known_entries[Word{1}][1]] = bobs;
        EXPECT_EQ(evaluate(wide, more, state, nullptr, {}, nullptr).holds, true);
    }
}

TEST(Evaluate, SumsNumbersWithTheirSign) {
    Specification spec;
    const ir::Value sum = spec.add(Op::Sum, ir::integer_type);
    spec.last().place = {1, {score}};
    const ir::Function less = spec.returning(spec.add(Op::Less, ir::bool_type, {sum, spec.integer(Word{})}));
    EXPECT_EQ(evaluate_on(less, two_accounts()).holds, true);
}

TEST(Evaluate, ShowsTheSidesOfTheComparisonAsWritten) {
    const Evaluation evaluation = evaluate_on(tokens_equal_total(), two_accounts());
    ASSERT_EQ(evaluation.operands.size(), 2u);
    EXPECT_EQ(evaluation.operands[0].text, "sum(accounts.tokens)");
    EXPECT_EQ(evaluation.operands[0].value, "11");
    EXPECT_EQ(evaluation.operands[1].text, "total");
    EXPECT_EQ(evaluation.operands[1].value, "11");
}

TEST(Evaluate, ReadsPackedFieldsWithTheirSign) {
    Specification spec;
    const ir::Value who = spec.parameter("who", ir::address_type);
    const ir::Value value = spec.load(1, {ir::TypeKind::Int, 64}, {key, score}, {who});
    const ir::Value minus_one = spec.constant(-Word{1}, {ir::TypeKind::Int, 64});
    const ir::Function function = spec.returning(spec.add(Op::Equal, ir::bool_type, {value, minus_one}));
    const Evaluation evaluation = evaluate_on(function, two_accounts(), nullptr, {Word{0xa11ce}});
    EXPECT_EQ(evaluation.holds, true);
    EXPECT_EQ(evaluation.operands[0].value, "-1");
}

TEST(Evaluate, ComparesSignedNumbersByTheirValue) {
    constexpr ir::Type int64{ir::TypeKind::Int, 64};
    Specification spec;
    const ir::Value minus_one = spec.constant(-Word{1}, int64), one = spec.constant(Word{1}, int64);
    EXPECT_EQ(evaluate_on(spec.returning(spec.add(Op::Less, ir::bool_type, {minus_one, one})), MapState{}).holds, true);
}

TEST(Evaluate, NumbersOfASpecificationDoNotWrap) {
    Specification spec;
    const ir::Value zero = spec.integer(Word{});
    const ir::Value huge = spec.integer(~Word{});
    const ir::Value twice = spec.add(Op::Add, ir::integer_type, {huge, huge});
    const ir::Value below = spec.add(Op::Sub, ir::integer_type, {zero, twice});
    const ir::Value first = spec.add(Op::Less, ir::bool_type, {below, zero});
    const ir::Value second = spec.add(Op::Greater, ir::bool_type, {twice, huge});
    EXPECT_EQ(evaluate_on(spec.returning(spec.add(Op::And, ir::bool_type, {first, second})), MapState{}).holds, true);
    const ir::Value quarter = spec.integer(Word{1} << 254u);
    const ir::Value half = spec.add(Op::Add, ir::integer_type, {quarter, quarter});
    EXPECT_EQ(evaluate_on(spec.returning(spec.add(Op::Greater, ir::bool_type, {half, quarter})), MapState{}).holds, true);
}

TEST(Evaluate, DivisionByZeroHasNoAnswer) {
    Specification spec;
    const ir::Value zero = spec.integer(Word{});
    const ir::Value quotient = spec.add(Op::Div, ir::integer_type, {zero, zero});
    const Evaluation evaluation =
        evaluate_on(spec.returning(spec.add(Op::Equal, ir::bool_type, {quotient, zero})), MapState{});
    EXPECT_EQ(evaluation.holds, std::nullopt);
    EXPECT_EQ(evaluation.why, "division by zero");
}

TEST(Evaluate, CheckedMachineArithmeticThatOverflowsHasNoAnswer) {
    Specification spec;
    const ir::Value sum = spec.add(Op::Add, ir::uint256_type, {spec.constant(~Word{}), spec.constant(Word{1})});
    spec.last().checked = true;
    const Evaluation evaluation = evaluate_on(spec.returning(spec.add(Op::Equal, ir::bool_type, {sum, sum})), MapState{});
    EXPECT_EQ(evaluation.holds, std::nullopt);
    EXPECT_EQ(evaluation.why, "arithmetic overflow");
}

TEST(Evaluate, WhatOnlyATransactionKnowsHasNoAnswer) {
    Specification spec;
    const ir::Value caller = spec.add(Op::Caller, ir::address_type);
    const Evaluation evaluation =
        evaluate_on(spec.returning(spec.add(Op::Equal, ir::bool_type, {caller, caller})), MapState{});
    EXPECT_EQ(evaluation.holds, std::nullopt);
    EXPECT_EQ(evaluation.why, "not supported in an evaluation: msg.sender");
}

TEST(Evaluate, AnExponentTooLargeIsNotComputed) {
    Specification spec;
    const ir::Value three = spec.integer(Word{3});
    const ir::Value huge = spec.add(Op::Exp, ir::integer_type, {three, spec.integer(Word{1} << 200)});
    const Evaluation evaluation = evaluate_on(spec.returning(spec.add(Op::Equal, ir::bool_type, {huge, huge})), MapState{});
    EXPECT_EQ(evaluation.why, "not supported in an evaluation: a number of that size");
}

TEST(Evaluate, OldReadsTheStateBefore) {
    Specification spec;
    const ir::Value now = spec.load(0, ir::uint256_type);
    const ir::Value old = spec.load(0, ir::uint256_type);
    spec.last().at_entry = true;
    const ir::Function function = spec.returning(spec.add(Op::Greater, ir::bool_type, {now, old}));
    MapState before = two_accounts();
    before.storage[Word{0}] = Word{10};
    EXPECT_EQ(evaluate_on(function, two_accounts(), &before).holds, true);
    EXPECT_EQ(evaluate_on(function, two_accounts()).holds, false);
}

TEST(Evaluate, ReadsItsOwnBalance) {
    Specification spec;
    const ir::Value balance = spec.add(Op::SelfBalance, ir::uint256_type);
    const ir::Function function = spec.returning(spec.add(Op::Equal, ir::bool_type, {balance, spec.constant(Word{42})}));
    MapState state;
    state.balances[state.self()] = Word{42};
    EXPECT_EQ(evaluate_on(function, state).holds, true);
}

TEST(Evaluate, ReadsLongStringsFromTheirOwnSlots) {
    Specification spec;
    const ir::Value title = spec.load(2, ir::string_type);
    const ir::Value length = spec.add(Op::BytesLength, ir::uint256_type, {title});
    const ir::Function function = spec.returning(spec.add(Op::Equal, ir::bool_type, {length, spec.constant(Word{40})}));
    MapState state;
    state.storage[Word{2}] = Word{40 * 2 + 1};
    EXPECT_EQ(evaluate_on(function, state).holds, true);
}

TEST(Evaluate, ConvertsFixedBytesByTheirLeftEnd) {
    Specification spec;
    const ir::Value four = spec.constant(Word{0xaabbccdd} << 224, {ir::TypeKind::FixedBytes, 32});
    const ir::Value two = spec.add(Op::Convert, {ir::TypeKind::FixedBytes, 16}, {four});
    const ir::Value number = spec.add(Op::Convert, {ir::TypeKind::Uint, 16}, {two});
    const ir::Value expected = spec.constant(Word{0xaabb}, {ir::TypeKind::Uint, 16});
    EXPECT_EQ(evaluate_on(spec.returning(spec.add(Op::Equal, ir::bool_type, {number, expected})), MapState{}).holds, true);
}

// The published example: keccak(pad(key) . pad(slot)) for key 0 and slot 0.
TEST(StoragePath, MappingEntriesLieWhereSolidityPutsThem) {
    EXPECT_EQ(vm::to_hex(mapping_entry(Word{0}, Word{0})),
              "0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5");
}

TEST(StoragePath, StringKeysAreHashedAsTheyAre) {
    EXPECT_NE(mapping_entry(Word{0}, vm::Bytes{'a'}), mapping_entry(Word{0}, Word{'a'}));
}

TEST(StoragePath, SmallArrayElementsShareSlotsFromTheLowEnd) {
    ir::Contract made = contract();
    ir::StorageType array;
    array.kind = ir::StorageType::Kind::FixedArray;
    array.element = 2;  // eight bytes each: four to a slot
    made.storage_types.push_back(array);
    made.state.push_back({"scores", 6, {9}, 0, false, false, {}});
    const StorageLocation at = locate(made, {3, {{ir::PlaceStep::Kind::Element, 0}}}, std::vector<StorageKey>{Word{6}});
    EXPECT_EQ(at.slot, Word{10});
    EXPECT_EQ(at.offset, 16);
}

}  // namespace
}  // namespace interlock::lang
