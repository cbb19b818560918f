// assertEq and related cheatcodes. A failure shows both values, after the caller's own text if there is one.
#include <fmt/format.h>

#include "analyzer/devnet/foundry/table.hpp"
#include "analyzer/devnet/foundry/texts.hpp"
#include "vm/limb_division.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;
using vm::Word;

namespace {

enum class Comparison : std::uint8_t { Equal, NotEqual, Greater, GreaterOrEqual, Less, LessOrEqual };

struct ComparisonName {
    std::string_view cheatcode;
    std::string_view failure;  // stands between the values when the assertion fails
};

ComparisonName name_of(Comparison comparison) {
    switch (comparison) {
        case Comparison::Equal: return {"assertEq", "!="};
        case Comparison::NotEqual: return {"assertNotEq", "=="};
        case Comparison::Greater: return {"assertGt", "<="};
        case Comparison::GreaterOrEqual: return {"assertGe", "<"};
        case Comparison::Less: return {"assertLt", ">="};
        case Comparison::LessOrEqual: return {"assertLe", ">"};
    }
    return {};
}

bool is_less(const abi::DataType& type, const Word& a, const Word& b) {
    return type.value.is_signed() ? vm::signed_less(a, b) : a < b;
}

bool holds(Comparison comparison, const abi::DataType& type, const abi::Data& a, const abi::Data& b) {
    switch (comparison) {
        case Comparison::Equal: return a == b;
        case Comparison::NotEqual: return a != b;
        case Comparison::Greater: return is_less(type, b.word(), a.word());
        case Comparison::GreaterOrEqual: return !is_less(type, a.word(), b.word());
        case Comparison::Less: return is_less(type, a.word(), b.word());
        case Comparison::LessOrEqual: return !is_less(type, b.word(), a.word());
    }
    return false;
}

// `arguments` is the number of arguments without the caller's text.
vm::Reply failed(const Call& call, std::size_t arguments, const std::string& difference) {
    const std::string head = call.count() > arguments ? call.text(arguments) : "assertion failed";
    return fails(difference.empty() ? head : head + ": " + difference);
}

std::string shown(const Call& call, std::size_t i, std::optional<std::uint64_t> decimals) {
    if (!decimals) return plain_text(call.types[i], call.arguments[i]);
    return with_decimals(call.word(i), call.types[i].value.is_signed(), *decimals);
}

std::uint64_t decimals_at(const Call& call, std::size_t i) { return call.word(i).fits_u64() ? call.word(i).low64() : 77; }

template <Comparison comparison, bool has_decimals>
vm::Reply compare(const Call& call) {
    if (holds(comparison, call.types[0], call.arguments[0], call.arguments[1])) return nothing();
    std::optional<std::uint64_t> decimals;
    if (has_decimals) decimals = decimals_at(call, 2);
    return failed(call, has_decimals ? 3 : 2,
                  fmt::format("{} {} {}", shown(call, 0, decimals), name_of(comparison).failure, shown(call, 1, decimals)));
}

template <bool wanted>
vm::Reply is_condition(const Call& call) {
    return call.flag(0) == wanted ? nothing() : failed(call, 1, "");
}

// --- approximate equality ---

Word magnitude(const Word& value) { return value.is_negative() ? -value : value; }

Word distance(const Call& call) {
    const Word &a = call.word(0), &b = call.word(1);
    return is_less(call.types[0], a, b) ? b - a : a - b;
}

template <bool has_decimals>
vm::Reply is_near(const Call& call) {
    const Word delta = distance(call);
    if (delta <= call.word(2)) return nothing();
    std::optional<std::uint64_t> decimals;
    if (has_decimals) decimals = decimals_at(call, 3);
    const auto amount = [&](const Word& word) {
        return decimals ? with_decimals(word, false, *decimals) : vm::to_decimal(word);
    };
    return failed(call, has_decimals ? 4 : 3,
                  fmt::format("{} !~= {} (max delta: {}, real delta: {})", shown(call, 0, decimals),
                              shown(call, 1, decimals), amount(call.word(2)), amount(delta)));
}

constexpr std::uint64_t whole = 1'000'000'000'000'000'000;  // 100 percent
constexpr std::uint64_t percent_decimals = 16;

// Returns how far the two are apart, in parts of `whole` of the second, or std::nullopt if that does not fit a word.
std::optional<Word> relative_distance(const Call& call) {
    const Word b = call.types[0].value.is_signed() ? magnitude(call.word(1)) : call.word(1);
    const Word delta = distance(call);
    if (delta.is_zero()) return Word{};
    if (b.is_zero()) return std::nullopt;
    const auto quotient = vm::limbs::divide(vm::limbs::multiply_wide(delta.limbs, Word(whole).limbs), b.limbs).quotient;
    for (std::size_t i = 4; i < quotient.size(); ++i)
        if (quotient[i] != 0) return std::nullopt;
    return Word(quotient[3], quotient[2], quotient[1], quotient[0]);
}

template <bool has_decimals>
vm::Reply is_relatively_near(const Call& call) {
    const std::optional<Word> delta = relative_distance(call);
    if (delta && *delta <= call.word(2)) return nothing();
    std::optional<std::uint64_t> decimals;
    if (has_decimals) decimals = decimals_at(call, 3);
    const auto percent = [](const Word& word) { return with_decimals(word, false, percent_decimals) + "%"; };
    return failed(call, has_decimals ? 4 : 3,
                  fmt::format("{} !~= {} (max delta: {}, real delta: {})", shown(call, 0, decimals),
                              shown(call, 1, decimals), percent(call.word(2)), delta ? percent(*delta) : "undefined"));
}

// Adds the assertion with and without a text of the caller.
void add(Cheatcodes& all, const std::string& name, const std::string& types, vm::Reply (*act)(const Call&)) {
    all.push_back({name + "(" + types + ")", act});
    all.push_back({name + "(" + types + ",string)", act});
}

template <Comparison comparison>
void add_numeric(Cheatcodes& all, bool is_plain_too) {
    const std::string name(name_of(comparison).cheatcode);
    for (const std::string number : {"uint256", "int256"}) {
        if (is_plain_too) add(all, name, number + "," + number, compare<comparison, false>);
        add(all, name + "Decimal", number + "," + number + ",uint256", compare<comparison, true>);
    }
}

}  // namespace

Cheatcodes assertion_cheatcodes() {
    Cheatcodes all;
    for (const std::string type : {"bool", "uint256", "int256", "address", "bytes32", "string", "bytes"})
        for (const std::string& each : {type, type + "[]"}) {
            add(all, "assertEq", each + "," + each, compare<Comparison::Equal, false>);
            add(all, "assertNotEq", each + "," + each, compare<Comparison::NotEqual, false>);
        }
    add_numeric<Comparison::Equal>(all, false);
    add_numeric<Comparison::NotEqual>(all, false);
    add_numeric<Comparison::Greater>(all, true);
    add_numeric<Comparison::GreaterOrEqual>(all, true);
    add_numeric<Comparison::Less>(all, true);
    add_numeric<Comparison::LessOrEqual>(all, true);
    add(all, "assertTrue", "bool", is_condition<true>);
    add(all, "assertFalse", "bool", is_condition<false>);
    for (const std::string number : {"uint256", "int256"}) {
        const std::string types = number + "," + number + ",uint256";
        add(all, "assertApproxEqAbs", types, is_near<false>);
        add(all, "assertApproxEqAbsDecimal", types + ",uint256", is_near<true>);
        add(all, "assertApproxEqRel", types, is_relatively_near<false>);
        add(all, "assertApproxEqRelDecimal", types + ",uint256", is_relatively_near<true>);
    }
    return all;
}

}  // namespace interlock::analyzer::foundry
