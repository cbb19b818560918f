#include "analyzer/system/draft.hpp"

#include <algorithm>

#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/questions.hpp"
#include "chain/genesis.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

bool Draft::attempt(const SetupStep& step, std::string* why) {
    World copy = world;
    std::string failure = copy.perform(step);
    if (why) *why = failure;
    if (!failure.empty()) return false;
    world = std::move(copy);
    return true;
}

bool is_barren(const World& world, const DeployedContract& token) {
    if (!token.ir().is_opaque) return only_moves_tokens(token.ir());
    if (!offers_only_moves(token.ir())) return false;
    constexpr std::uint32_t total_supply = 0x18160ddd;
    World copy = world;
    const auto supply = ask_view(copy.state(), token.address, abi::call_data(total_supply));
    return supply && supply->size() == 32 && vm::word_from_big_endian(*supply).is_zero();
}

std::vector<Address> Draft::deployed_for(const ir::Contract& role) const {
    std::vector<Address> list;
    const std::vector<std::string> names = environment_for(role);
    for (auto each = world.contracts().rbegin(); each != world.contracts().rend(); ++each) {
        if (world.artifact_of(*each) ? fits(each->ir(), role) && (names.empty() || !is_barren(world, *each))
                                     : can_stand_for(*each->artifact, role))
            list.push_back(each->address);
    }
    return list;
}

Address Draft::someone_for(const ir::Contract& role, const std::vector<Address>& others) {
    const std::vector<Address> list = deployed_for(role);
    const auto one = std::ranges::find_if(list, [&](const Address& each) { return std::ranges::count(others, each) == 0; });
    if (one != list.end()) return *one;
    if (environment_for(role).empty()) return list.empty() ? world.attacker().address : list.front();
    return token_for(*this, role).value_or(world.attacker().address);
}

const ir::Contract* Draft::role_by_questions(const Address& address, const DeployedContract& asker, const World& in) {
    std::set<std::uint32_t> questions = questions_to(address, asker, in, deadline).selectors;
    if (questions.empty()) return nullptr;
    const auto [place, is_new] = asked_roles_.try_emplace(std::move(questions));
    if (is_new) place->second = interface_of(place->first);
    return &place->second;
}

Address address_kept_in(World& world, const DeployedContract& contract, std::uint32_t variable) {
    const ir::StateVariable& kept = contract.ir().state[variable];
    const Word mask = (Word{1} << 160u) - Word{1};
    if (!kept.is_immutable)
        return vm::to_address((world.state().load(contract.address, kept.slot) >> (8u * kept.offset)) & mask);
    const auto code = world.state().code(contract.address);
    Word word;
    for (const lang::ImmutableReference& each : contract.artifact->immutables)
        if (Word{each.index} == kept.slot && each.offset + 32 <= code->bytes().size())
            word = vm::word_from_big_endian(code->bytes().subspan(each.offset, 32));
    return vm::to_address(word & mask);
}

bool is_kept_by(World& world, const Address& address, const DeployedContract& holder) {
    const Word word = vm::to_word(address);
    const auto bytes = vm::to_big_endian(word);
    for (const auto& [slot, value] : world.state().storage_of(holder.address))
        if ((value & ((Word{1} << 160u) - Word{1})) == word || (value >> 96u) == word || (value >> 8u) == word) return true;
    const ByteView code = world.state().code(holder.address)->bytes();
    return std::search(code.begin(), code.end(), bytes.begin() + 12, bytes.end()) != code.end();
}

bool Draft::is_known_to(const Address& address, const DeployedContract& holder) {
    return is_kept_by(world, address, holder);
}

Address Draft::marked(std::size_t i) {
    return vm::to_address((Word{0x1234567890abcdefULL} << 64u) + Word{0xfedcba0987654300ULL + i});
}

const Measure& Draft::measure_of(const ir::Contract& contract, const ir::Function& function, std::size_t parameter) {
    static const Measure unknown;
    const auto [measures, is_new] = measures_.try_emplace(&contract);
    if (is_new) measures->second = measures_of(contract);
    const auto index = static_cast<std::uint32_t>(&function - contract.functions.data());
    const auto found = measures->second.find({index, parameter});
    return found == measures->second.end() ? unknown : found->second;
}

// Returns a number that is likely for what it counts; each guess is another one.
static Word likely_number(const Measure& measure, std::size_t guess, std::uint64_t now) {
    const Word ether = chain::ether, large = Word{1000} * ether;
    constexpr std::uint64_t day = 86'400, hour = 3'600;
    const Word money[] = {ether, ether, large, Word{10}, ether, ether, Word{1000}, Word{}};
    const Word things[] = {Word{3}, Word{10}, Word{10}, Word{1000}, Word{3}, Word{1}, Word{1000}, Word{}};
    const Word spans[] = {Word{day}, Word{10}, Word{hour}, Word{day}, Word{7 * day}, Word{1}, Word{1000}, Word{}};
    const Word parts[] = {measure.whole / Word{20},
                          measure.whole / Word{10},
                          measure.whole / Word{2},
                          measure.whole,
                          measure.whole / Word{20},
                          Word{1},
                          Word{100},
                          Word{}};
    const std::size_t pick = guess % std::size(money);
    switch (measure.unit) {
        case Unit::Money: return money[pick];
        case Unit::Things: return things[pick];
        case Unit::Span: return spans[pick];
        case Unit::Part: return parts[pick];
        case Unit::Instant: return Word{now + day * (guess % 2 == 0 ? 1 : 0)};
        case Unit::Key:
        case Unit::Unknown: break;
    }
    return Word{};
}

abi::Data Draft::plain_value(const abi::DataType& type, std::size_t guess, std::size_t position, const Measure& measure) {
    switch (type.kind) {
        case Kind::Bytes: return abi::Data{std::string_view(guess % 2 == 0 ? "X" : "")};
        case Kind::Struct: {
            std::vector<abi::Data> fields;
            for (const abi::DataType& part : type.parts) fields.push_back(plain_value(part, guess));
            return fields;
        }
        case Kind::Array:
        case Kind::FixedArray: {
            std::vector<abi::Data> list;
            const std::size_t size = type.kind == Kind::FixedArray ? std::min<std::size_t>(type.length, 64) : 2;
            for (std::size_t i = 0; i < size; ++i) {
                if (type.parts.front().kind == Kind::Word && type.parts.front().value.kind == ir::TypeKind::Address) {
                    const bool is_hers = choice.names_her && (i % 2 == 0) == choice.puts_her_first;
                    list.emplace_back(is_hers            ? world.attacker().address
                                      : choice.names_her ? world.users()[0].address
                                                         : world.senders()[(i + World::owner_index) % 3].address);
                    met.payees |= i > 0;
                } else {
                    list.push_back(plain_value(type.parts.front(), guess));
                }
            }
            return list;
        }
        case Kind::Word: break;
    }
    switch (type.value.kind) {
        case ir::TypeKind::Address: return abi::Data{world.owner().address};
        case ir::TypeKind::Uint: {
            met.numbers |= type.value.bits >= 64;
            if (measure.unit != Unit::Unknown && measure.unit != Unit::Key) {
                const Word likely = likely_number(measure, guess, world.state().block().timestamp);
                return vm::bit_length(likely) <= type.value.bits ? likely : Word{1};
            }
            const Word future{world.state().block().timestamp + 86'400};
            const Word large = Word{1000} * chain::ether;
            const Word list[] = {chain::ether, Word{10}, large, Word{10}, future, Word{1}, Word{1000}, Word{0}};
            // The third and the fourth guess take turns: a large amount beside a small count.
            const std::size_t pick = guess % std::size(list) == 2   ? 2 + position % 2
                                     : guess % std::size(list) == 3 ? 3 - position % 2
                                                                    : guess % std::size(list);
            const Word& value = list[pick];
            return vm::bit_length(value) <= type.value.bits ? value : Word{1};
        }
        case ir::TypeKind::Int: return Word{1};
        case ir::TypeKind::Bool: return Word{guess % 2 == 0 ? 1u : 0u};
        case ir::TypeKind::FixedBytes: met.hashes |= type.value.bits == 256; return choice.hash;
        default: return Word{};
    }
}

}  // namespace interlock::analyzer
