// Minimums: tokens that take no notice of who has little, and pay dividends only to who has more.
#pragma once

#include "analyzer/system/system.hpp"

namespace interlock::analyzer {

// Returns how much of the token somebody is to get so that the token counts her among its holders: `least`, or up to `most`, if
// a transfer by the owner compares `least` with it and takes another way with as much. The token has transfer().
[[nodiscard]] Word enough_to_count(const World& world, const DeployedContract& token, const Word& least, const Word& most);

}  // namespace interlock::analyzer
