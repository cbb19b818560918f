// The variables of the function that is being lowered: what each name stands for, and which words are unclean.
//
// An unclean word may have bits outside the type of its variable, because assembly wrote it. Such a variable holds the
// whole word; reading it cleans the word, and remembers it for code that only passes the value on. (Only in contracts
// where assembly can observe those bits: ContractLowering::tracks_dirt.)
#pragma once

#include <map>
#include <variant>
#include <vector>

#include "lang/lower/contract.hpp"
#include "lang/lower/result.hpp"

namespace interlock::lang::lowering {

class Variables {
  public:
    // A variable of a reference type: one word, or two for types with a length in call data.
    struct Pointer {
        std::vector<Local> words;
    };
    using Binding = std::variant<Local, PlaceReference, Pointer>;
    using Names = std::map<VariableId, Binding>;

    Variables(ContractLowering& contract, Builder& builder) : contract_(contract), builder_(builder) {}

    // --- names ---
    std::vector<Local> declare(VariableId variable);  // with all its words
    Local declare(VariableId variable, const ir::Type& type);
    void stand_for(VariableId variable, PlaceReference place) { names_[variable] = std::move(place); }
    [[nodiscard]] const Binding* find(VariableId variable) const;  // nullptr: it is no variable of the function
    [[nodiscard]] std::vector<Local> locals_of(VariableId variable) const;
    // A modifier that is used again in an inner level declares its variables again.
    [[nodiscard]] const Names& names() const { return names_; }
    void restore(Names names) { names_ = std::move(names); }

    // --- values, as Solidity sees them ---
    ir::Value read(Local local, SourceRange range);
    void write(Local local, ir::Value value, SourceRange range);
    [[nodiscard]] ir::Type type_of(Local local, SourceRange range) const;

    // --- unclean words ---
    [[nodiscard]] bool is_unclean(Local local) const { return unclean_.contains(local); }
    ir::Value cleaned(ir::Value word, TypeId type, SourceRange range);
    ir::Value uncleaned(ir::Value value, SourceRange range);    // as a word
    ir::Value forget_word(ir::Value value, SourceRange range);  // a conversion cleans
    ir::Value implicitly(ir::Value value, TypeId to, SourceRange range);
    [[nodiscard]] bool has_word(ir::Value value) const { return words_.contains(value.index); }
    void note_word(ir::Value value, ir::Value word) { words_[value.index].word = word; }  // a computed one
    // Passes words to or from a function of the contract. If it takes whole words, bits outside the value's type are kept.
    void pass(ir::Values& words, const std::vector<ir::NamedType>& types, SourceRange range);

  private:
    struct Held {
        ir::Value word;
        TypeId type;  // of the value; unset if it was computed
    };
    [[nodiscard]] DataBuilder data(SourceRange range) { return {contract_, builder_, range}; }

    ContractLowering& contract_;
    Builder& builder_;
    Names names_;
    std::map<std::uint32_t, Held> words_;  // by cleaned value: the word from which it was made
    std::map<Local, TypeId> unclean_;      // locals that hold an unclean word
};

}  // namespace interlock::lang::lowering
