// The dialects of Solidity: what a source means depends on the series of compilers that its pragma asks for. This file is
// the list of all differences; lexer, grammar, checker and lowering ask for a rule by its name and never for a level.
//
// A level means what the last compiler of its series means: 0.3.6, 0.4.26, 0.5.17, 0.6.12, 0.7.6. (Solidity documentation, "0.8.0
// Breaking Changes" and those of the series before; Changelog.md.)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace interlock::lang {

enum class Level : std::uint8_t { V03, V04, V05, V06, V07, V08 };
inline constexpr Level newest_level = Level::V08;

// The levels at which something is so, both included.
struct Rule {
    Level since, until;
};

struct Dialect {
    Level level = newest_level;

    [[nodiscard]] constexpr bool has(Rule rule) const { return rule.since <= level && level <= rule.until; }
    friend bool operator==(Dialect, Dialect) = default;
};

namespace rule {

[[nodiscard]] constexpr Rule since(Level level) { return {level, newest_level}; }
[[nodiscard]] constexpr Rule until(Level level) { return {Level::V03, level}; }

// clang-format off
// --- changed by 0.8 ---
inline constexpr Rule arithmetic_wraps          = until(Level::V07);  // without `unchecked`
inline constexpr Rule failures_are_invalid      = until(Level::V07);  // INVALID takes all gas where 0.8 reverts with Panic
inline constexpr Rule powers_from_left          = until(Level::V07);  // 2 ** 3 ** 2 is 64
inline constexpr Rule negates_unsigned          = until(Level::V07);  // -x of an unsigned x
inline constexpr Rule input_is_masked           = until(Level::V07);  // the ABI coder v1 cuts off bits that a type does not have
inline constexpr Rule sender_is_payable         = until(Level::V07);  // msg.sender, tx.origin
inline constexpr Rule unsigned_widens_to_signed = until(Level::V07);  // int16 x = y of a uint8 y
inline constexpr Rule casts_in_one_step         = until(Level::V07);  // sign and width at once, numbers and contracts to addresses
inline constexpr Rule literals_are_cut_off      = until(Level::V07);  // uint256(-1), uint8(300)
inline constexpr Rule comments_are_free         = until(Level::V07);  // tags of documentation may stand anywhere
inline constexpr Rule byte_is_a_type            = until(Level::V07);  // byte: bytes1
inline constexpr Rule operands_from_right       = until(Level::V07);  // of + and the like: as solc's older pipeline has it
inline constexpr Rule chain_id_is_pure          = until(Level::V07);  // chainid() in assembly
inline constexpr Rule overrides_may_relocate    = until(Level::V07);  // memory where what they override has calldata
inline constexpr Rule literals_are_payable      = {Level::V05, Level::V07};  // those of addresses

// --- changed by 0.7 ---
inline constexpr Rule now_is_a_name             = until(Level::V06);  // now: block.timestamp
inline constexpr Rule options_are_called        = until(Level::V06);  // f.value(1).gas(2)(x)
inline constexpr Rule constructors_are_visible  = until(Level::V06);  // public, or internal: then the contract is abstract
inline constexpr Rule using_is_inherited        = until(Level::V06);  // also by contracts that inherit
inline constexpr Rule literals_stay_narrow      = until(Level::V06);  // 1 << x and 10 ** x have the type of the literal
inline constexpr Rule exponents_are_cut_off     = {Level::V06, Level::V06};  // to the type of the base
inline constexpr Rule shifts_by_signed          = until(Level::V06);  // which fail where the amount is negative
inline constexpr Rule structs_skip_mappings     = until(Level::V06);  // S(1, 2) where S has a mapping, too
inline constexpr Rule getters_fail_by_invalid   = until(Level::V06);  // of arrays, outside of the bounds
inline constexpr Rule assembly_suffixes         = until(Level::V06);  // x_slot, x_offset
inline constexpr Rule small_units               = until(Level::V06);  // finney, szabo
inline constexpr Rule text_has_any_character    = until(Level::V06);  // "ü"
inline constexpr Rule events_hide_inherited     = until(Level::V06);  // also where their parameters are the same
inline constexpr Rule variables_override_pure   = until(Level::V06);  // whose getters only view

// --- changed by 0.6 ---
inline constexpr Rule overrides_unsaid          = until(Level::V05);  // every function is virtual, `override` is no word
inline constexpr Rule fallback_is_unnamed       = until(Level::V05);  // function () external payable { }
inline constexpr Rule powers_have_common_type   = until(Level::V05);  // of both operands; later that of the left one
inline constexpr Rule length_is_written         = until(Level::V05);  // a.length = 3, a.length--
inline constexpr Rule push_gives_length         = until(Level::V05);  // n = a.push(x)
inline constexpr Rule abstract_unsaid           = until(Level::V05);  // what lacks a body makes its contract abstract
inline constexpr Rule variables_hide_inherited  = until(Level::V05);  // both are kept
inline constexpr Rule instructions_are_bare     = until(Level::V05);  // gas, calldatasize in assembly, without parentheses

// --- changed by 0.5 ---
inline constexpr Rule constructor_by_name       = until(Level::V04);  // function C() in a contract C
inline constexpr Rule public_unsaid             = until(Level::V04);  // functions without a visibility
inline constexpr Rule constant_functions        = until(Level::V04);  // constant: view
inline constexpr Rule mutability_is_a_wish      = until(Level::V04);  // view and pure are not enforced, nor payable for msg.value
inline constexpr Rule views_may_write           = until(Level::V04);  // they are called with CALL
inline constexpr Rule var_declares              = until(Level::V04);  // var x = f();
inline constexpr Rule throw_is_a_statement      = until(Level::V04);  // throw; is revert();
inline constexpr Rule scope_is_function         = until(Level::V04);  // variables exist, as zero, from its beginning
inline constexpr Rule locations_unsaid          = until(Level::V04);  // parameters in memory, locals in storage, from slot 0
inline constexpr Rule events_are_called         = until(Level::V04);  // without `emit`
inline constexpr Rule old_names                 = until(Level::V04);  // sha3, suicide, msg.gas, block.blockhash, a.callcode
inline constexpr Rule years_are_units           = until(Level::V04);  // of 365 days
inline constexpr Rule calls_give_success        = until(Level::V04);  // a.call(…) is a bool
inline constexpr Rule arguments_are_packed      = until(Level::V04);  // keccak256(a, b), a.call(selector, a, b)
inline constexpr Rule addresses_are_numbers     = until(Level::V04);  // to and from numbers and contracts, with or without a cast
inline constexpr Rule bytes_have_any_width      = until(Level::V04);  // bytes32 x = 0x12, bytes4(y) of a number y
inline constexpr Rule contracts_are_addresses   = until(Level::V04);  // this.balance; every address may be paid
inline constexpr Rule checksums_are_advice      = until(Level::V04);  // a wrong one makes the literal a number
inline constexpr Rule shifts_divide             = until(Level::V04);  // >> of a negative number rounds toward zero
inline constexpr Rule continue_repeats          = until(Level::V04);  // in do-while, without the condition
inline constexpr Rule returns_may_lack          = until(Level::V04);  // `return;` in a function with results
inline constexpr Rule input_is_padded           = until(Level::V04);  // call data that is too short reads as zeros
inline constexpr Rule constants_may_vary        = until(Level::V04);  // each use evaluates what is written
inline constexpr Rule structs_may_be_empty      = until(Level::V04);  // struct S { }
inline constexpr Rule bases_are_told_twice      = until(Level::V04);  // the most derived contract's arguments are what they get
inline constexpr Rule bases_are_only_named      = until(Level::V04);  // constructor() Base { }
inline constexpr Rule modifiers_without_body    = until(Level::V04);  // function f() onlyOwner; as compilers before 0.4.26 have it

// --- changed by 0.4 ---
inline constexpr Rule payable_unsaid            = until(Level::V03);  // every function takes ether, `payable` is no word
inline constexpr Rule placeholder_is_bare       = until(Level::V03);  // _ without a semicolon
// clang-format on

}  // namespace rule

// Words, also reserved ones, that are names at the levels before.
struct Word {
    std::string_view text;
    Rule rule;
};
inline constexpr std::array dialect_words{
    Word{"calldata", rule::since(Level::V05)},   Word{"alias", rule::since(Level::V05)},
    Word{"apply", rule::since(Level::V05)},      Word{"auto", rule::since(Level::V05)},
    Word{"copyof", rule::since(Level::V05)},     Word{"define", rule::since(Level::V05)},
    Word{"implements", rule::since(Level::V05)}, Word{"macro", rule::since(Level::V05)},
    Word{"mutable", rule::since(Level::V05)},    Word{"partial", rule::since(Level::V05)},
    Word{"promise", rule::since(Level::V05)},    Word{"reference", rule::since(Level::V05)},
    Word{"sealed", rule::since(Level::V05)},     Word{"sizeof", rule::since(Level::V05)},
    Word{"supports", rule::since(Level::V05)},   Word{"typedef", rule::since(Level::V05)},
    Word{"abstract", rule::since(Level::V06)},   Word{"override", rule::since(Level::V06)},
    Word{"virtual", rule::since(Level::V06)},    Word{"try", rule::since(Level::V06)},
    Word{"catch", rule::since(Level::V06)},      Word{"gwei", rule::since(Level::V06)},
    Word{"immutable", rule::since(Level::V06)},  Word{"unchecked", rule::since(Level::V08)},
};

// Returns whether the word has a meaning of its own at this level.
[[nodiscard]] constexpr bool is_word_of(Dialect dialect, std::string_view text) {
    for (const Word& each : dialect_words)
        if (each.text == text) return dialect.has(each.rule);
    return true;
}

// Names that instructions had in assembly.
struct OldInstruction {
    std::string_view text, now;
    Rule rule;
};
inline constexpr std::array old_instructions{OldInstruction{"sha3", "keccak256", rule::until(Level::V04)},
                                             OldInstruction{"suicide", "selfdestruct", rule::until(Level::V04)},
                                             OldInstruction{"difficulty", "prevrandao", rule::until(Level::V07)}};

// A set of levels, those that the pragmas of a file or of several allow.
class Levels {
  public:
    [[nodiscard]] static constexpr Levels all() { return Levels(0xff); }
    [[nodiscard]] static constexpr Levels only(Level level) { return Levels(1u << static_cast<unsigned>(level)); }
    // Of the versions that this range, the text behind `pragma solidity`, includes. What is no range includes all.
    [[nodiscard]] static Levels allowed_by(std::string_view range);

    [[nodiscard]] constexpr Levels operator&(Levels other) const { return Levels(bits_ & other.bits_); }
    friend constexpr bool operator==(Levels, Levels) = default;
    [[nodiscard]] constexpr bool includes(Level level) const { return (bits_ >> static_cast<unsigned>(level) & 1u) != 0; }
    // The newest one; nothing if there is none.
    [[nodiscard]] std::optional<Level> newest() const;
    [[nodiscard]] constexpr Levels before(Level level) const {
        return Levels(bits_ & ((1u << static_cast<unsigned>(level)) - 1));
    }

  private:
    constexpr explicit Levels(unsigned bits) : bits_(bits) {}
    unsigned bits_;
};

// Returns the text of a pragma without comments and with single spaces between words.
[[nodiscard]] std::string plain_pragma(std::string_view text);

}  // namespace interlock::lang
