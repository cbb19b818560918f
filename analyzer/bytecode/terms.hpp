// Terms: what is known of a word while code is read without call data.
#pragma once

#include <cstdint>

#include "vm/word.hpp"

namespace interlock::analyzer::bytecode {

struct Term {
    enum class Kind : std::uint8_t {
        Unknown,
        Constant,       // `word`
        CallData,       // the word of call data at `word`: a parameter
        NoCallData,     // whether that is zero
        AnyCallData,    // whether it is not
        Above,          // what the parameter at `argument` has above its low `word` bits
        Below,          // what it has below its high `word` bits
        Place,          // `word` bytes behind where the parameter at `argument` points to
        Somewhere,      // further behind, by an unknown distance
        Length,         // the word at the place: how long the data is
        LengthInWords,  // 32 times that
        Element,        // a word behind the length
        Selector,       // the first four bytes of call data
        Head,           // the first word of call data
        IsSelector,     // whether the selector is `word`; zero or not
        IsNoSelector,
        Size,  // of call data
        NoSize,
        Ether,  // sent along
        NoEther,
    };
    Kind kind = Kind::Unknown;
    vm::Word word;
    std::uint32_t argument = 0;  // offset in call data
    friend bool operator==(const Term&, const Term&) = default;
};

}  // namespace interlock::analyzer::bytecode
