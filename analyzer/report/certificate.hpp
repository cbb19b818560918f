// Certificates: what was proved of a source, with what it rests on, as a text that anybody can check against the source
// without a search.
#pragma once

#include <optional>
#include <string>

#include "analyzer/verdict.hpp"
#include "lang/compile.hpp"

namespace interlock::analyzer {

// All that the prover shows of the sources: for each contract the argument that it is callback-free, call by call, and for
// each property that holds how many conditions were refuted, and by which facts. The text has the hash of every source. It is
// the same for the same sources, wherever they lie.
[[nodiscard]] std::string certificate_of(const lang::Compilation& compilation);

// Proves again what the certificate says. Returns why it does not hold for these sources, or nothing: a text of which one
// byte was changed does not.
[[nodiscard]] std::optional<std::string> refusal_of(const std::string& certificate, const lang::Compilation& compilation);

// How many proofs a certificate that holds contains.
[[nodiscard]] std::size_t proofs_in(const std::string& certificate);

}  // namespace interlock::analyzer
