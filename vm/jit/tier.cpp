#include "vm/jit/tier.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "vm/jit/background.hpp"
#include "vm/jit/compiler/interface.hpp"
#include "vm/jit/module.hpp"
#include "vm/jit/native_code.hpp"

namespace interlock::vm {
namespace {

std::atomic<NativeTier> tier = [] {
    const char* const chosen = std::getenv("INTERLOCK_JIT");
    return parse_native_tier(chosen == nullptr ? "" : chosen).value_or(NativeTier::Auto);
}();

// Compiling takes about as long as executing so much gas a byte. Code that has run a tenth of that will run on.
constexpr std::int64_t gas_per_byte = 20'000, least_gas = 5'000'000;

bool is_hot(const Code& code) { return code.spent() >= least_gas + gas_per_byte * static_cast<std::int64_t>(code.size()); }

// Nobody should take bytecode for the native code that was asked for.
bool is_compiler_there_or_missed() {
    static const bool is_there = [] {
        if (has_native_compiler()) return true;
        std::fputs("interlock: all code was to be native, but libinterlock_jit.so is not there or does not load\n", stderr);
        return false;
    }();
    return is_there;
}

}  // namespace

void set_native_tier(NativeTier chosen) { tier = chosen; }

std::optional<NativeTier> parse_native_tier(std::string_view text) {
    if (text == "always") return NativeTier::Always;
    if (text == "cheaply") return NativeTier::Cheaply;
    if (text == "never") return NativeTier::Never;
    if (text == "auto") return NativeTier::Auto;
    return {};
}

const NativeCode* worthwhile_native_code(const std::shared_ptr<const Code>& code, Fork fork) {
    const NativeTier chosen = tier.load(std::memory_order_relaxed);
    if (chosen == NativeTier::Never) return nullptr;
    const NativeCode* known = code->native_code(fork);
    if (known == nullptr && chosen == NativeTier::Auto && is_hot(*code)) compile_in_background(code, fork);
    if (known == nullptr && chosen != NativeTier::Auto && is_compiler_there_or_missed()) {
        const jit::Effort effort = chosen == NativeTier::Cheaply ? jit::Effort::Little : jit::Effort::Usual;
        known = code->keep(compile_native(*code, fork, effort));
    }
    return known != nullptr && known->runs() ? known : nullptr;
}

}  // namespace interlock::vm
