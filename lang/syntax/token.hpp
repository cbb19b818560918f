// Tokens: the words of the language, by Solidity's lexical grammar. Comments and white space are dropped; comments may
// be collected in a list of their own. Spec words such as `invariant` and Solidity's own contextual words (`error`,
// `from`, `revert`, `receive`…) are identifiers like any other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/syntax/dialect.hpp"

namespace interlock::lang {

// X(name, text)
// clang-format off
#define INTERLOCK_PUNCTUATION(X)                                                                                   \
    X(LeftParen, "(") X(RightParen, ")") X(LeftBracket, "[") X(RightBracket, "]") X(LeftBrace, "{") X(RightBrace, "}") \
    X(Comma, ",") X(Semicolon, ";") X(Dot, ".") X(Colon, ":") X(ColonAssign, ":=") X(Question, "?") X(FatArrow, "=>") X(Arrow, "->")      \
    X(Not, "!") X(BitNot, "~") X(Increment, "++") X(Decrement, "--")                                               \
    X(Power, "**") X(Times, "*") X(Divide, "/") X(Modulo, "%") X(Plus, "+") X(Minus, "-")                          \
    X(ShiftLeft, "<<") X(ShiftRight, ">>") X(BitAnd, "&") X(BitXor, "^") X(BitOr, "|")                             \
    X(Less, "<") X(Greater, ">") X(LessEqual, "<=") X(GreaterEqual, ">=") X(Equal, "==") X(NotEqual, "!=")         \
    X(And, "&&") X(Or, "||") X(Implies, "==>") X(Iff, "<==>")                                                      \
    X(Assign, "=") X(AssignAdd, "+=") X(AssignSubtract, "-=") X(AssignMultiply, "*=") X(AssignDivide, "/=")        \
    X(AssignModulo, "%=") X(AssignShiftLeft, "<<=") X(AssignShiftRight, ">>=") X(AssignBitAnd, "&=")               \
    X(AssignBitXor, "^=") X(AssignBitOr, "|=")

#define INTERLOCK_KEYWORDS(X)                                                                                      \
    X(Abstract, "abstract") X(Anonymous, "anonymous") X(As, "as") X(Assembly, "assembly") X(Break, "break")        \
    X(Calldata, "calldata") X(Catch, "catch") X(Constant, "constant") X(Constructor, "constructor")               \
    X(Continue, "continue") X(Contract, "contract") X(Delete, "delete") X(Do, "do") X(Else, "else") X(Emit, "emit") \
    X(Enum, "enum") X(Event, "event") X(External, "external") X(False, "false") X(For, "for")                      \
    X(Function, "function") X(If, "if") X(Immutable, "immutable") X(Import, "import") X(Indexed, "indexed")        \
    X(Interface, "interface") X(Internal, "internal") X(Is, "is") X(Library, "library") X(Mapping, "mapping")      \
    X(Memory, "memory") X(Modifier, "modifier") X(New, "new") X(Override, "override") X(Payable, "payable")        \
    X(Pragma, "pragma") X(Private, "private") X(Public, "public") X(Pure, "pure") X(Return, "return")              \
    X(Returns, "returns") X(Storage, "storage") X(Struct, "struct") X(True, "true") X(Try, "try") X(Type, "type")  \
    X(Unchecked, "unchecked") X(Using, "using") X(View, "view") X(Virtual, "virtual") X(While, "while")            \
    X(Wei, "wei") X(Gwei, "gwei") X(Ether, "ether") X(Seconds, "seconds") X(Minutes, "minutes") X(Hours, "hours")  \
    X(Days, "days") X(Weeks, "weeks")
// clang-format on

enum class TokenKind : std::uint8_t {
    End,  // after the last token; always exactly one
    Identifier,
    Elementary,  // uint256, address, bytes32, string, fixed128x18…
    Reserved,    // a word that Solidity reserves without giving it a meaning
    Number,
    String,      // "…", '…' or unicode"…"
    HexString,   // hex"…"
    PragmaText,  // from `pragma` to its semicolon
#define INTERLOCK_TOKEN(name, text) name,
    INTERLOCK_PUNCTUATION(INTERLOCK_TOKEN) INTERLOCK_KEYWORDS(INTERLOCK_TOKEN)
#undef INTERLOCK_TOKEN
};

struct Token {
    TokenKind kind = TokenKind::End;
    bool starts_line = false;  // a line break lies before it
    bool after_error = false;  // something unreadable, which was reported, is directly before it
    SourceRange range;
    std::string_view text;  // as written, quotes included
};

struct Comment {
    SourceRange range;         // from its first `/`; for a `//` comment without the line break
    std::uint32_t target = 0;  // position of the next token, or of the end of the file
    bool starts_line = false;  // nothing but white space lies before it on its line
};

// Returns "`;`", "`while`", "identifier", for messages.
[[nodiscard]] std::string name_of(TokenKind kind);

// Returns the tokens of a file and one End; only the End if the file cannot be read at all (not text, too large).
// Unreadable parts are reported here, similar ones once for the whole file. `comments`, if not null, gets the comments
// in order. `levels` are those that the file may have; its pragmas narrow them down.
[[nodiscard]] std::vector<Token> lex(const SourceFile& file, Diagnostics& diagnostics, std::vector<Comment>* comments,
                                     Levels& levels);
[[nodiscard]] std::vector<Token> lex(const SourceFile& file, Diagnostics& diagnostics,
                                     std::vector<Comment>* comments = nullptr);

// Adds the tokens of text[begin, end) of the file, up to a `;` outside parentheses, which is left out. Returns whether
// there was none, so that the clause may continue. `depth` counts open parentheses; it is 0 where the clause begins.
bool lex_clause(const SourceFile& file, std::size_t begin, std::size_t end, std::vector<Token>& tokens, int& depth,
                Diagnostics& diagnostics);

// Returns the bytes of a String or HexString token. Escape sequences that were reported as wrong are left out.
[[nodiscard]] std::string value_of(const Token& token);

}  // namespace interlock::lang
