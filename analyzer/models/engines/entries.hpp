// The engines of chain/consensus/ as rows of the list of models.
#pragma once

#include "analyzer/models/models.hpp"

namespace interlock::analyzer::models::engines {

[[nodiscard]] std::span<const ModelEntry> entries();

}  // namespace interlock::analyzer::models::engines
