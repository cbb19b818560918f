// The emitter writes instructions and keeps track of the stack after each of them.
//
// Every word on the stack has a name, an Entry: a value of the function, the return label, or a temporary. Code asks
// for entries and never for depths: `copy(x)` finds the DUP that reaches x. This makes hand-written routines readable
// and allows the scheduling of whole functions. An entry that is deeper than SWAP16 and DUP16 reach causes an
// exception, and the function is emitted again with that value in memory (function.cpp).
#pragma once

#include <functional>
#include <vector>

#include "lang/codegen/assembly.hpp"

namespace interlock::lang::codegen {

struct Entry {
    enum class Kind : std::uint8_t {
        Value,      // SSA value `index` of the function that is being emitted
        Return,     // the address to which the function or routine returns
        Temporary,  // anything else; `index` is unique
    };
    Kind kind = Kind::Temporary;
    std::uint32_t index = 0;
    friend bool operator==(const Entry&, const Entry&) = default;
};

inline constexpr Entry return_entry{Entry::Kind::Return, 0};
[[nodiscard]] inline Entry entry_of(ir::Value value) { return {Entry::Kind::Value, value.index}; }

// Thrown when `entry` is needed but is too deep.
struct OutOfReach {
    Entry entry;
    std::vector<Entry> above;  // the entries above it, topmost last
};

class Emitter {
  public:
    // Pushes an entry that is not on the stack, such as a constant or a spill slot. Returns false if it cannot.
    using Materialize = std::function<bool(Entry)>;

    explicit Emitter(Assembly& assembly) : assembly_(assembly) {}

    [[nodiscard]] Assembly& assembly() { return assembly_; }
    void set_materialize(Materialize materialize) { materialize_ = std::move(materialize); }

    // --- instructions ---
    Emitter& op(Opcode op);  // not DUP, SWAP or PUSH; its results are new temporaries
    Emitter& push(const Word& word);
    Emitter& push_label(Label label);
    Emitter& push_data(std::uint32_t segment);
    Emitter& push_size();
    Emitter& push_immutable(std::uint32_t index);
    Emitter& push_library(const std::string& name);
    Emitter& dup(std::size_t depth);   // 0: the top
    Emitter& swap(std::size_t depth);  // with the top; 0 does nothing
    Emitter& pop() { return op(Opcode::POP); }

    // --- flow: a label's stack is the stack at its jumps ---
    void mark(Label label) { assembly_.mark(label); }
    void jump(Label label);
    void jump_if(Label label);  // consumes the condition
    // A routine takes its arguments, the last on top, with the return label above them, and leaves its results.
    void call(Label routine, std::size_t arguments, std::size_t results);

    // --- entries ---
    Entry name_top();  // gives the top a new, unique name
    void rename_top(Entry entry) { stack.back() = entry; }
    [[nodiscard]] bool holds(Entry entry) const;
    [[nodiscard]] std::size_t depth_of(Entry entry) const;  // of the copy nearest to the top, which must exist
    Emitter& copy(Entry entry);                             // pushes it
    void assign(Entry variable);                            // pops the top into the place of `variable`
    void remove(Entry entry);                               // removes it from the stack; the top takes its place
    // Makes the stack exactly `target`, bottom first. Entries that are missing are materialized.
    void shuffle(const std::vector<Entry>& target);
    // Words that a stack has only to have, not to know: a target says where they are with new names, for which
    // fill_unknown() puts in what lies there or is not wanted elsewhere.
    [[nodiscard]] Entry unknown() { return {Entry::Kind::Temporary, ++temporaries_}; }
    void fill_unknown(std::vector<Entry>& target) const;
    // The gas that shuffle() would take, where nothing has to be materialized.
    [[nodiscard]] std::uint64_t shuffle_gas(const std::vector<Entry>& target) const;

    std::vector<Entry> stack;  // bottom first

  private:
    void push_temporary() { stack.push_back({Entry::Kind::Temporary, ++temporaries_}); }
    [[nodiscard]] OutOfReach out_of_reach(std::size_t depth) const;

    Assembly& assembly_;
    Materialize materialize_;
    std::uint32_t temporaries_ = 0;
};

}  // namespace interlock::lang::codegen
