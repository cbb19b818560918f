#include "tests/conformance/state_case.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "chain/execution.hpp"
#include "chain/receipt.hpp"
#include "vm/keccak.hpp"
#include "vm/precompiles.hpp"
#include "vm/tracer.hpp"

namespace interlock::conformance {

using chain::State, chain::Transaction, chain::TransactionType, chain::Word;
using nlohmann::json;
using vm::Address, vm::Bytes, vm::Fork, vm::Hash;

namespace {

// A number does not fit where the protocol puts it: the transaction cannot exist.
struct Unrepresentable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// --- reading ---------------------------------------------------------------------------------------------------------

template <class T>
T must(std::optional<T> value, const std::string& text) {
    if (!value) throw std::runtime_error("malformed: " + text);
    return *std::move(value);
}

Word to_word(const json& value) {
    std::string text = value.get<std::string>();
    if (text == "0x") return {};
    constexpr std::string_view huge = "0x:bigint ";  // marks numbers that are too large on purpose
    if (text.starts_with(huge)) text = text.substr(huge.size());
    const auto word = vm::parse_word(text);
    if (!word) throw Unrepresentable(text + " is no number of 256 bits");
    return *word;
}

std::uint64_t to_u64(const json& value) {
    const Word word = to_word(value);
    if (!word.fits_u64()) throw Unrepresentable(value.get<std::string>() + " is no number of 64 bits");
    return word.low64();
}

Bytes to_bytes(const json& value) { return must(vm::parse_hex(value.get<std::string>()), value.dump()); }
Address to_address(const json& value) { return must(vm::parse_address(value.get<std::string>()), value.dump()); }
Hash to_hash(const json& value) { return must(vm::parse_hash(value.get<std::string>()), value.dump()); }

// EIP-4844's fake_exponential(1, excess, fraction): by its Taylor series, in integers.
Word blob_base_fee(std::uint64_t excess, std::uint64_t fraction) {
    Word sum, term = fraction;
    for (std::uint64_t i = 1; !term.is_zero(); ++i) {
        sum = sum + term;
        term = term * Word(excess) / (Word(fraction) * Word(i));
    }
    return sum / Word(fraction);
}

std::uint64_t blob_fraction(const json& test, Fork fork, const std::string& fork_name) {
    const json config = test.value("config", json::object()).value("blobSchedule", json::object());
    if (config.contains(fork_name)) return to_u64(config[fork_name]["baseFeeUpdateFraction"]);
    return fork >= Fork::Prague ? 5'007'716 : 3'338'477;
}

vm::BlockContext read_block(const json& test, Fork fork, const std::string& fork_name) {
    const json& env = test.at("env");
    vm::BlockContext block;
    block.number = to_u64(env.at("currentNumber"));
    block.timestamp = to_u64(env.at("currentTimestamp"));
    block.gas_limit = to_u64(env.at("currentGasLimit"));
    block.coinbase = to_address(env.at("currentCoinbase"));
    const bool merged = fork >= Fork::Paris && env.contains("currentRandom");
    block.prev_randao = to_word(env.at(merged ? "currentRandom" : "currentDifficulty"));
    if (fork >= Fork::London && env.contains("currentBaseFee")) block.base_fee = to_word(env["currentBaseFee"]);
    if (env.contains("currentExcessBlobGas"))
        block.blob_base_fee = blob_base_fee(to_u64(env["currentExcessBlobGas"]), blob_fraction(test, fork, fork_name));
    if (test.contains("config") && test["config"].contains("chainid"))
        block.chain_id = to_u64(test["config"]["chainid"]);
    return block;
}

State read_state(const json& test, Fork fork, const std::string& fork_name) {
    State state(fork);
    for (const auto& [address_text, account] : test.at("pre").items()) {
        const Address address = must(vm::parse_address(address_text), address_text);
        state.set_balance(address, to_word(account.at("balance")));
        state.set_nonce(address, to_u64(account.at("nonce")));
        state.set_code(address, to_bytes(account.at("code")));
        for (const auto& [slot, value] : account.at("storage").items())
            state.store(address, to_word(slot), to_word(value));
    }
    const vm::BlockContext block = read_block(test, fork, fork_name);
    state.set_block(block);
    // By the suites' convention a block's hash is that of its number's decimal digits.
    for (std::uint64_t number = block.number - std::min<std::uint64_t>(block.number, 256); number < block.number;
         ++number) {
        const std::string digits = std::to_string(number);
        state.add_block_hash(number, vm::keccak256(Bytes(digits.begin(), digits.end())));
    }
    state.forget_history();
    return state;
}

std::vector<chain::AccessListEntry> read_access_list(const json& list) {
    std::vector<chain::AccessListEntry> entries;
    for (const json& item : list) {
        chain::AccessListEntry entry{to_address(item.at("address")), {}};
        for (const json& slot : item.at("storageKeys")) entry.slots.push_back(to_word(slot));
        entries.push_back(std::move(entry));
    }
    return entries;
}

// From the test's fields; older suites have nothing else.
Transaction read_fields(const json& fields, const json& indexes, std::uint64_t chain_id) {
    Transaction tx;
    const std::size_t data = indexes.at("data");
    if (fields.contains("accessLists") && data < fields["accessLists"].size() &&
        !fields["accessLists"][data].is_null()) {
        tx.type = TransactionType::AccessList;
        tx.access_list = read_access_list(fields["accessLists"][data]);
    }
    if (fields.contains("maxFeePerGas")) {
        tx.type = TransactionType::FeeMarket;
        tx.gas_price = to_word(fields["maxFeePerGas"]);
        tx.priority_fee = to_word(fields.at("maxPriorityFeePerGas"));
    } else {
        tx.gas_price = tx.priority_fee = to_word(fields.at("gasPrice"));
    }
    tx.chain_id = tx.type == TransactionType::Legacy ? std::nullopt : std::optional(chain_id);
    tx.nonce = to_u64(fields.at("nonce"));
    tx.gas_limit = to_u64(fields.at("gasLimit").at(indexes.at("gas").get<std::size_t>()));
    tx.value = to_word(fields.at("value").at(indexes.at("value").get<std::size_t>()));
    tx.data = to_bytes(fields.at("data").at(data));
    if (const std::string to = fields.at("to"); !to.empty()) tx.to = must(vm::parse_address(to), to);
    if (fields.contains("sender"))
        tx.sender = to_address(fields["sender"]);
    else
        tx.sender = chain::address_of(chain::PrivateKey{to_hash(fields.at("secretKey")).bytes});
    return tx;
}

// From its signed encoding, which must be what we would write.
Transaction read_encoded(const Bytes& bytes, Fork fork, const json& fields) {
    const chain::DecodedTransaction decoded = chain::decode(bytes, fork);
    if (!decoded.transaction) throw Unrepresentable(std::string(decoded.reason));
    if (chain::encode(*decoded.transaction) != bytes)
        throw std::runtime_error("the transaction is encoded differently");
    if (fields.contains("sender") && decoded.transaction->sender != to_address(fields["sender"]))
        throw std::runtime_error("the recovered sender is " + vm::to_hex(decoded.transaction->sender));
    return *decoded.transaction;
}

// --- running ---------------------------------------------------------------------------------------------------------

// What differs from the expected accounts that newer suites carry; empty when nothing does or nothing is known.
std::string first_difference(State& state, const json& expected) {
    for (const auto& [address_text, account] : expected.items()) {
        const Address address = must(vm::parse_address(address_text), address_text);
        const auto differs = [&](std::string_view what, const Word& is, const json& should) {
            return is == to_word(should) ? std::string{}
                                         : "; " + address_text + " " + std::string(what) + " is " + vm::to_hex(is) +
                                               ", should be " + should.get<std::string>();
        };
        std::string text = differs("balance", state.balance(address), account.at("balance")) +
                           differs("nonce", state.nonce(address), account.at("nonce"));
        for (const auto& [slot, value] : account.at("storage").items())
            text += differs("slot " + slot, state.load(address, to_word(slot)), value);
        if (!text.empty()) return text;
    }
    return {};
}

// Notes the precompile that the machine does not have.
class UnavailableNote final : public vm::Tracer {
  public:
    explicit UnavailableNote(Fork fork) : fork_(fork) {}
    void on_exit(const vm::Message& message, const vm::Outcome& outcome) override {
        const vm::Precompile* precompile = vm::find_precompile(message.code_address, fork_);
        if (outcome.status == vm::Status::PrecompileUnavailable && precompile != nullptr) name_ = precompile->name;
    }
    [[nodiscard]] std::string reason() const { return "precompile " + name_; }

  private:
    Fork fork_;
    std::string name_;
};

chain::Result execute_case(State& state, const json& test, const json& expected, Fork fork,
                           vm::Tracer* tracer = nullptr) {
    const json& fields = test.at("transaction");
    try {
        const Transaction tx = expected.contains("txbytes")
                                   ? read_encoded(to_bytes(expected["txbytes"]), fork, fields)
                                   : read_fields(fields, expected.at("indexes"), state.block().chain_id);
        return chain::execute(state, tx, tracer);
    } catch (const Unrepresentable&) {
        return {chain::Invalid::Overflow, {}};
    }
}

// retesteth, unlike later fillers, rewards the coinbase with nothing even when the transaction was refused.
void touch_coinbase(State& state) {
    state.begin_transaction({});
    state.touch(state.block().coinbase);
    state.end_transaction();
}

bool is_filled_by_retesteth(const json& test) {
    return test.value("_info", json::object()).value("filling-tool-version", "").find("retesteth") != std::string::npos;
}

void judge(State& state, const json& test, const json& expected, Fork fork, CaseResult& result) {
    const auto fail = [&](const std::string& why) {
        result.kind = CaseResult::Failed;
        result.why = why;
    };
    const auto before = state.checkpoint();
    const chain::Result outcome = execute_case(state, test, expected, fork);
    if (outcome.receipt.status == vm::Status::PrecompileUnavailable) {
        state.rewind_to(before);
        UnavailableNote note(fork);
        (void)execute_case(state, test, expected, fork, &note);
        result.kind = CaseResult::Unavailable;
        result.why = note.reason();
        return;
    }
    if (!outcome.valid() && is_filled_by_retesteth(test)) touch_coinbase(state);
    if (outcome.valid() == expected.contains("expectException"))
        return fail(outcome.valid() ? "accepted, though " + expected["expectException"].get<std::string>()
                                    : "refused: " + std::string(name_of(outcome.invalid)));
    const Hash root = state.root();
    if (root != to_hash(expected.at("hash")))
        return fail("root " + vm::to_hex(root) + ", gas used " + std::to_string(outcome.receipt.gas_used) + ", " +
                    std::string(vm::name_of(outcome.receipt.status)) +
                    first_difference(state, expected.value("state", json::object())));
    if (vm::keccak256(chain::encode_logs(outcome.receipt.logs)) != to_hash(expected.at("logs"))) fail("logs differ");
}

// All cases of one test and fork run on the same state, which the journal takes back after each.
void run_fork(const std::string& name, const json& test, Fork fork, const std::string& fork_name,
              std::vector<CaseResult>& results) {
    State state = read_state(test, fork, fork_name);
    for (const json& expected : test.at("post").at(fork_name)) {
        const json& at = expected.at("indexes");
        CaseResult& result = results.emplace_back();
        result.name = name + "[" + fork_name + "][" + at.at("data").dump() + "," + at.at("gas").dump() + "," +
                      at.at("value").dump() + "]";
        const auto before = state.checkpoint();
        judge(state, test, expected, fork, result);
        state.rewind_to(before);
    }
}

}  // namespace

std::vector<CaseResult> run_state_tests(const std::filesystem::path& file, const std::set<Fork>& forks) {
    std::vector<CaseResult> results;
    try {
        std::ifstream in(file);
        const json tests = json::parse(in);
        for (const auto& [name, test] : tests.items())
            for (const auto& [fork_name, cases] : test.at("post").items())
                if (const auto fork = vm::parse_fork(fork_name); fork && forks.contains(*fork))
                    run_fork(name, test, *fork, fork_name, results);
    } catch (const std::exception& error) {
        results.push_back({CaseResult::Failed, file.string(), error.what()});
    }
    return results;
}

}  // namespace interlock::conformance
