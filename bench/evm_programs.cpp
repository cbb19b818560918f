#include "bench/evm_programs.hpp"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "bench/packages.hpp"
#include "chain/execution.hpp"
#include "lang/abi/abi.hpp"
#include "lang/compile.hpp"
#include "vm/code.hpp"
#include "vm/machine.hpp"

namespace interlock::bench {
namespace {

using vm::Address, vm::Bytes, vm::Message, vm::Word;

constexpr vm::Gas enough_gas{1'000'000'000};

Address named(std::uint8_t name) {
    Address address;
    address.bytes.front() = 0xaa;
    address.bytes.back() = name;
    return address;
}
const Address alice = named(1), bob = named(2), carol = named(3);

// What solc's code returns for the picture that is timed.
const std::string digest_of_picture = "238993a913f459a7fd24ff55eb10c55f8d694ab33af6724e84f0ede9ea3ff3f0";

Bytes bytes_of(const std::string& hex) {
    const std::optional<Bytes> bytes = vm::parse_hex(hex);
    if (!bytes) throw std::runtime_error("not hex: " + hex.substr(0, 40));
    return *bytes;
}

Program plain(std::string name, Bytes code, Bytes input, Bytes expected_output, std::int64_t gas_used) {
    Program program{std::move(name), std::move(code), {}, std::move(expected_output), gas_used, nullptr};
    program.message.recipient.bytes.front() = program.message.code_address.bytes.front() = 0xee;
    program.message.gas = enough_gas;
    program.message.input = std::move(input);
    return program;
}

// --- contracts ---

Bytes creation_code_of(const std::string& name) {
    const std::string path = std::string(INTERLOCK_SOURCE_DIR) + "/bench/programs/" + name;
    const lang::Compilation compiled = lang::compile(path, contents(path));
    if (compiled.main() == nullptr) throw std::runtime_error(path + " does not compile");
    return compiled.main()->creation_code;
}

Message message_to(const Address& contract, const Address& sender, std::string_view signature,
                   const std::vector<lang::abi::Value>& arguments) {
    Message message;
    message.sender = sender;
    message.recipient = message.code_address = contract;
    message.gas = enough_gas;
    message.input = lang::abi::call_data(lang::abi::selector(signature), arguments);
    return message;
}

// A contract in a world, and the calls of it that are timed: each begins in the same state, at the start of a transaction.
class Deployed {
  public:
    Deployed(const std::string& file, const std::vector<Word>& arguments) {
        state_.set_balance(alice, Word(1) << 100);
        state_.set_nonce(alice, 1);
        Message message;
        message.kind = vm::CallKind::Create;
        message.sender = alice;
        message.recipient = message.code_address = contract_ = chain::create_address(alice, 0);
        message.gas = enough_gas;
        message.input = creation_code_of(file);
        for (const Word& argument : arguments) {
            const auto bytes = vm::to_big_endian(argument);
            message.input.insert(message.input.end(), bytes.begin(), bytes.end());
        }
        run(message);
    }

    void call(const Address& sender, std::string_view signature, const std::vector<lang::abi::Value>& arguments) {
        run(message_to(contract_, sender, signature, arguments));
    }

    [[nodiscard]] Program timed(std::string name, const Address& sender, std::string_view signature,
                                const std::vector<lang::abi::Value>& arguments, const Word& expected) {
        auto world = std::make_shared<chain::State>(state_);
        world->begin_transaction({sender, {}, {}});
        world->warm_account(sender);
        world->warm_account(contract_);
        world->forget_history();
        const auto code = state_.code(contract_)->bytes();
        const auto output = vm::to_big_endian(expected);
        return {std::move(name),
                Bytes(code.begin(), code.end()),
                message_to(contract_, sender, signature, arguments),
                Bytes(output.begin(), output.end()),
                std::nullopt,
                std::move(world)};
    }

  private:
    void run(const Message& message) {
        state_.begin_transaction({message.sender, {}, {}});
        vm::Machine machine(state_, state_.fork());
        machine.start(message);
        if (!machine.run().outcome.ok()) throw std::runtime_error("a contract of bench/programs fails");
        state_.end_transaction();
        state_.forget_history();
    }

    chain::State state_{vm::Fork::Cancun};
    Address contract_;
};

}  // namespace

std::vector<Program> read_programs(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    std::vector<Program> programs;
    for (std::string line; std::getline(file, line);) {
        const auto row = nlohmann::json::parse(line);
        programs.push_back(plain(row.at("name"), bytes_of(row.at("code")), bytes_of(row.at("input")),
                                 bytes_of(row.at("expected_output")), row.at("gas_used")));
    }
    return programs;
}

std::vector<Program> built_in_programs() {
    const std::string square_add =  // x = 3, then 100,000 times x = x * x + c
        "600363000186a05b9080027fbb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1510e527fade682d1"
        "019060019003806007575060005260206000f3";
    const std::string keccak_chain = "63000003e85b602060002060005260019003806005575060206000f3";  // 1,000 times
    return {plain("built-in/square_add", bytes_of(square_add), {},
                  bytes_of("9018feb10697f04634f4c2cfffb022a5a7c528e73b23ae68703608841394d635"), 4'600'023),
            plain("built-in/keccak_chain", bytes_of(keccak_chain), {},
                  bytes_of("2753f483089f9c0c15f83873ae82f3523b900b7d8fc6d9d58abea890cb6c7788"), 74'014)};
}

std::vector<Program> contract_programs() {
    const Word supply = Word(1) << 120, one{1};
    Deployed token("token.sol", {supply});
    token.call(alice, "transfer(address,uint256)", {vm::to_word(bob), Word(1000)});
    token.call(alice, "approve(address,uint256)", {vm::to_word(carol), Word(1) << 100});
    Deployed tracer("ray_tracer.sol", {});
    const Word picture = vm::word_from_big_endian(bytes_of(digest_of_picture));
    return {token.timed("contracts/token/transfer", alice, "transfer(address,uint256)", {vm::to_word(bob), Word(5)}, one),
            token.timed("contracts/token/transferFrom", carol, "transferFrom(address,address,uint256)",
                        {vm::to_word(alice), vm::to_word(bob), Word(5)}, one),
            token.timed("contracts/token/approve", bob, "approve(address,uint256)", {vm::to_word(carol), Word(5)}, one),
            token.timed("contracts/token/balanceOf", bob, "balanceOf(address)", {vm::to_word(alice)}, supply - Word(1000)),
            tracer.timed("contracts/ray_tracer/16x12", alice, "render(uint256,uint256)", {Word(16), Word(12)}, picture)};
}

}  // namespace interlock::bench
