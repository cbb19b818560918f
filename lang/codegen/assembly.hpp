// Assembly: instructions with labels in place of addresses, and the conversion to bytes.
//
// Pushes of labels, data offsets and the code's own size are as wide as the finished code needs. All start with one
// byte and grow until nothing changes; this ends because no push ever shrinks.
#pragma once

#include <string>
#include <vector>

#include "lang/codegen/artifact.hpp"
#include "vm/effects.hpp"
#include "vm/opcodes.hpp"

namespace interlock::lang::codegen {

using vm::Opcode;
using vm::Word;

struct Label {
    std::uint32_t index = none;
    static constexpr std::uint32_t none = 0xffffffff;
    explicit operator bool() const { return index != none; }
    friend bool operator==(Label, Label) = default;
};

struct Item {
    enum class Kind : std::uint8_t {
        Op,
        Push,           // word `index`, in as few bytes as possible
        PushLabel,      // address of label `index`
        Mark,           // a JUMPDEST at which label `index` is
        PushData,       // where data segment `index` starts
        PushSize,       // size of the finished code in bytes, including data
        PushImmutable,  // 32 zero bytes that the constructor fills with immutable `index`
        PushLibrary,    // 20 zero bytes that linking fills with the address of library `index`
    };
    Kind kind = Kind::Op;
    Opcode op = Opcode::STOP;
    std::uint32_t index = 0;
    SourceRange range{};

    [[nodiscard]] bool is(Opcode o) const { return kind == Kind::Op && op == o; }
    [[nodiscard]] bool is(Kind k) const { return kind == k; }
    [[nodiscard]] bool is_push() const { return kind != Kind::Op && kind != Kind::Mark; }
    // Returns whether control never reaches the next item.
    [[nodiscard]] bool ends_flow() const {
        if (kind != Kind::Op) return false;
        const vm::Flow flow = vm::effects_of(op).flow;
        return flow == vm::Flow::Jump || flow == vm::Flow::Halt;
    }
};

// The items in order, then an INVALID as a fence, then the data segments.
class Assembly {
  public:
    [[nodiscard]] Label new_label() { return {labels_++}; }
    [[nodiscard]] std::uint32_t label_count() const { return labels_; }
    // Returns the number of a word for an item that pushes it. Existing words never change, since items may share them.
    [[nodiscard]] std::uint32_t add_word(const Word& word) {
        words.push_back(word);
        return static_cast<std::uint32_t>(words.size() - 1);
    }
    // Adds a data segment. Equal segments are stored once.
    [[nodiscard]] std::uint32_t add_data(vm::Bytes bytes, const std::vector<LinkReference>& links = {});

    void set_range(SourceRange range) { range_ = range; }  // applies to the following items
    [[nodiscard]] SourceRange range() const { return range_; }
    void op(Opcode op) { add({.kind = Item::Kind::Op, .op = op}); }
    void push(const Word& word) { add({.kind = Item::Kind::Push, .index = add_word(word)}); }
    void push_label(Label label) { add({.kind = Item::Kind::PushLabel, .index = label.index}); }
    void push_data(std::uint32_t segment) { add({.kind = Item::Kind::PushData, .index = segment}); }
    void push_size() { add({.kind = Item::Kind::PushSize}); }
    void push_immutable(std::uint32_t index) { add({.kind = Item::Kind::PushImmutable, .index = index}); }
    void push_library(const std::string& name);
    void mark(Label label) { add({.kind = Item::Kind::Mark, .index = label.index}); }

    std::vector<Item> items;
    std::vector<Word> words;
    std::vector<vm::Bytes> data;
    std::vector<std::vector<LinkReference>> data_links;  // of each segment, from its start
    std::vector<std::string> libraries;
    std::uint8_t least_push_bytes = 0;  // 1: there is no PUSH0
    std::vector<std::uint32_t> loops;   // labels to which later code jumps back

  private:
    void add(Item item) {
        item.range = range_;
        items.push_back(item);
    }
    std::uint32_t labels_ = 0;
    SourceRange range_;
};

struct Assembled {
    vm::Bytes code;
    std::vector<SourceMapEntry> source_map;  // one entry for each run of instructions with the same range
    std::vector<ImmutableReference> immutables;
    std::vector<LinkReference> links;
};

[[nodiscard]] Assembled assemble(const Assembly& assembly);

// Prints one item per line, with labels as "L3:" and "PUSH L3". Tests read this.
[[nodiscard]] std::string print(const Assembly& assembly);

}  // namespace interlock::lang::codegen
