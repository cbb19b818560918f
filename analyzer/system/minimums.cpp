#include "analyzer/system/minimums.hpp"

#include <set>

#include "analyzer/explorer/observations.hpp"
#include "analyzer/system/environment.hpp"

namespace interlock::analyzer {

Word enough_to_count(const World& world, const DeployedContract& token, const Word& least, const Word& most) {
    Observations seen;
    const auto transfer = [&](const Word& amount) {
        seen.begin_run();
        World copy = world;
        const Bytes data = lang::abi::call_data(token_selector::transfer, {vm::to_word(copy.users()[0].address), amount});
        return copy.execute(copy.transaction(copy.owner().address, token.address, Word{}, data), &seen).receipt.ok();
    };
    const auto path = [&] { return seen.failure_of({}).path; };  // of the last run
    if (!transfer(least)) return least;
    const std::uint64_t usual = path();
    std::set<Word> limits;
    for (const auto& [found, other] : seen.compared_amounts())
        if (found == least && other > least && !(other > most)) limits.insert(other);
    Word enough = least;
    for (const Word& limit : limits)
        if (transfer(limit) && path() != usual) enough = limit;
    return enough;
}

}  // namespace interlock::analyzer
