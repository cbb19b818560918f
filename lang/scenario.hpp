// Scenarios, compiled: their steps (lang/lower/scenario.hpp), and the code of the contract that answers their questions.
#pragma once

#include "lang/codegen/artifact.hpp"
#include "lang/lower/scenario.hpp"

namespace interlock::lang {

struct CompiledScenario : LoweredScenario {
    Artifact artifact;  // made of `questions`
};

}  // namespace interlock::lang
