// Random programs that mostly run to their ends: for tests that compare ways of executing them.
#pragma once

#include <random>

#include "tests/vm/program.hpp"

namespace interlock::vm::test {

// Blocks that all begin and end with the same number of words, so that control can go from any to any; within a block
// any instruction for which there are words. What is an offset or a size is masked first.
class Generator {
  public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    // What control always passes over: a jump that nobody can foresee, for which the compiler to native code gives up
    // knowing all heights.
    static Bytes unforeseen_jump() { return {0x38, 0x60, 0x07, 0x57, 0x38, 0x51, 0x56, 0x5b}; }

    Bytes program(Bytes before = {}) { return program_of(3 + below(12), 1 + below(6), 40, std::move(before)); }

    // Of some ten instructions, so that very many can be tried.
    Bytes short_program(Bytes before = {}) { return program_of(2 + below(4), 1 + below(3), 12, std::move(before)); }

    Bytes program_of(std::size_t words, std::size_t blocks, std::size_t most_instructions, Bytes before) {
        code_ = std::move(before);
        labels_.clear();
        words_ = words;
        height_ = 0;
        while (height_ < words_) push(interesting());
        std::vector<std::size_t> starts;
        for (std::size_t i = 0; i < blocks; ++i) {
            starts.push_back(code_.size());
            op(Opcode::JUMPDEST);
            for (std::size_t n = below(most_instructions); n > 0; --n) instruction();
            level();
            finish_block(blocks);
        }
        return_everything();
        for (const auto& [at, block] : labels_) {
            code_[at] = static_cast<std::uint8_t>(starts[block] >> 8);
            code_[at + 1] = static_cast<std::uint8_t>(starts[block]);
        }
        return code_;
    }

    // Only movements of a few words, and then all of them are told.
    Bytes shuffle() {
        code_.clear();
        height_ = 0;
        for (words_ = 2 + below(16); height_ < words_;) push(interesting());
        op(Opcode::PUSH2);  // forgets what the constants are: another block begins, by a jump that cannot be foreseen
        code_.insert(code_.end(), {0, 0});
        const std::size_t label = code_.size();
        op(Opcode::PUSH0);
        op(Opcode::MLOAD);
        op(Opcode::ADD);
        op(Opcode::JUMP);
        code_[label - 2] = static_cast<std::uint8_t>(code_.size() >> 8);
        code_[label - 1] = static_cast<std::uint8_t>(code_.size());
        op(Opcode::JUMPDEST);
        for (std::size_t n = below(60); n > 0; --n) {
            const std::size_t reach = 1 + below(std::min<std::size_t>(16, height_ - 1));
            if (below(3) != 0) {
                code_.push_back(static_cast<std::uint8_t>(0x8f + reach));
            } else if (below(2) != 0 || height_ == 2) {
                code_.push_back(static_cast<std::uint8_t>(0x7f + reach)), ++height_;
            } else {
                op(Opcode::POP), --height_;
            }
        }
        op(Opcode::JUMPDEST);
        return_everything();
        return code_;
    }

    // Arithmetic on words that nobody knows before the run, cut to some of their bits again and again, with conditions and
    // memory in between: what is narrow, what is dropped, and what is joined into one cell is decided by such code.
    Bytes arithmetic(Bytes before = {}) {
        code_ = std::move(before);
        labels_.clear();
        height_ = 0;
        for (std::size_t n = 3 + below(6); n > 0; --n) unknown();
        for (std::size_t n = below(60); n > 0; --n) {
            switch (below(12)) {
                case 0: unknown(); break;
                case 1: push(interesting()); break;
                case 2: duplicate(); break;
                case 3: exchange(); break;
                case 4:
                    if (height_ == 0) break;
                    push(below(2) == 0 ? (Word{1} << below(256)) - Word{1} : interesting());
                    op(Opcode::AND), --height_;
                    break;
                case 5:
                    if (height_ == 0) break;
                    push(below(280));
                    op(Opcode(0x1b + below(3))), --height_;
                    break;
                case 6: address(); break;
                case 7:
                    if (below(3) == 0) leave_if();
                    break;
                default: compute();
            }
        }
        return_everything();
        for (const auto& [at, block] : labels_) {
            code_[at] = static_cast<std::uint8_t>(code_.size() >> 8);
            code_[at + 1] = static_cast<std::uint8_t>(code_.size());
        }
        op(Opcode::JUMPDEST);
        height_ = 2;
        return_everything();
        return code_;
    }
    // Call data for it.
    Bytes unknown_words() {
        Bytes data;
        for (int i = 0; i < 8; ++i) {
            const auto word = to_big_endian(interesting());
            data.insert(data.end(), word.begin(), word.end());
        }
        return data;
    }

  private:
    void unknown() {
        push(32 * below(8));
        op(Opcode::CALLDATALOAD);
    }
    void compute() {
        const Opcode opcode = Opcode(1 + below(0x1d));
        if (!info(opcode).exists_in(Fork::Cancun) || info(opcode).stack_in > height_ || opcode == Opcode::EXP) return;
        op(opcode);
        height_ = height_ + info(opcode).stack_out - info(opcode).stack_in;
    }
    // Memory at a masked word, and something added to it.
    void address() {
        if (height_ < 2) return;
        mask_top(below(2) == 0 ? 0x3f : 0xffff);
        if (below(2) == 0) push(below(300)), op(Opcode::ADD), --height_;
        op(below(2) == 0 ? Opcode::MLOAD : Opcode::MSTORE);
        if (code_.back() == static_cast<std::uint8_t>(Opcode::MSTORE)) height_ -= 2;
    }
    // To where the two words on top are returned.
    void leave_if() {
        while (height_ < 4) unknown();
        op(std::array{Opcode::LT, Opcode::GT, Opcode::SLT, Opcode::EQ, Opcode::SUB, Opcode::AND}[below(6)]), --height_;
        if (below(2) == 0) op(Opcode::ISZERO);
        push_label(0), op(Opcode::JUMPI), height_ -= 2;
    }

    std::size_t below(std::size_t bound) { return random_() % bound; }
    void op(Opcode opcode) { code_.push_back(static_cast<std::uint8_t>(opcode)); }

    Word interesting() {
        switch (below(8)) {
            case 0: return Word{below(4)};
            case 1: return Word{1} << below(256);
            case 2: return (Word{1} << below(256)) - Word{1};
            case 3: return ~Word{below(100)};
            case 4: return Word{random_()};
            case 5: return Word{random_() >> 32};
            case 6: return Word{below(300)};
            default: return {random_(), random_(), random_(), random_()};
        }
    }
    void push(const Word& word) {
        const unsigned bytes = std::max(1u, byte_length(word));
        code_.push_back(static_cast<std::uint8_t>(0x5f + bytes));
        const auto big = to_big_endian(word);
        code_.insert(code_.end(), big.end() - bytes, big.end());
        ++height_;
    }
    void push_label(std::size_t block) {
        op(Opcode::PUSH2);
        labels_.emplace_back(code_.size(), block);
        code_.insert(code_.end(), {0, 0});
        ++height_;
    }
    void mask_top(std::uint64_t mask) {
        push(mask);
        op(Opcode::AND);
        --height_;
    }

    void instruction() {
        switch (below(10)) {
            case 0:
            case 1: return push(interesting());
            case 2: return duplicate();
            case 3: return exchange();
            case 4:
                if (height_ > 0) op(Opcode::POP), --height_;
                return;
            case 5: return memory();
            default: return any();
        }
    }
    void duplicate() {
        if (height_ == 0) return;
        code_.push_back(static_cast<std::uint8_t>(0x80 + below(std::min<std::size_t>(16, height_))));
        ++height_;
    }
    void exchange() {
        if (height_ < 2) return;
        code_.push_back(static_cast<std::uint8_t>(0x90 + below(std::min<std::size_t>(16, height_ - 1))));
    }
    // Anything that takes no offsets and goes on with the next instruction.
    void any() {
        static const std::vector<Opcode> opcodes = [] {
            std::vector<Opcode> all;
            for (int byte = 0x01; byte < 0x60; ++byte) {
                const auto opcode = Opcode(byte);
                using enum Opcode;
                const bool is_special = opcode == KECCAK256 || opcode == CALLDATACOPY || opcode == CODECOPY ||
                                        opcode == EXTCODECOPY || opcode == RETURNDATACOPY || opcode == MLOAD ||
                                        opcode == MSTORE || opcode == MSTORE8 || opcode == MCOPY || opcode == JUMP ||
                                        opcode == JUMPI || opcode == JUMPDEST || opcode == EXP;
                if (info(opcode).exists_in(Fork::Cancun) && !is_special) all.push_back(opcode);
            }
            return all;
        }();
        const Opcode opcode = below(2) == 0 ? Opcode(1 + below(0x1d)) : opcodes[below(opcodes.size())];
        if (!info(opcode).exists_in(Fork::Cancun) || info(opcode).stack_in > height_ || opcode == Opcode::EXP) return;
        op(opcode);
        height_ = height_ + info(opcode).stack_out - info(opcode).stack_in;
    }
    void memory() {
        using enum Opcode;
        static constexpr std::array copies{KECCAK256, CALLDATACOPY, CODECOPY, MCOPY, LOG0,
                                           LOG1,      LOG2,         LOG3,     CALL,  STATICCALL};
        if (below(3) != 0) {
            const Opcode opcode = std::array{MLOAD, MSTORE, MSTORE8}[below(3)];
            if (info(opcode).stack_in > height_) return;
            if (below(2) == 0) push(below(512));
            else if (height_ > 0) mask_top(0x3ff);
            if (info(opcode).stack_in > height_) return;
            op(opcode);
            height_ = height_ + info(opcode).stack_out - info(opcode).stack_in;
            return;
        }
        const Opcode opcode = copies[below(copies.size())];
        const OpcodeInfo& row = info(opcode);
        if (opcode == CALL || opcode == STATICCALL) {
            for (int i = 0; i < 4; ++i) push(below(64));
            if (opcode == CALL) push(below(2));
            push(to_word(below(4) == 0 ? contract : other));
            push(below(30'000));
        } else {
            for (int i = 0; i < row.stack_in; ++i) push(below(200));
        }
        op(opcode);
        height_ = height_ + row.stack_out - row.stack_in;
    }
    void level() {
        while (height_ > words_) op(Opcode::POP), --height_;
        while (height_ < words_) push(interesting());
    }
    void finish_block(std::size_t blocks) {
        const std::size_t target = below(blocks);
        switch (below(6)) {
            case 0: push_label(target), op(Opcode::JUMP), --height_; break;
            case 1:  // to where memory says
                push_label(target);
                push(0x40 + below(32));
                op(Opcode::MSTORE), height_ -= 2;
                push(code_.back() == 0x52 ? 0x40 : 0);
                op(Opcode::MLOAD), op(Opcode::JUMP), --height_;
                break;
            case 2:
            case 3: {
                static constexpr std::array comparisons{Opcode::LT, Opcode::GT,  Opcode::SLT, Opcode::SGT,
                                                        Opcode::EQ, Opcode::SUB, Opcode::XOR};
                if (below(2) == 0) push(interesting());
                else duplicate();
                if (below(2) == 0) push(below(50));
                else duplicate();
                op(comparisons[below(comparisons.size())]), --height_;
                while (below(2) == 0) op(Opcode::ISZERO);
                push_label(target), op(Opcode::JUMPI), height_ -= 2;
                break;
            }
            case 4: duplicate(), push_label(target), op(Opcode::JUMPI), height_ -= 2; break;
            default: break;
        }
        height_ = words_;
    }
    void return_everything() {
        for (std::size_t i = 0; height_ > 0; ++i) {
            push(0x400 + 32 * i);
            op(Opcode::MSTORE), height_ -= 2;
        }
        push(32 * 40 + 0x400), push(0);
        op(Opcode::RETURN);
    }

    std::mt19937_64 random_;
    Bytes code_;
    std::vector<std::pair<std::size_t, std::size_t>> labels_;  // where in the code, and which block
    std::size_t words_ = 0, height_ = 0;
};

}  // namespace interlock::vm::test
