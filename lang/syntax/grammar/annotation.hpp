// Specifications in comments, read and put where they belong.
#pragma once

#include "lang/syntax/annotation.hpp"
#include "lang/syntax/grammar/builder.hpp"

namespace interlock::lang::grammar {

// The builder has read the file that the annotations are of. What cannot be read, or belongs to nothing, is reported.
void annotate(Tree& tree, Builder& builder, const std::vector<Annotation>& annotations);

}  // namespace interlock::lang::grammar
