// Verdicts: what `check` reports for one property of one contract, and why.
//
//   EXPLOIT  an attack that was replayed on the plain VM and left the attacker richer or an invariant broken
//   SAFE     proved, under the assumptions listed
//   UNKNOWN  neither, with what was searched and what blocked the proof; a failure is never reported as SAFE
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/property.hpp"
#include "lang/diagnostics/source.hpp"

namespace interlock::analyzer {

enum class Verdict : std::uint8_t { Exploit, Safe, Unknown };

[[nodiscard]] constexpr std::string_view name_of(Verdict verdict) {
    constexpr std::string_view names[] = {"EXPLOIT", "SAFE", "UNKNOWN"};
    return names[static_cast<std::size_t>(verdict)];
}

// Stable ids of findings; `interlock explain ID` documents each.
namespace finding_id {
inline constexpr std::string_view reentrant_theft = "R001";      // a re-entry leaves the attacker richer
inline constexpr std::string_view reentrant_violation = "R002";  // a re-entry breaks an invariant
inline constexpr std::string_view reentrant_excess = "R003";     // a re-entry passes a limit on what she may have
inline constexpr std::string_view plain_violation = "I001";      // an invariant breaks with no re-entry at all
inline constexpr std::string_view proved = "S001";
inline constexpr std::string_view not_proved = "U001";        // no attack within bounds, and no proof
inline constexpr std::string_view nothing_to_prove = "U002";  // no attack within bounds, and no property was stated
inline constexpr std::string_view not_searched = "U003";      // the contract could not be set up for the search
inline constexpr std::string_view anybody_takes = "W501";     // no re-entry: she ends richer and put nothing in
inline constexpr std::string_view order_decides = "W502";     // no re-entry: the order of transactions makes her richer
inline constexpr std::string_view view_in_between = "W503";   // a view says something else while a contract waits
inline constexpr std::string_view not_serial = "W504";        // a re-entry leads where no order of the calls leads
inline constexpr std::string_view view_may_be_torn = "W505";  // of what a view reads, some is written at a call, some not
}  // namespace finding_id

// Something worth knowing that is no attack by re-entry. It changes neither a verdict nor the exit code.
struct Warning {
    std::string id, contract, message;
    std::vector<std::string> steps;  // what leads there: "alice Bank.deposit() with 10 ether"
    lang::SourceRange range;         // of the function, or the call, that it is about
};

struct PropertyVerdict {
    PropertyId which;
    std::string contract;  // its name
    std::string property;  // its label: "solvent", "withdraw: ensures 1", "reentrancy"
    Verdict verdict = Verdict::Unknown;
    std::string id;
    std::string kind;                  // "reentrancy", "invariant", "proved", "not proved", "no attack within bounds", …
    std::vector<std::string> reasons;  // UNKNOWN: what blocked the proof and ended the search, one sentence each
    lang::SourceRange range;
    std::optional<std::size_t> attack;  // EXPLOIT: index into Report::attacks
};

// How far the search went. Everything inside these bounds was tried.
struct SearchBounds {
    std::uint32_t transactions = 6;             // any number of them may be the attacker's
    std::uint32_t depth = 3;                    // nested attacker frames
    std::uint32_t calls_per_callback = 2;       // that the attacker makes from one frame
    std::uint32_t calls = 5;                    // in total, by everybody, at argument level 0
    std::uint32_t wide_calls = 4;               // the same at level 1
    std::uint32_t argument_level = 2;           // of the candidates (explorer/candidates.hpp)
    bool is_guided = true;                      // goes on from promising states after the exhaustive part
    bool climbs_once = false;                   // the ascent begins (analyzer/explorer/ascent.hpp), guided or not
    std::uint64_t states = 100'000'000;         // highest number of distinct states
    std::uint64_t macro_steps = 1'000'000'000;  // highest number of runs of the VM from one choice to the next
    bool is_counted = false;                    // time is shared out by counting steps: the same search on every machine
    unsigned threads = 1;                       // that search; if steps are counted, one does
};

// Why a search ended: it reached its bounds, or something stopped it before.
enum class SearchEnd : std::uint8_t { Bounds, States, MacroSteps, Time, Interruption, NotSearched };

// "bounds", "states", "steps", "time", "interruption", "not searched"
[[nodiscard]] constexpr std::string_view name_of(SearchEnd end) {
    constexpr std::string_view names[] = {"bounds", "states", "steps", "time", "interruption", "not searched"};
    return names[static_cast<std::size_t>(end)];
}

struct SearchStats {
    std::uint64_t states = 0;         // distinct states at the choice points
    std::uint64_t macro_steps = 0;    // runs of the VM from one choice to the next
    std::uint64_t table_bytes = 0;    // in which states are remembered
    std::uint64_t replays = 0;        // candidate attacks that were replayed on the plain VM
    std::uint64_t unconfirmed = 0;    // of these, the ones that could not be repeated and were dropped
    std::uint64_t dropped_calls = 0;  // candidates given up because they often ran out of gas
    // Sides of conditional jumps in the contracts' code, and how many of them some run took.
    std::uint64_t branches = 0, branches_taken = 0;
    std::vector<lang::SourceRange> barriers;  // conditions that runs met and none got past
    SearchEnd end = SearchEnd::Bounds;
    double seconds = 0;

    [[nodiscard]] bool exhausted() const { return end == SearchEnd::Bounds; }

    // Adds another search's counts; the end is that of the first one that ended early. What one search got past is no
    // barrier.
    void add(const SearchStats& other) {
        if (macro_steps == 0) barriers = other.barriers;
        else
            std::erase_if(barriers, [&](const auto& range) {
                return std::ranges::find(other.barriers, range) == other.barriers.end();
            });
        states += other.states;
        macro_steps += other.macro_steps;
        table_bytes += other.table_bytes;
        replays += other.replays;
        unconfirmed += other.unconfirmed;
        dropped_calls += other.dropped_calls;
        branches += other.branches;
        branches_taken += other.branches_taken;
        seconds += other.seconds;
        if (exhausted()) end = other.end;
    }
};

}  // namespace interlock::analyzer
