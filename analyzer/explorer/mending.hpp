// Mending: a call that failed is made again with what its numbers were compared with, one at a time, until it passes or gets
// no further (input-to-state correspondence; Aschermann et al., "REDQUEEN", NDSS 2019). A list of candidates for each
// number cannot do that: with several conditions over several numbers the right combination is one of thousands.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "analyzer/explorer/plan.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::analyzer {

// Returns the call with one of its numbers as small as it gets, each in turn, or little (a gwei: a pledge that costs nothing, and
// more than what is lost by rounding), or much (ten ether), or too large: then it fails where the number is compared with the
// most that passes.
enum class Extreme : std::uint8_t { Least, Little, Much, TooLarge };
[[nodiscard]] std::vector<Call> with_extremes(const lang::ir::Function& function, const Call& call, Extreme extreme);

// Two words that were compared and are not the same: an earlier call may have to leave the other one.
struct Mismatch {
    vm::Word found, wanted;
};

// A run that failed.
struct Failure {
    std::uint64_t place = 0;           // where: the last branch that it took
    std::size_t length = 0;            // branches before that
    std::vector<Call> mended;          // the call with another number, the likeliest first
    std::size_t signatures = 0;        // so many of them, the first, have another signature
    std::vector<Mismatch> mismatches;  // of hashes, the last first
    std::uint64_t path = 0;            // a hash of all branches
};

// How often calls that failed at a place were made again: most places cannot be passed by numbers.
class Mends {
  public:
    [[nodiscard]] bool may_try(std::uint64_t place) {
        std::uint32_t& tried = tried_[place];
        if (tried >= most_) return false;
        ++tried;
        return true;
    }
    // Other states, other conditions: each place may be tried a few times more.
    void allow_more() {
        for (auto& [place, tried] : tried_) tried -= std::min(tried, more_);
    }

  private:
    static constexpr std::uint32_t most_ = 24, more_ = 2;
    std::unordered_map<std::uint64_t, std::uint32_t> tried_;
};

// Calls `make(call)`, which returns the failure or nothing, with mended calls for as long as each gets further than the one
// before. Returns the call that passed.
template <class Make>
std::optional<Call> mend(std::optional<Failure> failure, Mends& mends, const Make& make) {
    constexpr int most_steps = 8;
    std::vector<std::uint64_t> seen;  // paths
    // A run that ends where the other one did may have got further, too: of `a || b` the branch that both take is the last.
    const auto is_further = [&](const Failure& again) {
        if (again.place != failure->place) return again.length > failure->length;
        return again.length >= failure->length && std::ranges::count(seen, again.path) == 0;
    };
    for (int step = 0; step < most_steps && failure; ++step) {
        seen.push_back(failure->path);
        std::optional<Failure> further;
        std::optional<Call> passed;
        // Returns whether the call got further. It may be that it has to be signed anew: that is tried once.
        const auto gets_further = [&](const auto& self, const Call& call, bool is_signed) -> bool {
            std::optional<Failure> again = make(call);
            if (!again) {
                passed = call;
                return true;
            }
            if (is_further(*again)) {
                further = std::move(again);
                return true;
            }
            for (std::size_t i = 0; !is_signed && i < again->signatures && mends.may_try(failure->place); ++i)
                if (self(self, again->mended[i], true)) return true;
            return false;
        };
        for (std::size_t i = 0; i < failure->mended.size(); ++i) {
            if (!mends.may_try(failure->place)) return std::nullopt;
            if (gets_further(gets_further, failure->mended[i], i < failure->signatures)) break;
        }
        if (passed) return passed;
        failure = std::move(further);
    }
    return std::nullopt;
}

}  // namespace interlock::analyzer
