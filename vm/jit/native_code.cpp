#include "vm/jit/native_code.hpp"

#include <cstring>

#include "vm/jit/compiler/interface.hpp"

namespace interlock::vm {

NativeCode::NativeCode(Fork fork, ByteView compiled, std::size_t code_bytes) : fork(fork) {
    jit::Head head;
    if (compiled.size() < sizeof head) return;
    std::memcpy(&head, compiled.data(), sizeof head);
    const std::size_t entry_bytes = std::size_t{head.entries} * sizeof(jit::Entry);
    if (head.magic != jit::Head::expected_magic || compiled.size() != sizeof head + entry_bytes + head.object_bytes) return;
    for (std::uint32_t i = 0; i < head.entries; ++i) {
        jit::Entry entry;
        std::memcpy(&entry, compiled.data() + sizeof head + i * sizeof entry, sizeof entry);
        entries_.try_emplace(std::size_t{entry.pc} << 16 | entry.height, i);
    }
    pages_ = jit::Pages::place(compiled.subspan(sizeof head + entry_bytes), jit::function_symbol, max_bytes(code_bytes));
    if (pages_ != nullptr)
        function_ = reinterpret_cast<jit::Function*>(reinterpret_cast<std::uintptr_t>(pages_->function()));
}

}  // namespace interlock::vm
