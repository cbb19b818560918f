// Precompile 2: SHA-256. (FIPS 180-4)
#include <cryptopp/sha.h>

#include "vm/precompiles/functions.hpp"

namespace interlock::vm::precompile {

Gas sha256_gas(ByteView input, const PrecompileRules&) { return gas_by_words(input, Gas{60}, Gas{12}); }

Output sha256(ByteView input, const PrecompileRules&) {
    Bytes digest(CryptoPP::SHA256::DIGESTSIZE);
    CryptoPP::SHA256().CalculateDigest(digest.data(), input.data(), input.size());
    return digest;
}

}  // namespace interlock::vm::precompile
