#include "analyzer/models/engines/entries.hpp"

#include <array>

#include "analyzer/models/engines/engine_model.hpp"
#include "analyzer/models/search_and_tell.hpp"

namespace interlock::analyzer::models::engines {

namespace {

// Engines that decide by votes.
constexpr Parameter council_parameters[] = {
    {"nodes", "all of them, N", 4, 1, 7},
    {"liars", "the first ones, who say two things wherever they can", 0, 0, 7},
    {"quorum", "how many votes count as all; 0: the right number", 0, 0, 14},
    {"transactions", "that every node has from the start", 1, 0, 4},
    {"blocks", "nobody makes one above this height", 1, 1, 4},
    {"timers", "how often one may ring", 0, 0, 20},
    {"restarts", "how often a node may stop, and start again from its disk", 0, 0, 5},
    {"once", "1: messages arrive at most once; 0: late, often or never", 0, 0, 1},
    {"losses", "with once=1: messages that are lost", 0, 0, 10},
    {"duplicates", "with once=1: messages that arrive twice", 0, 0, 10},
    {"shares", "the council's votes, one for each of the last key blocks; 0: as many as nodes", 0, 0, 14},
};
constexpr std::span<const Parameter> voting_parameters = std::span(council_parameters).first(10);

// Engines whose blocks form a tree.
constexpr Parameter mining_parameters[] = {
    {"nodes", "all of them, who are alike", 3, 1, 7},
    {"blocks", "that are found", 2, 1, 6},
    {"pushes", "1: blocks are sent at once; 0: announced, and sent when asked for", 0, 0, 1},
    {"firstseen", "1: of equal branches a node keeps the one that it saw first", 0, 0, 1},
    {"once", "1: messages arrive exactly once; 0: late, often or never", 1, 0, 1},
    {"losses", "with once=1: messages that are lost", 0, 0, 10},
};

// Of those with leaders. Where slots are times a block that comes too early is refused, and does not come again.
constexpr std::array<Parameter, 8> leading_parameters(int preset_once) {
    return {{
        {"nodes", "all of them", 3, 1, 7},
        {"timers", "how often one may ring", 2, 0, 20},
        {"pushes", "1: blocks are sent at once; 0: announced, and sent when asked for", 1, 0, 1},
        {"firstseen", "1: of equal branches a node keeps the one that it saw first", 0, 0, 1},
        {"once", "1: messages arrive exactly once; 0: late, often or never", preset_once, 0, 1},
        {"losses", "with once=1: messages that are lost", 0, 0, 10},
        {"transactions", "that every node has from the start", 1, 0, 4},
        {"restarts", "how often a node may stop, and start again from its disk", 0, 0, 5},
    }};
}
constexpr std::array working_parameters = leading_parameters(1), slot_parameters = leading_parameters(0);

Result search_actors(const Setting& setting, const EngineModel::Bounds& bounds, const engine::Options& options) {
    return search_and_tell(EngineModel(std::make_shared<Actors>(setting), bounds), options);
}

template <const char* const& name>
Result search_votes(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    Setting setting = setting_of(name);
    setting.nodes = static_cast<std::uint32_t>(values[0]);
    setting.liars = static_cast<std::uint32_t>(std::min(values[1], values[0]));
    setting.options.quorum = static_cast<std::uint32_t>(values[2]);
    setting.transactions = static_cast<std::uint32_t>(values[3]);
    setting.options.most_blocks = static_cast<std::uint64_t>(values[4]);
    setting.keeps_disks = values[6] > 0;
    const bool has_shares = values.size() > voting_parameters.size() && values[10] > 0;
    setting.options.council = has_shares ? static_cast<std::uint32_t>(values[10]) : setting.nodes;
    const auto count = [&values](std::size_t i) { return static_cast<std::uint8_t>(values[i]); };
    const bool is_once = values[7] != 0;
    const std::uint8_t none = 0;
    return search_actors(setting, {count(5), count(6), is_once, is_once ? count(8) : none, is_once ? count(9) : none},
                         options);
}

template <const char* const& name>
Result search_tree(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    Setting setting = setting_of(name);
    setting.nodes = static_cast<std::uint32_t>(values[0]);
    setting.options.pushes = values[2] != 0;
    if (values[3] != 0) setting.options.tie_break = chain::consensus::TieBreak::FirstSeen;
    const bool is_once = values[4] != 0;
    const auto losses = static_cast<std::uint8_t>(is_once ? values[5] : 0);
    setting.transactions = values.size() > 6 ? static_cast<std::uint32_t>(values[6]) : 0;
    const auto restarts = static_cast<std::uint8_t>(values.size() > 6 ? values[7] : 0);
    setting.keeps_disks = restarts > 0;
    return search_actors(setting, {static_cast<std::uint8_t>(values[1]), restarts, is_once, losses, 0}, options);
}

constexpr const char *pbft = "pbft", *linear_pbft = "linear-pbft", *byzcoin = "byzcoin", *multipaxos = "multipaxos",
                     *work = "pow", *bitcoin_ng = "bitcoin-ng", *authority = "poa", *stake = "stake", *instant = "instant";

}  // namespace

std::span<const ModelEntry> entries() {
    static const ModelEntry all[] = {
        {"engine-pbft", "the simulation's PBFT engine: every order of its messages", voting_parameters, false, false,
         search_votes<pbft>, false},
        {"engine-linear-pbft", "the same with a primary who collects the votes", voting_parameters, false, false,
         search_votes<linear_pbft>, false},
        {"engine-byzcoin", "the simulation's ByzCoin: timers find key blocks, and suspect leaders", council_parameters,
         false, false, search_votes<byzcoin>, false},
        {"engine-multipaxos", "the simulation's MultiPaxos engine, which needs timers=1 to begin", voting_parameters, false,
         false, search_votes<multipaxos>, false},
        {"engine-pow", "the simulation's proof of work: who finds a block when", mining_parameters, false, false,
         search_tree<work>, false},
        {"engine-bitcoin-ng", "the simulation's Bitcoin-NG: timers find key blocks, and make micro blocks",
         working_parameters, false, false, search_tree<bitcoin_ng>, false},
        {"engine-poa", "the simulation's proof of authority: each node's clock stands at its last slot", slot_parameters,
         false, false, search_tree<authority>, false},
        {"engine-stake", "the same with slots drawn by stake", slot_parameters, false, false, search_tree<stake>, false},
        {"engine-instant", "the simulation's instant seal", working_parameters, false, false, search_tree<instant>, false},
    };
    return all;
}

}  // namespace interlock::analyzer::models::engines
