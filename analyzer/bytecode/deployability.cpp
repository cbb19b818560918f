#include "analyzer/bytecode/deployability.hpp"

#include <algorithm>

#include "analyzer/devnet/devnet.hpp"
#include "chain/genesis.hpp"
#include "vm/code.hpp"
#include "vm/opcodes.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_arguments = 12;
constexpr std::size_t compared_bytes = 32;  // of the deployed code
const Word much = Word{10} * chain::ether;  // that some constructors want

// Notes whether the outermost frame copies code, which creation code does and a dispatcher does not.
class CopyWatch final : public vm::Tracer {
  public:
    [[nodiscard]] vm::OpcodeSet wanted() const override {
        return vm::OpcodeSet{}.set(static_cast<std::size_t>(vm::Opcode::CODECOPY));
    }
    void on_instruction(const vm::TracePoint& point) override {
        has_copied |= point.depth == 1 && point.opcode == static_cast<std::uint8_t>(vm::Opcode::CODECOPY);
    }
    bool has_copied = false;
};

class Trial {
  public:
    Trial(const Bytes& code, vm::Fork fork) : code_(code), devnet_(nothing_, {.fork = fork}) {
        owner_ = devnet_.add_account("owner");
    }

    TriedCode run() {
        TriedCode tried;
        CopyWatch watch;
        std::vector<Word> words;
        Word value;
        for (; words.size() <= most_arguments; words.push_back(vm::to_word(owner_))) {
            for (const Word& each : {Word{}, much}) {
                if (tried.runtime_code.empty()) tried.runtime_code = deployed(words, value = each, &watch);
            }
            if (!tried.runtime_code.empty()) break;
        }
        tried.is_creation = !tried.runtime_code.empty() || watch.has_copied;
        if (tried.runtime_code.empty()) return tried;
        tried.is_payable = !value.is_zero() || !deployed(words, Word{1}).empty();
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::vector<Word> other = words;
            other[i] = Word{1} << 160u;
            tried.arguments.push_back(deployed(other, value).empty());
        }
        return tried;
    }

  private:
    // Returns what the code deploys, if it is part of the code.
    Bytes deployed(const std::vector<Word>& words, const Word& value, vm::Tracer* tracer = nullptr) {
        Bytes data = code_;
        for (const Word& word : words) {
            const auto bytes = vm::to_big_endian(word);
            data.insert(data.end(), bytes.begin(), bytes.end());
        }
        Devnet copy = devnet_;
        const chain::Result result = copy.send(owner_, std::nullopt, value, std::move(data), tracer);
        if (!result.valid() || !result.receipt.ok() || !result.receipt.created) return {};
        const auto made = copy.state().code(*result.receipt.created);
        const ByteView bytes = made->bytes();
        const ByteView head = bytes.first(std::min(bytes.size(), compared_bytes));
        if (head.empty() || std::search(code_.begin() + 1, code_.end(), head.begin(), head.end()) == code_.end()) return {};
        return {bytes.begin(), bytes.end()};
    }

    const Bytes& code_;
    lang::Compilation nothing_;
    Devnet devnet_;
    Address owner_;
};

}  // namespace

TriedCode try_code(const Bytes& code, vm::Fork fork) { return Trial(code, fork).run(); }

Bytes creation_of(const Bytes& runtime_code) {
    using enum vm::Opcode;
    const auto size = static_cast<std::uint32_t>(runtime_code.size());
    Bytes code;
    const auto op = [&](vm::Opcode opcode) { code.push_back(static_cast<std::uint8_t>(opcode)); };
    op(PUSH3);
    for (const unsigned shift : {16u, 8u, 0u}) code.push_back(static_cast<std::uint8_t>(size >> shift));
    op(DUP1);
    op(PUSH1);
    constexpr std::uint8_t length = 13;  // of this code
    code.push_back(length);
    op(PUSH1), code.push_back(0);
    op(CODECOPY);
    op(PUSH1), code.push_back(0);
    op(RETURN);
    code.insert(code.end(), runtime_code.begin(), runtime_code.end());
    return code;
}

}  // namespace interlock::analyzer
