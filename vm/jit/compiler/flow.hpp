// Flow: which blocks of a bytecode run at which stack heights, and where their jumps lead.
//
// The bytecode is executed with stacks of which only constants are known that are jump destinations. A context is a
// block with what is known of its stack; contexts with the same constants near the top are one, so that a function of
// the source that is called from many places returns to each of them without being taken for all. What is found is then
// summed up by block and height: one place of the native code. Where it cannot be told where a jump leads, or where there
// would be too many places, native code is made in another way (trace_builder.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "vm/code.hpp"
#include "vm/opcodes.hpp"

namespace interlock::vm::jit {

inline constexpr std::size_t max_block_instructions = 128;  // what compilers need grows faster than a block
inline constexpr std::size_t max_places = 3000;
inline constexpr std::size_t max_height = 160;  // of a stack whose words are all values; ordinary code has some forty

enum class Ending : std::uint8_t {
    Falls,     // goes on with the next block
    Jumps,     // JUMP
    Branches,  // JUMPI
    Halts,     // RETURN and the like, or a byte that is no instruction
    Leaves,    // before its last instruction, which opens a frame
};

// Instructions that are entered only at the first. Stack counts are words, relative to the height at the beginning.
struct Block {
    std::uint32_t begin = 0, end = 0;  // pc of the first instruction and after the last
    std::vector<std::uint32_t> pcs;    // of the instructions
    Ending ending = Ending::Falls;
    int need = 0;    // words that must be there
    int growth = 0;  // the most words in addition to those that are there
    int change = 0;  // of the height, when the block has ended
};

// A block at a height.
struct Place {
    std::uint32_t pc = 0, height = 0;
    bool runs = true;                    // otherwise the block lacks words, or has too many: control leaves before it
    bool is_known = true;                // whether `targets` are all
    std::vector<std::uint32_t> targets;  // of its jump, as far as known; a known jump without targets is invalid
};

struct Flow {
    std::map<std::uint32_t, Block> blocks;  // by pc
    std::vector<Place> places;              // the first is where the code begins

    // Returns the index of a place, or -1 if there is none.
    [[nodiscard]] int find(std::uint32_t pc, std::uint32_t height) const {
        const auto found = index_.find({pc, height});
        return found == index_.end() ? -1 : static_cast<int>(found->second);
    }

    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> index_;
};

// Returns the block that begins at `pc`, which may be just behind the code, where a STOP is.
[[nodiscard]] Block read_block(const Code& code, Fork fork, std::uint32_t pc);

[[nodiscard]] Flow find_flow(const Code& code, Fork fork);

}  // namespace interlock::vm::jit
