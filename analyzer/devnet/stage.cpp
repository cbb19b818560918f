#include "analyzer/devnet/stage.hpp"

#include "analyzer/devnet/revert_reason.hpp"
#include "analyzer/devnet/world.hpp"
#include "chain/genesis.hpp"
#include "lang/link.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

const Word Stage::wealth = Word{1000} * chain::ether;

namespace {

constexpr std::uint64_t genesis_time = 1'700'000'000;  // seconds; any moment after the forks' own

// A person that is a contract: does what it is told, takes what it is sent.
constexpr std::string_view person_source = R"(
contract Person {
    function perform(address to, uint256 value, bytes memory data) external returns (bytes memory) {
        (bool ok, bytes memory answer) = to.call{value: value}(data);
        if (!ok) assembly { revert(add(answer, 32), mload(answer)) }
        return answer;
    }
    receive() external payable {}
})";

const lang::Artifact& person() {
    static const lang::Compilation compilation = lang::compile("person.ilk", std::string(person_source));
    return compilation.artifacts.front();
}

Bytes perform_data(const Address& to, const Word& value, const Bytes& data) {
    return abi::call_data(abi::selector("perform(address,uint256,bytes)"), {vm::to_word(to), value, data});
}

}  // namespace

Stage::Stage(const lang::Compilation& compilation) : compilation_(&compilation) {
    vm::BlockContext block;
    block.number = 1;
    block.timestamp = genesis_time;
    block.gas_limit = gas_limit;
    state_.set_block(block);
    deploy_libraries();
}

void Stage::deploy_libraries() {
    const Address deployer = chain::address_of(chain::key_of_name("the libraries"));
    libraries_ =
        lang::place_libraries(compilation_->artifacts, [&](std::uint64_t n) { return chain::create_address(deployer, n); });
    for (const lang::Artifact& each : compilation_->artifacts) {
        if (!each.ir->is_library) continue;
        const chain::Result result = send(deployer, std::nullopt, Word{}, linked(each.creation_code, each.creation_links));
        if (result.receipt.created) add_name(*result.receipt.created, each.name);
    }
}

Bytes Stage::linked(const Bytes& code, const std::vector<lang::LinkReference>& links) const {
    return lang::linked(code, links, libraries_);
}

Address Stage::add_person(const std::string& name, const Word& wei) {
    const Address address = chain::address_of(chain::key_of_name(name));
    state_.set_balance(address, wei);
    add_name(address, name);
    return address;
}

Address Stage::add_contract_person(const std::string& name, const Word& wei) {
    const Address master = chain::address_of(chain::key_of_name(name));
    const Address address = chain::create_address(master, 0);
    state_.set_balance(address, wei);
    state_.set_nonce(address, 1);
    place_code(address, person().runtime_code);
    add_name(address, name);
    masters_[address] = master;
    return address;
}

std::string Stage::name_of(const Address& address) const {
    const auto found = names_.find(address);
    return found == names_.end() ? vm::to_hex(address) : found->second;
}

chain::Result Stage::send(const Address& from, std::optional<Address> to, const Word& value, Bytes data,
                          vm::Tracer* tracer) {
    pass(block_seconds);
    chain::Transaction tx;
    tx.to = to;
    tx.value = value;
    tx.data = std::move(data);
    tx.sender = from;
    const auto master = masters_.find(from);
    if (master == masters_.end() || !to) return execute(std::move(tx), tracer);
    tx.sender = master->second;
    tx.to = from;
    tx.value = Word{};
    tx.data = perform_data(*to, value, tx.data);
    chain::Result result = execute(std::move(tx), tracer);
    if (result.valid() && result.receipt.ok())
        if (const auto answer = abi::decode({{"", ir::bytes_type}}, result.receipt.output))
            result.receipt.output = std::get<Bytes>(answer->front());
    return result;
}

chain::Result Stage::ask(const Address& from, const Address& to, Bytes data) {
    const auto before = state_.checkpoint();
    chain::Transaction tx;
    tx.to = to;
    tx.data = std::move(data);
    tx.sender = from;
    chain::Result result = execute(std::move(tx), nullptr);
    state_.rewind_to(before);
    return result;
}

chain::Result Stage::execute(chain::Transaction tx, vm::Tracer* tracer) {
    tx.nonce = state_.nonce(tx.sender);
    tx.gas_limit = gas_limit;
    chain::Result result;
    chain::Execution execution(state_);
    execution.machine().set_tracer(tracer);
    execution.machine().set_keccak_observer(
        [preimages = preimages_](ByteView input, const vm::Hash& hash) { preimages->observe(input, hash); });
    result.invalid = execution.begin(tx);
    if (result.valid()) result.receipt = execution.finish(execution.machine().run().outcome);
    return result;
}

void Stage::pass(std::uint64_t seconds) {
    vm::BlockContext block = state_.block();
    ++block.number;
    block.timestamp += seconds;
    state_.set_block(block);
}

std::string Stage::text_of(const ir::Type& type, const abi::Value& value) const {
    if (type.kind == ir::TypeKind::Address) return name_of(vm::to_address(std::get<Word>(value)));
    if (type == ir::uint256_type) return describe_wei(std::get<Word>(value));
    return abi::format_value(type, value);
}

std::string Stage::reason_of(ByteView revert_data) const {
    const std::string plain = describe_revert(revert_data, nullptr);
    if (!plain.starts_with("0x")) return plain;
    for (const lang::Artifact& artifact : compilation_->artifacts) {
        const std::string known = describe_revert(revert_data, artifact.ir.get());
        if (known != plain) return known;
    }
    return plain;
}

std::string Stage::reason_of(const chain::Result& result) const {
    if (!result.valid()) return std::string(chain::name_of(result.invalid));
    if (result.receipt.status != vm::Status::Revert) return std::string(vm::name_of(result.receipt.status));
    const std::string reason = reason_of(result.receipt.output);
    return reason.empty() ? "no reason given" : reason;
}

}  // namespace interlock::analyzer
