// Reads specifications in comments and adds them to the tree.
#pragma once

#include "lang/syntax/annotation.hpp"
#include "lang/syntax/grammar/builder.hpp"

namespace interlock::lang::grammar {

// The builder must have read the file of the annotations. Unreadable annotations, and those that belong to nothing, are
// reported.
void annotate(Tree& tree, Builder& builder, const std::vector<Annotation>& annotations);

}  // namespace interlock::lang::grammar
