// Somebody who stands between callers and callees: told of every call and creation before it takes effect and after it
// has ended, and free to speak for either side. A test environment is made of it: calls in somebody else's name, answers
// of contracts that are not there, failures that are expected. A machine without one pays a test of a pointer a call.
#pragma once

#include <optional>

#include "vm/machine.hpp"

namespace interlock::vm {

class CallInterceptor {
  public:
    virtual ~CallInterceptor() = default;

    // Before value moves and a frame opens; `message.input` may be empty, `input` is what is sent. The sender may be
    // changed, and of a call whose code runs. An answer ends the call at once, without a frame; it uses no more gas than the message has.
    [[nodiscard]] virtual std::optional<Reply> on_call(Message& message, ByteView input) = 0;

    // After the frame has ended and a failure has been undone, also where on_call answered and where the call could not
    // start. What is left in `outcome` is what the caller sees: a failure made of a success undoes the frame, a success
    // made of a failure brings nothing back.
    virtual void on_end(const Message& message, Outcome& outcome) = 0;
};

}  // namespace interlock::vm
