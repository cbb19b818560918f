// A call interceptor stands between callers and callees. It is told of every call and creation before it takes effect
// and after it has ended, and it may answer for the callee. Test environments use it for calls in another account's
// name, for answers of contracts that do not exist, and for expected failures. Without an interceptor a machine pays
// one pointer test per call.
#pragma once

#include <optional>

#include "vm/machine.hpp"

namespace interlock::vm {

class CallInterceptor {
  public:
    virtual ~CallInterceptor() = default;

    // Called before value moves and a frame opens. `input` is the input that is sent; `message.input` may be empty. It
    // may change the sender and, for a call, the account whose code runs. A reply ends the call at once, without a
    // frame; it may use at most the message's gas.
    [[nodiscard]] virtual std::optional<Reply> on_call(Message& message, ByteView input) = 0;

    // Called after the frame has ended and a failure has been undone, and also when on_call replied or the call could
    // not start. The caller sees what `outcome` then holds. Turning a success into a failure undoes the frame; turning
    // a failure into a success restores nothing.
    virtual void on_end(const Message& message, Outcome& outcome) = 0;
};

}  // namespace interlock::vm
