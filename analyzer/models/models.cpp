#include "analyzer/models/models.hpp"

#include "analyzer/engine/search.hpp"
#include "analyzer/models/consensus/bpcon.hpp"
#include "analyzer/models/consensus/byzantine_votes.hpp"
#include "analyzer/models/consensus/commit.hpp"
#include "analyzer/models/consensus/fast_paxos.hpp"
#include "analyzer/models/consensus/paxos.hpp"
#include "analyzer/models/dao_5a.hpp"
#include "analyzer/models/dao_5b.hpp"
#include "analyzer/models/evm_bank.hpp"

namespace interlock::analyzer::models {

namespace {

constexpr Parameter bank_parameters[] = {
    {"N", "users", 3, 1, EvmBank::most_users},
    {"D", "what each user has in the bank at the start", 2, 0, 50},
    {"V", "what the bank has besides", 2, 0, 50},
    {"T", "transactions", 3, 0, 20},
    {"MAXD", "withdrawals inside one another", 3, 1, EvmBank::most_depth},
    {"AMAX", "the most that one call moves", 2, 1, 20},
    {"FIXED", "1: the bank debits before it pays", 0, 0, 1},
};

constexpr Parameter dao_parameters[] = {
    {"BALANCE", "what the bank has at the start", 10, 0, 1000},
    {"AMOUNT", "what is withdrawn", 10, 1, 1000},
    {"ATTACK", "how often Mallory calls back", 3, 0, 200},
};

constexpr Parameter consensus_parameters[] = {{"values", "what may be chosen", 3, 1, 8}};

constexpr Parameter voting_parameters[] = {
    {"acceptors", "who votes; a quorum is a majority", 3, 1, consensus::most_acceptors},
    {"values", "what may be chosen", 2, 1, consensus::most_values},
    {"ballots", "numbered from 0", 2, 1, consensus::most_ballots},
    {"together", "1: several quorums together may show that a value is safe", 0, 0, 1},
};

constexpr Parameter paxos_parameters[] = {
    {"acceptors", "who votes; a quorum is a majority", 3, 1, consensus::most_acceptors},
    {"values", "what may be chosen", 2, 1, consensus::most_values},
    {"ballots", "numbered from 0, each with a leader", 2, 1, consensus::most_ballots},
    {"forgets", "1: leaders ask for any value, whatever was promised", 0, 0, 1},
    {"first", "how many promises show what is safe; 0: a majority", 0, 0, consensus::most_acceptors},
    {"second", "how many votes choose; 0: a majority", 0, 0, consensus::most_acceptors},
};

constexpr Parameter pcon_parameters[] = {
    {"acceptors", "who votes", 3, 1, consensus::most_acceptors},
    {"values", "what may be chosen", 2, 1, consensus::most_values},
    {"ballots", "numbered from 0, each with a leader", 3, 1, consensus::most_ballots},
    {"careless", "1: leaders offer any value, whatever was promised", 0, 0, 1},
    {"first", "how many promises show what is safe; 0: a majority", 0, 0, consensus::most_acceptors},
    {"second", "how many votes choose; 0: a majority", 0, 0, consensus::most_acceptors},
};

constexpr Parameter fast_paxos_parameters[] = {
    {"acceptors", "who votes", 4, 1, consensus::most_acceptors},
    {"values", "what may be chosen", 3, 1, consensus::most_values},
    {"ballots", "numbered from 0", 4, 1, consensus::most_ballots},
    {"fast", "which of them are fast, a bit each: 5 is 0 and 2", 5, 0, (1 << consensus::most_ballots) - 1},
    {"quorum", "how many choose in a classic ballot", 3, 1, consensus::most_acceptors},
    {"fastquorum", "how many choose in a fast one", 3, 1, consensus::most_acceptors},
};

constexpr Parameter bpcon_parameters[] = {
    {"acceptors", "honest ones", 3, 1, consensus::most_acceptors},
    {"liars", "others, who have sent everything", 1, 0, consensus::most_acceptors},
    {"values", "what may be chosen", 2, 1, consensus::most_values},
    {"ballots", "numbered from 0, each with a leader", 3, 1, consensus::most_ballots},
    {"quorum", "how many equal messages count as all", 3, 1, 2 * consensus::most_acceptors},
    {"weak", "how many have an honest one among them", 2, 1, 2 * consensus::most_acceptors},
    {"stepwise", "1: leaders' messages and what acceptors learn are steps", 0, 0, 1},
    {"classic", "1: compares with classic Paxos, too", 0, 0, 1},
};

constexpr Parameter pbft_parameters[] = {
    {"honest", "replicas that do not lie", 3, 1, consensus::most_acceptors},
    {"liars", "others, among them the first primaries", 1, 0, consensus::most_acceptors},
    {"values", "what may be decided", 2, 1, consensus::most_values},
    {"views", "numbered from 0; the primary of each is the next replica", 3, 1, consensus::most_ballots},
    {"quorum", "how many equal messages count as all", 3, 1, 2 * consensus::most_acceptors},
    {"classic", "1: compares with classic Paxos, too", 0, 0, 1},
};

constexpr Parameter tcommit_parameters[] = {{"managers", "resource managers", 3, 1, consensus::most_managers}};

constexpr Parameter two_phase_parameters[] = {
    {"managers", "resource managers", 3, 1, consensus::most_managers},
    {"hasty", "1: commits when all but one are prepared", 0, 0, 1},
};

constexpr Parameter byzantine_parameters[] = {
    {"nodes", "all of them, N", 4, 1, consensus::most_nodes},
    {"liars", "those that lie, f; the leader is one", 1, 0, consensus::most_nodes},
    {"quorum", "how many equal votes count as all", 3, 1, consensus::most_nodes},
    {"prepare", "1: nodes tell each other the proposal before they accept it", 1, 0, 1},
};

template <engine::Model M>
std::vector<Step> steps(M model, const chain::Trace& choices) {
    std::vector<Step> steps{{"", model.variables()}};
    for (const std::uint32_t position : choices) {
        std::vector<typename M::Choice> all;
        model.choices([&all](const typename M::Choice& choice) { all.push_back(choice); });
        std::string text = model.describe(all.at(position));
        (void)model.apply(all[position]);
        steps.push_back({std::move(text), model.variables()});
    }
    return steps;
}

template <engine::Model M>
Result search_and_tell(const M& start, const engine::Options& options) {
    Result result{engine::search(start, options), {}};
    for (const engine::Property& property : M::properties) result.properties.push_back({property, false, {}, {}});
    for (const engine::Broken& broken : result.report.broken) {
        PropertyResult& property = result.properties.at(broken.property);
        property.is_broken = true;
        property.choices = broken.trace;
        property.trace = steps(start, broken.trace);
    }
    return result;
}

Result search_bank(std::span<const int> values, bool is_symmetric, const engine::Options& options) {
    const EvmBank::Parameters parameters{values[0], values[1], values[2],      values[3],
                                         values[4], values[5], values[6] != 0, is_symmetric};
    return search_and_tell(EvmBank(parameters), options);
}

template <class Figure>
Result search_dao(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(Figure({values[0], values[1], values[2]}), options);
}

Result search_consensus(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::Consensus(values[0]), options);
}

Result search_voting(std::span<const int> values, bool is_symmetric, const engine::Options& options) {
    return search_and_tell(consensus::Voting({{values[0], values[1], values[2]}, values[3] != 0, is_symmetric}), options);
}

Result search_paxos(std::span<const int> values, bool is_symmetric, const engine::Options& options) {
    return search_and_tell(
        consensus::Paxos({{values[0], values[1], values[2], values[4], values[5]}, is_symmetric, values[3] != 0}), options);
}

Result search_pcon(std::span<const int> values, bool is_symmetric, const engine::Options& options) {
    return search_and_tell(
        consensus::PCon({{values[0], values[1], values[2], values[4], values[5]}, is_symmetric, values[3] != 0}), options);
}

Result search_fast_paxos(std::span<const int> values, bool is_symmetric, const engine::Options& options) {
    return search_and_tell(consensus::FastPaxos({values[0], values[1], values[2], static_cast<unsigned>(values[3]),
                                                 values[4], values[5], is_symmetric}),
                           options);
}

Result search_bpcon(std::span<const int> values, bool is_symmetric, const engine::Options& options) {
    return search_and_tell(consensus::BPCon({.acceptors = values[0],
                                             .liars = values[1],
                                             .values = values[2],
                                             .ballots = values[3],
                                             .quorum = values[4],
                                             .weak = values[5],
                                             .is_stepwise = values[6] != 0,
                                             .is_classic = values[7] != 0,
                                             .is_symmetric = is_symmetric}),
                           options);
}

Result search_pbft(std::span<const int> values, bool is_symmetric, const engine::Options& options) {
    return search_and_tell(consensus::BPCon({.acceptors = values[0],
                                             .liars = values[1],
                                             .values = values[2],
                                             .ballots = values[3],
                                             .quorum = values[4],
                                             .is_signed = true,
                                             .is_classic = values[5] != 0,
                                             .is_symmetric = is_symmetric}),
                           options);
}

Result search_tcommit(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::TCommit(values[0]), options);
}

Result search_two_phase(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::TwoPhase({values[0], values[1] != 0}), options);
}

Result search_byzantine(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::ByzantineVotes({values[0], values[1], values[2], values[3] != 0}), options);
}

}  // namespace

std::span<const ModelEntry> all_models() {
    static const ModelEntry models[] = {
        {"EVMBank", "a bank of users who may call it again while it pays them", bank_parameters, true,
         engine::Reducible<EvmBank>, search_bank},
        {"DAO5a", "the DAO attack, Fig. 5(a): the bank pays and then debits", dao_parameters, false,
         engine::Reducible<Dao5a>, search_dao<Dao5a>},
        {"DAO5b", "its repair, Fig. 5(b): the bank debits and then pays", dao_parameters, false, engine::Reducible<Dao5b>,
         search_dao<Dao5b>},
        {"Consensus", "a value is chosen once", consensus_parameters, false, false, search_consensus},
        {"Voting", "acceptors vote in ballots, which refines Consensus", voting_parameters, true, false, search_voting},
        {"Paxos", "one value by messages, which refines Voting", paxos_parameters, true, false, search_paxos},
        {"FastPaxos", "one coordinator, and ballots in which acceptors vote for any value", fast_paxos_parameters, true,
         false, search_fast_paxos},
        {"PCon", "Paxos whose leaders say first what is safe, which refines Voting", pcon_parameters, true, false,
         search_pcon},
        {"BPCon", "the same where some acceptors and any leader may lie, which refines PCon", bpcon_parameters, true, false,
         search_bpcon},
        {"PBFT", "prepare, commit and change of view, which refines PCon but not classic Paxos", pbft_parameters, true,
         false, search_pbft},
        {"TCommit", "all managers commit, or all abort", tcommit_parameters, false, false, search_tcommit},
        {"TwoPhase", "two-phase commit, which refines TCommit", two_phase_parameters, false, false, search_two_phase},
        {"ByzantineVotes", "nodes of which some lie, and the quorum that this takes", byzantine_parameters, false, false,
         search_byzantine},
    };
    return models;
}

}  // namespace interlock::analyzer::models
