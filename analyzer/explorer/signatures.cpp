#include "analyzer/explorer/signatures.hpp"

#include <algorithm>
#include <iterator>

#include "chain/genesis.hpp"
#include "chain/secp256k1.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;

namespace {

constexpr std::size_t bytes_of_signature = 65;  // r, s, v
constexpr std::size_t most_places = 2;          // where it may stand

// Puts the signature in a place of the one that was asked about: three words in a row, v, r, s or r, s, v, or 65 bytes, behind
// `earlier` such places. Returns whether it was there.
bool replace(std::vector<abi::Data>& list, const AskedSignature& asked, const chain::Signature& signature,
             std::size_t& earlier) {
    const Word v{signature.y_parity ? 28u : 27u};
    const auto is = [&](std::size_t at, const Word& word) { return at < list.size() && list[at] == abi::Data{word}; };
    const auto is_its_turn = [&] { return earlier == 0 || (--earlier, false); };
    const auto put = [&](std::size_t at_v, std::size_t at_r, std::size_t at_s) {
        list[at_v] = v;
        list[at_r] = signature.r;
        list[at_s] = signature.s;
        return true;
    };
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (is(i, asked.v) && is(i + 1, asked.r) && is(i + 2, asked.s) && is_its_turn()) return put(i, i + 1, i + 2);
        if (is(i, asked.r) && is(i + 1, asked.s) && is(i + 2, asked.v) && is_its_turn()) return put(i + 2, i, i + 1);
        if (auto* parts = std::get_if<std::vector<abi::Data>>(&list[i].content))
            if (replace(*parts, asked, signature, earlier)) return true;
        auto* const bytes = std::get_if<Bytes>(&list[i].content);
        if (!bytes || bytes->size() != bytes_of_signature ||
            vm::word_from_big_endian(ByteView(*bytes).first(32)) != asked.r || !is_its_turn())
            continue;
        std::ranges::copy(vm::to_big_endian(signature.r), bytes->begin());
        std::ranges::copy(vm::to_big_endian(signature.s), bytes->begin() + 32);
        bytes->back() = static_cast<std::uint8_t>(v.low64());
        return true;
    }
    return false;
}

}  // namespace

AskedSignature asked_with(vm::ByteView input) {
    Bytes padded(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(input.size(), 128)));
    padded.resize(128, 0);
    const auto word = [&](std::size_t i) { return vm::word_from_big_endian(ByteView(padded).subspan(32 * i, 32)); };
    return {word(0), word(1), word(2), word(3)};
}

bool carries_one_of(const Plan& plan, const std::set<Word>& rs) {
    if (rs.empty()) return false;
    const auto is_one = [&](const auto& self, const abi::Data& data) -> bool {
        if (const auto* word = std::get_if<Word>(&data.content)) return rs.contains(*word);
        if (const auto* bytes = std::get_if<Bytes>(&data.content))
            return bytes->size() == bytes_of_signature && rs.contains(vm::word_from_big_endian(ByteView(*bytes).first(32)));
        return std::ranges::any_of(data.list(), [&](const abi::Data& each) { return self(self, each); });
    };
    const auto is_in = [&](const Call& call) {
        return std::ranges::any_of(call.arguments, [&](const abi::Data& each) { return is_one(is_one, each); });
    };
    return std::ranges::any_of(plan, [&](const PlannedTransaction& planned) {
        return (!planned.is_attack && is_in(planned.call)) ||
               std::ranges::any_of(planned.activations, [&](const Activation& activation) {
                   return std::ranges::any_of(activation.calls, is_in);
               });
    });
}

std::vector<SignedCall> signed_instead(const World& world, const Call& call, const AskedSignature& asked,
                                       const std::vector<Word>& expected) {
    std::vector<const Account*> signers;
    const auto add = [&](const Account& account) {
        if (std::ranges::count(signers, &account) == 0) signers.push_back(&account);
    };
    for (const Word& one : expected)
        for (const Account& account : world.senders())
            if (vm::to_word(account.address) == one) add(account);
    if (signers.empty())
        for (const std::uint32_t i : {World::accomplice, World::owner_index, 0u, 1u}) add(world.senders()[i]);
    Hash digest;
    std::ranges::copy(vm::to_big_endian(asked.digest), digest.bytes.begin());
    std::vector<std::vector<SignedCall>> places;  // what is signed may hold as many bytes, and comes before
    for (const Account* signer : signers) {
        const chain::Signature signature = chain::sign_hash(digest, chain::key_of_name(signer->name));
        for (std::size_t place = 0; place < most_places; ++place) {
            SignedCall each{call, signature.r, signer->address != world.mallory().address};
            std::size_t earlier = place;
            if (!replace(each.call.arguments, asked, signature, earlier)) break;
            if (places.size() == place) places.emplace_back();
            places[place].push_back(std::move(each));
        }
    }
    std::vector<SignedCall> list;
    for (auto place = places.rbegin(); place != places.rend(); ++place) std::ranges::move(*place, std::back_inserter(list));
    return list;
}

namespace {

// Calls `visit()` for each place in turn at which the address stands, in structs and lists, too, with `other` in that place.
template <class Visit>
void put_instead(abi::Data& data, const Address& address, const Address& other, const Visit& visit) {
    if (auto* const parts = std::get_if<std::vector<abi::Data>>(&data.content)) {
        for (abi::Data& part : *parts) put_instead(part, address, other, visit);
    } else if (data == abi::Data{address}) {
        data = abi::Data{other};
        visit();
        data = abi::Data{address};
    }
}

}  // namespace

std::vector<Call> naming_signers(const World& world, const Call& call, const std::vector<Word>& compared) {
    constexpr std::size_t most = 8;
    const Address& hers = world.attacker().address;
    std::vector<Call> list;
    if (std::ranges::count(compared, vm::to_word(hers)) == 0) return list;
    Call named = call;
    for (abi::Data& argument : named.arguments)
        for (const Address& signer : {world.users()[0].address, world.mallory().address})
            put_instead(argument, hers, signer, [&] {
                if (list.size() < most) list.push_back(named);
            });
    return list;
}

}  // namespace interlock::analyzer
