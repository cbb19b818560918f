// Formats expressions, types and lists as ranges of tokens: splits them at the operators that bind least, then at the
// brackets.
#include <algorithm>

#include "lang/output/format/formatter.hpp"

namespace interlock::lang::formatting {
namespace {

bool is_closer(T kind) { return kind == T::RightParen || kind == T::RightBracket || kind == T::RightBrace; }
bool is_assignment(T kind) { return kind >= T::Assign && kind <= T::AssignBitOr; }

// These words stand before an operand and are not names, so a space separates them from a parenthesis.
bool is_operator_word(const Token& token) {
    switch (token.kind) {
        case T::Identifier:
            return token.text == "forall" || token.text == "exists" || token.text == "holds" || token.text == "expect";
        case T::Reserved: return token.text == "in" || token.text == "var";
        case T::Return:
        case T::Returns:
        case T::Delete:
        case T::Emit:
        case T::Function:
        case T::Catch:
        case T::Try:
        case T::Is:
        case T::As:
        case T::Using:
        case T::Import:
        case T::New:
        case T::For:
        case T::Assembly: return true;
        default: return false;
    }
}

}  // namespace

void Formatter::range(Index end, bool in_index) {
    if (at_ >= end) return;
    std::vector<Index> operators;
    Index question = end, colon = end, sign = end;
    int lowest = 100, nested = 0;
    for (Index i = at_; i < end; i = is_opener(tokens_[i].kind) ? behind_bracket(i) : i + 1) {
        const T kind = tokens_[i].kind;
        if (is_assignment(kind) && sign == end) sign = i;
        if (kind == T::Question && ++nested == 1 && question == end) question = i;
        if (kind == T::Colon && question != end && --nested == 0 && colon == end) colon = i;
        if (const int tightness = precedence(i); tightness != 0 && tightness <= lowest) {
            if (tightness < lowest) operators.clear();
            lowest = tightness;
            operators.push_back(i);
        }
    }
    if (sign != end) return assignment(sign, end);
    if (question != end && colon != end) return conditional(question, colon, end);
    if (!operators.empty()) return operands(end, operators);
    leaf(end, in_index);
}

// a
//     && b
//     && c
void Formatter::operands(Index end, const std::vector<Index>& operators) {
    document_.open();
    range(operators.front());
    document_.indent();
    for (std::size_t i = 0; i < operators.size(); ++i) {
        document_.line();
        token();
        space();
        range(i + 1 < operators.size() ? operators[i + 1] : end);
    }
    document_.outdent();
    document_.close();
}

void Formatter::conditional(Index question, Index colon, Index end) {
    document_.open();
    range(question);
    document_.indent();
    document_.line();
    token();
    space();
    range(colon);
    document_.line();
    token();
    space();
    range(end);
    document_.outdent();
    document_.close();
}

// The text after the sign breaks at its own breaks, or goes to the next line as a whole.
void Formatter::assignment(Index sign, Index end) {
    const bool can_break = find(sign + 1, end, {T::LeftParen, T::LeftBracket, T::LeftBrace, T::Question}) != end ||
                           std::ranges::any_of(tokens_.subspan(sign + 1, end - sign - 1), [&](const Token& token) {
                               return precedence(static_cast<Index>(&token - tokens_.data())) != 0;
                           });
    document_.open();
    range(sign);
    word();
    if (can_break) {
        space();
        range(end);
    } else {
        document_.indent();
        document_.line();
        range(end);
        document_.outdent();
    }
    document_.close();
}

void Formatter::leaf(Index end, bool in_index) {
    for (const Index first = at_; at_ < end;) {
        if (at_ > first && wants_space(at_ - 1, at_, in_index)) space();
        if (!is_opener(kind())) {
            token();
            continue;
        }
        const bool is_quantifier = at_ > first && (tokens_[at_ - 1].text == "forall" || tokens_[at_ - 1].text == "exists");
        brackets();
        if (is_quantifier) space();
    }
}

// Formats ( a, b ), [ a ], { name: a } on one line, or each element on its own.
void Formatter::brackets() {
    const T opener = kind();
    const Index close = behind_bracket(at_) - 1;
    document_.open();
    token();
    if (at_ < close) {
        document_.indent();
        document_.soft();
        while (at_ < close) {
            const Index comma = find(at_, close, {T::Comma});
            element(comma, opener);
            if (comma == close) break;
            token();
            // The holes in `(, a)` and `(a, , b)` take no space; a hole at the end, as in `(a, )`, is shown by its space.
            if (kind() == T::RightParen) space();
            else if (kind() != T::Comma && at_ < close) document_.line();
        }
        leading_comments();
        document_.outdent();
        document_.soft();
    }
    token();
    document_.close();
}

void Formatter::element(Index end, T opener) {
    const Index colon = opener == T::LeftBrace ? find(at_, end, {T::Colon}) : end;
    if (colon == end) return range(end, opener == T::LeftBracket);
    leaf(colon, false);
    token();
    space();
    range(end);
}

// --- looking ahead ---

bool Formatter::is_operand_end(Index at) const {
    switch (tokens_[at].kind) {
        case T::Identifier: return !is_operator_word(tokens_[at]);
        case T::Reserved: return tokens_[at].text != "in";
        case T::Number:
        case T::String:
        case T::HexString:
        case T::True:
        case T::False:
        case T::Elementary:
        case T::Payable:
        case T::RightParen:
        case T::RightBracket:
        case T::RightBrace:
        case T::Wei:
        case T::Gwei:
        case T::Ether:
        case T::Seconds:
        case T::Minutes:
        case T::Hours:
        case T::Days:
        case T::Weeks: return true;
        case T::Increment:
        case T::Decrement: return at > 0 && is_operand_end(at - 1);
        default: return false;
    }
}

int Formatter::precedence(Index at) const {
    if (at == 0 || !is_operand_end(at - 1)) return 0;
    switch (tokens_[at].kind) {
        case T::Power: return 13;
        case T::Times:
        case T::Divide:
        case T::Modulo: return 12;
        case T::Plus:
        case T::Minus: return 11;
        case T::ShiftLeft:
        case T::ShiftRight: return 10;
        case T::BitAnd: return 9;
        case T::BitXor: return 8;
        case T::BitOr: return 7;
        case T::Less:
        case T::Greater:
        case T::LessEqual:
        case T::GreaterEqual: return 6;
        case T::Equal:
        case T::NotEqual: return 5;
        case T::And: return 4;
        case T::Or: return 3;
        case T::Implies: return 2;
        case T::Iff: return 1;
        default: return 0;
    }
}

Formatter::Index Formatter::behind_bracket(Index at) const {
    int depth = 0;
    for (; tokens_[at].kind != T::End; ++at) {
        if (is_opener(tokens_[at].kind)) ++depth;
        if (is_closer(tokens_[at].kind) && --depth == 0) return at + 1;
    }
    return at;
}

Formatter::Index Formatter::find(Index from, Index end, std::initializer_list<T> kinds) const {
    for (Index i = from; i < end; i = is_opener(tokens_[i].kind) ? behind_bracket(i) : i + 1)
        if (std::ranges::find(kinds, tokens_[i].kind) != kinds.end()) return i;
    return end;
}

Formatter::Index Formatter::behind(std::uint32_t place) const {
    Index i = at_;
    while (tokens_[i].kind != T::End && tokens_[i].range.begin < place) ++i;
    return i;
}

Formatter::Index Formatter::end_of_item() const { return find(at_, tokens_.size() - 1, {T::Semicolon}); }

bool Formatter::is_inline_brace(Index at) const {
    return tokens_[at].kind == T::LeftBrace && tokens_[at + 1].kind == T::Identifier &&
           tokens_[std::min(at + 2, tokens_.size() - 1)].kind == T::Colon;
}

bool Formatter::wants_space(Index left, Index right, bool in_index) const {
    const T a = tokens_[left].kind, b = tokens_[right].kind;
    const bool left_is_operand = is_operand_end(left);
    switch (b) {
        case T::Comma:
        case T::Semicolon:
        case T::RightParen:
        case T::RightBracket:
        case T::RightBrace:
        case T::Dot:
        case T::Colon: return false;
        case T::LeftParen: return is_operator_word(tokens_[left]) || a == T::String;
        case T::LeftBracket: return is_operator_word(tokens_[left]);
        case T::LeftBrace: return is_operator_word(tokens_[left]);
        case T::Increment:
        case T::Decrement:
            if (left_is_operand) return false;
            break;
        case T::Not:
            if (tokens_[left].text == "invariant") return false;
            break;
        default: break;
    }
    switch (a) {
        case T::LeftParen:
        case T::LeftBracket:
        case T::LeftBrace:
        case T::Dot:
        case T::BitNot: return false;
        case T::Not: return left > 0 && tokens_[left - 1].text == "invariant";
        case T::Colon: return !in_index;
        case T::Minus:
        case T::Plus:
        case T::Increment:
        case T::Decrement: return left_is_operand || precedence(left) != 0;
        default: return true;
    }
}

}  // namespace interlock::lang::formatting
