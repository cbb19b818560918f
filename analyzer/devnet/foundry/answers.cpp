#include "analyzer/devnet/foundry/answers.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;

vm::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

vm::Reply nothing() { return {}; }
vm::Reply accept(const Call&) { return nothing(); }

vm::Reply gives(std::string_view types, const std::vector<abi::Data>& values) {
    return {.output = abi::encode(abi::parameter_types(types).value(), values)};
}

vm::Reply gives(const vm::Word& word) { return gives("(uint256)", {abi::Data(word)}); }
vm::Reply gives(const vm::Address& address) { return gives(vm::to_word(address)); }
vm::Reply gives(const vm::Bytes& bytes) { return gives("(bytes)", {abi::Data(bytes)}); }
vm::Reply gives(std::string_view text) { return gives(bytes_of(text)); }
vm::Reply reverts(vm::Bytes data) { return {.revert = true, .output = std::move(data)}; }
vm::Reply reverts(std::string_view data) { return reverts(bytes_of(data)); }
vm::Reply fails(std::string_view text) { return reverts(cheatcode_error(text)); }

vm::Bytes cheatcode_error(std::string_view text) {
    const vm::Bytes encoded = abi::encode(abi::parameter_types("(string)").value(), {abi::Data(text)});
    return abi::call_data(abi::selector("CheatcodeError(string)"), encoded);
}

bool is_cheatcode_error(vm::ByteView revert_data) {
    return revert_data.size() >= 4 && vm::word_from_big_endian(revert_data.first(4)) ==
                                          vm::Word(std::uint64_t{abi::selector("CheatcodeError(string)")});
}

std::optional<vm::Bytes> error_text(vm::ByteView revert_data) {
    if (revert_data.size() < 4) return std::nullopt;
    const auto selector = static_cast<std::uint32_t>(vm::word_from_big_endian(revert_data.first(4)).low64());
    if (selector != abi::selector("Error(string)") && selector != abi::selector("CheatcodeError(string)"))
        return std::nullopt;
    const auto values = abi::decode(abi::parameter_types("(string)").value(), revert_data.subspan(4));
    if (!values) return std::nullopt;
    return values->front().bytes();
}

}  // namespace interlock::analyzer::foundry
