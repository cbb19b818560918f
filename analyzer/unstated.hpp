// What is judged of every contract though it does not state it, beside `reentrancy`: that views are consistent, and that it
// is solvent. Neither changes an exit code.
#pragma once

#include "analyzer/check.hpp"
#include "analyzer/prover/callback_free.hpp"

namespace interlock::analyzer {

// What was proved of one contract.
struct ProvedOf {
    ArtifactIndex which{};
    const lang::ir::Contract& contract;
    const CallbackFreedom& freedom;
    const ProofReport& proof;
    bool is_interrupted = false;
};

// Adds what there is to say behind the contract's other verdicts, and the assumptions of that. The report has all its other
// verdicts, attacks and warnings.
//   views    SAFE, or a warning that names a view and a call, or UNKNOWN; one of them
//   solvent  SAFE, or nothing
void judge_unstated(Report& report, const ProvedOf& proved);

}  // namespace interlock::analyzer
