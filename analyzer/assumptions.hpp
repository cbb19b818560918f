// What proofs rest on: each assumption has an id, a sentence that is printed with the verdict, and a page for
// `interlock explain`. The sentences stand here alone, so none is printed that has no page.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace interlock::analyzer {

enum class Assumed : std::uint8_t {
    Fork,
    OwnCode,
    NoCollisions,
    SmallWorld,
    Assume,
    StipendOfPayments,
    Requires,
    LastingCode,
    NoSumOverflows,
    QuietOwner,
    StipendOfCallee,
    Parts,
    Tokens,
    Rights,
    OneOfKind,
    SharedOfKind,
    OddViews,
    PlainOrigin,
    ToldAfterwards,
    AtHand,
    SteadyAnswers,
    ToldInOrder,
    MovedAtOnce,
    Scripts,
    Elsewhere,
    MixedViews,
    WrittenOut,
    Covered,
    OrderOfLists,
    TakenAgain,
    Clones,
    CodeBehind,
    NumbersAlike,
    Tellings,
    Gifts,
    Records,
    Returns,
    Modules,
    Alone,
    Lent,
    Started,
    Receivers,
    Named,
    OneOfSeveral,
    Trusted,
    TrustedRole,
    Directories,
    Collection,
    Enough,
    OwnersCode,
    OwnersWallet,
    Looks,
};

struct Assumption {
    Assumed what;
    std::string_view id, sentence;  // "A101", "the assume at {} holds"
    std::string_view text;          // lines, each with its end
};

[[nodiscard]] std::span<const Assumption> assumptions();
[[nodiscard]] const Assumption& page_of(Assumed what);
// Both return null if there is none.
[[nodiscard]] const Assumption* find_assumption(std::string_view id);
[[nodiscard]] const Assumption* assumption_of(std::string_view sentence);  // as it was printed

// Returns the sentence with what stands in its gaps.
template <class... Names>
[[nodiscard]] std::string assumed(Assumed what, const Names&... names) {
    return fmt::format(fmt::runtime(page_of(what).sentence), names...);
}

}  // namespace interlock::analyzer
