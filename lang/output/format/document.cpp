// Lays out in two passes: widths of the groups from the end, then the text from the beginning.
#include "lang/output/format/document.hpp"

#include <algorithm>
#include <cstdint>

namespace interlock::lang::formatting {
namespace {

constexpr std::size_t endless = 1u << 20;  // width of a group that contains a line break
constexpr std::size_t indent_columns = 4;

}  // namespace

void Document::text(std::string_view text) {
    pieces_.push_back({Kind::Text, text_.size(), text.size(), text.size()});
    text_ += text;
}

void Document::remark(std::string_view text) {
    pieces_.push_back({Kind::Text, text_.size(), text.size(), 0});
    text_ += text;
}

void Document::verbatim(std::string_view text) {
    pieces_.push_back({Kind::Verbatim, text_.size(), text.size()});
    text_ += text;
}

void Document::space() { add(Kind::Space); }

class Document::Layout {
  public:
    Layout(const Document& document, std::size_t width) : pieces_(document.pieces_), text_(document.text_), width_(width) {
        measure();
    }

    std::string run() {
        for (std::size_t i = 0; i < pieces_.size(); ++i) place(i);
        while (!out_.empty() && (out_.back() == '\n' || out_.back() == ' ')) out_.pop_back();
        if (!out_.empty()) out_ += '\n';
        return std::move(out_);
    }

  private:
    // Computes what a group needs to fit: its columns on one line, and those of the text up to the next break after it.
    void measure() {
        const std::size_t count = pieces_.size();
        std::vector<std::size_t> before(count + 1), hard_before(count + 1), sticking(count + 1);
        for (std::size_t i = 0; i < count; ++i) {
            const Kind kind = pieces_[i].kind;
            const bool is_space = kind == Kind::Space || kind == Kind::Line;
            before[i + 1] = before[i] + (kind == Kind::Text ? pieces_[i].columns : is_space ? 1 : 0);
            const bool is_hard = kind == Kind::Hard || kind == Kind::Blank || kind == Kind::Verbatim;
            hard_before[i + 1] = hard_before[i] + (is_hard ? 1 : 0);
        }
        needs_.resize(count);
        std::vector<std::size_t> ends;
        for (std::size_t i = count; i-- > 0;) {
            const Kind kind = pieces_[i].kind;
            const bool is_break = kind == Kind::Line || kind == Kind::Soft || kind == Kind::Hard || kind == Kind::Blank ||
                                  kind == Kind::Verbatim;
            sticking[i] = is_break ? 0 : before[i + 1] - before[i] + sticking[i + 1];
            if (kind == Kind::Close) ends.push_back(i);
            if (kind != Kind::Open) continue;
            const std::size_t end = ends.back();
            ends.pop_back();
            needs_[i] = hard_before[end] != hard_before[i] ? endless : before[end] - before[i] + sticking[end];
        }
    }

    void place(std::size_t i) {
        const Piece& piece = pieces_[i];
        const bool flat = !groups_.empty() && groups_.back();
        switch (piece.kind) {
            case Kind::Text: write(std::string_view(text_).substr(piece.begin, piece.length)); return;
            case Kind::Verbatim:
                out_ += '\n';
                out_ += std::string_view(text_).substr(piece.begin, piece.length);
                column_ = piece.length;
                return;
            case Kind::Space: is_space_due_ = true; return;
            case Kind::Line:
                if (flat) is_space_due_ = true;
                else break_line(1);
                return;
            case Kind::Soft:
                if (!flat) break_line(1);
                return;
            case Kind::Hard: break_line(1); return;
            case Kind::Blank: break_line(2); return;
            case Kind::Open: groups_.push_back(flat || column() + needs_[i] <= width_); return;
            case Kind::Close: groups_.pop_back(); return;
            case Kind::Indent: ++depth_; return;
            case Kind::Outdent: --depth_; return;
        }
    }

    [[nodiscard]] std::size_t column() const {
        return breaks_ > 0 ? depth_ * indent_columns : column_ + (is_space_due_ ? 1 : 0);
    }

    void break_line(std::size_t breaks) {
        breaks_ = std::max(breaks_, breaks);
        is_space_due_ = false;
    }

    void write(std::string_view text) {
        if (breaks_ > 0 && !out_.empty()) out_.append(breaks_, '\n');
        if (breaks_ > 0 || out_.empty()) {
            out_.append(depth_ * indent_columns, ' ');
            column_ = depth_ * indent_columns;
        } else if (is_space_due_) {
            out_ += ' ';
            ++column_;
        }
        breaks_ = 0;
        is_space_due_ = false;
        out_ += text;
        column_ += text.size();
    }

    const std::vector<Piece>& pieces_;
    const std::string& text_;
    std::size_t width_;
    std::vector<std::size_t> needs_;  // by piece: the width of groups, see measure()
    std::vector<bool> groups_;        // of open groups: whether they are flat
    std::string out_;
    std::size_t column_ = 0, depth_ = 0, breaks_ = 0;
    bool is_space_due_ = false;
};

std::string Document::layout(std::size_t width) const { return Layout(*this, width).run(); }

}  // namespace interlock::lang::formatting
