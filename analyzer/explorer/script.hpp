// A script: what a plan does, but for who does it. The search plays it again with the attacker's contract in others'
// places, and repeats its calls where control reaches her: what takes a long way to reach is re-entered there.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

struct ScriptStep {
    std::optional<std::uint32_t> sender;  // whose single call it remains; std::nullopt: hers, or alice's
    std::vector<Call> hers;               // in one transaction of her contract; for the step of a sender, his call
    std::optional<Call> alices;           // for alice instead; none: only her contract can do this in one transaction
    std::vector<Call> alices_calls;       // all of hers, as alice would make them one after the other; none of the owner's
    Wait wait;
};

// Whose addresses the calls name.
enum class Naming : std::uint8_t { Themselves /* who named himself does */, Her /* everybody names her */ };

struct Script {
    std::vector<ScriptStep> steps;
    std::shared_ptr<const std::vector<Call>> vocabulary;  // what she calls where control reaches her, each once
    bool is_open = false;                                 // the search goes on behind the last step
};

// Whether the contract keeps who has how much of something.
[[nodiscard]] bool is_token(const DeployedContract& contract);

// Whether the call may give tokens to the attacker: nobody honest makes it.
[[nodiscard]] bool is_gift(const World& world, const Call& call);

// Returns std::nullopt for a plan in which she acts while a contract waits, or that is too long to be played.
[[nodiscard]] std::optional<Script> script_of(const World& world, std::span<const PlannedTransaction> plan, Naming naming);

// Makes the step's last call twice. Returns whether it is hers.
[[nodiscard]] bool double_step(Script& script, std::size_t step);
// Has alice do what the step does before she does it. Returns whether alice can.
[[nodiscard]] bool have_alice_first(Script& script, std::size_t step);

// Calls that passed in plans worth keeping, a few of each function, as she makes them.
class Repertoire {
  public:
    void add(const World& world, std::span<const PlannedTransaction> plan);
    // Adds the calls to what she calls in the script.
    void extend(Script& script) const;

  private:
    void add(const World& world, const Call& call);

    std::vector<Call> calls_;  // the newest first
};

}  // namespace interlock::analyzer
