#include "vm/interpreter/core.hpp"

#include <cassert>
#include <limits>

#include "vm/created_address.hpp"
#include "vm/jit/tier.hpp"
#include "vm/precompiles.hpp"
#include "vm/translator/tiering.hpp"

namespace interlock::vm {
namespace {

// Space for a few frames; deeper calls make it grow.
constexpr std::size_t initial_stack_words = 2 * Core::stack_room;

// What a machine keeps when a message begins; larger space is released then.
constexpr std::size_t kept_stack_words = 32 * Core::max_stack;
constexpr std::size_t kept_bytes = std::size_t{1} << 20;
constexpr std::size_t kept_memory_bytes = std::size_t{16} << 20;  // all that a block's gas pays for several times over
constexpr std::size_t kept_input_bytes = std::size_t{4} << 10;    // per frame

void clear_bounded(Bytes& bytes) {
    bytes.clear();
    if (bytes.capacity() > kept_bytes) bytes = {};
}

// Each thread keeps the space of its last machines for the next ones: a transaction makes a machine, and would spend a
// good part of its time on allocating. There are several, since who searches makes machines while others are suspended.
thread_local bool thread_ends = false;
class SpareSpace {
  public:
    struct Space {
        FrameStack frames;
        GrowingBuffer<Word> stack;
        ZeroedBytes memory;
    };

    ~SpareSpace() { thread_ends = true; }
    // The space that is taken next; an empty one if there is none.
    [[nodiscard]] Space& top() { return spaces_[count_ == 0 ? 0 : count_ - 1]; }
    void pop() { count_ -= count_ != 0; }
    // Where space is put that is no longer in use; null: there is enough.
    [[nodiscard]] Space* push() { return count_ == std::size(spaces_) ? nullptr : &spaces_[count_++]; }

  private:
    Space spaces_[4];
    std::size_t count_ = 0;
};
thread_local SpareSpace spare;

}  // namespace

Core::Core(Host& host, Fork fork)
    : host(host),
      fork(fork),
      rules(rules_of(fork)),
      frames(std::move(spare.top().frames)),
      stack(std::move(spare.top().stack)),
      memory(Machine::max_memory_bytes, std::move(spare.top().memory)) {
    spare.pop();
    stack.reserve(initial_stack_words);
}

Core::~Core() {
    reset();
    if (thread_ends) return;
    SpareSpace::Space* const space = spare.push();
    if (space == nullptr) return;
    space->frames = std::move(frames);
    space->stack = std::move(stack);
    space->memory = memory.take_buffer();
}

void Core::reset() {
    frames.clear();
    memory.select(0, 0, {});
    memory.shrink_to(kept_memory_bytes);
    stack.shrink_to(kept_stack_words);
    clear_bounded(return_data);
    clear_bounded(outcome.output);
    if (std::exchange(shows_much_input_, false)) frames.free_ended();
    trace_.pending = false;
    activity = Activity::Done;
}

// Clears a frame that is used again, so that nothing of an earlier call remains.
void Core::prepare(Frame& frame) {
    frame.is_stranger = false;
    frame.gas = frame.message.gas;
    frame.refund = {};
    if (is_traced()) show_input(frame);
}

// Copies the input for observers that see messages but not the arena.
void Core::show_input(Frame& frame) {
    const ByteView input = memory.at(frame.input);
    frame.message.input.assign(input.begin(), input.end());
    shows_much_input_ |= input.size() > kept_input_bytes;
}

std::size_t Core::end_of_memory() const { return frames.empty() ? 0 : frames.top().memory_base + frames.top().memory_size; }

void Core::take(Frame& frame, const Message& message) {
    frame.message = message;
    shows_much_input_ |= message.input.size() > kept_input_bytes;
    frame.input = memory.put(end_of_memory(), message.input);
    frame.output_offset = frame.output_size = 0;
}

void Core::begin(Frame& frame) {
    Message& message = frame.message;
    if (!frames.empty() && !frames.top().is_stranger) {
        frames.top().memory_size = memory.size();
        if (is_traced()) flush_trace(frames.top().gas);
    }
    prepare(frame);
    return_data.clear();
    if (interceptor != nullptr && is_answered(frame)) return;

    if (message.depth > Machine::max_depth) return refuse(frame, Status::CallDepthExceeded);
    if (message.transfers_value() && !message.value.is_zero() && host.balance(message.sender) < message.value)
        return refuse(frame, Status::InsufficientBalance);
    if (!message.is_create()) return begin_call(frame);
    // For a creation at depth 0 the address is set and the nonce has been raised already.
    if (message.depth > 0 && !claim_address(frame)) return refuse(frame, Status::NonceOverflow);
    begin_creation(frame);
}

void Core::begin_from_stranger(Frame& frame, bool stranger_is_static) {
    const Message& message = frame.message;
    const bool gives_value = message.kind == CallKind::Call && !message.value.is_zero();
    if (!message.is_create() && rules.warms_accounts) host.warm_account(message.code_address);
    prepare(frame);
    if (stranger_is_static && (gives_value || message.is_create())) return refuse(frame, Status::StaticViolation);
    begin(frame);
}

void Core::begin_call(Frame& frame) {
    const Message& message = frame.message;
    frame.checkpoint = host.checkpoint();
    if (message.kind == CallKind::Call && !message.value.is_zero())
        host.transfer(message.sender, message.recipient, message.value);
    else if (message.kind == CallKind::Call || message.kind == CallKind::StaticCall) host.touch(message.recipient);
    if (is_traced()) tracer_->on_enter(message);

    if (is_stranger && is_stranger(message.code_address)) {
        show_input(frame);
        frame.is_stranger = true;
        open(frame);
        activity = Activity::Yielded;
        return;
    }
    if (const Precompile* const precompile = find_precompile(message.code_address, fork)) {
        const PrecompileResult result = run_precompile(*precompile, memory.at(frame.input), frame.gas, fork);
        frame.gas -= result.cost;
        return finish(frame, result.status, result.output);
    }
    const std::shared_ptr<const Code>& code = code_to_run(message.code_address);
    if (code->is_empty()) return finish(frame, Status::Success, {});
    // The frame before this one often ran the same code, and counting a reference costs as much as a call.
    if (frame.code != code) frame.code = code;
    open(frame);
    choose_tier(frame);
    activity = Activity::Running;
}

// EIP-7702: an account may delegate to another account's code.
const std::shared_ptr<const Code>& Core::code_to_run(const Address& address) {
    const std::shared_ptr<const Code>& code = host.code(address);
    if (!rules.delegations || !code->delegation()) return code;
    const Address delegation = *code->delegation();
    return host.code(delegation);
}

bool Core::claim_address(Frame& frame) {
    Message& message = frame.message;
    const std::uint64_t nonce = host.nonce(message.sender);
    if (nonce == std::numeric_limits<std::uint64_t>::max()) return false;  // EIP-2681
    host.set_nonce(message.sender, nonce + 1);
    message.recipient = message.kind == CallKind::Create
                            ? created_address(message.sender, nonce)
                            : created_address(message.sender, message.salt, memory.at(frame.input));
    return true;
}

void Core::begin_creation(Frame& frame) {
    Message& message = frame.message;
    message.code_address = message.recipient;
    if (rules.warms_accounts) host.warm_account(message.recipient);
    frame.checkpoint = host.checkpoint();
    if (is_traced()) tracer_->on_enter(message);

    const bool is_taken = host.nonce(message.recipient) != 0 || !host.code(message.recipient)->is_empty() ||
                          host.has_storage(message.recipient);  // EIP-684, EIP-7610
    if (is_taken) return finish(frame, Status::CreateCollision, {});
    host.create_account(message.recipient);
    if (rules.new_contract_nonce != 0) host.set_nonce(message.recipient, rules.new_contract_nonce);
    if (!message.value.is_zero()) host.transfer(message.sender, message.recipient, message.value);
    frame.code = frame.input.size == 0 ? empty_code() : analyse(memory.at(frame.input));
    open(frame);
    choose_tier(frame);
    activity = Activity::Running;
}

void Core::open(Frame& frame) {
    frame.stack_base = frames.empty() ? 0 : frames.top().stack_base + frames.top().stack_size;
    // Input from outside lies above the caller's memory.
    frame.memory_base = std::max(end_of_memory(), (frame.input.offset + frame.input.size + 31) / 32 * 32);
    frame.stack_size = 0;
    frame.memory_size = 0;
    frame.hash_up_to_here = 0;
    stack.reserve(frame.stack_base + stack_room);
    frame.pc = frame.is_stranger ? nullptr : frame.code->begin();
    frames.push();
    select_memory(frame);
}

void Core::choose_tier(Frame& frame) const {
    frame.native = is_traced() ? nullptr : worthwhile_native_code(frame.code, fork);
    const bool is_translated = !is_traced() && frame.native == nullptr;
    frame.translation = is_translated ? worthwhile_translation(*frame.code, fork, 0) : nullptr;
}

// Selects the caller's memory again; a stranger has none.
void Core::close() {
    frames.pop();
    if (!frames.empty() && !frames.top().is_stranger) select_memory(frames.top());
}

bool Core::is_answered(Frame& frame) {
    frame.checkpoint = host.checkpoint();
    const std::optional<Reply> answer = interceptor->on_call(frame.message, memory.at(frame.input));
    if (!answer) return false;
    assert(answer->gas_used <= frame.gas);
    if (is_traced()) tracer_->on_enter(frame.message);
    frame.gas -= answer->gas_used;
    deliver(frame, answer->revert ? Status::Revert : Status::Success, answer->output);
    return true;
}

void Core::refuse(Frame& frame, Status status) {
    assert(&frame == &frames.next());
    deliver(frame, status, {});
}

Status Core::deposit(Frame& frame, ByteView code) {
    if (limits_code && code.size() > rules.max_code_bytes) return Status::CodeTooLarge;
    if (rules.rejects_ef && !code.empty() && code[0] == 0xef) return Status::InvalidCode;
    const Gas price = rules.deposit_byte * static_cast<std::int64_t>(code.size());
    if (frame.gas < price) return rules.unpaid_deposit_fails ? Status::OutOfGas : Status::Success;
    frame.gas -= price;
    host.set_code(frame.message.recipient, code);
    return Status::Success;
}

void Core::end(Frame& frame, Status status) {
    if (frame.native == nullptr) frame.code->add_spent(frame.message.gas - frame.gas);
    const bool has_output = status == Status::Success || status == Status::Revert;
    finish(frame, status, has_output ? output : ByteView{});
}

void Core::finish(Frame& frame, Status status, ByteView result) {
    if (is_traced()) flush_trace(frame.gas);
    if (frame.message.is_create() && status == Status::Success) {
        status = deposit(frame, result);
        result = {};
    }
    if (status != Status::Success) {
        host.revert_to(frame.checkpoint);
        frame.refund = {};
        if (status != Status::Revert) {
            frame.gas = {};
            result = {};
        }
    }
    if (!frames.empty() && &frame == &frames.top()) close();
    deliver(frame, status, result);
}

void Core::deliver(const Frame& ended, Status status, ByteView result) {
    const bool created = status == Status::Success && ended.message.is_create();
    const Address* const account = created ? &ended.message.recipient : nullptr;
    if (interceptor == nullptr) return hand_over(ended, status, result, account);
    Outcome seen{status, ended.gas, ended.refund, Bytes(result.begin(), result.end()), created ? *account : Address{}};
    interceptor->on_end(ended.message, seen);
    if (status == Status::Success && !seen.ok()) host.revert_to(ended.checkpoint);
    hand_over(ended, seen.status, seen.output, seen.ok() && ended.message.is_create() ? &seen.created : nullptr);
}

void Core::hand_over(const Frame& ended, Status status, ByteView result, const Address* created) {
    const bool ok = status == Status::Success;
    const bool to_driver = frames.empty() || frames.top().is_stranger;
    if (to_driver || is_traced()) {
        outcome = {status, ended.gas, ended.refund, Bytes(result.begin(), result.end()),
                   created != nullptr ? *created : Address{}};
        if (is_traced()) tracer_->on_exit(ended.message, outcome);
    }
    activity = frames.empty() ? Activity::Done : to_driver ? Activity::Returned : Activity::Running;
    if (frames.empty()) return;

    Frame& caller = frames.top();
    caller.gas += ended.gas;
    caller.refund += ended.refund;
    if (caller.is_stranger) return;
    return_data.assign(result.begin(), result.end());
    std::copy_n(result.begin(), std::min<std::size_t>(result.size(), ended.output_size),
                memory.data() + ended.output_offset);
    stack.data()[caller.stack_base + ++caller.stack_size] = created != nullptr ? to_word(*created) : Word{ok};
}

}  // namespace interlock::vm
