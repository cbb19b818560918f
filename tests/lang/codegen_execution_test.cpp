// Hand-built IR, generated, deployed and called on the machine.
#include <gtest/gtest.h>

#include <random>

#include "deployed.hpp"
#include "ir_builder.hpp"
#include "lang/codegen/emitter.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang::test {
namespace {

using ir::Op;
using ir::PlaceStep;
using ir::Type;
using ir::TypeKind;
using ir::Value;
using vm::Word;

std::variant<Artifact, Diagnostic> attempted(const ContractBuilder& builder) {
    const auto contract = builder.build();
    return generate(contract, optimize::optimize(*contract), {});
}

Artifact generated(const ContractBuilder& builder) {
    EXPECT_EQ(ir::verify(*builder.build()), std::vector<std::string>{});
    auto result = attempted(builder);
    if (const Diagnostic* problem = std::get_if<Diagnostic>(&result)) throw std::runtime_error(problem->message);
    return std::get<Artifact>(std::move(result));
}

Artifact generated(FunctionBuilder function) {
    ContractBuilder builder;
    builder.add(function.build());
    return generated(builder);
}

std::string called(const Artifact& artifact, std::string_view signature, const std::vector<Word>& words = {}) {
    Deployed contract(artifact);
    return Deployed::describe(contract.call_words(signature, words));
}

// f(a, b) = a op b, checked or not.
std::string computed(Op op, Type type, bool is_checked, const Word& a, const Word& b) {
    FunctionBuilder f("f", {type, type}, {type});
    const ir::Values operands{f.parameter(0), f.parameter(1)};
    f.give({is_checked ? f.checked(op, type, operands) : f.op(op, type, operands)});
    return called(generated(std::move(f)), "f(" + ir::abi_name(type) + "," + ir::abi_name(type) + ")", {a, b});
}

std::string text(const Word& word) { return vm::to_decimal(word); }

constexpr Type uint_type(std::uint16_t bits) { return {TypeKind::Uint, bits}; }
constexpr Type int_type(std::uint16_t bits) { return {TypeKind::Int, bits}; }
Word max_of(unsigned bits) { return ~Word() >> (256 - bits); }
Word int_max(unsigned bits) { return max_of(bits - 1); }
Word int_min(unsigned bits) { return -(Word(1) << (bits - 1)); }

const std::string overflow = "Panic(0x11)", by_zero = "Panic(0x12)";

TEST(Codegen, unsigned_arithmetic_panics_exactly_beyond_its_borders) {
    for (const std::uint16_t bits : {8, 64, 128, 136, 248, 256}) {
        const Type type = uint_type(bits);
        const Word max = max_of(bits);
        EXPECT_EQ(computed(Op::Add, type, true, max - Word(1), 1), text(max)) << bits;
        EXPECT_EQ(computed(Op::Add, type, true, max, 1), overflow) << bits;
        EXPECT_EQ(computed(Op::Add, type, true, max, max), overflow) << bits;
        EXPECT_EQ(computed(Op::Sub, type, true, 5, 5), "0") << bits;
        EXPECT_EQ(computed(Op::Sub, type, true, 5, 6), overflow) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, max, 1), text(max)) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, 0, max), "0") << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, max, 2), overflow) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, max, max), overflow) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, Word(1) << (bits / 2), Word(1) << (bits / 2)), overflow) << bits;
        EXPECT_EQ(computed(Op::Div, type, true, max, 0), by_zero) << bits;
        EXPECT_EQ(computed(Op::Mod, type, false, max, 0), by_zero) << bits;
    }
}

TEST(Codegen, signed_arithmetic_panics_exactly_beyond_its_borders) {
    for (const std::uint16_t bits : {8, 64, 128, 136, 248, 256}) {
        const Type type = int_type(bits);
        const Word max = int_max(bits), min = int_min(bits), minus_one = -Word(1);
        EXPECT_EQ(computed(Op::Add, type, true, max, 1), overflow) << bits;
        EXPECT_EQ(computed(Op::Add, type, true, min, minus_one), overflow) << bits;
        EXPECT_EQ(computed(Op::Add, type, true, max, min), text(minus_one)) << bits;
        EXPECT_EQ(computed(Op::Add, type, true, minus_one, 1), "0") << bits;
        EXPECT_EQ(computed(Op::Sub, type, true, min, 1), overflow) << bits;
        EXPECT_EQ(computed(Op::Sub, type, true, max, minus_one), overflow) << bits;
        EXPECT_EQ(computed(Op::Sub, type, true, 0, min), overflow) << bits;
        EXPECT_EQ(computed(Op::Sub, type, true, minus_one, min), text(max)) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, min, minus_one), overflow) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, minus_one, min), overflow) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, max, minus_one), text(min + Word(1))) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, min, 1), text(min)) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, min, 2), overflow) << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, 0, min), "0") << bits;
        EXPECT_EQ(computed(Op::Mul, type, true, max, max), overflow) << bits;
        EXPECT_EQ(computed(Op::Div, type, true, min, minus_one), overflow) << bits;
        EXPECT_EQ(computed(Op::Div, type, false, min, minus_one), text(min)) << bits;
        EXPECT_EQ(computed(Op::Div, type, true, -Word(7), 2), text(-Word(3))) << bits;
        EXPECT_EQ(computed(Op::Mod, type, true, -Word(7), 2), text(minus_one)) << bits;
    }
}

TEST(Codegen, unchecked_arithmetic_wraps_around) {
    EXPECT_EQ(computed(Op::Add, uint_type(8), false, 255, 1), "0");
    EXPECT_EQ(computed(Op::Sub, uint_type(8), false, 0, 1), "255");
    EXPECT_EQ(computed(Op::Mul, uint_type(16), false, 65535, 65535), "1");
    EXPECT_EQ(computed(Op::Add, int_type(8), false, 127, 1), text(int_min(8)));
    EXPECT_EQ(computed(Op::Mul, int_type(8), false, int_min(8), -Word(1)), text(int_min(8)));
    EXPECT_EQ(computed(Op::Sub, uint_type(256), false, 0, 1), text(~Word()));
    EXPECT_EQ(computed(Op::Exp, uint_type(8), false, 2, 8), "0");
}

TEST(Codegen, powers_are_checked_to_the_border) {
    EXPECT_EQ(computed(Op::Exp, uint_type(8), true, 2, 7), "128");
    EXPECT_EQ(computed(Op::Exp, uint_type(8), true, 2, 8), overflow);
    EXPECT_EQ(computed(Op::Exp, uint_type(8), true, 0, 0), "1");
    EXPECT_EQ(computed(Op::Exp, uint_type(8), true, 0, 200), "0");
    EXPECT_EQ(computed(Op::Exp, uint_type(8), true, 1, 255), "1");
    EXPECT_EQ(computed(Op::Exp, uint_type(256), true, 2, 255), text(Word(1) << 255));
    EXPECT_EQ(computed(Op::Exp, uint_type(256), true, 2, 256), overflow);
    EXPECT_EQ(computed(Op::Exp, uint_type(256), true, 10, 77), "1" + std::string(77, '0'));
    EXPECT_EQ(computed(Op::Exp, uint_type(256), true, 10, 78), overflow);
}

TEST(Codegen, comparisons_look_at_signs) {
    const auto compared = [](Op op, Type type, const Word& a, const Word& b) {
        FunctionBuilder f("f", {type, type}, {ir::bool_type});
        f.give({f.op(op, ir::bool_type, {f.parameter(0), f.parameter(1)})});
        return called(generated(std::move(f)), "f(" + ir::abi_name(type) + "," + ir::abi_name(type) + ")", {a, b});
    };
    EXPECT_EQ(compared(Op::Less, int_type(8), -Word(1), 0), "1");
    EXPECT_EQ(compared(Op::LessEqual, int_type(8), 0, -Word(1)), "0");
    EXPECT_EQ(compared(Op::Greater, uint_type(256), ~Word(), 0), "1");
    EXPECT_EQ(compared(Op::GreaterEqual, uint_type(8), 3, 3), "1");
    EXPECT_EQ(compared(Op::NotEqual, uint_type(8), 3, 3), "0");
    EXPECT_EQ(compared(Op::Less, uint_type(8), 4, 3), "0");
}

TEST(Codegen, conversions_cut_extend_and_realign) {
    const auto converted = [](Type from, Type to, const Word& word) {
        FunctionBuilder f("f", {from}, {to});
        f.give({f.op(Op::Convert, to, {f.parameter(0)})});
        return called(generated(std::move(f)), "f(" + ir::abi_name(from) + ")", {word});
    };
    const Type bytes4{TypeKind::FixedBytes, 32}, bytes2{TypeKind::FixedBytes, 16}, choice{TypeKind::Enum, 8, 3};
    EXPECT_EQ(converted(uint_type(16), uint_type(8), 0x1234), "52");
    EXPECT_EQ(converted(int_type(16), int_type(8), 0x80), text(int_min(8)));
    EXPECT_EQ(converted(int_type(8), uint_type(8), -Word(1)), "255");
    EXPECT_EQ(converted(uint_type(8), int_type(8), 255), text(-Word(1)));
    EXPECT_EQ(converted(uint_type(32), bytes4, 0x01020304), text(Word(0x01020304) << 224));
    EXPECT_EQ(converted(bytes4, uint_type(32), Word(0x01020304) << 224), text(0x01020304));
    EXPECT_EQ(converted(bytes4, bytes2, Word(0x01020304) << 224), text(Word(0x0102) << 240));
    EXPECT_EQ(converted(uint_type(8), choice, 2), "2");
    EXPECT_EQ(converted(uint_type(8), choice, 3), "Panic(0x21)");
}

TEST(Codegen, dirty_arguments_and_short_call_data_revert_without_data) {
    for (const Type type : {uint_type(8), int_type(8), ir::bool_type, ir::address_type, Type{TypeKind::FixedBytes, 32},
                            Type{TypeKind::Enum, 8, 3}}) {
        FunctionBuilder f("f", {type}, {type});
        f.give({f.parameter(0)});
        const Artifact artifact = generated(std::move(f));
        const std::string signature = "f(" + ir::abi_name(type) + ")";
        const bool left_aligned = type.kind == TypeKind::FixedBytes;
        EXPECT_EQ(called(artifact, signature, {left_aligned ? Word(1) : Word(1) << 161}), "revert") << signature;
        EXPECT_EQ(called(artifact, signature, {left_aligned ? Word(1) << 255 : Word(1)}),
                  text(left_aligned ? Word(1) << 255 : Word(1)));
        EXPECT_EQ(called(artifact, signature, {}), "revert") << signature;
    }
}

TEST(Codegen, ether_is_refused_by_functions_that_are_not_payable) {
    FunctionBuilder paid("paid", {}, {}), free("free", {}, {});
    paid.mutability(ir::Mutability::Payable).give();
    free.give();
    ContractBuilder builder;
    builder.add(paid.build());
    builder.add(free.build());
    Deployed contract(generated(builder));
    EXPECT_TRUE(contract.call("paid()", {}, 1).ok());
    EXPECT_EQ(Deployed::describe(contract.call("free()", {}, 1)), "revert");
    EXPECT_TRUE(contract.call("free()").ok());
}

TEST(Codegen, calls_find_their_function_receive_or_fallback) {
    ContractBuilder builder;
    const auto number = builder.variable(builder.value_type(ir::uint256_type), 0);
    const auto add = [&](FunctionBuilder f, std::uint64_t mark) {
        f.mutability(ir::Mutability::Payable).store(number, ir::uint256_type, {f.constant(mark)});
        f.give();
        builder.add(f.build());
    };
    for (int i = 0; i < 20; ++i) add(FunctionBuilder("f" + std::to_string(i), {}, {}), 100 + static_cast<std::uint64_t>(i));
    add(std::move(FunctionBuilder("receive", {}, {}).kind(ir::FunctionKind::Receive)), 1);
    add(std::move(FunctionBuilder("fallback", {}, {}).kind(ir::FunctionKind::Fallback)), 2);
    Deployed contract(generated(builder));
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(contract.call("f" + std::to_string(i) + "()").ok());
        EXPECT_EQ(contract.slot(0), Word(100 + static_cast<std::uint64_t>(i)));
    }
    EXPECT_TRUE(contract.call(vm::Bytes{}, 1).ok());
    EXPECT_EQ(contract.slot(0), Word(1));
    EXPECT_TRUE(contract.call(vm::Bytes{1, 2, 3}).ok());
    EXPECT_EQ(contract.slot(0), Word(2));
    EXPECT_TRUE(contract.call("f0()").ok());
    EXPECT_TRUE(contract.call("unknown()").ok());
    EXPECT_EQ(contract.slot(0), Word(2));
}

TEST(Codegen, neighbours_in_a_packed_slot_do_not_disturb_each_other) {
    ContractBuilder builder;
    const Type small = int_type(16), word4{TypeKind::FixedBytes, 32};
    const auto a = builder.variable(builder.value_type(small), 0, 0);
    const auto b = builder.variable(builder.value_type(ir::address_type), 0, 2);
    const auto c = builder.variable(builder.value_type(word4), 0, 22);
    const auto d = builder.variable(builder.value_type(ir::bool_type), 0, 26);
    FunctionBuilder set("set", {small, ir::address_type, word4, ir::bool_type}, {});
    set.store(a, small, {set.parameter(0)});
    set.store(b, ir::address_type, {set.parameter(1)});
    set.store(c, word4, {set.parameter(2)});
    set.store(d, ir::bool_type, {set.parameter(3)});
    set.give();
    FunctionBuilder get("get", {}, {small, ir::address_type, word4, ir::bool_type});
    get.give({get.load(a, small), get.load(b, ir::address_type), get.load(c, word4), get.load(d, ir::bool_type)});
    builder.add(set.build());
    builder.add(get.build());
    Deployed contract(generated(builder));
    const Word tag = Word(0xdeadbeef) << 224;
    ASSERT_TRUE(contract.call_words("set(int16,address,bytes4,bool)", {-Word(2), 0xabc, tag, 1}).ok());
    EXPECT_EQ(Deployed::describe(contract.call("get()")), text(-Word(2)) + ", 2748, " + text(tag) + ", 1");
    ASSERT_TRUE(contract.call_words("set(int16,address,bytes4,bool)", {5, max_of(160), 0, 1}).ok());
    EXPECT_EQ(Deployed::describe(contract.call("get()")), "5, " + text(max_of(160)) + ", 0, 1");
}

TEST(Codegen, a_nested_mapping_is_found_where_solidity_puts_it) {
    ContractBuilder builder;
    const auto inner = builder.mapping(ir::uint256_type, builder.value_type(ir::uint256_type));
    const auto map = builder.variable(builder.mapping(ir::address_type, inner), 3);
    FunctionBuilder set("set", {ir::address_type, ir::uint256_type, ir::uint256_type}, {});
    set.store(map, ir::uint256_type, {set.parameter(0), set.parameter(1), set.parameter(2)},
              {{PlaceStep::Kind::Key, 0}, {PlaceStep::Kind::Key, 1}});
    set.give();
    builder.add(set.build());
    Deployed contract(generated(builder));
    ASSERT_TRUE(contract.call_words("set(address,uint256,uint256)", {7, 8, 9}).ok());
    const auto hashed = [](const Word& key, const Word& slot) {
        vm::Bytes data;
        for (const Word& word : {key, slot}) {
            const auto bytes = vm::to_big_endian(word);
            data.insert(data.end(), bytes.begin(), bytes.end());
        }
        return vm::to_word(vm::keccak256(data));
    };
    EXPECT_EQ(contract.slot(hashed(8, hashed(7, 3))), Word(9));
}

// A function that keeps `count` loaded values alive, loops over all of them, and adds them up at the end.
FunctionBuilder many_locals(std::size_t count) {
    FunctionBuilder f("f", {ir::uint256_type}, {ir::uint256_type});
    ir::Values locals;
    for (std::size_t i = 0; i < count; ++i)
        locals.push_back(f.op(Op::Add, ir::uint256_type, {f.parameter(0), f.constant(i)}));
    const auto head = f.add_block(std::vector<Type>(count + 1, ir::uint256_type)), body = f.add_block(), end = f.add_block();
    ir::Values arguments{f.constant(0)};
    arguments.insert(arguments.end(), locals.begin(), locals.end());
    f.jump(head, arguments);
    f.in(head);
    const Value again = f.op(Op::Less, ir::bool_type, {f.parameter(0, head), f.constant(3)});
    f.branch(again, {body, {}}, {end, {}});
    f.in(body);
    ir::Values next{f.op(Op::Add, ir::uint256_type, {f.parameter(0, head), f.constant(1)})};
    for (std::size_t i = 0; i < count; ++i) next.push_back(f.parameter(1 + (i + 1) % count, head));  // all change places
    f.jump(head, next);
    f.in(end);
    Value sum = f.constant(0);
    for (std::size_t i = 0; i < count; ++i)
        sum = f.op(Op::Add, ir::uint256_type,
                   {f.op(Op::Mul, ir::uint256_type, {sum, f.constant(3)}), f.parameter(i + 1, head)});
    f.give({sum});
    return f;
}

TEST(Codegen, any_number_of_locals_survives_a_loop_in_which_they_change_places) {
    for (const std::size_t count : {1u, 5u, 12u, 15u, 16u, 17u, 40u, 100u}) {
        Word expected;
        for (std::size_t i = 0; i < count; ++i) expected = expected * Word(3) + Word(1000 + (i + 3) % count);
        EXPECT_EQ(called(generated(many_locals(count)), "f(uint256)", {1000}), text(expected)) << count;
    }
}

TEST(Codegen, recursion_keeps_the_values_of_every_activation) {
    ContractBuilder builder;  // fib, with so many values alive across the calls that some are spilled
    constexpr std::uint64_t extra = 20;
    FunctionBuilder f("fib", {ir::uint256_type}, {ir::uint256_type, ir::uint256_type});
    const auto small = f.add_block(), large = f.add_block();
    f.branch(f.op(Op::Less, ir::bool_type, {f.parameter(0), f.constant(2)}), {small, {}}, {large, {}});
    f.in(small);
    f.give({f.parameter(0), f.constant(1)});
    f.in(large);
    ir::Values kept;
    for (std::uint64_t i = 0; i < extra; ++i)
        kept.push_back(f.op(Op::Mul, ir::uint256_type, {f.parameter(0), f.constant(i)}));
    const auto first =
        f.call(0, {f.op(Op::Sub, ir::uint256_type, {f.parameter(0), f.constant(1)})}, {ir::uint256_type, ir::uint256_type});
    const auto second =
        f.call(0, {f.op(Op::Sub, ir::uint256_type, {f.parameter(0), f.constant(2)})}, {ir::uint256_type, ir::uint256_type});
    Value noise = f.constant(0);
    for (const Value value : kept)
        noise = f.op(Op::Xor, ir::uint256_type, {f.op(Op::Mul, ir::uint256_type, {noise, f.constant(2)}), value});
    const Value sum = f.checked(Op::Add, ir::uint256_type, {first[0], second[0]});
    const Value calls =
        f.checked(Op::Add, ir::uint256_type, {f.checked(Op::Add, ir::uint256_type, {first[1], second[1]}), f.constant(1)});
    const Value zero = f.op(Op::Sub, ir::uint256_type, {noise, noise});
    f.give({f.op(Op::Add, ir::uint256_type, {sum, zero}),
            f.op(Op::Add, ir::uint256_type, {calls, f.op(Op::And, ir::uint256_type, {noise, f.constant(0)})})});
    builder.add(f.build());
    EXPECT_EQ(called(generated(builder), "fib(uint256)", {15}), "610, 1973");
}

TEST(Codegen, an_internal_function_takes_and_gives_many_values) {
    ContractBuilder builder;
    constexpr std::size_t count = 20;
    const std::vector<Type> types(count, ir::uint256_type);
    FunctionBuilder turn("turn", types, types);
    ir::Values turned;
    for (std::size_t i = 0; i < count; ++i) turned.push_back(turn.parameter(count - 1 - i));
    turn.internal().give(turned);
    FunctionBuilder f("f", types, {ir::uint256_type});
    ir::Values arguments;
    for (std::size_t i = 0; i < count; ++i) arguments.push_back(f.parameter(i));
    const auto results = f.call(1, arguments, types);
    Value sum = f.constant(0);
    for (const Value result : results)
        sum = f.op(Op::Add, ir::uint256_type, {f.op(Op::Mul, ir::uint256_type, {sum, f.constant(2)}), result});
    f.give({sum});
    builder.add(f.build());
    builder.add(turn.build());
    std::vector<Word> words;
    std::string signature = "f(uint256";
    Word expected;
    for (std::size_t i = 0; i < count; ++i) words.push_back(i + 1);
    for (std::size_t i = 1; i < count; ++i) signature += ",uint256";
    for (std::size_t i = count; i-- > 0;) expected = expected * Word(2) + words[i];
    EXPECT_EQ(called(generated(builder), signature + ")", words), text(expected));
}

TEST(Codegen, specifications_leave_no_trace) {
    const auto code = [](bool with_specification) {
        FunctionBuilder f("f", {ir::uint256_type}, {ir::uint256_type});
        if (with_specification) {
            const Value number = f.op(Op::Convert, ir::integer_type, {f.parameter(0)});
            f.add(Op::Check, {}, {f.op(Op::GreaterEqual, ir::bool_type, {number, number})});
        }
        f.give({f.parameter(0)});
        return generated(std::move(f)).runtime_code;
    };
    EXPECT_EQ(code(true), code(false));
}

TEST(Codegen, a_contract_beyond_the_size_limit_is_warned_of_with_the_limit) {
    FunctionBuilder f("f", {}, {ir::string_type});
    f.give({f.literal(std::string(max_runtime_code_bytes, 'x'))});
    ContractBuilder builder;
    builder.add(f.build());
    const auto result = attempted(builder);
    ASSERT_TRUE(std::holds_alternative<Artifact>(result));
    const auto warning = too_large_to_deploy(std::get<Artifact>(result));
    ASSERT_TRUE(warning);
    EXPECT_EQ(warning->code, "E950");
    EXPECT_EQ(warning->severity, Severity::Warning);
    EXPECT_NE(warning->primary.text.find("the limit is 24576"), std::string::npos);
}

TEST(Shuffle, reaches_every_layout_from_every_stack) {
    using codegen::Entry;
    std::mt19937 random(7);
    const auto pick = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    for (int round = 0; round < 20'000; ++round) {
        codegen::Assembly assembly;
        codegen::Emitter emitter(assembly);
        emitter.set_materialize([&](Entry) {
            emitter.push(0);
            return true;
        });
        const std::uint32_t names = 1 + pick(8);
        for (std::uint32_t i = pick(10); i-- > 0;) emitter.stack.push_back({Entry::Kind::Value, pick(names)});
        std::vector<Entry> target;
        for (std::uint32_t i = pick(10); i-- > 0;) target.push_back({Entry::Kind::Value, pick(names)});
        emitter.shuffle(target);
        ASSERT_EQ(emitter.stack, target);
    }
}

}  // namespace
}  // namespace interlock::lang::test
