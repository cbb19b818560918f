#include "chain/process/process_env.hpp"

#include "chain/secp256k1.hpp"

namespace interlock::chain::process {

ProcessEnv::ProcessEnv(const Node& node, consensus::Random random)
    : random_(random),
      codec_(vm::default_fork),
      file_(*node.file),
      engine_(node.engine->make(*node.options)),
      id_(node.id),
      ledger_(node.genesis->build(), node.reward) {
    for (consensus::NodeId each = 0; each < node.nodes; ++each) {
        addresses_.push_back(address_of(consensus::key_of_validator(each)));
        if (each != id_) peers_.push_back(each);
    }
}

Signature ProcessEnv::sign(const Hash& what) { return sign_hash(what, consensus::key_of_validator(id_)); }

bool ProcessEnv::verify(consensus::NodeId signer, const Hash& what, const Signature& signature) {
    return signer < nodes() && recover_address(what, signature) == addresses_[signer];
}

}  // namespace interlock::chain::process
