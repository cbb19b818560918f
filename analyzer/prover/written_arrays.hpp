// Arrays that a function makes in memory, fills with words, and sends with a call.
#pragma once

#include <optional>
#include <vector>

#include "analyzer/prover/memory_words.hpp"

namespace interlock::analyzer::prover {

// Returns the arrays of accounts that are put into the data of the call in its own block, in their order.
[[nodiscard]] std::vector<ir::Value> arrays_of_accounts_in(const ir::Contract& contract, const ir::Function& function,
                                                           const ir::ExternalCall& call);

// Returns all words that are ever written to the array; nothing if anybody else may write there.
[[nodiscard]] std::optional<std::vector<ir::Value>> words_written_to(const ir::Contract& contract,
                                                                     const ir::Function& function, const Makers& made_by,
                                                                     ir::Value array);

// Returns the call of which the value is an answer.
[[nodiscard]] const ir::ExternalCall* call_that_answers(const ir::Function& function, ir::Value answer);

}  // namespace interlock::analyzer::prover
