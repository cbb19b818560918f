// Builds one function's blocks in SSA form while the tree is walked once.
//
// The algorithm is that of Braun et al., "Simple and Efficient Construction of Static Single Assignment Form" (2013),
// with block parameters instead of phi nodes. A block is *sealed* once all its predecessors are known. Reading a local
// in a block that is not sealed yet makes a parameter; its arguments are filled in when the block is sealed.
#pragma once

#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "lang/ir/ir.hpp"

namespace interlock::lang::lowering {

// Thrown for a construct that the lowering cannot express. It becomes a diagnostic where the function's lowering began.
struct Unsupported {
    const char* code;
    std::string message;
    SourceRange range;
};

// Code for more blocks does not fit the 24 KiB of a deployed contract.
inline constexpr std::size_t max_blocks = 10'000;  // while building; about half of them are dropped
inline constexpr std::size_t max_instructions = 50'000;

using Local = std::uint32_t;  // a variable of the function, before it is split into values

class Builder {
  public:
    explicit Builder(ir::Function& function);

    // --- blocks ---
    [[nodiscard]] ir::BlockIndex make_block(SourceRange range);
    void enter(ir::BlockIndex block) { current_ = block; }  // the following instructions go there
    void seal(ir::BlockIndex block);                        // no further jumps to it will be made
    void enter_sealed(ir::BlockIndex block) { seal(block), enter(block); }
    ir::Value add_parameter(ir::BlockIndex block, const ir::Type& type);

    // --- ends of the current block; code emitted after an end goes to an unreachable block ---
    void jump(ir::BlockIndex to, SourceRange range);
    void branch(ir::Value condition, ir::BlockIndex then, ir::BlockIndex otherwise, SourceRange range);
    void finish(ir::Terminator terminator, SourceRange range);
    // Ends the block with the call and returns its results, which are parameters of the next block.
    ir::Values external(ir::ExternalCall call, const std::vector<ir::Type>& results, SourceRange range);

    // --- instructions ---
    ir::Value emit(ir::Instruction&& instruction);  // has a result
    void effect(ir::Instruction&& instruction);     // has no result
    ir::Value op(ir::Op op, const ir::Type& type, ir::Values operands, SourceRange range, bool checked = false);
    // Calls one of the contract's own functions; `returns` are its results.
    ir::Values call(std::uint32_t function, ir::Values arguments, std::span<const ir::NamedType> returns, SourceRange range);
    ir::Value constant(const ir::Type& type, const vm::Word& word, SourceRange range);
    ir::Value zero(const ir::Type& type, SourceRange range);
    [[nodiscard]] ir::Type type_of(ir::Value value) const { return types_[value.index]; }
    [[nodiscard]] std::optional<vm::Word> constant_of(ir::Value value) const;  // of one made in the current block
    // Returns the hash of which the value, made in the current block, is the beginning, where what is hashed is written out.
    [[nodiscard]] std::optional<vm::Word> hash_begun_by(ir::Value value) const;

    // --- locals ---
    [[nodiscard]] Local make_local(const ir::Type& type);
    [[nodiscard]] ir::Type type_of_local(Local local) const { return locals_[local]; }
    void write(Local local, ir::Value value) { write(local, current_, value); }
    [[nodiscard]] ir::Value read(Local local) { return read(local, current_); }

  private:
    struct Construction {
        bool sealed = false;
        std::vector<ir::BlockIndex> predecessors;
        // Parameters whose arguments are filled in when the block is sealed.
        std::vector<std::pair<Local, ir::Value>> waiting;
    };

    ir::Value define(const ir::Type& type);
    static std::uint64_t key_of(Local local, ir::BlockIndex block) { return std::uint64_t{block} << 32 | local; }
    void write(Local local, ir::BlockIndex block, ir::Value value) { values_[key_of(local, block)] = value; }
    [[nodiscard]] ir::Value written(Local local, ir::BlockIndex block) const;
    ir::Value read(Local local, ir::BlockIndex block);
    ir::Value read_through(Local local, ir::BlockIndex block);
    void pass_argument(Local local, ir::BlockIndex block);

    ir::Function& function_;
    std::vector<Construction> construction_;
    boost::unordered_flat_map<std::uint64_t, ir::Value> values_;  // by key_of: the current value at the end of the block
    std::vector<ir::Type> types_;                                 // by value
    std::vector<ir::Type> locals_;
    std::size_t instructions_ = 0;
    ir::BlockIndex current_ = 0;
};

}  // namespace interlock::lang::lowering
