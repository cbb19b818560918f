// Runs the checker's steps. Each step relies on the steps before it.
#include "lang/program/check/context.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/check/passes.hpp"

namespace interlock::lang {

Program check(const Tree& tree, const Sources& sources, Diagnostics& diagnostics) {
    Context context(tree, sources, diagnostics);
    context.program.uint256 = context.types.uint();
    context.program.bytes = context.types.bytes(DataLocation::Memory);
    check_pragmas(context);
    declare_all(context);
    lay_out_storage(context);
    check_selectors(context);
    check_overrides(context);
    check_comments(context);
    check_shadowing(context);
    check_old_coder(context);
    check_bodies(context);
    check_mutability(context);
    check_sizes(context);
    find_recursion(context);
    return std::move(context.program);
}

}  // namespace interlock::lang
