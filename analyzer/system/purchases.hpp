// Purchases: things that the owner cannot give away, since they are sold, one by one, to whoever pays the price.
#pragma once

#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

// Has somebody honest buy some things of a kind, of which each has one holder (ERC-721). Returns whether she got any.
bool buy_things(Draft& draft, const DeployedContract& token);

}  // namespace interlock::analyzer
