// Every diagnostic code with its one-line title, in one table. The front end and the checker report these codes, and
// `interlock explain CODE` looks them up (its pages: lang/diagnostics/explanations.hpp). Codes are stable: a row is
// never reused for something else.
#pragma once

#include <array>
#include <string_view>

namespace interlock::lang {

struct Code {
    const char* id;
    const char* title;
};

struct CodeGroup {
    std::string_view prefix, title;
};

// Each code belongs to exactly one group.
inline constexpr std::array<CodeGroup, 8> code_groups{{
    {"E0", "Reading files"},
    {"E1", "Syntax"},
    {"E2", "Names"},
    {"E3", "Types"},
    {"E4", "Declarations"},
    {"E5", "Specifications and scenarios"},
    {"E9", "Limits, and what is not supported yet"},
    {"W", "Warnings"},
}};

// X(name, id, title)
// clang-format off
#define INTERLOCK_CODES(X)                                                                                      \
    X(file_too_large,            "E001", "a file that is larger than the compiler reads")                       \
    X(nothing_to_compile,        "E002", "a file without any code")                                             \
    X(not_text,                  "E003", "a file that is not text")                                             \
    X(stray_character,           "E004", "a character that has no meaning outside of strings and comments")     \
    X(broken_encoding,           "E005", "text that is not UTF-8")                                              \
    X(unterminated_string,       "E006", "a string without its closing quote")                                  \
    X(unterminated_comment,      "E007", "a comment without its end")                                           \
    X(bad_escape,                "E008", "an escape sequence that does not exist")                              \
    X(malformed_number,          "E009", "something that begins like a number but is none")                     \
    X(malformed_hex_string,      "E010", "a hex string with something other than pairs of hex digits")          \
    X(character_in_string,       "E011", "a character that a plain string cannot hold")                         \
    X(import_not_found,          "E012", "an import of a file that cannot be read")                             \
    X(too_many_files,            "E013", "more files than the compiler reads at once")                          \
    X(unbalanced_directions,     "E014", "marks for the direction of writing that do not balance")              \
    X(expected_semicolon,        "E101", "a missing `;`")                                                       \
    X(expected,                  "E102", "something else than what the grammar asks for")                       \
    X(unclosed,                  "E103", "a brace, parenthesis or bracket that is never closed")                \
    X(stray_closer,              "E104", "a closing brace that closes nothing")                                 \
    X(nested_too_deeply,         "E105", "blocks, parentheses or operators nested too deeply")                  \
    X(chained_comparison,        "E106", "a comparison of a comparison's result")                               \
    X(repeated_attribute,        "E107", "an attribute given twice or against another one")                     \
    X(reserved_word,             "E108", "a name that Solidity keeps for itself")                               \
    X(ambiguous_quantifier,      "E109", "a quantifier whose body has no clear end")                            \
    X(unknown_name,              "E201", "a name that is not declared")                                         \
    X(unknown_member,            "E202", "a member that the value does not have")                               \
    X(unknown_type,              "E203", "a type that is not declared")                                         \
    X(already_declared,          "E204", "a name declared twice in one scope")                                  \
    X(not_a_type,                "E205", "a name used as a type that is none")                                  \
    X(no_matching_overload,      "E206", "no declaration of an overloaded name takes these arguments")          \
    X(not_a_value,               "E207", "a name used as a value that is none")                                 \
    X(external_by_name,          "E208", "an external function called by its bare name")                        \
    X(unknown_modifier,          "E209", "a modifier that is not declared")                                     \
    X(ambiguous_call,            "E210", "a call that several declarations could take")                         \
    X(cannot_convert,            "E301", "a value of one type where another is needed")                         \
    X(cannot_cast,               "E302", "an explicit conversion that does not exist")                          \
    X(bad_operands,              "E303", "an operator that its operands' types do not have")                    \
    X(argument_count,            "E304", "too many or too few arguments")                                       \
    X(not_callable,              "E305", "a call of something that cannot be called")                           \
    X(not_assignable,            "E306", "an assignment to something that cannot be assigned")                  \
    X(component_count,           "E307", "two tuples of different length")                                      \
    X(bad_number,                "E308", "a number that has no value or no type")                               \
    X(bad_address_checksum,      "E309", "an address literal with a wrong checksum")                            \
    X(bad_named_arguments,       "E310", "named arguments that do not match the parameters")                    \
    X(bad_call_options,          "E311", "call options that the call does not have")                            \
    X(division_by_zero,          "E312", "a division by a constant zero")                                       \
    X(not_indexable,             "E313", "an index into something that has no elements")                        \
    X(no_value,                  "E314", "a call that returns nothing, used as a value")                        \
    X(return_count,              "E315", "a return with too many or too few values")                            \
    X(not_creatable,             "E316", "`new` of something that cannot be created")                           \
    X(no_type_information,       "E317", "type(T) of a type that has none")                                     \
    X(wrong_visibility,          "E401", "a missing or impossible visibility")                                  \
    X(wrong_location,            "E402", "a missing or impossible data location")                               \
    X(bad_constant,              "E403", "a constant or immutable that breaks the rules")                       \
    X(duplicate_function,        "E404", "two functions with the same name and parameters")                     \
    X(selector_clash,            "E405", "two functions with the same selector")                                \
    X(body_expected,             "E406", "a body that is missing or must not be there")                         \
    X(mutability_violation,      "E407", "a view or pure function that does more than it says")                 \
    X(not_payable,               "E408", "ether where none can be received")                                    \
    X(not_implemented,           "E409", "a contract that leaves functions without a body and is not abstract") \
    X(bad_special_function,      "E410", "a constructor, receive or fallback of the wrong form")                \
    X(too_many_indexed,          "E411", "an event with too many indexed parameters")                           \
    X(endless_definition,        "E412", "a definition that contains itself")                                   \
    X(misplaced_statement,       "E413", "a statement in a place where it means nothing")                       \
    X(impossible_getter,         "E414", "a public variable whose getter cannot exist")                         \
    X(not_in_interface,          "E415", "a declaration that an interface cannot have")                         \
    X(immutable_write,           "E416", "an immutable written outside the constructor")                        \
    X(bad_enum,                  "E417", "an enum without values or with too many")                             \
    X(bad_mapping,               "E418", "a mapping with an impossible key or in an impossible place")          \
    X(bad_base,                  "E419", "a base that cannot be one")                                           \
    X(uninitialized_pointer,     "E420", "a reference that is used before it has a place")                     \
    X(bad_emit,                  "E421", "emit without an event, revert without an error")                      \
    X(bad_override,              "E422", "an override of something that is not there, or must not be replaced") \
    X(not_constant,              "E423", "a constant whose value is not known at compile time")                 \
    X(bad_signature_type,        "E424", "a type that cannot cross the border of a contract")                   \
    X(storage_too_large,         "E425", "a contract with more storage than there is")                          \
    X(bad_transient,             "E426", "a transient variable that cannot be one")                             \
    X(override_differs,          "E430", "an override that differs from what it overrides")                     \
    X(missing_override,          "E431", "an override that does not say so, or not of what")                    \
    X(not_virtual,               "E432", "an override of something that is not virtual")                        \
    X(bad_virtual,               "E433", "a virtual declaration that cannot be one, or one without a body that is none")\
    X(undecided_bases,           "E434", "something that several bases define and nobody decides")              \
    X(no_linearization,          "E435", "bases whose orders contradict each other")                            \
    X(bad_base_arguments,        "E436", "constructor arguments of a base that are missing, given twice or misplaced")\
    X(bad_using,                 "E437", "a using directive that attaches nothing")                             \
    X(not_in_library,            "E438", "a declaration that a library cannot have")                            \
    X(bad_free_function,         "E439", "a function outside of contracts of the wrong form")                   \
    X(bad_value_type,            "E440", "a user-defined value type of something that is no value")             \
    X(bad_try,                   "E441", "a try statement that cannot be")                                      \
    X(bad_storage_layout,        "E442", "a storage layout that cannot be")                                     \
    X(empty_struct,              "E443", "a struct without fields")                                             \
    X(wrong_version,             "E444", "a file for other versions of Solidity")                               \
    X(bad_pragma,                "E445", "a pragma that means nothing")                                         \
    X(bad_documentation,         "E446", "a documentation tag in a place where it means nothing")                \
    X(bad_license,               "E447", "a license that is no license, or a second one")                        \
    X(spec_side_effect,          "E501", "a specification that would change something")                         \
    X(misplaced_old,             "E502", "old() outside an ensures clause")                                     \
    X(misplaced_result,          "E503", "result where there is none")                                          \
    X(bad_sum,                   "E504", "sum() of something that is not a mapping to unsigned values")         \
    X(not_in_specification,      "E505", "something that a specification cannot speak about")                   \
    X(only_in_specification,     "E506", "something that only a specification can say")                         \
    X(spec_number_too_large,     "E507", "a number too large for a specification")                              \
    X(misplaced_annotation,      "E508", "a specification in a comment that belongs to nothing")                \
    X(unknown_annotation,        "E509", "a specification in a comment whose word is not known")                \
    X(bad_step,                  "E510", "a step that a scenario cannot make")                                  \
    X(doubled_label,             "E511", "two properties of a contract under one label")                        \
    X(no_fixed_point,            "E927", "fixed-point types are not implemented")                               \
    X(function_too_large,        "E940", "a function that is too large")                                        \
    X(no_such_construct,         "E942", "a construct that is not supported yet")                               \
    X(contract_too_large,        "E950", "a contract too large to be deployed")                                 \
    X(no_translation,            "E951", "a construct that has no code yet")                                    \
    X(circular_creation,         "E952", "contracts that create each other in a circle")                        \
    X(internal_error,            "E999", "a fault of the compiler itself")                                      \
    X(older_version,             "W103", "a file that only older versions of Solidity accept")                  \
    X(shadowing,                 "W201", "a name that hides another one")                                       \
    X(always_fails,              "W301", "an operation that always fails")                                     \
    X(unset_result,              "W401", "a result that is not set on every path")
// clang-format on

namespace code {
#define INTERLOCK_CODE(name, id, title) inline constexpr Code name{id, title};
INTERLOCK_CODES(INTERLOCK_CODE)
#undef INTERLOCK_CODE
}  // namespace code

#define INTERLOCK_CODE(name, id, title) code::name,
inline constexpr std::array all_codes{INTERLOCK_CODES(INTERLOCK_CODE)};
#undef INTERLOCK_CODE

}  // namespace interlock::lang
