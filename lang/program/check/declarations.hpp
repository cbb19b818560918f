// Checks declarations before bodies: names, bases, the meaning of written types, structs, state variables, the heads of
// functions, events and errors. After this every name that a body may use has its type.
#pragma once

#include <vector>

#include "lang/program/check/context.hpp"

namespace interlock::lang {

// The kind of a variable, which decides which data locations are possible.
enum class VariableRole : std::uint8_t { State, Field, ExternalParameter, InternalParameter, Local, LogParameter };

// Returns the meaning of a written type; reports unknown and unsupported ones, once.
TypeId resolve(Context& context, TypeNameId id);

// Returns an array type whose length is the value of the expression, which must be constant.
TypeId array_of_length(Context& context, TypeId value, ExprId length);

// Returns the type of a keyword: "uint8", "address", …; `payable` alone is address payable.
TypeId resolve_elementary(Context& context, std::string_view text, bool payable, SourceRange range);

// Returns the type of a declared variable; reports missing and impossible data locations.
TypeId resolve_variable(Context& context, VariableId id, VariableRole role);

// While it lives, types are looked up among parameters, too: the name of one hides a type even in its own declaration.
class ParameterScope {
  public:
    ParameterScope(Context& context, const std::vector<VariableId>& parameters, const std::vector<VariableId>& results = {})
        : names_(context.names) {
        names_.enter_block();
        for (const auto* list : {&parameters, &results})
            for (const VariableId id : *list)
                if (id && !context.tree[id].name.text.empty())
                    (void)names_.declare_local(
                        {.use = {.meaning = Meaning::Variable, .variable = id}, .name = context.tree[id].name});
    }
    ParameterScope(const ParameterScope&) = delete;
    ParameterScope& operator=(const ParameterScope&) = delete;
    ~ParameterScope() { names_.leave_block(); }

  private:
    Names& names_;
};

void check_pragmas(Context& context);                                   // whether this compiler's version fits each file
void declare_all(Context& context);                                     // names, bases, types, heads
void resolve_imports(Context& context);                                 // adds imported names to the scopes of files
void check_reserved(Context& context, const Name& name);                // `this`, `super` and `_` must not be declared
void check_distinct(Context& context, const std::vector<Name>& names);  // no name occurs twice
void check_distinct(Context& context, const std::vector<VariableId>& variables);
// Reports a name that is declared twice.
void report_clash(Context& context, const Declared& declared, const Declared& earlier);
// Finds what is attached to which type.
void resolve_usings(Context& context);
void resolve_bases(Context& context);    // linearizations and inherited names
void check_overrides(Context& context);  // compares contracts with their bases; finds what must be abstract
void lay_out_storage(Context& context);  // slots and offsets, sizes of structs
void check_comments(Context& context);   // licenses, and the tags of documentation
void check_old_coder(Context& context);  // files with the ABI coder v1 do without structs and nested arrays
void check_shadowing(Context& context);  // members that hide names of their file
// Warns that a declaration hides others, or, if these are null, something built in if there is such a thing.
void warn_of_hiding(Context& context, const Name& name, const std::vector<Declared>* hidden);
void check_sizes(Context& context);      // what lies in memory and call data can be addressed
void check_selectors(Context& context);  // no two functions of a contract may have the same one

// Returns true if the ABI coder v1 has an encoding of the type.
[[nodiscard]] bool old_coder_takes(const TypeTable& types, TypeId id);

// The getter of a public state variable: its parameters (keys) and its results (structs are flattened).
struct Getter {
    std::vector<TypeId> parameters, results;
};
[[nodiscard]] Getter getter_of(Context& context, VariableId variable);

[[nodiscard]] vm::Word left_aligned_selector(std::uint32_t selector);  // a bytes4 as it is in its word
[[nodiscard]] std::string signature_of(const Context& context, std::string_view name, const std::vector<TypeId>& parameters);
[[nodiscard]] std::string getter_signature(Context& context, VariableId variable);

}  // namespace interlock::lang
