// Random numbers that are the same on every machine and with every compiler.
//
// SplitMix64 gives the bits (Steele et al., 2014). The distributions use integers alone: no <random>, whose results each
// library chooses, and no logarithm, whose last bit does.
#pragma once

#include <cstdint>

namespace interlock::chain::consensus {

using Nanoseconds = std::int64_t;
inline constexpr Nanoseconds microsecond = 1'000, millisecond = 1'000'000, second = 1'000'000'000;
inline constexpr std::uint32_t million = 1'000'000;

__extension__ typedef unsigned __int128 Product;

class Random {
  public:
    explicit constexpr Random(std::uint64_t seed, std::uint64_t stream = 0) : state_(mixed(seed) ^ mixed(~stream)) {}

    // All that the numbers to come depend on.
    [[nodiscard]] constexpr std::uint64_t state() const { return state_; }
    [[nodiscard]] static constexpr Random going_on_from(std::uint64_t state) {
        Random random(0);
        random.state_ = state;
        return random;
    }

    constexpr std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15ULL); }

    // Below n, which is at least 1. The bias is below n / 2^64.
    constexpr std::uint64_t below(std::uint64_t n) { return static_cast<std::uint64_t>((Product(next()) * n) >> 64); }
    constexpr bool chance(std::uint32_t parts_per_million) { return below(million) < parts_per_million; }
    constexpr Nanoseconds between(Nanoseconds least, Nanoseconds most) {
        return least + static_cast<Nanoseconds>(below(static_cast<std::uint64_t>(most - least) + 1));
    }

    // Exponentially distributed. A run of falling numbers has odd length with probability exp(-first); every run of even
    // length adds one to the result. (von Neumann, 1951)
    constexpr Nanoseconds exponential(Nanoseconds mean) {
        for (std::uint64_t whole = 0;; ++whole) {
            const std::uint64_t first = next();
            std::uint64_t last = first;
            bool is_odd = true;
            for (std::uint64_t drawn = next(); drawn < last; drawn = next()) {
                last = drawn;
                is_odd = !is_odd;
            }
            if (!is_odd) continue;
            const auto scale = static_cast<std::uint64_t>(mean);
            return static_cast<Nanoseconds>(whole * scale + static_cast<std::uint64_t>((Product(first) * scale) >> 64));
        }
    }

    // Close to normally distributed: the sum of twelve numbers below one has variance one. Never below zero.
    constexpr Nanoseconds normal(Nanoseconds mean, Nanoseconds deviation) {
        std::int64_t sum = -6 * (std::int64_t{1} << 32);
        for (int i = 0; i < 12; ++i) sum += static_cast<std::int64_t>(next() >> 32);
        const Nanoseconds drawn = mean + static_cast<Nanoseconds>(deviation / 65536.0 * static_cast<double>(sum >> 16));
        return drawn < 0 ? 0 : drawn;
    }

  private:
    static constexpr std::uint64_t mixed(std::uint64_t x) {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        return x ^ (x >> 31);
    }

    std::uint64_t state_;
};

}  // namespace interlock::chain::consensus
