// Compiled scenarios: their steps (lang/lower/scenario.hpp), and the code of the contract that evaluates their expressions.
#pragma once

#include "lang/codegen/artifact.hpp"
#include "lang/lower/scenario.hpp"

namespace interlock::lang {

struct CompiledScenario : LoweredScenario {
    Artifact artifact;  // the code of `questions`
};

}  // namespace interlock::lang
