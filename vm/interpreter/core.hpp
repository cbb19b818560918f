// Core: the internals of the machine. Frames open and close here; the run loop (loop.hpp) executes the top one.
//
//     begin(message) --> refused -----------------------------> deliver
//                    --> a stranger's frame: Yielded
//                    --> a precompile, or no code --> finish -> deliver
//                    --> a frame of code: Running ... finish -> deliver --> its caller: Running, Returned or Done
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "vm/call_interceptor.hpp"
#include "vm/fork_rules.hpp"
#include "vm/interpreter/arena.hpp"
#include "vm/interpreter/frame.hpp"
#include "vm/machine.hpp"
#include "vm/opcodes.hpp"
#include "vm/tracer.hpp"

namespace interlock::vm {

enum class Activity : std::uint8_t { Running, Yielded, Returned, Done };

// Where the run loop goes for each opcode.
using Targets = std::array<const void*, 256>;

class Core {
  public:
    static constexpr std::size_t max_stack = 1024;     // words per frame
    static constexpr std::size_t scratch_words = 512;  // words that translated code may use above the stack
    static constexpr std::size_t stack_room = max_stack + 1 + scratch_words;

    Core(Host& host, Fork fork);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    // --- what the instructions work on ---
    Host& host;
    const Fork fork;
    const ForkRules& rules;
    FrameStack frames;
    GrowingBuffer<Word> stack;
    Memory memory;                         // of the running frame
    Bytes return_data;                     // of the running frame's last call
    ByteView output;                       // output of the frame that is halting,
    Status halted_with = Status::Success;  // and the reason why it halts; kept in memory, so that it occupies no register
    Machine::KeccakObserver keccak_observer;

    // --- what controls the run ---
    std::function<bool(const Address&)> is_stranger;
    CallInterceptor* interceptor = nullptr;
    bool limits_code = true;  // whether the fork's limits on code size apply
    Activity activity = Activity::Done;
    Outcome outcome;  // valid when Returned or Done

    [[nodiscard]] Frame& frame() { return frames.top(); }
    [[nodiscard]] const Message& message() { return frames.top().message; }

    // Makes the frame's memory the current one; call it whenever another frame becomes the top. The init code of a
    // creation does not count as call data.
    void select_memory(const Frame& frame) {
        memory.select(frame.memory_base, frame.memory_size, frame.message.is_create() ? ArenaRange{} : frame.input);
    }

    // Drops every open frame.
    void reset();

    // Fills in the frame `frames.next()` with a message from outside, whose input is put above the open frames' memory.
    void take(Frame& frame, const Message& message);

    // Opens the frame `frames.next()`, whose message, input and output range must be filled in. Its gas has been taken
    // from its caller.
    void begin(Frame& frame);

    // The same for a stranger's call. If the stranger may not change the state, a callee that would change it is refused.
    void begin_from_stranger(Frame& frame, bool stranger_is_static);

    // Ends `frame`, which is the top frame or was never pushed, and delivers its result to its caller.
    // Ends the top frame, whose code has come to its end.
    void end(Frame& frame, Status status);
    void finish(Frame& frame, Status status, ByteView output);

    // Called by the traced loop before each instruction, and whenever the frame's gas after it is known.
    void trace_instruction(const std::uint8_t* pc, Gas gas, const Word* top) {
        if (trace_.pending) flush_trace(gas);
        if (trace_.wanted[*pc]) note_instruction(pc, gas, top);
    }
    void flush_trace(Gas gas_after);
    void set_tracer(Tracer* tracer) {
        tracer_ = tracer;
        trace_.pending = false;
        if (tracer == nullptr) return;
        trace_.wanted = tracer->wanted();
        trace_.with_cost = tracer->wants_cost();
        trace_.with_memory = tracer->wants_memory();
    }
    [[nodiscard]] bool is_traced() const { return tracer_ != nullptr; }
    // Returns the blocks that tell the tracer first where it wants the instruction, and the plain ones elsewhere.
    [[nodiscard]] const Targets& traced_targets(const Targets& plain, const Targets& told);

  private:
    void prepare(Frame& frame);
    void show_input(Frame& frame);
    [[nodiscard]] std::size_t end_of_memory() const;
    void begin_call(Frame& frame);
    [[nodiscard]] const std::shared_ptr<const Code>& code_to_run(const Address& address);
    void begin_creation(Frame& frame);
    [[nodiscard]] bool claim_address(Frame& frame);
    void open(Frame& frame);
    void choose_tier(Frame& frame) const;
    void close();
    // Returns whether the interceptor has answered for the callee.
    [[nodiscard]] bool is_answered(Frame& frame);
    void refuse(Frame& frame, Status status);
    [[nodiscard]] Gas refund_so_far() const;
    [[nodiscard]] Status deposit(Frame& frame, ByteView code);
    void deliver(const Frame& ended, Status status, ByteView output);
    // Delivers the result after the interceptor has seen it. `created` is the new account of a successful creation,
    // otherwise null.
    void hand_over(const Frame& ended, Status status, ByteView output, const Address* created);

    void note_instruction(const std::uint8_t* pc, Gas gas, const Word* top);

    Tracer* tracer_ = nullptr;
    bool shows_much_input_ = false;  // ended frames hold copies that are worth releasing
    struct PendingTrace {
        bool pending = false;
        bool with_cost = true, with_memory = false;
        OpcodeSet wanted;
        TracePoint point;
        std::vector<Word> stack;
        Bytes memory;
        std::optional<OpcodeSet> targets_for;  // what the targets were made for
        Targets targets;
    } trace_;
};

// The run loop: executes the top frame, and those that it opens, until `core.activity` is no longer Running.
template <bool traced>
void interpret(Core& core);

extern template void interpret<false>(Core&);
extern template void interpret<true>(Core&);

}  // namespace interlock::vm
