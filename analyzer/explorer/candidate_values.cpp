#include "analyzer/explorer/candidates.hpp"

#include <algorithm>
#include <string_view>

#include "analyzer/explorer/script.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/bystanders.hpp"
#include "analyzer/system/environment.hpp"
#include "chain/genesis.hpp"

// The values that candidates have as arguments.
namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

constexpr std::size_t most_amounts[] = {5, 8, 16};  // by level
constexpr std::size_t most_own_calls = 12;
constexpr std::uint64_t one_day = 86'400;  // seconds

// Returns what has the form of a signature, r, s and v: perhaps somebody signs in its place.
Bytes unsigned_bytes() {
    Bytes bytes(65, 0);
    bytes[31] = bytes[63] = 1;
    bytes[64] = 27;
    return bytes;
}

Bytes bytes_of(const Word& word) {
    const auto bytes = vm::to_big_endian(word);
    return {bytes.begin(), bytes.end()};
}

// Returns creation code that hands its ether and the control to the address, and leaves code that does the same: some look
// whether there is code, and some pay it.
Bytes code_that_calls(const Address& address) {
    constexpr std::uint8_t push20 = 0x73, length = 29, word = 32;
    Bytes runtime{0x3d, 0x3d, 0x3d, 0x3d, 0x47, push20};  // RETURNDATASIZE, four times, is 0; SELFBALANCE
    runtime.insert(runtime.end(), address.bytes.begin(), address.bytes.end());
    for (const std::uint8_t byte : {0x5a, 0xf1, 0x00}) runtime.push_back(byte);  // GAS; CALL; STOP
    Bytes code(runtime.begin(), runtime.end() - 1);
    code.push_back(0x5f + length);  // PUSH29
    code.insert(code.end(), runtime.begin(), runtime.end());
    for (const int byte : {0x60, 0x00, 0x52, 0x60, int{length}, 0x60, word - length, 0xf3})  // MSTORE at 0; RETURN
        code.push_back(static_cast<std::uint8_t>(byte));
    return code;
}

}  // namespace

std::vector<Word> Candidates::amounts(const ChosenNumber& number, unsigned bits, Caller caller, std::uint32_t level) const {
    const bool is_value = number.position == ChosenNumber::of_value;
    std::vector<Word> list;
    const auto add = [&](const Word& value) {
        if (list.size() < most_amounts[level] && vm::bit_length(value) <= bits &&
            std::find(list.begin(), list.end(), value) == list.end())
            list.push_back(value);
    };
    const auto add_small = [&] {
        add(Word{1});
        add(Word{0});
        for (const Word& value : registered_.numbers) add(value);
    };
    const auto measure = measures_.find(number);
    const Unit counts = measure == measures_.end() ? Unit::Unknown : measure->second.unit;
    // What others say is likely; she may find the limits of it.
    const Word unit = counts == Unit::Part                               ? measure->second.whole / Word{2}
                      : counts == Unit::Span && caller == Caller::Honest ? Word{one_day}
                      : bits >= 64                                       ? chain::ether
                                                                         : Word{1};
    if (counts == Unit::Instant) add(Word{beginning_ + one_day});
    if (counts == Unit::Key) add_small();
    add(unit);
    if (counts == Unit::Span) add(Word{one_day});
    if (level == 0) {
        if (is_value && observations_.just_meets(number)) add(unit + unit);
        if (!is_value) add_small();
        return list;
    }
    constexpr std::size_t most_small = 4;  // for which there is always room
    const auto& lessons = observations_.lessons(number);
    for (std::size_t i = 0; i < lessons.size() && (level > 1 || i < 3); ++i)
        if (list.size() + most_small < most_amounts[level]) add(lessons[i]);
    if (!is_value)
        if (const std::string& name =
                world_.contract(number.contract).ir().functions[number.function].parameters[number.position].name;
            !name.empty())
            for (const ChosenNumber& namesake : namesakes_.at({number.contract, name}))
                if (const auto& theirs = observations_.lessons(namesake); !theirs.empty()) add(theirs.front());
    if (!is_value) add_small();
    if (is_value && prices_) add(World::attack_capital / Word{2});
    if (level == 1) return list;
    add(Word{0});
    add(Word{1});
    add(unit + unit);
    for (const Word& value : stored_) add(value);
    for (const Word& value : constants_) add(value);
    return list;
}

std::vector<abi::Data> Candidates::addresses(const ir::Contract* role, Caller caller, std::uint32_t level) const {
    std::vector<Data> list;
    const auto add = [&](const Address& address) {
        if (std::find(list.begin(), list.end(), Data{address}) == list.end()) list.emplace_back(address);
    };
    const Address &hers = world_.attacker().address, &accomplice = world_.mallory().address;
    const Address &alice = world_.users()[0].address, &bob = world_.users()[1].address;
    if (role)
        for (const DeployedContract& contract : world_.contracts())
            if (!contract.is_expected &&
                (fits(contract.ir(), *role) || (!world_.artifact_of(contract) && can_stand_for(*contract.artifact, *role))))
                add(contract.address);
    if (role && level == 0 && !list.empty() && caller == Caller::Honest) return list;
    switch (caller) {
        case Caller::Attacker:
            add(hers);
            if (colluder_) add(world_.contract(*colluder_).address);
            if (level > 0) add(accomplice), add(alice);
            break;
        case Caller::Accomplice:
            add(hers);
            add(accomplice);
            if (level > 0) add(alice);
            break;
        case Caller::Honest:
            add(alice);
            add(bob);
            if (level > 0) add(hers);
            if (level > 0 && colluder_) add(world_.contract(*colluder_).address);
            if (level > 0 && asks_who_began_) add(accomplice);
            break;
    }
    if (!role)
        for (const Address& contract : registered_.contracts) add(contract);
    if (level > 0 && caller != Caller::Honest && registered_.has_owner) add(world_.owner().address);
    if (level > 0 && role)
        for (const Address& instance : instances_) add(instance);
    if (level > 1 && !role)
        for (const DeployedContract& contract : world_.contracts())
            if (!contract.is_expected) add(contract.address);
    return list;
}

// Returns the likeliest calls of each of the contract's other functions, as call data, if it may run such data itself.
std::vector<Bytes> Candidates::own_calls(const ChosenNumber& number, Caller caller) const {
    std::vector<Bytes> list;
    if (!delegates_in_functions(world_.contract(number.contract).ir())) return list;
    for (const Callable& callable : callables_) {
        const bool has_bytes =
            std::ranges::any_of(callable.parameters, [](const auto& p) { return p.type.kind != Kind::Word; });
        if (callable.contract != number.contract || callable.is_plain || has_bytes) continue;
        std::vector<Call> calls;
        append_calls(callable, caller, 0, calls);
        for (std::size_t i = 0; i < std::min<std::size_t>(calls.size(), 2) && list.size() < most_own_calls; ++i)
            list.push_back(world_.call_data(calls[i]));
    }
    return list;
}

bool Candidates::is_known_token(const Data& value) const {
    return std::ranges::any_of(registered_.contracts, [&](const Address& each) {
        const DeployedContract* const token = world_.contract_at(each);
        return value == Data{each} && token && is_token(*token);
    });
}

// `length` is the number of elements of lists.
std::vector<abi::Data> Candidates::values_of(const Parameter& parameter, const ChosenNumber& number, Caller caller,
                                             std::uint32_t level, std::size_t length) const {
    std::vector<Data> values;
    switch (parameter.type.kind) {
        case Kind::Bytes:
            if (runs_given_code_ && caller == Caller::Attacker && parameter.type.value.kind == ir::TypeKind::Bytes)
                values.emplace_back(code_that_calls(world_.attacker().address));
            if (recovers_signers_ && parameter.type.value.kind == ir::TypeKind::Bytes) values.emplace_back(unsigned_bytes());
            values.emplace_back(Bytes{});
            if (reads_notes_) {
                const auto& numbers = registered_.numbers;
                values.emplace_back(bytes_of(numbers.empty() ? Word{1} : numbers.front()));
                for (std::size_t i = 1; i < numbers.size() && level > 0; ++i) values.emplace_back(bytes_of(numbers[i]));
            }
            if (parameter.type.value.kind == ir::TypeKind::String && level > 0)
                for (const char letter : std::string_view(keeps_by_name_ ? "xyzw" : "xy"))
                    values.emplace_back(Bytes(8, static_cast<std::uint8_t>(letter)));
            else if (level > 0) values.emplace_back(Bytes(32, 1));
            if (level > 0 && reads_notes_) values.emplace_back(bytes_of(addresses(nullptr, caller, 0).front().word()));
            if (level > 0)
                for (Bytes& data : own_calls(number, caller)) values.emplace_back(std::move(data));
            return values;
        case Kind::Struct: {  // its fields take their n-th values together, or one of them another one than the first
            std::vector<std::vector<Data>> fields;
            std::size_t most = 1;
            for (const abi::DataType& part : parameter.type.parts) {
                fields.push_back(values_of({part, nullptr}, number, caller, level, length));
                if (fields.back().empty()) return {};
                // Of what is told with others it may be the token.
                std::ranges::stable_partition(fields.back(), [&](const Data& value) { return is_known_token(value); });
                most = std::max(most, std::min<std::size_t>(fields.back().size(), 3));
            }
            for (std::size_t n = 0; n < most; ++n) {
                std::vector<Data> one;
                for (const auto& field : fields) one.push_back(field[std::min(n, field.size() - 1)]);
                values.emplace_back(std::move(one));
            }
            constexpr std::size_t most_structs = 16;
            for (const std::size_t n : {2u, 1u})  // zero before one
                for (std::size_t i = 0; i < fields.size() && fields.size() > 1 && values.size() < most_structs; ++i) {
                    if (n >= fields[i].size()) continue;
                    std::vector<Data> one = values.front().list();
                    one[i] = fields[i][n];
                    values.emplace_back(std::move(one));
                }
            return values;
        }
        case Kind::Array:
        case Kind::FixedArray: {
            const std::size_t size = parameter.type.kind == Kind::Array ? length : parameter.type.length;
            if (size > 8) return {};
            std::vector<Data> elements =
                values_of({parameter.type.parts.front(), parameter.role}, number, caller, level, length);
            // What she shares with nobody but herself is all hers anyway.
            const auto accomplice = std::ranges::find(elements, Data{world_.mallory().address});
            if (const auto alice = std::ranges::find(elements, Data{world_.users()[0].address});
                caller != Caller::Honest && alice != elements.end() && accomplice < alice)
                std::iter_swap(accomplice, alice);
            if (elements.empty()) return {};
            const std::size_t most = parameter.type.parts.front().kind == Kind::Bytes ? 2 + most_own_calls : 4;
            for (std::size_t first = 0; first < std::min(elements.size(), most); ++first) {
                std::vector<Data> list;
                for (std::size_t i = 0; i < size; ++i) list.push_back(elements[(first + i) % elements.size()]);
                const bool is_pair = size == 2 && list[0] != list[1];  // which may have to be in order
                std::vector<Data> turned(list.rbegin(), list.rend());
                values.emplace_back(std::move(list));
                // Shares may be equal.
                const abi::DataType& element = parameter.type.parts.front();
                if (is_pair && first == 0 && element.kind == Kind::Word && element.value.kind == ir::TypeKind::Uint)
                    values.emplace_back(std::vector<Data>(size, elements.front()));
                if (is_pair && first == 0) values.emplace_back(std::move(turned));
            }
            return values;
        }
        case Kind::Word: break;
    }
    const ir::Type& type = parameter.type.value;
    switch (type.kind) {
        case ir::TypeKind::Bool: return {Word{1}, Word{0}};
        case ir::TypeKind::Address:
            values = addresses(parameter.role, caller, level);
            if (parameter.may_be_nobody) values.emplace_back(Address{});
            return values;
        case ir::TypeKind::Uint:
            for (const Word& amount : amounts(number, type.bits, caller, level)) values.emplace_back(amount);
            return values;
        case ir::TypeKind::Int:
            if (type.bits >= 64) values.emplace_back(chain::ether);
            values.emplace_back(Word{1});
            values.emplace_back(-Word{1});
            if (type.bits >= 64) values.emplace_back(-chain::ether);
            return values;
        case ir::TypeKind::Enum:
            for (std::uint64_t member = 0; member < std::min<std::uint64_t>(type.members, 4); ++member)
                values.emplace_back(Word{member});
            return values;
        case ir::TypeKind::FixedBytes:
            if (type.bits == 256) values.assign(texts_.begin(), texts_.end());
            values.insert(values.end(), {Word{0}, Word{1} << (256u - 8u)});
            for (const Word& word : constant_hashes_)
                if (type.bits == 256) values.emplace_back(word);
            for (const auto* list : {&registered_.hashes, &observations_.hashes()})
                for (std::size_t i = 0; i < list->size() && level > 0 && type.bits == 256; ++i)
                    if (level > 1 || i < 3) values.emplace_back((*list)[i]);
            return values;
        default: return {};
    }
}

}  // namespace interlock::analyzer
