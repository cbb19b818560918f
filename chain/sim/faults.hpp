// What goes wrong in a run, as a list that a person can read and write: one fault a line.
//
//     from 2s to 5s crash 1 torn           a node stops, and starts again from what it had written
//     from 3s to 8s partition 0 1 | 2 3    neither side hears the other
//     from 3s to 8s partition 0 > 2 3      these do not hear that one
//     from 1s to 4s drop 10%
//     at 0s equivocate 0                   to the end
//
// docs/protocols.md has the whole list. Faults that nobody wrote are drawn from a seed (`draw_faults`).
#pragma once

#include <string>
#include <variant>

#include "chain/consensus/engines.hpp"
#include "chain/sim/network.hpp"

namespace interlock::chain::sim {

inline constexpr Nanoseconds forever = INT64_MAX;

struct Fault {
    // clang-format off
    enum Kind : std::uint8_t {
        Crash,       // nodes; `disk` says what becomes of writes that were not durable
        Pause,       // nodes; what arrives waits
        Partition,   // nodes | others, or nodes > others: messages are lost
        Clog,        // likewise, but messages wait until the end
        Drop,        // amount: parts per million of all messages
        Duplicate,   // likewise
        Corrupt,     // likewise: a bit of the message is changed
        Delay,       // amount: nanoseconds more for every message
        Skew,        // nodes; amount: nanoseconds by which their clocks are wrong
        Drift,       // nodes; amount: parts per million by which their clocks are too fast
        Mute,        // nodes send nothing
        Equivocate,  // nodes tell half of the others something else, and sign both
        Withhold,    // nodes keep the blocks that they make to themselves until the end
        Babble,      // nodes say besides whatever they can sign, drawn from what they have heard
        kinds
    };
    // clang-format on
    enum Disk : std::uint8_t { Durable, Torn, Lost, Amnesia };

    Kind kind = Crash;
    Nanoseconds from = 0, until = forever;
    std::vector<NodeId> nodes, others;
    bool is_one_way = false;
    std::int64_t amount = 0;
    Disk disk = Lost;

    friend bool operator==(const Fault&, const Fault&) = default;
};
[[nodiscard]] std::string_view name_of(Fault::Kind kind);
[[nodiscard]] bool is_byzantine(Fault::Kind kind);

[[nodiscard]] std::string text_of(const Fault& fault);
[[nodiscard]] std::string text_of(const std::vector<Fault>& faults);  // a line each

// What is wrong with a text, and where.
struct ScriptError {
    std::size_t line = 0;  // from 1
    std::string message;
};
[[nodiscard]] std::variant<std::vector<Fault>, ScriptError> parse_faults(std::string_view text, std::uint32_t nodes);

// "1.5s", "20ms", "3us", "100ns", "2min"
[[nodiscard]] std::optional<Nanoseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string duration_text(Nanoseconds duration);  // the shortest text that is read as the same

// Faults within the tolerance, all of which end before `end`, but for those of liars, who lie to the end of the run.
[[nodiscard]] std::vector<Fault> draw_faults(const consensus::Tolerance& tolerance, std::uint32_t nodes, Nanoseconds end,
                                             Random& random);

}  // namespace interlock::chain::sim
