// The loop as it runs when nobody watches.
#include "vm/interpreter/loop.hpp"

namespace interlock::vm {

template void interpret<false>(Core&);

}  // namespace interlock::vm
