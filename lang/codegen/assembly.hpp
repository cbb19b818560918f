// Assembly: instructions with labels in place of addresses, and what it takes to make bytes of them.
//
// Pushes of labels, data offsets and the code's own size are as wide as the finished code demands: all start with one
// byte and grow until nothing changes, which always ends because none ever shrinks.
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
        Push,           // word `index`, in as few bytes as it needs
        PushLabel,      // where label `index` is
        Mark,           // label `index` is here: a JUMPDEST
        PushData,       // where data segment `index` starts
        PushSize,       // bytes of the finished code, data included
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
    // Control never reaches the item after this one.
    [[nodiscard]] bool ends_flow() const {
        if (kind != Kind::Op) return false;
        const vm::Flow flow = vm::effects_of(op).flow;
        return flow == vm::Flow::Jump || flow == vm::Flow::Halt;
    }
};

// Items in order, then an INVALID as a fence, then the data segments.
class Assembly {
  public:
    [[nodiscard]] Label new_label() { return {labels_++}; }
    [[nodiscard]] std::uint32_t label_count() const { return labels_; }
    // The number of a word for an item that pushes it; those there are stay as they are, since items may share them.
    [[nodiscard]] std::uint32_t add_word(const Word& word) {
        words.push_back(word);
        return static_cast<std::uint32_t>(words.size() - 1);
    }
    // Equal segments are kept once.
    [[nodiscard]] std::uint32_t add_data(vm::Bytes bytes, const std::vector<LinkReference>& links = {});

    void set_range(SourceRange range) { range_ = range; }  // of the items that follow
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
    std::vector<std::uint32_t> loops;  // labels to which code behind them goes back

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
    std::vector<SourceMapEntry> source_map;  // one entry for each run of instructions from the same range
    std::vector<ImmutableReference> immutables;
    std::vector<LinkReference> links;
};

[[nodiscard]] Assembled assemble(const Assembly& assembly);

// One item a line, labels as "L3:" and "PUSH L3": what tests read.
[[nodiscard]] std::string print(const Assembly& assembly);

}  // namespace interlock::lang::codegen
