// Frame: one open call or creation. It holds the registers while another frame runs. (Yellow Paper, section 9.)
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "vm/code.hpp"
#include "vm/host.hpp"
#include "vm/interpreter/arena.hpp"
#include "vm/message.hpp"

namespace interlock::vm {

struct Frame {
    Message message;           // its `input` is set only if somebody outside reads it: a driver or a tracer
    ArenaRange input;          // of the memory arena: the call data, or the init code of a creation
    bool is_stranger = false;  // the frame runs no code: the driver acts in it
    Gas gas;
    Gas refund;
    Host::Checkpoint checkpoint = 0;  // taken before the message takes effect
    std::uint64_t output_offset = 0;  // of the output in its caller's memory
    std::uint64_t output_size = 0;

    std::shared_ptr<const Code> code;
    const NativeCode* native = nullptr;        // of the code; null: the frame runs as one of the next two
    const Translation* translation = nullptr;  // of the code; null: the frame runs as bytecode
    const std::uint8_t* pc = nullptr;          // in the code's padded bytes
    std::size_t stack_base = 0;                // index into the stack arena; the first word is the one after it
    std::size_t stack_size = 0;                // words
    std::size_t memory_base = 0;               // offset into the memory arena
    std::size_t memory_size = 0;               // bytes
    std::uint64_t hash_up_to_here = 0;  // of a stranger's frame and those below; zero: nobody asked (Machine::fingerprint)
};

// The open frames. Ended frames are kept for reuse; their code is kept until all are cleared. Frames never move.
class FrameStack {
  public:
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] Frame& top() { return *frames_[size_ - 1]; }
    [[nodiscard]] const Frame& top() const { return *frames_[size_ - 1]; }
    [[nodiscard]] Frame& operator[](std::size_t depth) { return *frames_[depth]; }
    [[nodiscard]] const Frame& operator[](std::size_t depth) const { return *frames_[depth]; }

    // Returns the frame that the next push opens; the caller fills it in first.
    [[nodiscard]] Frame& next() {
        if (size_ == frames_.size()) frames_.push_back(std::make_unique<Frame>());
        return *frames_[size_];
    }
    void push() { used_ = std::max(used_, ++size_); }
    void pop() { --size_; }
    void clear() {
        while (used_ > 0) frames_[--used_]->code.reset();
        size_ = 0;
    }
    void free_ended() { frames_.resize(size_); }

  private:
    std::vector<std::unique_ptr<Frame>> frames_;
    std::size_t size_ = 0;
    std::size_t used_ = 0;  // since the last clear
};

}  // namespace interlock::vm
