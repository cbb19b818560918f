// Source text and places in it.
//
// All files of one compilation are in one offset space, one after the other, so that two numbers identify a place in
// any file. `Sources` returns the file, line and column of a place.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::lang {

// Bytes [begin, end) of the offset space.
struct SourceRange {
    std::uint32_t begin = 0, end = 0;
    friend bool operator==(const SourceRange&, const SourceRange&) = default;
};

[[nodiscard]] inline SourceRange join(SourceRange a, SourceRange b) {
    return {a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}

struct SourceFile {
    std::string path;  // as the user gave it
    std::string text;
    std::uint32_t start = 0;  // of its first byte in the offset space
};

struct LineColumn {
    std::uint32_t line = 1, column = 1;  // both from 1; columns count bytes
};

class Sources {
  public:
    static constexpr std::size_t max_file_bytes = 4u << 20;

    // The file keeps its address as long as this object lives, so views of its text stay valid. Of a text longer than
    // the limit, one byte more than the limit is kept, which is enough for the lexer to refuse it.
    const SourceFile& add(std::string path, std::string text);

    [[nodiscard]] const std::deque<SourceFile>& files() const { return files_; }
    [[nodiscard]] const SourceFile& file_of(SourceRange range) const;  // at least one file must have been added
    [[nodiscard]] std::size_t number_of(SourceRange range) const { return index_of(range.begin); }  // the file's in files()
    [[nodiscard]] LineColumn position(std::uint32_t offset) const;
    [[nodiscard]] std::string_view text(SourceRange range) const;
    [[nodiscard]] std::string_view line(const SourceFile& file, std::uint32_t line) const;  // without its line break

  private:
    [[nodiscard]] std::size_t index_of(std::uint32_t offset) const;

    std::deque<SourceFile> files_;
    std::deque<std::vector<std::uint32_t>> line_starts_;  // per file, as offsets in its text
};

}  // namespace interlock::lang
