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

struct EngineEntry {
    std::string_view name, help;
    Finality finality;
    std::unique_ptr<Engine> (*make)(const EngineOptions& options);
    Tolerance (*tolerance)(std::uint32_t nodes);
    std::span<const std::string_view> message_kinds;  // a message is a list that begins with its kind's number
    std::uint32_t block_kinds;                        // bit i: messages of kind i bring a block or announce it
    // Something else that a liar could say to others in the place of this message: well-formed, and signed by itself.
    // Null: nothing.
    MessageRef (*forge)(Env& env, const MessageRef& message);
    // The block that a message brings, announces or asks for; a null function: conservation is not checked.
    std::optional<Hash> (*block_in)(const Message& message, Codec& codec) = nullptr;
    bool is_lively = true;  // whether every transaction must become final when the faults are over
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
