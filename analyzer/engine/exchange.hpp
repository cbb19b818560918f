// How the processes of one search talk: all to all, in steps that all of them take.
#pragma once

#include <cstdint>
#include <vector>

namespace interlock::analyzer::engine {

class Exchange {
  public:
    using Bytes = std::vector<std::uint8_t>;

    virtual ~Exchange() = default;
    [[nodiscard]] virtual unsigned rank() const = 0;  // this process among all
    [[nodiscard]] virtual unsigned size() const = 0;  // how many there are
    // Gives one message to each, itself among them; returns what each has given to this one. All must call it.
    [[nodiscard]] virtual std::vector<Bytes> all_to_all(const std::vector<Bytes>& messages) = 0;
};

}  // namespace interlock::analyzer::engine
