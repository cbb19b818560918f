// Renders diagnostics as text in rustc's format: header, place, source excerpt with underlines and labels, notes and helps.
//
// An excerpt is a list of lines, each with the pieces of labels on it (a label over several lines has a piece on its
// first line and one on its last). Only `ShownLine` converts bytes to columns: tabs become wider, characters that a
// terminal must not get (control characters, text direction marks, broken UTF-8) become U+FFFD, and a very long line is
// cut to a window around the place in question.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::lang {
namespace {

constexpr std::size_t max_line_bytes = 160;  // a longer line is cut to a window
constexpr std::size_t window_bytes = 100;
constexpr std::size_t window_before = 40;  // how much of the window is before the place
constexpr std::size_t tab_columns = 4;

enum class Style : std::uint8_t { Plain, Gutter, Error, Warning, Note, Help, Bold };

std::string paint(std::string_view text, Style style, bool color) {
    constexpr std::array<std::string_view, 7> codes{"",           "\x1b[1;34m", "\x1b[1;31m", "\x1b[1;33m",
                                                    "\x1b[1;36m", "\x1b[1;32m", "\x1b[1m"};
    if (!color || style == Style::Plain || text.empty()) return std::string(text);
    return fmt::format("{}{}\x1b[0m", codes[static_cast<std::size_t>(style)], text);
}

Style style_of(Severity severity) {
    switch (severity) {
        case Severity::Error: return Style::Error;
        case Severity::Warning: return Style::Warning;
        case Severity::Note: return Style::Note;
    }
    return Style::Plain;
}

std::string_view word_of(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Warning: return "warning";
        case Severity::Note: return "note";
    }
    return "";
}

// --- bytes to columns ---

std::size_t columns_of(char32_t c) {
    if ((c >= 0x300 && c <= 0x36F) || (c >= 0xFE00 && c <= 0xFE0F)) return 0;  // combining
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                      (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                      (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1F64F) || (c >= 0x1F900 && c <= 0x1F9FF) ||
                      (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

// A source line as it is shown, with the column of each of its bytes.
class ShownLine {
  public:
    ShownLine(std::string_view line, std::size_t focus) {
        std::size_t begin = 0, end = line.size();
        if (line.size() > max_line_bytes) {
            begin = std::min(focus, line.size()) > window_before ? std::min(focus, line.size()) - window_before : 0;
            end = start_of_character(line, std::min(line.size(), begin + window_bytes));
            begin = start_of_character(line, begin);
        }
        first_ = begin;
        if (begin > 0) append(ellipsis, 1);
        for (std::size_t at = begin; at < end;) at += append_character(line.substr(at, end - at));
        columns_.push_back(width_);
        if (end < line.size()) append(ellipsis, 1);
    }

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] std::size_t column(std::size_t byte) const {  // a byte outside the window is placed at its edge
        if (byte < first_) return 0;
        const std::size_t index = byte - first_;
        return index < columns_.size() ? columns_[index] : width_;
    }

  private:
    // No character has more than three continuation bytes, so a longer run of them is broken.
    static std::size_t start_of_character(std::string_view line, std::size_t at) {
        const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
        std::size_t start = at;
        while (start > 0 && at - start < 3 && start < line.size() && is_continuation(line[start])) --start;
        return start;
    }

    void append(std::string_view text, std::size_t columns) {
        text_ += text;
        width_ += columns;
    }

    std::size_t append_character(std::string_view rest) {
        const Character c = first_character(rest);
        columns_.insert(columns_.end(), c.bytes, width_);
        if (c.code == '\t') append("    ", tab_columns);
        else if (is_hidden(c.code) || c.code == 0xFFFD) append(replacement_character, 1);
        else append(rest.substr(0, c.bytes), columns_of(c.code));
        return c.bytes;
    }

    std::string text_;
    std::size_t first_ = 0, width_ = 0;
    std::vector<std::size_t> columns_;
};

// --- one line with its underlines ---

struct Piece {                         // part of a label on one line
    std::uint32_t begin = 0, end = 0;  // bytes of the line
    bool primary = false;
    std::string text;
};

struct Mark {  // a piece, in columns
    std::size_t begin = 0, end = 0;
    bool primary = false;
    std::string text;
};

// A row under a source line: one character and style per column, then a label.
class Row {
  public:
    explicit Row(bool color) : color_(color) {}

    void put(std::size_t column, char c, Style style) {
        if (marks_.size() <= column) marks_.resize(column + 1, {' ', Style::Plain});
        marks_[column] = {c, style};
    }
    void label(std::size_t column, std::string_view text, Style style) {
        if (marks_.size() < column) marks_.resize(column, {' ', Style::Plain});
        label_ = paint(printable(text), style, color_);
    }
    [[nodiscard]] std::string text() const {
        std::string result;
        for (std::size_t i = 0; i < marks_.size();) {
            std::string run;
            const Style style = marks_[i].second;
            for (; i < marks_.size() && marks_[i].second == style; ++i) run += marks_[i].first;
            result += paint(run, style, color_);
        }
        return result + label_;
    }

  private:
    bool color_;
    std::vector<std::pair<char, Style>> marks_;
    std::string label_;
};

class Underlines {
  public:
    Underlines(const std::vector<Piece>& pieces, const ShownLine& line, Style primary, bool color)
        : primary_(primary), color_(color) {
        for (const Piece& piece : pieces) {
            const std::size_t begin = line.column(piece.begin);
            marks_.push_back({begin, std::max(begin + 1, line.column(piece.end)), piece.primary, piece.text});
        }
        std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) { return a.begin < b.begin; });
    }

    // Returns the underlines with the rightmost label after them, then the other labels below, from right to left.
    [[nodiscard]] std::vector<std::string> rows() const {
        std::vector<std::string> result;
        const bool inlined = last_label_fits_behind();
        result.push_back(underline_row(inlined));
        std::vector<const Mark*> hanging;
        for (const Mark& mark : marks_)
            if (!mark.text.empty() && !(inlined && &mark == &marks_.back())) hanging.push_back(&mark);
        if (!hanging.empty()) result.push_back(stems(hanging).text());
        while (!hanging.empty()) {
            const Mark& mark = *hanging.back();
            hanging.pop_back();
            Row row = stems(hanging, mark.begin);
            row.label(mark.begin, mark.text, style(mark));
            result.push_back(row.text());
        }
        return result;
    }

  private:
    [[nodiscard]] Style style(const Mark& mark) const { return mark.primary ? primary_ : Style::Gutter; }

    [[nodiscard]] bool last_label_fits_behind() const {
        const Mark& last = marks_.back();
        return std::all_of(marks_.begin(), marks_.end() - 1, [&](const Mark& mark) { return mark.end <= last.end; });
    }

    [[nodiscard]] std::string underline_row(bool inlined) const {
        Row row(color_);
        for (const bool primary : {false, true})  // carets replace dashes
            for (const Mark& mark : marks_)
                for (std::size_t c = mark.begin; mark.primary == primary && c < mark.end; ++c)
                    row.put(c, primary ? '^' : '-', style(mark));
        if (inlined && !marks_.back().text.empty())
            row.label(marks_.back().end + 1, marks_.back().text, style(marks_.back()));
        return row.text();
    }

    [[nodiscard]] Row stems(const std::vector<const Mark*>& hanging, std::size_t before = ~std::size_t{0}) const {
        Row row(color_);
        for (const Mark* mark : hanging)
            if (mark->begin < before) row.put(mark->begin, '|', style(*mark));
        return row;
    }

    std::vector<Mark> marks_;
    Style primary_;
    bool color_;
};

// --- a whole diagnostic ---

using Lines = std::map<std::uint32_t, std::vector<Piece>>;  // of one file, by line number

class Renderer {
  public:
    Renderer(const Diagnostic& diagnostic, const Sources& sources, bool color)
        : diagnostic_(diagnostic), sources_(sources), color_(color) {}

    [[nodiscard]] std::string text() {
        const Style style = style_of(diagnostic_.severity);
        const std::string code = diagnostic_.code.empty() ? "" : "[" + diagnostic_.code + "]";
        line(paint(fmt::format("{}{}", word_of(diagnostic_.severity), code), style, color_) +
             paint(": " + printable(diagnostic_.message), Style::Bold, color_));
        excerpts();
        for (const std::string& note : diagnostic_.notes) remark("note", note);
        for (const std::string& help : diagnostic_.helps) remark("help", help);
        return std::move(out_);
    }

  private:
    void excerpts() {
        const SourceFile& first = sources_.file_of(diagnostic_.primary.range);
        std::map<std::uint32_t, Lines> files;  // by start
        collect(diagnostic_.primary, true, files[first.start]);
        for (const Label& label : diagnostic_.secondary) collect(label, false, files[sources_.file_of(label.range).start]);
        for (const auto& [start, lines] : files) gutter_ = std::max(gutter_, std::to_string(lines.rbegin()->first).size());
        excerpt("-->", diagnostic_.primary.range, files[first.start]);
        files.erase(first.start);
        for (const Label& label : diagnostic_.secondary) {
            const auto lines = files.find(sources_.file_of(label.range).start);
            if (lines == files.end()) continue;
            excerpt(":::", label.range, lines->second);
            files.erase(lines);
        }
    }

    // Adds a piece on the line where the label begins and one on the line where it ends, if that is another; the last
    // piece has the text.
    void collect(const Label& label, bool primary, Lines& lines) const {
        const SourceFile& file = sources_.file_of(label.range);
        const std::uint32_t limit = file.start + static_cast<std::uint32_t>(file.text.size());
        const std::uint32_t last_byte =
            std::clamp(label.range.end, label.range.begin + 1, std::max(limit, label.range.begin + 1)) - 1;
        const LineColumn begin = sources_.position(label.range.begin);
        const LineColumn last = sources_.position(std::min(last_byte, limit));
        if (begin.line == last.line) {
            lines[begin.line].push_back({begin.column - 1, last.column, primary, label.text});
            return;
        }
        const auto first_line = sources_.line(file, begin.line), last_line = sources_.line(file, last.line);
        const std::size_t indent = std::min(last_line.find_first_not_of(" \t"), last_line.size());
        lines[begin.line].push_back({begin.column - 1, static_cast<std::uint32_t>(first_line.size()), primary, ""});
        lines[last.line].push_back(
            {std::min(static_cast<std::uint32_t>(indent), last.column - 1), last.column, primary, label.text});
    }

    void excerpt(std::string_view arrow, SourceRange range, const Lines& lines) {
        const SourceFile& file = sources_.file_of(range);
        const LineColumn place = sources_.position(range.begin);
        line(fmt::format("{:{}}{} {}:{}:{}", "", gutter_, paint(arrow, Style::Gutter, color_), printable(file.path),
                         place.line, place.column));
        row("", "");
        std::uint32_t previous = 0;
        for (const auto& [number, pieces] : lines) {
            if (previous != 0 && number == previous + 2) source_line(file, previous + 1, {});
            else if (previous != 0 && number > previous + 2) line(paint("...", Style::Gutter, color_));
            source_line(file, number, pieces);
            previous = number;
        }
    }

    void source_line(const SourceFile& file, std::uint32_t number, const std::vector<Piece>& pieces) {
        std::size_t focus = pieces.empty() ? 0 : pieces.front().begin;
        for (const Piece& piece : pieces)
            if (piece.primary) focus = piece.begin;
        const ShownLine shown(sources_.line(file, number), focus);
        row(std::to_string(number), shown.text());
        if (pieces.empty()) return;
        for (const std::string& underline : Underlines(pieces, shown, style_of(diagnostic_.severity), color_).rows())
            row("", underline);
    }

    void remark(std::string_view word, std::string_view text) {
        std::string_view rest = text;
        std::string prefix = fmt::format("{:{}} {} ", "", gutter_, paint("=", Style::Gutter, color_)) +
                             paint(word, word == "help" ? Style::Help : Style::Bold, color_) + ": ";
        while (true) {
            const std::size_t end = rest.find('\n');
            line(prefix + printable(rest.substr(0, end)));
            if (end == std::string_view::npos) return;
            rest.remove_prefix(end + 1);
            prefix.assign(gutter_ + word.size() + 5, ' ');
        }
    }

    void row(std::string_view number, std::string_view text) {
        const std::string bar = paint(fmt::format("{:>{}} |", number, gutter_), Style::Gutter, color_);
        line(text.empty() ? bar : bar + " " + std::string(text));
    }

    void line(std::string_view text) {
        out_ += text;
        out_ += '\n';
    }

    const Diagnostic& diagnostic_;
    const Sources& sources_;
    bool color_;
    std::size_t gutter_ = 1;
    std::string out_;
};

std::string summary(const Diagnostics& diagnostics, const Sources& sources, bool color) {
    const auto first = std::find_if(diagnostics.all().begin(), diagnostics.all().end(),
                                    [](const Diagnostic& d) { return d.severity == Severity::Error; });
    if (first == diagnostics.all().end()) return {};  // all were left out
    const std::size_t count = diagnostics.error_count();
    std::string counted = count == 1 ? "1 error" : fmt::format("{} errors", count);
    if (count > Diagnostics::max_errors)
        counted += fmt::format(", of which the first {} are shown", Diagnostics::max_errors);
    const std::string path = printable(sources.file_of(first->primary.range).path);
    return paint("error", Style::Error, color) +
           paint(fmt::format(": could not compile `{}`: {}", path, counted), Style::Bold, color) + "\n";
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const Sources& sources, bool color) {
    return Renderer(diagnostic, sources, color).text();
}

std::string render(const Diagnostics& diagnostics, const Sources& sources, bool color) {
    std::string result;
    for (const Diagnostic& diagnostic : diagnostics.all()) result += render(diagnostic, sources, color) + "\n";
    if (diagnostics.has_errors()) result += summary(diagnostics, sources, color);
    return result;
}

}  // namespace interlock::lang
