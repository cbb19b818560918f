#include "analyzer/devnet/devnet.hpp"

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/devnet/revert_reason.hpp"
#include "chain/blockchain.hpp"
#include "chain/genesis.hpp"
#include "lang/codegen/link.hpp"
#include "vm/code.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

const Word Devnet::wealth = chain::Genesis::default_balance;

namespace {

// The source of an account that is a contract: it makes the calls that it is told to make, and accepts ether.
constexpr std::string_view account_source = R"(
contract Account {
    function perform(address to, uint256 value, bytes memory data) external returns (bytes memory) {
        (bool ok, bytes memory answer) = to.call{value: value}(data);
        if (!ok) assembly { revert(add(answer, 32), mload(answer)) }
        return answer;
    }
    receive() external payable {}
})";

const lang::Artifact& contract_account() {
    static const lang::Compilation compilation = lang::compile("account.ilk", std::string(account_source));
    return compilation.artifacts.front();
}

Bytes perform_data(const Address& to, const Word& value, const Bytes& data) {
    return abi::call_data(abi::selector("perform(address,uint256,bytes)"), {vm::to_word(to), value, data});
}

// The hash follows from the number alone, so a devnet that goes back has nothing to undo.
Hash hash_of_block(std::uint64_t number) { return vm::keccak256(vm::to_big_endian(Word{number})); }

}  // namespace

Devnet::Devnet(const lang::Compilation& compilation, const DevnetSettings& settings)
    : compilation_(&compilation), gas_limit_(settings.gas_limit), state_(settings.fork) {
    vm::BlockContext block;
    block.number = settings.block_number;
    block.timestamp = chain::genesis_time;
    block.gas_limit = block_gas_limit;
    state_.set_block(block);
}

// --- accounts ---

Address Devnet::add_account(const std::string& name, const Word& wei) {
    const Address address = chain::address_of(chain::key_of_name(name));
    state_.set_balance(address, wei);
    accounts_.push_back({name, address});
    add_name(address, name);
    return address;
}

Address Devnet::add_contract_account(const std::string& name, const Word& wei) {
    const Address signer = chain::address_of(chain::key_of_name(name));
    const Address address = chain::create_address(signer, 0);
    state_.set_balance(address, wei);
    state_.set_nonce(address, 1);
    state_.set_code(address, contract_account().runtime_code);
    accounts_.push_back({name, address});
    add_name(address, name);
    signers_[address] = signer;
    return address;
}

void Devnet::add_name(const Address& address, const std::string& name) {
    names_[address] = name;
    addresses_[name] = address;
}

std::string Devnet::name_of(const Address& address) const {
    const auto found = names_.find(address);
    return found == names_.end() ? vm::to_hex(address) : found->second;
}

std::optional<Address> Devnet::address_of(const std::string& name) const {
    const auto found = addresses_.find(name);
    return found == addresses_.end() ? std::nullopt : std::optional(found->second);
}

// --- contracts ---

void Devnet::place_libraries(const Address& deployer) {
    libraries_ =
        lang::place_libraries(compilation_->artifacts, [&](std::uint64_t n) { return chain::create_address(deployer, n); });
}

void Devnet::deploy_libraries() {
    const Address deployer = chain::address_of(chain::key_of_name("the libraries"));
    place_libraries(deployer);
    for (const lang::Artifact& each : compilation_->artifacts)
        if (each.ir->is_library) (void)deploy(deployer, each, Word{}, {});
}

Bytes Devnet::linked(const Bytes& code, const std::vector<lang::LinkReference>& links) const {
    return lang::linked(code, links, libraries_);
}

std::string Devnet::missing_library(const lang::Artifact& artifact) const {
    return lang::missing_library(artifact.creation_links, libraries_);
}

Bytes Devnet::creation_data(const lang::Artifact& artifact, ByteView encoded_arguments) const {
    Bytes data = linked(artifact.creation_code, artifact.creation_links);
    data.insert(data.end(), encoded_arguments.begin(), encoded_arguments.end());
    return data;
}

chain::Result Devnet::deploy(const Address& from, const lang::Artifact& artifact, const Word& value,
                             ByteView encoded_arguments) {
    Bytes data = creation_data(artifact, encoded_arguments);
    chain::Result result = send(from, std::nullopt, value, data);
    if (result.valid() && result.receipt.ok() && result.receipt.created)
        add_contract({&artifact, *result.receipt.created, std::move(data)});
    return result;
}

void Devnet::add_contract(DeployedContract contract) {
    if (contract.name.empty()) contract.name = contract.artifact->name;
    add_name(contract.address, contract.name);
    contracts_.push_back(std::move(contract));
}

void Devnet::move_contract(const std::string& name, const Address& to) {
    const auto contract = std::ranges::find(contracts_, name, &DeployedContract::name);
    if (contract == contracts_.end() || contract->address == to) return;
    const Address from = std::exchange(contract->address, to);
    const auto code = state_.code(from);
    state_.set_code(to, code->bytes());
    state_.set_nonce(to, state_.nonce(from));
    for (const auto& [slot, value] : state_.storage_of(from)) {
        state_.store(to, slot, value);
        state_.store(from, slot, Word{});
    }
    state_.transfer(from, to, state_.balance(from));
    state_.set_code(from, {});
    add_name(to, name);
}

const DeployedContract* Devnet::contract_at(const Address& address) const {
    for (const DeployedContract& contract : contracts_)
        if (contract.address == address) return &contract;
    return nullptr;
}

// --- transactions and time ---

chain::Result Devnet::send(const Address& from, std::optional<Address> to, const Word& value, Bytes data,
                           vm::Tracer* tracer) {
    pass(chain::seconds_per_block);
    const auto signer = signers_.find(from);
    if (signer == signers_.end() || !to) return execute(transaction(from, to, value, std::move(data)), tracer);
    chain::Result result = execute(transaction(signer->second, from, Word{}, perform_data(*to, value, data)), tracer);
    if (result.valid() && result.receipt.ok())
        if (const auto answer = abi::decode({{"", ir::bytes_type}}, result.receipt.output))
            result.receipt.output = std::get<Bytes>(answer->front());
    return result;
}

chain::Result Devnet::ask(const Address& from, const Address& to, Bytes data) {
    const auto before = state_.checkpoint();
    chain::Result result = execute(transaction(from, to, Word{}, std::move(data)));
    state_.rewind_to(before);
    return result;
}

chain::Result Devnet::execute(const chain::Transaction& transaction, vm::Tracer* tracer) {
    chain::Result result;
    chain::Execution execution(state_);
    execution.machine().set_tracer(tracer);
    observe(execution.machine());
    result.refusal = execution.begin(transaction);
    if (result.valid()) result.receipt = execution.finish(execution.machine().run().outcome);
    return result;
}

chain::Transaction Devnet::transaction(const Address& from, std::optional<Address> to, const Word& value, Bytes data) {
    chain::Transaction tx;
    tx.nonce = state_.nonce(from);
    tx.gas_limit = gas_limit_;
    tx.to = to;
    tx.value = value;
    tx.data = std::move(data);
    tx.sender = from;
    return tx;
}

void Devnet::pass(std::uint64_t seconds) {
    vm::BlockContext block = state_.block();
    const Hash parent = hash_of_block(block.number);
    state_.add_block_hash(block.number, parent);
    ++block.number;
    block.timestamp += seconds;
    block.prev_randao = vm::word_from_big_endian(parent.bytes);
    state_.set_block(block);
}

void Devnet::observe(vm::Machine& machine) const {
    machine.set_keccak_observer(
        [preimages = preimages_](ByteView input, const Hash& hash) { preimages->observe(input, hash); });
}

// --- texts ---

std::string Devnet::text_of(const ir::Type& type, const abi::Value& value, Amounts amounts) const {
    if (type.kind == ir::TypeKind::Address) return name_of(vm::to_address(std::get<Word>(value)));
    if (type != ir::uint256_type) return abi::format_value(type, value);
    const Word& wei = std::get<Word>(value);
    return amounts == Amounts::Exact ? format_wei(wei) : describe_wei(wei);
}

std::string Devnet::text_of(const ir::Function& function, const std::vector<abi::Value>& arguments, Amounts amounts) const {
    std::string text = function.name + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i)
        text += (i ? ", " : "") + text_of(function.parameters[i].type, arguments[i], amounts);
    return text + ")";
}

std::string Devnet::text_of(const abi::DataType& type, const abi::Data& value) const {
    using Kind = abi::DataType::Kind;
    if (type.kind == Kind::Word) return text_of(type.value, abi::Value{value.word()});
    if (type.kind == Kind::Bytes) return text_of(type.value, abi::Value{value.bytes()});
    std::string text;
    for (std::size_t i = 0; i < value.list().size(); ++i)
        text += (i ? ", " : "") + text_of(type.kind == Kind::Struct ? type.parts[i] : type.parts.front(), value.list()[i]);
    return type.kind == Kind::Struct ? "(" + text + ")" : "[" + text + "]";
}

std::string Devnet::text_of(const ir::Function& function, const std::vector<abi::Data>& arguments) const {
    std::string text = function.name + "(";
    const auto types = abi::data_types(function.parameters);
    for (std::size_t i = 0; types && i < std::min(types->size(), arguments.size()); ++i)
        text += (i ? ", " : "") + text_of((*types)[i], arguments[i]);
    return text + ")";
}

std::string Devnet::text_of(const vm::Log& log) const {
    std::vector<const ir::Contract*> known;
    if (const DeployedContract* emitter = contract_at(log.address)) known.push_back(emitter->artifact->ir.get());
    for (const lang::Artifact& each : compilation_->artifacts) known.push_back(each.ir.get());
    for (const auto& each : compilation_->codeless) known.push_back(each.get());
    for (const ir::Contract* contract : known)
        if (auto text = event_of(*contract, log)) return std::move(*text);
    return "unknown, from " + name_of(log.address) + ": " + vm::to_hex(log.data);
}

std::optional<std::string> Devnet::event_of(const ir::Contract& contract, const vm::Log& log) const {
    for (const ir::Event& event : contract.events) {
        std::string signature = event.name + "(";
        for (std::size_t i = 0; i < event.parameters.size(); ++i)
            signature += (i ? "," : "") + ir::abi_name(event.parameters[i]);
        signature += ")";
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(signature.data());
        if (event.anonymous || log.topics.empty() || log.topics.front() != vm::keccak256({bytes, signature.size()}))
            continue;
        std::vector<ir::NamedType> in_data;
        for (std::size_t i = 0; i < event.parameters.size(); ++i)
            if (!event.indexed[i]) in_data.push_back(event.parameters[i]);
        const auto data = abi::decode(in_data, log.data);
        if (!data) break;
        std::string text = event.name + "(";
        std::size_t topic = 1, plain = 0;
        for (std::size_t i = 0; i < event.parameters.size(); ++i) {
            const ir::NamedType& parameter = event.parameters[i];
            std::string value;
            if (!event.indexed[i]) value = text_of(parameter.type, (*data)[plain++]);
            else if (topic >= log.topics.size()) value = "?";
            else if (parameter.type.is_reference()) value = vm::to_hex(log.topics[topic++]);
            else value = text_of(parameter.type, vm::to_word(log.topics[topic++]));
            text += (i ? ", " : "") + parameter.name + (parameter.name.empty() ? "" : ": ") + value;
        }
        return text + ")";
    }
    return std::nullopt;
}

std::string Devnet::reason_of(ByteView revert_data) const {
    const std::string plain = describe_revert(revert_data, nullptr);
    if (!plain.starts_with("0x")) return plain;
    for (const lang::Artifact& artifact : compilation_->artifacts) {
        std::string known = describe_revert(revert_data, artifact.ir.get());
        if (known != plain) return known;
    }
    return plain;
}

std::string Devnet::reason_of(const chain::Result& result) const {
    if (!result.valid()) return std::string(chain::name_of(result.refusal));
    if (result.receipt.status != vm::Status::Revert) return std::string(vm::name_of(result.receipt.status));
    const std::string reason = reason_of(result.receipt.output);
    return reason.empty() ? "no reason given" : reason;
}

}  // namespace interlock::analyzer
