#include "chain/consensus/pbft/certificate.hpp"

#include <set>

#include "vm/keccak.hpp"

namespace interlock::chain::consensus::pbft {

void append_vote(rlp::Encoder& out, const Vote& vote) {
    out.open().number(vote.signer).number(vote.signature.r).number(vote.signature.s);
    out.number(vote.signature.y_parity ? 1 : 0).close();
}

Vote read_vote(Fields fields) {
    Vote vote;
    vote.signer = static_cast<NodeId>(std::min<std::uint64_t>(fields.number(), UINT32_MAX));
    vote.signature = {fields.word(), fields.word(), fields.number() == 1};
    if (!fields.ok() || !fields.at_end()) vote.signer = UINT32_MAX;  // nobody's
    return vote;
}

Hash vote_hash(Phase phase, std::uint64_t view, std::uint64_t height, const Hash& block) {
    rlp::Encoder out;
    out.open().number(static_cast<std::uint64_t>(phase)).number(view).number(height).string(block).close();
    return vm::keccak256(out.take());
}

void Certificate::append_to(rlp::Encoder& out) const {
    out.open().number(static_cast<std::uint64_t>(phase)).number(view).number(height).string(block).open();
    for (const Vote& vote : votes) append_vote(out, vote);
    out.close().close();
}

Certificate Certificate::read(Fields fields) {
    Certificate certificate;
    certificate.phase = fields.number() == 0 ? Phase::Prepare : Phase::Commit;
    certificate.view = fields.number();
    certificate.height = fields.number();
    certificate.block = fields.hash();
    for (const rlp::Item& vote : fields.list()) certificate.votes.push_back(read_vote(Fields(vote)));
    return certificate;
}

bool Certificate::is_valid(Env& env, std::uint32_t quorum) const {
    if (height == 0) return block == env.genesis()->hash;
    std::set<NodeId> signers;
    const Hash signed_hash = vote_hash(phase, view, height, block);
    for (const Vote& vote : votes)
        if (!signers.contains(vote.signer) && env.verify(vote.signer, signed_hash, vote.signature))
            signers.insert(vote.signer);
    return signers.size() >= quorum;
}

}  // namespace interlock::chain::consensus::pbft
