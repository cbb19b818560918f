// Predicates for rules that need more than one token to begin: declaration or expression, spec word or ordinary name.
// None of them consumes anything.
#pragma once

#include "lang/syntax/grammar/builder.hpp"

namespace interlock::lang::grammar {

// A predicate may read this many tokens after the current one without checking for the end: that many follow the End.
inline constexpr std::size_t lookahead_tokens = 2;

// A predicate over the current token and what follows.
using Lookahead = bool (*)(const Builder&, Iterator);

// --- boundaries: tokens with which no statement, member or top-level declaration begins ---
bool ends_block(const Builder&, Iterator);     // `}`, the end, or a word that only a member can begin with
bool ends_contract(const Builder&, Iterator);  // `}`, the end, or a word that only stands at top level
bool ends_file(const Builder&, Iterator);

// --- declarations and statements ---
bool begins_declaration(const Builder&, Iterator);        // uint256 x, T.S storage s, mapping(…
bool begins_constant(const Builder&, Iterator);           // uint256 constant
bool begins_tuple_declaration(const Builder&, Iterator);  // (, uint256 x
bool begins_revert(const Builder&, Iterator);             // revert Name…
bool begins_revert_call(const Builder&, Iterator);        // revert(…
bool begins_placeholder(const Builder&, Iterator);        // _;
bool begins_bare_placeholder(const Builder&, Iterator);   // _
bool begins_call_options(const Builder&, Iterator);       // { name :
bool begins_function_type(const Builder&, Iterator);      // function (
bool begins_unnamed_fallback(const Builder&, Iterator);   // function () payable {
bool begins_var(const Builder&, Iterator);                // var name
bool begins_var_tuple(const Builder&, Iterator);          // var (
bool begins_throw(const Builder&, Iterator);              // throw;
bool is_constant_function(const Builder&, Iterator);      // constant, in the head of a function
bool is_old_unit(const Builder&, Iterator);               // finney
bool begins_value_type(const Builder&, Iterator);         // type Name is
bool begins_error(const Builder&, Iterator);              // error Name (
bool begins_receive(const Builder&, Iterator);            // receive (
bool begins_fallback(const Builder&, Iterator);           // fallback (
bool is_transient_word(const Builder&, Iterator);         // transient before another attribute or the name
bool begins_layout(const Builder&, Iterator);             // layout at
bool begins_unicode(const Builder&, Iterator);            // unicode"…"
bool begins_label(const Builder&, Iterator);              // name :

// --- assembly: any word of Solidity may be a name there, and names may contain dots ---
[[nodiscard]] bool is_yul_keyword(std::string_view word);
[[nodiscard]] bool begins_yul_statement(std::string_view word);  // anywhere
bool begins_yul_name(const Builder&, Iterator);
bool begins_yul_assignment(const Builder&, Iterator);  // name := and name, …
bool ends_yul_block(const Builder&, Iterator);
[[nodiscard]] Iterator behind_yul_name(const Builder&, Iterator);  // the name begins at the given place

// --- the specification layer: its words are names everywhere else, if the file declares them, and in .sol files ---
bool begins_invariant(const Builder&, Iterator);
bool begins_ghost(const Builder&, Iterator);
bool begins_ghost_function(const Builder&, Iterator);
bool begins_actor(const Builder&, Iterator);
bool begins_scenario(const Builder&, Iterator);
bool begins_spec_clause(const Builder&, Iterator);
bool begins_loop_invariant(const Builder&, Iterator);
bool begins_assume(const Builder&, Iterator);
bool begins_check(const Builder&, Iterator);
bool begins_quantifier(const Builder&, Iterator);
bool begins_old(const Builder&, Iterator);
bool begins_sum(const Builder&, Iterator);
bool is_result(const Builder&, Iterator);
bool begins_deployment(const Builder&, Iterator);  // deploy name =
bool begins_let(const Builder&, Iterator);         // let name =
bool begins_warp(const Builder&, Iterator);
bool begins_interleaving(const Builder&, Iterator);

}  // namespace interlock::lang::grammar
