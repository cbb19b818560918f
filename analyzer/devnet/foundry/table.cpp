#include "analyzer/devnet/foundry/table.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;

namespace {

struct Row {
    Cheatcode cheatcode;
    std::vector<abi::DataType> types;
};

class Table {
  public:
    Table() {
        for (const Cheatcodes& topic :
             {caller_cheatcodes(), block_cheatcodes(), account_cheatcodes(), code_cheatcodes(), expectation_cheatcodes(),
              recording_cheatcodes(), assertion_cheatcodes(), text_cheatcodes(), key_cheatcodes(), environment_cheatcodes(),
              random_cheatcodes(), flow_cheatcodes(), file_cheatcodes(), document_cheatcodes()})
            for (const Cheatcode& each : topic)
                rows_[abi::selector(each.signature)] = {each, abi::parameter_types(each.signature).value()};
        for (const std::string_view signature : unsupported_cheatcodes()) unsupported_[abi::selector(signature)] = signature;
    }

    [[nodiscard]] const Row* find(std::uint32_t selector) const {
        const auto found = rows_.find(selector);
        return found == rows_.end() ? nullptr : &found->second;
    }

    [[nodiscard]] std::string name_of(std::uint32_t selector) const {
        const auto found = unsupported_.find(selector);
        return found == unsupported_.end() ? fmt::format("with the selector 0x{:08x}", selector)
                                           : fmt::format("`{}`", found->second);
    }

  private:
    std::unordered_map<std::uint32_t, Row> rows_;
    std::unordered_map<std::uint32_t, std::string_view> unsupported_;
};

const Table& table() {
    static const Table made;
    return made;
}

}  // namespace

bool Call::is(std::size_t i, std::string_view type) const { return types[i] == abi::data_type(type); }

vm::Reply Call::refuse(std::string_view why) const {
    return fails(fmt::format("vm.{}: {}", signature.substr(0, signature.find('(')), why));
}

vm::Reply answer(Session& session, const vm::Message& message, vm::ByteView input) {
    if (input.size() < 4) return nothing();
    const auto selector = static_cast<std::uint32_t>(vm::word_from_big_endian(input.first(4)).low64());
    const Row* const row = table().find(selector);
    if (row == nullptr) {
        session.arrangement.unsupported.insert(table().name_of(selector));
        return fails(fmt::format("the cheatcode {} is not supported", table().name_of(selector)));
    }
    const auto arguments = abi::decode(row->types, input.subspan(4));
    if (!arguments)
        return fails(fmt::format("the arguments of the cheatcode `{}` cannot be decoded", row->cheatcode.signature));
    return row->cheatcode.act({session, message, row->cheatcode.signature, row->types, *arguments});
}

}  // namespace interlock::analyzer::foundry
