// Precompile 3: RIPEMD-160. Its 20 bytes are right-aligned in a word. (ISO/IEC 10118-3)
#include <cryptopp/ripemd.h>

#include "vm/precompiles/functions.hpp"

namespace interlock::vm::precompile {

Gas ripemd160_gas(ByteView input, const PrecompileRules&) { return gas_by_words(input, Gas{600}, Gas{120}); }

Output ripemd160(ByteView input, const PrecompileRules&) {
    Bytes word(32);
    CryptoPP::RIPEMD160().CalculateDigest(word.data() + 12, input.data(), input.size());
    return word;
}

}  // namespace interlock::vm::precompile
