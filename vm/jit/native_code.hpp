// NativeCode: what the compiler made of one bytecode for one fork, ready to run.
#pragma once

#include <memory>
#include <unordered_map>

#include "vm/fork.hpp"
#include "vm/jit/object_file.hpp"
#include "vm/jit/registers.hpp"

namespace interlock::vm {

class NativeCode {
  public:
    // Native code may be this much larger than the bytecode and no more.
    [[nodiscard]] static constexpr std::size_t max_bytes(std::size_t code_bytes) { return 32 * code_bytes + (64 << 10); }

    // Without native code: it was tried, and there is none.
    explicit NativeCode(Fork fork) : fork(fork) {}

    // Reads what the compiler emitted. Where that is not as it should be, there is no native code.
    NativeCode(Fork fork, ByteView compiled, std::size_t code_bytes);

    const Fork fork;
    std::unique_ptr<const NativeCode> next;  // for the same code and another fork

    [[nodiscard]] bool runs() const { return function_ != nullptr; }
    [[nodiscard]] std::size_t held_bytes() const { return sizeof *this + (pages_ == nullptr ? 0 : pages_->size()); }

    static constexpr std::uint32_t no_entry = ~std::uint32_t{0};
    // Returns by which number a frame at this pc with this many words on its stack enters.
    [[nodiscard]] std::uint32_t entry(std::size_t pc, std::size_t height) const {
        if ((pc | height) == 0) return 0;
        auto found = entries_.find(pc << 16 | height);
        if (found == entries_.end()) found = entries_.find(pc << 16 | jit::any_height);
        return found == entries_.end() ? no_entry : found->second;
    }
    [[nodiscard]] jit::Exit run(jit::Registers& registers, std::uint32_t entry) const {
        return static_cast<jit::Exit>(function_(&registers, registers.bottom, entry));
    }

  private:
    jit::Function* function_ = nullptr;
    std::unique_ptr<jit::Pages> pages_;
    std::unordered_map<std::size_t, std::uint32_t> entries_;  // by pc and height
};

}  // namespace interlock::vm
