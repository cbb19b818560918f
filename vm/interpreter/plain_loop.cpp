// The loop without a tracer.
#include "vm/interpreter/loop.hpp"

namespace interlock::vm {

template void interpret<false>(Core&);

}  // namespace interlock::vm
