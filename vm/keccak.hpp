// Keccak-256 as Ethereum uses it: the original padding, not SHA-3's. (Yellow Paper, appendix B; the Keccak reference.)
#pragma once

#include "vm/bytes.hpp"

namespace interlock::vm {

[[nodiscard]] Hash keccak256(ByteView data);

}  // namespace interlock::vm
