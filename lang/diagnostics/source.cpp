// The offset space contains the files one after the other, each followed by one unused offset, so that the end of a
// file is a place in that file and not in the next one. Line starts are indexed once, when a file is added.
#include "lang/diagnostics/source.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace interlock::lang {
namespace {

std::vector<std::uint32_t> find_line_starts(std::string_view text) {
    std::vector<std::uint32_t> starts{0};
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
        starts.push_back(static_cast<std::uint32_t>(at + 1));
    return starts;
}

}  // namespace

const SourceFile& Sources::add(std::string path, std::string text) {
    if (text.size() > max_file_bytes) text.resize(max_file_bytes + 1);
    std::uint32_t start = 0;
    if (!files_.empty()) {
        const std::size_t end = files_.back().start + files_.back().text.size() + 1;
        assert(end + text.size() < std::numeric_limits<std::uint32_t>::max());
        start = static_cast<std::uint32_t>(end);
    }
    line_starts_.push_back(find_line_starts(text));
    return files_.emplace_back(SourceFile{std::move(path), std::move(text), start});
}

std::size_t Sources::index_of(std::uint32_t offset) const {
    assert(!files_.empty());
    const auto behind = std::upper_bound(files_.begin(), files_.end(), offset,
                                         [](std::uint32_t place, const SourceFile& file) { return place < file.start; });
    return static_cast<std::size_t>(behind - files_.begin()) - 1;  // the first file starts at 0
}

const SourceFile& Sources::file_of(SourceRange range) const { return files_[index_of(range.begin)]; }

LineColumn Sources::position(std::uint32_t offset) const {
    const std::size_t index = index_of(offset);
    const std::uint32_t local = offset - files_[index].start;
    const auto& starts = line_starts_[index];
    const auto line = std::upper_bound(starts.begin(), starts.end(), local) - starts.begin();  // counted from 1
    return {static_cast<std::uint32_t>(line), local - starts[static_cast<std::size_t>(line - 1)] + 1};
}

std::string_view Sources::text(SourceRange range) const {
    const SourceFile& file = file_of(range);
    const std::string_view all = file.text;
    const std::size_t begin = std::min<std::size_t>(range.begin - file.start, all.size());
    const std::size_t end = std::clamp<std::size_t>(range.end - file.start, begin, all.size());
    return all.substr(begin, end - begin);
}

std::string_view Sources::line(const SourceFile& file, std::uint32_t line) const {
    const auto& starts = line_starts_[index_of(file.start)];
    assert(line >= 1 && line <= starts.size());
    const std::size_t begin = starts[line - 1];
    const std::size_t end = line < starts.size() ? starts[line] - 1 : file.text.size();
    std::string_view result = std::string_view(file.text).substr(begin, end - begin);
    if (result.ends_with('\r')) result.remove_suffix(1);
    return result;
}

}  // namespace interlock::lang
