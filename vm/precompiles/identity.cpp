// Precompile 4: the output is the input.
#include "vm/precompiles/functions.hpp"

namespace interlock::vm::precompile {

Gas identity_gas(ByteView input, const PrecompileRules&) { return gas_by_words(input, Gas{15}, Gas{3}); }

Output identity(ByteView input, const PrecompileRules&) { return Bytes(input.begin(), input.end()); }

}  // namespace interlock::vm::precompile
