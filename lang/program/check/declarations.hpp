// Declarations before bodies: names, bases, the meaning of written types, structs, state variables, the heads of
// functions, events and errors. After this every name that a body may use has its type.
#pragma once

#include <vector>

#include "lang/program/check/context.hpp"

namespace interlock::lang {

// Where a variable stands; it decides which data locations are possible.
enum class VariableRole : std::uint8_t { State, Field, ExternalParameter, InternalParameter, Local, LogParameter };

// What a written type means; reports unknown and unsupported ones, once.
TypeId resolve(Context& context, TypeNameId id);

// An array of as many elements as the expression says, which must be constant.
TypeId array_of_length(Context& context, TypeId value, ExprId length);

// The type of a keyword: "uint8", "address", …; `payable` alone is address payable.
TypeId resolve_elementary(Context& context, std::string_view text, bool payable, SourceRange range);

// The type of a declared variable at its place; reports missing and impossible data locations.
TypeId resolve_variable(Context& context, VariableId id, VariableRole role);

void check_pragmas(Context& context);                                   // each file is for a version that this is
void declare_all(Context& context);                                     // names, bases, types, heads
void resolve_imports(Context& context);                                 // what the scopes of files get from each other
void check_reserved(Context& context, const Name& name);                // `this`, `super` and `_` are nobody's names
void check_distinct(Context& context, const std::vector<Name>& names);  // and none twice
void check_distinct(Context& context, const std::vector<VariableId>& variables);
void report_clash(Context& context, const Declared& declared, const Declared& earlier);  // a name declared twice
void resolve_usings(Context& context);                                                   // what is attached to which type
void resolve_bases(Context& context);    // linearizations and inherited names
void check_overrides(Context& context);  // contracts against their bases; what must be abstract
void lay_out_storage(Context& context);  // slots and offsets, sizes of structs
void check_selectors(Context& context);  // no two functions of a contract may share one

// The getter of a public state variable: keys to pass, and what comes back (structs are flattened).
struct Getter {
    std::vector<TypeId> parameters, results;
};
[[nodiscard]] Getter getter_of(Context& context, VariableId variable);

[[nodiscard]] vm::Word left_aligned_selector(std::uint32_t selector);  // as a bytes4 lies in its word
[[nodiscard]] std::string signature_of(const Context& context, std::string_view name, const std::vector<TypeId>& parameters);
[[nodiscard]] std::string getter_signature(Context& context, VariableId variable);

}  // namespace interlock::lang
