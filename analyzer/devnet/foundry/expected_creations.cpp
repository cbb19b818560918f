#include "analyzer/devnet/foundry/expected_creations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/devnet/foundry/texts.hpp"

namespace interlock::analyzer::foundry {

void ExpectedCreations::on_created(const vm::Message& message, vm::ByteView code) {
    const auto met = std::ranges::find_if(all_, [&](const ExpectedCreation& each) {
        return each.kind == message.kind && each.creator == message.sender && std::ranges::equal(each.code, code);
    });
    if (met != all_.end()) all_.erase(met);
}

std::string ExpectedCreations::missing() const {
    if (all_.empty()) return {};
    constexpr std::size_t most = 64;  // bytes of code that are shown
    const ExpectedCreation& first = all_.front();
    const vm::ByteView beginning = vm::ByteView(first.code).first(std::min(most, first.code.size()));
    return fmt::format("expected {} call by address {} for bytecode {}{} but not found",
                       first.kind == vm::CallKind::Create ? "CREATE" : "CREATE2", checksummed(first.creator),
                       vm::to_hex(beginning), first.code.size() > most ? "…" : "");
}

}  // namespace interlock::analyzer::foundry
