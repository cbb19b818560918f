#include "vm/translator/tiering.hpp"

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace interlock::vm {
namespace {

// Longer code always runs in the careful loop. No fork since Spurious Dragon deploys code of even a quarter of this size.
constexpr std::size_t max_code_bytes = 128 << 10;

// The gas of plain instructions that take three times as long as translating: for reading an instruction, and for
// making a cell.
constexpr std::int64_t gas_per_instruction = 100;
constexpr std::int64_t gas_per_cell = 300;
constexpr std::int64_t gas_per_block = 1'000;
// Most blocks cost this; translation time is not spent before it is earned. Long code is mostly straight, and all of it
// would have to be translated before that pays.
constexpr std::int64_t least_gas = 50'000, least_gas_per_byte = 50;

std::atomic<Tiering> tiering = [] {
    const char* const chosen = std::getenv("INTERLOCK_TRANSLATE");
    const std::string_view word = chosen == nullptr ? "" : chosen;
    return word == "always" ? Tiering::Always : word == "never" ? Tiering::Never : Tiering::Adaptive;
}();

bool is_hot(const Code& code) {
    return code.hotness() >= least_gas + least_gas_per_byte * static_cast<std::int64_t>(code.size());
}

}  // namespace

void set_tiering(Tiering chosen) { tiering = chosen; }

const Translation* worthwhile_translation(const Code& code, Fork fork, std::size_t pc) {
    const Tiering chosen = tiering.load(std::memory_order_relaxed);
    if (chosen == Tiering::Never) return nullptr;
    const Translation* const known = code.translation(fork);
    if (known != nullptr && known->has(pc)) return known;
    if (code.size() > max_code_bytes || (chosen != Tiering::Always && !is_hot(code))) return nullptr;
    return known != nullptr ? known : code.keep(std::make_unique<Translation>(code, fork));
}

bool has_earned_translation(const Code& code) {
    return tiering.load(std::memory_order_relaxed) == Tiering::Always || is_hot(code);
}

void pay_for_translation(const Code& code, std::size_t instructions, std::size_t cells) {
    code.add_hotness(Gas{-gas_per_block - gas_per_instruction * static_cast<std::int64_t>(instructions) -
                         gas_per_cell * static_cast<std::int64_t>(cells)});
}

}  // namespace interlock::vm
