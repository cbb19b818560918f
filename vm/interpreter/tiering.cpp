#include "vm/interpreter/tiering.hpp"

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace interlock::vm {
namespace {

// Longer code is left to the careful loop. No fork from Spurious Dragon on deploys code of a quarter of this.
constexpr std::size_t max_code_bytes = 128 << 10;

// Gas of plain instructions that take as long as translating.
constexpr std::int64_t gas_per_instruction = 250;
constexpr std::int64_t gas_per_block = 1'000;
constexpr std::int64_t least_gas = 25'000;  // so that a few blocks can be translated, once there is a reason to begin

std::atomic<Tiering> tiering = [] {
    const char* const chosen = std::getenv("INTERLOCK_TRANSLATE");
    const std::string_view word = chosen == nullptr ? "" : chosen;
    return word == "always" ? Tiering::Always : word == "never" ? Tiering::Never : Tiering::Adaptive;
}();

}  // namespace

void set_tiering(Tiering chosen) { tiering = chosen; }

const Translation* worthwhile_translation(const Code& code, Fork fork, std::size_t pc) {
    const Tiering chosen = tiering.load(std::memory_order_relaxed);
    if (chosen == Tiering::Never) return nullptr;
    const Translation* const known = code.translation(fork);
    if (known != nullptr && known->has(pc)) return known;
    if (code.size() > max_code_bytes || (chosen != Tiering::Always && code.heat() < least_gas)) return nullptr;
    return known != nullptr ? known : code.keep(std::make_unique<Translation>(code, fork));
}

bool has_earned_translation(const Code& code) {
    return tiering.load(std::memory_order_relaxed) == Tiering::Always || code.heat() > 0;
}

void pay_for_translation(const Code& code, std::size_t instructions) {
    code.warm_up(Gas{-gas_per_block - gas_per_instruction * static_cast<std::int64_t>(instructions)});
}

}  // namespace interlock::vm
