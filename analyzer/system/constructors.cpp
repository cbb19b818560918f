// Constructors that refuse what they are guessed to want: what they compared it with is a better guess.
#include <algorithm>
#include <iterator>

#include "analyzer/explorer/observations.hpp"
#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace {

// Returns the creation with each list as long as what its length was compared with: its elements come again and again.
std::vector<Call> with_lengths(const Call& creation, const std::vector<lang::abi::DataType>& types,
                               const std::vector<Mismatch>& compared) {
    constexpr std::uint64_t longest = 256;
    std::vector<Call> list;
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (types[i].kind != lang::abi::DataType::Kind::Array) continue;
        const std::vector<lang::abi::Data>& elements = creation.arguments[i].list();
        for (const auto& [found, wanted] : compared) {
            if (elements.empty() || found != vm::Word{elements.size()} || found == wanted || wanted > vm::Word{longest})
                continue;
            list.push_back(creation);
            std::vector<lang::abi::Data>& made = list.back().arguments[i].list();
            made.resize(wanted.low64());
            for (std::size_t k = elements.size(); k < made.size(); ++k) made[k] = elements[k % elements.size()];
        }
    }
    return list;
}

// Runs a deployment that is not kept, and says where it failed; nothing if it did not.
std::optional<Failure> failure_of(const World& world, const lang::Artifact& artifact, const Call& creation,
                                  const std::vector<lang::abi::DataType>& types) {
    World copy = world;
    Observations observations;
    observations.begin_run();
    const chain::Result result =
        copy.execute(copy.transaction(copy.owner().address, std::nullopt, creation.value,
                                      copy.creation_data(artifact, lang::abi::encode(types, creation.arguments))),
                     &observations);
    if (result.valid() && result.receipt.ok()) return std::nullopt;
    Failure failure = observations.failure_of(creation);
    std::ranges::move(with_lengths(creation, types, observations.compared_amounts()), std::back_inserter(failure.mended));
    return failure;
}

}  // namespace

std::optional<Call> mended_creation(const Draft& draft, const lang::Artifact& artifact, const Call& guessed,
                                    const std::vector<lang::abi::DataType>& types) {
    constexpr std::size_t most_runs = 48;
    std::vector<Call> seen{guessed};
    std::vector<std::pair<std::size_t, Call>> waiting{{0, guessed}};  // with how far what it mends got
    for (std::size_t runs = 0; runs < most_runs && !waiting.empty() && !draft.deadline.has_passed(); ++runs) {
        const auto next = std::ranges::max_element(waiting, {}, &std::pair<std::size_t, Call>::first);
        const Call creation = std::move(next->second);
        waiting.erase(next);
        const std::optional<Failure> failure = failure_of(draft.world, artifact, creation, types);
        if (!failure) return creation;
        for (const Call& mended : failure->mended) {
            if (std::ranges::count(seen, mended) != 0) continue;
            seen.push_back(mended);
            waiting.emplace_back(failure->length, mended);
        }
    }
    return std::nullopt;
}

}  // namespace interlock::analyzer
