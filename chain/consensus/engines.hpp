// The engines that there are. One engine is one folder and one row here.
#pragma once

#include "chain/consensus/engine.hpp"
#include "chain/consensus/options.hpp"

namespace interlock::chain::consensus {

// What an engine is built to survive.
struct Tolerance {
    std::uint32_t crashes = 0;    // nodes that may be down, paused or lying at the same time
    std::uint32_t byzantine = 0;  // nodes that may lie
    bool is_asynchronous = true;  // whether wrong clocks, partitions and slow messages must do no harm
    bool may_forget = false;      // whether losing what was written does no harm
};

// How sure `finalised` is: never revoked within the tolerance, or the less likely to be the deeper it lies.
enum class Finality : std::uint8_t { Irrevocable, Probable };

// What liars, who work together, have told: half of the nodes hear of the one block, and the other half of another.
struct Lies {
    std::map<Hash, Hash> lie_for, truth_for;
};

// How votes decide, for the check that an engine refines Voting (chain/sim/refinement.hpp).
struct VotingRule {
    std::uint32_t quorum = 0;
    bool has_prepare = false;  // votes of phase 0 come before those of phase 1, which decide; otherwise there is one phase
    bool is_by_instance = false;  // every instance has ballots of its own: taking part in one says nothing of others
};

struct EngineEntry {
    std::string_view name, help;
    Finality finality;
    std::unique_ptr<Engine> (*make)(const EngineOptions& options);
    Tolerance (*tolerance)(std::uint32_t nodes);
    std::span<const std::string_view> message_kinds;  // a message is a list that begins with its kind's number
    std::uint32_t block_kinds;                        // bit i: messages of kind i bring a block or announce it
    // What a liar says in the place of this message to those who are deceived, or so that the others do not notice:
    // well-formed, and signed by itself. Null: nothing else.
    MessageRef (*forge)(Env& env, const MessageRef& message, Lies& lies, bool is_to_deceived);
    // The block that a message brings, announces or asks for; a null function: conservation is not checked.
    std::optional<Hash> (*block_in)(const Message& message, Codec& codec) = nullptr;
    VotingRule (*voting)(std::uint32_t nodes) = nullptr;  // null: it does not decide by votes
    bool is_lively = true;  // whether every transaction must become final when the faults are over
    // Any message that a liar can sign, drawn out of two that it has heard or sent. Null, or a null function: none.
    MessageRef (*babble)(Env& env, const MessageRef& one, const MessageRef& other, Random& random) = nullptr;
};

[[nodiscard]] std::span<const EngineEntry> all_engines();
[[nodiscard]] const EngineEntry* find_engine(std::string_view name);  // null: there is none

[[nodiscard]] inline std::uint32_t kind_of(const Message& message) {
    const ByteView bytes = message.bytes();
    constexpr std::uint8_t long_list = 0xf7, empty_string = 0x80;
    const std::size_t at = bytes.empty() || bytes[0] <= long_list ? 1 : 1U + bytes[0] - long_list;
    return at >= bytes.size() || bytes[at] == empty_string ? 0 : bytes[at];
}

}  // namespace interlock::chain::consensus
