#include "analyzer/models/models.hpp"

#include "analyzer/models/consensus/bpcon.hpp"
#include "analyzer/models/consensus/byzantine_votes.hpp"
#include "analyzer/models/consensus/commit.hpp"
#include "analyzer/models/consensus/fast_paxos.hpp"
#include "analyzer/models/consensus/generals.hpp"
#include "analyzer/models/consensus/mac_vectors.hpp"
#include "analyzer/models/consensus/multi_paxos.hpp"
#include "analyzer/models/consensus/paxos.hpp"
#include "analyzer/models/consensus/register_paxos.hpp"
#include "analyzer/models/consensus/registers.hpp"
#include "analyzer/models/consensus/simple_byzantine.hpp"
#include "analyzer/models/dao_5a.hpp"
#include "analyzer/models/dao_5b.hpp"
#include "analyzer/models/engines/entries.hpp"
#include "analyzer/models/evm_bank.hpp"
#include "analyzer/models/search_and_tell.hpp"

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

constexpr Parameter multi_paxos_parameters[] = {
    {"replicas", "who keep the log", 3, 1, consensus::most_log_replicas},
    {"writes", "commands that write the register", 1, 1, consensus::most_commands - 1},
    {"reads", "commands that read it", 1, 0, 1},
    {"ballots", "numbered from 1, each with a leader", 2, 1, consensus::most_log_ballots},
    {"quorum", "how many promise or accept; 0: a majority", 0, 0, consensus::most_log_replicas},
    {"dated", "1: notices of what is committed say in which ballot", 0, 0, 1},
    {"careless", "1: new leaders forget what was voted for", 0, 0, 1},
};

constexpr Parameter register_paxos_parameters[] = {
    {"clients", "each writes once and then reads", 2, 1, consensus::most_clients},
    {"servers", "who decide by majority", 3, 1, consensus::most_servers},
    {"forgets", "1: servers ask for any value, whatever was accepted", 0, 0, 1},
};

constexpr Parameter register_parameters[] = {
    {"clients", "who want to decide, each for a value of its own", 2, 1, consensus::most_register_clients},
    {"way", "0: compare-and-swap, 1: lock, 2: versions", 2, 0, 2},
    {"versions", "numbered from 1; clients take turns", 3, 1, 16},
    {"adopts", "1: C1, who reads a value writes it", 1, 0, 1},
    {"refuses", "1: C2, the register refuses smaller versions than it has seen", 1, 0, 1},
    {"crashes", "1: clients may stop at any time", 0, 0, 1},
};

constexpr Parameter simple_parameters[] = {
    {"nodes", "acceptors, N", 4, 1, consensus::most_simple_nodes},
    {"liars", "those that lie, f", 1, 0, consensus::most_simple_nodes},
    {"strict", "1: a value needs f + 1 reports; 0: fewer reports of others are ignored", 1, 0, 1},
    {"equivocates", "1: the first leader asks for two values", 0, 0, 1},
};

constexpr Parameter mac_parameters[] = {
    {"liars", "those that lie, f", 1, 0, 10},
    {"relays", "how often a proof is passed on", 1, 0, 10},
    {"messages", "in the first proof", 3, 1, 120},
};

constexpr Parameter tcommit_parameters[] = {{"managers", "resource managers", 3, 1, consensus::most_managers}};

constexpr Parameter two_phase_parameters[] = {
    {"managers", "resource managers", 3, 1, consensus::most_managers},
    {"hasty", "1: commits when all but one are prepared", 0, 0, 1},
    {"crashes", "1: the transaction manager may crash", 0, 0, 1},
};

constexpr Parameter generals_parameters[] = {
    {"generals", "all of them, of whom one is a traitor", 4, 2, consensus::most_generals},
    {"signed", "1: orders are signed; 0: a traitor says what it likes", 0, 0, 1},
};

constexpr Parameter byzantine_parameters[] = {
    {"nodes", "all of them, N", 4, 1, consensus::most_nodes},
    {"liars", "those that lie, f; the leader is one", 1, 0, consensus::most_nodes},
    {"quorum", "how many equal votes count as all", 3, 1, consensus::most_nodes},
    {"prepare", "1: nodes tell each other the proposal before they accept it", 1, 0, 1},
};

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
    return search_and_tell(consensus::TwoPhase({values[0], values[1] != 0, values[2] != 0}), options);
}

Result search_multi_paxos(std::span<const int> values, bool is_symmetric, const engine::Options& options) {
    return search_and_tell(consensus::MultiPaxos({values[0], values[1], values[2], values[3], values[4], values[5] != 0,
                                                  values[6] != 0, is_symmetric}),
                           options);
}

Result search_register_paxos(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::RegisterPaxos({values[0], values[1], values[2] != 0}), options);
}

Result search_registers(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::Registers({values[0], static_cast<consensus::Registers::Way>(values[1]), values[2],
                                                 values[3] != 0, values[4] != 0, values[5] != 0}),
                           options);
}

Result search_simple(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::SimpleByzantine({values[0], values[1], values[2] != 0, values[3] != 0}), options);
}

Result search_mac_vectors(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::MacVectors({values[0], values[1], values[2]}), options);
}

Result search_generals(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::Generals({values[0], values[1] != 0}), options);
}

Result search_byzantine(std::span<const int> values, bool /*is_symmetric*/, const engine::Options& options) {
    return search_and_tell(consensus::ByzantineVotes({values[0], values[1], values[2], values[3] != 0}), options);
}

std::vector<ModelEntry> contracts_and_specs() {
    return {
        {"EVMBank", "a bank of users who may call it again while it pays them", bank_parameters, true,
         engine::Reducible<EvmBank>, search_bank},
        {"DAO5a", "the DAO attack, Fig. 5(a): the bank pays and then debits", dao_parameters, false,
         engine::Reducible<Dao5a>, search_dao<Dao5a>},
        {"DAO5b", "its repair, Fig. 5(b): the bank debits and then pays", dao_parameters, false, engine::Reducible<Dao5b>,
         search_dao<Dao5b>},
        {"Consensus", "a value is chosen once", consensus_parameters, false, false, search_consensus},
        {"Voting", "acceptors vote in ballots, which refines Consensus", voting_parameters, true, false, search_voting},
        {"Paxos", "one value by messages, which refines Voting", paxos_parameters, true, false, search_paxos},
        {"MultiPaxos", "a log of commands under a stable leader, and what its clients see", multi_paxos_parameters, true,
         false, search_multi_paxos},
        {"RegisterPaxos", "a register that servers keep by Paxos, message by message", register_paxos_parameters, false,
         false, search_register_paxos},
        {"Registers", "consensus out of one shared register: compare-and-swap, lock, versions", register_parameters, false,
         false, search_registers},
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
        {"SimpleByzantine", "Paxos with liars and one round of votes, which takes more than 4f acceptors", simple_parameters,
         false, false, search_simple},
        {"MacVectors", "proofs without signatures, which lose f messages each time they are passed on", mac_parameters,
         false, false, search_mac_vectors},
        {"Generals", "Byzantine generals, of whom one is a traitor", generals_parameters, false, false, search_generals},
        {"ByzantineVotes", "nodes of which some lie, and the quorum that this takes", byzantine_parameters, false, false,
         search_byzantine},
    };
}

}  // namespace

std::span<const ModelEntry> all_models() {
    static const std::vector<ModelEntry> models = [] {
        std::vector<ModelEntry> all = contracts_and_specs();
        const std::span<const ModelEntry> engines = engines::entries();
        all.insert(all.end(), engines.begin(), engines.end());
        return all;
    }();
    return models;
}

}  // namespace interlock::analyzer::models
