// A text with the places where its lines may be broken, and the layout that breaks as few of them as the width allows.
//
// A group is laid out on one line where it fits; otherwise all breaks that lie in it directly are taken, and the groups
// inside are tried again (Oppen, "Prettyprinting", 1980; Wadler, "A prettier printer").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::lang::formatting {

class Document {
  public:
    void text(std::string_view text);      // no line break in it
    void remark(std::string_view text);    // the same, at the end of a line: nothing is broken because of its length
    void verbatim(std::string_view text);  // on a new line, from its first column
    void line() { add(Kind::Line); }       // a space, or a line break
    void soft() { add(Kind::Soft); }       // nothing, or a line break
    void hard() { add(Kind::Hard); }       // a line break; several in a row are one
    void blank() { add(Kind::Blank); }     // an empty line, or more of a break where one is
    void open() { add(Kind::Open); }       // a group
    void close() { add(Kind::Close); }
    void indent() { add(Kind::Indent); }  // what follows, by four columns
    void outdent() { add(Kind::Outdent); }
    void space();  // a space, unless at the beginning of a line or behind another space

    [[nodiscard]] std::string layout(std::size_t width) const;

  private:
    enum class Kind : std::uint8_t { Text, Verbatim, Space, Line, Soft, Hard, Blank, Open, Close, Indent, Outdent };
    struct Piece {
        Kind kind;
        std::size_t begin = 0, length = 0;  // Text: in `text_`
        std::size_t columns = 0;            // that it needs
    };
    class Layout;

    void add(Kind kind) { pieces_.push_back({kind}); }

    std::string text_;
    std::vector<Piece> pieces_;
};

}  // namespace interlock::lang::formatting
