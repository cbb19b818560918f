#include "chain/ommer_rules.hpp"

#include <algorithm>

namespace interlock::chain {

namespace {

bool is_among(const Hash& hash, const std::vector<Header>& ommers) {
    return std::ranges::any_of(ommers, [&](const Header& ommer) { return hash_of(ommer) == hash; });
}

}  // namespace

Refusal check_ommers(const std::vector<Header>& ommers, std::span<const Ancestor> ancestors,
                     const std::function<BlockRefusal(const Header&, const Ancestor&)>& check) {
    if (ommers.size() > max_ommers) return {BlockRefusal::TooManyOmmers};
    for (std::size_t i = 0; i < ommers.size(); ++i) {
        const Header& ommer = ommers[i];
        const auto refuse = [i](BlockRefusal refusal, BlockRefusal broken = BlockRefusal::None) {
            return Refusal{refusal, TransactionRefusal::None, i, {}, broken};
        };
        const Hash hash = hash_of(ommer);
        if (std::ranges::find(ancestors, hash, &Ancestor::hash) != ancestors.end())
            return refuse(BlockRefusal::OmmerIsAncestor);
        const bool is_repeated =
            (i == 1 && hash == hash_of(ommers[0])) ||
            std::ranges::any_of(ancestors, [&](const Ancestor& a) { return is_among(hash, *a.ommers); });
        if (is_repeated) return refuse(BlockRefusal::RepeatedOmmer);
        const auto parent = std::ranges::find(ancestors, ommer.parent_hash, &Ancestor::hash);
        if (parent == ancestors.end() || parent == ancestors.begin()) return refuse(BlockRefusal::OmmerNotRecent);
        if (const BlockRefusal broken = check(ommer, *parent); broken != BlockRefusal::None)
            return refuse(BlockRefusal::RefusedOmmer, broken);
    }
    return {};
}

}  // namespace interlock::chain
