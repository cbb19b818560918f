// A text with possible line breaks, and the layout that uses as few of them as the width allows.
//
// A group is laid out on one line if it fits. Otherwise all breaks directly in it are used, and its inner groups are
// tried in turn (Oppen, "Prettyprinting", 1980; Wadler, "A prettier printer").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::lang::formatting {

class Document {
  public:
    void text(std::string_view text);      // must not contain a line break
    void remark(std::string_view text);    // text at the end of a line, whose length causes no breaks
    void verbatim(std::string_view text);  // starts on a new line in the first column
    void line() { add(Kind::Line); }       // a space, or a line break
    void soft() { add(Kind::Soft); }       // nothing, or a line break
    void hard() { add(Kind::Hard); }       // a line break; several in a row are one
    void blank() { add(Kind::Blank); }     // an empty line, or a larger break if there is one already
    void open() { add(Kind::Open); }       // a group
    void close() { add(Kind::Close); }
    void indent() { add(Kind::Indent); }  // indents what follows by four columns
    void outdent() { add(Kind::Outdent); }
    void space();  // a space, unless at the beginning of a line or after another space

    [[nodiscard]] std::string layout(std::size_t width) const;

  private:
    enum class Kind : std::uint8_t { Text, Verbatim, Space, Line, Soft, Hard, Blank, Open, Close, Indent, Outdent };
    struct Piece {
        Kind kind;
        std::size_t begin = 0, length = 0;  // Text: in `text_`
        std::size_t columns = 0;            // width
    };
    class Layout;

    void add(Kind kind) { pieces_.push_back({kind}); }

    std::string text_;
    std::vector<Piece> pieces_;
};

}  // namespace interlock::lang::formatting
